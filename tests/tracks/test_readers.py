"""Files become tables whatever their separator, encoding or packing; columns and roles are guessed by name."""

from __future__ import annotations

import codecs
import gzip
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.tracks.cells import names, numbers
from irlcore.tracks.columns import guess_columns, guess_role, need
from irlcore.tracks.readers import preview_table, read_table
from irlcore.tracks.sources import Role

ROWS = "track,t,x\na,0,1.5\nb,1,2.5\n"
TABLE = pd.DataFrame({"track": ["a", "b"], "t": [0, 1], "x": [1.5, 2.5]})


def parquet(table: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    table.to_parquet(out)
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", ", "])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_separator_and_line_end_gives_the_same_table(separator: str, newline: str) -> None:
    raw = ROWS.replace(",", separator).replace("\n", newline).encode()
    pd.testing.assert_frame_equal(read_table(raw), TABLE)


def test_the_separator_is_the_commonest_sign_of_the_header() -> None:
    table = read_table(b"track;path\na;1,2,3\nb;4,5\n")
    assert list(table.columns) == ["track", "path"]
    assert table["path"].tolist() == ["1,2,3", "4,5"]


@pytest.mark.parametrize("raw", [b'{"type": "FeatureCollection",\n"features": []}\n', b'\xef\xbb\xbf [{"a": 1, "b": 2},\n{"a": 3}]',
                                 b"[" * 2_000_000])
def test_geojson_among_the_tables_is_called_that(raw: bytes) -> None:
    """A real one was said to have "a header but no rows"."""
    with pytest.raises(DataError, match="JSON, not a table") as told:
        read_table(raw, "zones.geojson")
    assert "Features page" in told.value.fix


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_accents_survive_every_encoding(encoding: str) -> None:
    table = read_table("track,straße\nzoë,1\n".encode(encoding))
    assert list(table.columns) == ["track", "straße"]
    assert table["track"].tolist() == ["zoë"]


def test_an_accent_far_down_the_file_does_not_hide_the_first_column_behind_a_mark() -> None:
    raw = "track,x\n".encode("utf-8-sig") + b"a,1\n" * 40_000 + "zoë,2\n".encode()
    table = read_table(raw)
    assert list(table.columns) == ["track", "x"]
    assert table["track"].iloc[-1] == "zoë"


@pytest.mark.parametrize("piece", [1, 2, 3, 4, 1 << 20])
def test_a_mark_of_utf_8_is_no_part_of_a_name_whatever_follows(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One accent in another encoding, and the first column was called by the mark's three bytes: no column of tracks was found."""
    monkeypatch.setattr("irlcore.tracks.files.unpack.PIECE", piece)
    for rest in ("track,x\nzoë,1\n".encode("latin-1"), "track,x\nzoë,1\n".encode(), "\n\ntrack,x\nzoë,1\n".encode("latin-1")):
        for table in (read_table(codecs.BOM_UTF8 + rest), preview_table(codecs.BOM_UTF8 + rest).table):
            assert table.to_dict("list") == {"track": ["zoë"], "x": [1]}
    with pytest.raises(DataError, match="is empty"):
        read_table(codecs.BOM_UTF8)


def test_quoted_fields_keep_their_separators() -> None:
    assert read_table(b'track,"note, long"\na,"x, y"\n').to_dict("list") == {"track": ["a"], "note, long": ["x, y"]}


def test_paths_bytes_and_open_files_are_read_alike(tmp_path: Path) -> None:
    where = tmp_path / "tracks.csv"
    where.write_text(ROWS)
    for source in (where, str(where), ROWS.encode(), io.BytesIO(ROWS.encode())):
        pd.testing.assert_frame_equal(read_table(source), TABLE)


def test_gzip_is_told_by_its_content_not_its_name() -> None:
    pd.testing.assert_frame_equal(read_table(gzip.compress(ROWS.encode()), "tracks.csv"), TABLE)


def test_parquet_is_told_by_its_content_and_may_be_gzipped() -> None:
    pd.testing.assert_frame_equal(read_table(parquet(TABLE), "tracks.csv"), TABLE)
    pd.testing.assert_frame_equal(read_table(gzip.compress(parquet(TABLE))), TABLE)


PACKED = gzip.compress(b"".join(b"a,%d,1.5\n" % i for i in range(1000)))
BROKEN = {
    "cut short": PACKED[:-6],
    "flipped in the middle": PACKED[:200] + bytes([PACKED[200] ^ 0xFF]) + PACKED[201:],
    "flipped checksum": PACKED[:-8] + bytes([PACKED[-8] ^ 0xFF]) + PACKED[-7:],
    "parquet cut short": parquet(TABLE)[:-20],
    "parquet without rows": parquet(TABLE.iloc[:0]),
    "two bytes a letter, cut short": ROWS.encode("utf-16")[:-3],
    "open quote": b'track,x\n"a,1\nb,2\n',
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_refused_by_its_name(kind: str) -> None:
    with pytest.raises(DataError) as caught:
        read_table(BROKEN[kind], "/data/march/tracks.bin")
    assert "tracks.bin" in caught.value.what
    assert caught.value.fix


def test_a_missing_file_is_named_without_its_folders(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_table(tmp_path / "gone.csv")
    assert caught.value.what.startswith("gone.csv")
    assert caught.value.fix


ROLES: list[tuple[str, Role]] = [
    ("track,t,x,y", "points"),
    ("mmsi,timestamp,longitude,latitude", "points"),
    ("Trip_ID,DateTime,LON,LAT", "points"),
    ("track,path", "paths"),
    ("track,step,link", "paths"),
    ("link,u,v,length", "links"),
    ("link_id,wkt", "links"),
    ("from_link,to_link,turn_deg", "transitions"),
    ("node,x,y", "nodes"),
    ("osmid,lon,lat", "nodes"),
    ("track,class,period", "attributes"),
    ("colour,size", "unknown"),
]


@pytest.mark.parametrize(("header", "role"), ROLES, ids=lambda v: str(v))
def test_what_a_table_holds_is_guessed_from_its_header(header: str, role: Role) -> None:
    assert guess_role(pd.DataFrame(columns=header.split(","))) == role


def test_columns_are_guessed_whatever_their_case_and_keep_their_own_spelling() -> None:
    table = pd.DataFrame(columns=["MMSI", "TimeStamp", "Lon", "LATITUDE", "speed"])
    assert guess_columns(table, "points") == {"track": "MMSI", "t": "TimeStamp", "lon": "Lon", "lat": "LATITUDE"}


def test_the_more_telling_name_wins_over_a_mere_id() -> None:
    table = pd.DataFrame(columns=["id", "track_id", "x", "y"])
    assert guess_columns(table, "points")["track"] == "track_id"


def test_every_missing_part_is_named_with_the_columns_there_are() -> None:
    table = pd.DataFrame(columns=["track", "east"])
    with pytest.raises(DataError) as caught:
        need(table, {"track": "track", "x": "easting"}, ("track", "x", "y"), "points")
    assert "x, y" in caught.value.what
    assert "east" in caught.value.what
    assert caught.value.fix


@pytest.mark.parametrize("values", [[7, 8], [7.0, 8.0], ["7", "8"], [" 7", "8 "]], ids=str)
def test_an_id_is_the_same_however_its_column_was_read(values: list[object]) -> None:
    assert names(pd.Series(values)).tolist() == ["7", "8"]


def test_an_id_stays_whole_where_an_empty_cell_turned_the_column_into_decimals() -> None:
    assert names(read_table(b"track,x\n7,1\n,2\n")["track"]).tolist() == ["7", ""]
    assert names(read_table(b"track,x\n123456789,1\n,2\n")["track"]).tolist() == ["123456789", ""]


def test_decimal_ids_are_kept_as_they_are() -> None:
    assert names(pd.Series([7.25, 8.5])).tolist() == ["7.25", "8.5"]


def test_what_is_no_finite_number_becomes_nan() -> None:
    table = pd.DataFrame({"x": ["1.5", "-2e3", "north", "", "inf", None]})
    np.testing.assert_array_equal(numbers(table, "x"), [1.5, -2000.0, np.nan, np.nan, np.nan, np.nan])
