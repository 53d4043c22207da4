"""The made-up fishing ground: what its vessels do, and that it is the same for the same seed."""

from __future__ import annotations

import numpy as np

from irlcore.simulation.fishing import CELL_M, RESERVE, SIDE, SPEED_MPS, fishing_ground
from irlcore.worlds.aims import NOWHERE
from irlcore.worlds.dwell import suggest_stay
from irlcore.worlds.grid import build_grid, map_tracks
from irlcore.worlds.staying import stays_of, with_staying


def test_tracks_are_sound_and_the_same_for_the_same_seed() -> None:
    one, other = (fishing_ground(12, 3, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(one.tracks.x, other.tracks.x)
    assert one.poacher.sum() == 3 and (one.tracks.attributes["label"] == "poacher").tolist() == one.poacher.tolist()
    owner = np.repeat(np.arange(15), np.diff(one.tracks.offsets))
    later = np.diff(one.tracks.t)[np.diff(owner) == 0]
    assert (later > 0.0).all() and (np.diff(one.tracks.offsets) >= 80).all()
    assert one.tracks.x.min() >= 0.0 and one.tracks.y.max() <= SIDE * CELL_M
    way = np.hypot(np.diff(one.tracks.x), np.diff(one.tracks.y))[np.diff(owner) == 0]
    assert np.median(way / later) < SPEED_MPS


def test_vessels_lie_on_the_grounds_and_poachers_go_into_the_reserve() -> None:
    """Over ten seeds normal vessels had up to .0011 of their points in the reserve and poachers .17 to .47, and a step on a ground was a
    stay 2.5 to 3.7 times as often as elsewhere."""
    ground = fishing_ground(40, 20, np.random.default_rng(2))
    world = with_staying(build_grid(0.0, 0.0, SIDE * CELL_M, SIDE * CELL_M, CELL_M, "m"), 600.0)
    paths = map_tracks(world, ground.tracks, np.full(60, NOWHERE)).paths
    assert len(paths) == 60
    where = world.place_xy[world.choice_place[paths.choices]]
    stays, poacher = stays_of(world)[paths.choices], ground.poacher[paths.owner]
    on_ground = np.any([((where >= ring.min(axis=0)) & (where <= ring.max(axis=0))).all(axis=1)
                        for name, ring in ground.zones.items() if name != "reserve"], axis=0)
    assert stays.mean() > 0.1 and stays[on_ground].mean() > 2.0 * stays[~on_ground].mean()
    closed = (np.abs(where - np.array(RESERVE[:2])) <= RESERVE[2]).all(axis=1)
    assert closed[poacher].mean() > 3.0 * closed[~poacher].mean()
    assert suggest_stay(ground.tracks, world) in (600.0, 900.0)
