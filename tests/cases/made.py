"""More cases of the same kinds, made here: other sources and spellings, each with what is expected. They are tried, and held to nothing
but that they end in words.

    python -m tests.cases.made
"""

from __future__ import annotations

from benchmarks.cases import counts, judge_all
from tests.cases.made_forms import MAKERS as FORMS
from tests.cases.made_more import MAKERS as MORE
from tests.cases.made_odd import MAKERS as ODD
from tests.cases.made_sources import MAKERS as SOURCES
from tests.cases.made_ways import MAKERS as WAYS
from tests.cases.walks import Made


def all_made() -> dict[str, Made]:
    """Name -> files and expectation."""
    return {make.__name__: make() for make in (*SOURCES, *FORMS, *MORE, *ODD, *WAYS)}


if __name__ == "__main__":
    print(counts(judge_all(all_made())))
