"""The chain of a policy's trips that are still under way, by their number of steps.

A track that was cut off after n steps is compared with the model's own trips to a goal that have gone n steps as well, which are those that
did not arrive before. With w(s, s') the chance of a step, A_n(s) the chance that a trip from s is still under way after n - 1 steps and c
the amount of a step,

    A_n(s) = sum w A_n-1(s'),    w_n(s, s') = w A_n-1(s') / A_n(s),    A_0 = 1, and A_n = 0 at the goal for n > 0,
    E_n(s) = E[c + E_n-1(s')],   V_n(s) = E[V_n-1(s') + (c + E_n-1(s') - E_n(s))^2]     under w_n

(Doob's h-transform and the law of total variance). Only the latest of each is in memory. Agents without a destination never arrive: there
A_n = 1, and all walks of n steps count.
"""

from __future__ import annotations

import numpy as np

from irlcore.engine import checkpoint
from irlcore.rationality.seen import recorded_choices
from irlcore.rationality.solution import Solution
from irlcore.worlds.mdp import MDP

MOST_NUMBERS = 4_000_000
"""In one array over outcomes: columns are taken in blocks, so that many features do not fill memory."""


def moments_before_arrival(mdp: MDP, solution: Solution, amounts: np.ndarray, starts: np.ndarray,
                           lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance (n, K) of the totals of ``amounts`` (M, K), of the choices as they are recorded, over the first ``lengths`` (n,)
    steps of trips from ``starts`` (n,) that have not arrived before; NaN where there are none."""
    width = max(1, MOST_NUMBERS // max(len(mdp.successors), 1))
    blocks = [_moments(mdp, solution, amounts[:, k:k + width], starts, lengths) for k in range(0, amounts.shape[1], width)]
    if not blocks:
        return np.zeros((len(starts), 0)), np.zeros((len(starts), 0))
    mean, variance = (np.concatenate(parts, axis=1) for parts in zip(*blocks, strict=True))
    return mean, variance


def _moments(mdp: MDP, solution: Solution, amounts: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    owner, s, k = mdp.outcome_choice, mdp.n_states, amounts.shape[1]
    chance = solution.policy[owner] * mdp.probabilities
    kept = np.flatnonzero(chance > 0.0)
    chance, choice, after = chance[kept], recorded_choices(mdp)[kept], mdp.successors[kept]
    before = mdp.choice_state[choice]  # ascending, as outcomes stand by choice and choices by state
    first = np.flatnonzero(np.diff(before, prepend=-1))
    states, piece = before[first], np.repeat(np.arange(len(first)), np.diff(np.append(first, len(before))))
    out = np.full((len(starts), k), np.nan), np.full((len(starts), k), np.nan)
    alive, mean, variance, seen = np.ones(s), np.zeros((s, k)), np.zeros((s, k)), amounts[choice]
    order = np.argsort(lengths, kind="stable")
    reached = np.searchsorted(lengths[order], np.arange(int(lengths.max(initial=0)) + 2))
    for n in range(1, int(lengths.max(initial=0)) + 1 if len(states) else 0):
        checkpoint()
        weight = chance * alive[after]
        total = np.add.reduceat(weight, first)
        share = (weight / np.where(total > 0.0, total, 1.0)[piece])[:, None]
        ahead = seen + mean[after]
        middle = np.add.reduceat(share * ahead, first, axis=0)
        spread = np.add.reduceat(share * (variance[after] + (ahead - middle[piece]) ** 2), first, axis=0)
        alive, mean, variance = np.zeros(s), np.zeros((s, k)), np.zeros((s, k))
        alive[states] = total / max(float(total.max()), 1e-300)  # only how they compare matters, and they shrink with n
        mean[states], variance[states] = middle, spread
        ended = order[reached[n]:reached[n + 1]]
        under_way = alive[starts[ended]] > 0.0
        for result, values in zip(out, (mean, variance), strict=True):
            result[ended[under_way]] = values[starts[ended[under_way]]]
    return out
