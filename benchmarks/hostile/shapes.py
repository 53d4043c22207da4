"""Hostile GeoJSON, files of features, formulas and lines of links: what each costs a reader that does not ask first is said beside it.

Nothing here is read from anywhere; every case is made from its few numbers, always alike.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from irlcore.features.exchange import FORMAT, VERSION

Kind = Literal["geojson", "features", "formula", "wkt"]
SIDE = 500.0  # of the map that rings are drawn over


CORNERS = {"nulls": "[[[null,null],[1,1],[0,1]]]", "texts": '[[["0","0"],["1","1"],["0","1"]]]', "NaN": "[[[NaN,0],[1,1],[0,1]]]",
           "1e400": "[[[1e400,0],[1,1],[0,1]]]", "nothing": "[]", "no ring": "[[]]", "no corner": "[[[],[],[]]]", "a number": "5",
           "ragged": "[[[0,0],[1],[0,1]]]", "truth": "[[[true,0],[1,1],[0,1]]]", "objects": "[[{},{},{}]]"}
ODD = {"null": "null", "a feature of null": '{"type":"FeatureCollection","features":[null]}',
       "features of an object": '{"type":"FeatureCollection","features":{}}', "no geometry": '{"type":"Feature","geometry":7}',
       "a name of lists": '{"type":"Feature","properties":{"name":[[]]},"geometry":{"type":[]}}'}


class Case(NamedTuple):
    """kind: which reader it is for. GeoJSON and features are the text of a file, a formula is itself, "wkt" is one cell of a column."""

    name: str
    kind: Kind
    content: str | bytes


def cases() -> Iterator[Case]:
    """All of them, one after the other, so that only one is in memory."""
    yield from (Case(name, "geojson", text) for name, text in _geojson())
    yield from (Case(f"zone: {name}", "geojson", zone(ring)) for name, ring in rings())
    yield from (Case(name, "features", text) for name, text in _features())
    yield from (Case(name, "formula", text) for name, text in _formulas())
    yield from (Case(name, "wkt", cell) for name, cell in _lines())


def rings() -> Iterator[tuple[str, np.ndarray]]:
    """Rings (V, 2) on a map of 500 by 500, not closed. Named as the issue does, where it does."""
    rng = np.random.default_rng(500)
    yield "500 random corners", rng.random((500, 2)) * SIDE  # 30,000 crossings: 112 s to make valid
    yield "50,000 random corners", rng.random((50_000, 2)) * SIDE
    yield "500,000 plain corners", _circle(500_000)
    yield "100,000 plain corners", _circle(99_999)  # 190 s to measure 250,000 places to it
    teeth = np.repeat(np.linspace(1.0, SIDE - 1.0, 49_000), 2)
    comb = np.column_stack((teeth[1:-1], np.where(np.arange(len(teeth)) // 2 % 2, SIDE - 10.0, 10.0)[:-2]))
    yield "a comb", np.vstack((comb, [[SIDE - 0.5, 5.0], [1.0, 5.0]]))  # 320 s to look for 250,000 places in it
    lying = comb[::4, ::-1] * [0.5, 0.95] + [253.0, 5.0]
    yield "two combs", np.vstack((comb[::4] * [0.5, 1.0], lying, [[SIDE - 1.0, SIDE], [0.2, SIDE], [0.2, 10.0]]))
    odd = np.arange(20_000) % 2
    yield "a zigzag", np.column_stack((np.arange(20_000) * 1e-3 + odd * SIDE, odd * SIDE))
    turn = np.linspace(0.0, 2000.0 * np.pi, 60_000)
    spiral = np.linspace(100.0, 10.0, len(turn))[:, None] * np.column_stack((np.cos(turn), np.sin(turn)))
    yield "a spiral", np.vstack((spiral, [[150.0, -0.5]]))
    yield "one point 50,000 times", np.zeros((50_000, 2))
    yield "a line to and fro", np.column_stack((np.arange(20_000) % 2 * SIDE, np.zeros(20_000)))
    yield "numbers of 1e300", np.array([[0.0, 0.0], [1e300, 0.0], [1e300, 1e300]])


def zone(ring: np.ndarray) -> str:
    """GeoJSON of one zone."""
    return json.dumps({"type": "Feature", "properties": {"name": "z"},
                       "geometry": {"type": "Polygon", "coordinates": [[*ring.tolist(), ring[0].tolist()]]}})


def _circle(corners: int) -> np.ndarray:
    turn = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    away = 150.0 + 10.0 * np.sin(40.0 * turn)
    return np.asarray(SIDE / 2.0 + away[:, None] * np.column_stack((np.cos(turn), np.sin(turn))))


def _geojson() -> Iterator[tuple[str, str]]:
    yield "lists 200,000 deep", "[" * 200_000 + "]" * 200_000
    yield "coordinates 200,000 deep", '{"type":"Polygon","coordinates":' + "[" * 200_000 + "]" * 200_000 + "}"
    yield "collections 200,000 deep", '{"type":"GeometryCollection","geometries":[' * 200_000 + "]}" * 200_000
    yield "lists never closed", "[" * 1_000_000
    yield "numbers of 400 digits", _polygon(f"[[[{'1' * 400},0],[1,1],[0,1]]]")
    yield "a number of a million digits", _polygon(f"[[[{'1' * 1_000_000},0],[1,1],[0,1]]]")
    yield "ten million empty objects", '{"type":"FeatureCollection","features":[' + "{}," * 10_000_000 + "{}]}"
    yield "100,000 features", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": str(k)},
         "geometry": {"type": "Polygon", "coordinates": [[[k, 0], [k + 1, 0], [k, 1], [k, 0]]]}} for k in range(100_000)]})
    yield "a million properties", json.dumps({"type": "Feature", "properties": {str(k): k for k in range(1_000_000)},
                                              "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 1]]]}})
    rng = np.random.default_rng(30)
    yield "900 stars", json.dumps({"type": "FeatureCollection", "features": [
        json.loads(zone(rng.random((60, 2)) * SIDE)) for _ in range(900)]})
    many = rng.random((900, 2)) * SIDE
    yield "polygons over each other", json.dumps({"type": "MultiPolygon", "coordinates": [
        [[[x, y], [x + 200.0, y], [x, y + 200.0], [x, y]]] for x, y in many.tolist()]})
    yield "never closed quotes", '"' + '\\"' * 2_000_000
    yield "half a character", '{"type":"Feature","properties":{"name":"\\ud800"},"geometry":null}'
    for name, corners in CORNERS.items():
        yield f"coordinates: {name}", _polygon(corners)
    for name, text in ODD.items():
        yield f"shape: {name}", text


def _polygon(coordinates: str) -> str:
    return f'{{"type":"Polygon","coordinates":{coordinates}}}'


def _features() -> Iterator[tuple[str, str]]:
    ring = [[0, 0], [4, 0], [4, 4], [0, 0]]
    star = (np.random.default_rng(5).random((500, 2)) * SIDE).tolist()
    step: dict[str, object] = {"name": "f", "kind": "step", "params": {}}

    def file(**parts: object) -> str:
        return json.dumps({"format": FORMAT, "version": VERSION, "unit": "m", "crs": None, "features": [step], "zones": {}, "spots": {},
                           **parts})

    yield "features 200,000 deep", file(features="#").replace('"#"', "[" * 200_000 + "]" * 200_000)
    yield "a parameter of 400 digits", file(features=[{"name": "f", "kind": "length", "params": {"per": "#"}}]).replace('"#"', "1" * 400)
    yield "15,000 features", file(features=[{**step, "name": str(k)} for k in range(15_000)])
    yield "15,000 features of one name", file(features=[step] * 15_000)
    yield "20,000 zones", file(zones={str(k): ring for k in range(20_000)})
    yield "a zone of 500 random corners", file(zones={"z": [*star, star[0]]})
    nested = step
    for _ in range(200):
        nested = {"name": "n", "kind": "combine", "params": {"first": nested, "second": step, "how": "minus"}}
    yield "features within features", file(features=[nested])
    for crs in ("+proj=longlat +nadgrids=/etc/passwd", "+init=/etc/passwd", "https://example.org/crs",
                "+proj=pipeline +step +proj=vgridshift +grids=https://example.org/a.tif", "EPSG:99999999"):
        yield f"crs {crs}", file(crs=crs, zones={"z": ring})
    yield "a kind of a million characters", file(features=[{**step, "kind": "k" * 900_000}])


def _formulas() -> Iterator[tuple[str, str]]:
    yield "brackets", "(" * 100_000 + "1" + ")" * 100_000
    yield "digits", "1" * 100_000
    yield "signs", "-" * 999 + "1"
    yield "wide letters", "\U0001d431" * 1000
    yield "powers", "+".join(["length ** 0.5"] * 60)
    yield "powers of powers", "**".join(["length"] * 120)
    yield "rests", "%".join(["length"] * 90)
    yield "sines", "+".join(["sin(length)"] * 80)  # 8 s at 2 million choices
    yield "values of one function", "min(" + ",".join(["step"] * 190) + ")"  # 190 times the choices in memory
    yield "conditions", " and ".join(["length"] * 90)
    yield "ifs", "1 if step else " * 60 + "0"


def _lines() -> Iterator[tuple[str, str | bytes]]:
    yield "a line of ten million points", "LINESTRING (" + "0 0," * 10_000_000 + "1 1)"
    yield "collections 200,000 deep", "GEOMETRYCOLLECTION (" * 200_000
    nested = b"".join(struct.pack("<BII", 1, 7, 1) for _ in range(200_000))
    yield "WKB 200,000 deep", nested
    yield "hexadecimal WKB 200,000 deep", nested.hex()
    yield "WKB of 4e9 points", struct.pack("<BII", 1, 2, 2**32 - 1) + bytes(64)
    yield "a line to NaN", "LINESTRING (0 0, nan 1)"
    yield "a line to 1e300", "LINESTRING (0 0, 1e300 1)"
    yield "no line", "SRID=4326;here"
