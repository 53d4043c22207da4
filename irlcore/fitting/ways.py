"""What the ways that agents could take tell apart, from data and features alone: no model, no weights, no unit has a say.

For the trips to one goal g let H (S, K) be the features to go along any one plan that gets there. A change of the weights by d shifts
every reward by phi d, and every choice on the way differs from the plan by the contrast

    E_m d,   E_m = phi_m + gamma P_m H - H[state of m]      (m a choice that can be met on the way from the trips' starts to g).

Where E d = 0 for all of them, phi d is a difference of potentials (Ng, Harada and Russell 1999): every way from a start to the goal
then brings the same, and no choice can tell d. These d are the flat directions, and they do not depend on which plan was taken. (A model
whose noise grows with costs has likelihoods that differ along d; but what noise alone tells is no want, and d is held there too.)

The spread G of the contrasts among the choices that trips met, all choices taken to be as likely, is what one could know of the weights
at most, in whatever units: where a fit's information falls far below it, choices have become certain (``separation``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order
from scipy.sparse.linalg import splu

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.fitting.problem import Problem
from irlcore.planning.graph import Graph, graph_of, reach
from irlcore.rationality.solution import Group
from irlcore.rationality.unfinished import known_and_cut

NOTHING = 1e-10  # of the largest features to go: what sums of so many numbers lose to rounding, and some
DEPENDENT = 1e-9  # singular value of contrasts scaled to length 1; a table of ten digits is told apart from its own rounding
SURELY = 1e-4  # singular value above which no more goals are asked whether a direction is flat


@dataclass(frozen=True, slots=True)
class Ways:
    """What can be told of K weights.

    scale: (K,) float64 > 0, size of each feature's contrasts; x = theta * scale has no unit. flat: (K, F) float64, orthonormal in x:
    the directions that nothing tells. spread: (K, K), G in x. decisions: how many choices trips made where there was more than one.
    """

    scale: np.ndarray
    flat: np.ndarray
    spread: np.ndarray
    decisions: int

    @property
    def alone(self) -> np.ndarray:
        """(K,) bool: features whose own weight nothing tells, whatever the others are."""
        return np.asarray((np.abs(self.flat) > 1.0 - 1e-9).any(axis=1))


def compare_ways(problem: Problem, control: Control | None = None) -> Ways:
    """The flat directions and the spread of a problem. Goals are asked until others cannot change the directions."""
    k = len(problem.names)
    triangle, size = np.zeros((k, k)), np.zeros(k)
    spread, decisions, asked = np.zeros((k, k)), 0.0, 0.0
    sure: np.ndarray | None = None
    on_the_way = 0
    for phi, group in [(batch.features.phi, group) for batch in problem.groups() for part in known_and_cut(batch.groups) for group in part]:
        if control is not None:
            control.check()
        found = _contrasts(problem, np.ascontiguousarray(phi, np.float64), group)
        size, on_the_way = np.maximum(size, found.size), on_the_way + len(found.contrasts)
        triangle = np.asarray(np.linalg.qr(np.vstack((triangle, found.contrasts)), mode="r"))
        spread, decisions, asked = spread + found.spread, decisions + found.decisions, asked + float(_counted(group).sum())
        sure = _for_sure(problem, triangle, size) if decisions else None
        if sure is not None:
            break
    if not on_the_way:  # no goal is within reach: the search says so better
        return Ways(np.ones(k), np.zeros((k, 0)), np.zeros((k, k)), round(decisions))
    scale, times = _scale(triangle, size), len(problem.paths) / asked
    flat = _flat(triangle, size, DEPENDENT) if sure is None else sure
    return Ways(scale, flat, times * spread / np.outer(scale, scale), round(times * decisions))


def _for_sure(problem: Problem, triangle: np.ndarray, size: np.ndarray) -> np.ndarray | None:
    """The flat directions where other goals cannot change them: there are none, or no reward at all changes along them. Else None."""
    scale = _scale(triangle, size)
    near = _flat(triangle, size, SURELY)
    for batch in problem.batches() if near.shape[1] else ():
        rewards = np.abs(batch.phi @ (near / scale[:, None])).max(axis=0, initial=0.0)
        if (rewards > NOTHING).any():
            return None
    return near


def need_a_choice(problem: Problem, ways: Ways) -> None:
    """FitError where nothing can be learned: there is one way on wherever the trips pass, or all ways are alike in every feature."""
    if not ways.decisions:
        raise FitError("Nothing can be learned from these tracks: wherever they pass there is only one way on towards the goal.",
                       "Add tracks of agents who had a choice, or check the directions of the links.")
    if ways.flat.shape[1] == len(ways.scale):
        raise FitError("Nothing can be learned from these tracks: every way that they could have taken has as much of "
                       f"{', '.join(problem.names)}.", "Add a feature in which the ways differ.")


def _scale(triangle: np.ndarray, size: np.ndarray) -> np.ndarray:
    """(K,) length of each feature's contrasts; of one that has none the size of what it sums to."""
    length = np.linalg.norm(triangle, axis=0)
    return np.where(length > NOTHING * size, length, np.where(size > 0.0, size, 1.0))


def _flat(triangle: np.ndarray, size: np.ndarray, small: float) -> np.ndarray:
    """(K, F) orthonormal: features told by nothing, one by one, and combinations of the others that add up to less than ``small``."""
    k, told = len(size), np.linalg.norm(triangle, axis=0) > NOTHING * size
    scaled = triangle / _scale(triangle, size)
    alone = np.eye(k)[:, ~told]
    if not told.any():
        return alone
    _, values, rows = np.linalg.svd(scaled[:, told])
    null = values <= small * values[0]
    together = np.zeros((k, int(null.sum())))
    together[told] = rows[null].T
    return np.column_stack((alone, together))


@dataclass(frozen=True, slots=True)
class _OfGoal:
    """contrasts: (n, K) of the choices on the way. size: (K,) of what they are made of. spread, decisions: as of ``Ways``, in the
    features' own units."""

    contrasts: np.ndarray
    size: np.ndarray
    spread: np.ndarray
    decisions: float


def _counted(group: Group) -> np.ndarray:
    """(n,) how much of a trip the group has: one that was cut off is in the groups of all its goals, by its prior."""
    return np.ones(len(group.index)) if group.log_prior is None else np.exp(group.log_prior)


def _contrasts(problem: Problem, phi: np.ndarray, group: Group) -> _OfGoal:
    graph = graph_of(problem.mdp)
    usable = reach(graph, group.goal_states, problem.gamma).usable
    met = np.flatnonzero(usable & within_reach(graph, usable, graph.choice_state[group.choices])[graph.choice_state])
    if problem.model.plans:
        to_go = _along_a_tree(graph, phi, problem.gamma, usable, group.goal_states) if graph.deterministic \
            else _at_random(graph, phi, problem.gamma, usable)
        next_to_go = to_go[graph.successors[met]] if graph.deterministic else graph.P[met] @ to_go
        contrasts = phi[met] + problem.gamma * next_to_go - to_go[graph.choice_state[met]]
    else:  # nothing ahead counts: the first choice of a state stands for its plan
        to_go = np.zeros((graph.n_states, phi.shape[1]))
        states, first = np.unique(graph.choice_state[met], return_index=True)
        to_go[states] = phi[met[first]]
        contrasts = phi[met] - to_go[graph.choice_state[met]]
    size = np.maximum(np.abs(phi).max(axis=0, initial=0.0), np.abs(to_go[graph.choice_state[met]]).max(axis=0, initial=0.0))
    counted = np.repeat(_counted(group), np.diff(group.offsets))
    seen = np.bincount(graph.choice_state[group.choices], counted, graph.n_states)[graph.choice_state[met]]
    ways_on = np.bincount(graph.choice_state[met], minlength=graph.n_states)
    share = seen / ways_on[graph.choice_state[met]]
    apart = contrasts.copy()
    if len(met):
        first = np.flatnonzero(np.diff(graph.choice_state[met], prepend=-1))  # choices stand by state
        count = np.diff(np.append(first, len(met)))
        apart -= np.repeat(np.add.reduceat(contrasts, first, axis=0) / count[:, None], count, axis=0)
    chosen = float(counted[ways_on[graph.choice_state[group.choices]] != 1].sum())
    return _OfGoal(contrasts, size, (apart * share[:, None]).T @ apart, chosen)


def within_reach(graph: Graph, usable: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """(S,) bool: states that usable choices can lead to from where trips were."""
    s = graph.n_states
    width = np.diff(graph.successor_offsets).astype(np.int64)
    outcome = np.repeat(usable, width)
    before = np.repeat(graph.choice_state, width)[outcome]
    begin = np.unique(starts).astype(np.int64)
    rows = np.concatenate((before.astype(np.int64), np.full(len(begin), s)))
    columns = np.concatenate((graph.successors[outcome].astype(np.int64), begin))
    links = sp.csr_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(s + 1, s + 1))
    found = np.zeros(s + 1, np.bool_)
    found[breadth_first_order(links, s, return_predecessors=False)] = True
    return found[:s]


def _along_a_tree(graph: Graph, phi: np.ndarray, gamma: float, usable: np.ndarray, goal_states: np.ndarray) -> np.ndarray:
    """Features to go (S, K) of a deterministic world along fewest steps; round and round where the goal is out of reach (gamma < 1).

    By doubling: after n rounds the sums reach 2^n steps ahead.
    """
    s = graph.n_states
    steps = _steps_to(graph, usable, goal_states)
    chosen = np.flatnonzero(usable)
    order = chosen[np.lexsort((steps[graph.successors[chosen]], graph.choice_state[chosen]))]
    state, first = np.unique(graph.choice_state[order], return_index=True)
    after, total = np.arange(s), np.zeros((s, phi.shape[1]))
    after[state], total[state] = graph.successors[order[first]], phi[order[first]]
    discount = np.full(s, 1.0)
    discount[state] = gamma
    while True:
        onward = after[after]
        moving = np.flatnonzero((onward != after) | (total[after] != 0.0).any(axis=1))
        if not len(moving) or discount[moving].max() < 1e-18:
            return total
        total, discount = total + discount[:, None] * total[after], discount * discount[after]
        after = onward


def _steps_to(graph: Graph, usable: np.ndarray, goal_states: np.ndarray) -> np.ndarray:
    """(S,) int64: fewest usable choices from each state to the goal; S where it is out of reach."""
    s, chosen = graph.n_states, np.flatnonzero(usable)
    rows = np.concatenate((graph.successors[chosen].astype(np.int64), np.full(len(goal_states), s)))
    columns = np.concatenate((graph.choice_state[chosen].astype(np.int64), goal_states.astype(np.int64)))
    links = sp.csr_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(s + 1, s + 1))
    order, before = breadth_first_order(links, s)
    steps = np.full(s + 1, s, np.int64)
    steps[s] = -1
    for state in order[1:]:
        steps[state] = steps[before[state]] + 1
    return steps[:s]


def _at_random(graph: Graph, phi: np.ndarray, gamma: float, usable: np.ndarray) -> np.ndarray:
    """Features to go (S, K) of a world by chance, of one who draws evenly among what keeps the goal within reach: one sparse system."""
    s, chosen = graph.n_states, np.flatnonzero(usable)
    count = np.bincount(graph.choice_state[chosen], minlength=s)
    share = sp.csr_array((1.0 / count[graph.choice_state[chosen]], (graph.choice_state[chosen].astype(np.int64), chosen)),
                         shape=(s, graph.n_choices))
    system = sp.csc_array(sp.eye_array(s) - gamma * (share @ graph.P))
    return np.asarray(splu(system).solve(np.ascontiguousarray(share @ phi)))
