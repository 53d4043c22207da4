"""The log-likelihood of paths, its derivatives and the residual matrix, goal by goal.

Every model judges the trips to a goal itself (``Rationality.trips``, ``steps``, ``residuals``); here goals run side by side
and their parts come together. The residual matrix D (N, M) holds D[i, m] = d l_i / d r_m.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from irlcore.engine import Control, run_all
from irlcore.rationality.base import Rationality
from irlcore.rationality.confined import covering
from irlcore.rationality.solution import Group, Prepared, group_by_goal, sum_trips
from irlcore.worlds.limits import check_numbers
from irlcore.worlds.mdp import Paths


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Log-likelihood at one theta: loglik (N,) nats, scores (N, K + P) = d l_i / d (theta, own parameters), information
    (K + P, K + P) of the choices at the visited states, or minus the second derivative where ``exact``."""

    loglik: np.ndarray
    scores: np.ndarray
    information: np.ndarray
    exact: bool = False


def evaluate(model: Rationality, prepared: Prepared, phi: np.ndarray, paths: Paths, groups: list[Group],
             control: Control | None = None) -> Evaluation:
    """Log-likelihood, scores and information of ``paths`` under features ``phi`` (M, K)."""
    check_numbers("features", phi, (prepared.mdp.n_choices, -1))
    paths.check_within(prepared.mdp)
    n, k = len(paths), phi.shape[1] + len(model.parameters)
    loglik, scores = np.zeros(n), np.zeros((n, k))

    def one(group: Group) -> tuple[np.ndarray, bool]:
        found = model.trips(prepared, group, phi)
        loglik[group.index], scores[group.index] = found.loglik, found.scores
        return found.information, found.exact

    parts = run_all(one, groups, control)
    information = np.sum([part for part, _ in parts], axis=0) if parts else np.zeros((k, k))
    exact = all(exact for _, exact in parts)
    return Evaluation(loglik, scores, information if exact else _without_rises(information), exact)


def _without_rises(information: np.ndarray) -> np.ndarray:
    """The same without directions of negative curvature, which one that leaves a part out may have far from a maximum."""
    size = np.sqrt(np.abs(np.diag(information)))
    scale = np.where(size > 0.0, size, 1.0)
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values.min(initial=0.0) >= 0.0:
        return information
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T * np.outer(scale, scale))


def path_logliks(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> np.ndarray:
    """log P(path | goal) of every path, (N,) nats; -inf where the model cannot make a choice that was made."""
    prepared = covering(model, prepared, paths)
    out = np.zeros(len(paths))

    def one(group: Group) -> None:
        steps = model.steps(prepared, model.solve(prepared, group.goal_states), group)
        out[group.index] = sum_trips(steps, group.offsets)

    run_all(one, group_by_goal(paths), control)
    return out


def residual_blocks(model: Rationality, prepared: Prepared, paths: Paths, block: int = 256,
                    control: Control | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The residual matrix in blocks of at most ``block`` paths: pairs (index (n,), D (n, M) float64).

    Streamed, so that no more than ``block`` x M numbers are in memory whatever the number of paths.
    """
    prepared = covering(model, prepared, paths)
    control = control or Control()
    groups = group_by_goal(paths)
    done = 0
    for group in groups:
        control.step(done, len(paths), "Tracing what the model does not expect")
        solution = model.solve(prepared, group.goal_states)
        for start in range(0, len(group.index), block):
            part = group.part(start, min(start + block, len(group.index)))
            yield part.index, model.residuals(prepared, solution, part)
        done += len(group.index)


def residual_map(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> np.ndarray:
    """Column sums of the residual matrix, (M,): where the paths go more (> 0) or less than the model expects."""
    prepared = covering(model, prepared, paths)
    parts = run_all(lambda group: model.residual_sum(prepared, model.solve(prepared, group.goal_states), group),
                    group_by_goal(paths), control)
    return np.sum(parts, axis=0) if parts else np.zeros(prepared.mdp.n_choices)


def residual_matrix(model: Rationality, prepared: Prepared, paths: Paths, out: np.ndarray, rows: np.ndarray,
                    control: Control | None = None, block: int = 256) -> None:
    """The residual matrix into ``out`` (n, M), path i in row ``rows[i]`` ((N,) int), goals side by side."""
    prepared = covering(model, prepared, paths)

    def one(group: Group) -> None:
        solution = model.solve(prepared, group.goal_states)
        for start in range(0, len(group.index), block):
            part = group.part(start, min(start + block, len(group.index)))
            out[rows[part.index]] = model.residuals(prepared, solution, part)

    run_all(one, group_by_goal(paths), control, "goal by goal")
