"""Hostile features: files of them from another project, and formulas as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.hostile.case import Input
from irlcore.features.exchange import FORMAT, VERSION

DEEP = 200_000
CRS = "EPSG:32633"  # that of the world they are brought to
STEP: dict[str, object] = {"name": "f", "kind": "step", "params": {}}
RING = [[0, 0], [4, 0], [4, 4], [0, 0]]


def inputs() -> Iterator[Input]:
    """Every file of features, then every formula."""
    yield from (Input("features", name, make, "refuse") for name, make in REFUSED.items())
    yield from (Input("features", name, make) for name, make in ODD.items())
    yield from (Input("formula", name, str(text).__str__) for name, text in FORMULAS.items())
    yield Input("formula", "a million characters", lambda: "length + " * 111_111 + "1", "refuse")


def file(**parts: object) -> str:
    """A file of one feature, a step, with other parts in the place of its own."""
    made = {"format": FORMAT, "version": VERSION, "unit": "m", "crs": CRS, "features": [STEP], "zones": {}, "spots": {}}
    return json.dumps({**made, **parts})


def of_zone(ring: np.ndarray, **parts: object) -> str:
    """A file of a zone, and two features that use it."""
    used = [("in", "zone", {"zone": "z"}), ("near", "distance", {"place": "z", "reach": 9.0})]
    return file(zones={"z": [*ring.tolist(), ring[0].tolist()]},
                features=[dict(zip(STEP, one, strict=True)) for one in used], **parts)


def circle(corners: int) -> np.ndarray:
    turn = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    return np.asarray(200.0 * np.column_stack((np.cos(turn), np.sin(turn))))


def combined(levels: int, both: bool = False) -> dict[str, object]:
    """Features within features, two objects deep each: on the one side, or on both, so that there are 2 ** levels of them."""
    within = STEP
    for _ in range(levels):
        within = {"name": "n", "kind": "combine", "params": {"first": within, "second": within if both else STEP, "how": "minus"}}
    return within


def of_number(number: str) -> str:
    """A length by a number as it is written here."""
    return file(features=[{"name": "f", "kind": "length", "params": {"per": "#"}}]).replace('"#"', number)


WRONG_TYPES = [{"name": str(k), "kind": kind, "params": {"zone": k, "per": [], "formula": {}, "turn": None, "fit": {"features": [1]}}}
               for k, kind in enumerate(("zone", "length", "formula", "turn", "habit", "near", "bump"))]
FAR_OFF = ("+proj=longlat +nadgrids=/etc/passwd", "+init=/etc/passwd", "https://example.org/crs", "EPSG:0; DROP", "EPSG:99999999",
           "EPSG:999999", "+proj=pipeline +step +proj=vgridshift +grids=https://example.org/a.tif")
REFUSED: dict[str, Callable[[], str]] = {
    "features 200,000 deep": lambda: file(features="#").replace('"#"', "[" * DEEP + "]" * DEEP),
    "features within features, 25 deep": lambda: file(features=[combined(25)]),
    "features within features, 200 deep": lambda: file(features=[combined(200)]),
    "2 ** 7 features within one": lambda: file(features=[combined(7, both=True)]),
    "a parameter of 400 digits": lambda: of_number("1" * 400), "a parameter of 1e309": lambda: of_number("1e309"),
    "15,000 features": lambda: file(features=[{**STEP, "name": str(k)} for k in range(15_000)]),
    "15,000 features of one name": lambda: file(features=[STEP] * 15_000),
    "2,000 features of one name": lambda: file(features=[STEP] * 2000),
    "20,000 zones": lambda: file(zones={str(k): RING for k in range(20_000)}),
    "a zone of 500 random corners": lambda: of_zone(np.random.default_rng(5).random((500, 2)) * 500.0),
    "a kind of a million characters": lambda: file(features=[{**STEP, "kind": "k" * 900_000}]),
    "a spot of texts": lambda: file(spots={"s": ["1", None]}), "features of nulls": lambda: file(features=[None, 1, "x", [], {}]),
    "parameters of wrong types": lambda: file(features=WRONG_TYPES),
    **{f"crs {crs}": lambda crs=crs: file(crs=crs, zones={"z": RING}) for crs in FAR_OFF},  # type: ignore[misc]
}
"""What it is -> its text: each must be refused."""
ODD: dict[str, Callable[[], str]] = {
    "a zone of 20,000 corners": lambda: of_zone(circle(20_000)),
    "2 ** 6 features within one": lambda: file(features=[combined(6, both=True)]),
    "2,000 formulas": lambda: file(features=[
        {"name": f"f{k}", "kind": "formula", "params": {"formula": "exp(length / 1000) * sin(length)"}} for k in range(2000)]),
    "a zone at the end of the world": lambda: of_zone(circle(20) * 1e10),
}
"""Refused or read, either is right."""

FORMULAS: dict[str, str] = {
    "open brackets": "(" * 999, "brackets in brackets": "(" * 49 + "1" + ")" * 49, "too many brackets": "(" * 499 + "1" + ")" * 499,
    "digits": "1" * 1000, "an exponent of 900 digits": "1e" + "9" * 900, "signs": "-" * 999 + "1", "signs of both kinds": "+-" * 499 + "1",
    "wide letters": "\U0001d431" * 1000, "points": "length." * 142, "calls of calls": "length" + "(length)" * 120,
    "powers": "+".join(["length ** 0.5"] * 60), "powers of powers": "**".join(["length"] * 120), "9 ** 9 ** 9": "9**9**9**9**9",
    "sums of powers of powers": "+".join(["step**.3**.7"] * 75), "rests": "%".join(["length"] * 90),
    "80 sines": "+".join(["sin(length)"] * 80),  # 8 s at 2 million choices
    "sines of sines": "sin(" * 49 + "length" + ")" * 49, "too many sines of sines": "sin(" * 90 + "length" + ")" * 90,
    "24 sines, as many as are allowed": "+".join(["sin(length)"] * 24),
    "34 powers, as many as are allowed": "+".join(["length ** 0.5"] * 34),
    "65 rests, as many as are allowed": "%".join(["length"] * 66),
    "95 exponentials": "+".join(["exp(step)"] * 95),
    "values of one function": "min(" + ",".join(["step"] * 190) + ")",  # 190 times the choices in memory
    "55 distances": "+".join(f'distance("z")*{k}' for k in range(55)), "65 insides": "+".join(f'inside("z")*{k}' for k in range(65)),
    "ands": " and ".join(["length"] * 90), "ors": " or ".join(["length > 1"] * 70), "nots": "not " * 240 + "length",
    "comparisons": "length" + " < length" * 110, "ifs": "1 if step else " * 60 + "0",
    "ifs of a comparison": "length if length > 1 else " * 38 + "1",
    "in a list of 70": "road in (" + ",".join(f"'road {k}'" for k in range(70)) + ")",
    "in a list of numbers": "road in (" + ",".join("1" * 400) + ")",
    "45 comparisons of texts": "+".join(['(road == "road 1")'] * 45), "a place of 900 letters": f'inside("{"x" * 900}")',
    "NULs": "length\x00", "nothing": "", "half a surrogate": "length + \ud800", "an import": "__import__('os').system('true')",
    "an f-string": "f'{length}'", "0 / 0": "0 / 0",
}
"""At most 1,000 characters each, since more are refused whatever they say."""
