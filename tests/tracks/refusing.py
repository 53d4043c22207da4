"""A file that must not be read: refused in words, at once, and without being unpacked."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from irlcore.errors import DataError
from irlcore.tracks.readers import read_table

TRIES = 3


def refused_at_no_cost(raw: bytes, name: str, words: str, seconds: float, peak: float) -> None:
    """Assert that ``read_table`` refuses these bytes with ``words`` (a pattern), names the file and says what to do, within so many seconds
    of processor time and so many bytes at once.

    Both are counted for the whole process: what a thread of an earlier test still does, or a module that is imported at its first use,
    counts too. So the cheapest of a few tries is looked at: what the reader itself takes, it takes each time.
    """
    costs = [_cost(raw, name, words)]
    while len(costs) < TRIES and not any(time_s < seconds and most < peak for time_s, most in costs):
        costs.append(_cost(raw, name, words))
    assert any(time_s < seconds and most < peak for time_s, most in costs), costs


def _cost(raw: bytes, name: str, words: str) -> tuple[float, int]:
    """Seconds of processor time, and bytes at once, until it is refused."""
    tracemalloc.start()
    begun = time.process_time()
    try:
        with pytest.raises(DataError, match=words) as told:
            read_table(raw, name)
        most, taken = tracemalloc.get_traced_memory()[1], time.process_time() - begun
    finally:
        tracemalloc.stop()
    assert name in told.value.what and told.value.fix and len(str(told.value)) < 600
    return taken, most
