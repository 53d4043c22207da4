"""What is told of a made-up town: fits, scores, posteriors, residuals; to be the same to the last bit whatever does the work."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from benchmarks.town import problem_of
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.likelihood import path_logliks, residual_map, residual_matrix
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.residual_rows import residual_rows
from irlcore.intent.goals import goal_posteriors, goal_ranks
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.review.prices.evidence import evidence_of
from irlcore.review.scores import score_paths
from irlcore.review.uses import uses_of

SIGNS = ["negative", "free", "free", "free", "free"]
MODELS: dict[str, Rationality] = {"MaxEnt": MaxEnt(), "Boltzmann": Boltzmann(), "NoisyValue": NoisyValue(draws=16)}


@cache
def town() -> Problem:
    return problem_of(400, 40)


def asked(name: str) -> Problem:
    """A fresh problem, of which nothing is remembered."""
    return replace(town(), model=MODELS[name])


def fitted(problem: Problem) -> np.ndarray:
    """Weights, own parameters, errors, log-likelihood."""
    found = fit(problem, SIGNS)
    return np.concatenate((found.theta, found.own, found.se, [found.loglik]))


def told(problem: Problem, point: np.ndarray) -> list[np.ndarray]:
    """Everything that goes goal by goal, beside fits."""
    model, prepared, paths = problem.model, problem.prepare(point), problem.paths
    some, goals = paths.take(np.arange(4)), paths.goals
    scores = score_paths(model, prepared, paths)
    cut = replace(paths, goal=np.where(np.arange(len(paths)) < 4, -1, paths.goal))
    unfinished = score_paths(model, prepared, cut)
    prior, out = np.full(len(goals), 1.0 / len(goals)), np.zeros((len(paths), problem.mdp.n_choices), np.float32)
    residual_matrix(model, prepared, paths, out, np.arange(len(paths)))
    rows = [residual_rows(model, prepared, trips) for trips in (paths, cut)]
    evidence = evidence_of(model, [(part, prepared) for part in problem.batches()], paths)
    uses = uses_of(model, prepared, paths, np.arange(len(paths)), problem.names, problem.phi)
    return [scores.surprise, scores.utility_gap, scores.step_surprise, scores.deviation, unfinished.surprise, unfinished.step_surprise,
            path_logliks(model, prepared, paths), residual_map(model, prepared, paths), out,
            *(part for one in rows for part in (one.data, one.indices, one.indptr)), evidence.scores, evidence.informations,
            *(one.probability for one in goal_posteriors(model, prepared, some, goals, prior)),
            goal_ranks(model, prepared, some, goals, prior, some.goal, (0.3, 0.8)),
            np.array([[use.expected for use in sorted(one, key=lambda use: use.name)] for one in uses])]


def by_other_ways(problem: Problem) -> list[np.ndarray]:
    """Fits that are no maximum likelihood."""
    return [ESTIMATORS[name].run(problem, SIGNS).theta for name in ("value_basis", "linear_programme", "max_margin")]


def same(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    """To the last bit."""
    return len(first) == len(second) and all(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in zip(first, second, strict=True))
