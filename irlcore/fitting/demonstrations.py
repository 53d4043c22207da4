"""What was seen and what would be best, both as sums of features: all that an estimator without a likelihood looks at.

Feature expectations mu = E[sum over t of gamma^t phi] (Abbeel and Ng, *Apprenticeship learning via inverse reinforcement
learning*, ICML 2004, section 2): a path's value under weights w is w' mu. Those of what was seen are the mean over the paths;
those of weights are the mean, over the same starts and goals, of the features-to-go of the best plan under them.

Ours: features are divided by their root mean square over all choices, and mu by the mean discounted length of a path, so
that weights are told in one unit and mu is a mean step. Where the world moves by chance, a path's recorded choices are not
the ones meant (``rationality.seen``); ``meant_features`` makes up for that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np
from scipy.signal import lfilter

from irlcore.engine import Control, kept, run_all
from irlcore.errors import FitError, Infeasible
from irlcore.features.feature_set import PathFeatures
from irlcore.fitting.planned_walks import walks_under
from irlcore.fitting.problem import Problem
from irlcore.planning.costs import check_costs
from irlcore.planning.graph import Graph, graph_of, reached_by
from irlcore.planning.values import PolicyEvaluation, bellman_values, settled_plan, single_best
from irlcore.rationality.derivatives import sum_by_state
from irlcore.rationality.seen import first_alike, recorded_choices, told_apart
from irlcore.rationality.solution import Group
from irlcore.rationality.spread.plan import single_plan
from irlcore.worlds.goal_prior import unfinished
from irlcore.worlds.limits import check_goal_states, check_numbers
from irlcore.worlds.mdp import MDP

R = TypeVar("R")


@kept
@dataclass(frozen=True, slots=True, weakref_slot=True)
class SeenTrips:
    """Paths to one goal that are judged by the same features: firsts (n,) int64, the first step of each; states (C,) int64, choices
    (C,) int64 and discount (C,) gamma^t of every step; tails (C, K), the discounted features from each step to the end of its path;
    own (M, K), their scaled features where they are not the demonstrations'."""

    goal_states: np.ndarray
    firsts: np.ndarray
    states: np.ndarray
    choices: np.ndarray
    discount: np.ndarray
    tails: np.ndarray
    own: np.ndarray | None = None

    @property
    def starts(self) -> np.ndarray:
        """(n,) int64: the state each path starts from."""
        return np.asarray(self.states[self.firsts])


@kept
@dataclass(frozen=True, slots=True, weakref_slot=True)
class Demonstrations:
    """Paths in scaled features: phi (M, K) = features / scale, scale (K,), steps the mean discounted length of a path,
    expert (K,) the mean discounted features of a path over ``steps``. Weights w (K,) on phi are w / scale on the features.
    Paths with features of their own (``Problem.recounts``) are trips of their own. within: (S,) bool, where trips can come to."""

    mdp: MDP
    phi: np.ndarray
    gamma: float
    trips: list[SeenTrips]
    n_paths: int
    scale: np.ndarray
    steps: float
    expert: np.ndarray
    within: np.ndarray | None = None

    def phi_of(self, trips: SeenTrips) -> np.ndarray:
        """(M, K): the scaled features that some trips are judged by."""
        return self.phi if trips.own is None else trips.own


def demonstrations_of(problem: Problem) -> Demonstrations:
    """The paths of a problem, grouped by goal, with their discounted features; those that were cut off are left out, since what would have
    been best hangs on a goal that nobody saw. FitError where no other is left."""
    problem = with_known_goals(problem)
    size = np.sqrt(np.mean(problem.phi**2, axis=0))
    scale = np.where(size > 0.0, size, 1.0)
    phi = np.ascontiguousarray(problem.phi / scale)
    trips = []
    for batch in problem.groups():
        own = None if batch.features.phi is problem.phi else np.ascontiguousarray(batch.features.phi / scale)
        judged = phi if own is None else own
        seen = meant_features(problem.mdp, judged, np.concatenate([group.choices for group in batch.groups]))
        trips += [_trips(problem, group, own, judged if seen is None else seen) for group in batch.groups]
    n = len(problem.paths)
    steps = float(sum(t.discount.sum() for t in trips)) / n
    total = np.sum([t.tails[t.firsts].sum(axis=0) for t in trips], axis=0)
    return Demonstrations(problem.mdp, phi, problem.gamma, trips, n, scale, steps, total / n / steps,
                          reached_by(problem.mdp, problem.paths))


def with_known_goals(problem: Problem) -> Problem:
    """The problem without the paths that were cut off before they arrived. FitError where there is no other."""
    known = np.flatnonzero(~unfinished(problem.paths))
    if len(known) == len(problem.paths):
        return problem
    if not len(known):
        raise FitError("Every track was cut off before it arrived, and this way of finding weights needs tracks whose goals are known.",
                       "Use maximum likelihood, which looks at all goals that a track may have had.")
    return with_paths(problem, known)


def with_paths(problem: Problem, index: np.ndarray) -> Problem:
    """The problem with some of its paths alone, ``index`` (n,) int64, each once."""
    row = np.full(len(problem.paths), -1)
    row[index] = np.arange(len(index))
    parts = [(part, row[part.index] >= 0) for part in problem.recounts]
    recounts = tuple(PathFeatures(row[part.index[kept]], part.phi) for part, kept in parts if kept.any())
    clusters = None if problem.clusters is None else problem.clusters[index]
    return replace(problem, paths=problem.paths.take(index), recounts=recounts, clusters=clusters)


def _trips(problem: Problem, group: Group, own: np.ndarray | None, seen: np.ndarray) -> SeenTrips:
    states, firsts = problem.mdp.choice_state[group.choices], group.offsets[:-1]
    tails = seen[group.choices]
    for first, last in zip(firsts, group.offsets[1:], strict=True):
        tails[first:last] = lfilter([1.0], [1.0, -problem.gamma], tails[first:last][::-1], axis=0)[::-1]
    place = np.arange(len(states)) - np.repeat(firsts, np.diff(group.offsets))
    return SeenTrips(group.goal_states, firsts, states, group.choices, problem.gamma**place.astype(np.float64), tails, own)


def meant_features(mdp: MDP, phi: np.ndarray, choices: np.ndarray) -> np.ndarray | None:
    """psi (M, K) with E[psi(recorded choice) | choice meant] = phi(choice meant), filled in at the states of ``choices``.

    Unbiased features of what was meant, from what was recorded (ours): with B[c, m] the chance that m is recorded as c,
    psi solves B' psi = phi at each state, by least squares where two choices lead alike: parallel choices, which are not told
    apart, have the mean of their features. None where what is recorded is what was meant.
    """
    if told_apart(mdp):
        return None
    recorded, own, alike = recorded_choices(mdp), mdp.outcome_choice, first_alike(mdp)
    out = phi.copy()
    for state in np.unique(mdp.choice_state[choices]):
        first, last = mdp.choice_offsets[state], mdp.choice_offsets[state + 1]
        edges = slice(mdp.successor_offsets[first], mdp.successor_offsets[last])
        confusion = np.zeros((last - first, last - first))
        np.add.at(confusion, (recorded[edges] - first, own[edges] - first), mdp.probabilities[edges])
        out[first:last] = np.linalg.lstsq(confusion.T, phi[first:last])[0][alike[first:last] - first]
    return out


def features_to_go(graph: Graph, phi: np.ndarray, reward: np.ndarray, gamma: float,
                   goal_states: np.ndarray, within: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Discounted features (S, K) of phi (M, K) along the best plan for ``reward`` (M,), and its value (S,).

    The value is -inf, and the features 0, where there is no plan. Without goal states the agent goes on for ever, which needs
    gamma < 1. within: (S,) bool as in ``settled_plan``. Raises ``Infeasible`` where no finite value exists.
    """
    check_numbers("columns", phi, (graph.n_choices, -1))
    if graph.deterministic and gamma == 1.0:
        goal_states = check_goal_states(goal_states, graph.n_states)
        plan = settled_plan(graph, reward, goal_states, None, None, within)
        # one way, not the mean of several as good ones: a mixture of plans is made of such corners
        return single_plan(graph, reward, plan, goal_states).push(phi), plan.value
    found = bellman_values(graph, reward, gamma, goal_states, soft=False)
    chosen = single_best(graph, found.q)
    features = sum_by_state(graph, chosen[:, None] * phi)
    return PolicyEvaluation(graph, chosen, gamma, found.reach, goal_states).solve(features), found.value


def planned_features(demonstrations: Demonstrations, weights: np.ndarray, control: Control | None = None) -> np.ndarray:
    """(K,): the expert's counterpart under ``weights`` (K,): mean discounted features of the best plans from the same starts to
    the same goals, over the same ``steps``; those who have no goal make as many steps as were seen. Raises ``Infeasible`` where weights
    have no best plan."""
    d = demonstrations
    return np.asarray(np.sum(for_each_goal(d, weights, partial(_planned, weights), control), axis=0) / d.n_paths / d.steps)


def _planned(weights: np.ndarray, d: Demonstrations, trips: SeenTrips, to_go: np.ndarray, value: np.ndarray) -> np.ndarray:
    """(K,), summed over the trips to one goal."""
    if not len(trips.goal_states):
        phi, lengths = d.phi_of(trips), np.diff(np.append(trips.firsts, len(trips.states)))
        return walks_under(graph_of(d.mdp), phi, phi @ weights, d.gamma, value, trips.starts, lengths)
    return np.asarray(to_go[trips.starts].sum(axis=0))


def random_choice(demonstrations: Demonstrations, weights: np.ndarray, control: Control | None = None) -> np.ndarray:
    """(K,): how the features to come change, on average over the steps seen, where one choice is drawn evenly instead of being
    the best under ``weights`` (K,), which then lead on. Choices from which the goal is out of reach are not drawn."""
    d = demonstrations
    return np.asarray(np.sum(for_each_goal(d, weights, _drawn_once, control), axis=0) / d.n_paths / d.steps)


def _drawn_once(d: Demonstrations, trips: SeenTrips, to_go: np.ndarray, value: np.ndarray) -> np.ndarray:
    """(K,), summed over the steps to one goal."""
    graph = graph_of(d.mdp)
    sure = sure_choices(graph, value)
    q = np.where(sure[:, None], d.phi_of(trips) + d.gamma * (graph.P @ to_go), 0.0)
    count = np.maximum(np.bincount(d.mdp.choice_state[sure], minlength=graph.n_states), 1)
    change = sum_by_state(graph, q) / count[:, None] - to_go
    return np.asarray(trips.discount @ change[trips.states])


def sure_choices(graph: Graph, value: np.ndarray) -> np.ndarray:
    """(M,) bool: choices all of whose successors have a finite value (S,)."""
    return np.asarray(graph.P @ (~np.isfinite(value)).astype(np.float64) == 0.0)


def for_each_goal(demonstrations: Demonstrations, weights: np.ndarray,
                  work: Callable[[Demonstrations, SeenTrips, np.ndarray, np.ndarray], R], control: Control | None = None) -> list[R]:
    """``work(demonstrations, trips, features to go (S, K), value (S,))``, a function of a module, of every goal under ``weights`` (K,),
    goals side by side.

    Raises ``Infeasible`` where no plan is best, or a start has no sure way to its goal.
    """
    return run_all(_for_goal, demonstrations.trips, control, shared=(demonstrations, weights, work))


def _for_goal(asked: tuple[Demonstrations, np.ndarray, Callable[[Demonstrations, SeenTrips, np.ndarray, np.ndarray], R]],
              trips: SeenTrips) -> R:
    d, weights, work = asked
    graph, phi = graph_of(d.mdp), d.phi_of(trips)
    reward = phi @ weights
    if d.gamma == 1.0:
        check_costs(graph, reward, trips.goal_states, d.within)
    to_go, value = features_to_go(graph, phi, reward, d.gamma, trips.goal_states, d.within)
    lost = trips.states[~np.isfinite(value[trips.states])]
    if len(lost):
        where = "to the goal" if len(trips.goal_states) else "on"
        raise Infeasible(f"From state {lost[0]} there is no sure way {where}, so there is no best way to compare with.",
                         "Use gamma below 1, or a world without slip.")
    return work(d, trips, to_go, value)
