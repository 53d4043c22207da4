"""Errors that hold with few tracks, or few agents: scores are summed by agent, and each sum is put right for its share in the fit.

With agents g of scores s_g and information I_g (sum I, inverse J), the scores at the maximum are too small, since the weights went to meet
them: under the model Var s_g = I_g - I_g J I_g. CR2 (Bell and McCaffrey 2002) asks for A_g with A_g Var(s_g) A_g' = I_g; here in the metric
of J, A_g = J^-1/2 (1 - H_g)^-1/2 J^1/2 with H_g = J^1/2 I_g J^1/2. The robust covariance is V = J (sum_g A_g s_g s_g' A_g') J. The variance
V_kk of a weight is then a quadratic form in the scores; matched to a multiple of chi^2 by its first two moments under the model
(Satterthwaite 1946) it has

    df_k = (tr W)^2 / tr W^2,   W_gh = a_g' (delta_gh I_g - I_g J I_h) a_h,   a_g = A_g' J e_k

degrees of freedom, and the interval is by Student's t with these. Where agents are many the corrections are next to nothing and I_g is
not asked for: V is multiplied by G / (G - 1), df = G - 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.engine import Control, run_all
from irlcore.fitting.likelihood import without_rises
from irlcore.fitting.problem import Batch, Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Group, Prepared

MANY = 60  # agents; beyond, the correction is below 1 % of an interval
WHOLE = 1e-6  # what is left of 1 - H_g where an agent alone tells something: it cannot be held against others


@dataclass(frozen=True, slots=True)
class Robust:
    """covariance (r, r); freedom (n,), degrees of freedom of each weight's variance; agents: how many, G."""

    covariance: np.ndarray
    freedom: np.ndarray
    agents: int


def agents_of(problem: Problem) -> tuple[np.ndarray, int]:
    """(N,) int64, the agent that each path belongs to, and how many there are; each path its own where ``clusters`` is None."""
    if problem.clusters is None:
        return np.arange(len(problem.paths)), len(problem.paths)
    labels, agent = np.unique(np.asarray(problem.clusters).astype(str), return_inverse=True)
    return agent, len(labels)


def information_of_agents(problem: Problem, point: np.ndarray, control: Control | None = None) -> np.ndarray | None:
    """I_g, (G, n, n) at ``point`` (n,): about one more evaluation, since the agents on the way to one goal share its values; None where
    agents are too many."""
    agent, count = agents_of(problem)
    if count > MANY:
        return None
    batches = problem.groups()
    if any(group.log_prior is not None for b in batches for group in b.groups):  # goals hang together by the trips that were cut off
        return np.array([problem.evaluate(point, _of_one(batches, agent == g), control).observed for g in range(count)])
    out, exact = np.zeros((count, len(point), len(point))), True
    for b in batches:
        judge = problem.model, problem.prepare(point, b.features.phi), b.features.phi, agent
        for agents, informations, known in run_all(_apart, b.groups, control, shared=judge):
            out[agents] += informations
            exact = exact and known
    return out if exact else np.array([without_rises(information) for information in out])


def _of_one(batches: list[Batch], mine: np.ndarray) -> list[Batch]:
    """The paths of each batch that ``mine`` (N,) bool marks."""
    parts = [replace(b, groups=[group.only(mine[group.index]) for group in b.groups if mine[group.index].any()]) for b in batches]
    return [b for b in parts if b.groups]


def _apart(judge: tuple[Rationality, Prepared, np.ndarray, np.ndarray], group: Group) -> tuple[np.ndarray, np.ndarray, bool]:
    """The agents (g,) of a group's trips, their informations (g, n, n), and whether these are exact; the last that judges is ``agent``
    (N,), the agent of every path."""
    model, prepared, phi, agent = judge
    agents, at = np.unique(agent[group.index], return_inverse=True)
    found = model.trips(prepared, replace(group, apart=True), phi)
    if len(agents) == 1:
        return agents, found.information[None], found.exact
    each = found.each
    if each is None and np.allclose(found.information, found.scores.T @ found.scores, rtol=1e-6, atol=0.0):
        each = found.scores[:, :, None] * found.scores[:, None, :]
    if each is None or found.exact:  # what a model sums over trips as it goes, it is asked for agent by agent
        parts = [model.trips(prepared, group.only(at == g), phi) for g in range(len(agents))]
        return agents, np.array([part.information for part in parts]), all(part.exact for part in parts)
    out = np.zeros((len(agents), *each.shape[1:]))
    np.add.at(out, at, each)
    return agents, out, False


def robust(inverse: np.ndarray, scores: np.ndarray, agent: np.ndarray, informations: np.ndarray | None, basis: np.ndarray) -> Robust:
    """The robust covariance in a basis (n, r) of the weights. inverse: J (r, r). scores: (N, r). agent: (N,). informations: (G, r, r) or
    None."""
    count = int(agent.max(initial=-1)) + 1
    summed = np.zeros((count, scores.shape[1]))
    np.add.at(summed, agent, scores)
    if informations is None or not len(inverse):
        moved = summed @ inverse
        return Robust(moved.T @ moved * (count / max(count - 1, 1)), np.full(len(basis), max(count - 1.0, 1.0)), count)
    values, vectors = np.linalg.eigh(inverse)
    root = vectors * np.sqrt(np.maximum(values, 0.0))  # root root' = J
    leverage = root.T @ informations @ root
    leverage /= np.maximum(1.0, np.linalg.eigvalsh(leverage.sum(axis=0)).max())  # they sum to 1 where J is of the same kind
    adjust = np.array([_inverse_root(one) for one in leverage])
    bent = np.einsum("gij,gj->gi", adjust, summed @ root)  # A_g s_g in the metric of J, (G, r)
    moved = bent @ root.T
    return Robust(moved.T @ moved, _freedom(basis @ root, leverage, adjust), count)


def _inverse_root(leverage: np.ndarray) -> np.ndarray:
    """(1 - H)^-1/2, nothing of it in directions that H takes whole."""
    values, vectors = np.linalg.eigh(np.eye(len(leverage)) - leverage)
    return np.asarray((vectors * np.where(values > WHOLE, 1.0 / np.sqrt(np.maximum(values, WHOLE)), 0.0)) @ vectors.T)


def _freedom(rows: np.ndarray, leverage: np.ndarray, adjust: np.ndarray) -> np.ndarray:
    """(n,) degrees of freedom of the variance along each of ``rows`` (n, r), 1 at least."""
    out = np.ones(len(rows))
    for k, row in enumerate(rows):
        a = np.einsum("gij,j->gi", adjust, row)
        led = np.einsum("gij,gj->gi", leverage, a)
        w = np.diag(np.einsum("gi,gi->g", a, led)) - led @ led.T
        squares = float((w**2).sum())
        out[k] = max(1.0, float(np.trace(w)) ** 2 / squares) if squares > 0.0 else 1.0
    return out
