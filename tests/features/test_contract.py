"""What every kind of feature must keep to, in a town and on grids, with and without coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, Context, FeatureKind, FeatureParameter, FeatureSpec, kind_of
from irlcore.features.feature_set import feature_column
from irlcore.worlds.clock import Bands, with_clock
from irlcore.worlds.grid import build_grid
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.classifier import HourOf, ValueOf
from irlcore.worlds.mdp import Paths
from irlcore.worlds.network import build_network
from irlcore.worlds.staying import with_staying
from irlcore.worlds.world import World
from tests.worlds.history.test_contexts import log_of

SQUARE = np.array([[-10.0, -10.0], [150.0, -10.0], [150.0, 150.0], [-10.0, 150.0], [-10.0, -10.0]])
# What an analyst would pick for parameters that have no default; grids know x and y alone.
PICKED: dict[str, Any] = {"zone": "square", "spot": "home", "places": ["home", "square"],
                          "feature": {"name": "each step", "kind": "step", "params": {}},
                          "fit": {"features": [], "weights": [], "own": [], "model": "maxent", "gamma": 1.0}}


def town(places: bool = True, tables: bool = True) -> World:
    """Streets both ways round and through a square of 100 m blocks, 3 x 3 crossings."""
    ends = [(n, n + step) for n in range(9) for step in ((1,) if n % 3 < 2 else ()) + ((3,) if n < 6 else ())]
    u, v = np.array(ends + [(b, a) for a, b in ends]).T
    links = pd.DataFrame({"link": [f"{a}-{b}" for a, b in zip(u, v, strict=True)], "u": u, "v": v})
    if tables:
        links = links.assign(speed_kmh=30.0 + 10.0 * (u % 3), road=np.where(u % 2, "main", "lane"))
    row, column = np.divmod(np.arange(9), 3)
    nodes = pd.DataFrame({"node": range(9), "x": 100.0 * column, "y": 100.0 * row})
    return build_network(links, None, nodes if places else None)


def grid(heading: bool = False, slip: float = 0.0) -> World:
    return build_grid(0, 0, 300, 200, 50, "m", heading=heading, slip=slip)


def a_log(remembered: tuple[str, ...] = ()) -> World:
    return build_history(log_of(["abcab", "abb", "cab", "aacb"]), Memory(2, 1, remembered))


def without_coordinates(world: World) -> World:
    return replace(world, place_xy=np.full_like(world.place_xy, np.nan))


def a_log_of_kinds() -> World:
    """A log whose events are told apart by the hour and by who did them."""
    log = log_of(["abcab", "abb", "cab", "aacb"])
    times = 5.0 * 3600.0 * np.arange(len(log.links))
    log = replace(log, times=times, of_events=pd.DataFrame({"who": ["x", "y"] * (len(times) // 2) + ["x"] * (len(times) % 2)}))
    return build_history(log, Memory(2, 1, ("b",), 2, (HourOf(Bands((6.0, 22.0)), ("day", "night")), ValueOf("who", ("x", "y")))))


WORLDS = {
    "town": town(), "town without coordinates": town(places=False), "town without tables": town(tables=False),
    "grid": grid(), "slippery grid with headings": grid(heading=True, slip=0.1),
    "grid without coordinates": without_coordinates(grid()),
    "town with a clock": with_clock(town(), Bands((6.0, 22.0), "weekday and weekend")),
    "slippery grid where one may stay": with_staying(grid(slip=0.1), 600.0),
    "slippery grid with a clock": with_clock(grid(slip=0.1), Bands((0.0, 8.0, 16.0))),
    "log that remembers": a_log(("b",)), "log": a_log(), "log of kinds of events": a_log_of_kinds(),
}
EACH_WORLD = pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
EACH_PARAMETER = pytest.mark.parametrize(
    ("kind", "parameter"), [(kind, p) for kind in KINDS.values() for p in kind.parameters],
    ids=[f"{kind.kind}-{p.name}" for kind in KINDS.values() for p in kind.parameters])


def home(kind: FeatureKind) -> World:
    """The first world in which a kind works: most do in a town, those of time where there is a clock."""
    return next(world for world in WORLDS.values() if not kind.available(world))


def context(world: World) -> Context:
    """A zone, a spot and one training path of one choice."""
    goal = int(world.choice_place[0])
    training = Paths(np.array(["a"], object), np.array([0, 1]), np.array([0]), world.mdp.likeliest[:1], np.array([0]),
                     world.goals_at(np.array([goal])))
    return Context({"square": SQUARE}, {"home": np.array([100.0, 100.0])}, training,
                   lambda there, seen, fit: np.full(there.mdp.n_choices, 0.5))


def filled_in(kind: FeatureKind, world: World) -> dict[str, Any]:
    """Parameters as an analyst would leave the form: defaults, and a pick where there is none that fits the world."""
    attributes = {**world.place_attributes, **world.choice_attributes}
    numeric = [name for name, values in attributes.items() if values.dtype != object]
    params = {}
    for p in kind.parameters:
        if "attribute" in p.type:
            params[p.name] = p.default if p.default in numeric else next(iter(numeric), "none")
        else:
            params[p.name] = PICKED.get(p.type, p.default) if p.default is None else p.default
    if kind.kind == "attribute" and attributes and not numeric:  # texts alone, as in a log: one of them is meant
        name = next(iter(attributes))
        return {**params, "attribute": name, "equals": str(attributes[name][0])}
    return params


def wrong_values(parameter: FeatureParameter) -> list[object]:
    wrong: dict[str, list[object]] = {
        "number": ["many", None, float("nan"), float("inf"), 10**400, [1.0]], "text": ["no such text"],
        "zone": ["nowhere", None, ["square"], 7], "spot": ["nowhere", None, ["home"], 7],
        "places": ["home", None, [], ["home", "nowhere"], ["home", 7], [["home"]], {"home": 1}],
        "feature": ["each step", None, {}, ["each step"], {"name": "s", "kind": "step"}, {"name": "s", "kind": "smell", "params": {}},
                    {"name": "s", "kind": "step", "params": {"size": 2}}, {"name": "s", "kind": "zone", "params": {"zone": "nowhere"}},
                    {"name": "s", "kind": "length", "params": {"per": float("nan")}}, {"name": 1, "kind": "step", "params": {}}]}
    values = wrong.get(parameter.type, ["nowhere"])
    return values + ([parameter.minimum - 1.0] if parameter.minimum is not None else [])


@EACH_WORLD
@EACH_KIND
def test_a_kind_is_available_exactly_where_its_column_can_be_computed(kind: FeatureKind, world: World) -> None:
    missing = kind.available(world)
    if missing:
        with pytest.raises(FeatureError) as caught:
            kind.column(world, context(world), filled_in(kind, world))
        assert caught.value.fix
    else:
        kind.column(world, context(world), filled_in(kind, world))


@pytest.mark.parametrize(
    ("kind", "world"), [(k, w) for k in KINDS.values() for w in WORLDS.values() if not k.available(w)],
    ids=[f"{k.kind}-{n}" for k in KINDS.values() for n, w in WORLDS.items() if not k.available(w)])
def test_a_column_has_one_finite_number_a_choice_the_same_each_time(kind: FeatureKind, world: World) -> None:
    params = filled_in(kind, world)
    column = kind.column(world, context(world), params)
    assert column.shape == (world.mdp.n_choices,) and column.dtype == np.float64
    assert np.isfinite(column).all()
    np.testing.assert_array_equal(kind.column(world, context(world), params), column)


@EACH_KIND
def test_a_column_is_the_callers_own(kind: FeatureKind) -> None:
    world = home(kind)
    kept = {n: v.copy() for n, v in world.place_attributes.items()}
    lengths, turns = world.choice_length.copy(), world.choice_turn.copy()
    kind.column(world, context(world), filled_in(kind, world))[:] = -7.0
    np.testing.assert_array_equal(world.choice_length, lengths)
    np.testing.assert_array_equal(world.choice_turn, turns)
    for n, values in kept.items():
        np.testing.assert_array_equal(world.place_attributes[n], values)


@pytest.mark.parametrize(
    ("kind", "parameter"), [(k, p) for k in KINDS.values() for p in k.parameters if p.default is not None],
    ids=[f"{k.kind}-{p.name}" for k in KINDS.values() for p in k.parameters if p.default is not None])
def test_a_parameter_left_out_is_its_default(kind: FeatureKind, parameter: FeatureParameter) -> None:
    world = home(kind)
    full = filled_in(kind, world)
    without = {n: v for n, v in full.items() if n != parameter.name}
    np.testing.assert_array_equal(kind.column(world, context(world), without), kind.column(world, context(world), full))


@EACH_PARAMETER
def test_every_option_and_default_of_a_parameter_works(kind: FeatureKind, parameter: FeatureParameter) -> None:
    world = home(kind)
    assert parameter.label and (parameter.type != "choice" or parameter.default in parameter.options)
    for option in parameter.options:
        column = kind.column(world, context(world), {**filled_in(kind, world), parameter.name: option})
        assert np.isfinite(column).all()


@EACH_PARAMETER
def test_a_wrong_value_of_a_parameter_is_an_error_with_a_fix(kind: FeatureKind, parameter: FeatureParameter) -> None:
    world = home(kind)
    for value in wrong_values(parameter):
        spec = FeatureSpec("my feature", kind.kind, {**filled_in(kind, world), parameter.name: value})
        with pytest.raises(FeatureError) as caught:
            feature_column(spec, world, context(world))
        assert "my feature" in caught.value.what and caught.value.fix, value


@EACH_KIND
def test_the_description_is_a_sentence_with_its_unit_or_says_there_is_none(kind: FeatureKind) -> None:
    params = filled_in(kind, WORLDS["town"])
    for option in [{p.name: o} for p in kind.parameters for o in p.options] or [{}]:
        text = kind.describe({**params, **option}, "furlong")
        assert text.endswith(".") and len(text) > 10
        assert "no unit" in text or "furlong" in text or "minutes" in text or "the unit of its column" in text, text


@EACH_KIND
def test_a_description_is_complete_where_the_world_has_no_unit(kind: FeatureKind) -> None:
    text = kind.describe(filled_in(kind, WORLDS["town"]), "")
    assert "  " not in text and " ." not in text and " ," not in text, text


@EACH_KIND
def test_a_kind_has_what_its_card_shows(kind: FeatureKind) -> None:
    assert KINDS[kind.kind] is kind
    assert kind.title and kind.sentence.endswith(".") and type(kind).__doc__


@EACH_KIND
def test_a_spec_goes_through_json_and_comes_back(kind: FeatureKind) -> None:
    spec = FeatureSpec("mine", kind.kind, filled_in(kind, WORLDS["town"]), "negative", False, "because")
    back = FeatureSpec(**spec.to_json())
    assert back == spec and kind_of(back) is kind


def test_a_kind_that_is_not_known_is_an_error_that_lists_the_known_ones() -> None:
    params: Mapping[str, Any] = {}
    with pytest.raises(FeatureError) as caught:
        kind_of(FeatureSpec("mine", "smell", params))
    assert "mine" in caught.value.what and "smell" in caught.value.what
    assert all(known in caught.value.fix for known in KINDS)
