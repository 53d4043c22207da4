"""Mean and spread of -log P over the trips of a model that keeps one draw for a whole trip, simulated to a stated error.

P(trip) = mean over R draws of the chance under each. Given its draw a trip is a Markov chain, but the logarithm of a mean does not
add up along the way, so no recursion over states gives its moments (that of the chain with the mean of the chances at each state is off:
10.4 where 8.1 is true). So trips are drawn, every draw equally often, and each is judged under all draws.

With N trips the standard error of the mean is at most 1/sqrt(N) of the standard deviation, and that of the deviation about
sqrt((kurtosis - 1) / 4N) of itself: more are drawn, up to ``MOST_ROUNDS`` times as many as ``LARGEST_ERROR`` asks for, until both are as
small as stated. Where even that is too few, since next to all trips take one way, the deviation is not below that of the chain. What is
drawn hangs on where a trip begins alone, not on what else is judged nor on how states are numbered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.engine import checkpoint
from irlcore.rationality.seen import confusion, recorded_choices, told_apart
from irlcore.review.kept import kernels
from irlcore.worlds.mdp import MDP

LARGEST_ERROR, LARGEST_SPREAD_ERROR = 0.0625, 0.1
"""Standard errors of the mean and of the deviation, in deviations."""
MOST_ROUNDS = 16
LONGEST = 2_000
"""Steps: a trip that takes more has not arrived. Those that have are what observed trips, which did, are compared with."""
SEED = np.uint64(20121)


@dataclass(frozen=True, slots=True)
class Simulated:
    """Of n starts: mean and deviation (n,) of -log P, nats, NaN where no trip arrives; sure (n,) bool, whether the deviation is known as
    well as stated."""

    mean: np.ndarray
    deviation: np.ndarray
    sure: np.ndarray


def trips_drawn(draws: int) -> int:
    """How many trips are drawn from each start at least, of a model with so many draws."""
    return draws * int(np.ceil(LARGEST_ERROR**-2 / draws))


def kept_moments(mdp: MDP, log_pi: np.ndarray, goal_states: np.ndarray, starts: np.ndarray, lengths: np.ndarray | None = None) -> Simulated:
    """Of trips from ``starts`` (n,) to the goal, with log choice probabilities log_pi (M, R) under each draw. lengths (n,): of walks of so
    many steps each, which have no goal."""
    is_goal = np.zeros(mdp.n_states, np.bool_)
    is_goal[goal_states] = True
    log_q, key, recorded, least = log_recorded(mdp, log_pi), _keys(mdp, log_pi), recorded_choices(mdp), trips_drawn(log_pi.shape[1])
    out = Simulated(np.full(len(starts), np.nan), np.full(len(starts), np.nan), np.zeros(len(starts), np.bool_))
    for start in np.unique(starts):
        mine = np.flatnonzero(starts == start)
        stops = np.zeros(0, np.int64) if lengths is None else np.unique(lengths[mine])
        longest, costs = LONGEST if lengths is None else int(stops[-1]), np.empty((0, max(1, len(stops))))
        while len(costs) < MOST_ROUNDS * least and not all(_settled(column) for column in costs.T):
            checkpoint()
            more = np.empty((3 * len(costs) if len(costs) else least, costs.shape[1]))
            kernels.draw_costs(int(start), np.uint64(mdp.ids[start]) ^ SEED, len(costs), stops, longest, mdp.choice_offsets,
                               mdp.successor_offsets, mdp.successors, mdp.probabilities, recorded, key, is_goal, log_pi, log_q, more)
            costs = np.concatenate((costs, more))
        at = np.zeros(len(mine), np.int64) if lengths is None else np.searchsorted(stops, lengths[mine])
        for column in np.unique(at):
            arrived = costs[np.isfinite(costs[:, column]), column]
            if len(arrived):
                into = mine[at == column]
                out.mean[into], out.deviation[into], out.sure[into] = arrived.mean(), arrived.std(), _settled(arrived)
    return out


def _settled(costs: np.ndarray) -> bool:
    """Whether their deviation is known well enough; not where all are alike, or none arrived."""
    costs = costs[np.isfinite(costs)]
    if not len(costs):
        return False
    off = costs - costs.mean()
    variance = float((off**2).mean())
    if np.sqrt(variance) <= 1e-9 * (1.0 + abs(float(costs.mean()))):
        return False
    return float((off**4).mean()) / variance**2 - 1.0 <= 4.0 * len(costs) * LARGEST_SPREAD_ERROR**2


def log_recorded(mdp: MDP, log_pi: np.ndarray) -> np.ndarray:
    """(M, R) log of the chance that each choice is recorded under each draw."""
    if told_apart(mdp):
        return log_pi
    with np.errstate(divide="ignore"):
        return np.ascontiguousarray(np.log(confusion(mdp) @ np.exp(log_pi)))


def _keys(mdp: MDP, log_pi: np.ndarray) -> np.ndarray:
    """(E,) uint64: what an outcome is: the state it leads to, and which of its state's outcomes that lead there. These are told apart by
    how likely they are: the order of choices is an accident of the table."""
    before, choice = mdp.choice_state[mdp.outcome_choice], mdp.outcome_choice
    order = np.lexsort((mdp.probabilities, log_pi[choice, 0], mdp.successors, before)) if mdp.derived(_has_twins) else np.lexsort(
        (mdp.successors, before))
    pair = before[order] * np.int64(mdp.n_states) + mdp.successors[order]
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    rank = np.empty(len(order), np.uint64)
    rank[order] = (np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))).astype(np.uint64)
    with np.errstate(over="ignore"):  # arithmetic modulo 2^64 is what is wanted
        return mdp.ids[mdp.successors] * kernels.STEP + rank * kernels.SECOND


def _has_twins(mdp: MDP) -> bool:
    """Whether two outcomes of a state lead to the same one."""
    pair = mdp.choice_state[mdp.outcome_choice] * np.int64(mdp.n_states) + mdp.successors
    return len(np.unique(pair)) < len(pair)
