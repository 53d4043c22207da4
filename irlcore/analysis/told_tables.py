"""Tables that tell something of tracks by their names, from a file: which column names them, and which rows are of tracks there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

import pandas as pd

from irlcore.errors import DataError
from irlcore.project.project import Project
from irlcore.quantities import counted
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.cells import names, shown
from irlcore.tracks.formulas import as_typed
from irlcore.tracks.readers import preview_table, read_table
from irlcore.tracks.sources import PARTS, plain_name

FIRST_ROWS = 20
MOST_QUOTED = 5
FEW = 3
FLAGS = ("0", "1")
"""Names of tracks that may as well be labels: a column that is not named after tracks is not taken for their names because of these."""
NAMED, IDS, OTHERS = 4, 2, 1
"""How much a name that is known tells in a column that is named after tracks, in one called "id", which may number rows, in any other."""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Rows of a file that are of a track of the project. column: which named the tracks. tracks: (n,) of the rows. table: (n, ...) texts.
    unmatched: names that no track has, each once, in the order of the file. nameless: rows without a name."""

    column: str
    tracks: tuple[str, ...]
    table: pd.DataFrame
    unmatched: tuple[str, ...]
    nameless: int = 0

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
    column = _of_tracks(table, known)
    there = table[column].isin(known.keys())
    if column in known and not _says_tracks(column):
        raise DataError(f"The first line of {name or 'this file'} names a track, {shown(column)}, and not its columns.",
                        "Put a line with the columns' names above it, such as \"track\" and \"label\".")
    if not there.any():
        raise DataError(f"No track of this project is named in {name or 'this file'}: its column {shown(column)} has "
                        f"{quoted(_some(table[column]))}; tracks here are called {quoted(_some(project.tracks.ids))}.",
                        "Name the tracks in it as they are named here, in a column \"track\".")
    named = table[column] != ""
    unmatched = tuple(dict.fromkeys(one[:LONGEST_NAME] for one in table.loc[named & ~there, column]))
    tracks = tuple(known[one] for one in table.loc[there, column])
    return Told(column, tracks, table[there].reset_index(drop=True), unmatched, int((~named).sum()))


def _of_tracks(table: pd.DataFrame, known: Mapping[str, str]) -> str:
    """The column that names the most tracks (each counted once), those before others whose name says so."""
    def told(column: str) -> tuple[int, bool, bool]:
        there = {*table[column]} & known.keys()
        weight = IDS if plain_name(column) == "id" else NAMED if _says_tracks(column) else OTHERS
        return weight * len(there if weight > OTHERS else there.difference(FLAGS)), column in known, weight > OTHERS

    return max(table.columns, key=told)


def _says_tracks(column: str) -> bool:
    return plain_name(column) in PARTS["track"]


def _some(values: Iterable[object]) -> list[str]:
    """The first few different ones."""
    return list(islice((one for one in dict.fromkeys(map(str, values)) if one), FEW))


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


def nameless_words(many: int) -> str:
    """That rows name no track, as a sentence."""
    return f"{counted(many, 'row')} {'names' if many == 1 else 'name'} no track: left out."


def quoted(texts: Collection[str]) -> str:
    """Some of these in a sentence, each by its beginning: "a, b and 3 more"."""
    some = [shown(one) for one in islice(texts, MOST_QUOTED)]
    more = f" and {len(texts) - len(some):,} more" if len(texts) > len(some) else ""
    return ", ".join(some) + more


def _plain(column: str) -> str:
    return column.partition("(")[0].strip().casefold()
