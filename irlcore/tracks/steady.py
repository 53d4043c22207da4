"""What does not change along a track: columns of rows become attributes of tracks, and a table of attributes finds its tracks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.budget import Clock
from irlcore.tracks.attributes import plain_frame
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.cells import names, shown

KEYS = ("track", "track_id", "traj_id", "trip", "path_id")


def track_attributes(rows: pd.DataFrame, order: np.ndarray, offsets: np.ndarray, track_ids: np.ndarray, more: pd.DataFrame | None,
                     clock: Clock) -> tuple[pd.DataFrame, list[tuple[object, object, str, str]]]:
    """One row a track: the columns whose known values do not change within a track, and the given table's; missing text is empty. And the
    problems: columns left out since a value is longer than a project keeps one.

    rows: the columns that may become attributes. order: (P,) int, the rows of the tracks one after the other, those of track i at
    ``offsets[i]:offsets[i + 1]``; no track is empty.
    """
    found: dict[str, pd.Series] = {}
    for k, name in enumerate(rows.columns):
        clock.check()
        values = _steady(rows.iloc[:, k], order, offsets)
        if values is not None:
            found[str(name)] = values
    if more is not None and len(more.columns):
        known = _of_tracks(more, track_ids)
        found |= {str(name): known.iloc[:, k] for k, name in enumerate(known.columns)}
    frame = plain_frame(pd.DataFrame(found, index=range(len(track_ids))))
    problems: list[tuple[object, object, str, str]] = []
    kept = np.ones(len(frame.columns), bool)
    for k, name in enumerate(frame.columns):
        clock.check()
        letters = frame.iloc[:, k].str.len() if pd.api.types.is_string_dtype(frame.dtypes.iloc[k]) else pd.Series([0])
        if letters.max() > LONGEST_NAME:
            at, kept[k] = int(np.argmax(letters)), False
            problems.append(("", track_ids[at], f"the column {shown(name)} holds a text of {letters[at]:,} characters, and it can have "
                             f"{LONGEST_NAME:,}", "left out"))
    return frame.loc[:, kept], problems


def _steady(column: pd.Series, order: np.ndarray, offsets: np.ndarray) -> pd.Series | None:
    """The one known value of each track, missing where it has none; None where a track has two."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufb":
        values = column.to_numpy()[order]
        low, high = np.fmin.reduceat(values, offsets[:-1]), np.fmax.reduceat(values, offsets[:-1])
        return pd.Series(low) if np.array_equal(low, high, equal_nan=column.dtype.kind == "f") else None
    if column.dtype == object and pd.api.types.infer_dtype(column, skipna=True) != "string":
        return _steady_objects(column.iloc[order], offsets)
    codes, distinct = pd.factorize(column)  # -1 where missing
    codes = codes[order]
    high = np.maximum.reduceat(codes, offsets[:-1])
    if ((codes >= 0) & (codes != np.repeat(high, np.diff(offsets)))).any():
        return None
    return pd.Series(distinct.take(high, allow_fill=True, fill_value=None)) if (high < 0).any() else pd.Series(distinct.take(high))


def _steady_objects(column: pd.Series, offsets: np.ndarray) -> pd.Series | None:
    """The same for a mixture: a code would take True and 1 for one value, and cannot be had of a list."""
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    column = column.reset_index(drop=True)
    first = column.groupby(owner).first()  # the first known one: a value may stand in some rows of its track alone
    return first if (column.isna() | column.eq(first.reindex(owner).reset_index(drop=True))).all() else None


def _of_tracks(more: pd.DataFrame, track_ids: np.ndarray) -> pd.DataFrame:
    """A table of attributes in the order of the tracks: the first row of each, gaps where there is none."""
    key = next((c for c in more.columns if str(c).lower() in KEYS), more.columns[0])
    ids = names(more[key])
    first = ~pd.Series(ids).duplicated().to_numpy()
    found = more.drop(columns=key)[first].set_index(pd.Index(ids[first], dtype=object)).reindex(pd.Index(track_ids, dtype=object))
    return found.reset_index(drop=True)
