"""Parquet: rows and bytes are counted from the index and the headers of the pages, before anything is decoded."""

from __future__ import annotations

import io
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.hostile.parquet_bytes import BYTE_ARRAY, DELTA_BYTE_ARRAY, INT64, Chunk, delta_texts, letters, page, parquet, repeated
from benchmarks.hostile.tables import NUMBER, PARQUET
from irlcore.budget import TooLarge
from irlcore.errors import DataError
from irlcore.tracks.cells import names
from irlcore.tracks.files.parquet_pages import PagesDamaged, pages
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import preview_table, read_table

ROWS = 20_000
TABLE = pd.DataFrame({"track": [f"a{i % 2000:05d}" for i in range(ROWS)], "t": np.arange(ROWS), "x": np.linspace(0.0, 1.0, ROWS),
                      "y": np.where(np.arange(ROWS) % 7 == 0, np.nan, 1.0), "kind": [None if i % 5 == 0 else "cargo" for i in range(ROWS)]})
AT = {"track": "track", "t": "t", "x": "x", "y": "y"}


def written(table: pd.DataFrame, **options: object) -> bytes:
    out = io.BytesIO()
    table.to_parquet(out, **options)  # type: ignore[call-overload]
    return out.getvalue()


def hostile() -> tuple[dict[str, tuple[str, float]], float]:
    """What came of each hostile Parquet, with its seconds of the processor; and by how many megabytes the peak rose over all of them."""
    read_table(written(TABLE))
    made = {name: make() for name, make in PARQUET.items()}
    before, out = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, {}
    for name, raw in made.items():
        begun = time.process_time()
        try:
            said = f"read {read_table(raw, 'big.parquet').shape}"
        except DataError as error:
            said = str(error)
        except BaseException as error:
            said = f"traceback {error!r}"
        out[name] = said, time.process_time() - begun
    return out, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def test_every_hostile_parquet_is_refused_in_words_within_seconds_and_little_memory() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        out, megabytes = alone.submit(hostile).result()
    assert set(out) == set(PARQUET)
    assert {name: said for name, (said, _) in out.items() if "big.parquet" not in said} == {}
    assert max(seconds for _, seconds in out.values()) < 5.0
    assert megabytes < 400.0


def test_bytes_written_by_hand_are_parquet_as_others_read_it() -> None:
    number = repeated("x", INT64, NUMBER, 10)
    words = repeated("track", BYTE_ARRAY, letters(3), 10)
    same = Chunk("kind", BYTE_ARRAY, page(delta_texts(300, 1000), 1000, DELTA_BYTE_ARRAY), 1000)
    assert read_table(parquet([number, words], 10)).to_dict("list") == {"x": [7] * 10, "track": ["aaa"] * 10}
    assert read_table(parquet([same], 1000))["kind"].tolist() == ["a" * 300] * 1000
    assert len(read_table(parquet([number], 10, groups=3))) == 30


WRITERS: dict[str, dict[str, object]] = {
    **{f"packed by {name}": {"compression": name} for name in ("none", "snappy", "gzip", "zstd", "brotli", "lz4")},
    "second kind of page": {"data_page_version": "2.0"}, "second kind of page, zstd": {"data_page_version": "2.0", "compression": "zstd"},
    "no dictionary": {"use_dictionary": False}, "small pages": {"data_page_size": 2000}, "groups of rows": {"row_group_size": 3000},
    "old format": {"version": "1.0"}, "sums": {"write_page_checksum": True}, "index of pages": {"write_page_index": True},
    "delta": {"use_dictionary": False, "column_encoding": {"track": "DELTA_BYTE_ARRAY", "t": "DELTA_BINARY_PACKED"}},
    "lengths first": {"use_dictionary": False, "column_encoding": {"track": "DELTA_LENGTH_BYTE_ARRAY"}},
    "streams of bytes": {"use_dictionary": False, "column_encoding": {"x": "BYTE_STREAM_SPLIT"}},
    "full dictionary": {"dictionary_pagesize_limit": 100},
}


@pytest.mark.parametrize("writer", WRITERS)
def test_a_good_file_of_any_writer_is_read_as_pandas_reads_it(writer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = written(TABLE, **WRITERS[writer])
    pd.testing.assert_frame_equal(read_table(raw), pd.read_parquet(io.BytesIO(raw)))
    monkeypatch.setattr("irlcore.tracks.files.parquet.SMALL", 0.0)  # now texts are measured wherever their pages leave a doubt
    monkeypatch.setenv("MOTIVE_LIMITS", "unpacked=3e6")
    pd.testing.assert_frame_equal(read_table(raw), pd.read_parquet(io.BytesIO(raw)))


@pytest.mark.parametrize("writer", WRITERS)
def test_the_pages_are_all_found_and_are_what_the_index_says(writer: str) -> None:
    raw = written(TABLE, **WRITERS[writer])
    meta = pq.read_metadata(pa.BufferReader(raw))
    for group in range(meta.num_row_groups):
        for column in range(meta.num_columns):
            chunk = meta.row_group(group).column(column)
            starts = [at for at in (chunk.dictionary_page_offset, chunk.data_page_offset) if at]
            found = list(pages(memoryview(raw), min(starts), chunk.total_compressed_size, chunk.num_values))
            assert sum(one.values for one in found if one.kind != 2) == chunk.num_values
            head = chunk.total_compressed_size - sum(one.packed for one in found)
            assert 0 < head < 200 * len(found)
            assert sum(one.unpacked for one in found) + head == chunk.total_uncompressed_size


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_a_text_that_a_dictionary_repeats_counts_as_often_as_it_stands(kind: pa.DataType, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    values = pa.array(["x" * 1000, None, "y"] * 20_000)
    pq.write_table(pa.table({"track": values.dictionary_encode() if pa.types.is_dictionary(kind) else values.cast(kind)}), out)
    assert len(out.getvalue()) < 20_000
    monkeypatch.setattr("irlcore.tracks.files.parquet.SMALL", 1e6)
    monkeypatch.setattr("irlcore.tracks.files.unpack.SMALL", 1e6)
    monkeypatch.setenv("MOTIVE_LIMITS", "ratio=1e9 unpacked=20019999")  # 20,000 of 1000 letters, 20,000 of one
    with pytest.raises(TooLarge) as caught:
        read_table(out.getvalue())
    assert caught.value.limit == "unpacked"
    monkeypatch.setenv("MOTIVE_LIMITS", "ratio=1e9 unpacked=20020000")
    assert len(read_table(out.getvalue())) == 60_000


@pytest.mark.parametrize(("limit", "value"), [("cells", ROWS * 5), ("columns", 5)])
def test_rows_and_columns_are_asked_of_the_index(limit: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = written(TABLE)
    monkeypatch.setenv("MOTIVE_LIMITS", f"{limit}={value}")
    assert len(read_table(raw)) == ROWS
    monkeypatch.setenv("MOTIVE_LIMITS", f"{limit}={value - 1}")
    monkeypatch.setattr(pq.ParquetFile, "read", None)
    with pytest.raises(TooLarge) as caught:
        read_table(raw)
    assert caught.value.limit == limit


@pytest.mark.parametrize("index", [["track"], ["track", "t"], ["note"]], ids=str)
def test_a_column_that_pandas_calls_an_index_is_one_of_the_table(index: list[str]) -> None:
    table = pd.DataFrame({"track": ["a", "a", "b"], "t": [0, 1, 0], "x": [0.0, 1.0, 2.0], "note": ["p", "q", "r"]})
    raw = written(table.set_index(index))
    for read in (read_table(raw), preview_table(raw).table):
        pd.testing.assert_frame_equal(read[list(table.columns)], table)
        assert isinstance(read.index, pd.RangeIndex)


def test_numbers_of_rows_that_pandas_kept_are_no_column_and_names_are() -> None:
    table = pd.DataFrame({"track": ["a", "b"], "x": [0.0, 1.0]})
    for raw in (written(table.set_index(pd.Index([5, 7]))), written(table.set_index(pd.Index([3, 3])))):
        pd.testing.assert_frame_equal(read_table(raw), table)
    assert read_table(written(table.set_index(pd.Index(["p", "q"])))).iloc[:, -1].tolist() == ["p", "q"]


NOTES = {
    "left out": {b"PANDAS_ATTRS": b'{"left_out": 5}'}, "deep": {b"PANDAS_ATTRS": b"[" * 100_000},
    "names that are numbers": {b"pandas": b'{"index_columns": [], "columns": [], "column_indexes": [{"name": null, "field_name": null, '
                                           b'"pandas_type": "int64", "numpy_type": "int64", "metadata": null}]}'},
    "an index that is not there": {b"pandas": b'{"index_columns": ["gone"], "columns": [], "column_indexes": []}'},
    "a range of 1e15 rows": {b"pandas": b'{"index_columns": [{"kind": "range", "name": "t", "start": 0, "stop": 1000000000000000, '
                                        b'"step": 1}], "columns": [], "column_indexes": []}'},
    "no JSON": {b"pandas": b"\xff"},
}


@pytest.mark.parametrize("notes", NOTES.values(), ids=NOTES)
def test_what_a_file_says_of_itself_to_pandas_is_not_heeded(notes: dict[bytes, bytes]) -> None:
    table = pd.DataFrame({"track": ["a", "a"], "t": [0, 1], "x": [0.0, 1.0], "y": [0.0, 1.0]})
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(table).replace_schema_metadata(notes), out)
    read = read_table(out.getvalue())
    pd.testing.assert_frame_equal(read, table)
    assert not read.attrs and read_points(read, AT).tracks_kept == 1
    pd.testing.assert_frame_equal(preview_table(out.getvalue()).table, table)


@pytest.mark.parametrize("by_pandas", [True, False])
def test_whole_numbers_with_gaps_stay_whole(by_pandas: bool) -> None:
    ids = [2**53 + 1, None, 2**53 + 3]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(pd.DataFrame({"mmsi": pd.array(ids, "Int64")})) if by_pandas else pa.table({"mmsi": ids}), out)
    assert names(read_table(out.getvalue())["mmsi"]).tolist() == [str(2**53 + 1), "", str(2**53 + 3)]


def test_columns_of_lists_records_and_bytes_are_left_out_with_a_note() -> None:
    table = pd.DataFrame({"track": ["a", "a"], "t": [0, 1], "x": [0.0, 1.0], "y": [0.0, 1.0], "path": ["1 2", "1 2"],
                          "sensors": [[1, 2], [3]], "place": [{"a": 1}, {"a": 2}], "geometry": [b"\0\1", b"\2"]})
    read = read_table(written(table), "p.parquet")
    assert list(read.columns) == ["track", "t", "x", "y", "path"]
    for imported in (read_points(read, AT), read_paths(read, {"track": "track", "path": "path"})):
        told = imported.problems[imported.problems["done"] == "left out"]["what"].tolist()
        assert [sum(f"column {name} " in one for one in told) for name in ("sensors", "place", "geometry")] == [1, 1, 1]
    with pytest.raises(DataError, match="lists, records or bytes"):
        read_table(written(table[["sensors", "place"]]))


def test_damage_anywhere_is_an_error_in_words_or_none() -> None:
    raw = written(TABLE.head(300), row_group_size=100)
    rng = np.random.default_rng(5)
    kinds = {"read": 0, "refused": 0}
    for _ in range(400):
        broken = bytearray(raw)
        for at in rng.integers(4, len(raw), rng.integers(1, 4)):
            broken[at] = rng.integers(0, 256)
        try:
            read_table(bytes(broken), "p.parquet")
            kinds["read"] += 1
        except DataError as error:
            assert "p.parquet" in error.what and error.fix
            kinds["refused"] += 1
    assert min(kinds.values()) > 0


@pytest.mark.parametrize("header", [
    b"\x15", b"\x15\x00\x15", b"\x15\x00\x15\x01\x15\x10\x00", b"\xf5" * 40, b"\x1c" * 40, b"\x1d\x00", b"\x19\xfc\xff\xff\x7f",
    b"\x18\xff\xff\xff\x0f", b"\x15" + b"\xff" * 30, b"\x15\x00\x15\x02\x15\x02\x00",
])
def test_headers_that_lead_nowhere_end_in_words(header: bytes) -> None:
    with pytest.raises(PagesDamaged):
        list(pages(memoryview(header), 0, len(header), 1))
    with pytest.raises(PagesDamaged):
        list(pages(memoryview(header), 5, len(header), 1))
