"""CSV: counted before it is read, read in chunks that are worth the whole, and stopped between two of them."""

from __future__ import annotations

import gzip
import io
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hostile.packing import zipped
from benchmarks.hostile.tables import CSV, HEADER, POINTS
from irlcore.budget import TooLarge
from irlcore.engine import Control
from irlcore.errors import Cancelled, DataError
from irlcore.tracks.cells import numbers
from irlcore.tracks.files import csv_text
from irlcore.tracks.readers import preview_table, read_table

CELLS = {
    "whole": st.integers(-9, 9).map(str), "fraction": st.floats(-5, 5).map(lambda x: f"{x:.6f}"),
    "long": st.sampled_from(["9007199254740993", "3"]),
    "yes": st.sampled_from(["True", "False"]), "mixed": st.sampled_from(["1", "2.50", "True", "north", "1e5"]),
    "word": st.sampled_from(["a", "007", "7.0", '"q,1\n2"', "1E400", "-inf"]), "gap": st.sampled_from(["", "NA", "1", "x"]),
}


@st.composite
def tables(draw: st.DrawFn) -> str:
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=4))
    rows = draw(st.lists(st.tuples(*(CELLS[kind] for kind in kinds)), min_size=1, max_size=12))
    header = ("track", *(f"c{k}" for k in range(len(kinds))))
    return "".join(",".join(row) + "\n" for row in (header, *(("7", *row) for row in rows)))


def in_small_chunks(text: str) -> pd.DataFrame:
    """A table read a few cells at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_text, "CHUNK", 4)
        return read_table(text.encode())


@settings(deadline=None)  # a first read may take long on a loaded machine
@given(tables())
def test_a_table_in_chunks_is_the_table_at_once(text: str) -> None:
    whole = pd.read_csv(io.StringIO(text), low_memory=False, skipinitialspace=True, dtype={"track": str})
    pd.testing.assert_frame_equal(in_small_chunks(text), whole, check_exact=True)


@pytest.mark.parametrize("last", ["north", "2.5", "", "True", "9007199254740993", "18446744073709551615", "1" * 25, "7" * 400])
def test_the_last_cell_of_a_column_decides_what_it_is(last: str) -> None:
    text = "track,x\n" + "a,1\n" * 50 + f"a,{last}\n"
    pd.testing.assert_frame_equal(in_small_chunks(text).astype(str),
                                  pd.read_csv(io.StringIO(text), low_memory=False, dtype={"track": str}).astype(str))


def test_blank_lines_are_no_rows_however_many() -> None:
    plain = read_table(HEADER + POINTS)
    for lead in (b"\n" * 70_000, b"\r\n" * 70_000, b"  \n" * 70_000, b"\xef\xbb\xbf" + b"\n" * 2_000_000):
        pd.testing.assert_frame_equal(read_table(lead + HEADER + POINTS), plain)
    pd.testing.assert_frame_equal(read_table(HEADER + b"\n" * 70_000 + POINTS), plain)


REFUSED = {
    "10,000 columns": "10,000 columns", "a header of 1,000,000 names": "columns", "blank lines alone": "is empty",
    "one line of 200 MB": "one column",
    "one line of 100 MB of separators": "columns", "a row of 1e8 separators": "separators", "a quote that never closes": "row 101",
    "a quote in the header that never closes": "header", "a zero byte in the middle": "near row 10,002", "zero bytes alone": "zero byte",
    "2,000 columns, all but one missing": "nearly all of them empty", "1,000 columns, all but one missing, 1e6 rows": "cells",
    "rows of growing length": "line 6", "100 million blank lines": "no rows", "70,000 lines of blanks": "is empty",
    "every byte there is": "near row 1", "UTF-16 that is cut off": "cut off",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_table_can_be_is_refused_in_words_before_it_costs_memory(name: str) -> None:
    raw = CSV[name]()
    tracemalloc.start()
    with pytest.raises(DataError) as caught:
        read_table(raw, "big.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert REFUSED[name] in str(caught.value) and "big.csv" in str(caught.value)
    assert len(str(caught.value)) < 600
    assert peak < 6e7


@pytest.mark.parametrize(("limit", "value"), [("columns", 4), ("cells", 404), ("unpacked", len(HEADER + POINTS))])
def test_rows_columns_and_bytes_are_asked_before_pandas_is(limit: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_LIMITS", f"{limit}={value}")
    assert len(read_table(HEADER + POINTS)) == 100
    monkeypatch.setenv("MOTIVE_LIMITS", f"{limit}={value - 1}")
    monkeypatch.setattr(pd, "read_csv", None)
    with pytest.raises(TooLarge) as caught:
        read_table(HEADER + POINTS, "points.csv")
    assert caught.value.limit == limit


def test_reading_takes_too_many_seconds_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_LIMITS", "seconds=1e-9")
    with pytest.raises(TooLarge, match="takes too long"):
        read_table(HEADER + POINTS)


def test_a_stop_is_heeded_between_two_pieces_and_progress_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = HEADER + POINTS * 3000  # three pieces of a megabyte
    seen: list[float] = []
    read_table(raw, "points.csv", Control(lambda done, total, message: seen.append(done / total)))
    assert len(seen) > 3 and seen == sorted(seen) and seen[-1] == 1.0
    watch = Control(lambda done, total, message: watch.cancel.set())
    with pytest.raises(Cancelled):
        read_table(raw, "points.csv", watch)
    stopped = Control()
    stopped.cancel.set()
    with pytest.raises(Cancelled):
        read_table(raw, "points.csv", stopped)


def test_numbers_of_more_digits_than_a_number_has_are_no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    for digits in (61, 400, 4200, 5000, 1_000_000):
        table = read_table(b"track,x,y\na,1,1\na," + b"7" * digits + b",1\nb,east,1\n")
        np.testing.assert_array_equal(numbers(table, "x"), [1.0, np.nan, np.nan])
    monkeypatch.setenv("MOTIVE_LIMITS", "digits=70")
    np.testing.assert_allclose(numbers(read_table(b"track,x,y\na," + b"7" * 61 + b",1\nb,east,1\n"), "x"), [7.777777777777778e60, np.nan])


def test_a_column_of_huge_numbers_is_text_as_it_is_written() -> None:
    for digits in (61, 400, 4200):
        table = read_table(b"track,x,y\n" + (b"a," + b"7" * digits + b",1\n") * 5)
        assert table["x"].tolist() == ["7" * digits] * 5


def test_an_id_keeps_its_text_where_a_blank_follows_the_comma_of_the_header() -> None:
    assert read_table(b"x, track\n1, 007\n2, 7\n")["track"].tolist() == ["007", "7"]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_an_accent_on_the_border_of_two_pieces_is_one_letter(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = "track,x\n".encode(encoding) + "zoë,1\n".encode(encoding) * 50
    for piece in (1, 2, 3, 7):
        monkeypatch.setattr("irlcore.tracks.files.unpack.PIECE", piece)
        assert set(read_table(raw)["track"]) == {"zoë"}


def test_a_preview_reads_the_first_rows_and_estimates_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = HEADER + POINTS * 20_000
    tracemalloc.start()
    seen = preview_table(raw, "points.csv", rows=10)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    pd.testing.assert_frame_equal(seen.table, read_table(HEADER + POINTS).head(10))
    assert not seen.exact and seen.rows == pytest.approx(2_000_000, rel=0.01)
    assert peak < len(raw)
    for packed in (gzip.compress(raw), zipped({"points.csv": raw})):
        there = preview_table(packed, rows=10)
        assert len(there.table) == 10 and there.rows == pytest.approx(2_000_000, rel=0.1)
    short = preview_table(HEADER + POINTS, rows=1000)
    assert (short.rows, short.exact, len(short.table)) == (100, True, 100)
    out = io.BytesIO()
    read_table(HEADER + POINTS).to_parquet(out)
    parquet = preview_table(out.getvalue(), rows=10)
    assert (parquet.rows, parquet.exact) == (100, True)
    pd.testing.assert_frame_equal(parquet.table, read_table(out.getvalue()).head(10))


@pytest.mark.parametrize("name", REFUSED)
def test_a_preview_refuses_in_words_what_it_cannot_show(name: str) -> None:
    try:
        seen = preview_table(CSV[name](), "big.csv")
    except DataError as error:
        assert "big.csv" in str(error)
    else:
        assert 0 < len(seen.table) <= 100  # the trouble is further down
