"""A world with a clock: copies that equal the ground, trips in their band, and weights that differ by time found again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.errors import WorldError
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import Problem, fit
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.clock import Bands, clock_of, with_band, with_clock, without_clock
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mapping import paths_from_states
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

RUSH = Bands((6.0, 10.0, 16.0, 20.0))
NIGHT = Bands((6.0, 22.0))
WEEK = Bands((6.0, 22.0), "weekday and weekend")
GROUNDS = {"grid": build_grid(0, 0, 5, 4, 1, "m"), "slippery grid": build_grid(0, 0, 4, 3, 1, "m", slip=0.2),
           "grid with headings": build_grid(0, 0, 3, 3, 1, "m", heading=True)}
MODELS: list[Rationality] = [MaxEnt(), Boltzmann()]
each_ground = pytest.mark.parametrize("ground", GROUNDS.values(), ids=GROUNDS)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)


def costs(world: World, seed: int = 0) -> np.ndarray:
    return -np.random.default_rng(seed).uniform(3.0, 4.0, world.mdp.n_choices)


def trips(model: Rationality, world: World, reward: np.ndarray, starts: np.ndarray, goal_places: np.ndarray, seed: int = 1) -> Paths:
    """Trips drawn from a model, one for each start state."""
    prepared, rng, drawn = model.prepare(world.mdp, reward), np.random.default_rng(seed), []
    solved = {int(g): model.solve(prepared, world.goals_at(np.array([g])).of(0)) for g in np.unique(goal_places)}
    for start, goal in zip(starts, goal_places, strict=True):
        drawn.append(model.sample(prepared, solved[int(goal)], int(start), rng))
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in drawn]))).astype(np.int64)
    ids = np.array([f"trip {i}" for i in range(len(drawn))], object)
    mapped = paths_from_states(world, ids, offsets, np.concatenate(drawn), np.ones(len(ids), bool), None, [], "move")
    assert len(mapped.paths) == len(starts)
    return mapped.paths


@each_ground
def test_each_copy_is_the_ground_shifted(ground: World) -> None:
    world = with_clock(ground, RUSH)
    s, m = ground.mdp.n_states, ground.mdp.n_choices
    assert (world.n_bands, world.mdp.n_states, world.mdp.n_choices, world.n_places) == (4, 4 * s, 4 * m, ground.n_places)
    for b in range(4):
        mine = slice(b * m, (b + 1) * m)
        np.testing.assert_array_equal(world.mdp.choice_state[mine], ground.mdp.choice_state + b * s)
        np.testing.assert_array_equal(world.mdp.likeliest[mine], ground.mdp.likeliest + b * s)
        np.testing.assert_array_equal(world.choice_place[mine], ground.choice_place)
        np.testing.assert_array_equal(world.choice_from[mine], ground.choice_from)
        np.testing.assert_array_equal(world.choice_length[mine], ground.choice_length)
        np.testing.assert_array_equal(world.choice_turn[mine], ground.choice_turn)
        np.testing.assert_array_equal(world.ground_choice[mine], np.arange(m))
        np.testing.assert_array_equal(world.choice_band[mine], np.full(m, b))
    P, Q = world.mdp.transition_matrix().toarray(), ground.mdp.transition_matrix().toarray()
    np.testing.assert_array_equal(P, np.kron(np.eye(4), Q))
    np.testing.assert_array_equal(world.ground_state, np.tile(np.arange(s), 4))


@each_ground
def test_a_clock_taken_away_leaves_the_ground(ground: World) -> None:
    back = without_clock(with_clock(ground, WEEK))
    for name in ("choice_offsets", "successor_offsets", "successors", "probabilities", "choice_state"):
        np.testing.assert_array_equal(getattr(back.mdp, name), getattr(ground.mdp, name))
    for name in ("place_of_state", "choice_length", "choice_turn"):
        np.testing.assert_array_equal(getattr(back, name), getattr(ground, name))
    assert back.settings == ground.settings and dict(back.choice_attributes) == {} and back.n_bands == 1
    assert without_clock(ground) is ground


def test_a_world_without_a_clock_is_its_own_ground() -> None:
    ground = GROUNDS["grid"]
    assert ground.n_bands == 1 and clock_of(ground) is None
    np.testing.assert_array_equal(ground.ground_choice, np.arange(ground.mdp.n_choices))
    assert not ground.choice_band.any()


def test_attributes_of_choices_are_repeated_and_the_hour_and_day_are_added() -> None:
    ground = GROUNDS["grid"]
    m = ground.mdp.n_choices
    numbered = with_clock(with_attribute(ground, "number"), WEEK)
    np.testing.assert_array_equal(numbered.choice_attributes["number"], np.tile(np.arange(m, dtype=float), 4))
    np.testing.assert_array_equal(numbered.choice_attributes["hour"], np.repeat([6.0, 22.0, 6.0, 22.0], m))
    np.testing.assert_array_equal(numbered.choice_attributes["weekday"], np.repeat([0.0, 0.0, 5.0, 5.0], m))
    assert set(with_clock(ground, RUSH).choice_attributes) == {"hour"}
    assert set(with_clock(ground, Bands((), "each day")).choice_attributes) == {"weekday"}
    assert clock_of(numbered) == WEEK


def with_attribute(world: World, name: str) -> World:
    return replace(world, choice_attributes={name: np.arange(world.mdp.n_choices, dtype=float)})


@pytest.mark.parametrize("name", ["hour", "weekday"])
def test_a_column_of_the_clock_s_name_is_refused(name: str) -> None:
    with pytest.raises(WorldError) as caught:
        with_clock(with_attribute(GROUNDS["grid"], name), RUSH)
    assert name in caught.value.what and "Rename" in caught.value.fix


def test_a_second_clock_and_too_large_a_world_are_refused() -> None:
    with pytest.raises(WorldError, match="already"):
        with_clock(with_clock(GROUNDS["grid"], RUSH), NIGHT)
    every_hour = Bands(tuple(float(h) for h in range(24)), "each day")
    with pytest.raises(WorldError, match="fewer bands"):
        with_clock(build_grid(0, 0, 400, 400, 1, "m"), every_hour)


@each_ground
@each_model
def test_solving_a_goal_gives_every_copy_the_ground_s_values(ground: World, model: Rationality) -> None:
    world, reward = with_clock(ground, RUSH), costs(ground)
    place = ground.n_places - 1
    alone = model.solve(model.prepare(ground.mdp, reward), ground.goals_at(np.array([place])).of(0))
    together = model.solve(model.prepare(world.mdp, np.tile(reward, 4)), world.goals_at(np.array([place])).of(0))
    np.testing.assert_allclose(together.value.reshape(4, -1), np.tile(alone.value, (4, 1)), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(together.policy.reshape(4, -1), np.tile(alone.policy, (4, 1)), rtol=1e-7, atol=1e-9)


@each_ground
@each_model
def test_trips_are_as_likely_as_without_a_clock_where_features_ignore_time(ground: World, model: Rationality) -> None:
    reward, rng = costs(ground), np.random.default_rng(3)
    starts = rng.integers(0, ground.mdp.n_states, 30)
    goals = (ground.place_of_state[starts] + 1 + rng.integers(0, ground.n_places - 1, 30)) % ground.n_places
    paths = trips(model, ground, reward, starts, goals)
    world, band = with_clock(ground, RUSH), rng.integers(0, 4, 30)
    banded = with_band(paths, ground.mdp, 4, band)
    np.testing.assert_array_equal(banded.first_state(world.mdp), paths.first_state(ground.mdp) + band * ground.mdp.n_states)
    np.testing.assert_array_equal(world.place_of_state[banded.last_state], ground.place_of_state[paths.last_state])
    before = path_logliks(model, model.prepare(ground.mdp, reward), paths)
    after = path_logliks(model, model.prepare(world.mdp, np.tile(reward, 4)), banded)
    np.testing.assert_allclose(after, before, rtol=1e-8, atol=1e-10)


def test_goals_of_paths_are_the_places_in_all_copies() -> None:
    ground = GROUNDS["grid with headings"]
    world = with_clock(ground, RUSH)
    paths = trips(MaxEnt(), ground, costs(ground), np.array([0, 10]), np.array([8, 4]))
    banded = with_band(paths, ground.mdp, 4, np.array([3, 1]))
    for g, name in enumerate(paths.goals.names):
        place = ground.place_names.tolist().index(name)
        np.testing.assert_array_equal(np.sort(banded.goals.of(g)), world.goals_at(np.array([place])).of(0))


@each_model
@pytest.mark.parametrize("seed", [4, 40])
def test_a_street_avoided_at_night_alone_is_found(model: Rationality, seed: int) -> None:
    """A weight of 1,800 trips is off by 6.5 standard errors in 1e-10 of samples (normal); the third lies 12 to 17 from 0 (8 samples)."""
    ground = build_grid(0, 0, 5, 5, 1, "m")
    world = with_clock(ground, NIGHT)
    street = world.place_xy[:, 1] == 2.5  # the middle row
    on_street = street[world.choice_place].astype(float)
    at_night = (world.choice_attributes["hour"] >= 22.0).astype(float)
    phi = np.column_stack((world.choice_length, on_street, on_street * at_night))
    truth = np.array([-2.0, 0.3, -1.5])
    rng, n = np.random.default_rng(seed), 1800
    starts = rng.integers(0, 25, n)
    goals = (starts + 1 + rng.integers(0, 24, n)) % 25
    paths = trips(model, world, phi @ truth, starts + 25 * rng.integers(0, 2, n), goals, seed)
    found = fit(Problem(world.mdp, phi, ("length", "street", "street at night"), paths, model))
    assert (np.abs(found.theta - truth) < 6.5 * found.se_robust).all()
    assert found.theta[2] < -4.0 * found.se_robust[2]
