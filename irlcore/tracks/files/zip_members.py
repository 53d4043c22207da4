"""What a zip holds that can be read: a workbook, or tables; and what is told where it holds neither."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from irlcore.budget import limits, within
from irlcore.errors import DataError
from irlcore.tracks.plain_text import plain_text

MOST_PACKED = 1000  # files in one zip
SMALL = 5e7  # bytes: up to here any ratio is fine, for a small file of equal rows packs to a thousandth in all honesty
TABLES = ((".csv", ".tsv", ".parquet", ".plt"), (".txt",), (".gpx", ".geojson", ".graphml", ".kml", ".tcx", ".gpkg", ".shp"), (".json",))
"""Endings of tables: the first of these groups of which a zip holds any is read, for notes stand beside tables."""
KNOWN = tuple(ending for group in TABLES for ending in group)
OTHERS = (("content.xml", "an OpenDocument sheet", "Save it as .xlsx or CSV."),
          (".gdb/", "a geodatabase", "Export its table as CSV or GeoJSON."))
WORKBOOK = "xl/"

# what damage raises, in the order of how much of it there is: offsets below zero end in ValueError, impossible versions in RuntimeError
FAULTS = (zlib.error, zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, KeyError, OverflowError, struct.error)


def unreadable(label: str, error: Exception) -> DataError:
    """The error of a file that is damaged, or cannot be opened."""
    said = error.strerror or error if isinstance(error, OSError) else error  # without the path, which is not the visitor's to know
    return DataError(f"{label} cannot be read ({str(said)[:200]}).", "Check that the file is whole, or export it again.")


def members_of(raw: bytes | Path, label: str) -> tuple[list[str], list[str]]:
    """The names of the tables in a zip, by name, and of those left out; no tables where it is a workbook.

    DataError where it holds none, or one that is locked or packed in another way; TooLarge where they say that they unpack to too much (no
    more than that comes out of them).
    """
    data = raw if isinstance(raw, bytes) else raw.read_bytes()
    if data.count(b"PK\x01\x02") > MOST_PACKED:  # counted before the directory becomes objects
        raise DataError(f"{label} holds more than {MOST_PACKED:,} files.", "Unpack it, and choose the tables.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")
                      and not PurePosixPath(one.filename).name.startswith(".")]
    except FAULTS as error:
        raise unreadable(label, error) from error
    if any(one.filename.startswith(WORKBOOK) for one in inside):
        return [], []
    tables = next((found for group in TABLES if (found := [one for one in inside if one.filename.lower().endswith(group)])), [])
    if not tables:
        raise _no_table(label, [one.filename for one in inside])
    if any(one.flag_bits & 1 for one in tables):
        raise DataError(f"{label} is locked with a password.", "Unpack it, and choose the table.")
    if any(one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for one in tables):
        raise DataError(f"{label} is packed in a way that is not read here.", "Unpack it, or pack it as an ordinary zip.")
    names = [one.filename for one in tables]
    if len(set(names)) < len(names):
        raise DataError(f"{label} holds two files of one name.", "Unpack it, and choose the tables.")
    if len(tables) > 1:
        total = sum(one.file_size for one in tables)
        within("unpacked", total, f"The {len(tables)} tables of {label} unpack to {total:,} bytes.", "Read them in parts.")
        if total > SMALL:
            within("ratio", total / max(len(data), 1), f"{label} unpacks to more than {limits().ratio:,.10g} times its size.",
                   "No table of observations is so regular: check where it comes from.")
    rest = [one.filename for one in inside if one not in tables and one.filename.lower().endswith(KNOWN)]
    return sorted(names), sorted(rest)


def _no_table(label: str, names: list[str]) -> DataError:
    for ending, what, fix in OTHERS:
        if any(ending in name.lower() if ending.endswith("/") else name.lower().endswith(ending) for name in names):
            return DataError(f"{label} holds {what}, no table.", fix)
    listed = ", ".join(repr(plain_text(name)[:60]) for name in names[:5])
    return DataError(f"{label} holds no table" + (f" ({listed}{', ...' if len(names) > 5 else ''})." if names else "."),
                     "Unpack it, and choose the tables (CSV or Parquet) that are inside.")
