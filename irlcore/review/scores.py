"""How strange each path is under a model of its class; higher is stranger.

With c(m) = -log q(m), q the chance of a step as it can be seen (``rationality.seen``; pi where nothing slips), a path's surprise is sum
c(m) less its expectation, over its standard deviation, under the model's own paths from the same start to the same goal. On the chain of
these paths, with W[s, s'] the chance of going from s to s', the mean is E = (I - W)^-1 E[c] and, by the law of total variance, the variance
is Var = (I - W)^-1 h with h(s) = E[(c + E(s') - E(s))^2]: one factorisation serves both.

Under a model that keeps one draw for a whole trip the steps hang together: there the mean and deviation are simulated to a stated error
(``review.kept``). Agents without a destination are compared with walks of as many steps (``review.walks``). Of tracks that were cut off
(``review.unfinished``) the steps are taken to hang together by the goal alone. Agents that plan nothing (``review.step_moments``) are held
against what could have been done where they were, and are so whether they came to the end or were cut off.
With gamma < 1 a policy may wander into places from where it never arrives. Observed paths did arrive, so the chain is conditioned on
arrival (Doob's h-transform); where arrival is certain this changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order

from irlcore.engine import Control, run_all
from irlcore.linear.chain import Chain
from irlcore.planning.krylov.ordered_chain import OrderedChain
from irlcore.rationality.base import Rationality
from irlcore.rationality.confined import covering
from irlcore.rationality.seen import log_seen, recorded_choices
from irlcore.rationality.solution import Group, Prepared, Solution, group_by_goal
from irlcore.review.kept.moments import kept_moments
from irlcore.review.step_moments import step_moments
from irlcore.review.stretch.worst import worst_stretches
from irlcore.review.unfinished import score_unfinished
from irlcore.review.utility_gaps import utility_gaps
from irlcore.review.walks import starts_of, walk_losses, walk_moments
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.goal_prior import with_the_one_goal
from irlcore.worlds.mdp import MDP, Paths

MANY_STATES = 5_000  # from which chains are summed along in rounds, where that comes close; factors cost less below
SMALLEST_DEVIATION = 1e-9  # nats; below it the model is certain of the way: taking it is no surprise, leaving it a huge one


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of N paths with C choices in all.

    surprise: (N,) float64, standard deviations above what the model expects; inf where a choice is impossible.
    utility_gap: (N,) float64, utility lost against the best way; NaN where the hard value does not exist.
    worst_stretch: (N,) float64, nats, by how much choosing at random explains some part of it better (``stretch.worst``).
    worst_start, worst_end: (N,) int64, that part: choices worst_start:worst_end of the path, from 0.
    step_surprise: (C,) float64, nats, -log of the chance of each step.
    loglik: (N,) float64, nats. expected, deviation: (N,) float64, nats, mean and standard deviation of -loglik
    under the model; NaN where the goal is out of reach from the start.
    """

    surprise: np.ndarray
    utility_gap: np.ndarray
    worst_stretch: np.ndarray
    worst_start: np.ndarray
    worst_end: np.ndarray
    step_surprise: np.ndarray
    loglik: np.ndarray
    expected: np.ndarray
    deviation: np.ndarray

    @property
    def improbability(self) -> np.ndarray:
        """(N,) float64, nats: -log of the chance of the whole path, which long paths have more of."""
        return -self.loglik


def score_paths(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> Scores:
    """Score every path against the model; goals are solved once each, side by side. Of a path that was cut off see ``unfinished``."""
    prepared = covering(model, prepared, paths)
    # who plans nothing is judged step by step, with what was known there: that the next step was not seen changes nothing of these
    paths = paths if model.plans else with_the_one_goal(paths, prepared.mdp)
    n = len(paths)
    steps = np.zeros(len(paths.choices))
    expected, deviation, gap = np.zeros(n), np.zeros(n), np.zeros(n)

    groups = group_by_goal(paths.take(known := np.flatnonzero(paths.goal >= 0)), known)
    parts = run_all(_judged, groups, control, "goal by goal", shared=(model, prepared, paths.last_state))
    for group, part in zip(groups, parts, strict=True):
        steps[_flat_positions(paths, group)], expected[group.index], deviation[group.index], gap[group.index] = part
    if len(known) < n:
        cut = score_unfinished(model, prepared, paths, control)
        steps[take_flat(paths.offsets, cut.index)[1]] = cut.steps
        expected[cut.index], deviation[cut.index], gap[cut.index] = cut.expected, cut.deviation, cut.gap
    loglik = -np.add.reduceat(steps, paths.offsets[:-1]) if n else np.zeros(0)
    worst, first, last = worst_stretches(prepared.mdp, paths.choices, paths.offsets, steps)
    return Scores(_standardise(-loglik, expected, deviation), gap, worst, first, last, steps, loglik, expected,
                  deviation)


def _judged(judge: tuple[Rationality, Prepared, np.ndarray], group: Group) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of a group's trips the surprise of every step (C,), what is expected of each trip and its deviation, and the utility gap (n,); the
    last that judges is where every path was last seen, (N,)."""
    model, prepared, last_state = judge
    solution = model.solve(prepared, group.goal_states)
    steps = -model.steps(prepared, solution, group)
    expected, deviation = (step_moments if not model.plans else expected_surprise)(model, prepared, solution, group)
    if not model.plans:  # nobody gave up a better way that nobody was looking for
        gap = np.full(len(group.index), np.nan)
    elif not len(group.goal_states):  # they roam
        gap = walk_losses(prepared, group)
    else:
        gap = utility_gaps(prepared, group, last_state[group.index])
    return steps, expected, deviation, gap


def joined_scores(parts: Sequence[tuple[np.ndarray, Scores]], paths: Paths) -> Scores:
    """Scores of all ``paths`` from those of disjoint parts of them: pairs (index (n,) into the paths, their scores)."""
    columns: dict[str, np.ndarray] = {}
    for field in fields(Scores):
        flat = field.name == "step_surprise"
        first = getattr(parts[0][1], field.name)
        out = columns[field.name] = np.zeros(len(paths.choices) if flat else len(paths), first.dtype)
        for index, scores in parts:
            out[take_flat(paths.offsets, index)[1] if flat else index] = getattr(scores, field.name)
    return Scores(**columns)


def _flat_positions(paths: Paths, group: Group) -> np.ndarray:
    """Where the choices of a group stand among all choices."""
    shift = paths.offsets[group.index] - group.offsets[:-1]
    return np.arange(group.offsets[-1]) + np.repeat(shift, np.diff(group.offsets))


def _standardise(observed: np.ndarray, expected: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    out = np.full(len(observed), np.inf)
    possible = np.isfinite(observed)
    off = observed[possible] - expected[possible]
    near = np.abs(off) <= SMALLEST_DEVIATION * np.maximum(1.0, np.abs(expected[possible]))
    out[possible] = np.where(near, 0.0, off / np.maximum(deviation[possible], SMALLEST_DEVIATION))
    return out


class Arrivals:
    """The chain of a policy's paths to one goal, given that they arrive, with I - W made ready to solve with (``linear.chain``).

    states: (n,) int64, the states with a way to the goal, goals left out.
    """

    def __init__(self, mdp: MDP, solution: Solution) -> None:
        owner = mdp.outcome_choice
        chance = solution.policy[owner] * mdp.probabilities
        reached = _can_arrive(mdp, solution.goal_states, owner, chance)
        kept = np.flatnonzero((chance > 0.0) & reached[mdp.successors])
        lost = bool(((chance > 0.0) & reached[mdp.choice_state[owner]] & ~reached[mdp.successors]).any())
        self.n_states, self.n_choices, self.goal_states = mdp.n_states, mdp.n_choices, solution.goal_states
        self.choice, self.after, self.chance = recorded_choices(mdp)[kept], mdp.successors[kept], chance[kept]
        self.before = mdp.choice_state[self.choice]
        reached[solution.goal_states] = False
        self.states = np.flatnonzero(reached)
        self.value = solution.value
        self.ordered: OrderedChain | None = None
        if lost:
            self._condition_on_arrival()
        self.chain = self._chain()

    def _condition_on_arrival(self) -> None:
        at_goal = np.zeros(self.n_states)
        at_goal[self.goal_states] = 1.0
        into_goal = np.bincount(self.before, self.chance * at_goal[self.after], self.n_states)
        self.chain = self._chain()
        arrive = at_goal + self.solve(into_goal[:, None])[:, 0]
        self.chance = self.chance * arrive[self.after] / arrive[self.before]

    def _chain(self) -> Chain | None:
        if not len(self.states):
            return None
        step = sp.csr_array((self.chance, (self.before, self.after)), shape=(self.n_states,) * 2)
        step = sp.csr_array(step[self.states][:, self.states])
        nearest = np.argsort(-self.value[self.states], kind="stable") if len(self.states) >= MANY_STATES else None
        self.ordered = None if nearest is None else OrderedChain(step, nearest)
        return Chain(step)

    def solve(self, right: np.ndarray, turned: bool = False) -> np.ndarray:
        """(I - W)^-1 of right sides (S, K): (S, K); turned: of the transpose. 0 at the goals and where there is no way."""
        out = np.zeros((self.n_states, right.shape[1]))
        if self.chain is not None:
            found = None if self.ordered is None else self.ordered.solve(right[self.states], turned)
            out[self.states] = self.chain.solve(right[self.states], turned) if found is None else found
        return out

    def moments(self, amounts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance (S, K) of the path totals of ``amounts`` (M, K), of the choices as they are recorded, from each
        state; NaN where there is no way to the goal."""
        mean = self.solve(self._mean_by_state(amounts[self.choice]))
        off = amounts[self.choice] + mean[self.after] - mean[self.before]
        variance = np.maximum(self.solve(self._mean_by_state(off**2)), 0.0)
        nowhere = np.ones(self.n_states, np.bool_)
        nowhere[self.states] = False
        nowhere[self.goal_states] = False
        mean[nowhere], variance[nowhere] = np.nan, np.nan
        return mean, variance

    def uses(self, starts: np.ndarray) -> np.ndarray:
        """Expected number (M,) of times each choice is recorded, over trips that start ``starts`` (S,) times in each state."""
        visits = self.solve(starts[:, None].astype(np.float64), turned=True)[:, 0]
        return np.bincount(self.choice, self.chance * visits[self.before], self.n_choices)

    def _mean_by_state(self, rows: np.ndarray) -> np.ndarray:
        weights = sp.csr_array((self.chance, (self.before, np.arange(len(self.before)))),
                               shape=(self.n_states, len(self.before)))
        out: np.ndarray = weights @ rows
        return out


def _can_arrive(mdp: MDP, goal_states: np.ndarray, owner: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """(S,) bool: the goal can be reached under the policy; goals included."""
    used = chance > 0.0
    source = mdp.n_states  # one more state behind all goals, to search backwards from
    rows = np.concatenate((mdp.successors[used], np.full(len(goal_states), source)))
    columns = np.concatenate((mdp.choice_state[owner[used]], goal_states))
    back = sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(source + 1,) * 2)
    found = breadth_first_order(back, source, return_predecessors=False)
    reached = np.zeros(source + 1, np.bool_)
    reached[found] = True
    return reached[:source]


def surprise_moments(prepared: Prepared, solution: Solution) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance (S,) of -log P(path), nats, over the model's own paths from each state."""
    log_q = log_seen(prepared, solution)
    cost = np.where(np.isfinite(log_q), -log_q, 0.0)
    mean, variance = Arrivals(prepared.mdp, solution).moments(cost[:, None])
    return mean[:, 0], variance[:, 0]


def expected_surprise(model: Rationality, prepared: Prepared, solution: Solution, group: Group) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (n,) of -log P, nats, over the model's own trips from where each of the group's starts: all that arrive
    at its goal, or of as many steps where they roam."""
    starts, kept, found = starts_of(prepared.mdp, group), model.log_kept(prepared, solution), None
    roam = not len(group.goal_states)
    if kept is not None and (kept != kept[:, :1]).any():  # where nobody errs all draws are one
        found = kept_moments(prepared.mdp, kept, group.goal_states, starts, np.diff(group.offsets) if roam else None)
        if found.sure.all():
            return found.mean, found.deviation
    if roam:
        mean, deviation = walk_moments(prepared, solution, group)
    else:
        mean, deviation = (of_state[starts] for of_state in surprise_moments(prepared, solution))
        deviation = np.sqrt(deviation)
    if found is None:
        return mean, deviation
    return found.mean, np.where(found.sure, found.deviation, np.fmax(found.deviation, deviation))
