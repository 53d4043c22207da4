"""Detours injected among real trips are real ways around; and a small run of the loop on made-up classes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks import detours, elicitation_planted
from benchmarks.detours import CUT, false_alarms, rerouted
from benchmarks.detours.neighbours import nearest
from irlcore.simulation.planted.sources import Ordinary
from irlcore.tracks.trips.dark_gaps import LONGEST_H
from irlcore.worlds.mdp import Paths, choices_between
from irlcore.worlds.world import World
from tests.elicitation.worlds import COST, drawn, grid
from tests.review.worlds import as_world, make_paths, one_way_mdp


@pytest.fixture(scope="module")
def world() -> World:
    return grid(9)


@pytest.fixture(scope="module")
def paths(world: World) -> Paths:
    return drawn(world.mdp, COST * world.choice_length / 100.0, 80, seed=7)


@pytest.mark.parametrize("cut", [CUT, 0.6])
def test_a_rerouted_trip_leaves_its_way_once_and_keeps_to_the_world(world: World, paths: Paths, cut: float) -> None:
    found = rerouted(world, paths, np.random.default_rng(2), cut)
    mdp = world.mdp
    assert 40 < len(found) <= len(paths)
    number = {name: i for i, name in enumerate(paths.ids)}
    for k, name in enumerate(found.ids):
        i = number[name]
        before, after = paths.states(mdp, i), found.states(mdp, k)
        chosen = found.choices[found.offsets[k]:found.offsets[k + 1]]
        assert (chosen >= 0).all()
        np.testing.assert_array_equal(mdp.likeliest[chosen], after[1:])
        assert (after[0], after[-1]) == (before[0], before[-1])
        assert found.goal[k] == paths.goal[i] and after[-1] in found.goals.of(int(found.goal[k]))
        new = np.flatnonzero(~np.isin(after, before))  # the detour, in one piece; before and after it the trip's own way
        assert len(new) and (np.diff(new) == 1).all()
        width = max(2, round(cut * len(before)))
        onward = len(after) - new[-1] - 1
        np.testing.assert_array_equal(after[:new[0]], before[:new[0]])
        np.testing.assert_array_equal(after[new[-1] + 1:], before[len(before) - onward:])
        assert new[0] + onward == len(before) - width + 1


def straight(world: World) -> list[int]:
    """Choices along the middle row of nine cells."""
    states = np.arange(36, 45)
    return choices_between(world.mdp, states[:-1], states[1:]).tolist()


def test_what_is_closed_is_closed_by_the_shortest_other_way(world: World) -> None:
    """The way round a stretch of a straight row is on the slant, one row up or down, and back."""
    way = straight(world)
    found = rerouted(world, make_paths(world.mdp, [way], [44]), np.random.default_rng(0))
    extra = world.choice_length[found.choices].sum() - world.choice_length[way].sum()
    assert extra == pytest.approx(2.0 * (np.sqrt(2.0) - 1.0) * 100.0)


def test_trips_that_have_no_other_way_are_left_out(world: World) -> None:
    street = one_way_mdp(6, 1)
    along = make_paths(street, [[0, 1, 2, 3, 4]], [5])
    assert len(rerouted(as_world(street), along, np.random.default_rng(0))) == 0
    mixed = make_paths(world.mdp, [straight(world)[:1], straight(world)], [37, 44])  # one step has nothing to cut out
    assert rerouted(world, mixed, np.random.default_rng(0)).ids.tolist() == ["track 1"]


def test_to_leave_out_a_loop_is_no_detour(world: World) -> None:
    """Once there and back again: to cut that out would make the trip more ordinary, not less."""
    states = np.array([40, 41, 40, 41, 40, 41, 40, 41])
    loop = make_paths(world.mdp, [choices_between(world.mdp, states[:-1], states[1:]).tolist()], [41])
    assert len(rerouted(world, loop, np.random.default_rng(0))) == 0


def test_false_alarms_are_counted_above_the_score_that_detects_enough() -> None:
    normal = np.arange(100.0)
    assert false_alarms(normal, np.array([90.0, 91.0, 92.0, 93.0, 94.0, 95.0]), detected=1.0) == 0.10
    assert false_alarms(normal, np.array([0.0, 80.0, 80.0, 80.0, 99.0])) == pytest.approx(0.36)  # 80 % detected at 64 = 80 - 0.2 * 80
    assert false_alarms(normal, np.full(5, 1000.0)) == 0.0
    assert false_alarms(normal, np.full(5, -1.0)) == 1.0
    assert false_alarms(normal, np.full(5, 99.0)) == 0.01  # as high as the threshold counts


def test_the_nearest_neighbour_sees_the_way_the_pace_the_longest_step_and_the_silence(world: World, paths: Paths) -> None:
    """Each makes a trip farther from all past ones; one that was there as it is is at no distance."""
    rng = np.random.default_rng(3)
    n, spent = len(paths), rng.uniform(8.0, 12.0, len(paths.choices))
    silent = np.where(np.arange(n) % 10 == 0, 0.02, np.nan)
    past = Ordinary(world, paths, np.zeros(n), spent, {LONGEST_H: silent})
    one = past.paths.take(np.array([5]))
    took = spent[paths.offsets[5]:paths.offsets[6]]
    rest = took.copy()
    rest[len(rest) // 2] += 200.0
    rest *= took.sum() / rest.sum()  # at the same pace on the whole

    def far(times: np.ndarray, silence: float = np.nan) -> float:
        return float(nearest(past, Ordinary(world, one, np.zeros(1), times, {LONGEST_H: np.array([silence])}))[0])

    assert far(took) == pytest.approx(0.0, abs=1e-12)
    assert min(far(0.5 * took), far(rest), far(took, 0.5)) > 0.3
    plain = Ordinary(world, paths, np.zeros(n))
    assert nearest(plain, Ordinary(world, one, np.zeros(1)))[0] == 0.0


def test_a_small_run_of_the_loop_finds_something_that_was_planted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"TRACKS": 300, "ABNORMAL": 20, "REFERENCE": 150, "SEEDS": (2012,), "STARTS": 12, "ENDS": 4}.items():
        monkeypatch.setattr(elicitation_planted, name, value)
    # in 6 other classes all that was planted was found: three features each
    found: dict[str, Any] = elicitation_planted.loop("network", 2012)
    assert set(found) >= {"found", "actions", "proposals", "true_positives_kept", "false_alarms", "false_alarm_ratio"}
    assert found["found"] >= 1
    assert found["actions"] == found["found"] + found["accepted_wrong"] <= found["proposals"]
    assert len(found["true_positives_kept"]) == len(found["false_alarms"]) == found["actions"] + 1
    assert found["true_positives_kept"][0] == 1.0
    assert all(0.0 <= rate <= 1.0 for rate in (*found["true_positives_kept"], *found["false_alarms"]))
    assert detours.false_alarms is elicitation_planted.false_alarms
