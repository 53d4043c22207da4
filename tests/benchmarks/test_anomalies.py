"""The study of anomalies of every kind: its measures and controls against plain counting, and a small run of it on made-up trips."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.detours.chain import MarkovChain
from benchmarks.detours.forest import IsolationForest, expected_depth, trip_features
from benchmarks.detours.judged import judge_of
from benchmarks.detours.measures import drawn_precision, measures
from benchmarks.detours.neighbours import nearest
from benchmarks.detours.study import WHO, Setting, as_trips, compared, untimed
from benchmarks.detours.times import with_times
from irlcore.simulation.planted.plant import plant
from irlcore.worlds.world import World
from tests.elicitation.worlds import COST, drawn, grid


@pytest.fixture(scope="module")
def world() -> World:
    plain = grid(9)
    return replace(plain, choice_turn=np.zeros(plain.mdp.n_choices),
                   place_attributes={**plain.place_attributes, "length": np.full(plain.n_places, 100.0)})


def test_average_precision_of_draws_and_its_extremes() -> None:
    rng = np.random.default_rng(1)
    usual = rng.normal(size=950)
    assert drawn_precision(usual, rng.normal(50.0, 1.0, 400)) == 1.0
    assert 0.03 < drawn_precision(usual, rng.normal(size=400)) < 0.1
    assert measures(usual, np.full(100, np.nan)) == {"auc": 0.0, "ap": pytest.approx(0.05, abs=0.001), "far80": 1.0}


def test_the_chain_sums_minus_the_logs_of_its_shares(world: World) -> None:
    past = drawn(world.mdp, COST * world.choice_length / 100.0, 50, 1)
    chain = MarkovChain(world.mdp, past)
    taken = np.bincount(past.choices, minlength=world.mdp.n_choices) + 1.0
    expected = 0.0
    for m in past.choices[:past.offsets[1]].tolist():
        here = world.mdp.choice_state == world.mdp.choice_state[m]
        expected -= np.log(taken[m] / taken[here].sum())
    assert chain.summed(past)[0] == pytest.approx(expected)


def test_what_lies_apart_is_isolated_sooner() -> None:
    rng = np.random.default_rng(2)
    past = rng.normal(size=(500, 3))
    scores = IsolationForest(past).scores(np.vstack((np.zeros(3), np.full(3, 6.0), [6.0, 0.0, 0.0])))
    assert scores[1] > scores[2] > scores[0] and scores[1] > 0.6 > 0.5 > scores[0]
    assert expected_depth(2) == 1.0 and expected_depth(1) == 0.0
    assert expected_depth(256) == pytest.approx(10.24, abs=0.02)  # Liu, Ting and Zhou: c(256)


def test_the_nearest_past_trip_is_that_of_plain_counting(world: World) -> None:
    past, trips = (untimed(world, drawn(world.mdp, COST * world.choice_length / 100.0, n, seed)) for n, seed in ((40, 1), (15, 2)))
    found = nearest(past, trips)
    before = past.paths.choices.copy()
    for i in range(15):
        own = trips.paths.choices[trips.paths.offsets[i]:trips.paths.offsets[i + 1]]
        far = []
        for j in range(40):
            other = past.paths.choices[past.paths.offsets[j]:past.paths.offsets[j + 1]]
            shared = len(set(own.tolist()) & set(other.tolist()))
            far.append(1.0 - shared / (len(own) + len(other) - shared))
        assert found[i] == pytest.approx(min(far))
    np.testing.assert_array_equal(past.paths.choices, before)


def test_made_up_times_are_seeded_and_leave_the_last_step_open(world: World) -> None:
    trips = drawn(world.mdp, COST * world.choice_length / 100.0, 200, 3)
    one, again = with_times(world, trips, 1), with_times(world, trips, 1)
    assert one.spent is not None and again.spent is not None
    np.testing.assert_array_equal(one.spent, again.spent)
    assert np.isnan(one.spent[trips.offsets[1:] - 1]).all() and np.isfinite(one.spent).sum() == len(trips.choices) - 200
    assert 10.0 < np.nanmedian(one.spent) < 25.0  # 100 m at 25 km/h are 14 s
    chain = MarkovChain(world.mdp, trips)
    assert trip_features(one, chain).shape[1] == trip_features(untimed(world, trips), chain).shape[1] + 5


@pytest.mark.kernels
def test_a_small_run_of_the_study(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    reward = COST * world.choice_length / 100.0
    train, past, test = (drawn(world.mdp, reward, n, 5) for n in (60, 500, 80))
    train, test = replace(train, ids=np.array([f"a{i}" for i in range(60)], object)), replace(test, goals=past.goals)
    ordinary = untimed(world, test)
    walks = as_trips(world, plant(ordinary, np.arange(80), ["random walk"], each=40))
    judge = judge_of(world, train, past).seen(untimed(world, past))
    found = compared(Setting(judge, untimed(world, past), ordinary, {"random_walk": walks}), "A small run")
    assert set(found["random_walk"]) == set(WHO)
    assert found["random_walk"]["motive"]["auc"] > 0.9
    assert "A small run" in capsys.readouterr().out
