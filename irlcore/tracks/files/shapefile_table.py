"""A shapefile as a table: roads with their lines, or points, and the columns of the table beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.budget import Clock, within
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.columns import is_id
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.files.roads import AreasOnly, no_lines, typed, with_lines, with_points
from irlcore.tracks.files.shapefile import Dbf, Field, Form, crs_of, read_dbf, records, shape_of
from irlcore.tracks.files.unpack import Source
from irlcore.tracks.plain_text import plain_text

NUMBERS = "NFOIB"
YES, NO = "YyTt", "NnFf"


def read_shapefile(source: Source, watch: Control | None = None) -> pd.DataFrame:
    """A row a record, those that are marked as deleted left out. DataError where it holds areas, or is damaged; ``TooLarge``."""
    label, clock = source.label, Clock(f"Reading {source.label}", watch)
    beside = {ending: source.beside(ending) for ending in ("dbf", "prj", "cpg")}
    table = read_dbf(beside["dbf"] or b"", beside["cpg"] or b"", label)
    crs = crs_of(beside["prj"], label)
    parts: list[list[np.ndarray]] = []
    number, points, gone = [], 0, 0
    forms: set[Form] = set()
    for k, content in records(source.whole(), label):
        if k % 500 == 0:
            clock.check()
        if k <= table.count and table.deleted(k - 1):
            gone += 1
            continue
        form, shape = shape_of(content, f"Record {k} of {label}")
        points += sum(map(len, shape))
        within("points", points, f"{label} has {points:,} points or more.", "Take a part of it.")
        forms |= {form} if shape else set()
        parts.append(shape)
        number.append(k)
    if "areas" in forms or not forms:
        said = no_lines(label, "areas" if forms else "no shapes")
        raise AreasOnly(said.what, said.fix) if forms == {"areas"} else said
    made = _columns(table, np.array(number, np.int64), clock, label)
    if gone:
        made.attrs[SAID] = [f"{gone:,} records that are marked as deleted are left out."]
    if forms == {"lines"}:
        return with_lines(made, parts, np.array(number), crs)
    many = np.array([len(shape) for shape in parts])
    rows = np.repeat(np.arange(len(parts)), np.maximum(many, 1))
    xy = np.concatenate([np.concatenate(shape) if shape else np.full((1, 2), np.nan) for shape in parts])
    repeated = made.iloc[rows].reset_index(drop=True)
    repeated.attrs = made.attrs
    return with_points(repeated, xy, crs)


def _columns(table: Dbf, number: np.ndarray, clock: Clock, label: str) -> pd.DataFrame:
    """The columns of the rows with these numbers, from 1; a record that the table does not have is empty there."""
    fields = [field for field in table.fields if field.kind != "M" and field.name]
    within("columns", len(fields), f"{label} has {len(fields):,} columns.")
    within("cells", len(number) * len(fields), f"{label} has {len(number) * len(fields):,} cells.", "Take a part of it.")
    if table.count and len(number) and number[-1] > table.count:
        raise DataError(f"{label} has {number[-1]:,} shapes, and the table beside it {table.count:,} rows.", "Export both again.")
    made = pd.DataFrame(index=pd.RangeIndex(len(number)))
    for field in fields if table.count else []:
        clock.check()
        made[plain_text(field.name)] = typed([_value(table, int(k) - 1, field) for k in number])
    return made


def _value(table: Dbf, record: int, field: Field) -> object:
    text = table.text(record, field)
    if not text or set(text) <= {"*"}:
        return None
    if field.kind == "L":
        return "yes" if text in YES else "no" if text in NO else None
    if field.kind == "D" and len(text) == 8:
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if field.kind not in NUMBERS or is_id(field.name):
        return plain_text(text)
    try:
        return int(text) if text.lstrip("+-").isdigit() and len(text) < 19 else float(text[:60])
    except ValueError:
        return plain_text(text)
