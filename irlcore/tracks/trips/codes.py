"""Which rows of a table of points are one trip: an id, an id and a number within it, or an id in one of several files."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from irlcore.tracks.cells import id_codes

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


def _named(names: list[str]) -> np.ndarray:
    out = np.empty(len(names), dtype=object)
    out[:] = names
    return out
