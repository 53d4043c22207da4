"""Hostile shapes through the real entry points: each is read or refused in words, in a moment."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hostile import features, shapes
from irlcore.budget import TooLarge
from irlcore.errors import FeatureError, MotiveError
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.exchange import features_from_json
from irlcore.features.kinds.distance import straight_distance
from irlcore.features.kinds.formula import Formula
from irlcore.features.kinds.zone import inside_zone
from irlcore.features.zones import ring_from_text, zones_from_geojson, zones_to_geojson
from irlcore.worlds.grid import build_grid
from irlcore.worlds.links.lines import read_lines
from irlcore.worlds.world import World
from tests.features.test_exchange import TOWN, file

SOON = 15.0  # seconds of the processor; all take under 5 on a machine that has nothing else to do


@pytest.fixture(scope="module")
def world() -> World:
    return build_grid(0.0, 0.0, 500.0, 500.0, 1.0, "m")


def of_zones(text: str, world: World) -> None:
    zones = Context(zones_from_geojson(text, None))
    for name in [*zones.zones][:3]:
        inside_zone(world, zones, name)
        straight_distance(world, zones, name)


READERS: dict[str, Callable[[Any, World], object]] = {
    "geojson": of_zones, "features": lambda text, world: features_from_json(text, replace(TOWN, crs=features.CRS)),
    "formula": lambda text, world: Formula().column(world, Context(), {"formula": text}),
    **dict.fromkeys(("wkt", "wkb"), lambda cell, world: read_lines(pd.Series([cell], dtype=object))),
}


def test_every_hostile_shape_is_read_or_refused_in_words_soon_as_it_must_be(world: World) -> None:
    failed, number = [], 0
    for item in (*shapes.inputs(), *features.inputs()):
        content = item.make()
        start, number, what = time.process_time(), number + 1, f"{item.kind} {item.name}"
        try:
            READERS[item.kind](content, world)
        except MotiveError as error:
            good = error.what and error.fix and len(str(error)) < 12_000 and (item.kind[:2] == "wk" or isinstance(error, FeatureError))
            failed += [] if good and item.must != "read" else [f"{what}: {error}"[:500]]
        except Exception as error:  # each is to be named
            failed.append(f"{what}: {error!r}"[:500])
        else:
            failed += [f"{what} was read"] if item.must == "refuse" else []
        if time.process_time() - start > SOON:
            failed.append(f"{what}: {time.process_time() - start:.1f} s")
    assert number > 100 and not failed


LEAF = st.sampled_from([None, True, 0, 1, -1, 0.5, 1e308, -1e308, 10**25, "", "name", "Polygon", "MultiPolygon", "GeometryCollection",
                        [], {}])
JUNK = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
    st.sampled_from(["type", "features", "geometry", "geometries", "coordinates", "properties", "name"]), inner, max_size=4), max_leaves=12)
GOOD = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 0]]]}},
    {"type": "Feature", "properties": {}, "geometry": {"type": "GeometryCollection", "geometries": [
        {"type": "MultiPolygon", "coordinates": [[[[0, 0], [4, 0], [4, 4]], [[1, 1], [2, 1], [2, 2], [1, 1]]]]}]}}]}


def paths(tree: Any) -> list[list[Any]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [[], *([key, *rest] for key, value in inner for rest in paths(value))]


def changed(tree: Any, path: list[Any], value: object) -> Any:
    if not path:
        return value
    copy = dict(tree) if isinstance(tree, dict) else [*tree]
    copy[path[0]] = changed(tree[path[0]], path[1:], value)
    return copy


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(paths(GOOD)), JUNK, st.sampled_from([None, "EPSG:32633"]))
def test_geojson_with_anything_anywhere_is_zones_or_is_refused_in_words(path: list[Any], junk: object, crs: str | None) -> None:
    try:
        zones = zones_from_geojson(json.dumps(changed(GOOD, path, junk)), crs)
    except FeatureError as error:
        assert error.what and error.fix
    else:
        assert zones and all(np.isfinite(ring).all() and ring.shape[1] == 2 for ring in zones.values())
        zones_to_geojson(zones, crs)


FILE = json.loads(file(zones={"z": [[0, 0], [4, 0], [4, 4], [0, 0]]}, spots={"s": [1, 2]},
                       features=[{"name": "f", "kind": "distance", "params": {"place": "z", "reach": 3.0}, "sign": "free"},
                                 {"name": "g", "kind": "formula", "params": {"formula": "inside('z')"}, "enabled": True, "version": 1}]))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(paths(FILE)), JUNK)
def test_a_file_of_features_with_anything_anywhere_is_read_or_refused_in_words(path: list[Any], junk: object) -> None:
    try:
        found = features_from_json(json.dumps(changed(FILE, path, junk)), TOWN)
    except FeatureError as error:
        assert error.what and error.fix
    else:
        assert all(isinstance(spec, FeatureSpec) for spec in found.specs)


@pytest.mark.parametrize("crs", ["+proj=longlat +nadgrids=/etc/passwd", "+init=epsg:4326", "https://example.org/crs", "/etc/passwd",
                                 "WGS 84"])
def test_a_file_of_features_names_its_projection_by_a_code_alone(crs: str) -> None:
    with pytest.raises(FeatureError, match="no code of an authority"):
        features_from_json(file(crs=crs, spots={"s": [1, 2]}), replace(TOWN, crs="EPSG:32633"))


def test_two_zones_of_one_name_are_not_read_as_the_second() -> None:
    text = file().replace('"zones": {}', '"zones": {"a": [[0,0],[1,0],[1,1],[0,0]], "a": [[5,5],[6,5],[6,6],[5,5]]}')
    with pytest.raises(FeatureError, match="'a' twice"):
        features_from_json(text, TOWN)


def test_no_zone_of_a_file_takes_the_name_of_another() -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 0]]]}
    names = ["a (2)", "a", "a", "a", "a (3)"]
    zones = zones_from_geojson(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": square} for name in names]}), None)
    assert len(zones) == 5 and {"a", "a (2)", "a (3)"} <= set(zones)


def test_the_limits_of_a_file_are_named_with_how_to_raise_them(monkeypatch: pytest.MonkeyPatch) -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 0]]]}
    text = json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": square}] * 3})
    for given_limits, limit in {"areas=2": "areas", "corners=11": "corners", "depth=4": "depth", "values=20": "values"}.items():
        monkeypatch.setenv("MOTIVE_LIMITS", given_limits)
        with pytest.raises(FeatureError, match=f'MOTIVE_LIMITS="{limit}=') as caught:
            zones_from_geojson(text, None)
        assert isinstance(caught.value, TooLarge) and caught.value.limit == limit
    monkeypatch.setenv("MOTIVE_LIMITS", "areas=3 corners=12")
    assert len(zones_from_geojson(text, None)) == 3


def test_typed_corners_without_end_are_refused_in_a_short_message() -> None:
    with pytest.raises(FeatureError, match="And 49,980 more") as caught:
        ring_from_text("x, y\n" * 50_000)
    assert len(str(caught.value)) < 2000
    with pytest.raises(FeatureError, match="corners"):
        ring_from_text("1, 2\n" * 200_000)
