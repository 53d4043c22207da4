"""Columns of tables of a network as attributes: numbers where nearly all cells are such, also with a unit behind them, else texts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.tracks.cells import no_number, number_texts, shown
from irlcore.tracks.columns import is_id
from irlcore.tracks.plain_text import plain_texts
from irlcore.tracks.problems import MOST_LISTED
from irlcore.tracks.units import METRES
from irlcore.worlds.links.notes import NO_VALUE, Notes, numbers_with_commas, tell_once

NEARLY_ALL = 0.8  # of the cells that hold anything, in a column of numbers
SPEEDS = {"km/h": 1.0, "kmh": 1.0, "kph": 1.0, "kmph": 1.0, "mph": 1.609344, "knots": 1.852, "kn": 1.852}
LENGTHS = {unit: METRES[unit] for unit in ("m", "km", "cm", "ft", "mi")}
OTHERS = {"%": 1.0}, {"t": 1.0, "kg": 0.001}
_NUMBER = r"^\s*(?P<number>[-+]?\d+(?:\.\d+)?)\s*(?P<unit>%|[a-zA-Z][a-zA-Z/]{0,5})?\s*$"


def column_values(values: pd.Series, notes: Notes, what: str) -> np.ndarray:
    """A column as an attribute: (n,) float64 where nearly all its texts are numbers, be it with decimal commas or a unit, else (n,) str
    objects. What else stands in a column of numbers is listed, and empty."""
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(np.float64, na_value=np.nan)
    numbers = numbers_with_commas(values)
    if numbers is not None:
        tell_once(notes, f"Numbers with decimal commas: {shown(values.name)} of the {what}.")
        return np.where(np.isfinite(numbers), numbers, np.nan)
    numbers = None if is_id(values.name) else _with_units(values, notes, what)
    if numbers is not None:
        return numbers
    out = np.empty(len(values), object)
    out[:] = [text.strip() for text in plain_texts(values.astype("string").fillna("").to_list())]
    return out


def _with_units(values: pd.Series, notes: Notes, what: str) -> np.ndarray | None:
    """(n,) float64 of a column of which most cells are numbers, and some are not or have a unit; None where it is no such column."""
    texts = number_texts(values).astype("string")
    known = (texts.notna() & ~texts.str.strip().str.lower().isin(NO_VALUE)).fillna(False).to_numpy(bool)
    parts = texts.str.extract(_NUMBER)
    unit = parts["unit"].str.lower()
    used = set(unit.dropna().unique())
    kind = max((SPEEDS, LENGTHS, *OTHERS), key=lambda one: int(unit.isin(list(one)).sum())) if used else {}
    factor = unit.map(kind).astype("float64").where(unit.notna(), 1.0).to_numpy(np.float64, na_value=np.nan)
    found = pd.to_numeric(parts["number"], errors="coerce").to_numpy(np.float64, na_value=np.nan) * factor
    read = np.isfinite(found)
    if not known.any() or read[known].mean() < NEARLY_ALL or (read[known].all() and not used):
        return None
    column, mine = shown(values.name), sorted(used & set(kind))
    if mine and (len(mine) > 1 or kind[mine[0]] != 1.0):
        base = next(one for one, size in kind.items() if size == 1.0)
        bare = f"; numbers without a unit are taken for {base}" if bool((unit.isna().to_numpy(bool) & read).any()) else ""
        tell_once(notes, f"{column} of the {what} has units ({', '.join(mine)}): it is taken in {base}{bare}.")
    elif mine:
        tell_once(notes, f"{column} of the {what} is read as numbers, in {mine[0]}.")
    odd = np.flatnonzero(known & ~read)
    notes.rows(odd, what, [no_number(values, row, NO_VALUE) for row in odd[:MOST_LISTED].tolist()], "kept without a value there")
    return np.where(read, found, np.nan)
