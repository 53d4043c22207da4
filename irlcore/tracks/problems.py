"""What was dropped or changed of a table, and the rows it stands in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.cells import shown
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.files.parquet import LEFT_OUT
from irlcore.tracks.trips.codes import FILES

FIRST_ROW = 2  # the header is row 1 of the file
MOST_LISTED = 100_000  # rows of one kind
MORE = "more"  # what stands for the row where the list tells of rows that it does not name
NOTED = "noted"
"""What was done where nothing is wrong: a sentence of its own about rows that are as they should be."""
TOO_LONG = f"an id of more than {LONGEST_NAME:,} characters"

Problems = list[tuple[object, object, str, str]]
"""Row of the file, or what of it ("column", "point 7"), track, what is wrong, what was done. What mapping finds has no row, and goes with
the world."""


def left_out(table: pd.DataFrame) -> Problems:
    """What the analyst is to know of columns that could not be read."""
    return [("column", "", f"the column {shown(name)} holds lists, records or bytes", "left out") for name in table.attrs.get(LEFT_OUT, [])]


def sentences(table: pd.DataFrame) -> list[str]:
    """What is to be told of how the table's file was understood."""
    return list(table.attrs.get(SAID, []))


def list_rows(rows: np.ndarray, track: np.ndarray, ids: np.ndarray, what: str, done: str, problems: Problems) -> None:
    """List these rows; of very many the first, and how many more there are."""
    problems += [(row + FIRST_ROW, ids[track[row]], what, done) for row in rows[:MOST_LISTED]]
    more(len(rows), what, done, problems)


def problems_and_notes(problems: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The list without what is no problem, and the sentences that say what that was."""
    noted = (problems["done"] == NOTED).to_numpy()
    return (problems[~noted].reset_index(drop=True), tuple(map(str, problems["what"][noted]))) if noted.any() else (problems, ())


def more(rows: int, what: str, done: str, problems: Problems) -> None:
    """Tell how many rows of a kind are not listed one by one, where there are any."""
    if rows > MOST_LISTED:
        problems.append((MORE, "", f"{what}: {rows - MOST_LISTED:,} more rows", done))


def in_files(problems: Problems, table: pd.DataFrame) -> Problems:
    """The same with the name of the file before its row, where the table was put together from several."""
    files: list[tuple[str, int]] = table.attrs.get(FILES, [])
    if len(files) < 2:
        return problems
    starts = np.concatenate(([0], np.cumsum([rows for _, rows in files])))

    def place(row: object) -> object:
        if not isinstance(row, int | np.integer):
            return row
        k = int(np.searchsorted(starts, int(row) - FIRST_ROW, side="right")) - 1
        return f"{files[k][0]}: {int(row) - starts[k]}"

    return [(place(row), track, what, done) for row, track, what, done in problems]


def runs(ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ids and offsets of runs of the same id."""
    if not len(ids):
        return ids, np.zeros(1, np.int64)
    start = np.flatnonzero(np.concatenate(([True], ids[1:] != ids[:-1])))
    return ids[start], np.append(start, len(ids)).astype(np.int64)
