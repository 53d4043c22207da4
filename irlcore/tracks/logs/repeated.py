"""Rows that stand in a log twice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.tracks.logs.event_times import Moments

SLIPS, FEW = 0.05, 2
"""Most of all rows (of few rows: so many) that are dropped as slips: where more repeat another in every column, times are too coarse to
tell them apart."""
DAY_S = 86_400.0


def repeated_rows(table: pd.DataFrame, track: np.ndarray, event: np.ndarray, when: Moments,
                  good: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """(n,) bool rows that are equal to an earlier one in every column, and what is to be said of them where they are kept.

    An event may really happen twice within what the times tell apart: so they are kept where there is no time, where times are of days
    alone, and where there are too many for slips. track, event: (n,) int codes. good: (n,) bool.
    """
    none = np.zeros(len(table), bool)
    if when.seconds is None:
        return none, []
    keys = pd.DataFrame({"track": track, "event": event, "t": when.seconds})
    again = np.zeros(len(table), bool)
    likely = np.flatnonzero(good & keys.duplicated(keep=False).to_numpy())  # few rows: only these are compared whole
    if not len(likely):
        return none, []
    whole = table.iloc[likely].astype("string").fillna("")
    again[likely] = pd.concat([keys.iloc[likely], whole.set_axis(range(whole.shape[1]), axis=1)], axis=1).duplicated().to_numpy()
    many = int(again.sum())
    if not many:
        return none, []
    known = when.seconds[good]
    days = bool((known % DAY_S == known[0] % DAY_S).all())
    if not days and many <= max(FEW, SLIPS * good.sum()):
        return again, []
    why = "times are of days alone" if days else "that is too often for slips"
    rows = "1 row repeats another in every column and is" if many == 1 else f"{many:,} rows repeat another in every column and are"
    return none, [f"{rows} kept, as an event that happened again: {why}."]
