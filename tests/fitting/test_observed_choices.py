"""Comparisons of choices seen with those left, worked out by hand, and the limits that programmes keep."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest

from irlcore.engine import Control
from irlcore.errors import FitError, Infeasible
from irlcore.fitting.demonstrations import Demonstrations, demonstrations_of, planned_features, random_choice
from irlcore.fitting.observed_choices import Comparisons, compare_choices, stacked, weights_of_choices
from irlcore.fitting.problem import Problem
from irlcore.fitting.reward_limits import LEAST_COST, Limits, signed_limits
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.worlds.mdp import Paths, build_goals, build_mdp

#   0 -> 1 -> 4, 0 -> 2 -> 4, 0 -> 3 -> 2, and 3 -> 4; features: minutes, toll
STATE, AFTER = np.array([0, 0, 0, 1, 2, 3, 3]), np.array([1, 2, 3, 4, 4, 2, 4])
PHI = np.array([[2.0, 0.0], [1.0, 1.0], [1.0, 0.0], [2.0, 0.0], [1.0, 0.0], [1.0, 0.0], [9.0, 0.0]])


def diamond(routes: list[list[int]], gamma: float = 1.0) -> Demonstrations:
    """Trips from 0 to 4 as lists of choices, features unscaled."""
    mdp, _ = build_mdp(5, STATE, AFTER)
    n = len(routes)
    paths = Paths(np.arange(n).astype(str).astype(object), np.concatenate(([0], np.cumsum([len(r) for r in routes]))),
                  np.concatenate(routes), np.full(n, 4), np.zeros(n, np.int64), build_goals([np.array([4])], ["4"]))
    made = demonstrations_of(Problem(mdp, PHI, ("minutes", "toll"), paths, Boltzmann(), gamma))
    return Demonstrations(mdp, PHI, gamma, [type(t)(t.goal_states, t.firsts, t.states, t.choices, t.discount, t.tails * made.scale)
                                            for t in made.trips], n, np.ones(2), made.steps, made.expert * made.scale)


def test_the_expert_is_the_mean_of_the_trips() -> None:
    d = diamond([[0, 3], [0, 3], [1, 4]])
    assert d.steps == 2.0
    np.testing.assert_allclose(d.expert, [(4 + 4 + 2) / 6, 1 / 6])
    short = diamond([[2, 5, 4]], 0.5)
    assert short.steps == 1.75
    np.testing.assert_allclose(short.expert * 1.75, [1.0 + 0.5 + 0.25, 0.0])


def test_a_plan_is_counted_like_a_trip() -> None:
    d = diamond([[0, 3], [1, 4]])
    np.testing.assert_allclose(planned_features(d, np.array([-1.0, -0.1])), [2 / 2, 1 / 2])  # 0 -> 2 -> 4
    np.testing.assert_allclose(planned_features(d, np.array([-1.0, -9.0])), [3 / 2, 0.0])  # 0 -> 3 -> 2 -> 4


def test_a_random_choice_is_the_mean_over_what_could_be_done() -> None:
    d = diamond([[0, 3]])
    w = np.array([-1.0, -9.0])
    minutes = (4 + 2 + 3) / 3 - 3  # at 0; at 1 there is but one choice
    np.testing.assert_allclose(random_choice(d, w), [minutes / 2, (1 / 3) / 2])


def test_the_choice_made_most_often_is_held_against_the_others() -> None:
    """At 0 the choice to 1 was made twice of three times. What follows 2 was seen; what follows 3 is the best plan's."""
    found = stacked(compare_choices(diamond([[0, 3], [0, 3], [1, 4]]), np.array([-1.0, -0.1])))
    np.testing.assert_allclose(found.ahead, [[4 - 2, 0 - 1], [4 - 3, 0]])
    assert found.term.tolist() == [0, 0] and found.passes.tolist() == [3.0]


def test_what_was_seen_to_follow_counts_even_where_a_better_plan_exists() -> None:
    """One trip wandered 3 -> 4 for 9 minutes, so to go by 3 is taken to be that long."""
    found = stacked(compare_choices(diamond([[0, 3], [0, 3], [2, 6]]), np.array([-1.0, -0.1])))
    at_0 = found.ahead[found.term == 0]
    np.testing.assert_allclose(at_0, [[4 - 2, -1], [4 - 10, 0]])
    np.testing.assert_allclose(found.ahead[found.term == 1], [[9 - 2, 0]])  # at 3, against 3 -> 2 -> 4
    assert found.passes.tolist() == [3.0, 1.0]


def test_goals_stand_side_by_side() -> None:
    one = Comparisons(np.ones((2, 1)), np.array([0, 1]), np.array([3.0, 4.0]))
    both = stacked([one, one])
    assert both.term.tolist() == [0, 1, 2, 3] and both.passes.tolist() == [3.0, 4.0, 3.0, 4.0]


@pytest.mark.parametrize(("route", "toll_is_dear"), [([2, 5, 4], True), ([1, 4], False)])
def test_who_pays_a_minute_to_save_a_toll_says_what_a_toll_is_worth(route: list[int], toll_is_dear: bool) -> None:
    d = diamond([route])
    limits = signed_limits(d.phi, 1.0, np.full(2, -np.inf), np.zeros(2))
    first = limits.nearest(np.array([-1.0, -1.0]))
    kept = Limits(limits.lower, limits.upper, limits.costs, random_choice(d, first), limits.size)
    w, _, settled = weights_of_choices(d, kept, kept.nearest(first))
    assert settled and (w <= 0.0).all() and w[0] < 0.0
    assert (w[1] <= w[0] + 1e-9) if toll_is_dear else (w[1] >= w[0] - 1e-9)


def test_tracks_without_a_choice_are_refused() -> None:
    mdp, _ = build_mdp(3, np.array([0, 1]), np.array([1, 2]))
    paths = Paths(np.array(["a"], object), np.array([0, 2]), np.array([0, 1]), np.array([2]), np.array([0]),
                  build_goals([np.array([2])], ["2"]))
    d = demonstrations_of(Problem(mdp, np.ones((2, 1)), ("step",), paths, Boltzmann()))
    with pytest.raises(FitError, match="but one way on"):
        weights_of_choices(d, signed_limits(d.phi, 1.0, np.array([-np.inf]), np.array([np.inf])), np.array([-1.0]), control=Control())


def test_rows_are_kept_though_only_broken_ones_enter_the_programme() -> None:
    rng = np.random.default_rng(1)
    phi = rng.normal(size=(400, 3)) * 0.3 + [1.0, 0.2, 0.0]
    limits = signed_limits(phi, 1.0, np.full(3, -np.inf), np.full(3, np.inf))
    wanted = np.array([-0.1, 2.0, -1.0])
    found = limits.nearest(wanted)
    w = cp.Variable(3)
    cp.Problem(cp.Minimize(cp.sum_squares(w - wanted)), [limits.costs @ w <= -LEAST_COST]).solve(solver=cp.CLARABEL)
    np.testing.assert_allclose(found, w.value, atol=2e-4)
    assert (phi @ found < 0.0).all() and 0 < len(limits.mattered) < 200


def test_signs_that_let_no_step_cost_are_named() -> None:
    limits = signed_limits(np.ones((3, 1)), 1.0, np.zeros(1), np.full(1, np.inf))
    with pytest.raises(Infeasible, match="every step cost"):
        limits.nearest(np.array([1.0]))
