"""Tables of points that lack a column which others have: a time where it stands in parts (year, month ...), an id where a file is one
track."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.tracks.cells import numbers, shown
from irlcore.tracks.columns import guess_columns, has_clock
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.problems import sentences
from irlcore.tracks.sources import plain_name
from irlcore.tracks.times.parts import DAY_S, day_text, days_since_1970

DATE_PARTS = (("year", "yyyy", "yr", "jahr", "annee", "ano", "anno"), ("month", "mm", "mon", "monat", "mois", "mes", "mese"),
              ("day", "dd", "mday", "day_of_month", "tag", "jour", "dia", "giorno"))
DAY_PARTS = ((("hour", "hh", "hr", "hours", "stunde", "heure", "hora", "ora"), 3600.0),
             (("minute", "min", "mi", "minutes", "minuto"), 60.0),
             (("second", "sec", "ss", "seconds", "sekunde", "seconde", "segundo"), 1.0))
"""Names of the parts of a date, and of a time of day with the seconds in each; as ``plain_name`` makes them."""

TIMES, DAYS, TRACKS = ("timestamp", "datetime", "time", "t"), ("date", "gps_date", "utc_date"), ("track", "track_id", "traj_id")
"""What a column that is added is called: the first of these that is free."""


def completed(table: pd.DataFrame, file: str) -> pd.DataFrame:
    """The table with a time where that stands in parts, and an id of its tracks where none does; both told. file: what the one track of the
    file is called."""
    return _with_track(_with_time(table), file)


def _with_time(table: pd.DataFrame) -> pd.DataFrame:
    by_name: dict[str, str] = {}
    for column in table.columns:
        by_name.setdefault(plain_name(column), str(column))
    date = [next((by_name[name] for name in names if name in by_name), "") for names in DATE_PARTS]
    if not all(date):
        return table
    time = guess_columns(table, "points").get("t", "")
    of_day = [(next((by_name[name] for name in names if name in by_name), ""), size) for names, size in DAY_PARTS]
    used = [*date, *(column for column, _ in of_day if column)]
    clock = bool(time) and time not in used and has_clock(table, time)
    if time and time not in used and not clock:
        return table  # it has a time of its own
    year, month, day = (numbers(table, column) for column in date)
    year = np.where(year < 70.0, year + 2000.0, np.where(year < 100.0, year + 1900.0, year))
    seconds = days_since_1970(*(np.nan_to_num(one, nan=-1.0) for one in (year, month, day))) * DAY_S
    parts = list(date)
    if not clock:
        for column, size in of_day:
            if not column:
                break  # minutes without hours tell nothing
            seconds = seconds + size * numbers(table, column)
            parts.append(column)
    name = _free(table, DAYS if clock or len(parts) == len(date) else TIMES)
    made = table.drop(columns=[c for c in parts if c != name])
    known = np.isfinite(seconds)
    stamps = np.where(known, np.round(np.where(known, seconds, 0.0) * 1000.0), 0).astype(np.int64).astype("datetime64[ms]")
    made[name] = pd.Series(np.where(known, stamps, np.datetime64("NaT")), index=table.index)
    first = f", {day_text(float(seconds[int(np.argmax(known))]))} first" if known.any() else ""
    return _telling(made, table, f"{', '.join(map(shown, parts))} are put together as a time, in the column {name}{first}.")


def _with_track(table: pd.DataFrame, file: str) -> pd.DataFrame:
    part = guess_columns(table, "points")
    if "track" in part or not ({"lon", "lat"} <= set(part) or {"x", "y"} <= set(part) or "point" in part):
        return table
    name = _free(table, TRACKS)
    made = table.copy(deep=False)
    made.insert(0, name, pd.Series(np.full(len(table), file, object), index=table.index, dtype="str"))
    return _telling(made, table, "No column is known to name tracks: the rows of a file are one, called as the file. If a column does, "
                                 "pick it as the track's id.")


def _free(table: pd.DataFrame, names: tuple[str, ...]) -> str:
    taken = set(map(plain_name, table.columns))
    return next((name for name in names if name not in taken), names[0])


def _telling(made: pd.DataFrame, table: pd.DataFrame, said: str) -> pd.DataFrame:
    made.attrs = {**table.attrs, SAID: [*sentences(table), said]}
    return made
