"""Which rows of a table of points are one trip: an id, an id and a number within it, or an id in one of several files."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from irlcore.tracks.attributes import MISSING, value_labels
from irlcore.tracks.cells import id_codes, shown
from irlcore.tracks.trips.regroup import distinct_ids

FILES = "files"
"""The key, in ``attrs`` of a table that several files were put together into, of their names and how many rows each has."""


def trip_codes(table: pd.DataFrame, columns: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """(n,) int64 codes into (k,) distinct str objects: the ids of the trips, with the trip's own behind the track's where a track has
    several or two tracks number theirs alike."""
    track, ids = id_codes(table[columns["track"]])
    if columns.get("trip") not in table.columns:
        return track, ids
    trip, numbers = id_codes(table[columns["trip"]])
    codes, pairs = pd.factorize(track * np.int64(len(numbers)) + trip)
    if len(pairs) == len(ids):
        return track, ids
    of, within = np.divmod(pairs, len(numbers))
    return codes, _named([f"{ids[i]} {numbers[j]}".strip() if ids[i] else "" for i, j in zip(of, within, strict=True)])


def by_file(table: pd.DataFrame, track: np.ndarray, ids: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The same codes, ids and nothing to tell; or, where an id stands in several files at the same times of day, each file's as a trip of
    its own. t: (n,) float64, times without a date."""
    files: list[tuple[str, int]] = table.attrs.get(FILES, [])
    if len(files) < 2:
        return track, ids, ()
    file = np.repeat(np.arange(len(files)), [rows for _, rows in files])
    codes, pairs = pd.factorize(track * np.int64(len(files)) + file)
    of, within = np.divmod(pairs, len(files))
    known = np.isfinite(t)
    first, last = np.full(len(pairs), np.inf), np.full(len(pairs), -np.inf)
    np.minimum.at(first, codes[known], t[known])
    np.maximum.at(last, codes[known], t[known])
    order = np.lexsort((first, of))
    again = (of[order[1:]] == of[order[:-1]]) & (first[order[1:]] <= last[order[:-1]])  # of one id, before the file before has ended
    several = np.unique(of[order[1:]][again])
    if not len(several):
        return track, ids, ()
    own = np.isin(of, several)
    names = [f"{ids[i]} ({files[f][0]})" if apart else str(ids[i]) for i, f, apart in zip(of, within, own, strict=True)]
    again, distinct = pd.factorize(_named(names))
    said = f"{len(several):,} ids stand in several files at the same times, which have no date: each file's rows of them are a track."
    return again[codes], distinct, (said,)


def by_changes(values: pd.Series, order: np.ndarray, track: np.ndarray, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The same codes, ids and nothing to tell; or, where the values of a column change along tracks (a status, a voyage), each stretch of
    one value as a trip of its own, called by it: movingpandas' ValueChangeSplitter. A blank is what was before, or else what comes next.

    values: (n,) of each row. order: (P,) int64, the usable rows track by track and by time. track: (n,) int64 codes into ids (k,).
    """
    codes, labels = pd.factorize(value_labels(values.iloc[order]))
    of = track[order]
    first = np.concatenate((np.ones(min(len(of), 1), bool), of[1:] != of[:-1]))
    places = np.arange(len(of))
    known = np.append(labels != MISSING, False)[codes]
    begin = np.maximum.accumulate(np.where(first, places, 0)) if len(of) else places
    before = np.maximum.accumulate(np.where(known, places, -1)) if len(of) else places
    after = np.minimum.accumulate(np.where(known, places, len(of))[::-1])[::-1] if len(of) else places
    use = np.where(before >= begin, before, np.minimum(after, len(of) - 1))
    codes = np.where(of[use] == of, codes[use], codes) if len(of) else codes
    new = first | np.concatenate((np.zeros(min(len(of), 1), bool), codes[1:] != codes[:-1]))
    start = np.flatnonzero(new)
    pieces = pd.Series(of[start] * np.int64(len(labels) + 1) + codes[start])
    if len(start) == int(first.sum()):
        return track, ids, ()
    nth, many = pieces.groupby(pieces).cumcount() + 1, pieces.map(pieces.value_counts())
    names = [f"{ids[i]} {shown(labels[c])}" + (f" ({k})" if n > 1 else "") if ids[i] else ""
             for i, c, k, n in zip(of[start], codes[start], nth, many, strict=True)]
    out = np.full(len(track), len(start), np.int64)  # rows that are left out already are of no trip
    out[order] = np.cumsum(new) - 1
    split = len(np.unique(of[start][~first[start]]))
    told = f"{split:,} {'id was' if split == 1 else 'ids were'} split where {shown(values.name)} changes: {len(start):,} trips in all."
    return out, np.append(distinct_ids(_named(names)), ""), (told,)


def _named(names: list[str]) -> np.ndarray:
    out = np.empty(len(names), dtype=object)
    out[:] = names
    return out
