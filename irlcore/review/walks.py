"""The chain of a policy's walks where nothing ends them, by their number of steps.

Agents without a destination do not arrive, so (I - W)^-1 of ``review.scores.Arrivals`` does not exist: the rows of W sum to 1. Their walks
are compared with the model's own of the *same number of steps* from the same start. With c the amount of a step as it is recorded, E_0 = 0
and V_0 = 0,

    E_n(s) = E[c + E_n-1(s')],    V_n(s) = E[V_n-1(s')] + E[(c + E_n-1(s') - E_n(s))^2]

(the law of total variance): a pass over the outcomes a step, up to the longest walk. Only the latest mean and variance are in memory; what
walks of n steps need is read off when n is reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from irlcore.engine import checkpoint
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.seen import log_seen, recorded_choices
from irlcore.rationality.solution import Group, Prepared, Solution
from irlcore.worlds.mdp import MDP

MOST_NUMBERS = 4_000_000
"""In one array over outcomes: columns are taken in blocks, so that many features do not fill memory."""


class Walks:
    """The chain of a policy's walks, of a solution without goal states."""

    def __init__(self, mdp: MDP, solution: Solution) -> None:
        owner = mdp.outcome_choice
        chance = solution.policy[owner] * mdp.probabilities
        kept = np.flatnonzero(chance > 0.0)
        self.n_states, self.n_choices = mdp.n_states, mdp.n_choices
        self.choice, self.after, self.chance = recorded_choices(mdp)[kept], mdp.successors[kept], chance[kept]
        self.before = mdp.choice_state[self.choice]
        self.by_state = sp.csr_array((self.chance, (self.before, np.arange(len(kept)))), shape=(mdp.n_states, len(kept)))

    def moments(self, amounts: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance (n, K) of the totals of ``amounts`` (M, K), of the choices as they are recorded, over walks of ``lengths``
        (n,) steps from ``starts`` (n,); NaN from where no walk leads on."""
        width = max(1, MOST_NUMBERS // max(len(self.choice), 1))
        blocks = [self._moments(amounts[:, k:k + width], starts, lengths) for k in range(0, amounts.shape[1], width)]
        if not blocks:
            return np.zeros((len(starts), 0)), np.zeros((len(starts), 0))
        mean, variance = (np.concatenate(parts, axis=1) for parts in zip(*blocks, strict=True))
        stuck = np.bincount(self.before, minlength=self.n_states)[starts] == 0
        mean[stuck], variance[stuck] = np.nan, np.nan
        return mean, variance

    def _moments(self, amounts: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seen, shape = amounts[self.choice], (self.n_states, amounts.shape[1])
        mean, variance = np.zeros(shape), np.zeros(shape)
        out = np.zeros((2, len(starts), shape[1]))
        for ended in _ended(lengths):
            checkpoint()
            total = seen + mean[self.after]
            mean = self.by_state @ total
            variance = self.by_state @ ((total - mean[self.before]) ** 2 + variance[self.after])
            out[0, ended], out[1, ended] = mean[starts[ended]], variance[starts[ended]]
        return out[0], out[1]

    def uses(self, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Expected number (M,) of times each choice is recorded, over walks of ``lengths`` (n,) steps from ``starts`` (n,)."""
        under_way: np.ndarray = np.zeros(self.n_states)
        visits = np.zeros(self.n_states)
        for begin in reversed(list(_ended(lengths))):  # those with most steps left set out first, so that all end together
            checkpoint()
            onward = np.bincount(self.after, self.chance * under_way[self.before], self.n_states)
            under_way = np.asarray(onward + np.bincount(starts[begin], minlength=self.n_states), np.float64)
            visits += under_way
        return np.bincount(self.choice, self.chance * visits[self.before], self.n_choices)


def _ended(lengths: np.ndarray) -> Iterator[np.ndarray]:
    """Which walks, (n,) indices, have 1, 2, 3, ... steps, up to the longest."""
    order = np.argsort(lengths, kind="stable")
    cuts = np.searchsorted(lengths[order], np.arange(1, int(lengths.max(initial=0)) + 2))
    return (order[a:b] for a, b in pairwise(cuts))


def walk_scores(prepared: Prepared, solution: Solution, group: Group) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and standard deviation (n,) of -log P, nats, over the model's own walks from where each of the group's walks starts, as long as
    it is; and the utility (n,) that each walk lost."""
    log_q = log_seen(prepared, solution)
    cost = np.where(np.isfinite(log_q), -log_q, 0.0)
    mean, variance = Walks(prepared.mdp, solution).moments(cost[:, None], starts_of(prepared.mdp, group), np.diff(group.offsets))
    return mean[:, 0], np.sqrt(variance[:, 0]), walk_losses(prepared, group)


def starts_of(mdp: MDP, group: Group) -> np.ndarray:
    """(n,) int64: where each of the group's walks starts."""
    return np.asarray(mdp.choice_state[group.choices[group.offsets[:-1]]])


def walk_losses(prepared: Prepared, group: Group) -> np.ndarray:
    """(n,) utility lost step by step, sum of V*(s) - Q*(s, m): what every choice lost against the best that could be made there, going on
    in the best way afterwards. Towards a goal at gamma = 1, where nothing slips, that is V*(start) less the return. inf where a choice
    leads where no walk can go on."""
    hard = Boltzmann().solve(Boltzmann().prepare(prepared.mdp, prepared.reward, prepared.gamma), group.goal_states)
    q = hard.q[group.choices]
    lost = np.where(np.isfinite(q), hard.value[prepared.mdp.choice_state[group.choices]] - np.where(np.isfinite(q), q, 0.0), np.inf)
    return np.asarray(np.add.reduceat(np.maximum(lost, 0.0), group.offsets[:-1]))
