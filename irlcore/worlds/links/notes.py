"""What is told of tables while a world is made of them: rows that were dropped or changed, and what was assumed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.attributes import MISSING
from irlcore.tracks.bounds import FARTHEST_CORNER
from irlcore.tracks.cells import NOTHING, names, no_number, number_texts, shown
from irlcore.tracks.decimal_commas import commas_in
from irlcore.tracks.problems import FIRST_ROW, MOST_LISTED, Problems, more

NO_VALUE = (*NOTHING, "n/a", "#n/a", "nil", MISSING)
"""How tables of a network write that there is nothing, in small letters."""


@dataclass(slots=True)
class Notes:
    """Problems as tables of tracks have them, and sentences on what was assumed."""

    problems: Problems = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def rows(self, rows: np.ndarray, table: str, what: list[str] | str, done: str) -> None:
        """List rows of a table: ``rows`` (n,) int, from 0; what: of each, or of all."""
        some = rows[:MOST_LISTED].tolist()
        told = [what] * len(some) if isinstance(what, str) else what
        self.problems += [(row + FIRST_ROW, "", f"{table}: {one}", done) for row, one in zip(some, told, strict=False)]
        more(len(rows), f"{table}: {told[0] if told else ''}", done, self.problems)


def count(n: int, what: str) -> str:
    """ "1 link", "2 links"."""
    return f"{n:,} {what}" + ("" if n == 1 else "s")


def ids_in(values: pd.Series) -> np.ndarray:
    """A column of ids, (n,) str objects: "" where the table says that there is none ("NA", "null" ...)."""
    found = names(values)
    codes, distinct = pd.factorize(found)
    known = np.array([text if text.lower() not in NO_VALUE else "" for text in distinct], object)
    return known[codes] if len(known) else found


def numbers_in(table: pd.DataFrame, column: str, what: str, notes: Notes, done: str = "") -> np.ndarray:
    """A column as (n,) float64, NaN where it is no finite number. Decimal commas are read and told.

    done: what becomes of rows that have something else than a number there, which are then listed; rows are not listed where it is
    empty. DataError where a number is larger than a place, a length or a turn can be, or where it cannot be told whether commas are
    decimal.
    """
    found, comma, odd = _read(table[column])
    if comma:
        tell_once(notes, f"Numbers with decimal commas: {shown(column)} of the {what}.")
    if (far := np.abs(np.where(np.isfinite(found), found, 0.0)) > FARTHEST_CORNER).any():
        row = int(np.argmax(far))
        raise DataError(f"Row {row + FIRST_ROW} of the {what} has {found[row]:g} in the column {shown(column)}, and nothing there may be "
                        f"beyond {FARTHEST_CORNER:g}.", "Mend it, or leave the cell empty.")
    if odd == "comma":
        row = int(np.argmax(np.isnan(found) & table[column].notna().to_numpy()))
        raise DataError(f"Row {row + FIRST_ROW} of the {what} has {shown(table[column].iloc[row])!r} in the column {shown(column)}: its "
                        "comma may be a decimal one or one of thousands.",
                        "Write numbers with a decimal point and without a sign for thousands.")
    unusable = ~np.isfinite(found)
    if done and unusable.any():
        rows = np.flatnonzero(unusable)[:MOST_LISTED]
        notes.rows(rows, what, [no_number(table[column], row, NO_VALUE) for row in rows.tolist()], done)
    return np.where(unusable, np.nan, found)


def numbers_with_commas(values: pd.Series) -> np.ndarray | None:
    """A column of texts of which every one is a number and some have a decimal comma, as (n,) float64; None where it is none."""
    found, comma, odd = _read(values)
    return found if comma and not odd else None


def tell_once(notes: Notes, sentence: str) -> None:
    """Say it, unless it was said."""
    if sentence not in notes.said:
        notes.said.append(sentence)


def _read(values: pd.Series) -> tuple[np.ndarray, bool, str]:
    """(n,) float64 (infinite ones stay), whether commas were decimal, and what else stands there: "comma" for commas of either kind,
    "text" for anything else, "" for nothing."""
    values = number_texts(values)
    found = pd.to_numeric(values, errors="coerce").to_numpy(np.float64, na_value=np.nan, copy=True)
    if pd.api.types.is_numeric_dtype(values):
        return found, False, ""
    text = values.astype("string").str.strip().fillna("")
    left = np.isnan(found) & ~text.str.lower().isin(NO_VALUE).to_numpy(bool)
    if not left.any():
        return found, False, ""
    said = commas_in(text)
    commas, whole = left & said.comma, left & said.thousands
    if commas.any() and not (whole & ~commas).any():
        if (commas == whole)[left].all() and whole.any():
            return found, False, "comma"
        return np.where(said.comma, said.numbers, found), True, "text" if (left & ~commas).any() else ""
    return found, False, "text"
