"""How long after another event of its sequence an event came: after the one before, the first, or the last one of a name."""

from __future__ import annotations

import numpy as np

from irlcore.quantities import plain
from irlcore.tracks.times.parts import DAY_S
from irlcore.tracks.times.zones import HOUR_S
from irlcore.tracks.tracks import LinkTracks

WAIT, SO_FAR = "wait", "time so far"
"""What waits since the event before, and since the first, are called."""


def counted_from(tracks: LinkTracks, name: str = WAIT, since: str = "") -> np.ndarray:
    """(P,) int64: the event of the same sequence that a wait is counted from (``classifier.WaitOf``), -1 where there is none."""
    at = np.arange(len(tracks.links))
    first = np.repeat(tracks.offsets[:-1], np.diff(tracks.offsets))
    if since:
        found = np.append(-1, np.maximum.accumulate(np.where(tracks.links == since, at, -1)))[:len(at)]  # before the event, not at it
    else:
        found = np.where(at > first, first, -1) if name == SO_FAR else at - 1
    return np.where(found >= first, found, -1)


def waits(tracks: LinkTracks, begun: np.ndarray) -> np.ndarray:
    """(P,) float64: seconds since the event ``begun`` (P,) that each is counted from, NaN where there is none or no time is known."""
    if tracks.times is None:
        return np.full(len(begun), np.nan)
    return np.where(begun >= 0, tracks.times - tracks.times[np.maximum(begun, 0)], np.nan)


def duration_text(seconds: float) -> str:
    """A time as edges of bands are said: "90 s", "5 min", "1 h", "3 days", in the largest unit that makes it a plain number."""
    for unit, name in ((DAY_S, "day"), (HOUR_S, "h"), (60.0, "min")):
        if seconds >= unit and (seconds / unit).is_integer():
            many = seconds / unit
            return f"{plain(many)} {name}{'s' if name == 'day' and many != 1.0 else ''}"
    return f"{plain(seconds)} s"
