"""Anomalies planted into the class's own fitted tracks, scored as those are: what a rule is learned from, and what says which score to use.

Calibration and reviewed tracks take no part in it, so p-values of the combined score are as exact as those of any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

from irlcore.analysis.planted_points import joined_points
from irlcore.errors import MotiveError
from irlcore.project.split import Parts
from irlcore.review.learning import Learned, learned
from irlcore.review.parts.base import Material, PartKind
from irlcore.review.parts.kinds import KINDS, ROUTE
from irlcore.review.parts.sequences.held_back import held_back
from irlcore.review.parts.table import PartTable
from irlcore.review.scores import Scores
from irlcore.simulation.planted.plant import HELD_BACK, PLANTED, Planted, kinds_in, plant, why_none
from irlcore.simulation.planted.sources import Ordinary
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.mdp import Paths

EACH, MOST_EACH, A_TENTH = 40, 100, 0.1  # anomalies of a kind: of a tenth of the ordinary tracks, but so many at least and at most
EACH_OF_LARGE, LARGE = 12, 10_000  # in a world of so many states
MOST_GOALS = 25  # that anomalies are made of tracks to, where there are more: each is solved once a batch
MOST_ORDINARY = 1000  # tracks that a rule is learned from
SEED = 20121
FAMILIES = {**dict.fromkeys(ROUTE, "route"), **{name: kind.family for name, kind in KINDS.items()}}


@dataclass(frozen=True, slots=True, eq=False)
class Planting:
    """planted: ``of`` are tracks of the class. ordinary: (n,) int64, the fitted tracks that a rule is learned from, those that anomalies
    were made of among them. held: groups of these, (k,) int64 each, that are judged as if none of them had been seen, one group at a
    time."""

    planted: Planted
    ordinary: np.ndarray
    held: tuple[np.ndarray, ...] = ()

    @property
    def held_tracks(self) -> np.ndarray:
        """(h,) int64, the tracks of all groups, group by group."""
        return np.concatenate([np.zeros(0, np.int64), *self.held])


def plant_in(material: Material, parts: Parts) -> Planting | None:
    """Anomalies made of the class's fitted tracks; None where nothing can be planted. Kinds that no score here could tell are
    left out. The same whatever the order of the tracks."""
    world, paths = material.world, parts.paths
    if why_none(world) or not len(parts.fit):
        return None
    fit = parts.fit[np.argsort(paths.ids[parts.fit].astype(str), kind="stable")]
    chosen = np.sort(np.random.default_rng(SEED).permutation(len(fit))[:MOST_ORDINARY])
    ordinary = fit[chosen]
    taken = tracks_of(material, ordinary)
    goals, counts = np.unique(taken.paths.goal, return_counts=True)
    # goals are numbered as tracks stand: of equally frequent ones those come first whose states do
    begins = np.array([int(paths.goals.of(int(g)).min(initial=world.mdp.n_states)) if g >= 0 else -1 for g in goals], np.int64)
    frequent = goals[np.lexsort((begins, -counts))][:MOST_GOALS]
    index = np.flatnonzero(np.isin(taken.paths.goal, frequent))
    # nobody said that samples are at even intervals, so that many of them are an oddity of the way at most
    measured = {kind.family for kind in KINDS.values() if not kind.missing(material)} - ({"pace"} if material.clock == "samples" else set())
    kinds = [name for name in kinds_in(world) if PLANTED[name].seen_by is None or PLANTED[name].seen_by in measured]
    found = plant(taken, index, kinds, each_of(len(ordinary), 0 if world.kind == "log" else world.mdp.n_states))
    if not len(found):
        return None
    return Planting(replace(found, of=ordinary[found.of]), ordinary, held_back(material, ordinary))


def each_of(n_ordinary: int, n_states: int) -> int:
    """How many anomalies of a kind are planted."""
    return EACH_OF_LARGE if n_states >= LARGE else int(np.clip(A_TENTH * n_ordinary, EACH, MOST_EACH))


def tracks_of(material: Material, index: np.ndarray) -> Ordinary:
    """Some tracks of the material, as anomalies are made of them."""
    spent = None if material.spent is None else material.spent[take_flat(material.paths.offsets, index)[1]]
    return Ordinary(material.world, material.paths.take(index), material.began[index], spent,
                    {name: values[index] for name, values in material.facts.items()})


def joined_paths(paths: Paths, more: Paths) -> Paths:
    """The paths with more behind them, of the same goals."""
    times = None if paths.times is None or more.times is None else np.concatenate((paths.times, more.times))
    return Paths(np.concatenate((paths.ids, more.ids)), np.concatenate((paths.offsets, paths.offsets[-1] + more.offsets[1:])),
                 np.concatenate((paths.choices, more.choices)), np.concatenate((paths.last_state, more.last_state)),
                 np.concatenate((paths.goal, more.goal)), paths.goals, times, paths.past)


def joined(material: Material, planted: Planted) -> Material:
    """The material with the planted tracks behind it."""
    spent = None if material.spent is None or planted.spent is None else np.concatenate((material.spent, planted.spent))
    return replace(material, paths=joined_paths(material.paths, planted.paths), began=np.append(material.began, planted.began), spent=spent,
                   points=joined_points(material, planted),
                   facts={name: np.append(values, planted.facts[name]) for name, values in material.facts.items()})


def with_planted(score: Callable[[Paths], Scores], paths: Paths, index: np.ndarray,
                 planting: Planting | None) -> tuple[Scores, np.ndarray, Scores | None]:
    """Scores of the class's paths at ``index`` (n,); which anomalies were made of them, (k,) int64; and the scores of these. All are scored
    at once, as each goal is then solved once; anomalies are left out where they cannot be scored."""
    own = paths.take(index)
    which = np.zeros(0, np.int64) if planting is None else np.flatnonzero(np.isin(planting.planted.of, index))
    if planting is None or not len(which):
        return score(own), which[:0], None
    together = joined_paths(own, planting.planted.paths.take(which))
    try:
        both = score(together)
    except MotiveError:  # a planted way may lead to where these wants have no value
        return score(own), which[:0], None
    return _part(both, together, 0, len(own)), which, _part(both, together, len(own), len(together))


def _part(scores: Scores, paths: Paths, begin: int, end: int) -> Scores:
    """Those of the paths from ``begin`` to ``end``, of the scores of ``paths``: no copies, as they may be very many."""
    steps = slice(int(paths.offsets[begin]), int(paths.offsets[end]))
    return Scores(**{one.name: getattr(scores, one.name)[steps if one.name == "step_surprise" else slice(begin, end)]
                     for one in fields(Scores)})


def learned_from(planting: Planting, table: PartTable, planted: PartTable, weighed: tuple[str, ...] | None,
                 doubtful: float = 0.0) -> Learned | None:
    """The rule and the evidence, from the scores (N, K) of the class's tracks and those of what was planted, and of what was held back
    behind it, where all were scored.
    weighed: the single scores that the evidence may choose. doubtful: share of the ordinary tracks that may be anomalies themselves."""
    found = planting.planted
    place = np.full(len(table.values), -1)
    place[planting.ordinary] = np.arange(len(planting.ordinary))
    held = planting.held_tracks
    kind = np.concatenate((found.kind, np.full(len(held), HELD_BACK, object)))
    return learned(PartTable(table.names, table.values[planting.ordinary]), planted, place[np.concatenate((found.of, held))], kind, weighed,
                   doubtful)


def measured_held(kind: PartKind, material: Material, learn: np.ndarray, held: tuple[np.ndarray, ...]) -> np.ndarray:
    """(h,) float64, what a kind finds of groups of tracks, each held against those of ``learn`` (m,) that are not in it."""
    return np.concatenate([np.zeros(0), *(kind.measure(material, np.setdiff1d(learn, group), group).values for group in held)])
