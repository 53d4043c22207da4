"""The end of a report: the settings of what ran, the problems of the data in short, and the versions of the software."""

from __future__ import annotations

import platform
from collections import Counter
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from irlcore.analysis.ranking import Review
from irlcore.fitting.estimators import made_by
from irlcore.project.project import FitRecord, Project
from irlcore.quantities import counted
from irlcore.report.basis_words import basis_settings
from irlcore.report.fit_words import model_words, said_time
from irlcore.report.text import LABEL, as_line
from irlcore.review.parts.kinds import TITLES
from irlcore.tracks.problem_kinds import by_kind
from irlcore.tracks.problems import problems_and_notes
from irlcore.worlds.called import called
from irlcore.worlds.cells.kinds import cells_of

SOFTWARE = ("motive", "numpy", "scipy", "numba", "pandas", "cvxpy", "shapely", "pyproj")
CONTROL_WORDS = {"share_of_flags": "share of normal tracks among the flagged ones",
                 "share_of_normal": "share of normal tracks that are flagged", "strangest": "strangest share of all tracks"}
MOST_KINDS = 6


def settings_table(project: Project, record: FitRecord, review: Review) -> dict[str, str]:
    """Name -> value of everything that was chosen."""
    result, world = record.result, project.world
    assert world is not None
    parts = review.parts
    reference = f"{project.period_column} is {project.reference_value}" if parts.has_reference else "none named"
    say = called(world).say
    said = {"project": project.name, "class": record.agent_class or say("all tracks"), "model": model_words(result.rationality),
            "weights found by": made_by(result), "gamma": f"{result.gamma:g}", "fitted": said_time(result.made),
            say("tracks fitted to"): f"{result.n_paths:,}",
            say("tracks that calibrate"): f"{len(parts.calibration):,}" if parts.has_reference else "none",
            say("tracks reviewed"): f"{len(review.order):,}", say("normal tracks"): reference, "ranked by": say(TITLES[review.score]),
            "control of false alarms": f"{say(CONTROL_WORDS[review.control.kind])}, {100.0 * review.control.rate:.3g} %",
            **{say(name): say(value) for name, value in basis_settings(review).items()},
            "features": ", ".join(as_line(name, LABEL) for name in result.names),
            "log-likelihood": f"{result.loglik:,.1f} nats", "data": result.data_hash}
    if project.agent_column:
        said["agents by"] = project.agent_column
    if world.kind == "grid":
        shape = ", hexagons" if cells_of(world.settings) == "hexagons" else ""
        said["cell"] = f"{float(world.settings['cell']):,.6g} {world.unit}{shape}"
    return said


def problem_sentences(project: Project) -> tuple[str, ...]:
    """How many problems the data had, what was done and which kinds were commonest."""
    table, notes = problems_and_notes(project.problems)
    if not len(table):
        return ("No row of the data was dropped or repaired.", *notes)
    done = Counter(map(str, table["done"]))
    found = by_kind(table)
    kinds = Counter(found.table["kind"].iloc[found.of])
    first = f"{counted(len(table), 'problem')} of the data: {', '.join(f'{n:,} {as_line(how, LABEL)}' for how, n in done.most_common())}."
    rest = len(kinds) - MOST_KINDS
    said = [f"{n:,} times: {as_line(kind, 200)}" for kind, n in kinds.most_common(MOST_KINDS)]
    page = "Tracks" if project.world is None else called(project.world).say("Tracks")
    return (first, *said, *notes, *([f"{counted(rest, 'other kind')} of problem; the {page} page lists every row."] if rest > 0 else []))


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Name -> version of what the numbers were found with."""
    found = {"Python": platform.python_version()}
    for name in SOFTWARE:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed as a package"
    return found
