"""The parts of a table that was read in chunks, put together: every column is what it would be had pandas read the file at once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np
import pandas as pd

from irlcore.budget import limits
from irlcore.tracks.attributes import EXACT


def parts_of(frames: Iterator[pd.DataFrame]) -> dict[str, list[pd.Series]]:
    """Column by column the parts of it."""
    parts: dict[str, list[pd.Series]] = {}
    for frame in frames:
        for name, column in frame.items():
            parts.setdefault(str(name), []).append(column)
    return parts


def fate(parts: list[pd.Series]) -> Literal["joined", "text", "anew"]:
    """Whether the parts of a column are those of the whole, or are read again: as text, or at once as whatever pandas finds."""
    types = {part.dtype for part in parts}
    if len(types) == 1 and types != {np.dtype(object)}:
        return "joined"
    known = {_kind(part) for part in parts} - {"nothing"}
    if known <= {"number", "integer"} and "integer" in known:  # whole numbers beyond 64 bits, as objects
        return "text" if any(_digits(part) > limits().digits for part in parts) else "anew" if len(parts) > 1 else "joined"
    if known == {"number"}:
        exact = types <= {np.dtype(np.int64), np.dtype(np.float64)} and all(
            part.dtype != np.int64 or part.between(-EXACT, EXACT).all() for part in parts)
        return "joined" if exact else "anew"
    return "joined" if known <= {"string"} or known <= {"boolean"} else "text"


def _kind(part: pd.Series) -> str:
    """What a part of a column holds; "nothing" where all its cells are empty."""
    if pd.api.types.is_bool_dtype(part.dtype):
        return "boolean"
    if not part.notna().any():
        return "nothing"
    return "number" if pd.api.types.is_numeric_dtype(part.dtype) else pd.api.types.infer_dtype(part, skipna=True)


def _digits(part: pd.Series) -> float:
    """About how many digits the longest whole number has that stands as an object: to write it out takes the square of that."""
    if part.dtype != object:
        return 0.0
    return max((value.bit_length() * math.log10(2.0) for value in part if isinstance(value, int)), default=0.0)


def joined(parts: list[pd.Series]) -> pd.Series:
    """The parts as one column."""
    types = {part.dtype for part in parts}
    if len(types) > 1 and not all(pd.api.types.is_numeric_dtype(one) and not pd.api.types.is_bool_dtype(one) for one in types):
        known = next((part.dtype for part in parts if _kind(part) == "string"), np.dtype(object))
        parts = [part.astype(known) for part in parts]  # an empty part came as numbers that are none
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
