"""The likeliest walk of so many steps, for agents without a destination.

Of all walks of n steps the most probable one: L_0 = 0, L_n(s) = max over the choices of log q + L_n-1 of where they lead most often. Where
several choices are as good the walk does what the track beside it did, so that it parts from it only where something else is likelier.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from irlcore.engine import checkpoint
from irlcore.rationality.seen import log_seen
from irlcore.rationality.solution import Prepared, Solution
from irlcore.worlds.mdp import MDP

MOST_STEPS = 1000
"""Steps that are looked ahead: what is likely at first hardly hangs on what comes so much later."""
ALIKE = 1e-9


def likeliest_walks(prepared: Prepared, solution: Solution, walks: Sequence[np.ndarray]) -> list[np.ndarray]:
    """For each of ``walks``, choices (n,) int64 each, the likeliest walk from the same start of as many steps, ``MOST_STEPS`` at most;
    shorter where it gets stuck. Values of every so many steps are kept and those between found anew, so that memory grows with the root
    of the steps."""
    mdp, log_q = prepared.mdp, log_seen(prepared, solution)
    counts = np.minimum([len(walk) for walk in walks], MOST_STEPS)
    longest = int(counts.max(initial=0))
    stride = max(1, int(np.sqrt(longest)))
    marks = [np.zeros(mdp.n_states)]
    while (len(marks) - 1) * stride < longest:
        marks.append(_ahead(mdp, log_q, marks[-1], stride)[-1])
    at = [int(mdp.choice_state[walk[0]]) for walk in walks]
    out: list[list[int]] = [[] for _ in walks]
    for mark in range(len(marks) - 2, -1, -1):
        ahead = _ahead(mdp, log_q, marks[mark], stride)
        for left in range(min((mark + 1) * stride, longest), mark * stride, -1):
            value = ahead[left - mark * stride - 1]
            for i, walk in enumerate(walks):
                if left <= counts[i] and len(out[i]) == counts[i] - left:
                    choice = _best(mdp, log_q, value, at[i], int(walk[len(out[i])]))
                    if choice >= 0:
                        out[i].append(choice)
                        at[i] = int(mdp.likeliest[choice])
    return [np.array(walk, np.int64) for walk in out]


def _ahead(mdp: MDP, log_q: np.ndarray, value: np.ndarray, steps: int) -> list[np.ndarray]:
    """``value`` (S,) and what it becomes with 1 ... ``steps`` more steps to go."""
    open_ended = np.flatnonzero(np.diff(mdp.choice_offsets))
    found = [value]
    for _ in range(steps):
        checkpoint()
        new = np.full(mdp.n_states, -np.inf)
        new[open_ended] = np.maximum.reduceat(log_q + found[-1][mdp.likeliest], mdp.choice_offsets[open_ended])
        found.append(new)
    return found


def _best(mdp: MDP, log_q: np.ndarray, value: np.ndarray, state: int, own: int) -> int:
    """The best choice of a state, ``own`` where it is one of this state and as good; -1 where none leads on."""
    here = np.arange(mdp.choice_offsets[state], mdp.choice_offsets[state + 1])
    ahead = log_q[here] + value[mdp.likeliest[here]]
    if not len(here) or not np.isfinite(ahead.max()):
        return -1
    top = float(ahead.max())
    good = here[ahead >= top - ALIKE * (1.0 + abs(top))]
    return own if own in good else int(good[0])
