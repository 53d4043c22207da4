"""A project as JSON and arrays: numbers and texts stand in the JSON, arrays go apart, without pickle."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd

from irlcore.project.texts import PARTS, pack_texts
from irlcore.tracks.attributes import plain_frame

MANY = 500  # texts of a list that stand apart, as a column of texts does: the names of 40,000 roads took 0.2 s as JSON


def encode(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    """JSON of a value; arrays go apart under a running key."""
    if isinstance(value, Enum):
        return {"status": value.name}
    if isinstance(value, np.ndarray):
        if value.dtype == object and value.ndim == 1:
            return {name: None if part is None else encode(part, arrays) for name, part in zip(PARTS, pack_texts(value), strict=True)}
        key = f"a{len(arrays)}"
        arrays[key] = value
        return {"array": key, "text": False}
    if isinstance(value, pd.DataFrame):
        plain = plain_frame(value)
        return {"table": [[name, str(column.dtype), encode(_flat(column), arrays)] for name, column in plain.items()],
                "rows": len(plain)}
    if is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: encode(getattr(value, f.name), arrays) for f in fields(value) if f.init}
        return {"kind": type(value).__name__, "fields": parts}
    if isinstance(value, tuple) and len(value) >= MANY and all(type(v) is str for v in value):
        return encode(np.array(value, dtype=object), arrays)
    if isinstance(value, tuple):
        return {"tuple": [encode(v, arrays) for v in value]}
    if isinstance(value, dict):
        return {"dict": [[k, encode(v, arrays)] for k, v in value.items()]}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    return value


def _flat(column: pd.Series) -> np.ndarray:
    return column.to_numpy() if isinstance(column.dtype, np.dtype) else column.to_numpy(dtype=object)
