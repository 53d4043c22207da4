"""What Motive makes of trips: MaxEnt with eight features and turn shares, every kind of score beside it, and the rule that the evidence of
past trips supports.

Weights are fitted to 1,000 trips. Of the 10,000 past ones nine in ten are what is usual, counted and measured against; the others, and the
anomalies planted in them, are what the rule is learned from, as calibration takes no part in it. Test trips take part in nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.shanghai import FEATURES
from irlcore.analysis.planting import each_of, joined_paths, tracks_of
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix, suggest_features
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.solution import Prepared
from irlcore.review.learning import Learned, learned
from irlcore.review.parts.base import Material
from irlcore.review.parts.kinds import COMBINED, KINDS, ROUTE
from irlcore.review.parts.table import PartTable
from irlcore.review.scores import score_paths
from irlcore.simulation.planted.plant import plant
from irlcore.simulation.planted.sources import Ordinary
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

SEED = 7
HELD = 0.1  # of past trips, to learn the rule from


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """prepared: rewards as fitted, turn shares counted on the usual trips. usual, held: (n,) int64 of the past trips."""

    world: World
    prepared: Prepared
    usual: np.ndarray
    held: np.ndarray
    past: Ordinary | None = None

    def seen(self, past: Ordinary) -> Judge:
        """The same with the past trips as they were observed, with or without times."""
        return replace(self, past=past)


def judge_of(world: World, train: Paths, past: Paths) -> Judge:
    """Weights from ``train``, with turn shares of past trips that are not among them; then those of the usual ones."""
    others = np.flatnonzero(~np.isin(past.ids, train.ids))
    held = np.sort(np.random.default_rng(SEED).permutation(others)[:round(HELD * len(past))])
    usual = np.setdiff1d(np.arange(len(past)), held)
    specs = [*suggest_features(world)[:FEATURES], FeatureSpec("turn shares", "traffic", {"of": "turn share"})]
    apart = feature_matrix(specs, world, Context(training=past.take(np.intersect1d(usual, others))))
    result = fit(Problem(world.mdp, apart.values, apart.names, train, MaxEnt()), [spec.sign for spec in specs])
    phi = feature_matrix(specs, world, Context(training=past.take(usual))).values
    return Judge(world, MaxEnt().prepare(world.mdp, phi @ result.theta, 1.0), usual, held)


def table_of(judge: Judge, trips: Ordinary) -> PartTable:
    """Every score of trips that nothing was learned from, against the usual past ones."""
    assert judge.past is not None
    usual = tracks_of(_material(judge.past), judge.usual)
    scores = score_paths(MaxEnt(), judge.prepared, trips.paths)
    table = PartTable(tuple(ROUTE), np.column_stack([getattr(scores, name) for name in ROUTE]))
    together = _material(_behind(usual, trips))
    n = len(usual.paths)
    for name, kind in KINDS.items():
        if not kind.missing(together):
            table = table.beside(name, kind.measure(together, np.arange(n), np.arange(n, n + len(trips.paths))).values)
    return table


def scores_of(judge: Judge, asked: Mapping[str, Ordinary]) -> tuple[dict[str, PartTable], str, str, str]:
    """Name -> scores, the combined one among them; the score that the evidence chooses, the best single one, and what it says."""
    assert judge.past is not None
    own = tracks_of(_material(judge.past), judge.held)
    planted = plant(own, np.arange(len(judge.held)), each=each_of(len(judge.held), judge.world.mdp.n_states))
    strange = Ordinary(judge.world, planted.paths, planted.began, planted.spent, planted.facts)
    tables = _tables(judge, {"own": own, "strange": strange, **{f"asked {name}": trips for name, trips in asked.items()}})
    found = learned(tables["own"], tables["strange"], planted.of, planted.kind)
    assert found is not None and found.evidence is not None
    return ({name: _ruled(found, tables[f"asked {name}"]) for name in asked}, found.evidence.best, found.evidence.best_single,
            found.evidence.sentence())


def _tables(judge: Judge, asked: Mapping[str, Ordinary]) -> dict[str, PartTable]:
    """Of all at once, so that what is usual is learned once."""
    trips = list(asked.values())
    together = trips[0]
    for more in trips[1:]:
        together = _behind(together, more)
    table = table_of(judge, together)
    ends = np.cumsum([len(one.paths) for one in trips])
    return {name: PartTable(table.names, table.values[end - len(one.paths):end])
            for (name, one), end in zip(asked.items(), ends.tolist(), strict=True)}


def _ruled(found: Learned, table: PartTable) -> PartTable:
    return table.beside(COMBINED, found.whole.combine(table))


def _material(trips: Ordinary) -> Material:
    return Material(trips.world, trips.paths, trips.began, trips.spent, trips.facts)


def _behind(trips: Ordinary, more: Ordinary) -> Ordinary:
    spent = None if trips.spent is None or more.spent is None else np.concatenate((trips.spent, more.spent))
    return Ordinary(trips.world, joined_paths(trips.paths, more.paths), np.append(trips.began, more.began), spent,
                    {name: np.append(values, more.facts[name]) for name, values in trips.facts.items()})
