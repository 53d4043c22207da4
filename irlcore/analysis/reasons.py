"""Why tracks stand out, as the pages ask it: told with places by name, and with what sets flagged tracks apart from each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.analysis.memory import places_of_project
from irlcore.analysis.ranking import Review
from irlcore.analysis.study import judged, solved, yardstick_of
from irlcore.engine import Control
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.review.apart import Found, compared, find
from irlcore.review.reasons import Reasons, Telling, explain_path, headline, telling


def telling_of(project: Project, review: Review) -> Telling:
    """What reasons are told with: names of places, the known tracks, the unit of utility; nothing of what sets flagged tracks apart."""
    world, _ = need_world(project)
    parts = review.parts
    return telling(world, parts.paths, np.union1d(parts.fit, parts.calibration), places_of_project(project).said, yardstick_of(project))


def apart_study(project: Project, review: Review, watch: Control | None = None) -> Telling:
    """The same with what sets each flagged track apart from the other flagged ones: the slow half of reasons, once a review."""
    told = telling_of(project, review)
    parts, matrix, model, batches = judged(project)
    flagged, watch = np.flatnonzero(review.flagged), watch or Control()
    found: dict[int, Found] = {}
    for k, batch in enumerate(batches):
        mine = np.intersect1d(flagged, batch.index)
        found.update(find(model, batch.prepared, told.spots, parts.paths, mine, matrix.names, batch.features.phi, told.known, told.said,
                          watch.part(k, len(batches), "reasons")))
    return replace(told, apart=compared(found))


def reasons_study(project: Project, review: Review, index: int, told: Telling | None = None) -> Reasons:
    """Why one path of the review stands out; ``told`` by ``apart_study``, without which nothing is said of the other flagged tracks."""
    _, matrix, model, prepared = solved(project, index)
    return explain_path(model, prepared, review.parts.paths, review.scores, index, matrix.names, matrix.values,
                        told or telling_of(project, review))


def headlines(project: Project, review: Review, told: Telling | None = None) -> list[str]:
    """One line for each reviewed path, in the review's order: what sets a flagged one apart from the others (``apart_study``), else its
    least expected stretch and what it lost in all."""
    told, scores, paths = told or telling_of(project, review), review.scores, review.parts.paths
    ends = np.column_stack([paths.choices[paths.offsets[:-1] + at] for at in (scores.worst_start, scores.worst_end - 1)])
    return [told.apart.headline(i) or headline(told.said, told.spots.world, scores, i, ends[i], told.yardstick)
            for i in review.order.tolist()]
