"""Memory that a large table was made in and no longer needs, handed back to the system."""

from __future__ import annotations

import ctypes
import math
import sys

import pyarrow as pa

WORTH_IT = 5e7  # bytes of a table: below, nothing is gained that one would see


def give_back(made: float = math.inf) -> None:
    """Hand freed memory back after a table of ``made`` bytes: the parts of a table are blocks of a megabyte or two, and the C library keeps
    them once they are free (measured: 140 MB after a CSV of 230 MB). Does nothing where there is no such call."""
    if made < WORTH_IT:
        return
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform.startswith("linux") else None
    if trim is not None:
        trim(0)
