"""What files do that were made to harm, or are merely odd: refused in words, or read, soon and in little memory. Never a traceback.

    python -m benchmarks hostile --json

Every input is brought to the ways in that the pages have for its kind, in a process of its own (``trial``). ``tables``, ``documents``,
``shapes``, ``features`` and ``projects`` hold what took the page down, and their like; ``fuzz`` a good project with one thing wrong in it.
Of the project files that were read, some are opened on every page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks.hostile import documents, doors, features, fuzz, projects, shapes, tables
from benchmarks.hostile.case import Case, Door, Fared, Input
from benchmarks.hostile.rich_projects import grid_project, network_project, street_project
from benchmarks.hostile.trial import server, tried
from irlcore.project.project import Project
from irlcore.project.project_file import save_project

TOURED = 24  # project files that were read, and are opened on every page: about 10 s each
TOUR_S = 300.0
DOORS: dict[str, dict[str, Door]] = {
    **{ending: {"": partial(doors.table, name=f"hostile.{ending}")} for ending in (
        "csv", "csv.gz", "zip", "parquet", "gpx", "tracks.geojson", "xlsx")},
    "geojson": {"": partial(doors.zones, lowest=0.0, highest=shapes.SIDE),
                " of blocked areas": partial(doors.blocked, lowest=0.0, highest=shapes.SIDE)},
    "features": {"": doors.features}, "formula": {"": doors.formula},
    "wkt": {"": doors.line}, "wkb": {"": partial(doors.line, binary=True)}, "project": {"": doors.project}}
"""The ways in of each kind of input, with what to call those beyond the first."""
UNHARMED = {"grid": grid_project, "network": network_project, "streets": street_project}


def all_cases() -> Iterator[Case]:
    """Every case, the honest projects first."""
    for name, made in UNHARMED.items():
        yield Case(f"project: unharmed, {name}", doors.project, partial(_saved, made), "read")
    yield Case("project: unharmed, all pages", doors.pages, fuzz.good, "read", TOUR_S, timed=False)
    for module in (tables, documents, shapes, features, projects, fuzz):
        for item in module.inputs():
            yield from cases_of(item)


def _saved(made: Callable[[], Project]) -> bytes:
    return save_project(made())


def cases_of(item: Input) -> list[Case]:
    """An input at each of its doors."""
    return [Case(f"{item.kind}{way}: {item.name}", door, item.data, item.must) for way, door in DOORS[item.kind].items()]


def run_cases(cases: Iterable[Case], show: bool = True) -> list[Fared]:
    """Each in its own process, one after another; what went wrong is printed as it happens."""
    context, found = server(), []
    for case in cases:
        found.append(fared := tried(case, context))
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
