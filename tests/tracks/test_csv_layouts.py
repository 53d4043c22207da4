"""CSV as people have it: lines above the header, none, names twice or missing, separators at line ends, blanks between columns."""

from __future__ import annotations

import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.tracks.readers import preview_table, read_table

ROWS = [("v0", 1700000000, 10.5, 55.25), ("v0", 1700000060, 10.75, 55.5), ("v1", 1700000000, 11.0, 55.0)]
TABLE = pd.DataFrame(ROWS, columns=["track", "t", "lon", "lat"])


def written(separator: str = ",", header: str | None = "track,t,lon,lat", end: str = "\n", after: str = "") -> str:
    lines = ([] if header is None else [header.replace(",", separator)]) + [separator.join(map(str, row)) for row in ROWS]
    return "".join(line + after + end for line in lines)


def both(text: str | bytes, name: str = "points.csv", **options: object) -> pd.DataFrame:
    """The table as the preview and as the whole reading have it, which must be the same."""
    raw = text.encode() if isinstance(text, str) else text
    table, seen = read_table(raw, name, **options), preview_table(raw, name, 1000, **options)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(seen.table, table)
    assert seen.table.attrs == table.attrs and seen.exact and seen.rows == len(table)
    return table


ABOVE = {
    "remarks": "# exported by logger 3.2\n# unit: degrees, WGS84\n", "remarks of the language C": "// one\n// two, three, four, five\n",
    "remarks with a number of commas": "# a, b, c, d\n# e: f, g, h, i\n",
    "a title": "Positions of the ferry\n", "a title and a blank line": "Positions of the ferry\n\n",
    "keys and values": "Device: GPS 7\nDate: 2024-03-01\nUnits: degrees, metres\n",
    "keys in a column": "Device,GPS 7\nOwner,harbour\n",
    "filled up, as sheets are": "Report,,,\nDate,2024-03-01,,\n,,,\n",
    "a quoted title": '"Positions, all"\n', "what Excel reads": "sep=,\n",
    "blank lines": "\n\n\r\n", "a title of two lines, a remark": "Export\nby hand\n# note\n",
}


@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_lines_above_the_header_are_left_out_and_told(above: str, separator: str) -> None:
    text = ABOVE[above] if above.startswith("remarks") else ABOVE[above].replace(",", separator)
    table = both(text + written(separator))
    pd.testing.assert_frame_equal(table, TABLE)
    said = table.attrs.get("said", [])
    assert any("left out" in one for one in said) == (above not in ("blank lines", "what Excel reads"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " ", "   "])
@pytest.mark.parametrize("above", ["", "# of the harbour\n"])
def test_a_file_without_a_header_loses_no_row(separator: str, above: str) -> None:
    table = both(above + written(separator, None))
    assert table.columns.tolist() == [f"column {k}" for k in (1, 2, 3, 4)]
    assert table.to_numpy().tolist() == TABLE.to_numpy().tolist()
    assert any("no header" in one for one in table.attrs["said"])


HEADLESS = {
    "T-Drive": "1,2008-02-02 15:40:08,116.510,39.910\n1,2008-02-02 15:41:08,116.511,39.911\n",
    "a day first": "7;01/03/2024 10:00;10.5;55.5\n7;01/03/2024 10:01;10.6;55.5\n",
    "decimal commas": "7;10:00:00;10,5;55,5\n7;10:01:00;10,6;55,5\n", "whole numbers": "1\t1\t5\t5\n1\t2\t5\t6\n",
    "numbers of walkers": "  780.0   1.0   8.4568395e+00   3.5880664e+00\n  790.0   1.0   9.1  3.6\n",
    "a word first": "taxi,1700000000,10,55\ntaxi,1700000060,11,55\n",
}


@pytest.mark.parametrize("text", HEADLESS.values(), ids=HEADLESS)
def test_a_first_line_of_values_is_no_header(text: str) -> None:
    table = both(text)
    assert len(table) == 2 and table.columns[0] == "column 1" and table.shape[1] == 4


NAMED = {"numbers from 0": "0,1,2\na,5,6\nb,7,8\n", "numbers from 1": "1,2,3\n4,5,6\n7,8,9\n", "years": "track,2019,2020\na,5,6\nb,7,8\n",
         "words over words": "name,kind\nana,stork\nbob,tern\n", "dates over numbers": "track,2020-01-01,2020-01-02\na,5,6\nb,7,8\n",
         "one row": "a,1.5,2.5\nb,3.5,4.5\n"}


@pytest.mark.parametrize("name", [one for one in NAMED if one != "one row"])
def test_a_first_line_that_can_be_a_header_is_one(name: str) -> None:
    first, *rows = NAMED[name].splitlines()
    table = both(NAMED[name])
    assert table.columns.tolist() == first.split(",") and len(table) == len(rows)


@pytest.mark.parametrize("mark", ["# ", "#", "// ", "% "])
def test_a_header_that_begins_as_a_remark_does_is_a_header(mark: str) -> None:
    """As the AIS of Denmark has it."""
    text = (f"{mark}Timestamp,Type of mobile,MMSI,Latitude\n01/03/2024 00:00:00,Class A,219000,55.0\n"
            "01/03/2024 00:10:00,Class A,219000,55.01\n")
    table = both(text)
    assert table.columns.tolist() == ["Timestamp", "Type of mobile", "MMSI", "Latitude"] and len(table) == 2
    assert "said" not in table.attrs
    again = both("# made by hand\n" + text)
    assert again.columns.tolist() == table.columns.tolist() and len(again) == 2
    words = both(f"{mark}name,kind\nana,stork\nbob,tern\n")
    assert words.columns.tolist() == ["name", "kind"] and len(words) == 2


def test_a_header_that_begins_as_a_remark_does_may_stand_apart_by_blanks() -> None:
    """As numpy writes it: one word more than the rows have values."""
    for mark in ("# ", "#", "#  "):
        assert both(f"{mark}t x y\n0.0 1.0 2.0\n1.0 1.5 2.5\n").to_dict("list") == {"t": [0.0, 1.0], "x": [1.0, 1.5], "y": [2.0, 2.5]}
    assert both("#,track,lon\n1,a,10.5\n2,b,10.6\n").columns.tolist() == ["#", "track", "lon"]
    with pytest.raises(DataError, match="line 4 has 5 values, the header 4 names"):
        read_table(b"# id,t,x,y\n1,2,3.5,4\n1,2,3.5,4\n1,2,3.5,4,5\n")


def test_names_twice_are_told_apart_and_names_that_are_missing_are_made() -> None:
    table = both("track,lat,lat,lat (2), ,lat\na,1,2,3,4,5\n")
    assert table.columns.tolist() == ["track", "lat", "lat (3)", "lat (2)", "column 5", "lat (4)"]
    assert table.iloc[0].tolist() == ["a", 1, 2, 3, 4, 5]
    said = " ".join(table.attrs["said"])
    assert "'lat (3)'" in said and "'lat (4)'" in said and "column 5" in said


def test_an_index_without_a_name_is_a_column_and_an_empty_one_is_none() -> None:
    assert both(",track,x\n0,a,1\n1,b,2\n").columns.tolist() == ["column 1", "track", "x"]
    assert both("track,x,\na,1,\nb,2,\n").columns.tolist() == ["track", "x"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_at_the_ends_of_rows_are_no_column(separator: str) -> None:
    head, rows = written(separator).split("\n", 1)
    text = head + "\n" + rows.replace("\n", separator + "\n")
    pd.testing.assert_frame_equal(both(text), TABLE)
    pd.testing.assert_frame_equal(both(written(separator, after=separator)), TABLE)
    long = head + "\n" + rows.replace("\n", separator + "\n") * 200 + separator.join(["v1", "1", "2", "3", "4"]) + "\n"
    with pytest.raises(DataError, match=r"Row 602 of points.csv has 5 values, its header 4 names") as told:
        read_table(long.encode(), "points.csv")
    assert "quotes" in told.value.fix


def test_a_row_of_too_many_values_is_named_by_its_line() -> None:
    with pytest.raises(DataError, match=r"line 5 has 6 values, the header 4 names") as told:
        read_table((written() + "v1,1,2,3,4,5\n").encode(), "p.csv")
    assert "decimal commas" in told.value.fix
    with pytest.raises(DataError, match=r"line 7 has 6 values"):
        read_table(("# one\n# two\n" + written() + "v1,1,2,3,4,5\n").encode(), "p.csv")


@pytest.mark.parametrize("first", [["1", "4"], ["a", "b"], ["3", "4"], ["0", "5"]])
@pytest.mark.parametrize("reading", [read_table, preview_table])
def test_rows_that_are_longer_than_the_header_are_refused_whatever_they_begin_with(first: list[str], reading: object) -> None:
    """Their first values became an index, and were lost, where they were equally far apart."""
    assert callable(reading)
    with pytest.raises(DataError, match="more values than the header has names"):
        reading(f"track,x\n{first[0]},2,3\n{first[1]},5,6\n".encode(), "p.csv")


@pytest.mark.parametrize("start", [0, 1])
def test_rows_that_are_numbered_and_not_named_as_r_writes_them(start: int) -> None:
    table = both("".join(f'"{k}",' * (k >= start) + line for k, line in enumerate(written().splitlines(keepends=True), start - 1)))
    assert table.columns.tolist() == ["column 1", "track", "t", "lon", "lat"]
    pd.testing.assert_frame_equal(table.drop(columns="column 1"), TABLE)


def test_rows_that_are_short_are_filled_with_nothing() -> None:
    table = both("track,x,y\na,1,2\nb\nc,3\n")
    assert table["y"].isna().tolist() == [False, True, True] and table["track"].tolist() == ["a", "b", "c"]


def test_blanks_between_columns_however_many() -> None:
    table = both("track  lon   lat\n  a   10.5  55\n  b  11.5 56\n")
    assert table.to_dict("list") == {"track": ["a", "b"], "lon": [10.5, 11.5], "lat": [55, 56]}
    with pytest.raises(DataError, match="one column only"):
        read_table(b"These are the positions of the ferry\nand of two other boats\nin a week of March\n")


def test_ids_that_the_caller_names_keep_their_text() -> None:
    raw = b"plate,when,lon\n007,1,2\n7,2,3\n"
    assert read_table(raw)["plate"].tolist() == [7, 7]
    for table in (both(raw, texts=["plate"]), both(raw, texts={"plate", "gone"})):
        assert table["plate"].tolist() == ["007", "7"] and table["lon"].tolist() == [2, 3]
    assert both("1,10.5,55.5\n007,10.6,55.5\n".replace("1,", "001,", 1), texts=["column 1"])["column 1"].tolist() == ["001", "007"]


def test_a_header_far_down_among_chunks_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Harbour of the north\nsince 1907\n" + written().replace("55.0", "north") + written(header=None) * 10
    whole = both(text)
    for piece in (1, 3, 7):
        monkeypatch.setattr("irlcore.tracks.files.unpack.PIECE", piece)
        monkeypatch.setattr("irlcore.tracks.files.csv_text.CHUNK", 8)
        pd.testing.assert_frame_equal(read_table(text.encode()), whole)
