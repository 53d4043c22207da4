"""Worlds in which staying is a choice: how they are made and unmade, and what tracks that dwell become in them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import Infeasible, WorldError
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix, suggest_features
from irlcore.rationality.models import MODELS
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.aims import NOWHERE, TO_ITS_END
from irlcore.worlds.clock import Bands, with_clock, without_clock
from irlcore.worlds.dwell import suggest_stay
from irlcore.worlds.grid import build_grid, map_tracks
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.network import build_network
from irlcore.worlds.staying import stays_of, with_staying, without_staying
from irlcore.worlds.world import World


def grid(heading: bool = False, slip: float = 0.0) -> World:
    return build_grid(0.0, 0.0, 4.0, 3.0, 1.0, "m", heading=heading, slip=slip)


def network() -> World:
    return build_network(pd.DataFrame({"id": ["a", "b", "c"], "from": ["1", "2", "3"], "to": ["2", "3", "1"], "length": [1.0, 2.0, 3.0]}))


WORLDS = {"grid": grid, "heading": lambda: grid(True), "slip": lambda: grid(slip=0.2), "both": lambda: grid(True, 0.1),
          "network": network}
every_world = pytest.mark.parametrize("make", WORLDS.values(), ids=WORLDS)


def same(one: World, other: World) -> None:
    for name in ("choice_offsets", "successor_offsets", "successors", "probabilities", "choice_state"):
        np.testing.assert_array_equal(getattr(one.mdp, name), getattr(other.mdp, name))
    np.testing.assert_array_equal(one.mdp.ids, other.mdp.ids)
    for name in ("place_of_state", "choice_length", "choice_turn"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert dict(one.settings) == dict(other.settings) and set(one.choice_attributes) == set(other.choice_attributes)
    for name, values in one.choice_attributes.items():
        np.testing.assert_array_equal(values, other.choice_attributes[name])


def tracks_of(*tracks: list[tuple[float, float, float]]) -> Tracks:
    """Tracks of points (t, x, y)."""
    flat = np.array([point for track in tracks for point in track], float)
    ids = np.array([f"t{i}" for i in range(len(tracks))], object)
    offsets = np.concatenate(([0], np.cumsum([len(track) for track in tracks]))).astype(np.int64)
    return Tracks(ids, offsets, flat[:, 0], flat[:, 1], flat[:, 2], pd.DataFrame(index=range(len(tracks))))


@every_world
def test_every_state_can_stay_and_nothing_else_changes(make: object) -> None:
    world = make()  # type: ignore[operator]
    staying = with_staying(world, 600.0)
    stays = stays_of(staying)
    assert stays.sum() == world.mdp.n_states == staying.mdp.n_choices - world.mdp.n_choices
    assert (np.diff(staying.mdp.successor_offsets)[stays] == 1).all()
    np.testing.assert_array_equal(staying.mdp.likeliest[stays], np.arange(world.mdp.n_states))
    np.testing.assert_array_equal(staying.choice_place[stays], world.place_of_state)
    assert (staying.choice_length[stays] == 0.0).all() and np.isnan(staying.choice_turn[stays]).all()
    np.testing.assert_array_equal(staying.choice_length[~stays], world.choice_length)
    same(without_staying(staying), world)
    with pytest.raises(WorldError, match="already"):
        with_staying(staying, 600.0)
    with pytest.raises(WorldError, match="not possible"):
        with_staying(world, 0.0)


@every_world
def test_a_clock_and_stays_go_together_in_either_order(make: object) -> None:
    world, bands = make(), Bands((6.0, 18.0), "weekday and weekend")  # type: ignore[operator]
    staying = with_staying(world, 600.0)
    clocked = with_clock(staying, bands)
    same(without_clock(clocked), staying)
    same(with_staying(with_clock(world, bands), 600.0), clocked)
    assert stays_of(clocked).sum() == bands.n_bands * world.mdp.n_states
    np.testing.assert_array_equal(clocked.choice_attributes["hour"], np.repeat(bands.hours, staying.mdp.n_choices))


def test_attributes_of_transitions_are_nothing_where_none_is_made() -> None:
    world = network()
    world = type(world)(**{name: getattr(world, name) for name in world.__dataclass_fields__} | {
        "choice_attributes": {"toll": np.arange(1.0, world.mdp.n_choices + 1), "sign": np.full(world.mdp.n_choices, "stop", object)}})
    staying = with_staying(world, 60.0)
    stays = stays_of(staying)
    assert (staying.choice_attributes["toll"][stays] == 0.0).all() and set(staying.choice_attributes["sign"][stays]) == {""}
    np.testing.assert_array_equal(staying.choice_attributes["toll"][~stays], world.choice_attributes["toll"])


def test_dwelling_becomes_stays_where_it_was() -> None:
    """In (0, 0) from 0 to 100 s; at 110 in (1, 0), a point there only; from 120 to 155 in (2, 1)."""
    track = [(0.0, 0.5, 0.5), (50.0, 0.6, 0.5), (100.0, 0.7, 0.5), (110.0, 1.5, 0.5), (120.0, 2.5, 1.5), (155.0, 2.4, 1.5)]
    for heading in (False, True):
        world = with_staying(grid(heading), 30.0)
        paths = map_tracks(world, tracks_of(track), np.array([NOWHERE])).paths
        stays = stays_of(world)[paths.choices]
        assert stays.tolist() == [True, True, True, False, False, True]
        assert [str(world.place_names[p]) for p in world.place_of_state[paths.states(world.mdp, 0)]] == [
            "0,0", "0,0", "0,0", "0,0", "1,0", "2,1", "2,1"]
        assert paths.times is not None and paths.times.tolist() == [0.0, 30.0, 60.0, 90.0, 110.0, 120.0]
        after = np.append(world.mdp.choice_state[paths.choices[1:]], paths.last_state[0])
        np.testing.assert_array_equal(world.mdp.likeliest[paths.choices], after)
    assert not stays_of(grid())[map_tracks(grid(), tracks_of(track)).paths.choices].any()


def test_who_has_arrived_stays_no_more() -> None:
    track = [(0.0, 0.5, 0.5), (100.0, 0.7, 0.5), (110.0, 1.5, 0.5), (900.0, 1.6, 0.5)]
    world = with_staying(grid(), 30.0)
    mapped = map_tracks(world, tracks_of(track), np.array([TO_ITS_END]))
    assert stays_of(world)[mapped.paths.choices].tolist() == [True, True, True, False] and not len(mapped.problems)
    assert stays_of(world)[map_tracks(world, tracks_of(track)).paths.choices].sum() == 3
    assert stays_of(world)[map_tracks(world, tracks_of(track), np.array([NOWHERE])).paths.choices].sum() == 3 + 26


def test_who_never_moves_but_stays_is_kept_where_it_roams() -> None:
    track = [(0.0, 0.5, 0.5), (100.0, 0.7, 0.5)]
    world = with_staying(grid(), 30.0)
    assert map_tracks(world, tracks_of(track), np.array([NOWHERE])).paths.lengths.tolist() == [3]


def test_a_gap_over_cells_is_travelled_after_the_dwelling() -> None:
    track = [(0.0, 0.5, 0.5), (60.0, 0.5, 0.6), (90.0, 3.5, 0.5)]
    paths = map_tracks(with_staying(grid(), 30.0), tracks_of(track)).paths
    assert paths.times is not None and paths.times.tolist() == [0.0, 30.0, 60.0, 70.0, 80.0]


def test_without_times_nobody_is_said_to_have_stayed() -> None:
    points = tracks_of([(0.0, 0.5, 0.5), (1.0, 0.6, 0.5), (2.0, 1.5, 0.5)])
    untimed = Tracks(points.ids, points.offsets, points.t, points.x, points.y, points.attributes, timed=False)
    world = with_staying(grid(), 0.5)
    assert not stays_of(world)[map_tracks(world, untimed).paths.choices].any() and suggest_stay(untimed, world) is None
    links = LinkTracks(np.array(["t"], object), np.array([0, 5]), np.array(["a", "a", "b", "b", "c"], object), pd.DataFrame(index=[0]))
    roads = with_staying(network(), 60.0)
    assert not stays_of(roads)[map_link_tracks(roads, links).paths.choices].any()


def test_too_many_stays_are_refused() -> None:
    track = [(0.0, 0.5, 0.5), (1e6, 0.7, 0.5), (1e6 + 1, 1.5, 0.5)]
    with pytest.raises(WorldError, match="Let a stay take longer"):
        map_tracks(with_staying(grid(), 0.01), tracks_of(track))


@pytest.mark.parametrize(("pace", "wanted"), [(0.5, 2.0), (10.0, 30.0), (70.0, 300.0), (700.0, 3600.0), (9e4, 86400.0)])
def test_a_stay_that_is_suggested_takes_longer_than_passing_through(pace: float, wanted: float) -> None:
    """Three times the usual time in a cell, or the next round one above; a long stop does not count, a jump does cell by cell."""
    track = [(k * pace, k + 0.5, 0.5) for k in range(3)] + [(2 * pace + 50 * pace, 2.5, 1.5), (54 * pace, 0.5, 1.5)]
    assert suggest_stay(tracks_of(track), grid()) == wanted


def test_features_know_stays() -> None:
    world = with_staying(grid(True), 120.0)
    stays = stays_of(world)
    specs = suggest_features(world)
    assert "staying" in [spec.kind for spec in specs] and "staying" not in [spec.kind for spec in suggest_features(grid())]
    found = feature_matrix(specs, world, Context())
    column = dict(zip(found.names, found.values.T, strict=True))
    np.testing.assert_array_equal(column["staying"], stays)
    assert (column["length"][stays] == 0.0).all() and (column["each step"] == 1.0).all()
    assert (column["left turn"][stays] == 0.0).all()
    minutes = feature_matrix([FeatureSpec("wait", "staying", {"counted": "minutes"})], world, Context()).values[:, 0]
    np.testing.assert_array_equal(minutes, 2.0 * stays)
    roads = network()
    fast = type(roads)(**{name: getattr(roads, name) for name in roads.__dataclass_fields__} | {
        "place_attributes": {"speed_kmh": np.full(3, 3.6)}})
    slow = with_staying(fast, 120.0)
    taken = feature_matrix([FeatureSpec("time", "duration", {})], slow, Context()).values[:, 0]
    np.testing.assert_allclose(taken, np.where(stays_of(slow), 2.0, slow.choice_length / 60.0))


@pytest.mark.parametrize("model", [m for m in MODELS.values() if m.plans], ids=lambda m: m.name)
@pytest.mark.parametrize("slip", [0.0, 0.2])
def test_towards_a_goal_staying_must_cost(model: object, slip: float) -> None:
    world = with_staying(grid(slip=slip), 60.0)
    goal = np.array([5])
    with pytest.raises(Infeasible) as refused:
        model.solve(model.prepare(world.mdp, -2.0 * world.choice_length, 1.0), goal)  # type: ignore[attr-defined]
    assert "Staying" in refused.value.what and "feature Staying" in refused.value.fix
    found = model.solve(model.prepare(world.mdp, -2.0 * world.choice_length - 2.0, 1.0), goal)  # type: ignore[attr-defined]
    sums = np.add.reduceat(found.policy, world.mdp.choice_offsets[:-1])
    np.testing.assert_allclose(np.delete(sums, 5), 1.0, atol=1e-9)


def held_and_silent(gap_at: tuple[float, float], every: float = 0.0) -> Tracks:
    """A track that crosses the grid at a point a minute and is not heard of for an hour at one place; ``every`` seconds while it rests
    there before, where given."""
    way = [(60.0 * k, 0.1 + 0.1 * k, 0.5) for k in range(15)]
    here, rest = way[-1], []
    if every:
        rest = [(here[0] + every * k, here[1] + 0.001 * (k % 2), 0.5) for k in range(1, 9)]
    back = (rest[-1] if rest else here)[0] + 3600.0
    return tracks_of([*way, *rest, (back, *gap_at), *((back + 60.0 * k, 1.6 + 0.1 * k, 0.5) for k in range(1, 15))])


def count_of_stays(tracks: Tracks) -> tuple[int, pd.DataFrame]:
    world = with_staying(grid(), 600.0)
    mapped = map_tracks(world, tracks, np.full(len(tracks), NOWHERE, np.int8))
    return int(stays_of(world)[mapped.paths.choices].sum()), mapped.problems


def test_a_gap_is_no_staying_and_is_told() -> None:
    many, problems = count_of_stays(held_and_silent((1.55, 0.5)))
    assert many == 0 and "a gap of 60 min within one cell, where nobody saw it stay" in problems["what"].tolist()
    # one position, as a stop is held, is a stay; the hour of one that reports more seldom at rest is none either, its rest is
    assert count_of_stays(held_and_silent((0.1 + 0.1 * 14, 0.5)))[0] == 6
    many, problems = count_of_stays(held_and_silent((1.55, 0.5), every=400.0))
    assert many == (8 * 400 + 2 * 300) // 600 == 6 and len(problems) == 1, "not 12: it was in the cell for an hour that was seen"


def test_a_vessel_that_reports_more_seldom_at_anchor_stays() -> None:
    points = [(10.0 * k, 0.01 * k, 0.5) for k in range(300)]
    points += [(2990.0 + 180.0 * k, 2.99 - 0.001 * (k % 3), 0.5) for k in range(1, 21)]
    many, problems = count_of_stays(tracks_of(points))
    assert many == (20 * 180 + 990) // 600 + 2 * (990 // 600) and not len(problems)
