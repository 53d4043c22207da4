"""What Motive makes of a log: wants by conditional logit, every score of its kind, and the rule that ordinary sequences alone support.

What is usual is counted on the normal sequences that are fitted to, each of these judged without its fold. The rule is learned from them,
from oddities planted in them and from kinds of them that are held back. Sequences that are to be judged take part in nothing but the
world's contexts, which any log that is read gives, and their labels in nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.analysis.planting import Planting, joined, joined_paths, learned_from, measured_held, plant_in, with_planted
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix, recounts, suggest_features
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult
from irlcore.project.split import Parts
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.review.evidence import Evidence
from irlcore.review.parts.base import Material
from irlcore.review.parts.kinds import COMBINED, KINDS, ROUTE
from irlcore.review.parts.table import PartTable, measured
from irlcore.review.scores import Scores, joined_scores, score_paths
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Wants:
    """A fit to the sequences ``train`` of a log."""

    world: World
    train: Paths
    specs: tuple[FeatureSpec, ...]
    problem: Problem
    result: FitResult

    def logliks(self, paths: Paths) -> np.ndarray:
        """(N,) nats of other sequences."""
        return path_logliks(self.problem.model, self.problem.prepare(self.result.theta), paths)

    def scores(self, paths: Paths, phi: np.ndarray | None = None) -> Scores:
        """Of sequences as features ``phi`` (M, K) judge them, those counted on all of ``train`` where None."""
        return score_paths(self.problem.model, self.problem.prepare(self.result.theta, phi), paths)

    def without(self, group: Paths) -> np.ndarray:
        """(M, K): the features counted without a group of the sequences."""
        rest = self.train.take(np.flatnonzero(~np.isin(self.train.ids, group.ids)))
        return feature_matrix(self.specs, self.world, Context(training=rest)).values


def wants_of(world: World, train: Paths) -> Wants:
    """The start basis of the log, fitted to ``train``."""
    specs, context = tuple(suggest_features(world)), Context(training=train)
    matrix = feature_matrix(specs, world, context)
    problem = Problem(world.mdp, matrix.values, matrix.names, train, ConditionalLogit(), 1.0, recounts(specs, world, context, train, FOLDS))
    return Wants(world, train, specs, problem, fit(problem, [spec.sign for spec in specs], quick=True))


@dataclass(frozen=True, slots=True, eq=False)
class Reviewed:
    """table: all scores of the sequences asked about, the combined one last. evidence: what each finds of the oddities."""

    table: PartTable
    evidence: Evidence

    @property
    def values(self) -> np.ndarray:
        """(n,) of the score that the evidence chooses."""
        return self.table.of(self.evidence.best)


def reviewed(wants: Wants, asked: Paths) -> Reviewed:
    """Every score of ``asked``, and the rule learned without them."""
    n = len(wants.train)
    paths = joined_paths(wants.train, asked)
    material = Material(wants.world, paths, np.full(len(paths), np.nan))
    parts = Parts(paths, np.arange(n), np.zeros(0, np.int64), np.arange(n, len(paths)), True)
    planting = plant_in(material, parts)
    assert planting is not None
    scores, odd = _route(wants, paths, asked, planting)
    table, others = (PartTable(tuple(ROUTE), np.column_stack([getattr(one, name) for name in ROUTE])) for one in (scores, odd))
    both = joined(material, planting.planted)
    for name, kind in KINDS.items():
        if not kind.missing(material):
            found = measured(kind, both, parts.fit, made_of=planting.planted.of).values
            table = table.beside(name, found[:len(paths)])
            kept_back = measured_held(kind, material, parts.fit, planting.held)
            others = others.beside(name, np.concatenate((found[len(paths):], kept_back)))
    learned = learned_from(planting, table, others, tuple(name for name in table.names if not np.isnan(table.of(name)).any()))
    assert learned is not None and learned.evidence is not None
    table = table.beside(COMBINED, learned.rule(len(paths), planting.ordinary).combine(table))
    return Reviewed(PartTable(table.names, table.values[n:]), learned.evidence)


def _route(wants: Wants, paths: Paths, asked: Paths, planting: Planting) -> tuple[Scores, Scores]:
    """The model's scores of all paths, and of what was planted with what is held back behind it."""
    n = len(wants.train)
    own, made = [(np.arange(n, len(paths)), wants.scores(asked))], []
    for part in wants.problem.recounts:
        found, which, odd = with_planted(lambda some, phi=part.phi: wants.scores(some, phi), paths, part.index, planting)  # type: ignore[misc]
        own.append((part.index, found))
        if odd is not None:
            made.append((which, odd))
    together = planting.planted.paths
    for group in planting.held:
        held = replace(wants.train.take(group), times=None)
        made.append((len(together) + np.arange(len(group)), wants.scores(held, wants.without(held))))
        together = joined_paths(together, held)
    return joined_scores(own, paths), joined_scores(made, together)
