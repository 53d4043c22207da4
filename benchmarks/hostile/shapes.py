"""Hostile areas as GeoJSON, and lines of links: what each costs a reader that does not ask first is said beside it.

Nothing here is read from anywhere; every one is made from its few numbers, always alike.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from benchmarks.hostile.case import Input

SIDE = 500.0  # of the map that rings are drawn over
DEEP = 200_000


def inputs() -> Iterator[Input]:
    """Every file of areas and every line, a cell of a column: "wkt" in text, "wkb" in bytes."""
    yield from (Input("geojson", name, make, "refuse") for name, make in REFUSED.items())
    yield from (Input("geojson", name, make, "read") for name, make in SOUND.items())
    yield from (Input("geojson", name, make) for name, make in ODD.items())
    yield from (Input("wkt", name, make, "refuse") for name, make in LINES.items())
    yield from (Input("wkb", name, make, "refuse") for name, make in BYTES.items())


def area(coordinates: object, **properties: object) -> str:
    """GeoJSON of one feature; a text stands as it is in the place of its coordinates."""
    made = json.dumps({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": coordinates}})
    return made.replace(json.dumps(coordinates), coordinates) if isinstance(coordinates, str) else made


def zone(ring: np.ndarray) -> str:
    """GeoJSON of a ring (V, 2) that is not closed."""
    return area([[*ring.tolist(), ring[0].tolist()]], name="z")


def features(made: list[object]) -> str:
    """GeoJSON of many features."""
    return json.dumps({"type": "FeatureCollection", "features": made})


def random_corners(count: int) -> np.ndarray:
    """A ring that crosses itself everywhere: 29,000 times at 500 corners, which take 112 s to make valid."""
    return np.random.default_rng(500).random((count, 2)) * SIDE


def circle(corners: int) -> np.ndarray:
    """A ring with waves in it."""
    turn = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    away = 150.0 + 10.0 * np.sin(40.0 * turn)
    return np.asarray(SIDE / 2.0 + away[:, None] * np.column_stack((np.cos(turn), np.sin(turn))))


def _teeth() -> np.ndarray:
    """98,000 corners up and down."""
    teeth = np.repeat(np.linspace(1.0, SIDE - 1.0, 49_000), 2)
    return np.column_stack((teeth[1:-1], np.where(np.arange(len(teeth)) // 2 % 2, SIDE - 10.0, 10.0)[:-2]))


def two_combs() -> np.ndarray:
    """One standing, one lying through it."""
    teeth = _teeth()[::4]
    lying = teeth[:, ::-1] * [0.5, 0.95] + [253.0, 5.0]
    return np.vstack((teeth * [0.5, 1.0], lying, [[SIDE - 1.0, SIDE], [0.2, SIDE], [0.2, 10.0]]))


def zigzag() -> np.ndarray:
    odd = np.arange(20_000) % 2
    return np.column_stack((np.arange(20_000) * 1e-3 + odd * SIDE, odd * SIDE))


def spiral() -> np.ndarray:
    turn = np.linspace(0.0, 2000.0 * np.pi, 60_000)
    return np.vstack((np.linspace(100.0, 10.0, len(turn))[:, None] * np.column_stack((np.cos(turn), np.sin(turn))), [[150.0, -0.5]]))


RINGS: dict[str, Callable[[], np.ndarray]] = {
    "500 random corners": partial(random_corners, 500), "3,000 random corners": partial(random_corners, 3000),
    "50,000 random corners": partial(random_corners, 50_000), "500,000 plain corners": partial(circle, 500_000),
    "a zigzag": zigzag, "a spiral": spiral,
    "one point 50,000 times": lambda: np.zeros((50_000, 2)),
    "a line to and fro": lambda: np.column_stack((np.arange(20_000) % 2 * SIDE, np.zeros(20_000))),
    "numbers of 1e300": lambda: np.array([[0.0, 0.0], [1e300, 0.0], [1e300, 1e300]]),
    "numbers of 1e308": lambda: np.eye(3, 2) * 1e308,
}
CORNERS = {"nulls": "[[[null,null],[1,1],[0,1]]]", "texts": '[[["0","0"],["1","1"],["0","1"]]]', "bare texts": '[["a","b","c","a"]]',
           "NaN": "[[[NaN,0],[1,1],[0,1]]]", "1e400": "[[[1e400,0],[1,1],[0,1]]]", "nothing": "[]", "no ring": "[[]]",
           "no corner": "[[[],[],[]]]", "a number": "5", "ragged": "[[[0,0],[1],[0,1]]]",
           "truth": "[[[true,false],[true,true],[false,true]]]",
           "a truth among numbers": "[[[true,0],[1,1],[0,1]]]", "objects": "[[{},{},{}]]"}
SQUARE = [[[k, j] for k, j in ((0, 0), (1, 0), (0, 1), (0, 0))]]


def _polygons_over_each_other() -> str:
    many = (np.random.default_rng(30).random((900, 2)) * SIDE).tolist()
    return json.dumps({"type": "MultiPolygon", "coordinates": [[[[x, y], [x + 200.0, y], [x, y + 200.0], [x, y]]] for x, y in many]})


REFUSED: dict[str, Callable[[], str]] = {
    "lists 200,000 deep": lambda: "[" * DEEP + "]" * DEEP,
    "coordinates 200,000 deep": lambda: area("[" * DEEP + "]" * DEEP),
    "objects 200,000 deep": lambda: '{"a":' * DEEP + "1" + "}" * DEEP,
    "collections 200,000 deep": lambda: '{"type":"GeometryCollection","geometries":[' * DEEP + "]}" * DEEP,
    "collections 900 deep": lambda: '{"type":"GeometryCollection","geometries":[' * 900 + "]}" * 900,
    "collections 25 deep": lambda: '{"type":"GeometryCollection","geometries":[' * 25 + "]}" * 25,
    "lists never closed": lambda: "[" * 1_000_000, "never closed quotes": lambda: '"' + '\\"' * 2_000_000,
    "numbers of 400 digits": lambda: area(f"[[[{'1' * 400},0],[1,1],[0,1]]]"),
    "a number of a million digits": lambda: area(f"[[[{'1' * 1_000_000},0],[1,1],[0,1]]]"),
    "ten million empty objects": lambda: '{"type":"FeatureCollection","features":[' + "{}," * 10_000_000 + "{}]}",
    "a million empty objects": lambda: '{"type":"FeatureCollection","features":[' + "{}," * 1_000_000 + "{}]}",
    "100,000 features": lambda: features([json.loads(area([[[k, 0], [k + 1, 0], [k, 1], [k, 0]]], name=str(k))) for k in range(100_000)]),
    "900 stars": lambda: features([json.loads(zone(ring)) for ring in np.random.default_rng(30).random((900, 60, 2)) * SIDE]),
    "polygons over each other": _polygons_over_each_other,
    "half a character": lambda: '{"type":"Feature","properties":{"name":"\\ud800"},"geometry":null}',
    "a list": lambda: "[1, 2]", "null": lambda: "null", "a feature of null": lambda: features([None]),
    "features of an object": lambda: '{"type":"FeatureCollection","features":{}}',
    "a geometry of null": lambda: features([{"type": "Feature", "properties": {}, "geometry": None}]),
    "no geometry": lambda: '{"type":"Feature","geometry":7}',
    "a name of lists": lambda: '{"type":"Feature","properties":{"name":[[]]},"geometry":{"type":[]}}',
    **{f"zone: {name}": lambda ring=ring: zone(ring()) for name, ring in RINGS.items()},  # type: ignore[misc]
    **{f"coordinates: {name}": partial(area, corners) for name, corners in CORNERS.items()},
}
"""What it is -> its text: each must be refused."""
SOUND: dict[str, Callable[[], str]] = {
    "50,000 plain corners": lambda: zone(circle(50_000)),
    "100,000 plain corners": lambda: zone(circle(99_999)),  # 190 s to measure 250,000 places to it
    "a comb": lambda: zone(np.vstack((_teeth(), [[SIDE - 0.5, 5.0], [1.0, 5.0]]))),  # 320 s to look for 250,000 places in it
    "two combs": lambda: zone(two_combs()),
    "a million properties": lambda: area(SQUARE, **{str(k): k for k in range(1_000_000)}),
}
"""Large but honest: each must be read."""
ODD: dict[str, Callable[[], str]] = {
    "properties that are a list": lambda: area(SQUARE).replace('"properties": {}', '"properties": [1]'),
    "a name that is a list": lambda: area(SQUARE, name=[[]]), "half a character for a name": lambda: area(SQUARE, name="\ud800"),
}
"""Refused or read, either is right."""

NESTED = b"".join(struct.pack("<BII", 1, 7, 1) for _ in range(DEEP))
LINES: dict[str, Callable[[], str]] = {
    "a line of ten million points": lambda: "LINESTRING (" + "0 0," * 10_000_000 + "1 1)",
    "collections 200,000 deep": lambda: "GEOMETRYCOLLECTION (" * DEEP, "hexadecimal WKB 200,000 deep": NESTED.hex,
    "a line to NaN": lambda: "LINESTRING (0 0, nan 1)", "a line to 1e300": lambda: "LINESTRING (0 0, 1e300 1)",
    "no line": lambda: "SRID=4326;here",
}
BYTES: dict[str, Callable[[], bytes]] = {
    "WKB 200,000 deep": lambda: NESTED, "WKB of 4e9 points": lambda: struct.pack("<BII", 1, 2, 2**32 - 1) + bytes(64),
}
