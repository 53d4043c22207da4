"""Why tracks stand out, as the pages ask it: told with places by name, and with what sets flagged tracks apart from each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.analysis.judging import Judged
from irlcore.analysis.memory import kept, places_of_project
from irlcore.analysis.parts_told import families_of, ordinary_of
from irlcore.analysis.ranking import Review
from irlcore.analysis.scored import material_of
from irlcore.analysis.study import judged, solved, yardstick_of
from irlcore.engine import Control
from irlcore.features.totals import total_of
from irlcore.project.project import Project
from irlcore.project.split import Parts, need_world
from irlcore.rationality.base import Rationality
from irlcore.review.apart import Found, compared, find
from irlcore.review.most_alike import MostAlike, most_alike
from irlcore.review.reasons import Reasons, Telling, explain_path, headline, telling
from irlcore.review.sequences.stretch import rarest
from irlcore.review.sides import Sides, sides_of
from irlcore.review.uses import FeatureUse, UsualUses, uses_of, usual_uses

MOST_ORDINARY = 200
"""Ordinary tracks whose uses of features are worked out, a sample where there are more."""
MOST_LISTED = 300
"""Tracks at the top of the list of which it is told what is unusual, flagged or not."""
SEED = 20121


def sides_study(project: Project, review: Review, index: int, told: Telling | None = None) -> Sides:
    """How unusual each side of one path is beside ordinary tracks, and what is unusual in words."""
    scored = review.scored
    families = kept(project, "sides", lambda: families_of(scored), (scored,))
    return sides_of(families, scored.said, index, ordinary_of(review.parts), (told or telling_of(project, review)).said,
                    review.score if review.flagged[index] else "")


def alike_study(project: Project, review: Review, index: int, told: Telling | None = None) -> MostAlike:
    """The ordinary tracks that one path is most like, and a sentence on them."""
    parts = review.parts
    known = np.union1d(parts.fit, parts.calibration)
    called = "ordinary track" if parts.has_reference else "other track"
    return most_alike(material_of(project, parts), known, index, called, (told or telling_of(project, review)).said)


def telling_of(project: Project, review: Review) -> Telling:
    """What reasons are told with: names of places, the known tracks, the units of utility and of features; nothing of what sets flagged
    tracks apart, nor of how rare uses are."""
    world, _ = need_world(project)
    parts = review.parts
    totals = {} if project.fit is None else {spec.name: total_of(spec, world) for spec in project.fit.features}
    return telling(world, parts.paths, np.union1d(parts.fit, parts.calibration), places_of_project(project).said, yardstick_of(project),
                   UsualUses(totals, {}, ordinary_of(parts).called))


def apart_study(project: Project, review: Review, watch: Control | None = None) -> Telling:
    """The same with what sets each flagged track apart from the other flagged ones, and how rare that is: the slow half of reasons, once a
    review."""
    told = telling_of(project, review)
    ready = judged(project)
    parts, matrix, model, batches = ready.parts, ready.matrix, ready.model, ready.batches
    flagged, watch = np.flatnonzero(review.flagged), watch or Control()
    usual = _usual_uses(parts, model, batches, matrix.names, told.usual, watch.part(0, 2, "ordinary tracks"))
    found: dict[int, Found] = {}
    later = watch.part(1, 2, "")
    for k, batch in enumerate(batches):
        mine = np.intersect1d(flagged, batch.index)
        found.update(find(model, batch.prepared, told.spots, parts.paths, mine, matrix.names, batch.features.phi, told.known, told.said,
                          later.part(k, len(batches), "reasons"), usual))
    listed = np.union1d(flagged, review.order[:MOST_LISTED])
    sides = {int(i): sides_study(project, review, int(i), told) for i in listed}
    return replace(told, usual=usual, apart=compared(found), sides=sides)


def _usual_uses(parts: Parts, model: Rationality, batches: tuple[Judged, ...], names: tuple[str, ...], usual: UsualUses,
                watch: Control) -> UsualUses:
    """With how ordinary tracks used features."""
    known = ordinary_of(parts).index
    known = known[parts.paths.goal[known] >= 0]
    if len(known) > MOST_ORDINARY:
        known = np.sort(np.random.default_rng(SEED).choice(np.sort(known), MOST_ORDINARY, replace=False))
    found: list[tuple[FeatureUse, ...]] = []
    for k, batch in enumerate(batches):
        mine = np.intersect1d(known, batch.index)
        found += uses_of(model, batch.prepared, parts.paths, mine, names, batch.features.phi, watch.part(k, len(batches), "uses"))
    return usual_uses(usual.totals, found, usual.called)


def reasons_study(project: Project, review: Review, index: int, told: Telling | None = None) -> Reasons:
    """Why one path of the review stands out; ``told`` by ``apart_study``, without which nothing is said of the other flagged tracks."""
    told = told or telling_of(project, review)
    ready = solved(project, index)
    matrix, model, prepared = ready.matrix, ready.model, ready.prepared
    sides = (told.sides or {}).get(index) or sides_study(project, review, index, told)
    return explain_path(model, prepared, review.parts.paths, review.scores, index, matrix.names, matrix.values, told, sides,
                        alike_study(project, review, index, told))


def headlines(project: Project, review: Review, told: Telling | None = None) -> list[str]:
    """One line for each reviewed path, in the review's order: what is strangest of it, or sets a flagged one apart from the others
    (``apart_study``), else its least expected stretch and what it lost in all."""
    told, scores, paths = told or telling_of(project, review), review.scores, review.parts.paths
    first, last = scores.worst_start, scores.worst_end - 1
    if told.spots.world.kind == "log":  # one event stands right after another, so one of the stretch is told
        own = np.split(scores.step_surprise, paths.offsets[1:-1])
        first = last = np.array([rarest(*one) for one in zip(own, first, last + 1, strict=True)], np.int64)
    ends = np.column_stack([paths.choices[paths.offsets[:-1] + at] for at in (first, last)])
    return [told.headline(i) or headline(told.said, told.spots.world, scores, i, ends[i], told.yardstick) for i in review.order.tolist()]
