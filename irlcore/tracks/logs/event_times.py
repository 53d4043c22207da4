"""When the events of a log were: read as times of points are, or as numbers that only tell the order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.tracks.cells import numbers, shown
from irlcore.tracks.logs.naming import times_beside
from irlcore.tracks.options import Options
from irlcore.tracks.read_tracks import zone_beside
from irlcore.tracks.sources import PARTS, plain_name
from irlcore.tracks.suspects import ORDERS
from irlcore.tracks.times.reading import read_times, told_span
from irlcore.tracks.units import seconds_in

NO_TIME = "No column tells when events were: they are taken in the order of the file."


@dataclass(frozen=True, slots=True)
class Moments:
    """key: (n,) float64, what rows are sorted by, NaN where a row has none. seconds: the same in seconds, None where it is an order alone.
    said: sentences for the analyst."""

    key: np.ndarray
    seconds: np.ndarray | None
    said: tuple[str, ...]


def moments(table: pd.DataFrame, columns: Mapping[str, str], options: Options, track: np.ndarray) -> Moments:
    """When each row of a log was. track: (n,) int codes of its sequences. DataError where most times cannot be read, Question where they
    can in more than one way."""
    name, day = columns.get("t", ""), columns.get("date", "")
    if name not in table.columns:
        return Moments(np.arange(len(table), dtype=np.float64), None, (NO_TIME,))
    plain, counted = plain_name(name), pd.api.types.is_numeric_dtype(table[name])
    if counted and (plain in PARTS["step"] or plain in ORDERS):
        return Moments(numbers(table, name), None, (f"{shown(name)} tells the order of events, and no time.",))
    times = read_times(table[day], options, table[name], track) if day in table.columns else read_times(table[name], options, None, track)
    seconds, said = times.seconds, (*times.said, *told_span(times), *zone_beside(table, times))
    unit = None if times.dated or options.time or day in table.columns else seconds_in(name)
    if unit not in (None, 1.0) and counted:
        seconds, said = unit * seconds, (*said, f"{shown(name)} is taken in seconds, from the unit in its name.")
    by_name = {plain_name(column): str(column) for column in table.columns}
    for other in times_beside(by_name, name):
        said = (*said, f"{shown(other)} is not read: an event counts when {shown(name)} says.")
    return Moments(seconds, seconds, said)
