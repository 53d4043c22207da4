"""A file that must not be read: refused in words, at once, and without being unpacked."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from irlcore.errors import DataError
from irlcore.tracks.readers import read_table


def refused_at_no_cost(raw: bytes, name: str, words: str, seconds: float, peak: float) -> None:
    """Assert that ``read_table`` refuses these bytes with ``words`` (a pattern), names the file and says what to do, within so many seconds
    of processor time and so many bytes at once."""
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(DataError, match=words) as told:
        read_table(raw, name)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert name in told.value.what and told.value.fix and len(str(told.value)) < 600
    assert time.process_time() - begun < seconds and most < peak
