"""Utility lost on the way: what the best way would have brought, less what the way taken did."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.errors import Infeasible
from irlcore.rationality.ahead import best_ways, is_tree
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.solution import Group, Prepared
from irlcore.worlds.limits import check_aim


def utility_gaps(prepared: Prepared, group: Group, last_state: np.ndarray) -> np.ndarray:
    """V*(start) less the return of each path and V* of where it ends (0 at the goal); inf where there is no way, NaN where V* does
    not exist (going round for ever would pay at gamma = 1)."""
    hard = replace(Boltzmann().prepare(prepared.mdp, prepared.reward, prepared.gamma), within=prepared.within)
    try:
        value = _values(hard, group, last_state)
    except Infeasible:
        return np.full(len(group.index), np.nan)
    lengths = np.diff(group.offsets)
    age = np.arange(group.offsets[-1]) - np.repeat(group.offsets[:-1], lengths)
    earned = np.add.reduceat(prepared.gamma**age * prepared.reward[group.choices], group.offsets[:-1])
    start = value[prepared.mdp.choice_state[group.choices[group.offsets[:-1]]]]
    end = value[last_state]
    gap = np.full(len(lengths), np.inf)
    sound = np.isfinite(start) & np.isfinite(end)
    gap[sound] = start[sound] - earned[sound] - prepared.gamma**lengths[sound] * end[sound]
    return gap


def _values(hard: Prepared, group: Group, last_state: np.ndarray) -> np.ndarray:
    """V* (S,) where the trips begin and end, at least. Raises ``Infeasible``."""
    if not is_tree(hard):
        return Boltzmann().solve(hard, group.goal_states).value
    first = hard.mdp.choice_state[group.choices[group.offsets[:-1]]]
    goal_states = check_aim(group.goal_states, hard.mdp.n_states, hard.gamma)
    return best_ways(hard, goal_states, None, np.unique(np.concatenate((first, last_state))).astype(np.uint32)).value
