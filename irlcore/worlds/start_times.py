"""When tracks start: from the times of their points, or from a column of theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.attributes import column_names, column_of, plain_column
from irlcore.tracks.cells import number_texts
from irlcore.tracks.options import AS_THEY_ARE
from irlcore.tracks.times.reading import read_times
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.clock import DAY_S, HOUR_S

POINTS = "the times of the points"
SINCE_MIDNIGHT = "the times of the points, as seconds since a midnight"
START, SECONDS = "match start", "match start (s)"
"""Columns of tracks matched to a network: the time of the first point, as a date, or in seconds of which nobody said since when."""

FROM_DATE, FROM_MILLISECONDS = 1e8, 1e11  # seconds since 1970 of a day in 1973; as seconds the second lies in the year 5138
START_WORDS = {"start", "started", "begin", "departure", "depart", "departed", "time", "date", "datetime", "timestamp", "hour"}
NOT_START_WORDS = {"end", "ended", "stop", "arrival", "arrive", "travel", "duration"}
OF_DAY = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?")


@dataclass(frozen=True, slots=True)
class StartTimes:
    """When each track starts.

    seconds: (N,) float64, since 1970 where ``dated``, else of the day; NaN where unknown. source: one sentence on where they
    come from and how they were read.
    """

    seconds: np.ndarray
    dated: bool
    source: str


def time_sources(tracks: Tracks | LinkTracks) -> list[str]:
    """Where start times can come from, the best guess first: the times of the points where they are dates, columns named as a
    start or a time, other columns of dates written out (a bare number may be anything); last ``SINCE_MIDNIGHT``, which an analyst
    has to vouch for."""
    named = [c for c in column_names(tracks.attributes) if _words(c) & START_WORDS and not _words(c) & NOT_START_WORDS and c != SECONDS]
    others = [c for c in column_names(tracks.attributes) if not _words(c) & (START_WORDS | NOT_START_WORDS)]
    dates = [c for c in others if (column := _values(tracks, c)) is not None
             and pd.to_numeric(column, errors="coerce").isna().mean() > 0.5]
    # a column without a name is none: "" asks for the best guess, and that would ask here again
    found = [c for c in dict.fromkeys((POINTS, START, *named, *dates)) if c and isinstance(start_times(tracks, c), StartTimes)]
    return [*found, SINCE_MIDNIGHT] if isinstance(start_times(tracks, SINCE_MIDNIGHT), StartTimes) else found


def start_times(tracks: Tracks | LinkTracks, source: str = "") -> StartTimes | str:
    """Start times from ``source`` (``POINTS``, ``SINCE_MIDNIGHT`` or the name of a column), the best guess where it is empty;
    or one sentence on why there are none."""
    if not source:
        guesses = [s for s in time_sources(tracks) if s != SINCE_MIDNIGHT]
        return start_times(tracks, guesses[0]) if guesses else _why_none(tracks)
    if source in (POINTS, SINCE_MIDNIGHT):
        return _of_points(tracks, source)
    values = _values(tracks, source)
    if values is None:
        return f"The tracks have no column {source!r}."
    clock = _of_day(values)
    if np.isfinite(clock).mean() > 0.5:
        return StartTimes(clock, False, f"Column {source}, read as times of the day.")
    return _of_numbers(_seconds(values), source)


def seconds_since_1970(first: np.ndarray) -> np.ndarray | None:
    """The times of the first points of tracks in seconds since 1970, where they are dates, in seconds or milliseconds; None elsewhere."""
    middle = float(np.median(first)) if len(first) else 0.0
    if not middle > FROM_DATE:
        return None
    return first / 1000.0 if middle > FROM_MILLISECONDS else first


def _of_points(tracks: Tracks | LinkTracks, source: str) -> StartTimes | str:
    if isinstance(tracks, Tracks):
        first = tracks.t[tracks.offsets[:-1]] if tracks.timed else np.empty(0)
    elif tracks.times is not None and not {START, SECONDS} & set(column_names(tracks.attributes)):
        first = tracks.times[tracks.offsets[:-1]]
    else:
        kept = _values(tracks, SECONDS) if source == SINCE_MIDNIGHT else None
        first = np.empty(0) if kept is None else _seconds(kept)
        if not np.isfinite(first).all():
            return f"Some values of {SECONDS} are no numbers."
    if not len(first):
        return "The tracks have no times of points."
    since = seconds_since_1970(first)
    if source == SINCE_MIDNIGHT:
        if since is not None or not np.ptp(first) > 0.0:
            return "The times of the points cannot be seconds since a midnight: all tracks start at the same one, or they are dates."
        return StartTimes(first % DAY_S, False, "Time of the first point, taken as seconds since a midnight.")
    if since is None:
        return "The times of the points are no dates."
    return StartTimes(since, True, "Time of the first point.")


def _of_numbers(found: np.ndarray, column: str) -> StartTimes | str:
    """Dates as seconds or milliseconds since 1970, or hours of the day."""
    known = found[np.isfinite(found)]
    if len(known) * 2 <= len(found):
        return f"Most values of {column} are neither dates nor times."
    middle = float(np.median(known))
    if middle > FROM_DATE:
        seconds = found / 1000.0 if middle > FROM_MILLISECONDS else found
        if (seconds[np.isfinite(seconds)] % DAY_S == 0.0).all():
            return f"The column {column} has dates without a time of day."
        return StartTimes(seconds, True, f"Column {column}, read as dates with times.")
    hours = np.where((found >= 0.0) & (found <= 24.0), found, np.nan)
    if np.isfinite(hours).sum() * 2 <= len(found):
        return f"The numbers of {column} are neither hours from 0 to 24 nor seconds since 1970."
    return StartTimes(hours % 24.0 * HOUR_S, False, f"Column {column}, read as hours of the day.")


def _seconds(values: pd.Series) -> np.ndarray:
    """(N,) float64: numbers as they are, ISO timestamps since 1970; NaN where neither. Of a column of attributes, of which nobody said
    that it holds times: nothing is asked or refused."""
    as_number = pd.to_numeric(number_texts(values), errors="coerce")
    if pd.api.types.is_numeric_dtype(values) or as_number.notna().mean() > 0.5:
        found = as_number.to_numpy(np.float64, na_value=np.nan)
        return np.where(np.isfinite(found), found, np.nan)
    try:
        times = read_times(number_texts(values), AS_THEY_ARE)
    except DataError:  # most cells are no times, or they may be of two kinds
        return np.full(len(values), np.nan)
    return times.seconds if times.dated else np.full(len(values), np.nan)


def _of_day(values: pd.Series) -> np.ndarray:
    """(N,) seconds of the day of texts like 8:30 or 08:30:15; NaN for others."""
    if pd.api.types.is_numeric_dtype(values):
        return np.full(len(values), np.nan)
    which, different = pd.factorize(values.astype("string").fillna(""))  # a label that many tracks have is read once
    out = []
    for text in different:
        match = OF_DAY.fullmatch(text.strip())
        hours, minutes, seconds = (float(part or 0.0) for part in match.groups()) if match else (np.nan,) * 3
        out.append((hours * HOUR_S + minutes * 60.0 + seconds) % DAY_S if hours <= 24.0 and minutes < 60.0 else np.nan)
    return np.array(out, np.float64)[which]


def _values(tracks: Tracks | LinkTracks, name: str) -> pd.Series | None:
    column = column_of(tracks.attributes, name)
    return None if column is None else plain_column(column)


def _words(column: str) -> set[str]:
    return set(re.findall(r"[a-z]+", column.lower()))


def _why_none(tracks: Tracks | LinkTracks) -> str:
    if isinstance(tracks, Tracks):
        return "The times of the points are no dates, and no column of the tracks tells when they start." if tracks.timed else \
            "The tracks carry no time."
    return "No column of the tracks tells when they start (start, departure, time, hour)."
