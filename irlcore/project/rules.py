"""What a value of a project may be: texts of a length or a form, numbers in a range, arrays of a kind and a shape.

A rule says of a value what is wrong with it, as the end of a sentence ("is 1.7, not a number up to 1"), or nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

EXACT = 2**53  # beyond it whole numbers are no floats


class Rule(Protocol):
    """Says of a value what is wrong with it; empty where nothing is. It is a key of what is made once for each."""

    def __hash__(self) -> int: ...

    def __call__(self, value: object) -> str:
        """The end of a sentence that the field's name begins."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A text of at most ``most`` characters; of the ``form`` (what it is called) that ``fits`` tells, where one is asked for."""

    most: int
    form: str = ""
    fits: Callable[[str], bool] | None = None

    def __call__(self, value: object) -> str:
        """See ``Rule``."""
        if not isinstance(value, str):
            return f"is {short(value)}, not a text"
        if len(value) > self.most:
            return f"is a text of {len(value):,} characters, and it can have {self.most:,}"
        return "" if self.fits is None or self.fits(value) else f"is {short(value)}, not {self.form}"


@dataclass(frozen=True, slots=True)
class Number:
    """A number from ``low`` to ``high``, both allowed; NaN, or infinite ones, only where said."""

    low: float = -math.inf
    high: float = math.inf
    nan: bool = False
    infinite: bool = False
    above: bool = False  # whether ``low`` itself is too low

    def __call__(self, value: object) -> str:
        """See ``Rule``."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"is {short(value)}, not a number"
        if isinstance(value, int) and abs(value) > EXACT:
            return "is a whole number too large to be true"
        if math.isnan(value):
            return "" if self.nan else "is not a number"
        if math.isinf(value) and not self.infinite:
            return "is not a finite number"
        if not self.low <= value <= self.high or (self.above and value == self.low):
            return f"is {value:g}, not a number {'above' if self.above else 'from'} {self.low:g} to {self.high:g}"
        return ""


@dataclass(frozen=True, slots=True)
class Array:
    """An array of a ``kind``: "number" (float64), "index" (whole, not below 0), "index or none" (-1 is none), "id" (uint64), "text"
    or "column" (a number or a text).

    shape: a word for each side; what the words stand for, the class that owns the field says (``schema.SIDES``), which checks it once
    all fields are there. or_none: an empty array will do. nan, infinite: which numbers it may hold; most: how large the others may be.
    """

    kind: str
    shape: tuple[str, ...]
    or_none: bool = False
    nan: bool = False
    infinite: bool = False
    most: float = math.inf

    def __call__(self, value: object) -> str:
        """See ``Rule``."""
        if not isinstance(value, np.ndarray):
            return f"is {short(value)}, not an array"
        if value.ndim != len(self.shape):
            return f"is an array of {value.ndim} sides, not {len(self.shape)}"
        text = value.dtype.kind in "OU"
        if self.kind == "text" or (self.kind == "column" and text):
            return "" if text else f"is an array of the type {value.dtype}, not of text"
        wanted = {"number": value.dtype == np.float64, "index": value.dtype.kind in "iu", "index or none": value.dtype.kind == "i",
                  "id": value.dtype == np.uint64, "column": value.dtype.kind in "fiub"}[self.kind]
        if not wanted:
            said = {"number": "numbers (float64)", "index": "whole numbers", "index or none": "whole numbers", "id": "ids (uint64)",
                    "column": "numbers or text"}
            return f"is an array of the type {value.dtype}, not of {said[self.kind]}"
        return self._numbers(value)

    def _numbers(self, value: np.ndarray) -> str:
        least = {"index": 0, "index or none": -1}.get(self.kind)
        if least is not None and len(value) and int(value.min()) < least:
            return f"holds {int(value.min())}, and what it numbers begins at 0"
        if value.dtype.kind != "f" or not value.size:
            return ""
        if not self.nan and bool(np.isnan(value).any()):
            return "holds what is not a number"
        largest = float(np.fmax.reduce(np.abs(value), axis=None))  # NaN where all are
        if math.isinf(largest):
            return "" if self.infinite else "holds a number that is infinite"
        return f"holds {largest:g}, and nothing there is beyond {self.most:g}" if largest > self.most else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with these ``columns`` of text, or any where empty."""

    columns: tuple[str, ...] = ()

    def __call__(self, value: object) -> str:
        """See ``Rule``."""
        if not isinstance(value, pd.DataFrame):
            return f"is {short(value)}, not a table"
        if self.columns and tuple(value.columns) != self.columns:
            return f"has the columns {short(list(value.columns))}, not {', '.join(self.columns)}"
        wrong = [name for name in self.columns if pd.api.types.is_numeric_dtype(value[name])]
        return f"has numbers in its column {wrong[0]!r}" if wrong else ""


def anything(value: object) -> str:
    """For fields whose annotation says all: true or false, one of a few words, another kind."""
    return ""


def among(names: Collection[str], what: str, most: int = 200) -> Text:
    """One of these names."""
    return Text(most, f"{what} that this version knows", names.__contains__)


def is_hash(text: str) -> bool:
    """Whether a text is hexadecimal, as hashes are written."""
    return bool(re.fullmatch("[0-9a-f]*", text))


def short(value: object) -> str:
    """A value in a sentence, cut where it is long."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return "a value too large to show"
    return text if len(text) <= 60 else f"{text[:57]}..."
