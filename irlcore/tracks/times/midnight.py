"""Times of day without a date: which of them are of the next day."""

from __future__ import annotations

import numpy as np

from irlcore.tracks.problems import FIRST_ROW
from irlcore.tracks.times.parts import DAY_S

BACK_S = 3600.0  # rows in slight disorder go back by less, and so do clocks that are set back
SELDOM = 0.2  # of the steps of a track in order go back by more


def past_midnight(seconds: np.ndarray, track: np.ndarray | None) -> tuple[np.ndarray, list[str]]:
    """Seconds since midnight (n,) float64 with a day added where, row by row within a track, the time of day starts again; and sentences.

    track: (n,) int codes. Times past 24:00, as timetables have them, say themselves which day they are of: then nothing is added. A track
    goes on at the next day where it falls back by more than an hour, which in rows in order happens at nights alone; where it falls
    back again and again its rows are in disorder, and it stays as it is.
    """
    known = np.isfinite(seconds)
    if track is None or not known.any():
        return seconds, []
    order = np.argsort(track, kind="stable")
    order = order[known[order]]
    t, own = seconds[order], np.unique(track[order], return_inverse=True)[1]
    same = np.append(False, own[1:] == own[:-1])
    step = np.where(same, np.append(0.0, np.diff(t)), 0.0)
    small = np.abs(step) < DAY_S / 2.0
    turned = -1.0 if (step[small] < 0.0).sum() > (step[small] > 0.0).sum() else 1.0  # the newest row first
    back = turned * step < -BACK_S
    if not back.any():
        return seconds, []
    first = int(order[np.flatnonzero(back) - (turned < 0)].min())
    tracks = len(np.unique(own[back]))
    if seconds[known].max() >= DAY_S:
        return seconds, [f"Tracks in which the time of day falls back: {tracks:,} (first in row {first + FIRST_ROW}); as others are past "
                         "24:00, it is taken for disorder of the rows."]
    many, steps = np.bincount(own, back), np.bincount(own, same)
    orderly = (many <= 1) | (many <= SELDOM * steps)
    nights = np.cumsum(back)
    start = np.maximum.accumulate(np.where(same, 0, np.arange(len(t))))
    passed: np.ndarray = nights - nights[start]
    if turned < 0:
        passed = many[own].astype(np.int64) - passed
    shifted = seconds.copy()
    shifted[order] = t + DAY_S * np.where(orderly[own], passed, 0)
    said = []
    nightly = int((orderly & (many > 0)).sum())
    if nightly:
        said.append(f"Tracks in which the time of day starts again: {nightly:,} (first in row {first + FIRST_ROW}); read as the next day.")
    if nightly < tracks:
        said.append(f"Tracks in which the time of day goes back and forth: {tracks - nightly:,}; rows in disorder, or of several days.")
    return shifted, said
