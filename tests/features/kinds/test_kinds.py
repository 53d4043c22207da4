"""What each kind of feature means, on a small crossing and a small grid, with values checked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, Context
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mdp import Paths
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

NOTHING = Context()


@pytest.fixture(scope="module")
def crossing() -> World:
    """From "in" one can go on, right, left, slightly right or back; "on" leads to the dummy destination "END"."""
    links = pd.DataFrame({
        "link": ["in", "on", "right", "left", "slight", "back"],
        "x0": [0, 0, 0, 0, 0, 0], "y0": [-100, 0, 0, 0, 0, 0],
        "x1": [0, 0, 200, -300, 100, 0], "y1": [0, 50, 0, 0, 400, -100],
        "length": [100, 50, 200, 300, 400, 100], "speed_kmh": [36, 36, 72, 18, 36, 36], "lanes": [1, 2, 2, 1, 1, 1],
        "road": ["lane", "main", "main", "lane", "", "lane"]})
    pairs = pd.DataFrame({"from_link": ["in"] * 5 + ["on", "back"],
                          "to_link": ["on", "right", "left", "slight", "back", "END", "in"],
                          "signal": [1, 0, 0, 0, 1, 0, 0]})
    return build_network(links, pairs)


def values(kind: str, world: World, params: dict[str, Any], context: Context = NOTHING) -> dict[str, float]:
    """Column of a kind by "from>to"."""
    column = KINDS[kind].column(world, context, params)
    start, end = world.place_names[world.choice_from], world.place_names[world.choice_place]
    return {f"{a}>{b}": float(v) for a, b, v in zip(start, end, column, strict=True)}


def where_one(column: dict[str, float]) -> set[str]:
    assert set(column.values()) <= {0.0, 1.0}
    return {name for name, value in column.items() if value == 1.0}


def test_a_step_counts_once_and_arriving_at_a_dummy_destination_not_at_all(crossing: World) -> None:
    column = values("step", crossing, {})
    assert column.pop("on>END") == 0.0
    assert set(column.values()) == {1.0}


def test_a_step_of_unknown_length_still_counts() -> None:
    world = build_network(pd.DataFrame({"link": ["a", "b"], "u": [1, 2], "v": [2, 3]}))
    assert values("step", world, {}) == {"a>b": 1.0}


def test_length_is_that_of_the_link_ahead_in_the_unit_asked_for(crossing: World) -> None:
    assert values("length", crossing, {})["in>right"] == 200.0
    assert values("length", crossing, {"per": 1000.0})["in>right"] == pytest.approx(0.2)
    assert values("length", crossing, {})["on>END"] == 0.0


def test_length_on_a_grid_is_longer_on_the_slant() -> None:
    column = values("length", build_grid(0, 0, 20, 20, 10, "m"), {})
    assert column["0,0>1,0"] == 10.0 and column["0,0>1,1"] == pytest.approx(10.0 * 2.0 ** 0.5)


@pytest.mark.parametrize(("unit", "length", "minutes"),
                         [("km/h", 600.0, 1.0), ("m/s", 2160.0, 1.0), ("kn", 1852.0, 60 / 36)])
def test_duration_is_length_over_speed_in_minutes(unit: str, length: float, minutes: float) -> None:
    # at 36 km/h 600 m take a minute, at 36 m/s 2160 m; at 36 knots a nautical mile takes a 36th of an hour
    links = pd.DataFrame({"link": ["a", "b"], "u": [1, 2], "v": [2, 3], "length": [10.0, length], "pace": [1.0, 36.0]})
    world = build_network(links)
    assert values("duration", world, {"speed": "pace", "speed_unit": unit})["a>b"] == pytest.approx(minutes)


def test_a_speed_of_zero_is_refused_by_name() -> None:
    links = pd.DataFrame({"link": ["a", "b"], "u": [1, 2], "v": [2, 3], "length": [10.0, 20.0], "pace": [1.0, 0.0]})
    with pytest.raises(FeatureError) as caught:
        values("duration", build_network(links), {"speed": "pace"})
    assert "pace" in caught.value.what and caught.value.fix


def test_duration_needs_a_column_of_numbers_and_lengths() -> None:
    ends = pd.DataFrame({"link": ["a", "b"], "u": [1, 2], "v": [2, 3]})
    drawn = ends.assign(wkt=["LINESTRING (0 0, 0 300)", "LINESTRING (0 300, 0 600)"])
    kind = KINDS["duration"]
    assert kind.available(build_network(drawn.assign(road="lane")))
    assert kind.available(build_network(ends.assign(speed_kmh=30.0)))
    assert not kind.available(build_network(drawn.assign(speed_kmh=30.0)))


def test_turns_fall_into_left_right_and_back(crossing: World) -> None:
    assert where_one(values("turn", crossing, {"turn": "left"})) == {"in>left"}
    assert where_one(values("turn", crossing, {"turn": "right"})) == {"in>right"}
    assert where_one(values("turn", crossing, {"turn": "u-turn"})) == {"in>back", "back>in"}
    assert where_one(values("turn", crossing, {"turn": "any turn"})) == {"in>left", "in>right", "in>back", "back>in"}


@pytest.mark.parametrize("degrees", [180.0, -180.0, 179.0, -179.0])
def test_turning_back_to_either_side_is_neither_left_nor_right(degrees: float) -> None:
    pairs = pd.DataFrame({"from_link": ["a"], "to_link": ["b"], "turn_deg": [degrees]})
    world = build_network(pd.DataFrame({"link": ["a", "b"]}), pairs)
    column = {turn: values("turn", world, {"turn": turn})["a>b"] for turn in ("left", "right", "u-turn")}
    assert column == {"left": 0.0, "right": 0.0, "u-turn": 1.0}


def test_going_straight_allows_for_slight_turns_up_to_the_angle(crossing: World) -> None:
    slight = np.rad2deg(np.arctan2(100, 400))  # 14 degrees
    assert where_one(values("turn", crossing, {"turn": "straight"})) == {"in>on", "in>slight"}
    assert where_one(values("turn", crossing, {"turn": "straight", "from_degrees": slight - 1})) == {"in>on"}
    right = values("turn", crossing, {"turn": "right", "from_degrees": slight - 1})
    assert where_one(right) == {"in>right", "in>slight"}


def test_where_the_angle_is_unknown_there_is_no_turn_of_any_kind(crossing: World) -> None:
    for kind in ("left", "right", "u-turn", "straight", "any turn"):
        assert values("turn", crossing, {"turn": kind})["on>END"] == 0.0


def test_left_right_back_and_straight_share_out_all_known_turns() -> None:
    world = build_grid(0, 0, 3, 3, 1, "m", heading=True)
    parts = [KINDS["turn"].column(world, NOTHING, {"turn": t}) for t in ("left", "right", "u-turn", "straight")]
    np.testing.assert_array_equal(sum(parts), 1.0)
    assert parts[0].sum() == parts[1].sum()


def test_an_attribute_of_numbers_is_that_of_the_link_ahead(crossing: World) -> None:
    column = values("attribute", crossing, {"attribute": "lanes"})
    assert (column["in>right"], column["in>left"], column["back>in"], column["on>END"]) == (2.0, 1.0, 1.0, 0.0)


def test_an_attribute_of_the_transition_is_its_own(crossing: World) -> None:
    column = values("attribute", crossing, {"attribute": "signal"})
    assert where_one(column) == {"in>on", "in>back"}


def test_equals_marks_one_text_or_one_number(crossing: World) -> None:
    assert where_one(values("attribute", crossing, {"attribute": "road", "equals": "main"})) == {"in>on", "in>right"}
    assert where_one(values("attribute", crossing, {"attribute": "lanes", "equals": "2"})) == {"in>on", "in>right"}


def test_text_without_a_value_and_empty_numbers_are_refused_by_name(crossing: World) -> None:
    with pytest.raises(FeatureError) as caught:
        values("attribute", crossing, {"attribute": "road"})
    assert "road" in caught.value.what and caught.value.fix
    gaps = pd.DataFrame({"link": ["a", "b", "c"], "u": [1, 2, 2], "v": [2, 3, 4], "width": [1.0, None, 3.0]})
    with pytest.raises(FeatureError) as caught:
        values("attribute", build_network(gaps), {"attribute": "width"})
    assert "width" in caught.value.what and "1 of 2" in caught.value.what and caught.value.fix


def test_an_attribute_that_is_not_there_is_answered_with_those_that_are(crossing: World) -> None:
    with pytest.raises(FeatureError) as caught:
        values("attribute", crossing, {"attribute": "width"})
    assert "width" in caught.value.what
    assert all(name in caught.value.fix for name in ("lanes", "road", "signal"))


def test_a_zone_holds_the_links_whose_middle_lies_in_it(crossing: World) -> None:
    around_right = np.array([[60.0, -50.0], [500.0, -50.0], [500.0, 300.0], [60.0, 300.0]])
    # "right" runs from x = 0 to 200, its middle is (100, 0); "slight" enters the zone, but its middle is (50, 200)
    assert where_one(values("zone", crossing, {"zone": "z"}, Context({"z": around_right}))) == {"in>right"}


def test_distance_to_a_spot_runs_from_nought_there_to_one_at_the_reach(crossing: World) -> None:
    context = Context(spots={"s": np.array([100.0, 0.0])})
    column = values("distance", crossing, {"place": "s", "reach": 200.0}, context)
    assert column["in>right"] == 0.0  # its middle is the spot
    assert column["in>on"] == pytest.approx(np.hypot(100, 25) / 200)
    assert column["in>left"] == 1.0  # 250 m away
    assert column["on>END"] == 1.0  # nowhere


def test_distance_to_a_zone_is_nought_inside_it(crossing: World) -> None:
    zone = np.array([[50.0, -50.0], [150.0, -50.0], [150.0, 50.0], [50.0, 50.0]])
    column = values("distance", crossing, {"place": "z", "reach": 100.0}, Context({"z": zone}))
    assert column["in>right"] == 0.0
    assert column["in>on"] == pytest.approx(0.5)  # (0, 25) is 50 m west of the zone


def trips(world: World, *routes: str) -> Paths:
    """Paths as "in>on in>on" lists of choices; their ends do not matter here."""
    start, end = world.place_names[world.choice_from], world.place_names[world.choice_place]
    known = {f"{a}>{b}": m for m, (a, b) in enumerate(zip(start, end, strict=True))}
    chosen = [[known[step] for step in route.split()] for route in routes]
    offsets = np.concatenate(([0], np.cumsum([len(c) for c in chosen])))
    zeros = np.zeros(len(routes), np.int64)
    ids = np.array([str(i) for i in range(len(routes))], object)
    return Paths(ids, offsets, np.concatenate(chosen), zeros, zeros, world.goals_at(np.array([0])))


def test_traffic_of_places_is_nought_where_most_go_and_negative_elsewhere(crossing: World) -> None:
    used = Context(training=trips(crossing, "in>on on>END", "in>on", "in>on", "in>left"))
    column = values("traffic", crossing, {"of": "place"}, used)
    assert column["in>on"] == 0.0  # used 3 times, the most
    assert column["in>left"] == pytest.approx(np.log(2 / 4))
    assert column["in>right"] == pytest.approx(np.log(1 / 4))


def test_traffic_of_turns_is_the_share_of_visits_with_one_added_to_each_choice(crossing: World) -> None:
    used = Context(training=trips(crossing, "in>on on>END", "in>on", "in>on", "in>left"))
    column = values("traffic", crossing, {"of": "turn share"}, used)
    assert column["in>on"] == pytest.approx(np.log(4 / 9))  # 3 of 4 visits, five ways out
    assert column["in>left"] == pytest.approx(np.log(2 / 9))
    assert column["in>back"] == pytest.approx(np.log(1 / 9))
    assert column["on>END"] == 0.0 and column["back>in"] == 0.0  # no other way
    shares = sum(np.exp(v) for name, v in column.items() if name.startswith("in>"))
    assert shares == pytest.approx(1.0)


@pytest.mark.parametrize("of", ["place", "turn share"])
def test_traffic_never_pays_and_counts_the_training_paths_alone(crossing: World, of: str) -> None:
    everyone = trips(crossing, "in>on", "in>on", "in>left", "in>right")
    few = everyone.take(np.array([2]))
    column = KINDS["traffic"].column(crossing, Context(training=few), {"of": of})
    assert (column <= 0.0).all()
    own = KINDS["traffic"].column(crossing, Context(training=trips(crossing, "in>left")), {"of": of})
    np.testing.assert_array_equal(column, own)
    assert not np.array_equal(column, KINDS["traffic"].column(crossing, Context(training=everyone), {"of": of}))


def test_traffic_without_training_paths_is_refused(crossing: World) -> None:
    with pytest.raises(FeatureError) as caught:
        values("traffic", crossing, {})
    assert caught.value.what and caught.value.fix
