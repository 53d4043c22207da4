"""Parquet into tables: what the file would unpack to is worked out from its index and pages, and asked of the budget, before it is decoded.

A few hundred bytes may name a thousand million rows: a dictionary of one entry and a run of references to it. Numbers take what their
type takes, times the rows. Texts are measured: by the sizes of the pages where those bound them, else by the references to a dictionary,
or in small batches, without ever having all of them.

What pandas wrote beside the table (which column is an index, of which type the names are, notes) is not heeded: whoever made the file
may have put anything there, and an index would be a column that nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from irlcore.budget import Clock, limits, within
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.files.named_crs import CRS, geoparquet_crs
from irlcore.tracks.files.parquet_columns import PLACES, plain_columns
from irlcore.tracks.files.parquet_pages import DELTA_BYTE_ARRAY, DICTIONARY, PLAIN_DICTIONARY, RLE_DICTIONARY, pages
from irlcore.tracks.files.unpack import SMALL, Source
from irlcore.tracks.files.wkb_points import layout_of

GEOMETRY = "geometry"  # a key that is there on the way only
LEFT_OUT = "left_out"  # the key, in ``attrs`` of a table, of the columns that are not read
MOST_INDEX = 2_000_000  # bytes of the index at the end, or a part in SHARE of the file; as objects it may take 200 times as much
SHARE = 50
MOST_PAGES = 100_000
OBJECT = 104  # bytes of a decimal number, a date or a time as Python's own
PEEK, LOOKED_AT = 32_000_000, 1000  # bytes that the first page of a column may have to be looked into; rows of it
BATCH, BATCH_BYTES = 65_536, 3.2e7
COPIES = 3  # bytes in memory for one of a line: itself and its two digits
UNNAMED = re.compile(r"__index_level_\d+__")  # what pandas calls an index without a name: numbers of rows, where it is of whole numbers
WHOLE = {pa.int64(): pd.Int64Dtype(), pa.uint64(): pd.UInt64Dtype()}  # with gaps they became floats, which tell no ids apart beyond 2**53


Lines = Callable[[Sequence[str]], Collection[str]]
"""Of a table with these columns, those whose bytes are lines (WKB). They come as hexadecimal digits: no table holds bytes."""


def read_parquet(source: Source, lines: Lines, watch: Control | None = None) -> pd.DataFrame:
    """The whole table. Bytes that are points become their coordinates, durations seconds. Columns that are lists, records or other bytes
    are left out, and named in ``attrs[LEFT_OUT]``."""
    raw, kept, left_out, _ = _asked(source, lines, Clock(f"Reading {source.label}", watch))
    try:
        return _with_crs(_frame(pq.ParquetFile(pa.BufferReader(raw)).read(columns=kept), lines, left_out), raw)
    except Exception as error:
        raise _damaged(source, error) from error


def head_parquet(source: Source, lines: Lines, rows: int) -> tuple[pd.DataFrame, int]:
    """The first rows, and how many there are."""
    raw, kept, left_out, many = _asked(source, lines, Clock(f"Reading {source.label}"))
    try:
        batches = pq.ParquetFile(pa.BufferReader(raw)).iter_batches(batch_size=rows, columns=kept)
        first = next((_frame(pa.Table.from_batches([batch]), lines, left_out) for batch in batches), pd.DataFrame(columns=kept))
        return _with_crs(first, raw), many
    except Exception as error:
        raise _damaged(source, error) from error


def _frame(table: pa.Table, lines: Lines, left_out: Sequence[str]) -> pd.DataFrame:
    """The columns as pandas has them, whatever the file says of them beside; ``attrs`` name those that are left out, and tell the rest."""
    drawn = [field.name for field in table.schema if _is_bytes(field.type)]
    table, others, said = plain_columns(table, lines(table.schema.names))
    frame = table.replace_schema_metadata(None).to_pandas(ignore_metadata=True)
    for field in table.schema:
        if field.type in WHOLE and table[field.name].null_count:
            frame[field.name] = table[field.name].to_pandas(types_mapper=WHOLE.get)
    if left_out or others:
        frame.attrs[LEFT_OUT] = [*left_out, *others]
    if said:
        frame.attrs[SAID] = said
    if geometry := [name for name in drawn if name not in others]:
        frame.attrs[GEOMETRY] = geometry
    return frame


def _with_crs(frame: pd.DataFrame, raw: bytes) -> pd.DataFrame:
    """The table with the projection that GeoParquet names for its lines or points, in ``attrs["crs"]``."""
    notes = pq.read_metadata(pa.BufferReader(raw)).metadata or {}
    for name in frame.attrs.pop(GEOMETRY, []):
        if crs := geoparquet_crs(notes.get(b"geo", b""), name):
            frame.attrs |= {CRS: crs, SAID: [*frame.attrs.get(SAID, []), f"The file names the projection {crs}."]}
    return frame


def _damaged(source: Source, error: Exception) -> DataError:
    return DataError(f"{source.label} is a damaged Parquet file ({str(error)[:200]}).", "Export it again.")


def _asked(source: Source, lines: Lines, clock: Clock) -> tuple[bytes, list[str], list[str], int]:
    """The bytes of a file that the budget allows, the columns to read, those to leave out, and the rows."""
    raw = source.whole()
    index = int.from_bytes(raw[-8:-4], "little")
    if raw[-4:] != b"PAR1" or index > len(raw):
        raise _damaged(source, ValueError("its end is missing"))
    if index > max(MOST_INDEX, len(raw) // SHARE):
        raise DataError(f"The index of {source.label} is larger than {max(MOST_INDEX, len(raw) // SHARE):,} bytes.",
                        "Export it with fewer row groups.")
    try:
        meta = pq.read_metadata(pa.BufferReader(raw))
        schema = meta.schema.to_arrow_schema()
        rows = max(meta.num_rows, sum(abs(meta.row_group(g).num_rows) for g in range(meta.num_row_groups)))
        within("columns", len(schema), f"{source.label} has {len(schema):,} columns.", "Leave out those that are not needed.")
        drawn = {*lines(schema.names), *(_places(raw, meta, schema) if not lines(schema.names) else ())}
        left_out = [field.name for field in schema if not (_flat(field.type) or (field.name in drawn and _is_bytes(field.type)))]
        kept = {field.name: COPIES if _is_bytes(field.type) else 1 for field in schema if field.name not in left_out
                and not (pa.types.is_integer(field.type) and UNNAMED.fullmatch(field.name))}
        if len(set(schema.names)) < len(schema):
            raise DataError(f"{source.label} has two columns of one name.", "Rename one of them.")
        if left_out and not kept:
            raise DataError(f"All columns of {source.label} hold lists, records or bytes.", "Export them as plain columns.")
        within("cells", rows * len(schema), f"{source.label} has {rows:,} rows of {len(schema):,} columns.", "Read it in parts.")
        source.ask(rows * sum(_width(schema.field(name).type) for name in kept), "decodes to")
        _ask_pages(source, raw, meta, kept, clock)
    except DataError:
        raise
    except Exception as error:
        raise _damaged(source, error) from error
    return raw, list(kept), left_out, rows


def _places(raw: bytes, meta: pq.FileMetaData, schema: pa.Schema) -> list[str]:
    """The column of bytes that are points, by its first one, where no other column says where they are."""
    names = {name.strip().lower() for name in schema.names}
    if not names.isdisjoint(PLACES) or not meta.num_row_groups:
        return []
    for column in range(meta.num_columns):
        name = meta.schema.column(column).path
        if name in schema.names and _is_bytes(schema.field(name).type):
            chunk = meta.row_group(0).column(column)
            starts = [at for at in (chunk.dictionary_page_offset, chunk.data_page_offset) if at]
            size = 0
            for page in pages(memoryview(raw), min(starts, default=0), chunk.total_compressed_size, chunk.num_values):
                size += page.unpacked
                if page.kind != DICTIONARY or size > PEEK:
                    break
            if size <= PEEK:
                first = next(pq.ParquetFile(pa.BufferReader(raw)).iter_batches(batch_size=LOOKED_AT, columns=[name]), None)
                known: Sequence[pa.Scalar] = first.column(0).cast(pa.large_binary()).drop_null() if first is not None else []
                if len(known) and layout_of(known[0].as_py()) is not None:
                    return [name]
    return []


def _flat(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _flat(kind.value_type)
    binary = _is_bytes(kind) or pa.types.is_fixed_size_binary(kind)
    return not (pa.types.is_nested(kind) or binary or isinstance(kind, pa.BaseExtensionType))


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind))


def _width(kind: pa.DataType) -> float:
    """Bytes of a value in memory, without what a text is made of."""
    if pa.types.is_decimal(kind) or pa.types.is_date(kind) or pa.types.is_time(kind):
        return OBJECT
    return max(1.0, kind.bit_width / 8) if pa.types.is_primitive(kind) else 8.0


def _ask_pages(source: Source, raw: bytes, meta: pq.FileMetaData, kept: dict[str, int], clock: Clock) -> None:
    """Ask for what the pages of the columns to be read unpack to, and for what their texts become. kept: column -> bytes for each byte."""
    data = memoryview(raw)
    unpacked, many = 0, 0
    for column in range(meta.num_columns):
        name = meta.schema.column(column).path
        if name not in kept:
            continue
        texts, entry, delta = 0.0, 0, False
        for group in range(meta.num_row_groups):
            chunk, longest = meta.row_group(group).column(column), 0
            starts = [at for at in (chunk.dictionary_page_offset, chunk.data_page_offset) if at]
            for page in pages(data, min(starts, default=0), chunk.total_compressed_size, chunk.num_values):
                unpacked, many = unpacked + kept[name] * page.unpacked, many + 1
                source.ask(unpacked, "unpacks to")
                if many > MOST_PAGES:
                    raise DataError(f"{source.label} is made of more than {MOST_PAGES:,} pages.", "Export it with larger pages.")
                if page.kind == DICTIONARY:
                    if page.values > page.unpacked:
                        raise ValueError("a dictionary has more entries than bytes")
                    longest = page.unpacked
                delta |= page.encoding == DELTA_BYTE_ARRAY  # a value may be all of the one before it, and cost nothing
                entry = max(entry, longest, page.unpacked if delta else 0)
                referring = page.encoding in (PLAIN_DICTIONARY, RLE_DICTIONARY) and page.kind != DICTIONARY
                texts += page.values * (longest if referring else page.unpacked) if referring or delta else page.unpacked
            clock.check()
        if _is_text(meta, column) and kept[name] * texts > max(SMALL, min(limits().unpacked, limits().ratio * source.size)):
            total = 0
            for size in _text_sizes(raw, name, entry, delta):
                total += kept[name] * size
                source.ask(total, "decodes to")
                clock.check()


def _is_text(meta: pq.FileMetaData, column: int) -> bool:
    """Whether a column's values have lengths of their own."""
    return bool(meta.schema.column(column).physical_type == "BYTE_ARRAY")


def _text_sizes(raw: bytes, name: str, entry: int, delta: bool) -> Iterator[int]:
    """The bytes of the texts of a column, batch by batch. entry: no text of it is longer."""
    small = max(1, min(BATCH, int(BATCH_BYTES / max(entry, 1))))
    if not delta:
        file = pq.ParquetFile(pa.BufferReader(raw), read_dictionary=[name])
        first = next(file.iter_batches(batch_size=1, columns=[name]), None)
        if first is None:
            return
        if pa.types.is_dictionary(first.column(0).type):
            for batch in file.iter_batches(batch_size=BATCH, columns=[name]):
                values = batch.column(0)
                yield pc.sum(pc.take(pc.binary_length(values.dictionary), values.indices)).as_py() or 0
            return
    for batch in pq.ParquetFile(pa.BufferReader(raw)).iter_batches(batch_size=small, columns=[name]):
        yield batch.nbytes
