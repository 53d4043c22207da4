"""The log-likelihood of paths, its derivatives and the residual matrix, goal by goal.

Every model judges the trips to a goal itself (``Rationality.trips``, ``steps``, ``residuals``); here goals run side by side
and their parts come together. The residual matrix D (N, M) holds D[i, m] = d l_i / d r_m. Trips that were cut off come together over the
goals that they may have had, too (``fitting.mixed_goals``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from irlcore.engine import Control, for_each, run_all
from irlcore.fitting.mixed_goals import evaluate_mixed, logliks_of, logliks_under, mixed_residuals, trips_of_all
from irlcore.fitting.solved_goals import Piece, SolvedGoals, pieces_of
from irlcore.rationality.base import Rationality
from irlcore.rationality.confined import covering
from irlcore.rationality.solution import Group, Prepared
from irlcore.rationality.unfinished import cut_trips, groups_of, known_and_cut
from irlcore.worlds.limits import check_numbers
from irlcore.worlds.mdp import Paths


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Log-likelihood at one theta: loglik (N,) nats, scores (N, K + P) = d l_i / d (theta, own parameters), information
    (K + P, K + P) of the choices at the visited states, or minus the second derivative where ``exact``. missing: (K + P, K + P), what of
    the information is not there because goals of trips that were cut off are not known; None where all are."""

    loglik: np.ndarray
    scores: np.ndarray
    information: np.ndarray
    exact: bool = False
    missing: np.ndarray | None = None

    @property
    def observed(self) -> np.ndarray:
        """(K + P, K + P): the information that there is, without what is missing (Louis 1982)."""
        return self.information if self.missing is None else without_rises(self.information - self.missing)


def evaluate(model: Rationality, prepared: Prepared, phi: np.ndarray, paths: Paths, groups: list[Group],
             control: Control | None = None) -> Evaluation:
    """Log-likelihood, scores and information of ``paths`` under features ``phi`` (M, K)."""
    check_numbers("features", phi, (prepared.mdp.n_choices, -1))
    paths.check_within(prepared.mdp)
    n, k = len(paths), phi.shape[1] + len(model.parameters)
    loglik, scores = np.zeros(n), np.zeros((n, k))

    known, cut = known_and_cut(groups)
    if not model.plans and len(cut) == 1 and not np.any(cut[0].log_prior):  # one goal that they may have had, and so nothing to mix
        known, cut, groups = [*known, replace(cut[0], log_prior=None)], [], known
    together = [[known[one] for one in mine] for mine in model.side_by_side(prepared, known)]
    parts = [one for some in run_all(trips_of_all, together, control, shared=(model, prepared, phi)) for one in some]
    for group, found in zip((group for some in together for group in some), parts, strict=True):
        loglik[group.index], scores[group.index] = found.loglik, found.scores
    information = np.sum([found.information for found in parts], axis=0) if parts else np.zeros((k, k))
    exact, missing, index = all(found.exact for found in parts), None, cut_trips(groups)
    if len(index):
        mixed = evaluate_mixed(model, prepared, phi, cut, index, control)
        loglik[index], scores[index], missing = mixed.loglik, mixed.scores, mixed.missing
        exact, information = False, information + mixed.information
    return Evaluation(loglik, scores, information if exact else without_rises(information), exact, missing)


def total_slope(model: Rationality, prepared: Prepared, phi: np.ndarray, groups: list[Group],
                control: Control | None = None) -> tuple[float, np.ndarray]:
    """Log-likelihood, in total, and its derivative (K + P,) under features ``phi`` (M, K), of trips whose goals are known."""
    parts = run_all(_slope, groups, control, shared=(model, prepared, phi))
    return sum(value for value, _ in parts), np.sum([gradient for _, gradient in parts], axis=0)


def _slope(judge: tuple[Rationality, Prepared, np.ndarray], group: Group) -> tuple[float, np.ndarray]:
    model, prepared, phi = judge
    return model.slope(prepared, group, phi)


def without_rises(information: np.ndarray) -> np.ndarray:
    """The same without directions of negative curvature, which one that leaves a part out may have far from a maximum."""
    size = np.sqrt(np.abs(np.diag(information)))
    scale = np.where(size > 0.0, size, 1.0)
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values.min(initial=0.0) >= 0.0:
        return information
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T * np.outer(scale, scale))


def path_logliks(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> np.ndarray:
    """log P(path | goal) of every path, (N,) nats, over all goals that it may have had where it was cut off; -inf where the model cannot
    make a choice that was made."""
    prepared = covering(model, prepared, paths)
    out = np.zeros(len(paths))
    known, cut = known_and_cut(groups := groups_of(prepared.mdp, prepared.gamma, paths))
    for group, found in zip(known, run_all(logliks_of, known, control, shared=(model, prepared)), strict=True):
        out[group.index] = found
    index = cut_trips(groups)
    if len(index):
        out[index] = logliks_under(model, prepared, cut, index, control)[0]
    return out


def residual_blocks(model: Rationality, prepared: Prepared, paths: Paths, block: int = 256,
                    control: Control | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The residual matrix in blocks of at most ``block`` paths: pairs (index (n,), D (n, M) float64).

    Streamed, so that no more than ``block`` x M numbers are in memory whatever the number of paths.
    """
    prepared = covering(model, prepared, paths)
    control = control or Control()
    known, cut = known_and_cut(groups := groups_of(prepared.mdp, prepared.gamma, paths))
    done = 0
    for group in known:
        control.step(done, len(paths), "Tracing what the model does not expect")
        solution = model.solve(prepared, group.goal_states)
        for start in range(0, len(group.index), block):
            part = group.part(start, min(start + block, len(group.index)))
            yield part.index, model.residuals(prepared, solution, part)
        done += len(group.index)
    index = cut_trips(groups)
    for start in range(0, len(index), block):
        mine = index[start:start + block]
        out = np.zeros((len(mine), prepared.mdp.n_choices))
        for rows, added in mixed_residuals(model, prepared, cut, mine, block, control):
            out[rows] += added
        yield mine, out


def residual_map(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> np.ndarray:
    """Column sums of the residual matrix, (M,): where the paths go more (> 0) or less than the model expects."""
    prepared = covering(model, prepared, paths)
    known, cut = known_and_cut(groups := groups_of(prepared.mdp, prepared.gamma, paths))
    parts = run_all(_residual_sum, known, control, shared=(model, prepared))
    index = cut_trips(groups)
    if len(index):
        parts += [added.sum(axis=0) for _, added in mixed_residuals(model, prepared, cut, index, 256, control)]
    return np.sum(parts, axis=0) if parts else np.zeros(prepared.mdp.n_choices)


def _residual_sum(judge: tuple[Rationality, Prepared], group: Group) -> np.ndarray:
    model, prepared = judge
    return model.residual_sum(prepared, model.solve(prepared, group.goal_states), group)


def _residuals(judge: tuple[SolvedGoals, np.dtype[Any]], piece: Piece) -> np.ndarray:
    """(n, M) of a piece's trips, as the type that they are kept as."""
    solved, kind = judge
    return solved.residuals(piece).astype(kind, copy=False)


def residual_matrix(model: Rationality, prepared: Prepared, paths: Paths, out: np.ndarray, rows: np.ndarray,
                    control: Control | None = None, block: int = 256) -> None:
    """The residual matrix into ``out`` (n, M), path i in row ``rows[i]`` ((N,) int), goals side by side."""
    prepared = covering(model, prepared, paths)
    known, cut = known_and_cut(groups := groups_of(prepared.mdp, prepared.gamma, paths))
    pieces = pieces_of(known, block)

    def put(at: int, found: np.ndarray) -> None:
        out[rows[pieces[at].trips.index]] = found

    for_each(_residuals, pieces, put, control, "goal by goal", shared=(SolvedGoals(model, prepared), out.dtype))
    index = cut_trips(groups)
    if len(index):
        out[rows[index]] = 0.0
        for at, added in mixed_residuals(model, prepared, cut, index, block, control):
            out[rows[index[at]]] += added
