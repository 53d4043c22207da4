"""The solver against closed forms and dense references: every method on every shape of world, and the bound it states."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.engine import Control
from irlcore.errors import Cancelled, Infeasible
from irlcore.planning import solver
from irlcore.planning.evaluation import Method
from irlcore.planning.iteration.kernels import NO_CHOICE
from irlcore.planning.solver import Solved, solve_mdp
from irlcore.worlds.instances import garnet, shortest_path_grid, slippery_grid
from irlcore.worlds.mdp import MDP, build_mdp
from tests.planning.shapes import World, exact_values, shapes

SHAPES = shapes()
EXACT = {shape: exact_values(*world) for shape, world in SHAPES.items()}


def check(solved: Solved, shape: str, slack: float = 1e-9) -> None:
    """The value is as near as the bound says, and the plan earns it."""
    mdp, reward, gamma, goals = SHAPES[shape]
    expected = EXACT[shape]
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(solved.value), finite)
    off = np.abs(solved.value[finite] - expected[finite]).max(initial=0.0)
    assert off <= solved.bound + slack * (1.0 + np.abs(expected[finite]).max(initial=0.0))
    chosen = solved.plan[solved.plan != NO_CHOICE]
    fixed = np.zeros(mdp.n_states, bool)
    fixed[[] if goals is None else goals] = True
    np.testing.assert_array_equal(solved.plan != NO_CHOICE, finite & ~fixed)
    np.testing.assert_array_equal(mdp.choice_state[chosen], np.flatnonzero(solved.plan != NO_CHOICE))
    successor_values = np.where(finite, expected, 0.0)
    worth = reward[chosen] + gamma * (mdp.transition_matrix()[chosen.astype(np.int64)] @ successor_values)
    np.testing.assert_allclose(worth, expected[mdp.choice_state[chosen]], atol=1e-4)


@pytest.mark.parametrize("method", [None, *Method])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_method_solves_every_shape_within_its_bound(shape: str, method: Method | None) -> None:
    mdp, reward, gamma, goals = SHAPES[shape]
    if method is Method.TREE and not mdp.deterministic:
        with pytest.raises(Infeasible, match="one successor"):
            solve_mdp(mdp, reward, gamma, goals, method=method)
        return
    solved = solve_mdp(mdp, reward, gamma, goals, method=method)
    assert solved.met and solved.bound <= 1e-6
    check(solved, shape)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("tolerance", [1.0, 1e-3])
def test_the_bound_holds_when_stopped_early(shape: str, tolerance: float) -> None:
    mdp, reward, gamma, goals = SHAPES[shape]
    solved = solve_mdp(mdp, reward, gamma, goals, tolerance=tolerance)
    expected = EXACT[shape]
    finite = np.isfinite(expected)
    off = np.abs(solved.value[finite] - expected[finite]).max(initial=0.0)
    assert off <= solved.bound + 1e-9 * np.abs(expected[finite]).max(initial=0.0)
    assert solved.bound <= tolerance


@pytest.mark.parametrize("gamma", [0.5, 0.99, 0.9999])
def test_a_loop_beside_an_exit_has_its_closed_form(gamma: float) -> None:
    """State 0 stays for 1 or leaves for 3 to state 1, which stays for 2: V(1) = 2 / (1 - g), V(0) = 3 + g V(1)."""
    mdp, _ = build_mdp(2, np.array([0, 0, 1]), np.array([0, 1, 1]))
    solved = solve_mdp(mdp, np.array([1.0, 3.0, 2.0]), gamma)
    at_1 = 2.0 / (1.0 - gamma)
    np.testing.assert_allclose(solved.value, [3.0 + gamma * at_1, at_1], atol=1e-6)
    np.testing.assert_array_equal(solved.plan, [1, 2])


def test_trials_until_success_have_their_closed_form() -> None:
    """Each trial costs 1 and succeeds with p: at gamma = 1 it takes 1 / p, at gamma < 1 it costs 1 / (1 - gamma (1 - p))."""
    p = 0.2
    mdp = MDP(np.array([0, 1, 1]), np.array([0, 2]), np.array([0, 1]), np.array([1.0 - p, p]), np.array([0]))
    for gamma, expected in ((1.0, -1.0 / p), (0.9, -1.0 / (1.0 - 0.9 * (1.0 - p)))):
        np.testing.assert_allclose(solve_mdp(mdp, np.array([-1.0]), gamma, np.array([1])).value, [expected, 0.0], atol=1e-6)


@pytest.mark.parametrize("method", [None, Method.TREE, Method.KRYLOV, Method.SWEEPS])
def test_a_ring_is_worth_its_geometric_series(method: Method | None) -> None:
    n, gamma = 9, 0.9
    mdp, _ = build_mdp(n, np.arange(n), np.roll(np.arange(n), -1))
    reward = np.arange(n, dtype=float)
    expected = [sum(gamma**i * reward[(s + i) % n] for i in range(n)) / (1.0 - gamma**n) for s in range(n)]
    np.testing.assert_allclose(solve_mdp(mdp, reward, gamma, method=method).value, expected, atol=1e-6)


def test_the_shape_of_the_world_picks_the_method() -> None:
    rng = np.random.default_rng(1)
    worlds = {Method.TREE: shortest_path_grid(9, rng), Method.KRYLOV: slippery_grid(25, 0.1, rng), Method.SWEEPS: garnet(300, 4, 10, rng)}
    assert {method: solve_mdp(*world, 0.99).method for method, world in worlds.items()} == {method: method for method in worlds}


@pytest.mark.parametrize("method", [Method.SWEEPS, Method.KRYLOV])
@pytest.mark.parametrize("gamma", [0.99, 1.0])
def test_a_warm_start_gives_the_same_value_in_less_work(method: Method, gamma: float) -> None:
    mdp, reward = slippery_grid(20, 0.1, np.random.default_rng(2))
    goal = np.array([mdp.n_states - 1])
    cold = solve_mdp(mdp, reward, gamma, goal, method=method)
    near = solve_mdp(mdp, reward * (1.0 + 1e-4 * np.random.default_rng(3).random(len(reward))), gamma, goal, method=method)
    warm = solve_mdp(mdp, reward, gamma, goal, start=near.value, method=method)
    np.testing.assert_allclose(warm.value, cold.value, atol=cold.bound + warm.bound)
    assert warm.rounds + warm.sweeps < cold.rounds + cold.sweeps
    again = solve_mdp(mdp, reward, gamma, goal, start=cold.value, tolerance=1e-5, method=method)
    assert (again.rounds, again.sweeps) == (1, 0)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["slippery", "garnet", "deterministic without a goal"]))
def test_relabelling_states_permutes_values(seed: int, shape: str) -> None:
    mdp, reward, gamma, _ = SHAPES[shape]
    new = np.random.default_rng(seed).permutation(mdp.n_states)
    order = np.argsort(new[mdp.choice_state], kind="stable")
    width = np.diff(mdp.successor_offsets)[order]
    offsets = np.concatenate(([0], np.cumsum(width)))
    outcome = np.repeat(mdp.successor_offsets[order] - offsets[:-1], width) + np.arange(offsets[-1])
    counts = np.bincount(new[mdp.choice_state], minlength=mdp.n_states)
    other = MDP(np.concatenate(([0], np.cumsum(counts))), offsets, new[mdp.successors[outcome]], mdp.probabilities[outcome],
                new[mdp.choice_state][order])
    one, two = solve_mdp(mdp, reward, gamma), solve_mdp(other, reward[order], gamma)
    np.testing.assert_allclose(two.value[new], one.value, atol=one.bound + two.bound + 1e-12)


@st.composite
def random_worlds(draw: st.DrawFn) -> World:
    """Anything that holds: absorbing states, states out of reach, states without choices, any sign of reward."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(1, 12))
    counts = rng.integers(draw(st.integers(0, 1)), 4, n)
    m = int(counts.sum())
    width = rng.integers(1, draw(st.integers(1, 4)) + 1, m) if m else np.zeros(0, np.int64)
    offsets = np.concatenate(([0], np.cumsum(width))).astype(np.int64)
    owner = np.repeat(np.arange(m), width)
    chance = rng.random(offsets[-1]) ** draw(st.sampled_from([1, 8])) + 1e-3
    chance /= np.bincount(owner, chance, minlength=m)[owner]
    mdp = MDP(np.concatenate(([0], np.cumsum(counts))).astype(np.int64), offsets, rng.integers(0, n, offsets[-1]), chance,
              np.repeat(np.arange(n), counts))
    reward = rng.normal(size=m) * draw(st.sampled_from([0.0, 1.0, 1e3])) + draw(st.sampled_from([-2.0, 0.0, 2.0]))
    goals = None if draw(st.booleans()) else rng.choice(n, rng.integers(1, n + 1), replace=False)
    return mdp, reward, draw(st.sampled_from([0.0, 0.3, 0.9, 0.999, 0.999999])), goals


def test_a_state_without_choices_does_not_slow_the_others_down() -> None:
    """It has no value and no usable choice leads there, so an error that is the same everywhere still does not count."""
    mdp = MDP(np.array([0, 2, 3, 3]), np.array([0, 2, 3, 5]), np.array([0, 1, 2, 0, 1]), np.array([0.5, 0.5, 1.0, 0.3, 0.7]),
              np.array([0, 0, 1]))
    world = mdp, np.array([-1.0, 5.0, -2.0]), 0.999, None
    solved = solve_mdp(*world)
    assert solved.met and solved.rounds < 50
    assert np.isneginf(solved.value[2])
    np.testing.assert_allclose(solved.value[:2], exact_values(*world)[:2], atol=2e-6)


@settings(max_examples=150, deadline=None)
@given(random_worlds())
def test_the_automatic_choice_never_fails(world: World) -> None:
    mdp, reward, gamma, goals = world
    solved = solve_mdp(mdp, reward, gamma, goals)
    expected = exact_values(*world)
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(solved.value), finite)
    # the reference itself is solved to rounding over 1 - gamma
    slack = 1e-13 / (1.0 - gamma) * (1.0 + np.abs(expected[finite]).max(initial=0.0))
    assert np.abs(solved.value[finite] - expected[finite]).max(initial=0.0) <= solved.bound + slack
    assert solved.met or gamma > 0.9999 or np.abs(reward).max() > 100.0


def test_a_solver_that_makes_no_headway_falls_back_to_sweeps_and_still_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    def useless(self: object, plan: np.ndarray, value: np.ndarray, backup: np.ndarray, changed: int, enough: float) -> np.ndarray:
        chooses = plan != NO_CHOICE
        backup[chooses] = np.random.default_rng(changed).normal(size=int(chooses.sum())) * 100.0
        return backup

    monkeypatch.setattr(solver.PlanEvaluation, "improve_on", useless)
    for shape in ("slippery", "garnet", "slippery, undiscounted"):
        solved = solve_mdp(*SHAPES[shape][:3], SHAPES[shape][3])
        assert solved.met and solved.rounds > solver.PATIENCE
        check(solved, shape)


@pytest.mark.parametrize(("reward", "gamma", "goals", "words"), [
    ([np.nan, -1.0], 0.9, None, "finite"), ([1.0, -1.0], 1.0, [1], "Gamma = 1.0"), ([-1.0, -1.0], 1.0, None, "needs a goal"),
    ([-1.0, -1.0], 1.5, None, "Gamma = 1.5")])
def test_what_has_no_value_is_refused(reward: list[float], gamma: float, goals: list[int] | None, words: str) -> None:
    mdp, _ = build_mdp(2, np.array([0, 0]), np.array([0, 1]))
    with pytest.raises(Infeasible, match=words):
        solve_mdp(mdp, np.array(reward), gamma, None if goals is None else np.array(goals))


def test_a_stop_is_heeded() -> None:
    control = Control()
    control.cancel.set()
    with pytest.raises(Cancelled):
        solve_mdp(*SHAPES["garnet"][:3], control=control)


@pytest.mark.parametrize("make", [lambda rng: slippery_grid(60, 0.1, rng), lambda rng: garnet(2000, 8, 10, rng),
                                  lambda rng: shortest_path_grid(60, rng)], ids=["grid", "garnet", "det"])
def test_memory_stays_within_three_times_the_arrays(make: object) -> None:
    solve_mdp(*SHAPES["garnet"][:3])  # compiled code does not count
    mdp, reward = make(np.random.default_rng(0))  # type: ignore[operator]
    arrays = sum(a.nbytes for a in (mdp.choice_offsets, mdp.successor_offsets, mdp.successors, mdp.probabilities, mdp.choice_state))
    tracemalloc.start()
    solve_mdp(mdp, reward, 0.99)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert arrays + peak <= 3.0 * arrays
