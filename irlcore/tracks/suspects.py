"""What makes rows or ids of a table suspect: marks of its owner, ids that a spreadsheet has rounded, ids that name several."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from irlcore.tracks.cells import shown
from irlcore.tracks.columns import source_of
from irlcore.tracks.sources import plain_name

ORDERS = {"frame", "frame_id", "shape_pt_sequence"}
"""Names of columns that count pictures, or points, and no seconds."""

OFTEN = 0.2  # of all points: so many at the same time as another of their id are no slip
_YES, _NO = ("true", "1", "1.0"), ("false", "0", "0.0")
_MARKS = {"visible": _NO, "manually_marked_outlier": _YES, "algorithm_marked_outlier": _YES, "import_marked_outlier": _YES}
_ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+\d+")


def outliers(table: pd.DataFrame) -> list[tuple[np.ndarray, str]]:
    """Rows ((n,) bool) that the owner of a table of Movebank has marked as outliers, and what says so, column by column."""
    source = source_of(table)
    if source is None or source.name != "Movebank":
        return []
    found = []
    for column in table.columns:
        marks = _MARKS.get(plain_name(column))
        if marks is not None:
            marked = table[column].astype("string").str.strip().str.lower().isin(marks).fillna(False).to_numpy(bool)
            if marked.any():
                found.append((marked, f"marked as an outlier by its owner ({shown(column)})"))
    return found


def told_of_ids(ids: np.ndarray, track: np.ndarray, same_time: np.ndarray, columns: Mapping[str, str]) -> tuple[str, ...]:
    """What is to be told of ids: that a spreadsheet rounded them, or that many points of one id are at the same time.

    track: (n,) int64, of points in the order of their tracks. same_time: (n,) bool, whether one is at the time of the one before.
    """
    said = []
    used = ids[np.unique(track)] if len(track) else ids
    rounded = [one for one in used[:1000] if _ROUNDED.fullmatch(one)]
    if rounded and len(rounded) * 2 > min(len(used), 1000):
        said.append(f"The ids in {shown(columns['track'])} were rounded by a spreadsheet ({shown(rounded[0])}): different ids may have "
                    "become one. Export the table again with them as text.")
    many = int(same_time.sum())
    if many > OFTEN * len(same_time):
        said.append(f"{many:,} of {len(same_time):,} points are at the same time as another of their id and are left out: rows stand there "
                    f"twice, or {shown(columns['track'])} names several that move at once. Then pick another column as the track.")
    return tuple(said)
