"""Tables that tell something of tracks by their names, from a file: which column names them, and which rows are of tracks there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.project.project import Project
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.cells import names
from irlcore.tracks.formulas import as_typed
from irlcore.tracks.readers import preview_table, read_table

FIRST_ROWS = 20
MOST_QUOTED = 5
FALLBACK = "Choose a file with a column of the tracks' names as they are here, such as \"track\"."


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Rows of a file that are of a track of the project. column: which named the tracks. tracks: (n,) of the rows. table: (n, ...) texts.
    unmatched: names that no track has, each once, in the order of the file."""

    column: str
    tracks: tuple[str, ...]
    table: pd.DataFrame
    unmatched: tuple[str, ...]

    def texts(self, column: str) -> list[str]:
        """(n,) of a column, "" everywhere where there is none."""
        return self.table[column].tolist() if column in self.table.columns else [""] * len(self.table)


def told_table(project: Project, data: bytes, name: str = "") -> Told:
    """The rows of a file, all cells as text. DataError where it is no table, or names no track of the project."""
    if project.tracks is None:
        raise DataError("There are no tracks yet that a file could tell of.", "Load tracks on the Tracks page first.")
    first = preview_table(data, name, FIRST_ROWS).table
    raw = read_table(data, name, texts=tuple(map(str, first.columns)))  # text: 007 is not 7
    table = pd.DataFrame({str(column): [as_typed(text) for text in names(raw.iloc[:, k])] for k, column in enumerate(raw.columns)})
    known = {plain: str(one) for one, plain in zip(project.tracks.ids, names(pd.Series(project.tracks.ids)), strict=True)}
    column = max(table.columns, key=lambda one: int(np.count_nonzero(table[one].isin(known.keys()))), default="")
    there = table[column].isin(known.keys()) if column else pd.Series(dtype=bool)
    if not there.any():
        raise DataError(f"No track of this project is named in {name or 'this file'}.", FALLBACK)
    unmatched = tuple(dict.fromkeys(one[:LONGEST_NAME] for one in table.loc[~there, column] if one))
    return Told(column, tuple(known[one] for one in table.loc[there, column]), table[there].reset_index(drop=True), unmatched)


def named_column(told: Told, wanted: Collection[str]) -> str:
    """The first column, other than the one of the tracks, of one of these names; "" where there is none."""
    plain = {_plain(column): column for column in reversed(told.table.columns.tolist()) if column != told.column}
    return next((plain[one] for one in wanted if one in plain), "")


def by_words(told: Told, words: Mapping[str, object], but: Collection[str] = ()) -> str:
    """The column whose cells are the most often among ``words`` (small letters), "" where none has one."""
    best, most = "", 0
    for column in told.table.columns:
        many = sum(text.casefold() in words for text in told.table[column]) if column not in (told.column, *but) else 0
        if many > most:
            best, most = column, many
    return best


def quoted(texts: Collection[str]) -> str:
    """Some of these in a sentence: "a, b and 3 more"."""
    some = list(texts)[:MOST_QUOTED]
    more = f" and {len(texts) - len(some):,} more" if len(texts) > len(some) else ""
    return ", ".join(some) + more


def _plain(column: str) -> str:
    return column.partition("(")[0].strip().casefold()
