"""Files into tables: what a file is, which column is what, and an error that says what to do where it is neither."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
import pandas as pd

from irlcore.errors import DataError

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
IDS = {name for part in ("track", "link", "from_link", "to_link", "u", "v", "node", "path") for name in SYNONYMS[part]}


def read_table(source: str | Path | BinaryIO | bytes, name: str = "") -> pd.DataFrame:
    """A CSV (comma, semicolon, tab or bar; plain or .gz) or Parquet file as a table.

    ``name`` is used in messages and for the ending. Raises DataError for a file that is empty or no table.
    """
    label = name or str(getattr(source, "name", source if isinstance(source, str | Path) else "the file"))
    label = Path(label).name
    raw = _bytes_of(source, label)
    if not raw.removeprefix(codecs.BOM_UTF8).strip():
        raise DataError(f"{label} is empty.", "Choose a file with a header line and at least one row.")
    if raw[:4] == b"PAR1":
        try:
            table = pd.read_parquet(io.BytesIO(raw))
        except Exception as error:
            raise DataError(f"{label} is a damaged Parquet file ({error}).", "Export it again.") from error
    else:
        table = _read_csv(raw, label)
    if table.empty:
        raise DataError(f"{label} has a header but no rows.", "Choose a file with at least one row.")
    return table


def _bytes_of(source: str | Path | BinaryIO | bytes, label: str) -> bytes:
    try:
        if isinstance(source, bytes):
            raw = source
        else:
            raw = Path(source).read_bytes() if isinstance(source, str | Path) else source.read()
        return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except FileNotFoundError as error:
        raise DataError(f"{label} is not there.", "Check the folder and the file's name.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{label} cannot be read ({error}).", "Check that the file is whole, or export it again.") from error


def _read_csv(raw: bytes, label: str) -> pd.DataFrame:
    try:
        head = raw[:65536].decode("utf-8-sig", errors="ignore")
        encoding = "utf-8-sig"
        raw.decode(encoding)
    except UnicodeDecodeError:
        encoding = "latin-1"
    if "\x00" in head:
        raise DataError(f"{label} is neither a CSV nor a Parquet file.", "Export it as CSV or Parquet.")
    first = head.lstrip("\r\n").splitlines()[0]
    separator = max(",;\t|", key=first.count)
    if first.count(separator) == 0:
        raise DataError(f"{label} has one column only: {first[:60]!r}. Its separator is not a comma, semicolon, tab or "
                        "bar.", "Export it as CSV with commas.")
    ids = {name: str for name in next(csv.reader([first], delimiter=separator)) if name.strip().lower() in IDS}
    try:
        table = pd.read_csv(io.BytesIO(raw), sep=separator, encoding=encoding, low_memory=False, quoting=csv.QUOTE_MINIMAL,
                            skipinitialspace=True, dtype=ids)  # as text: 007 and 7 are two links
    except (pd.errors.ParserError, ValueError) as error:
        raise DataError(f"{label} is not a regular table: {str(error).strip()}.",
                        "Mend or remove that row; every row needs the same number of columns.") from error
    if not isinstance(table.index, pd.RangeIndex):
        raise DataError(f"The rows of {label}, row 2 first, have more values than the header has names.",
                        f"Name every column in the header, or remove the {separator!r} at the end of each row.")
    table.columns = [str(c).strip() for c in table.columns]
    if not table.columns.is_unique:
        raise DataError(f"{label} has two columns called {table.columns[table.columns.duplicated()][0]!r}.", "Rename one of them.")
    return table


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
    missing = [part for part in parts if columns.get(part) not in table.columns]
    if missing:
        raise DataError(f"The table of {what} has no column for {', '.join(missing)} (it has {', '.join(table.columns)}).",
                        "Name the column, or pick it in the list.")


def numbers(table: pd.DataFrame, column: str) -> np.ndarray:
    """A column as (n,) float64; what is not a finite number becomes NaN."""
    values = pd.to_numeric(table[column], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def names(values: pd.Series) -> np.ndarray:
    """A column of ids as (n,) str objects: 7, 7.0 and "7" are the same id, "007" is another."""
    text = values.astype("string").str.strip().fillna("")
    whole = text.str.fullmatch(r"-?\d+\.0") if text.str.endswith(".0").any() else pd.Series(False, index=text.index)
    if whole.any():
        text = text.mask(whole, text.str.removesuffix(".0"))
    return text.to_numpy(dtype=object)
