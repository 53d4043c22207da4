"""What does not change along a track: columns of rows become attributes of tracks, and a table of attributes finds its tracks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.budget import Clock
from irlcore.tracks.attributes import MISSING, plain_frame, value_label, value_labels
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.cells import names, shown
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.problems import FIRST_ROW, MOST_LISTED, Problems
from irlcore.tracks.problems import more as list_more

ODD_ROWS = 0.05  # at most so many of the rows of a column that does not change within a track say something else
WORTH_IT, FIRST_PART = 100_000, 4  # rows of which a fourth are looked at first
MOST_KEYS = 50  # columns of a table of attributes that are tried as the one that names the tracks


@dataclass(frozen=True, slots=True)
class TrackAttributes:
    """frame: one row a track. problems: columns that were left out, and rows that say something else than their track. said: what is to
    be told of a table of attributes."""

    frame: pd.DataFrame
    problems: Problems
    said: tuple[str, ...] = ()


def track_attributes(rows: pd.DataFrame, order: np.ndarray, offsets: np.ndarray, track_ids: np.ndarray, more: pd.DataFrame | None,
                     clock: Clock) -> TrackAttributes:
    """The columns whose known values do not change within a track, but for a few odd rows, and the given table's; missing text is empty. A
    column with a value that is longer than a project keeps one is left out.

    rows: the columns that may become attributes. order: (P,) int, the rows of the tracks one after the other, those of track i at
    ``offsets[i]:offsets[i + 1]``; no track is empty. more: a table of attributes, or None.
    """
    found: dict[str, pd.Series] = {}
    problems: Problems = []
    said: tuple[str, ...] = ()
    for k, name in enumerate(rows.columns):
        clock.check()
        if _restless(rows.iloc[:, k], order, offsets):
            continue
        values = _steady(rows.iloc[:, k], order, offsets)
        if values is None:
            values = _mostly(rows.iloc[:, k], order, offsets, track_ids, problems)
        if values is not None:
            found[str(name)] = values
    if more is not None and len(more.columns):
        known, said = _of_tracks(more, track_ids)
        found |= {str(name): known.iloc[:, k] for k, name in enumerate(known.columns)}
    frame = plain_frame(pd.DataFrame(found, index=range(len(track_ids))))
    kept = np.ones(len(frame.columns), bool)
    for k, name in enumerate(frame.columns):
        clock.check()
        letters = frame.iloc[:, k].str.len() if pd.api.types.is_string_dtype(frame.dtypes.iloc[k]) else pd.Series([0])
        if letters.max() > LONGEST_NAME:
            at, kept[k] = int(np.argmax(letters)), False
            what = f"the column {shown(name)} holds a text of {letters[at]:,} characters, and it can have {LONGEST_NAME:,}"
            problems.insert(0, ("column", track_ids[at], what, "left out"))
    return TrackAttributes(frame.loc[:, kept], problems, said)


def _mostly(column: pd.Series, order: np.ndarray, offsets: np.ndarray, track_ids: np.ndarray, problems: Problems) -> pd.Series | None:
    """The commonest known value of each track, where so few rows say something else that they are odd ones, which are listed; else None."""
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufb" and _changes(column.to_numpy()[order], owner):
        return None  # without the codes, which take long for as many distinct numbers as there are rows
    labels = value_labels(column) if column.dtype == object else None
    codes, distinct = pd.factorize(column if labels is None else labels)
    if labels is not None:
        codes = np.where(np.append(distinct == MISSING, False)[codes], -1, codes)
    codes = codes[order]
    if _changes(np.where(codes < 0, np.nan, codes), owner):
        return None
    known = np.flatnonzero(codes >= 0)
    pairs, many = np.unique(owner[known] * np.int64(max(len(distinct), 1)) + codes[known], return_counts=True)
    of, code = np.divmod(pairs, max(len(distinct), 1))
    best = np.full(len(track_ids), -1)
    by_count = np.argsort(many, kind="stable")
    best[of[by_count]] = code[by_count]  # the last one written is the commonest
    odd = (codes >= 0) & (codes != best[owner])
    share = np.bincount(owner, odd) / np.maximum(np.bincount(owner, codes >= 0), 1)
    if odd.sum() > ODD_ROWS * len(known) or share.max() >= 0.5:
        return None
    values = pd.Series(distinct).reindex(best).reset_index(drop=True)
    where = np.flatnonzero(odd)
    for k in where[:MOST_LISTED]:
        here, usual = (shown(value_label(distinct[c])) for c in (codes[k], best[owner[k]]))
        problems.append((order[k] + FIRST_ROW, track_ids[owner[k]], f"{shown(column.name)} is {here!r}, elsewhere {usual!r}",
                         "repaired: the commonest counts"))
    list_more(len(where), f"{shown(column.name)} is not what it is elsewhere", "repaired: the commonest counts", problems)
    return values


def _changes(values: np.ndarray, owner: np.ndarray, of: int = 0) -> bool:
    """Whether values (P,) of rows of tracks change so often along them that it is not a few odd rows: each of those is another than the one
    before it and the one after. of: how many rows there are in all, where these are the first ones."""
    known = (owner[1:] == owner[:-1]) & ~np.isnan(values[1:]) & ~np.isnan(values[:-1])
    return bool((values[1:] != values[:-1])[known].sum() > 2.0 * ODD_ROWS * (of or len(values)))


def _restless(column: pd.Series, order: np.ndarray, offsets: np.ndarray) -> bool:
    """Whether the first rows of a column of texts alone change too often for all of it. Codes of all its rows, which nobody needs then, are
    most of the time of a table with a text of its own in every row."""
    if len(order) < WORTH_IT or column.dtype == object or (isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufb"):
        return False
    first = order[:len(order) // FIRST_PART]
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))[:len(first)]
    codes = pd.factorize(column.iloc[first])[0]
    return _changes(np.where(codes < 0, np.nan, codes), owner, len(order))


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


def _of_tracks(more: pd.DataFrame, track_ids: np.ndarray) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """A table of attributes in the order of the tracks: the first row of each, gaps where there is none. And how many were found, by which
    column: the one that names most tracks, of several the one whose name says so."""
    wanted = pd.Index(track_ids, dtype=object)
    named = guess_columns(more, "attributes").get("track")
    candidates = sorted(more.columns[:MOST_KEYS], key=lambda c: str(c) != named)
    found_by = {column: int(wanted.isin(names(more[column])).sum()) for column in candidates}
    key = max(found_by, key=found_by.__getitem__, default=candidates[0])  # the first of the largest
    ids = names(more[key])
    first = ~pd.Series(ids).duplicated().to_numpy()
    found = more.drop(columns=key)[first].set_index(pd.Index(ids[first], dtype=object)).reindex(wanted).reset_index(drop=True)
    many = found_by.get(key, 0)
    said = f"Attributes: {many:,} of {len(track_ids):,} tracks found by the column {shown(key)}"
    if not many:
        mine, theirs = (", ".join(shown(one) for one in some[:2]) for some in (track_ids, ids))
        said += f": the tracks are called {mine}, and its rows {theirs}"
    twice = int((~first).sum())
    return found, (said + (_again(twice) if twice else "."),)


def _again(twice: int) -> str:
    """What is said of rows whose track has one already."""
    return "; 1 row is of a track that has one already, and is left out." if twice == 1 else \
        f"; {twice:,} rows are of tracks that have one already, and are left out."
