"""What is right for each of the 94 cases beside this file, and which of them are not yet so."""

from __future__ import annotations

from benchmarks.cases.expectation import Expected
from tests.cases import formats, logs, networks, sources, times

EXPECTED: dict[str, Expected] = {**formats.EXPECTED, **sources.EXPECTED, **times.EXPECTED, **networks.EXPECTED,
                                **logs.EXPECTED}
"""Name of the folder -> what is expected of its files."""

NOT_YET: frozenset[str] = frozenset()
"""Cases that are not as expected. A test fails when one of them is: the list only shrinks."""
