"""Points as they were read into trips that can be learned from: jumps left out, one id split at gaps and stops, rests held still.

What the data suggests is the analyst's to change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.problems import Problems
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import Tracks, problem_table
from irlcore.tracks.trips.by_class import Checked, Limits, checked_classes, guessed_class, limits_of_tracks, suggested_limits
from irlcore.tracks.trips.ports import between_ports
from irlcore.tracks.trips.regroup import owners
from irlcore.tracks.trips.rest import suggested_rest
from irlcore.tracks.trips.speed_check import jumps, suggested_limit, without_jumps
from irlcore.tracks.trips.splitting import gap_cuts, gaps, suggested_gap
from irlcore.tracks.trips.stops import find_stops
from irlcore.tracks.trips.told import said_of
from irlcore.tracks.trips.trips import Rules, Trips, into_trips, starts_behind

AtStop = Literal["", "dwell", "split"]


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is done to points once they are read. speed: faster steps (units a second) are jumps. gap: longer gaps (seconds; steps where
    there is no time) end a trip. distance: so do longer ones (units). Infinite: nothing is.

    at_stop: what happens where an agent stays within max_diameter (units) for at least min_duration (seconds or steps): nothing, it is held
    in one place ("dwell"), or a trip ends there and the next begins ("split"). class_column: the attribute whose classes have limits of
    their own, ``speeds``; ``speed`` is for all others.
    """

    speed: float = np.inf
    gap: float = np.inf
    distance: float = np.inf
    at_stop: AtStop = ""
    max_diameter: float = 0.0
    min_duration: float = np.inf
    class_column: str = ""
    speeds: Limits = ()


AS_READ = Cleaning()


def suggested_cleaning(tracks: Tracks) -> Cleaning:
    """What the data suggests: speeds that its agents never have, a cut between the usual gaps and rare long ones, and what a stop is, if
    any; a trip ends at stops where they are at a few places again and again (``ports``), else they are held."""
    speed, column = suggested_limit(tracks), guessed_class(tracks) if tracks.timed else ""
    limits = suggested_limits(tracks, column, speed) if column else ()
    kept, _ = without_jumps(tracks, limits_of_tracks(tracks, column, limits, speed))
    time, way = gaps(kept)
    gap, distance = (suggested_gap(time), np.inf) if tracks.timed else (np.inf, suggested_gap(way))
    starts = starts_behind(kept, gap_cuts(kept, gap, distance))
    rest = suggested_rest(kept, starts)
    at_stop: AtStop = ""
    if rest.max_diameter:
        stops = find_stops(kept, rest.max_diameter, rest.min_duration, starts)
        at_stop = "split" if between_ports(kept, stops, rest.max_diameter) else "dwell"
    return Cleaning(speed, gap, distance, at_stop, rest.max_diameter, rest.min_duration, column, limits)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a cleaning comes to. ids: how many there are once jumps are out. by_gap, by_distance: how many gaps are longer than that cut,
    and of how many ids. stops: how many, and of how many ids. jumps: how many steps are too fast. classes: the speed check per class."""

    ids: int = 0
    by_gap: tuple[int, int] = (0, 0)
    by_distance: tuple[int, int] = (0, 0)
    stops: tuple[int, int] = (0, 0)
    jumps: int = 0
    classes: tuple[Checked, ...] = ()


NO_COUNTS = Counts()


def cleaned(imported: Imported, cleaning: Cleaning, watch: Control | None = None) -> Imported:
    """The tracks cleaned, what was done in the list of problems and in words. DataError where nothing is left."""
    return counted(imported, cleaning, watch)[0]


def counted(imported: Imported, cleaning: Cleaning, watch: Control | None = None) -> tuple[Imported, Counts]:
    """The same, and what it comes to in numbers."""
    before = imported.tracks
    assert isinstance(before, Tracks)
    watch = watch or Control()
    watch.step(0, 3, "looking for jumps")
    limits = limits_of_tracks(before, cleaning.class_column, cleaning.speeds, cleaning.speed)
    slow, jumped = without_jumps(before, limits)
    watch.step(1, 3, "looking for gaps and stops")
    stop = cleaning.max_diameter if cleaning.at_stop and cleaning.max_diameter > 0.0 else 0.0
    found = into_trips(slow, Rules(cleaning.gap, cleaning.distance, stop, cleaning.min_duration, cleaning.at_stop == "split"), watch)
    tracks = found.tracks
    if not np.ptp(tracks.x) > 0.0 and not np.ptp(tracks.y) > 0.0 and len(tracks):
        raise DataError(f"Nothing moves: all points of the {len(tracks):,} tracks are at ({tracks.x[0]:g}, {tracks.y[0]:g}).",
                        "Choose files with tracks that move, or pick other columns as x and y.")
    if not len(tracks):
        raise DataError("No trip of two points is left.", "Allow longer gaps, or higher speeds, or do not split at stops.")
    counts = _counts(before, slow, cleaning, limits, found)
    done: Problems = [*jumped, *found.problems]
    if not done and tracks is before:
        return imported, counts
    said = [*imported.said, *said_of(before, jumped, None if isinstance(limits, np.ndarray) else limits, found)]
    problems = pd.concat([imported.problems, problem_table(done)], ignore_index=True)
    gone = len(before.t) - len(tracks.t)
    return replace(imported, tracks=tracks, problems=problems, rows_kept=imported.rows_kept - gone,
                   rows_dropped=imported.rows_dropped + gone, tracks_kept=len(tracks), said=tuple(said)), counts


def _counts(before: Tracks, slow: Tracks, cleaning: Cleaning, limits: float | np.ndarray, found: Trips) -> Counts:
    owner = owners(slow)
    by_gap, by_distance = ((len(at), len(np.unique(owner[at]))) for at in (gap_cuts(slow, cleaning.gap, np.inf),
                                                                         gap_cuts(slow, np.inf, cleaning.distance)))
    column = cleaning.class_column if isinstance(limits, np.ndarray) else ""
    classes = checked_classes(before, column, cleaning.speeds, cleaning.speed) if column else ()
    many = sum(one.jumps for one in classes) if classes else len(jumps(before, limits))
    return Counts(len(slow), by_gap, by_distance, (len(found.stops), found.stopping), many, classes)
