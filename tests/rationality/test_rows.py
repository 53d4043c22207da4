"""The choices that the trips of each goal had, found for all goals at once, against one state after the other."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.rationality.ahead import rows_of, rows_of_all
from irlcore.rationality.solution import Group
from irlcore.worlds.mdp import MDP
from tests.rationality.worlds import grid_mdp


def some_groups(mdp: MDP, many: int, seed: int) -> list[Group]:
    """Trips of any length that make any choices: rows ask for nothing more."""
    rng, out = np.random.default_rng(seed), []
    for _ in range(many):
        offsets = np.concatenate(([0], np.cumsum(rng.integers(1, 9, rng.integers(1, 4)))))
        goals = np.unique(rng.integers(0, mdp.n_states, rng.integers(0, 3)))
        out.append(Group(goals, np.arange(len(offsets) - 1), offsets, rng.integers(0, mdp.n_choices, offsets[-1])))
    return out


@pytest.mark.parametrize("slip", [0.0, 0.2])
@pytest.mark.parametrize("seed", range(5))
def test_rows_of_many_goals_are_those_of_each(slip: float, seed: int) -> None:
    mdp = grid_mdp(4, 3, slip)
    groups = some_groups(mdp, 7, seed)
    for group, rows in zip(groups, rows_of_all(mdp, groups), strict=True):
        states = sorted({int(mdp.choice_state[m]) for m in group.choices})
        choices = [m for s in states for m in range(mdp.choice_offsets[s], mdp.choice_offsets[s + 1])]
        ways_on = {int(mdp.successors[m]) for m in choices} if mdp.deterministic else set()
        ways_on = {s for s in ways_on if mdp.choice_offsets[s + 1] > mdp.choice_offsets[s]}
        assert rows.states.tolist() == states and rows.choices.tolist() == choices
        assert rows.offsets.tolist() == [0, *np.cumsum([mdp.choice_offsets[s + 1] - mdp.choice_offsets[s] for s in states])]
        assert rows.choices[rows.steps].tolist() == group.choices.tolist()
        assert rows.targets.tolist() == sorted(ways_on | set(group.goal_states.tolist()))


def test_rows_are_kept_with_the_group() -> None:
    mdp = grid_mdp(4, 3)
    groups = some_groups(mdp, 3, 1)
    first = rows_of(mdp, groups[1])
    assert rows_of_all(mdp, groups)[1] is first and rows_of_all(mdp, groups)[0] is groups[0].remembered.rows
