"""Directions along which the likelihood never falls, by linear programmes on data and features alone.

Let d be a change of the weights. Under t d with t without end every choice becomes the best one under phi d; so the likelihood of the trips
does not fall if and only if each of them takes a best way under phi d to its goal g, that is if there are values V_g with

    V_g(s) >= phi_m d + gamma V_g(next)  for every choice m on the way,  with equality for those that trips made,  V_g(g) = 0

(deterministic worlds; by chance, P_m V_g; for a model that plans nothing without V_g(next)). These d are a cone, the recession cone of the
likelihood (Albert and Anderson 1984 for the logit, where it tells complete and quasi-complete separation; Rockafellar 1970, section 8).
Where no choice may pay (hard values at gamma = 1), phi d <= 0 too, and a weight whose sign is held cannot grow through 0.

Values and cycles bound what MaxEnt needs too: under such d no cycle pays, so that its values stay finite.

What the cone spans is found by a random linear form on what is not yet spanned: unless all of the cone lies where the form is 0, which has
no chance, its largest or its smallest value on the cone within a box is not 0, and gives a new direction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from irlcore.fitting.problem import Problem
from irlcore.fitting.ways import Ways, within_reach
from irlcore.planning.graph import graph_of, reach
from irlcore.rationality.unfinished import known_and_cut
from irlcore.worlds.goal_prior import unfinished

SMALL, LARGE = 2_000, 20_000  # rows: solved as a matter of course (some ten milliseconds each), and at all (a second or two each)
FOUND = 1e-4  # of the box; a programme's own tolerance is 1e-7
SEED = 1970


@dataclass(frozen=True, slots=True)
class Programme:
    """Rows of the cone in (x, V), x = theta * scale: at_most @ v <= 0, equal @ v = 0. complete: whether all goals are in it."""

    at_most: sp.csr_array
    equal: sp.csr_array
    complete: bool


def programme(problem: Problem, ways: Ways, most: int) -> Programme | None:
    """The rows of as many goals as ``most`` rows allow, those with most trips first; None where not one fits."""
    graph, k = graph_of(problem.mdp), len(ways.scale)
    # a track that was cut off takes a best way to any one of its goals, which is no cone: the likelihood decides where there are such
    groups = sorted(((b.features.phi, g) for b in problem.groups() for g in known_and_cut(b.groups)[0]), key=lambda one: -len(one[1].index))
    parts: list[tuple[sp.csr_array, np.ndarray]] = []
    rows, values, complete = 0, 0, not unfinished(problem.paths).any()
    for phi, group in groups:
        usable = reach(graph, group.goal_states, problem.gamma).usable
        states = within_reach(graph, usable, graph.choice_state[group.choices])
        met = np.flatnonzero(usable & states[graph.choice_state])
        if rows + len(met) > most:
            complete = False
            break
        states[group.goal_states] = False
        parts.append((_rows(problem, ways, phi, met, np.flatnonzero(states), values), np.isin(met, group.choices)))
        rows, values = rows + len(met), values + int(states.sum())
    if not parts:
        return None
    matrices = [_widened(matrix, k + values) for matrix, _ in parts]
    whole, made = sp.csr_array(sp.vstack(matrices)), np.concatenate([chosen for _, chosen in parts])
    at_most = whole[~made]
    if problem.model.costs_only and problem.gamma == 1.0 and not problem.mdp.deterministic:  # as ``Problem.cost_rows``
        stacked = np.concatenate([problem.phi, *(part.phi for part in problem.recounts)]) / ways.scale
        at_most = sp.csr_array(sp.vstack((at_most, _widened(sp.csr_array(np.unique(stacked, axis=0)), k + values))))
    return Programme(at_most, whole[made], complete)


def _rows(problem: Problem, ways: Ways, phi: np.ndarray, met: np.ndarray, states: np.ndarray, before: int) -> sp.csr_array:
    """phi_m d + gamma P_m V - V[state of m] for the choices ``met``; V of ``states`` stands behind ``before`` other values."""
    graph, n = graph_of(problem.mdp), problem.mdp.n_states
    here = sp.csr_array((np.ones(len(met)), (np.arange(len(met)), graph.choice_state[met].astype(np.int64))), shape=(len(met), n))
    ahead = problem.gamma * graph.P[met] if problem.model.plans else sp.csr_array((len(met), n))
    change = sp.csc_array(ahead - here)[:, states]
    return sp.csr_array(sp.hstack((sp.csr_array(phi[met] / ways.scale), sp.csr_array((len(met), before)), change)))


def _widened(matrix: sp.csr_array, columns: int) -> sp.csr_array:
    return sp.csr_array((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], columns))


def rising_directions(rows: Programme, ways: Ways, lower: np.ndarray, upper: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """(K, D) in x: directions that span the cone beside the flat ones. lower, upper: (K,) bounds of the weights. inside: (K,) bool,
    those that are not held at one."""
    k, n = len(ways.scale), rows.equal.shape[1]
    box = [(0.0 if not free or np.isfinite(low) else -1.0, 0.0 if not free or np.isfinite(high) else 1.0)
           for low, high, free in zip(lower, upper, inside, strict=True)]
    flat = sp.csr_array(ways.flat.T)
    equal = sp.csr_array(sp.vstack((rows.equal, _widened(flat, n)))) if flat.shape[0] else rows.equal
    rng, found = np.random.default_rng(SEED), np.zeros((k, 0))
    while True:
        spanned = np.column_stack((ways.flat, found, np.eye(k)[:, ~inside]))
        left = np.eye(k)
        if spanned.shape[1]:
            left = np.linalg.svd(spanned, full_matrices=True)[0][:, np.linalg.matrix_rank(spanned, tol=1e-6):]
        if not left.shape[1]:
            return found
        form = left @ rng.standard_normal(left.shape[1])
        form /= np.linalg.norm(form)
        new = [x for sign in (-1.0, 1.0) if (x := _farthest(rows.at_most, equal, sign * form, box)) is not None]
        if not new:
            return found
        found = np.column_stack((found, *new))


def _farthest(at_most: sp.csr_array, equal: sp.csr_array, form: np.ndarray, box: list[tuple[float, float]]) -> np.ndarray | None:
    """x (K,) of the cone within the box where ``form`` is least; None where that is 0."""
    n, k = equal.shape[1], len(form)
    solved = linprog(np.append(form, np.zeros(n - k)), A_ub=at_most if at_most.shape[0] else None,
                     b_ub=np.zeros(at_most.shape[0]) if at_most.shape[0] else None, A_eq=equal, b_eq=np.zeros(equal.shape[0]),
                     bounds=[*box, *[(None, None)] * (n - k)], method="highs")
    if solved.x is None or solved.fun > -FOUND:
        return None
    x = np.where(np.abs(solved.x[:k]) > FOUND * np.abs(solved.x[:k]).max(), solved.x[:k], 0.0)
    return np.asarray(x / np.abs(x).max())
