"""Anomalies planted into ordinary tracks: each has what it claims, keeps to the world, and is made of the track it names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.errors import WorldError
from irlcore.rationality.maxent import MaxEnt
from irlcore.simulation.planted.ground import ground_of
from irlcore.simulation.planted.plant import Planted, kinds_in, plant, why_none
from irlcore.simulation.planted.shapes import FEWEST, ROUNDS
from irlcore.simulation.planted.sources import Ordinary
from irlcore.simulation.simulate import walks
from irlcore.tracks.trips.dark_gaps import LONGEST_H, MANY
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mdp import choices_between
from irlcore.worlds.world import World
from tests.elicitation.worlds import COST, drawn, grid
from tests.review.worlds import make_paths

N = 60
WAYS = ("detour", "switch", "wrong destination", "random walk", "loop", "back and forth", "repeat")
TIMES = ("stop", "too fast", "too slow", "gap")


def timed(world: World, n: int = N, seed: int = 7) -> Ordinary:
    """Trips that take 10 s a metre, give or take, the last step's time unknown; one in five with a gap."""
    rng = np.random.default_rng(seed)
    paths = drawn(world.mdp, COST * world.choice_length / 100.0, n, seed)
    spent = 10.0 * world.choice_length[paths.choices] * rng.uniform(0.8, 1.25, len(paths.choices))
    spent[paths.offsets[1:] - 1] = np.nan
    gap = np.where(np.arange(n) % 5 == 0, rng.uniform(0.5, 1.0, n), np.nan)
    return Ordinary(world, paths, np.arange(n, dtype=np.float64), spent, {LONGEST_H: gap, MANY: np.isfinite(gap).astype(np.float64)})


WORLDS = {"grid": grid(9), "heading": build_grid(0.0, 0.0, 700.0, 700.0, 100.0, "m", heading=True)}


@pytest.fixture(scope="module", params=list(WORLDS))
def ordinary(request: pytest.FixtureRequest) -> Ordinary:
    return timed(WORLDS[request.param])


@pytest.fixture(scope="module")
def found(ordinary: Ordinary) -> Planted:
    return plant(ordinary, np.arange(N), each=20)


def states(ordinary: Ordinary, found: Planted, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Of an anomaly, and of the track that it was made of."""
    mdp = ordinary.world.mdp
    return found.paths.states(mdp, k), ordinary.paths.states(mdp, int(found.of[k]))


def of_kind(found: Planted, kind: str) -> list[int]:
    which = np.flatnonzero(found.kind == kind).tolist()
    assert len(which) >= 8, kind
    return which


@pytest.mark.kernels
def test_every_planted_track_keeps_to_the_world_and_ends_once_at_its_goal(ordinary: Ordinary, found: Planted) -> None:
    mdp = ordinary.world.mdp
    assert set(found.kind) == set(kinds_in(ordinary.world))
    np.testing.assert_array_equal(mdp.choice_state[found.paths.choices[found.paths.offsets[:-1]]],
                                  ordinary.paths.first_state(mdp)[found.of])
    for k in range(len(found)):
        way, goal = found.paths.states(mdp, k), found.paths.goals.of(int(found.paths.goal[k]))
        chosen = found.paths.choices[found.paths.offsets[k]:found.paths.offsets[k + 1]]
        np.testing.assert_array_equal(mdp.likeliest[chosen], way[1:])
        assert way[-1] in goal and not np.isin(way[:-1], goal).any()


@pytest.mark.kernels
def test_steps_that_are_its_sources_own_are_the_very_same(ordinary: Ordinary, found: Planted) -> None:
    paths = ordinary.paths
    kept = found.own >= 0
    of = np.repeat(found.of, found.paths.lengths)
    np.testing.assert_array_equal(found.paths.choices[kept], paths.choices[(paths.offsets[of] + found.own)[kept]])
    assert kept[np.isin(np.repeat(found.kind, found.paths.lengths), TIMES)].all()


@pytest.mark.kernels
def test_detours_switches_and_wrong_ends_leave_the_way(ordinary: Ordinary, found: Planted) -> None:
    world, paths = ordinary.world, ordinary.paths
    homes = set(zip(world.place_of_state[paths.first_state(world.mdp)].tolist(), paths.goal.tolist(), strict=True))
    for kind in ("detour", "switch"):
        for k in of_kind(found, kind):
            way, own = states(ordinary, found, k)
            assert found.paths.goal[k] == paths.goal[found.of[k]]
            assert (~np.isin(world.place_of_state[way], world.place_of_state[own])).any()
    for k in of_kind(found, "wrong destination"):
        way, _ = states(ordinary, found, k)
        assert found.paths.goal[k] in paths.goal
        assert (int(world.place_of_state[way[0]]), int(found.paths.goal[k])) not in homes


def test_a_detour_on_a_grid_keeps_off_the_cells_beside_its_way() -> None:
    """Along the middle row of 21 cells: six steps of it are gone two rows aside, as one row aside would be the same way."""
    world = build_grid(0.0, 0.0, 2100.0, 900.0, 100.0, "m")
    row = np.arange(4 * 21, 5 * 21)
    along = make_paths(world.mdp, [choices_between(world.mdp, row[:-1], row[1:]).tolist()] * 5, [int(row[-1])] * 5)
    found = plant(Ordinary(world, along, np.zeros(5)), np.arange(5), ["detour"])
    assert len(found) == 5
    for k in range(5):
        aside = np.abs(world.place_xy[found.paths.states(world.mdp, k), 1] - 450.0)
        assert aside.max() == pytest.approx(200.0)


@pytest.mark.kernels
def test_loops_ways_back_and_repeats_come_to_where_they_were(ordinary: Ordinary, found: Planted) -> None:
    world = ordinary.world
    for k in of_kind(found, "loop"):
        way, own = states(ordinary, found, k)
        extra = len(way) - len(own)
        at = next(i for i in range(len(own)) if (way[i + 1:i + extra + 1][-1:] == way[i]) and (way[i + extra:] == own[i:]).all())
        inside = world.place_of_state[way[at + 1:at + extra]]
        assert len(inside) >= FEWEST and len(np.unique(inside)) == len(inside)
    for k in of_kind(found, "back and forth"):
        way, own = states(ordinary, found, k)
        counts = np.bincount(way, minlength=world.mdp.n_states) - np.bincount(own, minlength=world.mdp.n_states)
        assert (counts[own] >= ROUNDS).sum() >= 3 and (counts >= 0).all()
    for k in of_kind(found, "repeat"):
        way, own = states(ordinary, found, k)
        counts = np.bincount(way, minlength=world.mdp.n_states) - np.bincount(own, minlength=world.mdp.n_states)
        assert (counts[own] >= 1).sum() >= max(3, round(0.3 * (len(own) - 1)) + 1)


@pytest.mark.kernels
def test_kinds_in_time_take_the_same_way_in_another_time(ordinary: Ordinary, found: Planted) -> None:
    assert ordinary.spent is not None and found.spent is not None
    for kind in TIMES:
        for k in of_kind(found, kind):
            a, b = ordinary.paths.offsets[found.of[k]:found.of[k] + 2]
            own = ordinary.spent[a:b]
            now = found.spent[found.paths.offsets[k]:found.paths.offsets[k + 1]]
            known = np.isfinite(own)
            np.testing.assert_array_equal(np.isfinite(now), known)
            more = now[known] - own[known]
            if kind == "stop":
                assert (more > 0.0).sum() == 1 and more.max() >= 0.499 * np.nansum(own)
            elif kind == "gap":
                assert (more > 0.0).sum() <= 1
                assert found.facts[LONGEST_H][k] > np.nanquantile(ordinary.facts[LONGEST_H], 0.9) and found.facts[MANY][k] >= 1.0
            else:
                share = now[known] / own[known]
                assert share.max() - share.min() < 1e-9
                assert share[0] <= 0.5 if kind == "too fast" else share[0] >= 2.0


@pytest.mark.kernels
def test_new_ways_take_their_usual_time(ordinary: Ordinary, found: Planted) -> None:
    """About 10 s a metre; a place's own median stands for all steps from it, straight or on the slant."""
    assert found.spent is not None
    new = (found.own < 0) & np.isin(np.repeat(found.kind, found.paths.lengths), ("detour", "random walk"))
    pace = found.spent[new] / ordinary.world.choice_length[found.paths.choices[new]]
    assert 8.0 < np.median(pace) < 12.5


def test_nothing_in_time_is_planted_where_no_time_is_known() -> None:
    world = grid(6)
    bare = replace(timed(world), spent=None, facts={})
    found = plant(bare, np.arange(N), each=5)
    assert set(found.kind) == set(WAYS) and found.spent is None


@pytest.mark.kernels
def test_walks_without_a_destination_get_what_makes_sense_of_them() -> None:
    world = grid(6)
    model = MaxEnt()
    prepared = model.prepare(world.mdp, -0.01 * world.choice_length, 0.9)
    roam = walks(model, prepared, np.arange(20), np.full(20, 15), np.random.default_rng(1))
    found = plant(Ordinary(world, roam, np.zeros(20)), np.arange(20), each=10)
    assert set(found.kind) == {"random walk", "loop", "back and forth"}
    assert (found.paths.lengths[found.kind == "random walk"] == 15).all()


@pytest.mark.kernels
def test_the_same_seed_plants_the_same_and_another_does_not(ordinary: Ordinary, found: Planted) -> None:
    again, other = plant(ordinary, np.arange(N), each=20), plant(ordinary, np.arange(N), each=20, seed=1)
    np.testing.assert_array_equal(again.paths.choices, found.paths.choices)
    assert not np.array_equal(other.paths.choices, found.paths.choices)


def test_where_moves_slip_nothing_is_planted() -> None:
    slippery = grid(5, slip=0.1)
    assert why_none(slippery) and not why_none(grid(5))
    with pytest.raises(WorldError, match="chance"):
        plant(Ordinary(slippery, drawn(grid(5).mdp, COST * grid(5).choice_length / 100.0, 5, 1), np.zeros(5)), np.arange(5))


def test_the_shortest_way_keeps_off_what_is_barred() -> None:
    ground = ground_of(grid(5))
    assert ground.shortest(0, 4, np.zeros(0, np.int64)).tolist() == [0, 1, 2, 3, 4]
    assert 2 not in ground.shortest(0, 4, np.array([2]))
    assert len(ground.shortest(0, 4, np.array([1, 5, 6]))) == 0
