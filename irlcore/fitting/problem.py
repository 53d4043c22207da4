"""What a fit is asked: trips to be explained, the features they are judged by, one model of rationality, one discount."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.engine import Control, remade
from irlcore.features.feature_set import PathFeatures
from irlcore.fitting.likelihood import Evaluation, evaluate, total_slope
from irlcore.planning.costs import must_cost
from irlcore.planning.graph import graph_of, reached_by
from irlcore.rationality.base import Rationality
from irlcore.rationality.confined import confined, goals_of, used_by
from irlcore.rationality.solution import Group, Limit, Prepared
from irlcore.rationality.unfinished import groups_of
from irlcore.worlds.alike import alike_in, alike_paths
from irlcore.worlds.goal_prior import knowing_past
from irlcore.worlds.limits import check_gamma, check_index, check_numbers
from irlcore.worlds.mdp import MDP, Paths


@dataclass(frozen=True, slots=True)
class Batch:
    """Paths that are judged by the same features, and these paths by goal, ``index`` of the groups into the paths of the problem. same:
    (n,), which path stands for each of ``features.index``, where those that go the same way are in the groups once; None where all are."""

    features: PathFeatures
    groups: list[Group]
    same: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Paths to be explained: phi (M, K) features named ``names``, one rationality model, one discount.

    recounts: paths that have features of their own, because phi is counted on them. clusters: (N,) labels, the agent that each path
    is of, so that what agents keep from trip to trip counts once; None where every path stands for itself. small_sample: whether standard
    errors are put right for few paths or agents (``small_samples``). Raises WorldError where paths or features are not of this world,
    ``Infeasible`` where gamma is no discount.
    """

    mdp: MDP
    phi: np.ndarray
    names: tuple[str, ...]
    paths: Paths
    model: Rationality
    gamma: float = 1.0
    recounts: tuple[PathFeatures, ...] = ()
    clusters: np.ndarray | None = None
    small_sample: bool = True

    def __post_init__(self) -> None:
        check_gamma(self.gamma)
        self.paths.check_within(self.mdp)
        check_numbers("features", self.phi, (self.mdp.n_choices, -1))
        for part in self.recounts:
            check_numbers("features of some paths", part.phi, self.phi.shape)
            check_index("paths with features of their own", part.index, len(self.paths), "paths")

    def prepare(self, point: np.ndarray, phi: np.ndarray | None = None) -> Prepared:
        """The MDP under weights and own parameters ``point`` (K + P,) and features ``phi`` (its own where not given), ready to be
        solved for trips that begin where the paths do."""
        k, phi = len(self.names), self.phi if phi is None else phi
        check_numbers("named features", phi, (self.mdp.n_choices, k))
        check_numbers("weights and own parameters", point, (k + len(self.model.parameters),))
        reward, weights, own = phi @ point[:k], np.array(point[:k]), np.array(point[k:])
        made = confined(self.model, self.model.prepare(self.mdp, reward, self.gamma, own, phi * weights), self.paths)
        used = None if made.within is None else used_by(self.mdp, self.paths)
        return remade(made, _ready, self.model, self.mdp, reward, self.gamma, own, phi, weights, made.within, used)

    def batches(self) -> list[PathFeatures]:
        """All paths, each with the features it is judged by."""
        rest = np.ones(len(self.paths), bool)
        for part in self.recounts:
            rest[part.index] = False
        return [part for part in (PathFeatures(np.flatnonzero(rest), self.phi), *self.recounts) if len(part.index)]

    def groups(self) -> list[Batch]:
        """The paths of each batch, by goal; those that were cut off behind the others, under every goal that they may have had."""
        paths = knowing_past(self.paths, self.mdp)
        return [Batch(part, [replace(g, index=part.index[g.index]) for g in groups_of(self.mdp, self.gamma, paths.take(part.index))])
                for part in self.batches()]

    def counted_groups(self) -> list[Batch]:
        """The same to be evaluated alone, with trips that go the same way once and counted: of very many trips most are alike."""
        if not self.model.counts_alike or self.clusters is not None or (self.paths.goal < 0).any():
            return self.groups()
        return [self._counted(part) for part in self.batches()]

    def _counted(self, part: PathFeatures) -> Batch:
        whole = np.array_equal(part.index, np.arange(len(self.paths)))
        paths = self.paths if whole else self.paths.take(part.index)
        same = alike_in(self.mdp, paths) if whole else alike_paths(paths)
        if same is None:
            return Batch(part, [replace(g, index=part.index[g.index]) for g in groups_of(self.mdp, self.gamma, paths)])
        alone, counts = np.unique(same, return_counts=True)
        groups = groups_of(self.mdp, self.gamma, paths.take(alone))
        return Batch(part, [replace(g, index=part.index[alone[g.index]], counts=counts[g.index]) for g in groups], part.index[same])

    def evaluate(self, point: np.ndarray, batches: list[Batch], control: Control | None = None) -> Evaluation:
        """Log-likelihood and derivatives of the paths in ``batches`` at ``point`` (K + P,); 0 for all others. Raises ``Infeasible``."""
        parts = [evaluate(self.model, self.prepare(point, b.features.phi), b.features.phi, self.paths, b.groups, control) for b in batches]
        parts = [part if b.same is None else _of_all(b.features.index, b.same, part) for b, part in zip(batches, parts, strict=True)]
        if len(parts) == 1:
            return parts[0]
        loglik, scores, information = (np.sum([getattr(p, what) for p in parts], axis=0) for what in ("loglik", "scores", "information"))
        missing = [p.missing for p in parts if p.missing is not None]
        return Evaluation(loglik, scores, information, all(p.exact for p in parts), np.sum(missing, axis=0) if missing else None)

    def slope(self, point: np.ndarray, batches: list[Batch], control: Control | None = None) -> tuple[float, np.ndarray]:
        """Log-likelihood of the paths in ``batches``, in total, and its derivative (K + P,) at ``point``; their goals are known."""
        parts = [total_slope(self.model, self.prepare(point, b.features.phi), b.features.phi, b.groups, control) for b in batches]
        return sum(value for value, _ in parts), np.sum([gradient for _, gradient in parts], axis=0)

    def limits(self, point: np.ndarray, room: float) -> list[Limit]:
        """The model's limits that ``point`` (K + P,) does not keep by ``room``, one for each batch, with their derivative by all K + P
        numbers."""
        k, found = len(self.names), []
        for batch in self.batches():
            limit = self.model.limit(self.mdp, batch.phi @ point[:k], self.gamma, batch.phi, room, used_by(self.mdp, self.paths))
            if limit is not None:
                found.append(Limit(limit.value, np.append(limit.gradient, np.zeros(len(point) - k))))
        return found

    def cost_rows(self) -> np.ndarray | None:
        """(R, K + P): the features of choices that must cost, for a model whose every way round must cost at gamma = 1, in a world where
        chance may lead round; None for others."""
        if not self.model.costs_only or self.gamma < 1.0 or self.mdp.deterministic:  # there ways round are judged whole
            return None
        costs = self.features_that_cost()
        return np.column_stack((costs, np.zeros((len(costs), len(self.model.parameters)))))

    def features_that_cost(self) -> np.ndarray:
        """(R, K): the different features of choices whose reward may not be above 0 at gamma = 1 (``planning.costs.must_cost``)."""
        if not len(self.paths):
            return np.zeros((0, len(self.names)))
        bound = must_cost(graph_of(self.mdp), goals_of(self.paths, self.mdp), reached_by(self.mdp, self.paths))
        stacked = np.concatenate([part.phi[bound] for part in self.batches()])
        return np.unique(stacked[stacked.any(axis=1)], axis=0)

    def units(self) -> np.ndarray:
        """(K + P,) a natural step of each number: a weight's makes a choice that has its feature cost about 1 nat more."""
        size = np.abs(self.phi)
        mean = size.sum(axis=0) / np.maximum((size > 0.0).sum(axis=0), 1)
        return np.append(1.0 / np.where(mean > 0.0, mean, 1.0), np.ones(len(self.model.parameters)))

    def beside(self, other: Problem) -> Problem:
        """The same paths with the features of both, each counted without the path wherever it is counted."""
        parts = self.recounts or other.recounts
        mine = self.recounts or tuple(PathFeatures(part.index, self.phi) for part in parts)
        others = other.recounts or tuple(PathFeatures(part.index, other.phi) for part in parts)
        return replace(self, phi=np.column_stack((self.phi, other.phi)), names=(*self.names, *other.names),
                       recounts=tuple(PathFeatures(a.index, np.column_stack((a.phi, b.phi))) for a, b in zip(mine, others, strict=True)))


def _of_all(index: np.ndarray, same: np.ndarray, found: Evaluation) -> Evaluation:
    """What was found of the paths ``same`` (n,) said of all that they stand for, ``index`` (n,)."""
    if np.array_equal(index, np.arange(len(found.loglik))):
        return replace(found, loglik=found.loglik[same], scores=found.scores[same])
    found.loglik[index], found.scores[index] = found.loglik[same], found.scores[same]
    return found


def _ready(model: Rationality, mdp: MDP, reward: np.ndarray, gamma: float, own: np.ndarray, phi: np.ndarray, weights: np.ndarray,
           within: np.ndarray | None, used: np.ndarray | None) -> Prepared:
    """What ``Problem.prepare`` made, where it is needed far away."""
    made = model.prepare(mdp, reward, gamma, own, phi * weights)
    return made if within is None or used is None else model.confine(made, within, used)
