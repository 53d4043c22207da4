"""Everything that can be wrong with one value of a project file: each JSON of each field, each array."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.hostile.opened import Opened

Where = tuple[Any, ...]
"""Keys and indices from the file's body down to a value."""

MISSING = object()
WRONG: dict[str, Callable[[Any], Any]] = {
    "missing": lambda v: MISSING, "null": lambda v: None, "true": lambda v: True, "minus one": lambda v: -1, "zero": lambda v: 0,
    "one": lambda v: 1, "a half": lambda v: 0.5, "one and a half": lambda v: 1.5, "1e308": lambda v: 1e308, "10 ** 30": lambda v: 10**30,
    "not a number": lambda v: {"float": "nan"}, "infinite": lambda v: {"float": "inf"}, "blank": lambda v: "",
    "a text": lambda v: "no such thing", "a zero byte": lambda v: "a\x00b", "markup": lambda v: "<img src=x>\x00\u202e",
    "a long text": lambda v: "x" * 20_000, "a list": lambda v: [], "a list of null": lambda v: [None], "in a list": lambda v: [v],
    "twice": lambda v: v * 2 if isinstance(v, list | str) else [v, v], "less": lambda v: v[:-1] if isinstance(v, list | str) else 0,
    "an object": lambda v: {}, "no names": lambda v: {"dict": []}, "no entries": lambda v: {"tuple": []},
    "entries in entries": lambda v: {"tuple": [{"tuple": [{"tuple": []}]}]}, "a status": lambda v: {"status": "CONVERGED"},
    "an array": lambda v: {"array": "a0", "text": False}, "an array of text": lambda v: {"array": "a1", "text": True},
    "a project": lambda v: {"kind": "Project", "fields": {}},
    "a step": lambda v: {"kind": "HistoryStep", "fields": {"made": "", "what": ""}},
    "a table": lambda v: {"table": [], "rows": 0}, "a table of three rows": lambda v: {"table": [], "rows": 3}}
"""In the place of a value: another type, out of range, NaN, huge, null, nested, missing."""

SPOILT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": lambda a: a[:0] if a.ndim else a, "one less": lambda a: a[:-1],
    "one more": lambda a: np.concatenate((a, a[-1:])) if a.ndim and len(a) else np.zeros(2),
    "twice": lambda a: np.repeat(a, 2, 0), "backwards": lambda a: a[::-1].copy(), "on end": lambda a: a[..., None],
    "in a row": lambda a: a[None], "flat": np.ravel, "one": lambda a: np.array(a.flat[0] if a.size else 0),
    "nothing but 0": np.zeros_like, "nothing but -1": lambda a: np.full(a.shape, -1),
    "nothing but 2 ** 40": lambda a: np.full(a.shape, 2**40),
    "nothing but NaN": lambda a: np.full(a.shape, np.nan), "nothing but -inf": lambda a: np.full(a.shape, -np.inf),
    "nothing but 1e-320": lambda a: np.full(a.shape, 1e-320), "nothing but x": lambda a: np.full(a.shape, "x"),
    "nothing but true": lambda a: np.ones(a.shape, bool),
    "first lower": lambda a: _with(a, 0, -1), "first huge": lambda a: _with(a, 0, 10**15), "last huge": lambda a: _with(a, -1, 1e300),
    "first NaN": lambda a: _with(a, 0, np.nan), "last infinite": lambda a: _with(a, -1, np.inf),
    "a step up": lambda a: a + 1 if a.dtype.kind in "if" else a[::-1].copy(),
    "floats": lambda a: _as(a, np.float64), "short floats": lambda a: _as(a, np.float32), "ints": lambda a: _as(a, np.int64),
    "bytes": lambda a: _as(a, np.uint8), "short ints": lambda a: _as(a, np.int8),
    "bools": lambda a: a.astype(bool) if a.dtype.kind != "U" else a[:0], "texts": lambda a: a.astype(np.str_),
    "complex": lambda a: np.ones(a.shape, complex), "dates": lambda a: np.zeros(a.shape, "M8[s]")}
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


def spoilt(file: Opened, where: Where, wrong: Callable[[Any], Any]) -> None:
    """Put a wrong value there; arrays that nobody names any more go too."""
    holder: Any = file.body
    for key in where[:-1]:
        holder = holder[key]
    new = wrong(copy.deepcopy(holder[where[-1]]))
    if new is MISSING:
        del holder[where[-1]]
    else:
        holder[where[-1]] = new
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
