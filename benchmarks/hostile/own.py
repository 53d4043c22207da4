"""The files that took the page down, one by one, and their like: tables, areas, formulas, features, projects."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.hostile import bombs, doors
from benchmarks.hostile.case import Case

DEEP = 200_000
HEAD = b"track,t,x,y\n"


def geojson(geometry: Any) -> bytes:
    """One area as a feature."""
    return json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": geometry}]}).encode()


def polygon(xy: np.ndarray) -> bytes:
    """An area with these corners, closed."""
    return geojson({"type": "Polygon", "coordinates": [[*xy.tolist(), xy[0].tolist()]]})


def random_corners(count: int) -> bytes:
    """A ring that crosses itself everywhere: about count * count / 3 crossings."""
    return polygon(np.random.default_rng(1).uniform(-1.0, 1.0, (count, 2)))


def plain_corners(count: int) -> bytes:
    """A circle with as many corners."""
    angle = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    return polygon(np.column_stack((np.cos(angle), np.sin(angle))))


def rows(count: int) -> bytes:
    """Points of honest tracks of 100 points each."""
    k = np.arange(count)
    return HEAD + b"".join(b"v%d,%d,%d,%d\n" % one for one in zip((k // 100).tolist(), k.tolist(), (k * 37 % 1000).tolist(),
                                                                    (k * 53 % 1000).tolist(), strict=True))


def wide(columns: int, count: int) -> bytes:
    """One track, with as many columns beside."""
    header = ",".join(f"c{k}" for k in range(columns))
    return (f"track,t,x,y,{header}\n" + "".join(f"a,{k},2,3,{'1,' * (columns - 1)}1\n" for k in range(count))).encode()


def tables() -> list[Case]:
    """Tables: packed, wide, blank, without end."""
    made: dict[str, tuple[Callable[[], bytes], Any]] = {
        "gz of 42 members, 6 MB to 4.2 GB": (partial(bombs.gz_members, 42), "refuse"),
        "gz of one member, 3 MB to 2.2 GB": (partial(bombs.gz_whole, 2200), "refuse"),
        "zip of a table, 2.2 GB": (partial(bombs.zip_whole, 2200), "refuse"),
        "gz in gz in gz": (lambda: gzip.compress(gzip.compress(gzip.compress(HEAD))), "either"),
        "gz cut off": (lambda: gzip.compress(HEAD * 1000)[:-20], "refuse"),
        "parquet of 200 million rows that are one": (partial(bombs.parquet_constant, 200, "x" * 100), "refuse"),
        "parquet of one cell of 300 MB": (lambda: bombs.parquet_constant(1, "x" * 300), "either"),
        "parquet with its end cut off": (lambda: bombs.parquet_constant(1, "x")[:-30], "refuse"),
        "10,000 columns of 300 rows": (partial(wide, 10_000, 300), "refuse"),
        "a million columns": (lambda: b",".join(b"c%d" % k for k in range(1_000_000)) + b"\n1\n", "refuse"),
        "70,000 blank lines first": (lambda: b"\n" * 70_000 + rows(1000), "either"),
        "70,000 blank lines between": (lambda: rows(1000) + b"\n" * 70_000 + rows(1000)[len(HEAD):], "either"),
        "100 million blank lines": (lambda: HEAD + b"\n" * 100_000_000, "refuse"),
        "70,000 lines of blanks": (lambda: b" \t \n" * 70_000, "refuse"),
        "one line of 200 MB": (lambda: b"x" * 200_000_000, "refuse"),
        "a quote that never ends": (lambda: HEAD + b'a,1,2,"' + b"x,\n" * 30_000_000, "refuse"),
        "numbers of 400 digits": (lambda: HEAD + b"".join(b"a,%d,%s,2\n" % (k, b"9" * 400) for k in range(50)), "refuse"),
        "a number of a million digits": (lambda: HEAD + b"a,1," + b"9" * 1_000_000 + b",2\na,2,3,4\n" * 2, "either"),
        "points as far apart as floats reach": (lambda: HEAD + b"a,0,-1e308,0\na,1,1e308,1\na,2,3,1e-308\n", "refuse"),
        "every byte there is": (lambda: bytes(range(256)) * 1000, "refuse"),
        "NULs": (lambda: HEAD + b"\x00" * 1_000_000, "refuse"),
        "half a surrogate": (lambda: "track,t,x,y\nv,1,2,3\n".encode("utf-16")[:-3], "either"),
        "columns without names": (lambda: b",,,\n1,2,3,4\n", "either"),
        "a million honest points": (lambda: rows(1_000_000), "read"),
    }
    networks: dict[str, tuple[Callable[[], bytes], Any]] = {
        "wkt nested 100,000 deep": (lambda: b"link,u,v,wkt\n1,a,b,\"" + b"GEOMETRYCOLLECTION(" * 100_000 + b"\"\n2,b,a,\n", "refuse"),
        "wkt of a million corners": (lambda: b"link,u,v,wkt\n" + b"".join(b'%d,%d,%d,"LINESTRING(%s)"\n' % (
            k, k, k + 1, b",".join(b"%d %d" % (j, j % 7) for j in range(100_000))) for k in range(10)), "either"),
        "wkt of 400 digits": (lambda: b'link,u,v,wkt\n1,a,b,"LINESTRING(0 0,%s 1)"\n2,b,a,"LINESTRING(0 0,1 1)"\n' % (b"9" * 400),
                              "either"),
        "a star of 20,000 links: 400 million turns": (lambda: b"link,u,v,length\n" + b"".join(
            b"i%d,n%d,hub,1\no%d,hub,n%d,1\n" % (k, k, k, k) for k in range(20_000)), "refuse"),
    }
    return [Case(name, doors.table, make, must) for name, (make, must) in {**made, **networks}.items()]


def shapes() -> list[Case]:
    """Areas: deep, long, crossing themselves, many; each as a zone and as a blocked area."""
    ten = {"type": "Polygon", "coordinates": [[[0, 0], [0.01, 0], [0.01, 0.01], [0, 0]]]}
    deep = b'{"type": "Polygon", "coordinates": ' + b"[" * DEEP + b"]" * DEEP + b"}"
    made: dict[str, tuple[Callable[[], bytes], Any]] = {
        "geojson 200,000 deep": (lambda: deep, "refuse"),
        "geojson collections in collections": (lambda: b'{"type":"GeometryCollection","geometries":[' * 900 + b"]}" * 900, "refuse"),
        "geojson objects 200,000 deep": (lambda: b'{"a":' * DEEP + b"1" + b"}" * DEEP, "refuse"),
        "geojson numbers of 400 digits": (lambda: polygon(np.eye(3, 2)).replace(b"1.0", b"9" * 400), "refuse"),
        "geojson numbers of 5,000 digits": (lambda: polygon(np.eye(3, 2)).replace(b"1.0", b"9" * 5000), "refuse"),
        "geojson of 1e308": (lambda: polygon(np.eye(3, 2) * 1e308), "either"),
        "geojson with NaN": (lambda: polygon(np.full((4, 2), np.nan)), "refuse"),
        "geojson without a geometry": (lambda: geojson(None), "refuse"),
        "geojson of texts": (lambda: geojson({"type": "Polygon", "coordinates": [["a", "b", "c", "a"]]}), "refuse"),
        "geojson that is a list": (lambda: b"[1, 2]", "refuse"),
        "geojson with a list for a name": (lambda: json.dumps({"type": "Feature", "properties": [1], "geometry": ten}).encode(), "either"),
        "a ring of 500 random corners": (partial(random_corners, 500), "either"),
        "a ring of 3,000 random corners": (partial(random_corners, 3000), "either"),
        "a ring of 50,000 plain corners": (partial(plain_corners, 50_000), "either"),
        "a ring of 500,000 plain corners": (partial(plain_corners, 500_000), "either"),
        "20,000 areas": (lambda: json.dumps({"type": "FeatureCollection", "features": [{"geometry": ten}] * 20_000}).encode(), "either"),
    }
    return [Case(f"{name} ({door.__name__})", door, make, must) for name, (make, must) in made.items()
            for door in (doors.zones, doors.blocked)]


def formulas() -> list[Case]:
    """Formulas: long, deep, wide, dear."""
    texts = {
        "a sum of 60 distances": "+".join(f'distance("z")*{k}' for k in range(55)), "90 sines": "sin(" * 90 + "length" + ")" * 90,
        "a sum of 60 insides": "+".join(f'inside("z")*{k}' for k in range(65)), "300 exponentials": "+".join(["exp(step)"] * 95),
        "max of 160 lengths": f"max({','.join(['step'] * 190)})", "powers": "+".join(["step**.3**.7"] * 75),
        "a sum of 2,000 distances": "+".join(['distance("z")'] * 2000), "max of 60,000 values": f"max({', '.join(['length'] * 60_000)})",
        "brackets 100,000 deep": "(" * 100_000 + "length" + ")" * 100_000, "signs 100,000 deep": "-" * 100_000 + "length",
        "powers of powers": "length" + " ** length" * 90, "9 ** 9 ** 9": "9**9**9**9**9", "a number of 5,000 digits": "9" * 5000,
        "a number of a million digits": "9" * 1_000_000, "a million characters": "length + " * 111_111 + "1",
        "comparisons without end": "length" + " < length" * 20_000, "or without end": " or ".join(["length > 1"] * 20_000),
        "a text of a million characters": f'inside("{"x" * 1_000_000}")', "NULs": "length\x00", "nothing": "", "half a surrogate": "\ud800",
        "an import": "__import__('os').system('true')", "an f-string": "f'{length}'", "0 / 0": "0 / 0",
        "if without end": "length if length > 1 else " * 5000 + "1", "in a list of 100,000": f"highway in ({','.join(['1'] * 100_000)})",
    }
    return [Case(f"formula: {name}", doors.formula, partial(str.encode, text, "utf-8", "replace")) for name, text in texts.items()]


def exchanged() -> list[Case]:
    """Files of features: deep, many, of wrong types."""
    def file(features: Any, **more: Any) -> bytes:
        return json.dumps({"format": "motive features", "version": 1, "unit": "m", "crs": None, "features": features, **more}).encode()

    step = {"name": "a", "kind": "step", "params": {}}
    combined: dict[str, Any] = step
    for k in range(200):
        combined = {"name": f"n{k}", "kind": "combine", "params": {"first": combined, "second": step, "how": "product"}}
    circle = json.loads(plain_corners(20_000))["features"][0]["geometry"]["coordinates"][0]
    many = [{"name": f"f{k}", "kind": "formula", "params": {"formula": "exp(length) * sin(length)"}} for k in range(5000)]
    made: dict[str, bytes] = {
        "200,000 deep": file([]).replace(b"[]", b"[" * DEEP + b"]" * DEEP), "features in features": file([combined]),
        "5,000 formulas": file(many), "a zone of 20,000 corners": file([step], zones={"z": circle}),
        "numbers of 400 digits": file([], spots={"s": [1, 2]}).replace(b"[1, 2]", b"[1, " + b"9" * 400 + b"]"),
        "a spot of texts": file([], spots={"s": ["1", None]}), "features of nulls": file([None, 1, "x", [], {}]),
        "a projection that is none": file([], zones={"z": circle[:4] + circle[:1]}, crs="EPSG:0; DROP"),
        "parameters of wrong types": file([{"name": str(k), "kind": kind, "params": {"zone": k, "per": [], "formula": {}, "turn": None}}
                                           for k, kind in enumerate(("zone", "length", "formula", "turn", "habit", "near", "bump"))]),
    }
    return [Case(f"features: {name}", doors.features, bytes(content).__bytes__, "either") for name, content in made.items()]
