"""A project file with one thing wrong: every value of its JSON and every array, one at a time, from a fixed seed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache, partial

import numpy as np

from benchmarks.hostile.case import Input
from benchmarks.hostile.opened import Opened
from benchmarks.hostile.rich_projects import street_project
from benchmarks.hostile.wrong_values import SPOILT, WRONG, Where, places, spoilt
from irlcore.project.project_file import save_project

SEED = 447  # the size in bytes of the first bomb that was reported


@cache
def good() -> bytes:
    """The file that is made wrong."""
    return save_project(street_project())


@cache
def _base() -> Opened:
    return Opened(good())


def with_wrong_value(where: Where, wrong: str) -> bytes:
    """The file with the value at ``where`` made wrong."""
    file = copy.copy(_base())
    file.body = copy.deepcopy(file.body)
    spoilt(file, where, WRONG[wrong])
    return file.sealed()


def with_wrong_array(key: str, wrong: str) -> bytes:
    """The file with one array made wrong."""
    file = copy.copy(_base())
    file.arrays = {**file.arrays, key: SPOILT[wrong](file.arrays[key])}
    return file.sealed()


def said(where: Where) -> str:
    """The end of a path, short enough for a line."""
    return ".".join(str(key) for key in where if key not in ("project", "fields"))[-30:]


def inputs(each: int = 3) -> Iterator[Input]:
    """``each`` wrong things for every value and twice as many for every array, drawn anew for each from a fixed seed; all of them where
    ``each`` is large."""
    rng = np.random.default_rng(SEED)
    for where in places(_base().body):
        for wrong in rng.permutation([*WRONG])[:each] if where else ():
            yield Input("project", f"fuzz {said(where)}: {wrong}", partial(with_wrong_value, where, str(wrong)))
    for key in _base().arrays:
        for wrong in rng.permutation([*SPOILT])[:2 * each]:
            yield Input("project", f"fuzz array {key}: {wrong}", partial(with_wrong_array, key, str(wrong)))
