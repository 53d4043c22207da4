"""How MaxEnt judges trips at once, against the general way and finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.planning.graph import graph_of
from irlcore.rationality import soft_shared
from irlcore.rationality.base import Rationality
from irlcore.rationality.derivatives import BellmanSlope
from irlcore.rationality.maxent import MaxEnt, SoftSlope
from irlcore.rationality.soft_linear import far_system
from irlcore.rationality.solution import Group, Trips
from irlcore.worlds.mdp import MDP, build_mdp
from tests.rationality.worlds import grid_mdp, walk

MODEL = MaxEnt()
WEIGHTS = np.array([-1.5, -0.4, 0.2, -0.3, 0.1])


def columns_of(mdp: MDP) -> np.ndarray:
    """Five features, the first 1 everywhere: not a multiple of four, so that padding counts."""
    return np.column_stack((np.ones(mdp.n_choices), np.random.default_rng(3).uniform(0.0, 1.0, (mdp.n_choices, 4))))


def group_of(mdp: MDP, goal: int, goal_states: list[int], n: int = 12) -> Group:
    rng = np.random.default_rng(4)
    prepared = MODEL.prepare(mdp, columns_of(mdp) @ WEIGHTS)
    solution = MODEL.solve(prepared, np.array(goal_states))
    paths = walk(mdp, {goal: solution.log_policy}, rng.choice(np.delete(np.arange(mdp.n_states), goal_states), n), np.full(n, goal), rng)
    return Group(np.array(goal_states), np.arange(n), paths.offsets, paths.choices)


def judged(mdp: MDP, group: Group, theta: np.ndarray, gamma: float = 1.0) -> Trips:
    return MODEL.trips(MODEL.prepare(mdp, columns_of(mdp) @ theta, gamma), group, columns_of(mdp))


@pytest.mark.parametrize("goal_states", [[24], [24, 23, 20], list(range(7, 25))], ids=["one", "three", "many"])
def test_trips_are_judged_as_step_by_step(goal_states: list[int]) -> None:
    mdp = grid_mdp(5, 5)
    group = group_of(mdp, 24, [24])
    if len(goal_states) > 1:  # a trip ends at the first of the goal's states
        keep = np.isin(mdp.successors[group.choices], goal_states)
        starts = mdp.choice_state[group.choices[group.offsets[:-1]]]
        parts = [group.choices[a:a + 1 + int(np.argmax(keep[a:b]))] for a, b in zip(group.offsets[:-1], group.offsets[1:], strict=True)]
        parts = [part for part, start in zip(parts, starts, strict=True) if start not in goal_states]
        group = Group(np.array(goal_states), np.arange(len(parts)), np.cumsum([0] + [len(p) for p in parts]), np.concatenate(parts))
    prepared = MODEL.prepare(mdp, columns_of(mdp) @ WEIGHTS)
    fast, slow = MODEL.trips(prepared, group, columns_of(mdp)), Rationality.trips(MODEL, prepared, group, columns_of(mdp))
    assert fast.exact and not slow.exact
    np.testing.assert_allclose(fast.loglik, slow.loglik, atol=1e-10)
    np.testing.assert_allclose(fast.scores, slow.scores, atol=1e-10)


def test_information_is_minus_the_second_derivative() -> None:
    mdp = grid_mdp(5, 5)
    group, step = group_of(mdp, 24, [24]), 1e-5
    found = judged(mdp, group, WEIGHTS)
    for k, way in enumerate(np.eye(5)):
        up, down = judged(mdp, group, WEIGHTS + step * way), judged(mdp, group, WEIGHTS - step * way)
        np.testing.assert_allclose(found.scores[:, k], (up.loglik - down.loglik) / (2 * step), atol=1e-7)
        np.testing.assert_allclose(-found.information[k], (up.scores - down.scores).sum(axis=0) / (2 * step), rtol=1e-6, atol=1e-6)
    assert np.linalg.eigvalsh(found.information).min() > 0.0


def chain(n: int, links: int = 2) -> MDP:
    """State k leads to k - 1 by links beside each other, and back to k + 1."""
    forth = np.repeat(np.arange(1, n), links)
    return build_mdp(n, np.append(forth, np.arange(1, n - 1)), np.append(forth - 1, np.arange(2, n)))[0]


def test_far_trips_keep_their_digits() -> None:
    """e^V of the far end is e^-1500: the system around the cheapest way against logarithms, and against finite differences."""
    mdp = chain(900, 1)
    choice = mdp.choice_offsets[np.arange(899, 0, -1)]
    assert (mdp.successors[choice] == np.arange(898, -1, -1)).all()
    group, theta = Group(np.array([0]), np.arange(1), np.array([0, 899]), choice), np.array([-2.0, -0.4, 0.2, -0.3, 0.1])
    found, columns, step = judged(mdp, group, theta), columns_of(mdp), 1e-4
    assert found.exact
    prepared = MODEL.prepare(mdp, columns @ theta)
    solution = MODEL.solve(prepared, np.array([0]))
    assert isinstance(solution.slope, SoftSlope) and solution.value.min() < np.log(soft_shared.SMALLEST)
    np.testing.assert_allclose(found.loglik, solution.log_policy[choice].sum(), rtol=1e-10)
    for k, way in enumerate(np.eye(5)):
        up, down = judged(mdp, group, theta + step * way), judged(mdp, group, theta - step * way)
        np.testing.assert_allclose(found.scores[:, k], (up.loglik - down.loglik) / (2 * step), rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(-found.information[k], (up.scores - down.scores)[0] / (2 * step), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("goal", [[24], [3, 4]])
def test_the_far_system_is_the_same_system(goal: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    mdp, goal_states = grid_mdp(5, 5), np.array(goal)
    columns = columns_of(mdp)
    prepared = MODEL.prepare(mdp, columns @ WEIGHTS)
    near = MODEL.solve(prepared, goal_states)
    monkeypatch.setattr(soft_shared, "SMALLEST", 1e-3)
    far = MODEL.solve(prepared, goal_states)
    assert isinstance(far.slope, SoftSlope) and isinstance(near.slope, SoftSlope)
    assert far.slope.system.potential is not None and near.slope.system.potential is None
    np.testing.assert_allclose(far.value, near.value, atol=1e-12)
    np.testing.assert_allclose(MODEL.jvp(prepared, far, columns), MODEL.jvp(prepared, near, columns), atol=1e-11)
    weights = np.where(np.isfinite(near.log_policy), 1.0, 0.0)[None, :] * np.arange(mdp.n_choices)
    np.testing.assert_allclose(MODEL.vjp(prepared, far, weights), MODEL.vjp(prepared, near, weights), atol=1e-10)


def test_ways_beside_each_other_are_merged_in_the_potential() -> None:
    """Forty at each of 900 steps: around the cheapest single one e^(V - p) would be 40^899."""
    mdp = chain(900, 40)
    prepared = MODEL.prepare(mdp, np.full(mdp.n_choices, -6.0))
    system = far_system(mdp, graph_of(mdp), prepared.shared.factors.pattern, prepared.reward, np.array([0]))
    assert system is not None and system.z.min() >= 1.0 and system.z.max() < 1e3


def test_logarithms_are_left_where_no_system_is_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    mdp = grid_mdp(5, 5)
    group, near = group_of(mdp, 24, [24]), judged(mdp, group_of(mdp, 24, [24]), WEIGHTS)
    monkeypatch.setattr(soft_shared, "SMALLEST", 1e9)
    far = judged(mdp, group, WEIGHTS)
    assert not far.exact
    assert isinstance(MODEL.solve(MODEL.prepare(mdp, columns_of(mdp) @ WEIGHTS), np.array([24])).slope, BellmanSlope)
    np.testing.assert_allclose(far.loglik, near.loglik, atol=1e-8)
    np.testing.assert_allclose(far.scores, near.scores, atol=1e-7)


@pytest.mark.parametrize(("slip", "gamma"), [(0.0, 0.9), (0.2, 1.0), (0.2, 0.9)])
def test_other_worlds_are_judged_step_by_step(slip: float, gamma: float) -> None:
    mdp = grid_mdp(4, 4, slip)
    group = Group(np.array([5]), np.arange(1), np.array([0, 2]), mdp.choice_offsets[[0, 1]])
    prepared = MODEL.prepare(mdp, columns_of(mdp) @ WEIGHTS, gamma)
    found, slow = MODEL.trips(prepared, group, columns_of(mdp)), Rationality.trips(MODEL, prepared, group, columns_of(mdp))
    assert not found.exact
    np.testing.assert_array_equal(found.loglik, slow.loglik)


def test_trips_that_stop_short_or_pass_the_goal_or_cannot_arrive() -> None:
    mdp = grid_mdp(5, 5)
    whole = group_of(mdp, 24, [24], 3)
    short = Group(whole.goal_states, np.arange(1), np.array([0, 1]), whole.choices[:1])
    assert not judged(mdp, short, WEIGHTS).exact
    passing = mdp.choice_offsets[24]  # out of the goal and back
    back = int(np.flatnonzero((mdp.choice_state == mdp.successors[passing]) & (mdp.successors == 24))[0])
    again = Group(whole.goal_states, np.arange(1), np.array([0, 2]), np.array([passing, back]))
    assert judged(mdp, again, WEIGHTS).loglik[0] == -np.inf
    island, _ = build_mdp(4, np.array([0, 0, 2]), np.array([1, 2, 3]))
    prepared = MODEL.prepare(island, -np.ones(3))
    lost = MODEL.trips(prepared, Group(np.array([1]), np.arange(1), np.array([0, 1]), np.array([2])), np.ones((3, 1)))
    assert lost.loglik[0] == -np.inf
