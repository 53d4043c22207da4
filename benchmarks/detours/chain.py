"""Control: a first-order Markov chain of the links, the same whatever the goal; the sum of -log over a trip's steps.

It sees the links of a trip and their order, and no times.
"""

from __future__ import annotations

import numpy as np

from irlcore.worlds.mdp import MDP, Paths

PSEUDO = 1.0


class MarkovChain:
    """Turn shares of past trips, each turn counted once more than it was taken."""

    def __init__(self, mdp: MDP, past: Paths) -> None:
        taken = np.bincount(past.choices, minlength=mdp.n_choices) + PSEUDO
        self.nats = -np.log(taken / np.bincount(mdp.choice_state, taken, mdp.n_states)[mdp.choice_state])

    def summed(self, paths: Paths) -> np.ndarray:
        """(N,) nats."""
        return np.asarray(np.add.reduceat(self.nats[paths.choices], paths.offsets[:-1]))
