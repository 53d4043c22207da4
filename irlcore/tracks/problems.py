"""What was dropped or changed of a table, and the rows it stands in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.cells import shown
from irlcore.tracks.files.parquet import LEFT_OUT

FIRST_ROW = 2  # the header is row 1 of the file
MOST_LISTED = 2000
TOO_LONG = f"an id of more than {LONGEST_NAME:,} characters"

Problems = list[tuple[object, object, str, str]]
"""Row of the file, track, what is wrong, what was done."""


def left_out(table: pd.DataFrame) -> Problems:
    """What the analyst is to know of columns that could not be read."""
    return [("", "", f"the column {shown(name)} holds lists, records or bytes", "left out") for name in table.attrs.get(LEFT_OUT, [])]


def list_rows(rows: np.ndarray, track: np.ndarray, ids: np.ndarray, what: str, done: str, problems: Problems) -> None:
    """List the first of these rows: more are never shown."""
    problems += [(row + FIRST_ROW, ids[track[row]], what, done) for row in rows[:MOST_LISTED]]


def runs(ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ids and offsets of runs of the same id."""
    if not len(ids):
        return ids, np.zeros(1, np.int64)
    start = np.flatnonzero(np.concatenate(([True], ids[1:] != ids[:-1])))
    return ids[start], np.append(start, len(ids)).astype(np.int64)
