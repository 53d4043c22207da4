"""Made-up agents follow their policy; detours go through the place they are sent to."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from irlcore.errors import WorldError
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.sampling import draw_path
from irlcore.simulation.simulate import detour, walks
from irlcore.worlds.mdp import build_mdp
from tests.draws import counts_agree
from tests.rationality.worlds import grid_mdp
from tests.review.worlds import all_paths, one_way_mdp

MODELS: list[Rationality] = [Boltzmann(), MaxEnt()]
both = pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)


SEEDS = (2, 20, 200)


@both
@pytest.mark.parametrize("seed", SEEDS)
def test_paths_are_drawn_as_often_as_the_policy_says(model: Rationality, seed: int) -> None:
    mdp = one_way_mdp(3, 3)
    reward = -np.random.default_rng(1).uniform(0.2, 1.0, mdp.n_choices)
    solution = model.solve(model.prepare(mdp, reward), np.array([8]))
    chance = {(*mdp.choice_state[list(way)].tolist(), 8): p for p, way in all_paths(mdp, solution, 0)}
    rng, n = np.random.default_rng(seed), 3000
    drawn = Counter(tuple(draw_path(mdp, solution.policy, 0, np.array([8]), rng)) for _ in range(n))
    assert len(chance) == 6
    assert counts_agree(drawn, chance, n)
    other = {way: p * (1.5 if k % 2 else 0.5) for k, (way, p) in enumerate(chance.items())}
    assert not counts_agree(drawn, other, n)  # so many draws would show it


@pytest.mark.parametrize("seed", SEEDS)
def test_where_the_agent_lands_follows_the_probabilities_of_the_world(seed: int) -> None:
    # from 0, right is chosen always; with slip 0.4 the other choice (up) happens in 1 of 5 draws
    mdp = one_way_mdp(2, 2, slip=0.4)
    policy = np.zeros(mdp.n_choices)
    policy[[0, 2, 3]] = 1.0
    rng, n = np.random.default_rng(seed), 3000
    landed = Counter(draw_path(mdp, policy, 0, np.array([3]), rng)[1] for _ in range(n))
    assert counts_agree(landed, {1: 0.8, 2: 0.2}, n)


@both
@pytest.mark.parametrize("slip", [0.0, 0.2])
def test_a_drawn_path_ends_at_its_first_goal_state_and_every_step_is_possible(model: Rationality, slip: float) -> None:
    mdp, goals = grid_mdp(4, 4, slip), np.array([3, 15])
    policy = model.solve(model.prepare(mdp, np.full(mdp.n_choices, -1.5)), goals).policy
    reached = mdp.successor_offsets[mdp.choice_offsets]  # where the successors of each state begin
    after = [set(mdp.successors[a:b].tolist()) for a, b in pairwise(reached)]
    rng = np.random.default_rng(4)
    for start in (0, 5, 12, 3):
        for _ in range(30):
            states = draw_path(mdp, policy, start, goals, rng)
            assert states[0] == start
            assert states[-1] in goals
            assert not set(states[:-1]) & {3, 15}
            assert all(b in after[a] for a, b in pairwise(states))


def test_equal_seeds_draw_equal_paths() -> None:
    mdp = grid_mdp(4, 4)
    policy = MaxEnt().solve(MaxEnt().prepare(mdp, np.full(mdp.n_choices, -1.5)), np.array([15])).policy
    one, two = ([draw_path(mdp, policy, 0, np.array([15]), rng) for _ in range(20)]
                for rng in (np.random.default_rng(5), np.random.default_rng(5)))
    assert one == two


def test_a_path_that_takes_too_long_or_leads_nowhere_is_empty() -> None:
    circle, _ = build_mdp(3, np.array([0, 1]), np.array([1, 0]))
    rng = np.random.default_rng(0)
    assert draw_path(circle, np.ones(2), 0, np.array([2]), rng, longest=10) == []
    assert draw_path(circle, np.zeros(2), 0, np.array([2]), rng) == []


@both
def test_a_detour_is_the_shortest_way_to_its_middle_and_on_to_the_goal(model: Rationality) -> None:
    mdp = grid_mdp(5, 5)
    prepared = model.prepare(mdp, np.full(mdp.n_choices, -3.0))
    # from the lower left corner to the upper left one and then to the lower right one, all of which lie 4 apart
    states = detour(model, prepared, 0, 20, np.array([4]))
    assert states[:5] == [0, 5, 10, 15, 20]
    assert len(states) == 1 + 4 + 8
    assert states[-1] == 4
    assert len(detour(model, prepared, 0, 0, np.array([4]))) == 1 + 4


@pytest.mark.parametrize(("start", "via", "goal", "why"), [
    (0, 4, 2, "the goal lies on the way to the middle"),
    (2, 2, 2, "it starts at the goal"),
    (1, 1, 2, "one step is no detour"),
])
def test_no_detour_is_made_where_there_is_none(start: int, via: int, goal: int, why: str) -> None:
    street = grid_mdp(5, 1)
    prepared = Boltzmann().prepare(street, np.full(street.n_choices, -1.0))
    assert detour(Boltzmann(), prepared, start, via, np.array([goal])) == [], why


def test_no_detour_is_made_through_a_place_out_of_reach() -> None:
    one_way, _ = build_mdp(4, np.array([0, 1, 3]), np.array([1, 2, 2]))
    prepared = Boltzmann().prepare(one_way, -np.ones(3))
    assert detour(Boltzmann(), prepared, 0, 3, np.array([2])) == []
    assert detour(Boltzmann(), prepared, 0, 1, np.array([2])) == [0, 1, 2]


@both
@pytest.mark.parametrize("slip", [0.0, 0.2])
def test_walks_without_a_destination_have_the_lengths_asked_and_hang_together(model: Rationality, slip: float) -> None:
    mdp, starts, lengths = grid_mdp(4, 3, slip), np.array([0, 5, 11]), np.array([1, 30, 7])
    paths = walks(model, model.prepare(mdp, -np.ones(mdp.n_choices), 0.9), starts, lengths, np.random.default_rng(1))
    paths.check_within(mdp)
    assert paths.lengths.tolist() == [1, 30, 7] and paths.goals.nowhere.tolist() == [True]
    np.testing.assert_array_equal(paths.first_state(mdp), starts)
    for i in range(3):
        choices = paths.choices[paths.offsets[i]:paths.offsets[i + 1]]
        np.testing.assert_array_equal(mdp.likeliest[choices], paths.states(mdp, i)[1:])


def test_a_walk_that_gets_stuck_is_refused() -> None:
    mdp = one_way_mdp(3, 3)
    with pytest.raises(WorldError, match="no way leads on"):
        walks(MaxEnt(), MaxEnt().prepare(mdp, -np.ones(mdp.n_choices), 0.9), np.array([0]), np.array([20]), np.random.default_rng(0))
