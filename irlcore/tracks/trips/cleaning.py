"""Points as they were read into trips that can be learned from: jumps left out, one id split at gaps.

What the data suggests is the analyst's to change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.problems import Problems
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import Tracks, problem_table
from irlcore.tracks.trips.speed_check import suggested_limit, without_jumps
from irlcore.tracks.trips.splitting import gaps, split_at_gaps, suggested_gap, told


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is done to points once they are read. speed: faster steps (units a second) are jumps. gap: longer gaps (seconds; steps where
    there is no time) end a trip. distance: so do longer ones (units). Infinite: nothing is."""

    speed: float = np.inf
    gap: float = np.inf
    distance: float = np.inf


AS_READ = Cleaning()


def suggested_cleaning(tracks: Tracks) -> Cleaning:
    """What the data suggests: a speed that its agents never have, and a cut between the usual gaps and rare long ones, if any."""
    speed = suggested_limit(tracks)
    kept, _ = without_jumps(tracks, speed)
    time, way = gaps(kept)
    return Cleaning(speed, suggested_gap(time)) if tracks.timed else Cleaning(speed, distance=suggested_gap(way))


def cleaned(imported: Imported, cleaning: Cleaning) -> Imported:
    """The tracks cleaned, what was done in the list of problems and in words. DataError where nothing is left."""
    before = imported.tracks
    assert isinstance(before, Tracks)
    slow, jumped = without_jumps(before, cleaning.speed)
    tracks, split = split_at_gaps(slow, cleaning.gap, cleaning.distance)
    if not np.ptp(tracks.x) > 0.0 and not np.ptp(tracks.y) > 0.0 and len(tracks):
        raise DataError(f"Nothing moves: all points of the {len(tracks):,} tracks are at ({tracks.x[0]:g}, {tracks.y[0]:g}).",
                        "Choose files with tracks that move, or pick other columns as x and y.")
    if not len(tracks):
        raise DataError("No trip of two points is left.", "Allow longer gaps, or higher speeds.")
    if not jumped and not split:
        return imported
    said = [*imported.said, *_said(before, tracks, cleaning, jumped, split)]
    problems = pd.concat([imported.problems, problem_table([*jumped, *split])], ignore_index=True)
    gone = len(before.t) - len(tracks.t)
    return replace(imported, tracks=tracks, problems=problems, rows_kept=imported.rows_kept - gone,
                   rows_dropped=imported.rows_dropped + gone, tracks_kept=len(tracks), said=tuple(said))


def _said(before: Tracks, after: Tracks, cleaning: Cleaning, jumped: Problems, split: Problems) -> list[str]:
    found = []
    if jumped:
        found.append(f"{len(jumped):,} {'track has' if len(jumped) == 1 else 'tracks have'} steps of more than {cleaning.speed:.3g} "
                     f"{before.unit}/s: what cannot be reached was left out, or told apart as another agent.")
    if split:
        at = [told(cleaning.gap)] if before.timed and np.isfinite(cleaning.gap) else []
        at += [f"{cleaning.distance:,.3g} {before.unit}"] if np.isfinite(cleaning.distance) else []
        ids = len({track for _, track, _, _ in split if track != ""})
        where = f"at gaps of more than {' or '.join(at)}"
        all_ = ids == len(before) and len(after) > ids
        found.append((f"{ids:,} id{'s were' if ids > 1 else ' was'} split into {len(after):,} trips {where}. " if all_ else
                      f"{ids:,} id{'s' * (ids > 1)} of {len(before):,} {'were' if ids > 1 else 'was'} split {where}: "
                      f"{len(after):,} trip{'s' * (len(after) != 1)} in all. ") +
                     "Nothing is filled in there as if it had been travelled.")
    return found
