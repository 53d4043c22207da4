"""What a single cell looks like, by its text: a number, a date or a time, or words; and numbers with decimal commas."""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

from irlcore.tracks.decimal_commas import COMMA, commas_in

LONGEST = 60  # signs of a number or a date
NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?")
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ,]+\S.*)?|\d{4}-\d\d(?:-\d\d)?T?.*|\d{1,2}:\d\d(?::\d\d\S*)?(?: ?[AaPp][Mm])?")
PLAIN = r"[-+]?\d+(?:[eE][-+]?\d+)?"
POINT = r"[-+]?\d*\.\d*(?:[eE][-+]?\d+)?"
FIRST = 1000  # cells after which most columns of words are told


def kind_of(cell: str) -> str:
    """"n" for a number, "d" for a date or a time, "t" for any other text, "" for none."""
    text = cell.strip()
    if not text or len(text) > LONGEST:
        return "t" if text else ""
    return "n" if NUMBER.fullmatch(text) else "d" if DATE.fullmatch(text) else "t"


def has_fraction(cell: str) -> bool:
    """Whether a number has a part below one."""
    return "." in cell or "," in cell


def with_points(table: pd.DataFrame, separator: str, texts: Collection[str]) -> list[str]:
    """Make numbers of the columns with decimal commas, in place; their names. texts: columns that stay as they are.

    Such a column holds numbers with one comma each and whole numbers; other cells, fewer than half, stay as they stand. Where the separator
    is itself a comma, numbers that could all have thousands apart (1,234) are left as they are; so are columns that have points as well.
    """
    found = []
    for name in table.columns:
        if name not in texts and _is_text(table[name]):
            column = _pointed(table[name], separator)
            if column is not None:
                table[name] = column
                found.append(str(name))
    return found


def _is_text(column: pd.Series) -> bool:
    return bool(pd.api.types.is_string_dtype(column.dtype)) or column.dtype == object


def _pointed(column: pd.Series, separator: str) -> pd.Series | None:
    known = column.dropna()
    if known.dtype == object:
        known = known[known.map(lambda cell: isinstance(cell, str))]
    first = known.iloc[:FIRST].astype("str").str.strip()
    likely = first.str.fullmatch(COMMA) | first.str.fullmatch(PLAIN)
    if not len(first) or likely.mean() <= 0.5:
        return None
    texts = known.astype("str").str.strip()
    found = commas_in(texts)
    rest = texts[~(found.comma | texts.str.fullmatch(PLAIN).to_numpy(bool))]
    odd = rest.str.fullmatch(POINT) | rest.str.contains(r"\d,\d{3},\d{3}|\d,\d+\.\d|\d\.\d{3},\d", regex=True)
    if not found.comma.any() or len(rest) >= 0.5 * len(known) or odd.any():
        return None
    if separator == "," and found.thousands[found.comma].all():
        return None
    pointed = column.astype("str")
    pointed[known.index[found.comma]] = found.pointed[found.comma]
    return pointed if len(rest) else pd.to_numeric(pointed)
