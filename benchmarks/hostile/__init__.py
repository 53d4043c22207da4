"""What files do that were made to harm, or are merely odd: refused in words, or read, soon and in little memory. Never a traceback.

    python -m benchmarks hostile --json

Every case is brought to the way in that a page has for it, in a process of its own (``trial``); ``own`` and ``project_bombs`` hold the
files that once took the page down, ``fuzz`` a good project with one thing wrong in it. Of the project files that were read, some are
opened on every page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks.hostile import doors, fuzz, own, project_bombs, projects, shapes, tables
from benchmarks.hostile.case import Case, Fared
from benchmarks.hostile.trial import server, tried

TOURED = 24  # project files that were read, and are opened on every page: about 10 s each
TOUR_S = 300.0
DOORS: dict[str, Any] = {"tables": doors.table, "shapes": doors.zones, "projects": doors.project}
SHAPES: dict[str, Any] = {"geojson": partial(doors.zones, lowest=0.0, highest=500.0), "features": doors.features, "formula": doors.formula,
                          "wkt": doors.line}
OTHERS: dict[str, Any] = {"tables": tables.cases, "shapes": shapes.cases, "projects": projects.cases}
"""Those that came with what mended them, each with its own tests."""


def all_cases() -> Iterator[Case]:
    """Every case, those that came with the readers last; one at a time, since some are large."""
    for made in (own.tables, own.shapes, own.formulas, own.exchanged, project_bombs.cases, fuzz.cases):
        yield from made()
    for module in OTHERS:
        yield from (as_case(module, item) for item in OTHERS[module]())


def as_case(module: str, item: Any) -> Case:
    """A case of another module: what it is and its bytes; of tables with the file's name between, of shapes with the kind of reader."""
    name, *between, content = item
    door = DOORS[module]
    if module == "tables":
        door = partial(door, name=between[0])
    elif module == "shapes":
        door = SHAPES[between[0]]
        if between[0] == "wkt" and isinstance(content, bytes):
            door = partial(door, binary=True)
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else bytes(content)
    return Case(f"{' '.join([module, *between[:module == 'shapes']])}: {name}", door, data.__bytes__)


def run_cases(cases: Iterable[Case], show: bool = True) -> list[Fared]:
    """Each in its own process, one after another; what went wrong is printed as it happens."""
    context, found = server(), []
    for case in cases:
        fared = tried(case, context)
        if case.door is not doors.project:
            fared = replace(fared, case=replace(case, make=bytes))  # else every large file would stay in memory
        found.append(fared)
        if show and (fared.slow or fared.broken or fared.wrong):
            print(fared.line(), flush=True)
    return found


def tours(found: Sequence[Fared], most: int) -> list[Case]:
    """Some of the project files that were read, evenly chosen, to be opened on every page."""
    read = [one.case for one in found if one.ended == "read" and one.case.door is doors.project]
    chosen = [read[k] for k in np.unique(np.linspace(0, len(read) - 1, min(most, len(read))).astype(int))] if read else []
    return [replace(case, name=f"all pages: {case.name}", door=doors.pages, must="either", seconds=TOUR_S, timed=False) for case in chosen]


def summary(found: Sequence[Fared], toured: Sequence[Fared] = ()) -> dict[str, Any]:
    """The measure. A tour counts where it breaks, not as one more file."""
    both = [*found, *toured]
    timed = [one for one in found if one.case.timed]
    return {"files": len(found), "refused_in_words": sum(one.ended == "refused" for one in found),
            "slow": sum(one.slow for one in found), "tracebacks": sum(one.broken for one in both),
            "largest_mb": round(max((one.mb for one in timed), default=0.0), 1),
            "longest_s": round(max((one.seconds for one in timed), default=0.0), 2),
            "read": sum(one.ended == "read" for one in found), "wrong": sum(one.wrong for one in found), "toured": len(toured),
            "names": [one.case.name for one in both if one.slow or one.broken or one.wrong]}


def run() -> dict[str, Any]:
    """All cases, then the tours."""
    found = run_cases(all_cases())
    toured = run_cases(tours(found, TOURED))
    told = summary(found, toured)
    print(f"{told['files']} files: {told['refused_in_words']} refused in words, {told['read']} read, {told['tracebacks']} tracebacks, "
          f"{told['slow']} slow, {told['wrong']} read or refused wrongly; at most {told['largest_mb']} MB and {told['longest_s']} s.")
    return told
