"""Features from one project to another: the same columns, or an error that says what is wrong with the file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from irlcore.contracts.feature_kind import home
from irlcore.contracts.filled_forms import context, filled_in
from irlcore.contracts.grounds import grid, town
from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, Context, FeatureSpec
from irlcore.features.checks import embedded
from irlcore.features.exchange import FORMAT, LARGEST, VERSION, features_from_json, features_to_json
from irlcore.features.feature_set import feature_column
from irlcore.worlds.world import World

UTM_33, UTM_34 = "EPSG:32633", "EPSG:32634"
TOWN = town()
EVERY_KIND = [FeatureSpec(f"my {kind.kind}", kind.kind, filled_in(kind, TOWN), "negative", False, "because", 3, "2026-01-02T03:04:05+00:00")
              for kind in KINDS.values()]
WITHIN = FeatureSpec("both", "combine", {"first": embedded(FeatureSpec("in", "zone", {"zone": "square"})), "how": "or",
                                         "second": embedded(FeatureSpec("at", "bump", {"x": 100.0, "y": 100.0, "radius": 80.0}))})


def exchanged(specs: list[FeatureSpec], world: World, into: World | None = None) -> tuple[tuple[FeatureSpec, ...], Context]:
    """Specs and context after a trip through a file."""
    own = context(world)
    found = features_from_json(features_to_json(specs, own.zones, own.spots, world), into or world)
    return found.specs, replace(own, zones=found.zones, spots=found.spots)


def test_every_kind_comes_back_as_it_was_with_the_same_column() -> None:
    specs, found = exchanged([*EVERY_KIND, WITHIN], TOWN)
    assert list(specs) == [*EVERY_KIND, WITHIN]
    for spec in specs:
        world = home(KINDS[spec.kind])
        np.testing.assert_array_equal(feature_column(spec, world, found), feature_column(spec, world, context(world)))


def test_only_the_zones_and_spots_that_are_used_go_into_the_file() -> None:
    own = Context({"square": np.array([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0]]), "other": np.eye(3, 2)},
                  {"home": np.zeros(2), "gate": np.ones(2)})
    body = json.loads(features_to_json([WITHIN, FeatureSpec("n", "near", {"places": ["gate"]})], own.zones, own.spots, TOWN))
    assert set(body["zones"]) == {"square"} and set(body["spots"]) == {"gate"}
    assert body["zones"]["square"] == [[0, 0], [9, 0], [9, 9], [0, 0]]  # closed, as GeoJSON has it
    assert (body["format"], body["version"], body["unit"], body["crs"]) == (FORMAT, VERSION, "m", None)


def test_another_world_of_the_same_kind_takes_them() -> None:
    small = town(tables=False)
    specs, found = exchanged([WITHIN, FeatureSpec("far", "distance", {"place": "home", "reach": 100.0})], grid(), small)
    for spec in specs:
        np.testing.assert_array_equal(feature_column(spec, small, found), feature_column(spec, small, context(small)))


def test_what_lies_elsewhere_is_moved_to_the_worlds_projection() -> None:
    here = replace(TOWN, crs=UTM_33, place_xy=TOWN.place_xy + np.array([500_000.0, 6_500_000.0]))
    moved = np.column_stack(Transformer.from_crs(UTM_33, UTM_34, always_xy=True).transform(*here.place_xy.T))
    there = replace(here, crs=UTM_34, place_xy=moved)
    corner = here.place_xy.min(axis=0)
    own = Context({"square": corner + np.array([[-10, -10], [120, -10], [120, 120], [-10, 120], [-10, -10]])}, {"home": here.place_xy[0]})
    centre = {"x": float(corner[0] + 70), "y": float(corner[1] + 70), "radius": 80.0}
    specs = [FeatureSpec("in", "zone", {"zone": "square"}), FeatureSpec("far", "distance", {"place": "home", "reach": 300.0}),
             FeatureSpec("around", "bump", centre), FeatureSpec("twice", "combine", {
                 "first": embedded(FeatureSpec("around", "bump", centre)), "how": "times", "second": embedded(FeatureSpec("one", "step"))})]
    found = features_from_json(features_to_json(specs, own.zones, own.spots, here), there)
    for old, new in zip(specs, found.specs, strict=True):
        column = feature_column(new, there, Context(found.zones, found.spots))
        assert column.any()
        np.testing.assert_allclose(column, feature_column(old, here, own), atol=0.02)  # the scale differs by a hundredth


def test_a_projection_on_one_side_only_is_an_error_where_there_is_something_to_place() -> None:
    projected = replace(TOWN, crs=UTM_33)
    assert exchanged([FeatureSpec("s", "step"), FeatureSpec("l", "length")], projected, TOWN)[0]
    for spec in (WITHIN, FeatureSpec("d", "distance", {"place": "home"}), FeatureSpec("b", "bump")):
        for source, target in ((projected, TOWN), (TOWN, projected)):
            with pytest.raises(FeatureError) as caught:
                exchanged([spec], source, target)
            assert "projection" in caught.value.what and caught.value.fix


def test_another_unit_is_an_error_where_a_feature_hangs_on_it() -> None:
    sea = replace(TOWN, unit="nmi")
    assert exchanged([FeatureSpec("s", "step"), FeatureSpec("t", "turn")], TOWN, sea)[0]
    for spec in (FeatureSpec("l", "length"), FeatureSpec("z", "zone", {"zone": "square"}), FeatureSpec("b", "bump")):
        with pytest.raises(FeatureError) as caught:
            exchanged([spec], TOWN, sea)
        assert "nmi" in caught.value.what and caught.value.fix


def file(**parts: Any) -> str:
    """A good file with other parts."""
    good = {"format": FORMAT, "version": VERSION, "unit": "m", "crs": None, "features": [{"name": "f", "kind": "step", "params": {}}],
            "zones": {}, "spots": {}}
    return json.dumps({**good, **parts})


def with_feature(**parts: Any) -> str:
    return file(features=[{"name": "f", "kind": "step", "params": {}, **parts}])


RING = [[0, 0], [4, 0], [4, 4], [0, 0]]
WRONG = {
    "nothing": ("", "JSON"), "cut short": (file()[:-9], "JSON"), "deep": ("[" * 100_000, "nested 100,000 levels"),
    "a list": ("[]", "no file of features"),
    "another format": (file(format="motive-project"), "no file of features"), "no version": (file(version="1"), "no file of features"),
    "newer": (file(version=VERSION + 1), "newer"), "too long": (file(zones=" " * LARGEST), "characters"),
    "not a number": (file(spots={"s": [float("nan"), 0]}), "NaN"), "infinite": (file().replace("null", "Infinity"), "Infinity"),
    "overflow": (file(spots={"s": [1, "#"]}).replace('"#"', "1e999"), "finite"), "crs": (file(crs=32633), "crs"),
    "no features": (file(features={}), "list of features"), "a text for a feature": (file(features=["step"]), "Feature 1"),
    "no name": (with_feature(name=" "), "name"), "wrong sign": (with_feature(sign="up"), "sign"),
    "not on": (with_feature(enabled=1), "enabled"),
    "wrong version": (with_feature(version=0), "version"), "extra part": (with_feature(colour="red"), "colour"),
    "params": (with_feature(params=[]), "params"), "unknown parameter": (with_feature(params={"size": 1}), "size"),
    "unknown kind": (with_feature(kind="smell"), "smell"), "wrong type": (with_feature(kind="length", params={"per": "1"}), "per"),
    "twice": (file(features=[{"name": "f", "kind": "step", "params": {}}] * 2), "Two features"),
    "short ring": (file(zones={"z": RING[1:]}), "four points"), "flat ring": (file(zones={"z": [[0, 0], [1, 1], [2, 2], [0, 0]]}), "area"),
    "three numbers": (file(spots={"s": [1, 2, 3]}), "two finite"), "truth": (file(spots={"s": [True, 2]}), "two finite"),
    "a list of zones": (file(zones=[RING]), "zones"), "no zone name": (file(zones={"": RING}), "no name"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_a_file_is_said(what: str) -> None:
    text, named = WRONG[what]
    with pytest.raises(FeatureError) as caught:
        features_from_json(text, TOWN)
    assert named in caught.value.what and caught.value.fix


def test_a_projection_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(FeatureError) as caught:
        features_from_json(file(crs="EPSG:1", spots={"s": [1, 2]}), replace(TOWN, crs=UTM_33))
    assert "EPSG:1" in caught.value.what and caught.value.fix


def test_all_that_is_wrong_is_said_at_once() -> None:
    features = [{"name": n, "kind": k, "params": p} for n, k, p in (("a", "smell", {}), ("b", "taste", {}), ("c", "zone", {"zone": 3}))]
    with pytest.raises(FeatureError) as caught:
        features_from_json(file(features=[*features, {"name": "d"}], zones={"y": [], "z": RING}, spots={"s": "here"}), TOWN)
    assert all(named in caught.value.what for named in ("smell", "taste", "zone is 3", "'d'", "'y'", "'s'"))
    assert "'z'" not in caught.value.what


def test_what_no_file_can_hold_is_refused_when_it_is_written() -> None:
    for value in (float("nan"), np.zeros(2)):
        with pytest.raises(FeatureError):
            features_to_json([FeatureSpec("l", "length", {"per": value})], {}, {}, TOWN)


def test_an_older_file_may_leave_out_what_has_a_default() -> None:
    old = json.dumps({"format": FORMAT, "version": 1, "features": [{"name": "f", "kind": "step"}]})
    found = features_from_json(old, replace(TOWN, unit=""))
    assert found.specs == (FeatureSpec("f", "step"),) and (found.specs[0].version, found.specs[0].made) == (1, "")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(
    ["step", "zone", "near", "combine", "bump", "m", UTM_33, UTM_34, "free", "z"])
KEYS = st.text(max_size=3) | st.sampled_from(["name", "kind", "params", "first", "second", "how", "places", "x", "y", "zone", "z"])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12)
POINTS = st.lists(st.floats() | st.integers(), min_size=2, max_size=2)
SPECS = st.fixed_dictionaries({"name": VALUES | st.text(max_size=3), "kind": SCALARS, "params": st.dictionaries(KEYS, VALUES, max_size=3)})
BODIES = st.fixed_dictionaries(
    {"format": st.just(FORMAT), "version": st.just(VERSION)},
    optional={"features": st.lists(SPECS, max_size=3) | VALUES,
              "zones": st.dictionaries(KEYS, st.lists(POINTS, max_size=6) | VALUES, max_size=2),
              "spots": st.dictionaries(KEYS, POINTS | VALUES, max_size=2), "unit": VALUES | st.just("m"), "crs": VALUES | st.just(UTM_34)})


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30) | VALUES.map(json.dumps) | BODIES.map(json.dumps), st.sampled_from([None, UTM_33]))
@example(file(zones={"z": [[1e308, 0], [1e308, 1e308], [-1e308, 3], [0, 0]]}), None)
@example(file(crs="\0", spots={"s": [1, 2]}), UTM_33)
@example("9" * 5000, None)
@example(file(spots={"s": [0, "#"]}).replace('"#"', "9" * 400), None)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_any_text_is_read_or_refused_with_a_fix(text: str, crs: str | None) -> None:
    try:
        found = features_from_json(text, replace(TOWN, crs=crs))
    except FeatureError as error:
        assert error.what and error.fix
        return
    again = features_from_json(features_to_json(found.specs, found.zones, found.spots, replace(TOWN, crs=crs)), replace(TOWN, crs=crs))
    assert again.specs == found.specs
