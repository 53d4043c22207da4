"""How much worse a trip went by the weights than the model itself expects, and how much worse its own trips go.

With s_i = d l_i / d theta, the score of trip i, u_i = -theta's_i says how much sharper or blunter agents would have to choose for this
trip to fit: its expectation under the model is 0, whatever the model of rationality (a score has mean 0). Under MaxEnt at gamma = 1, where
nothing slips, it is exactly the trip's -log P less its expectation: what it paid more than trips from its start to its goal do. Trips are
of different lengths, so it is told in standard deviations, the root of E[u^2] as a function of the expected surprise -l_i - u_i, which is
fitted to trips drawn from the model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import nnls

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.features.feature_set import PathFeatures
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.seen import drawn_alike
from irlcore.rationality.solution import Group, Prepared, Solution
from irlcore.worlds.mdp import MDP, Paths, choices_between

SEED = 20121
FEWEST_DRAWN, MOST_DRAWN = 1000, 2000  # trips of the model's own: a tail of 1 in 100 is known to a third, and a round takes seconds at most
SMALLEST = 1e-9  # nats; what is below is no loss
LONGER = 20  # times the longest trip seen: one that is drawn longer has lost its way, and is drawn no further


@dataclass(frozen=True, slots=True)
class Losses:
    """How much worse trips went than expected, in standard deviations: seen (N,) float64 of a problem's paths, own (m,) of trips drawn from
    the model between the same places."""

    seen: np.ndarray
    own: np.ndarray


def losses(problem: Problem, point: np.ndarray, control: Control | None = None, after: np.ndarray | None = None) -> Losses:
    """Of a problem's paths at weights and own parameters ``point`` (K + P,). The draws are the same every time, whatever the order of
    paths. after: (N,) bool, the paths that are drawn after; all where None. FitError where none of these has a goal that is known and can
    be drawn to."""
    drawn = own_trips(problem if after is None else taken(problem, after), point, control)
    (seen, about), (own, of_own) = (_worse(one, point, control) for one in (problem, drawn))
    unit = max(float(of_own.mean()), SMALLEST)
    shares, _ = nnls(_powers(of_own / unit), own**2)  # a smooth law: it hangs on no order, and little on any one trip
    return Losses(*(np.where(np.abs(u) <= SMALLEST, 0.0, u / np.maximum(np.sqrt(_powers(e / unit) @ shares), SMALLEST))
                    for u, e in ((seen, about), (own, of_own))))


def _powers(expected: np.ndarray) -> np.ndarray:
    """(n, 3): what the spread of losses may grow with, from the surprise (n,) that is expected."""
    expected = np.maximum(expected, 0.0)
    return np.column_stack((np.ones(len(expected)), expected, expected**2))


def _worse(problem: Problem, point: np.ndarray, control: Control | None) -> tuple[np.ndarray, np.ndarray]:
    """u (N,) of a problem's paths, and the surprise (N,) that was expected of them, nats."""
    found, k = problem.evaluate(point, problem.groups(), control), len(problem.names)
    worse = -(found.scores[:, :k] @ point[:k])
    return worse, -found.loglik - worse


def taken(problem: Problem, kept: np.ndarray) -> Problem:
    """The problem of the paths that ``kept`` (N,) bool marks, each judged by the same features as before."""
    if kept.all():
        return problem
    place = np.cumsum(kept) - 1
    recounts = [PathFeatures(place[part.index[kept[part.index]]], part.phi) for part in problem.recounts]
    return replace(problem, paths=problem.paths.take(np.flatnonzero(kept)), recounts=tuple(part for part in recounts if len(part.index)),
                   clusters=None if problem.clusters is None else np.asarray(problem.clusters)[kept])


def own_trips(problem: Problem, point: np.ndarray, control: Control | None = None) -> Problem:
    """The same problem with trips drawn from the model at ``point`` (K + P,), from where its paths start to where they go; walks without a
    destination are as long as those seen. Each is judged by the features of the path that it is drawn after; paths that were cut off
    are not drawn after."""
    control, many = control or Control(), len(problem.paths)
    copies, one_in = max(1, -(-FEWEST_DRAWN // max(many, 1))), max(1, -(-many // MOST_DRAWN))
    states: list[list[int]] = []
    made: list[np.ndarray] = []
    goal: list[int] = []
    judged: list[int] = []
    batches = problem.groups()
    for k, batch in enumerate(batches):
        prepared = problem.prepare(point, batch.features.phi)
        for g, group in enumerate(one for one in batch.groups if one.log_prior is None):
            control.step(k * len(batch.groups) + g, len(batches) * len(batch.groups), "drawing trips of the model's own")
            # each goal has numbers of its own, and each trip at each step: where weights move a little, hardly any trip changes
            seed = [SEED, k, int(group.goal_states.min(initial=problem.mdp.n_states))]
            trips, policy = _drawn(problem, prepared, group, copies, one_in, np.random.default_rng(seed))
            made.append(drawn_alike(problem.mdp, policy, _ways(problem.mdp, trips), np.random.default_rng([*seed, 1])))
            for trip in trips:
                states.append(trip)
                goal.append(int(problem.paths.goal[group.index[0]]))
                judged.append(k)
    if not states:
        raise FitError("No trip can be drawn from this model between the places that these tracks lead between, so nothing tells how "
                       "strange a normal one may be.", "Use maximum likelihood, or name where tracks that were cut off were going.")
    paths = _paths_of(problem, states, np.concatenate(made), np.array(goal, np.int64))
    apart = [PathFeatures(np.flatnonzero(np.array(judged) == k), batch.features.phi) for k, batch in enumerate(batches)]
    return replace(problem, paths=paths, recounts=tuple(part for part in apart if len(part.index)), clusters=None)


def _drawn(problem: Problem, prepared: Prepared, group: Group, copies: int, one_in: int,
           rng: np.random.Generator) -> tuple[list[list[int]], np.ndarray]:
    """States of trips to one goal, ``copies`` after one in ``one_in`` of the group's, in an order that hangs on where they start alone; and
    the policy (M,) that they were drawn from."""
    model, mdp = problem.model, problem.mdp
    starts, lengths = mdp.choice_state[group.choices[group.offsets[:-1]]], np.diff(group.offsets)
    order = np.lexsort((lengths, starts))[int(rng.integers(one_in))::one_in]
    if not len(order):
        return [], np.zeros(mdp.n_choices)
    solution, roams = model.solve(prepared, group.goal_states), not len(group.goal_states)
    starts, lengths = np.repeat(starts[order], copies), np.repeat(lengths[order], copies)
    limit = lengths if roams else np.full(len(starts), LONGER * int(lengths.max()))
    if type(model).sample is Rationality.sample:  # one policy: all walk side by side
        return _side_by_side(mdp, solution, starts, limit, rng), solution.policy
    trips = [model.sample(prepared, solution, int(start), rng, int(n)) for start, n in zip(starts, limit, strict=True)]
    return [trip for trip in trips if len(trip) > 1], solution.policy


def _side_by_side(mdp: MDP, solution: Solution, starts: np.ndarray, limit: np.ndarray, rng: np.random.Generator) -> list[list[int]]:
    """States of one trip from each of ``starts`` (n,) by the solution's policy, of at most ``limit`` (n,) steps; without those that came
    to no goal where there is one, or got stuck."""
    summed = np.concatenate(([0.0], np.cumsum(solution.policy)))
    outcomes = np.concatenate(([0.0], np.cumsum(mdp.probabilities)))
    arrived = np.zeros(mdp.n_states, bool)
    arrived[solution.goal_states] = True
    at, under_way, gone = starts.astype(np.int64), np.arange(len(starts)), [starts.astype(np.int64)]
    lost = np.zeros(len(starts), bool)
    for step in range(int(limit.max(initial=0))):
        under_way = under_way[(step < limit[under_way]) & ~arrived[at[under_way]]]
        if not len(under_way):
            break
        here = at[under_way]
        chance = rng.random((2, len(starts)))
        choice, stuck = _drawn_of(summed, mdp.choice_offsets[here], mdp.choice_offsets[here + 1], chance[0, under_way])
        lost[under_way[stuck]] = True
        under_way, choice = under_way[~stuck], choice[~stuck]
        outcome, _ = _drawn_of(outcomes, mdp.successor_offsets[choice], mdp.successor_offsets[choice + 1], chance[1, under_way])
        at[under_way] = mdp.successors[outcome]
        gone.append(np.full(len(starts), -1))
        gone[-1][under_way] = at[under_way]
    lost |= ~arrived[at] & bool(len(solution.goal_states))
    walked = np.array(gone).T
    return [row[row >= 0].tolist() for row in walked[~lost & (walked[:, 1:] >= 0).any(axis=1)]]


def _drawn_of(summed: np.ndarray, first: np.ndarray, last: np.ndarray, chance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One entry of each range ``first`` to ``last`` (n,), by shares whose running sum ``summed`` is and even numbers ``chance`` (n,); and
    which ranges have no share."""
    whole = summed[last] - summed[first]
    wanted = summed[first] + chance * whole
    drawn = np.searchsorted(summed, wanted, side="right") - 1
    return np.clip(drawn, first, np.maximum(last - 1, first)), whole <= 0.0


def _ways(mdp: MDP, states: list[list[int]]) -> np.ndarray:
    """The choices that lead from each state of the trips to the next, of several the first."""
    before, after = (np.array([s for trip in states for s in trip[part]], np.int64) for part in (slice(None, -1), slice(1, None)))
    return choices_between(mdp, before, after)


def _paths_of(problem: Problem, states: list[list[int]], choices: np.ndarray, goal: np.ndarray) -> Paths:
    offsets = np.concatenate(([0], np.cumsum([len(trip) - 1 for trip in states]))).astype(np.int64)
    ids = np.array([str(i + 1) for i in range(len(states))], object)
    return Paths(ids, offsets, choices, np.array([trip[-1] for trip in states], np.int64), goal,
                 problem.paths.goals, past=problem.paths.past)
