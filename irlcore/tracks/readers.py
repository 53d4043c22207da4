"""Files into tables: what a file is, which column is what, and an error that says what to do where it is neither."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
import pandas as pd

from irlcore.budget import limits
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.attributes import column_names
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.csv_text import head_csv, read_csv
from irlcore.tracks.memory import give_back
from irlcore.tracks.parquet import head_parquet, read_parquet
from irlcore.tracks.plain_text import CONTROL, plain_text
from irlcore.tracks.unpack import Source, open_source

Role = Literal["points", "links", "transitions", "paths", "nodes", "attributes", "unknown"]

SYNONYMS: dict[str, tuple[str, ...]] = {
    "track": ("track", "track_id", "traj_id", "trajectory", "trip", "trip_id", "path_id", "obs_id", "vessel", "mmsi",
              "vehicle", "id"),
    "t": ("t", "time", "timestamp", "datetime", "seconds", "date_time", "frame"),
    "x": ("x", "easting", "x_m", "px"),
    "y": ("y", "northing", "y_m", "py"),
    "lon": ("lon", "longitude", "lng", "long"),
    "lat": ("lat", "latitude"),
    "path": ("path", "links", "edges", "route", "sequence"),
    "step": ("step", "seq", "order", "position"),
    "link": ("link", "link_id", "edge", "edge_id"),
    "from_link": ("from_link", "from", "link_from", "source_link"),
    "to_link": ("to_link", "to", "link_to", "target_link"),
    "u": ("u", "from_node", "source", "start_node"),
    "v": ("v", "to_node", "target", "end_node"),
    "length": ("length", "length_m", "len", "distance"),
    "wkt": ("wkt", "geometry", "geom"),
    "node": ("node", "node_id", "osmid"),
    "lon0": ("lon0",), "lat0": ("lat0",), "lon1": ("lon1",), "lat1": ("lat1",),
    "x0": ("x0",), "y0": ("y0",), "x1": ("x1",), "y1": ("y1",),
    "turn": ("turn_angle", "turn_deg"),
}
WANTED: dict[str, tuple[str, ...]] = {
    "points": ("track", "t", "x", "y", "lon", "lat"),
    "paths": ("track", "path", "step", "link"),
    "links": ("link", "u", "v", "length", "wkt", "lon0", "lat0", "lon1", "lat1", "x0", "y0", "x1", "y1"),
    "transitions": ("from_link", "to_link", "turn"),
    "nodes": ("node", "x", "y", "lon", "lat"),
    "attributes": ("track",),
    "unknown": (),
}
MOST_NAMED, LONGEST_SHOWN = 40, 60  # columns, and signs of one value, in a message
IDS = {name for part in ("track", "link", "from_link", "to_link", "u", "v", "node", "path") for name in SYNONYMS[part]}


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file, read before the whole is. rows: how many it has, an estimate unless ``exact``."""

    table: pd.DataFrame
    rows: int
    exact: bool


def read_table(source: str | Path | BinaryIO | bytes, name: str = "", watch: Control | None = None) -> pd.DataFrame:
    """A CSV (comma, semicolon, tab or bar) or Parquet file as a table; plain, gzipped, or alone in a zip.

    ``name`` is used in messages and for the ending. ``watch`` hears how far it is and can stop it. Columns of Parquet that are lists,
    records or bytes are left out, and named in ``attrs[LEFT_OUT]`` of the table; but the lines of links, where they are bytes (WKB), come
    as hexadecimal digits. Raises TooLarge where the file costs more than the budget, DataError for a file that is empty or no table.
    """
    opened = open_source(source, _label(source, name))
    table = read_parquet(opened, _lines, watch) if _is_parquet(opened) else read_csv(opened, IDS, watch)
    give_back(table.memory_usage().sum())
    return _named(table, opened.label)


def preview_table(source: str | Path | BinaryIO | bytes, name: str = "", rows: int = 100) -> Preview:
    """The first rows of a table, and about how many it has: quick and cheap whatever its size. Errors as ``read_table``."""
    opened = open_source(source, _label(source, name))
    if _is_parquet(opened):
        table, many = head_parquet(opened, _lines, rows)
        return Preview(_named(table, opened.label), many, True)
    table, shape, all_rows = head_csv(opened, IDS, rows)
    table = _named(table, opened.label)
    if all_rows:
        return Preview(table, len(table), True)
    size = opened.unpacked()
    return Preview(table, max(len(table), round(shape.rows * max(1.0, size / shape.size))), False)


def _label(source: str | Path | BinaryIO | bytes, name: str) -> str:
    return Path(name or str(getattr(source, "name", source if isinstance(source, str | Path) else "the file"))).name


def _is_parquet(opened: Source) -> bool:
    return next(opened.pieces(), b"")[:4] == b"PAR1"


def _lines(names: Sequence[str]) -> Collection[str]:
    """The column of lines, among columns with these names, where they are of links: of anything else it would only be a long text."""
    table = pd.DataFrame(columns=[name.strip() for name in names])
    part = guess_columns(table, "links")
    drawn = {"link", "wkt"} <= set(part) and guess_role(table) in ("links", "transitions")
    return {name for name in names if name.strip() == part["wkt"]} if drawn else ()


def _named(table: pd.DataFrame, label: str) -> pd.DataFrame:
    """The table with names that are text, stripped and distinct."""
    if table.empty:
        raise DataError(f"{label} has a header but no rows.", "Choose a file with at least one row.")
    table.columns = [c.strip() for c in column_names(table)]
    _check_names(table, label)
    if not table.columns.is_unique:
        raise DataError(f"{label} has two columns called {table.columns[table.columns.duplicated()][0][:60]!r}.", "Rename one of them.")
    return table


def _check_names(table: pd.DataFrame, what: str) -> None:
    lengths = [len(str(c)) for c in table.columns]
    if max(lengths, default=0) > LONGEST_NAME:
        k = int(np.argmax(lengths))
        raise DataError(f"Column {k + 1} of {what} has a name of {lengths[k]:,} characters, {shown(table.columns[k])}.",
                        f"Give it a name of at most {LONGEST_NAME:,}.")


def guess_columns(table: pd.DataFrame, role: Role) -> dict[str, str]:
    """Which column plays which part, by name; parts that no column plays are left out."""
    lower = {str(c).lower(): str(c) for c in table.columns}
    found = {}
    for part in WANTED[role]:
        match = next((lower[name] for name in SYNONYMS[part] if name in lower), None)
        if match is not None:
            found[part] = match
    return found


def guess_role(table: pd.DataFrame) -> Role:
    """What a table holds, by its columns' names."""
    def has(role: Role, *parts: str) -> bool:
        guessed = guess_columns(table, role)
        return all(part in guessed for part in parts)

    if has("transitions", "from_link", "to_link"):
        return "transitions"
    if has("paths", "track", "path") or has("paths", "track", "step", "link"):
        return "paths"
    if has("nodes", "node") and (has("nodes", "x", "y") or has("nodes", "lon", "lat")):
        return "nodes"
    if has("links", "link"):
        return "links"
    if has("points", "track") and (has("points", "x", "y") or has("points", "lon", "lat")):
        return "points"
    return "attributes" if has("attributes", "track") else "unknown"


def need(table: pd.DataFrame, columns: dict[str, str], parts: tuple[str, ...], what: str) -> None:
    """DataError naming every part that no column plays, or whose column is not in the table."""
    _check_names(table, f"the table of {what}")
    missing = [part for part in parts if columns.get(part) not in table.columns]
    if missing:
        held = ", ".join(shown(c) for c in table.columns[:MOST_NAMED]) + (", ..." if len(table.columns) > MOST_NAMED else "")
        raise DataError(f"The table of {what} has no column for {', '.join(missing)} (it has {held}).",
                        "Name the column, or pick it in the list.")


def shown(value: object) -> str:
    """A foreign value or name for a message: its beginning, where it is long."""
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN - 3] + "..."


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
