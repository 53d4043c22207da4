"""Everything that can be wrong with one value of a project file: each JSON of each field, each array."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.hostile.opened import Opened

Where = tuple[Any, ...]
"""Keys and indices from the file's body down to a value."""

MISSING = object()
WRONG: tuple[Any, ...] = (
    MISSING, None, True, -1, 0, 1, 1.5, 1e308, 10**30, {"float": "nan"}, {"float": "inf"}, "", "a\x00b", "x" * 20_000, [], [None], {},
    {"dict": []}, {"tuple": []}, {"tuple": [{"tuple": [{"tuple": []}]}]}, {"status": "CONVERGED"}, {"array": "a0", "text": True},
    {"kind": "Project", "fields": {}}, {"table": [], "rows": 0})
"""In the place of a value: another type, out of range, NaN, huge, null, nested, missing."""

SPOILT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": lambda a: a[:0], "one less": lambda a: a[:-1], "one more": lambda a: np.concatenate((a, a[-1:])),
    "twice": lambda a: np.repeat(a, 2, 0), "backwards": lambda a: a[::-1].copy(), "on end": lambda a: a[..., None], "flat": np.ravel,
    "one": lambda a: np.array(a.flat[0] if a.size else 0), "nothing but 0": np.zeros_like, "first lower": lambda a: _with(a, 0, -1),
    "first huge": lambda a: _with(a, 0, 10**15), "last huge": lambda a: _with(a, -1, 1e300), "first NaN": lambda a: _with(a, 0, np.nan),
    "last infinite": lambda a: _with(a, -1, np.inf), "a step up": lambda a: a + 1 if a.dtype.kind in "if" else a[::-1].copy(),
    "floats": lambda a: _as(a, np.float64), "short floats": lambda a: _as(a, np.float32), "ints": lambda a: _as(a, np.int64),
    "bytes": lambda a: _as(a, np.uint8), "bools": lambda a: a.astype(bool) if a.dtype.kind != "U" else a[:0],
    "texts": lambda a: a.astype(np.str_)}
"""In the place of an array."""


def _with(values: np.ndarray, at: int, value: float) -> np.ndarray:
    out = values.copy()
    if out.size and out.dtype.kind == "U":
        out.reshape(-1)[at] = str(value)
    elif out.size and (out.dtype.kind == "f" or abs(value) < 1e18):
        with np.errstate(all="ignore"):
            out.reshape(-1)[at] = np.array(value).astype(out.dtype)
    return out


def _as(values: np.ndarray, dtype: type) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.zeros(values.shape, dtype) if values.dtype.kind == "U" else np.nan_to_num(values).astype(dtype)


def places(value: Any, where: Where = ()) -> Iterator[Where]:
    """Every value of a JSON, the outermost first."""
    yield where
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield from places(one, (*where, key))


def kinds_of_places(body: dict[str, Any]) -> list[Where]:
    """One place for every field of every kind: the first, where there are several of them."""
    first: dict[str, Where] = {}
    for where in places(body["project"], ("project",)):
        first.setdefault(re.sub(r"\b\d+\b", "*", "/".join(map(str, where))), where)
    return list(first.values())


def spoilt(file: Opened, where: Where, wrong: Any) -> None:
    """Put a wrong value there; arrays that nobody names any more go too."""
    holder: Any = file.body
    for key in where[:-1]:
        holder = holder[key]
    if wrong is MISSING:
        del holder[where[-1]]
    else:
        holder[where[-1]] = wrong
    named = set(re.findall(r'"array": "(a\d+)"', json.dumps(file.body)))
    file.arrays = {key: array for key, array in file.arrays.items() if key in named}


def array_places(body: dict[str, Any]) -> dict[str, Where]:
    """Key of an array -> where it is named, the first of each kind of field."""
    found = {}
    for where in kinds_of_places(body):
        value: Any = body
        for key in where:
            value = value[key]
        if isinstance(value, dict) and set(value) == {"array", "text"}:
            found[value["array"]] = where
    return found
