"""What a fit expects the class to do: against closed forms, against trips drawn from it, and as a feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from irlcore.elicitation import expected_use as module
from irlcore.elicitation.expected_use import described, expected, expected_use
from irlcore.errors import FeatureError
from irlcore.features.base import FeatureSpec
from irlcore.features.checks import embedded
from irlcore.features.feature_set import feature_column
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.solution import group_by_goal
from irlcore.review.scores import Arrivals
from irlcore.worlds.mdp import Paths, build_mdp
from irlcore.worlds.world import World
from tests.elicitation.worlds import COST, LENGTH, context_with, drawn, fitted, grid, square
from tests.rationality.worlds import walk
from tests.review.worlds import make_paths

FIT: dict[str, Any] = {"features": [embedded(LENGTH)], "weights": [COST], "own": [], "model": "maxent", "gamma": 1.0}
CASES: list[tuple[Rationality, float, float]] = [(MaxEnt(), 0.0, 1.0), (Boltzmann(), 0.0, 1.0), (MaxEnt(), 0.2, 1.0),
                                                 (Boltzmann(), 0.2, 0.95), (NoisyValue(draws=8), 0.0, 1.0)]
each_case = pytest.mark.parametrize(("model", "slip", "gamma"), CASES, ids=lambda v: str(getattr(v, "name", v)))


def reward_in(world: World) -> np.ndarray:
    """Length, and a smooth unevenness so that no two ways tie."""
    return COST * world.choice_length / 100.0 * (1.0 + 0.1 * np.sin(np.arange(world.mdp.n_choices)))


def like(paths: Paths, model: Rationality, world: World, gamma: float, times: int, seed: int) -> Paths:
    """Trips drawn anew from the same starts to the same goals, ``times`` over."""
    prepared = model.prepare(world.mdp, reward_in(world), gamma)
    goals = np.array([int(paths.goals.of(int(g))[0]) for g in paths.goal])
    policies = {int(g): model.solve(prepared, np.array([g])).log_policy for g in np.unique(goals)}
    starts = paths.first_state(world.mdp)
    return walk(world.mdp, policies, np.tile(starts, times), np.tile(goals, times), np.random.default_rng(seed))


def test_the_chain_finds_what_maxent_knows_in_closed_form() -> None:
    world = grid(6)
    prepared = MaxEnt().prepare(world.mdp, reward_in(world))
    paths = drawn(world.mdp, 0.8 * reward_in(world), 60, seed=1)
    chain = np.zeros(world.mdp.n_choices)
    for group in group_by_goal(paths):
        starts = world.mdp.choice_state[group.choices[group.offsets[:-1]]]
        chain += Arrivals(world.mdp, MaxEnt().solve(prepared, group.goal_states)).uses(np.bincount(starts, minlength=world.mdp.n_states))
    np.testing.assert_allclose(expected_use(prepared, MaxEnt(), paths), chain, atol=1e-9)


@each_case
def test_uses_are_those_of_trips_drawn_from_the_model(model: Rationality, slip: float, gamma: float) -> None:
    """Of those taken 90 times and more, at most a hundred: a mean is off by 9 standard errors in 6e-9 of samples (Student's t of 99
    degrees of freedom, 2e-14, times exp(s 9^3 / 6) for the skewness s = 1 / sqrt(90) of such a count)."""
    world, times = grid(5, slip), 50
    paths = drawn(world.mdp, reward_in(grid(5)), 40, seed=1, n_goals=3)
    found = expected_use(model.prepare(world.mdp, reward_in(world), gamma), model, paths)
    counts = np.zeros((2, times, world.mdp.n_choices))
    for k, seed in enumerate((4, 40)):
        again = like(paths, model, world, gamma, times, seed)
        np.add.at(counts[k], (again.owner // len(paths), again.choices), 1.0)
    counts = counts.reshape(2 * times, -1)
    error = counts.std(axis=0, ddof=1) / np.sqrt(len(counts))
    often = counts.sum(axis=0) >= 90
    assert often.sum() > 20
    assert (np.abs(counts.mean(axis=0) - found)[often] < 9.0 * error[often]).all()
    assert (found[~often] < 2.0).all()  # 200 expected, and less than 90 seen: 1e-18 of samples of a Poisson law


@each_case
def test_who_goes_into_a_place_comes_out_of_it(model: Rationality, slip: float, gamma: float) -> None:
    world = grid(5, slip)
    paths = drawn(world.mdp, reward_in(grid(5)), 40, seed=1, n_goals=1)
    found = expected_use(model.prepare(world.mdp, reward_in(world), gamma), model, paths)
    out = np.bincount(world.mdp.choice_state, found, world.mdp.n_states)
    into = np.bincount(world.mdp.likeliest, found, world.mdp.n_states)  # uses are recorded by where they led
    starts = np.bincount(paths.first_state(world.mdp), minlength=world.mdp.n_states)
    ends = np.zeros(world.mdp.n_states)
    ends[paths.goals.of(0)] = len(paths)
    np.testing.assert_allclose(out + ends, into + starts, atol=1e-7)
    assert found.min() >= 0.0


@each_case
def test_trips_that_take_too_long_to_follow_are_solved_for(model: Rationality, slip: float, gamma: float,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    world = grid(5, slip)
    paths = drawn(world.mdp, reward_in(grid(5)), 40, seed=1)
    prepared = model.prepare(world.mdp, reward_in(world), gamma)
    followed = expected_use(prepared, model, paths)
    monkeypatch.setattr(module, "MOST_STEPS", 2)
    np.testing.assert_allclose(expected_use(prepared, model, paths), followed, atol=1e-6)


def test_trips_that_never_arrive_are_not_expected() -> None:
    """0 -> 1 -> 3 and 0 -> 2 -> 3 arrive; 1 and 2 also lead to 4, which only leads back to itself, and at gamma = 0.9 that is bearable."""
    mdp, order = build_mdp(5, np.array([0, 0, 1, 1, 2, 2, 4]), np.array([1, 2, 3, 4, 3, 4, 4]))
    reward = -np.array([1.0, 0.5, 0.3, 1.0, 2.0, 0.1, 0.2])[order]
    paths = make_paths(mdp, [[0, 2]] * 10, [3] * 10)
    for model in (Boltzmann(), MaxEnt()):
        prepared = model.prepare(mdp, reward, 0.9)
        policy = model.solve(prepared, np.array([3])).policy
        one, two = policy[0] * policy[2], policy[1] * policy[4]
        assert one + two < 0.99
        first, second = 10.0 * one / (one + two), 10.0 * two / (one + two)
        np.testing.assert_allclose(expected_use(prepared, model, paths), [first, second, first, 0.0, second, 0.0, 0.0], atol=1e-7)


def test_no_trips_are_expected_to_do_nothing() -> None:
    world = grid(4)
    paths = drawn(world.mdp, reward_in(world), 5, seed=1).take(np.zeros(0, np.int64))
    for model in (MaxEnt(), Boltzmann()):
        assert (expected_use(model.prepare(world.mdp, reward_in(world)), model, paths) == 0.0).all()


def habit(world: World, paths: Paths, of: str, fit: Mapping[str, Any] = FIT, unseen: float = 5.0) -> np.ndarray:
    return feature_column(FeatureSpec("habit", "habit", {"of": of, "fit": dict(fit), "unseen": unseen}), world, context_with(paths))


@pytest.mark.parametrize("of", ["turn", "place"])
def test_a_class_that_does_what_the_fit_expects_has_no_habits(of: str) -> None:
    world = grid(6)
    paths = drawn(world.mdp, COST * world.choice_length / 100.0, 800, seed=3)
    column = habit(world, paths, of)
    uses = expected(world, context_with(paths), FIT)
    if of == "place":
        uses = np.bincount(world.choice_place, uses, world.n_places)[world.choice_place]
    assert (np.abs(column) < 4.0 / np.sqrt(uses + 5.0)).all()
    assert abs(np.average(column, weights=uses)) < 0.05


def test_a_street_that_the_class_likes_is_its_largest_habit() -> None:
    world = grid(6)
    liked = 14
    reward = COST * world.choice_length / 100.0 + 1.2 * (world.choice_place == liked)
    paths = drawn(world.mdp, reward, 300, seed=3)
    result, left = fitted(world, context_with(paths), (LENGTH,))
    column = habit(world, paths, "place", described(result, (LENGTH,)))
    assert set(world.choice_place[column == column.max()].tolist()) == {liked}
    assert column.max() > 0.4
    seen = np.bincount(world.choice_place[paths.choices], minlength=world.n_places)[liked]
    meant = seen - left.residuals[:, world.choice_place == liked].sum()
    assert column.max() == pytest.approx(np.log((seen + 5.0) / (meant + 5.0)), abs=1e-4)


GARBLED: list[dict[str, Any]] = [
    {"model": "telepathy"}, {"weights": [COST, 1.0]}, {"weights": None}, {"weights": ["much"]}, {"gamma": "often"}, {"features": 3},
    {"features": [{"name": "x", "kind": "length", "smell": 1}]}, {"features": [{"kind": "length"}]}, {"weights": [0.0]}]


@pytest.mark.parametrize("change", GARBLED, ids=str)
def test_a_fit_that_cannot_be_read_is_refused_with_advice(change: dict[str, Any]) -> None:
    world = grid(4)
    paths = drawn(world.mdp, COST * world.choice_length / 100.0, 5, seed=1)
    for broken in ({**FIT, **change}, {k: v for k, v in FIT.items() if k not in change}):
        with pytest.raises(FeatureError) as caught:
            expected(world, context_with(paths), broken)
        assert "expected" in caught.value.what and "from a fit" in caught.value.fix


def test_what_is_expected_is_solved_once_and_anew_where_it_may_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    world, solved = grid(4), []
    kept = module.expected_use
    monkeypatch.setattr(module, "expected_use", lambda *what: solved.append(1) or kept(*what))
    paths = drawn(world.mdp, COST * world.choice_length / 100.0, 8, seed=1)
    context = context_with(paths, {"a": square(100.0, 100.0, 90.0)})
    first = expected(world, context, FIT)
    assert expected(world, context, dict(FIT)) is first
    assert len(solved) == 1
    others = [(replace(context, zones={"a": square(200.0, 100.0, 90.0)}), FIT), (replace(context, zones={"b": context.zones["a"]}), FIT),
              (replace(context, spots={"c": np.zeros(2)}), FIT), (replace(context, training=paths.take(np.arange(7))), FIT),
              (context, {**FIT, "weights": [COST - 0.5]})]
    for n, (there, fit) in enumerate(others):
        found = expected(world, there, fit)
        assert len(solved) == n + 2
        assert np.array_equal(found, first) == (n < 3)


def test_only_so_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    world = grid(4)
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    context = context_with(drawn(world.mdp, COST * world.choice_length / 100.0, 8, seed=1))
    found = [expected(world, context, {**FIT, "weights": [COST - k]}) for k in range(4)]
    assert len(world.mdp.derived(module._uses)) == 2
    assert expected(world, context, {**FIT, "weights": [COST - 3]}) is found[3]
    assert expected(world, context, FIT) is not found[0]
