"""What the events of a log might be told apart by: offered from what the file has, with bands of plain numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.quantities import rounded_off
from irlcore.tracks.attributes import column_names, column_of, known_counts, label_counts, value_labels
from irlcore.tracks.logs.waits import WAIT, counted_from, waits
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.clock import DAY_S, HOUR_S, Bands
from irlcore.worlds.history.classifier import HourOf, ValueOf, WaitOf
from irlcore.worlds.start_times import FROM_DATE

PERIOD, REFERENCE, FEWEST_NORMAL = "period", "reference", 20
SHARES = (1.0 / 3.0, 2.0 / 3.0)
"""Of what was seen, below the edges of bands that are offered."""
PLAIN_S = tuple(unit * many for unit, some in (
    (1.0, (1, 5, 10, 30)), (60.0, (1, 5, 10, 30)), (HOUR_S, (1, 2, 4, 8, 12)), (DAY_S, (1, 2, 3, 7, 14, 30, 90, 365))) for many in some)
"""Times, in seconds, that people say without a thought."""
KEPT, LEAST_SEEN = 20, 5
"""Values of a column that are offered to stand for themselves, at most, and how often each is seen, at least."""
AS_NUMBERS = 12
"""Different numbers from which on a column is told in bands."""
OWN_SHARE = 0.5
"""Of the events, with a value that no other has, from which on a column names events and tells no kinds of them."""
DAY_AND_NIGHT = HourOf(Bands((6.0, 22.0)), ("day", "night"))


def normal_part(tracks: LinkTracks) -> tuple[np.ndarray, bool]:
    """(n,) int64: the sequences of the reference period and True where a column names that; all and False elsewhere. What is offered, and
    how far back is looked, is learned from these alone."""
    named = next((one for one in column_names(tracks.attributes) if one.lower() == PERIOD), None)
    column = None if named is None else column_of(tracks.attributes, named)
    if column is not None:
        mine = np.flatnonzero(value_labels(column) == REFERENCE)
        if len(mine) >= FEWEST_NORMAL:
            return mine, True
    return np.arange(len(tracks)), False


def tells_hours(tracks: LinkTracks) -> bool:
    """Whether the events have a date with a time of day, and not all the same."""
    known = tracks.times
    return known is not None and len(known) > 0 and float(np.median(known)) >= FROM_DATE and bool((known % DAY_S != known[0] % DAY_S).any())


def offered_wait(tracks: LinkTracks, name: str = WAIT, since: str = "") -> WaitOf | None:
    """Bands of the wait since the event before, or another one (``WaitOf``), a third of the waits in each, as far as plain times part them;
    None where there are no times, or all waits are alike."""
    normal = tracks.take(normal_part(tracks)[0])
    wait = waits(normal, counted_from(normal, name, since))
    known = wait[np.isfinite(wait)]
    if not len(known) or float(np.ptp(known)) == 0.0:
        return None
    plain = np.array(PLAIN_S)
    near = [float(plain[np.argmin(np.abs(np.log(plain / max(float(np.quantile(known, share)), 0.5))))]) for share in SHARES]
    edges = sorted(one for one in set(near) if known.min() < one <= known.max())
    return WaitOf(tuple(edges), name, since) if edges else None


def offered_columns(tracks: LinkTracks) -> list[str]:
    """Columns of events that may tell kinds of them apart: more than one value, and not one of its own for most events."""
    frame = tracks.of_events
    if frame is None:
        return []
    return [name for name in column_names(frame) if name != "event" and _tells_kinds(frame, name)]


def _tells_kinds(frame: pd.DataFrame, name: str) -> bool:
    column = column_of(frame, name)
    assert column is not None
    many = label_counts(column)
    numbers = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return len(many) > 1 and (numbers or len(many) <= OWN_SHARE * len(column))


def offered_values(tracks: LinkTracks, name: str) -> ValueOf:
    """How a column of events would tell them apart: many different numbers in bands with a third of the events in each, else its commonest
    values."""
    normal = tracks.take(normal_part(tracks)[0])
    column = None if normal.of_events is None else column_of(normal.of_events, name)
    if column is None:
        return ValueOf(name)
    counts = known_counts(column)
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column) and len(counts) > AS_NUMBERS:
        known = column.to_numpy(np.float64)
        known = known[np.isfinite(known)]
        edges = sorted({rounded_off(float(np.quantile(known, share)), 2) for share in SHARES})
        edges = [one for one in edges if known.min() < one <= known.max()]
        if edges:
            return ValueOf(name, (), tuple(edges))
    often = [label for label, many in counts.items() if many >= LEAST_SEEN][:KEPT]
    return ValueOf(name, tuple(often or list(counts)[:KEPT]))
