"""Project files with one thing wrong: every value of the JSON and every array, one at a time, from a fixed seed."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

import numpy as np

from benchmarks.hostile import doors
from benchmarks.hostile.bombs import good_bytes, project_file
from benchmarks.hostile.case import Case

SEED = 447  # the size in bytes of the first bomb that was reported
WRONG: dict[str, Callable[[Any], Any]] = {
    "null": lambda v: None, "true": lambda v: True, "minus one": lambda v: -1, "a half": lambda v: 0.5, "huge": lambda v: 10**30,
    "text": lambda v: "no such thing", "blank": lambda v: "", "list": lambda v: [], "object": lambda v: {},
    "not a number": lambda v: {"float": "nan"}, "infinite": lambda v: {"float": "inf"}, "array": lambda v: {"array": "a0", "text": False},
    "array as text": lambda v: {"array": "a1", "text": True}, "in a list": lambda v: [v], "markup": lambda v: "<img src=x>\x00\u202e",
    "twice": lambda v: v * 2 if isinstance(v, list | str) else [v, v], "less": lambda v: v[:-1] if isinstance(v, list | str) else 0,
    "other table": lambda v: {"table": [], "rows": 3}, "other kind": lambda v: {"kind": "HistoryStep", "fields": {"made": "", "what": ""}},
    "gone": lambda v: ...,
}
SHAPES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "shorter": lambda a: a[:-1], "longer": lambda a: np.concatenate((a, a[-1:])) if a.ndim and len(a) else np.zeros(2),
    "empty": lambda a: a[:0] if a.ndim else a, "two-dimensional": lambda a: a[None], "one number": lambda a: np.zeros((), a.dtype),
    "as text": lambda a: np.full(a.shape, "x"), "as truth": lambda a: np.ones(a.shape, bool),
    "complex": lambda a: np.ones(a.shape, complex), "as dates": lambda a: np.zeros(a.shape, "M8[s]"),
    "other way round": lambda a: a[::-1].copy(),
    "not a number": lambda a: np.full(a.shape, np.nan), "infinite": lambda a: np.full(a.shape, -np.inf),
    "all minus one": lambda a: np.full(a.shape, -1), "all huge": lambda a: np.full(a.shape, 2**40),
    "all zero": lambda a: np.zeros(a.shape, int),
    "tiny": lambda a: np.full(a.shape, 1e-320), "small type": lambda a: np.zeros(a.shape, np.int8),
}


@lru_cache(maxsize=1)
def parts() -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The JSON and the arrays of the good project."""
    with zipfile.ZipFile(io.BytesIO(good_bytes())) as file, np.load(io.BytesIO(file.read("arrays.npz"))) as arrays:
        return json.loads(file.read("project.json")), dict(arrays)


def packed(arrays: dict[str, np.ndarray]) -> bytes:
    """An npz file of these arrays."""
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value of a JSON tree, but for the tree itself."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*path, key)
        yield from places(one, (*path, key))


def with_wrong_value(path: tuple[Any, ...], wrong: str) -> bytes:
    """The file with the value at ``path`` made wrong."""
    body = copy.deepcopy(parts()[0])
    at: Any = body
    for key in path[:-1]:
        at = at[key]
    new = WRONG[wrong](at[path[-1]])
    if new is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = new
    return project_file(json.dumps(body), packed(parts()[1]))


def with_wrong_array(name: str, wrong: str) -> bytes:
    """The file with one array made wrong."""
    body, arrays = parts()
    return project_file(json.dumps(body), packed({**arrays, name: SHAPES[wrong](arrays[name])}))


def said(path: tuple[Any, ...]) -> str:
    """The end of a path, short enough for a line."""
    return ".".join(str(key) for key in path if key not in ("project", "fields"))[-30:]


def cases(each: int = 3) -> Iterator[Case]:
    """``each`` wrong things for every value and every array, drawn anew for each from a fixed seed; all of them where ``each`` is large."""
    rng = np.random.default_rng(SEED)
    body, arrays = parts()
    for path in places(body):
        for wrong in rng.permutation([*WRONG])[:each]:
            yield Case(f"fuzz {said(path)}: {wrong}", doors.project, partial(with_wrong_value, path, str(wrong)))
    for name in arrays:
        for wrong in rng.permutation([*SHAPES])[:2 * each]:
            yield Case(f"fuzz array {name}: {wrong}", doors.project, partial(with_wrong_array, name, str(wrong)))
