"""Numbers by which states are known, whatever their order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np


def ids_of(names: Iterable[object]) -> np.ndarray:
    """(S,) uint64: a number for each name that is the same on every machine and in every order."""
    return np.array([int.from_bytes(hashlib.blake2b(str(name).encode(), digest_size=8).digest(), "little") for name in names], np.uint64)
