"""Values of attributes: the one place that knows what a missing value is, how a value reads, and when two are the same.

Columns of tables come as numbers with gaps, as text, as a mixture, as dates or yes / no. Everything that shows, sorts, chooses or
compares them goes by their labels, which are text and never missing: 70, 70.0 and a column of 70 with gaps are one class, "70".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from irlcore.errors import DataError, none_called
from irlcore.tracks.plain_text import plain_text, plain_texts

MISSING = "(missing)"
"""The label of an empty cell, a NaN, a date that is none, or a text of blanks."""

EXACT = 2.0**53  # beyond it a float no longer tells neighbouring whole numbers apart


def value_label(value: Any) -> str:
    """How a single value reads, whatever its type; ``MISSING`` where there is none."""
    if isinstance(value, str):
        return plain_text(value).strip() or MISSING  # some controls count as blanks: they must be seen as what they are kept as
    if _is_missing(value):
        return MISSING
    if isinstance(value, float | np.floating) and abs(float(value)) < EXACT and value == int(value):
        return str(int(value))
    if isinstance(value, pd.Timestamp) and value.tzinfo is None and value == value.normalize():
        return str(value.date())
    return value_label(str(value))


def value_labels(values: pd.Series | np.ndarray) -> np.ndarray:
    """The label of every value, (n,) str objects."""
    column = pd.Series(values)
    plain = isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufb"
    if not plain and pd.api.types.infer_dtype(column, skipna=True) != "string":
        # one by one: hashing takes True and 1 for the same, and cannot take lists
        return _objects([value_label(value) for value in column])
    codes, distinct = pd.factorize(column, use_na_sentinel=False)
    return _objects([value_label(value) for value in distinct])[codes]


def has_label(values: pd.Series | np.ndarray, wanted: str) -> np.ndarray:
    """Where the values read ``wanted``, (n,) bool; in a column of numbers 1, 1.0 and 1e0 are wanted alike."""
    column = pd.Series(values)
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column) and (number := _number(wanted)) is not None:
        wanted = value_label(number)
    return np.asarray(value_labels(column) == value_label(wanted), bool)


def in_order(labels: Iterable[str]) -> list[str]:
    """Distinct labels, numbers first and by size, then texts by the alphabet, ``MISSING`` last."""
    return sorted(set(labels), key=_rank)


def label_counts(values: pd.Series | np.ndarray) -> dict[str, int]:
    """How many values have each label, the commonest first (of equally common ones the first by the alphabet), ``MISSING`` last."""
    many = Counter(value_labels(values).tolist())
    return dict(sorted(many.items(), key=lambda one: (one[0] == MISSING, -one[1], one[0])))


def known_counts(values: pd.Series | np.ndarray) -> dict[str, int]:
    """The same without ``MISSING``."""
    return {label: n for label, n in label_counts(values).items() if label != MISSING}


def column_names(frame: pd.DataFrame) -> list[str]:
    """The columns as an analyst reads and picks them."""
    return plain_texts(map(str, frame.columns))


def column_of(frame: pd.DataFrame, name: str) -> pd.Series | None:
    """The first column that reads ``name``; None where there is none."""
    names = column_names(frame)
    return frame.iloc[:, names.index(name)] if name in names else None


def column_called(frame: pd.DataFrame, name: str, what: str = "column") -> pd.Series | None:
    """The same of a name that somebody chose: None where it is empty, DataError where there is no such column."""
    if not name:
        return None
    found = column_of(frame, name)
    if found is None:
        raise DataError(*none_called(what, name, column_names(frame)))
    return found


def plain_column(values: pd.Series) -> pd.Series:
    """A column as projects keep it: numbers (NaN where missing) or yes / no in numpy's types, else text, empty where missing."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iufb":
        return values
    if isinstance(values.dtype, pd.api.extensions.ExtensionDtype) and getattr(values.dtype, "kind", "O") in "iuf":
        gaps = bool(values.isna().any()) or values.dtype.kind == "f"
        whole = np.uint64 if values.dtype.kind == "u" else np.int64
        return pd.Series(values.to_numpy(np.float64, na_value=np.nan) if gaps else values.to_numpy(whole), index=values.index)
    if pd.api.types.infer_dtype(values, skipna=True) == "string":
        known = values.where(values.notna(), "")  # as it stands in the file: labels alone are stripped
        return pd.Series(plain_texts(known.to_list()), index=values.index, dtype="str")
    labels = value_labels(values)
    return pd.Series(np.where(labels == MISSING, "", labels), index=values.index, dtype="str")


def plain_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """A table of attributes with text for column names and plain columns."""
    columns = [plain_column(frame.iloc[:, k]).rename(name) for k, name in enumerate(column_names(frame))]
    return pd.concat(columns, axis=1) if columns else frame.copy()


def _is_missing(value: Any) -> bool:
    if isinstance(value, Decimal):
        return value.is_nan()  # pandas cannot ask a signalling one
    return value is None or bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _objects(labels: list[str]) -> np.ndarray:
    out = np.empty(len(labels), dtype=object)
    out[:] = labels
    return out


def _number(text: str) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _rank(label: str) -> tuple[int, float, str, str]:
    number = _number(label)
    if label == MISSING:
        return 2, 0.0, "", ""
    if number is None or np.isnan(number):
        return 1, 0.0, label.casefold(), label
    return 0, number, "", label
