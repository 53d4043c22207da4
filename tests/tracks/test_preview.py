"""The first rows of a CSV: whole ones, as in the whole table, wherever the piece that is looked at ends."""

from __future__ import annotations

import gzip
import io

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from irlcore.errors import DataError
from irlcore.tracks.files import csv_text
from irlcore.tracks.files.csv_text import HEAD
from irlcore.tracks.readers import preview_table, read_table

ROWS, LONG = 150, 120_000
PATH = " ".join(str(10_000 + k) for k in range(LONG // 6))
LONG_ROWS = {"quoted": '"{}"', "bare": "{}", "quoted, of many lines": '"{}\n7 8"', "with quotes in it": '"a ""{}"" b"',
             "with an inch": '5" {}'}


@pytest.mark.parametrize("cell", LONG_ROWS.values(), ids=LONG_ROWS)
def test_a_preview_of_long_rows_holds_those_that_are_whole(cell: str) -> None:
    """The last was cut, within quotes the file refused, and the number of those that were seen given for the number of all."""
    raw = ("track,path,x\n" + "".join(f"{k},{cell.format(PATH)},{k}.5\n" for k in range(ROWS))).encode()
    seen = preview_table(raw, "paths.csv")
    assert len(seen.table) == HEAD // (len(raw) // ROWS) and not seen.exact
    assert seen.rows == pytest.approx(ROWS * (2 if "\n" in cell else 1), rel=0.05)  # a line break in quotes counts as a row
    pd.testing.assert_frame_equal(seen.table, read_table(raw).head(len(seen.table)))
    there = preview_table(gzip.compress(raw), "paths.csv.gz", rows=3)
    pd.testing.assert_frame_equal(there.table, seen.table.head(3))


def test_a_first_row_that_is_longer_than_most_is_waited_for_and_an_endless_one_is_told_in_words() -> None:
    row = "a," + "7 " * (3 * HEAD) + ",1\n"
    seen = preview_table(("track,path,x\n" + 3 * row).encode())
    assert len(seen.table) == 2 and not seen.exact and seen.table["x"].tolist() == [1, 1]
    with pytest.raises(DataError, match=r"No row of paths.csv ends within its first 67,108,864 bytes.*quote"):
        preview_table(b'track,path,x\na,"' + b"7 " * (9 * HEAD), "paths.csv")


def test_an_accent_behind_the_part_that_is_looked_at_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = b"track,x\n" + b"a,1\n" * 1000 + "zoë,1\n".encode("latin-1") * 1000
    monkeypatch.setattr("irlcore.tracks.files.unpack.PIECE", 100)
    monkeypatch.setattr(csv_text, "HEAD", 1000)
    assert preview_table(raw, rows=1500).table.to_dict("list") == {"track": ["a"] * 248, "x": [1] * 248}


CELLS = st.sampled_from(["1", "2.5", "", "a", "zoë", '"q,1"', '"two\nlines"', '"a ""b"" c"', '""', '5"', " 7", '" b"', "True", "-"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=2, max_size=8), st.integers(0, 60), st.integers(1, 9), st.sampled_from(["\n", "\r\n"]),
       st.booleans())
@example([("1", '"q,1"'), ("a", "2.5")], 8, 1, "\r\n", True)
def test_wherever_a_file_is_cut_the_rows_before_are_as_they_stand(rows: list[tuple[str, str]], after: int, piece: int, end: str,
                                                                  marked: bool) -> None:
    header = "track,x,y" + end
    raw = (header + "".join(f"7,{','.join(row)}{end}" for row in rows)).encode("utf-8-sig" if marked else "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("irlcore.tracks.files.unpack.PIECE", piece)
        patch.setattr(csv_text, "HEAD", len(header) + 3 + after)
        seen = preview_table(raw, rows=5)
    known = {"skipinitialspace": True, "dtype": {"track": str}}
    total = len(pd.read_csv(io.BytesIO(raw), **known))  # type: ignore[call-overload]
    assert 0 < len(seen.table) <= min(total, 5) and (not seen.exact or len(seen.table) == seen.rows == total)
    pd.testing.assert_frame_equal(seen.table, pd.read_csv(io.BytesIO(raw), nrows=len(seen.table), **known))  # type: ignore[call-overload]
