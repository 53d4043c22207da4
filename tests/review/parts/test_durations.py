"""Visits, own paces, stretches and areas against slow ways to find the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as student

from irlcore.review.parts.base import Material
from irlcore.review.parts.durations.areas import PASSES, areas_of, times_in
from irlcore.review.parts.durations.learned import Against, against, others_pace, rare
from irlcore.review.parts.durations.pooling import CLIP
from irlcore.review.parts.durations.stretches import CHANGES, NONE, errors_in, where_worst, worst_stretch
from irlcore.review.parts.durations.visits import visits_of
from irlcore.review.parts.kinds import KINDS
from irlcore.worlds.mdp import choices_between
from irlcore.worlds.staying import with_staying
from tests.review.parts.paced import field, made, paths_by, ring, timed, way


def held(seed: int = 3, n: int = 60) -> tuple[Material, Against]:
    """Twenty tracks against forty."""
    material = made(n, seed)
    found = against(material, np.arange(40), np.arange(40, n))
    assert found is not None
    return material, found


def test_a_visit_is_all_that_is_spent_in_a_place_until_it_is_left() -> None:
    """Stays belong to it; a time that is not known leaves it out; hours go on along the way."""
    world = with_staying(field(), 60.0)
    number = {name: k for k, name in enumerate(world.place_names.tolist())}
    states = np.array([number[one] for one in ("0,0", "0,0", "0,0", "1,0", "2,0", "3,0", "3,0")])
    paths = paths_by(world, [[(0, 0), (1, 0), (2, 0), (3, 0)]])
    choices = choices_between(world.mdp, states[:-1], states[1:])
    paths = replace(paths, choices=choices, offsets=np.array([0, 6]), last_state=states[-1:])
    spent = np.array([60.0, 60.0, 3600.0, np.nan, 40.0, 50.0])
    visits = Material(world, paths, np.array([82_800.0]), spent).derived(visits_of)
    assert visits.spent.tolist() == [3720.0, 40.0, 50.0]
    assert world.place_names[visits.place].tolist() == ["0,0", "2,0", "3,0"]
    assert visits.sure.tolist() == [True, True, False]  # it was still in the last place when it was last seen
    assert visits.first.tolist() == [0, 4, 5] and visits.last.tolist() == [3, 5, 6]
    hours = np.array([23, 0])  # 23:00, and 0:02 of the next day
    assert visits.codes["hour"].tolist() == np.searchsorted(np.sort(hours), [23, 0, 0]).tolist()


def test_turns_and_lengths_are_told_apart() -> None:
    """Straight, diagonal and back: a beginning is of a kind of its own."""
    world = field()
    paths = paths_by(world, [[(0, 0), (1, 0), (2, 0), (3, 1), (2, 0), (3, 0)]])
    visits = Material(world, paths, np.array([np.nan]), np.ones(5)).derived(visits_of)
    turn = visits.codes["turn"]
    assert len(set(turn.tolist())) == 4 and turn[0] != turn[1]
    assert visits.way * 100.0 * (1.0 + np.sqrt(2.0)) / 2.0 == pytest.approx(
        np.array([1.0, 1.0, (1.0 + np.sqrt(2.0)) / 2.0, np.sqrt(2.0), (1.0 + np.sqrt(2.0)) / 2.0]) * 100.0)
    assert (visits.codes["hour"] == -1).all() and (visits.codes["rush"] == -1).all()


def test_own_pace_is_a_robust_mean_and_no_visit_counts_for_itself() -> None:
    material, found = held()
    left, pooled = (found.log - found.expected) / found.load, found.usual.pooled
    variance = found.variance / found.load**2
    sure = material.derived(visits_of).sure[found.visits]
    pace, unsure = others_pace(found, sure)
    for track in range(3):
        mine = np.flatnonzero(found.track == track)
        own = float(np.median(left[mine]))
        for _ in range(5):
            weight = (pooled.tails + 1.0) / (pooled.tails + (left[mine] - own) ** 2 / variance[mine]) / variance[mine]
            own = float(np.average(left[mine], weights=weight))
        assert found.own[track] == pytest.approx(own, abs=1e-9)
        weight = (pooled.tails + 1.0) / (pooled.tails + (left[mine] - own) ** 2 / variance[mine]) / variance[mine]
        weight /= pooled.carry
        assert found.unsure[track] == pytest.approx(1.0 / weight.sum(), rel=0.05)
        for k in range(len(mine)):
            others = np.delete(np.arange(len(mine)), k)
            precision = weight[others].sum() + 1.0 / found.usual.loose
            expected = (weight[others] * left[mine][others]).sum() / precision
            assert pace[mine[k]] == pytest.approx(expected, abs=0.005)
            assert unsure[mine[k]] == pytest.approx(1.0 / precision, rel=0.05)


def test_the_worst_stretch_is_the_best_of_all_windows() -> None:
    _, found = held()
    errors = errors_in(found)
    assert np.abs(errors).max() <= CLIP
    values = worst_stretch(errors, found.track, len(found.own))
    for track in range(len(found.own)):
        mine = errors[found.track == track]
        gain = {(a, b): max(c * mine[a:b].sum() - 0.5 * c**2 * (b - a) for c in CHANGES)
                for a in range(len(mine)) for b in range(a + 1, len(mine) + 1)}
        assert values[track] == pytest.approx(max(gain.values()) - np.log(len(mine)))
        assert gain[where_worst(mine)] == pytest.approx(max(gain.values()))


def test_a_track_that_is_nowhere_slower_has_no_stretch() -> None:
    assert worst_stretch(np.array([0.0, -1.0, 2.0]), np.array([0, 0, 2]), 3)[:2].tolist() == [NONE, pytest.approx(np.nan, nan_ok=True)]


def test_how_rare_the_largest_of_several_is() -> None:
    """1 - F^n, with the tail kept where that would be 0 in floating point."""
    assert rare(np.array([2.0]), 4.0, np.array([10]))[0] == pytest.approx(-np.log(1.0 - student.cdf(2.0, 4.0) ** 10))
    assert rare(np.array([1e6]), 4.0, np.array([10]))[0] == pytest.approx(-student.logsf(1e6, 4.0) - np.log(10.0))
    assert np.isfinite(rare(np.array([np.inf]), 10.0, np.array([3]))[0])
    assert rare(np.array([-1.0, -np.inf]), 4.0, np.array([3, 0])).tolist() == [0.0, pytest.approx(np.nan, nan_ok=True)]


def test_time_in_areas_is_what_its_visits_took_there() -> None:
    material, found = held()
    areas, started = times_in(material, found)
    visits = material.derived(visits_of)
    cuts = material.derived(areas_of)
    usual = np.exp(found.expected + found.load * found.pace[found.track]) - found.usual.started
    for k in range(0, len(areas.track), 37):
        inside = np.zeros(len(found.visits), bool)
        for cut in cuts:
            inside |= (cut[found.visits] == areas.area[k]) & (found.track == areas.track[k])
        at = np.flatnonzero(inside)
        assert areas.time[k] <= visits.spent[found.visits[at]].sum() + 1e-6
        place = visits.place[found.visits[at]].tolist()
        through = [i for n, i in enumerate(at) if place[:n].count(place[n]) < PASSES]
        assert areas.passing[k] == pytest.approx(np.maximum(usual[through], 0.0).sum())
    assert started > 0.0


def test_any_two_cells_close_by_share_an_area() -> None:
    """Squares of five cells are cut four times, each half a square farther: what is within two cells lies whole in one of them."""
    material = made(40, 1)
    visits, cuts = material.derived(visits_of), material.derived(areas_of)
    at = np.array([name.split(",") for name in material.world.place_names[visits.place].tolist()], np.int64)
    rng = np.random.default_rng(0)
    pairs = rng.integers(0, len(at), (20_000, 2))
    near = pairs[np.abs(at[pairs[:, 0]] - at[pairs[:, 1]]).max(axis=1) <= 2]
    assert len(near) > 100
    assert np.any([cut[near[:, 0]] == cut[near[:, 1]] for cut in cuts], axis=0).all()


def test_without_coordinates_a_place_alone_is_an_area() -> None:
    """Going round and round in four cells is found there too."""
    rng = np.random.default_rng(7)
    ways = [way(rng) for _ in range(61)]
    ways[60] = ring(ways[60], 6)
    world = field()
    nowhere = replace(world, place_xy=np.full_like(world.place_xy, np.nan))
    material = timed(nowhere, paths_by(world, ways), 3)
    cuts = material.derived(areas_of)
    assert len(cuts) == 1 and len(np.unique(cuts[0])) == len(np.unique(material.derived(visits_of).place))
    values = KINDS["loiter"].measure(material, np.arange(50), np.arange(50, 61)).values
    assert int(np.argmax(values)) == 10
