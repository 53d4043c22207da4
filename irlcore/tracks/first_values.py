"""What the first values of columns tell of them, where their names do not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.tracks.sources import plain_name

LOOKED_AT = 2000  # rows
LARGE, TURNS = 10_000, 0.3  # numbers of which ids are made; changes from row to row of a column that tells agents apart
CLOCKS = {"time", "utc", "utc_time", "time_utc", "local_time", "gps_time", "gpstime", "timestamp"}


def numbers_rows(table: pd.DataFrame, column: str) -> bool:
    """Whether each row has an id of its own there: then it is no track's."""
    first = table[column].iloc[:LOOKED_AT]
    return len(first) > 2 and first.nunique() == len(first)


def has_clock(table: pd.DataFrame, column: str) -> bool:
    """Whether the first values are times of day alone."""
    first = table[column].iloc[:20].dropna()
    if plain_name(column) in CLOCKS and len(first) and pd.api.types.is_numeric_dtype(first) and not pd.api.types.is_bool_dtype(first):
        return bool(((first >= 0) & (first < 240_000) & (first % 100 < 60)).all())
    text = first.astype("string")
    return len(text) > 0 and bool(text.str.match(r"^\s*\d{1,2}:\d{2}").all())


def part_of_a_date(table: pd.DataFrame, column: str) -> bool:
    """Whether there are days of a month or year alone, beside others for month and year: no time by themselves."""
    first = table[column].iloc[:LOOKED_AT].dropna()
    return pd.api.types.is_numeric_dtype(first) and bool(((first >= 1) & (first <= 366)).all()) and bool(
        {"month", "year", "hour"} & set(map(plain_name, table.columns)))


def tells_apart(values: pd.Series, times: pd.Series) -> bool:
    """Whether a column takes turns between a few values, or has blocks of them, each of which begins before the one before it ends."""
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_float_dtype(values) or (
            pd.api.types.is_numeric_dtype(values) and not bool((values >= LARGE).all())):
        return False
    codes, distinct = pd.factorize(values.astype("string"))
    turns = np.flatnonzero(np.diff(codes))
    if not 2 <= len(distinct) <= len(codes) / 2:
        return False
    order = times.astype("string").to_numpy(object) if not pd.api.types.is_numeric_dtype(times) else times.to_numpy()
    back = sum(bool(order[k + 1] < order[k]) for k in turns[:LARGE])
    return len(turns) > TURNS * len(codes) or back > len(turns) / 2
