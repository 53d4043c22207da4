"""What a file is, by its first bytes; and the words for what is known and not read."""

from __future__ import annotations

from irlcore.errors import DataError
from irlcore.tracks.files.letters import first_text
from irlcore.tracks.files.unpack import ZIP, Source

OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls), or a locked one",
     "Save it as .xlsx without a password, or its sheet as CSV."),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 or NetCDF file", "Export its table as CSV or Parquet."),
    (b"CDF\x01", "a NetCDF file", "Export its table as CSV or Parquet."),
    (b"CDF\x02", "a NetCDF file", "Export its table as CSV or Parquet."),
    (b"ARROW1", "an Arrow (Feather) file", "Save it as Parquet."), (b"ORC", "an ORC file", "Save it as Parquet."),
    (b"fgb\x03fgb", "a FlatGeobuf file", "Export it as GeoJSON or GeoParquet."), (b"%PDF-", "a PDF document", "Export the table as CSV."),
    (b"$GP", "a log of a receiver (NMEA)", "Convert it to GPX."), (b"$GN", "a log of a receiver (NMEA)", "Convert it to GPX."),
    (b"!AIVD", "a log of AIS messages that are not decoded", "Decode it to a CSV of positions."),
    (b"\x0e.FIT", "a FIT file", "Export the activity as GPX."),
    (b"\x80\x04\x95", "a pickle of Python", "Save the table as Parquet or CSV."),
)


READ = {b"PAR1": "parquet", ZIP: "workbook", b"\0\0\x27\x0a": "shapefile", b"SQLite format 3\0": "geopackage"}
"""First bytes -> the kind of file that is read."""


def kind_of_file(source: Source) -> str:
    """"parquet", "workbook", "shapefile", "geopackage", "json", "xml" or "text". DataError, with what to do, for other kinds that can be
    told."""
    head = b""
    for piece in source.pieces():
        head += piece
        if len(head) >= 64:
            break
    for mark, kind in READ.items():
        if head.startswith(mark):
            return kind
    for mark, what, fix in OTHERS:
        if head.startswith(mark) or (mark == b"\x0e.FIT" and head[8:12] == b".FIT"):
            raise DataError(f"{source.label} is {what}, which is not read here.", fix)
    first = first_text(head)[:1]
    return "json" if first in ("{", "[", "\x1e") else "xml" if first == "<" else "text"
