"""What stands in the cells of a table: ids as text, numbers as numbers, and either for a message."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from irlcore.budget import limits
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.plain_text import CONTROL, plain_text

NOTHING = ("", "na", "nan", "null", "none", "<na>")
"""How tables write that there is nothing, in small letters."""

LONGEST_SHOWN = 60  # signs of one value in a message


def shown(value: object) -> str:
    """A foreign value or name for a message: its beginning, where it is long."""
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN - 3] + "..."


def no_number(values: pd.Series, row: int, nothing: Collection[str] = ()) -> str:
    """What stands in a cell that should hold a number, for a list of problems. nothing: texts, in small letters, that are an empty cell."""
    cell = values.iloc[row]
    empty = pd.isna(cell) or str(cell).strip().lower() in nothing
    return f"{shown(values.name)} is empty" if empty else f"{shown(values.name)} is {shown(cell)!r}, not a usable number"


def numbers(table: pd.DataFrame, column: str) -> np.ndarray:
    """A column as (n,) float64; what is not a finite number becomes NaN."""
    values = pd.to_numeric(number_texts(table[column]), errors="coerce").to_numpy(np.float64, na_value=np.nan, copy=True)
    values[~np.isfinite(values)] = np.nan
    return values


def number_texts(values: pd.Series) -> pd.Series:
    """A column without the texts that have more signs than a number may have digits: making a number of them takes the square of that."""
    if not (pd.api.types.is_string_dtype(values.dtype) or values.dtype == object):
        return values
    most = limits().digits
    long = values.str.len().gt(most) if values.dtype != object else values.map(lambda one: isinstance(one, str) and len(one) > most)
    return values.mask(long.fillna(False).astype(bool)) if long.any() else values


def id_codes(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """A column of ids as (n,) int64 codes into (k,) distinct str objects, as ``names`` has them and in the order in which they appear."""
    if values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) != "string":
        return pd.factorize(names(values))  # a code of its own would take True and 1 for one id
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    again, ids = pd.factorize(names(pd.Series(distinct)))
    return again[codes], ids


def too_long(ids: np.ndarray) -> np.ndarray:
    """(n,) bool: which of these ids (n,) are longer than a project keeps them."""
    return np.fromiter(map(len, ids), np.int64, len(ids)) > LONGEST_NAME


def names(values: pd.Series) -> np.ndarray:
    """A column of ids as (n,) str objects, as plain text: 7, 7.0 and "7" are the same id, "007" is another."""
    text = values.astype("string").fillna("")
    odd = text.str.contains(CONTROL, regex=True)
    text = (text.mask(odd, text[odd].map(plain_text)) if odd.any() else text).str.strip()
    whole = text.str.fullmatch(r"-?\d+\.0") if text.str.endswith(".0").any() else pd.Series(False, index=text.index)
    if whole.any():
        text = text.mask(whole, text.str.removesuffix(".0"))
    return text.to_numpy(dtype=object)
