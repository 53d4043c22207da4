"""A column of any type as times: dates and times as such, numbers, texts, or a mixture of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from irlcore.budget import Clock
from irlcore.tracks.options import Options
from irlcore.tracks.times.numbers import read_numbers
from irlcore.tracks.times.parts import CLOCK, COUNT, DATE, DAY, DAY_S, NONE, Cells, Parts, cells_of, joined, parts_of
from irlcore.tracks.times.texts import read_texts

PER_S = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}


def read_values(values: pd.Series, options: Options, of_day: bool, clock: Clock) -> Parts:
    """A column (n,) as times; cells that hold none are NONE. of_day: it holds the times of day that belong to a column of dates."""
    cells = cells_of(values)
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy(np.int64)
        used, again = np.unique(codes, return_inverse=True)
        first = np.zeros(len(used), np.int64)
        first[again[::-1]] = np.arange(len(codes))[::-1]
        distinct = pd.Series(values.cat.categories).reindex(used[used >= 0])
        held = _read(distinct, cells.of(first[used >= 0]), options, of_day, clock)
        return held.take(again - int((used < 0).any()))
    return _read(values, cells, options, of_day, clock)


def _read(values: pd.Series, cells: Cells, options: Options, of_day: bool, clock: Clock) -> Parts:
    if isinstance(values.dtype, pd.PeriodDtype):
        values = values.dt.to_timestamp()
    if pd.api.types.is_bool_dtype(values.dtype):
        return parts_of(NONE, np.full(len(values), np.nan))
    if values.dtype == object:
        return _objects(values.to_numpy(), cells, options, of_day, clock)
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iuf":
        return read_numbers(_finite(values.to_numpy()), cells, options, of_day)
    column = pa.array(values, from_pandas=True)
    return _arrow(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column, cells, options, of_day, clock)


def _arrow(column: pa.Array, cells: Cells, options: Options, of_day: bool, clock: Clock) -> Parts:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return read_texts(column.cast(pa.large_string()), cells, options, of_day, clock)
    if pa.types.is_timestamp(kind):
        return parts_of(DATE, _seconds(column, kind.unit), 0.0 if kind.tz else np.nan)
    if pa.types.is_date(kind):
        days = column.cast(pa.date32()).cast(pa.int32()).cast(pa.float64()).to_numpy(zero_copy_only=False)
        return parts_of(DAY, days * DAY_S)
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        return parts_of(CLOCK if pa.types.is_time(kind) else COUNT, _seconds(column, kind.unit))
    if pa.types.is_integer(kind) and not column.null_count:
        return read_numbers(_finite(column.to_numpy(zero_copy_only=False)), cells, options, of_day)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return read_numbers(_finite(column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)), cells, options, of_day)
    return parts_of(NONE, np.full(len(column), np.nan))


def _seconds(column: pa.Array, unit: str) -> np.ndarray:
    counts = column.cast(pa.int32()) if pa.types.is_time32(column.type) else column
    return pc.cast(counts.cast(pa.int64()), pa.float64(), safe=False).to_numpy(zero_copy_only=False) / PER_S[unit]


def _finite(numbers: np.ndarray) -> np.ndarray:
    """Numbers as int64 or float64, NaN where they are not finite."""
    if numbers.dtype.kind in "iu":
        return numbers.astype(np.float64 if numbers.dtype == np.uint64 and (numbers >= 2**63).any() else np.int64)
    numbers = numbers.astype(np.float64, copy=False)
    return numbers if np.isfinite(numbers).all() else np.where(np.isfinite(numbers), numbers, np.nan)


def _objects(values: np.ndarray, cells: Cells, options: Options, of_day: bool, clock: Clock) -> Parts:
    """A column of Python's objects, each kind of them read by itself."""
    sort = np.fromiter(map(_sort, values), np.uint8, len(values))
    clock.check()
    pieces: list[tuple[np.ndarray, Parts]] = []
    for k, (_, read) in enumerate(SORTS, 1):
        where = np.flatnonzero(sort == k)
        if len(where):
            some = values[where]
            if read is not None:
                pieces.append((where, read(some)))
            elif k == NUMBER:
                pieces.append((where, read_numbers(_finite(np.array([_number(one) for one in some])), cells.of(where), options, of_day)))
            else:
                texts = [one.encode("utf-8", "replace").decode() for one in some]  # half of a character is no text to others
                pieces.append((where, read_texts(pa.array(texts, pa.large_string()), cells.of(where), options, of_day, clock)))
    return joined(len(values), pieces)


def _sort(value: Any) -> int:
    """Which of ``SORTS`` a value is, 1 and on; 0 for none."""
    if value is None or value is pd.NaT or value is pd.NA or isinstance(value, bool | np.bool_):
        return 0
    return next((k for k, (types, _) in enumerate(SORTS, 1) if isinstance(value, types)), 0)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (OverflowError, ValueError):
        return np.nan  # a whole number beyond all floats, a decimal that is to stop its reader


def _moments(values: np.ndarray) -> Parts:
    """Dates with times, with zones and without; (n,) objects."""
    naive = np.array([isinstance(one, np.datetime64) or one.tzinfo is None for one in values])
    seconds = np.full(len(values), np.nan)
    for where, kind in ((naive, pa.timestamp("us")), (~naive, pa.timestamp("us", "UTC"))):
        plain = [one.astype("datetime64[us]").item() if isinstance(one, np.datetime64) else
                 one.to_pydatetime(warn=False) if isinstance(one, pd.Timestamp) else one for one in values[where]]
        seconds[where] = _seconds(pa.array(plain, kind), "us")
    return parts_of(DATE, seconds, np.where(naive, np.nan, 0.0))


def _spans(values: np.ndarray) -> Parts:
    return parts_of(COUNT, np.array([one.total_seconds() if isinstance(one, dt.timedelta) else _span(one) for one in values]))


def _span(value: np.timedelta64) -> float:
    return np.nan if np.isnat(value) else float(value / np.timedelta64(1, "us")) / 1e6


def _days(values: np.ndarray) -> Parts:
    return parts_of(DAY, np.array([(one - dt.date(1970, 1, 1)).days * DAY_S for one in values]))


def _clocks(values: np.ndarray) -> Parts:
    seconds = np.array([one.hour * 3600.0 + one.minute * 60.0 + one.second + one.microsecond / 1e6 for one in values])
    east = [one.utcoffset() for one in values]
    return parts_of(CLOCK, seconds, np.array([np.nan if one is None else one.total_seconds() for one in east]))


SORTS: tuple[tuple[Any, Callable[[np.ndarray], Parts] | None], ...] = (
    (str, None), ((dt.datetime, np.datetime64), _moments), (dt.date, _days), (dt.time, _clocks), ((dt.timedelta, np.timedelta64), _spans),
    ((int, float, np.integer, np.floating, Decimal), None))
NUMBER = len(SORTS)
