"""What a fit expects: chances against the model's own, ways against every way, scores against the pages, draws against weights."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import irlcore as ir
from irlcore.analysis.onward import intent_study
from irlcore.rationality.boltzmann import Boltzmann
from tests.api.test_frames import BUSES, SEEN

pytestmark = pytest.mark.kernels

ROADS = pd.DataFrame({"link": ["in", "short", "long", "out"], "u": ["a", "b", "b", "c"], "v": ["b", "c", "c", "d"],
                      "length": [1.0, 1.0, 2.0, 1.0]})
TRIPS = {f"t{k}": ["in", "long" if k % 4 == 0 else "short", "out"] for k in range(40)}


@pytest.fixture(scope="module")
def roads() -> ir.Fit:
    return ir.fit(ir.read(links=ROADS, paths=TRIPS), features=["length"], model="boltzmann")


@pytest.fixture(scope="module")
def trucks() -> ir.Fit:
    return ir.fit(ir.sample("town").of_class("truck"), model="maxent")


def test_chances_are_those_of_a_logit_of_two_ways(roads: ir.Fit) -> None:
    """Three in four take the short way: its chance is 3/4, and a unit of length costs log 3."""
    assert roads.weights["length"] == pytest.approx(-np.log(3.0), rel=1e-3)  # as near as the search goes
    found = roads.predict("out", start="in")
    assert found[["from", "to"]].to_numpy().tolist() == [["in", "short"], ["in", "long"]]
    assert found["probability"].tolist() == pytest.approx([0.75, 0.25], abs=1e-4)
    assert roads.predict(start="in", what="next")["to"].tolist() == ["short"]  # there is one goal
    assert roads.predict("out", what="path", start="in")["link"].tolist() == ["in", "short", "out"]
    assert roads.predict("out", what="path", start=["in", "long"])["link"].tolist() == ["long", "out"]


def test_choices_of_every_place_sum_to_one(trucks: ir.Fit) -> None:
    found = trucks.predict("231")
    assert np.allclose(found.groupby("from")["probability"].sum(), 1.0)
    assert "231" not in set(found["from"])  # there the trip is over
    best = trucks.predict("231", what="next")
    assert (best.set_index("from")["probability"].sort_index() == found.groupby("from")["probability"].max()).all()


def test_a_way_is_the_likeliest_of_all(trucks: ir.Fit) -> None:
    """Against the product of chances along each track that really went there."""
    goal, paths = "231", trucks.paths
    chance = trucks.predict(goal).set_index(["from", "to"])["probability"]
    for _, way in paths[paths["track"].isin(trucks.tracks.query("goal == @goal")["track"])].groupby("track"):
        links = way["link"].tolist()
        best = trucks.predict(goal, start=links[0], what="path")
        theirs = float(np.prod([chance[one] for one in pairwise(links)]))
        assert best["probability"].prod() >= theirs * (1.0 - 1e-9)


def test_scores_are_held_out_ones_and_those_of_other_tracks(trucks: ir.Fit) -> None:
    assert trucks.score() == pytest.approx(trucks.result.held_out, rel=1e-12)
    each = trucks.score(by_track=True)
    assert isinstance(each, pd.Series) and each.mean() == pytest.approx(trucks.result.held_out)
    known = trucks.paths[trucks.paths["track"].isin(each.index)]
    again = trucks.score(ir.read(paths=known, world=trucks.world), by_track=True)
    pd.testing.assert_series_equal(again.sort_index(), each.sort_index())  # type: ignore[union-attr]


def test_drawn_tracks_are_tracks_that_give_the_weights_back() -> None:
    town = ir.sample("town").of_class("truck").with_features("length (km)", "u-turn")
    fit = ir.fit(town, model="maxent")
    for seed in (1, 2, 3):
        drawn = fit.simulate(400, seed=seed)
        again = ir.fit(ir.read(paths=drawn, world=fit.world), features=fit.features, model="maxent")
        z = (again.result.theta - fit.result.theta) / again.result.se
        assert np.abs(z).max() < 4.9  # of six, each beyond it once in a million: the fit has as many errors as said
    pd.testing.assert_frame_equal(fit.simulate(5, seed=7), fit.simulate(5, seed=7))


def test_agents_without_a_destination_and_sequences_are_predicted_too() -> None:
    ground = ir.fit(ir.sample("fishing"), features=["staying", "each step"], model="maxent")
    start = str(ground.paths["cell"].iloc[0])
    assert len(ground.predict(start=start, what="path", steps=4)) == 5 and ground.simulate(2)["track"].nunique() == 2
    log = ir.fit(ir.sample("tickets"))
    following = log.predict(start=["Ticket opened"] if "Ticket opened" in set(log.paths["event"]) else [log.paths["event"].iloc[0]])
    assert following["probability"].sum() == pytest.approx(1.0)
    drawn = log.simulate(4)
    assert (drawn.groupby("track")["step"].first() == 0).all()
    assert len(ir.read(events=drawn, world=log.world).tracks) == 4


def test_a_world_of_a_table_says_which_choice() -> None:
    fit = ir.fit(ir.read(choices=pd.concat([SEEN.assign(track=SEEN["track"] + str(k)) for k in range(8)]), outcomes=BUSES),
                 model="maxent", gamma=0.9)
    found = fit.predict(start="old")
    assert found["choice"].tolist() == ["keep", "replace"] and found["probability"].sum() == pytest.approx(1.0)
    with pytest.raises(ir.MotiveError, match="not drawn"):
        fit.simulate(3)


def test_intent_is_that_of_the_pages_for_a_track_and_for_its_places(trucks: ir.Fit) -> None:
    track = str(trucks.review().flagged["track"][0])
    found, theirs = trucks.intent(track), intent_study(trucks.project, track)
    assert (found.posterior.to_numpy() == theirs.posterior.probability).all() and found.goals == theirs.names
    assert found.likeliest in found.goals and found.certain_from == (theirs.posterior.certain_step if theirs.posterior.certain_step >= 0
                                                                     else None)
    places = trucks.paths.query("track == @track")["link"].tolist()
    prefix = trucks.intent(places[:6])
    assert np.allclose(prefix.posterior, found.posterior.iloc[:6])


def test_a_model_of_one_s_own_is_asked_as_any_other(roads: ir.Fit) -> None:
    mine = Boltzmann()
    assert ir.fit(roads, features=["length"], model=mine).weights["length"] == roads.weights["length"]
