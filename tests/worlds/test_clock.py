"""A world with a clock: copies that equal the ground, trips in their band, and weights that differ by time found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.errors import WorldError
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import Problem, fit
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.clock import Bands, clock_of, hour_text, read_edges, with_band, with_clock, without_clock
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
hours = st.lists(st.integers(0, 95).map(lambda q: q / 4.0), min_size=2, max_size=8, unique=True).map(lambda h: tuple(sorted(h)))


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0) -> float:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()


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
    np.testing.assert_array_equal(numbered.choice_attributes["hour"], np.repeat([14.0, 2.0, 14.0, 2.0], m))
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
def test_a_street_avoided_at_night_alone_is_found(model: Rationality) -> None:
    ground = build_grid(0, 0, 5, 5, 1, "m")
    world = with_clock(ground, NIGHT)
    street = world.place_xy[:, 1] == 2.5  # the middle row
    on_street = street[world.choice_place].astype(float)
    at_night = (world.choice_attributes["hour"] == 2.0).astype(float)
    phi = np.column_stack((world.choice_length, on_street, on_street * at_night))
    truth = np.array([-2.0, 0.3, -1.5])
    rng, n = np.random.default_rng(4), 600
    starts = rng.integers(0, 25, n)
    goals = (starts + 1 + rng.integers(0, 24, n)) % 25
    paths = trips(model, world, phi @ truth, starts + 25 * rng.integers(0, 2, n), goals)
    found = fit(Problem(world.mdp, phi, ("length", "street", "street at night"), paths, model))
    assert (np.abs(found.theta - truth) < 3.0 * found.se_robust).all()
    assert found.theta[2] < -5.0 * found.se_robust[2]


@given(hours, st.integers(-10**10, 10**10))
def test_every_second_belongs_to_the_one_band_that_covers_it(edges: tuple[float, ...], second: int) -> None:
    bands = Bands(edges)
    hour = second % 86_400 / 3600.0
    width = np.diff([*edges, edges[0] + 24.0])
    covers = [(hour - a) % 24.0 < w for a, w in zip(edges, width, strict=True)]
    assert sum(covers) == 1
    assert covers[int(bands.band_of(np.array([second]))[0])]


@settings(max_examples=50)
@given(hours, st.sampled_from(["weekday and weekend", "each day"]), st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)))
def test_days_are_calendar_days(edges: tuple[float, ...], days: str, when: datetime) -> None:
    stamp = when.replace(microsecond=0, tzinfo=UTC)
    bands = Bands(edges, days)  # type: ignore[arg-type]
    band = int(bands.band_of(np.array([stamp.timestamp()]))[0])
    day = stamp.weekday()
    assert bands.weekdays[band] == (day if days == "each day" else 5 * (day >= 5))
    word = stamp.strftime("%A") if days == "each day" else "weekend" if day >= 5 else "weekdays"
    assert bands.labels[band].startswith(word)


@pytest.mark.parametrize(("when", "label"), [
    (at(2024, 3, 1, 5, 59, 59), "22-6"), (at(2024, 3, 1, 6), "6-22"), (at(2024, 3, 1, 21, 59, 59), "6-22"), (at(2024, 3, 1, 22), "22-6"),
    (at(2024, 3, 1, 0), "22-6"), (at(1969, 12, 31, 12), "6-22")])
def test_the_last_band_goes_over_midnight(when: float, label: str) -> None:
    assert NIGHT.labels[int(NIGHT.band_of(np.array([when]))[0])] == label


def test_a_night_belongs_to_the_day_on_which_the_trip_starts() -> None:
    friday_late, saturday_early = at(2024, 3, 1, 23, 30), at(2024, 3, 2, 0, 30)
    assert [WEEK.labels[b] for b in WEEK.band_of(np.array([friday_late, saturday_early]))] == ["weekdays 22-6", "weekend 22-6"]
    assert friday_late + timedelta(hours=1).total_seconds() == saturday_early


def test_a_time_that_is_not_known_has_no_band() -> None:
    np.testing.assert_array_equal(RUSH.band_of(np.array([np.nan, np.inf, 0.0])), [-1, -1, 3])


def test_the_hour_of_a_band_is_its_middle_and_of_one_hour_the_hour_itself() -> None:
    np.testing.assert_allclose(RUSH.hours, [8.0, 13.0, 18.0, 1.0])
    np.testing.assert_allclose(Bands((6.0, 22.0)).hours, [14.0, 2.0])
    np.testing.assert_allclose(Bands(tuple(float(h) for h in range(24))).hours, np.arange(24.0))
    np.testing.assert_allclose(Bands((7.0, 8.0)).hours, [7.0, 19.5])


def test_bands_have_names() -> None:
    assert RUSH.labels == ("6-10", "10-16", "16-20", "20-6")
    assert Bands((6.5, 22.0)).labels == ("6:30-22", "22-6:30")
    assert WEEK.labels == ("weekdays 6-22", "weekdays 22-6", "weekend 6-22", "weekend 22-6")
    assert Bands((), "weekday and weekend").labels == ("weekdays", "weekend")
    assert Bands((6.0, 22.0), "each day").labels[2] == "Tuesday 6-22"
    assert NIGHT.name == "6-22, 22-6" and "weekdays and weekend" in WEEK.name
    for bands in (RUSH, NIGHT, WEEK, Bands((), "each day")):
        assert bands.n_bands == len(bands.labels) == len(bands.hours) == len(bands.weekdays)
    assert [hour_text(h) for h in (0.0, 16.0, 9.25)] == ["0", "16", "9:15"]


@pytest.mark.parametrize(("edges", "days", "named"), [
    ((6.0, 24.0), "all", "24"), ((-1.0, 6.0), "all", "-1"), ((6.0, float("nan")), "all", "nan"), ((6.0,), "all", "6"),
    ((10.0, 6.0), "all", "10, 6"), ((6.0, 6.0), "all", "6, 6"), ((), "all", "neither"), ((6.0, 22.0), "some", "some")])
def test_bands_that_are_none_are_refused_by_name(edges: tuple[float, ...], days: str, named: str) -> None:
    with pytest.raises(WorldError) as caught:
        Bands(edges, days)  # type: ignore[arg-type]
    assert named in caught.value.what and caught.value.fix


def test_edges_are_read_as_they_are_typed() -> None:
    assert read_edges("20, 6 10;16:30") == (6.0, 10.0, 16.5, 20.0)
    assert read_edges("0, 8, 16, 24") == (0.0, 8.0, 16.0)
    assert read_edges(" ") == ()
    with pytest.raises(WorldError, match="noon"):
        read_edges("6, noon")
    with pytest.raises(WorldError, match="240"):
        Bands(read_edges("6, 240"))
