"""Worlds small enough to list every path, for the tests of scores and reasons."""

from __future__ import annotations

import numpy as np

from irlcore.contracts.walks import all_paths, make_paths, one_way_mdp
from irlcore.worlds.mdp import MDP
from irlcore.worlds.world import World

__all__ = ["all_paths", "as_world", "make_paths", "one_way_mdp"]


def as_world(mdp: MDP) -> World:
    """A world whose places are its states, named "place 0", "place 1" ..."""
    n, m = mdp.n_states, mdp.n_choices
    names = np.array([f"place {i}" for i in range(n)], dtype=object)
    return World("network", mdp, "m", np.arange(n), names, np.full((n, 2), np.nan), np.zeros((0, 2)),
                 np.zeros(n + 1, np.int64), np.ones(m), np.zeros(m))
