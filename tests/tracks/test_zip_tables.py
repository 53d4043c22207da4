"""A zip of several tables of one kind is one table; notes beside them are told; what else a file may be is named."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from benchmarks.hostile.packing import zipped
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.readers import preview_table, read_table

DAY = "track,t,lon,lat\n{k},1,10.5,55.5\n{k},2,10.6,55.6\n"


def day(k: int) -> bytes:
    return DAY.format(k=f"00{k}").encode()


def test_a_file_a_day_becomes_one_table_that_names_its_files() -> None:
    raw = zipped({"march/b.csv": day(2), "march/a.csv": day(1), "read me.md": b"# March", "__MACOSX/._a.csv": b"\0",
                  "march/.hidden.csv": b"\0"})
    table = read_table(raw, "march.zip")
    assert table.columns.tolist() == ["file", "track", "t", "lon", "lat"] and table["file"].tolist() == ["a", "a", "b", "b"]
    assert table["track"].tolist() == ["001", "001", "002", "002"] and isinstance(table.index, pd.RangeIndex)
    assert table.attrs["said"] == ["The 2 tables of the zip are read as one; the column 'file' names them."]
    seen = preview_table(raw, "march.zip")
    pd.testing.assert_frame_equal(seen.table, table.head(2))
    assert (seen.rows, seen.exact) == (4, False)


def test_a_column_called_file_stays_and_what_was_understood_is_told_once() -> None:
    table = read_table(zipped({f"{k}.csv": b"# made by hand\n" + day(k).replace(b"track", b"file") for k in (1, 2)}))
    assert table.columns.tolist()[:2] == ["file (2)", "file"] and table["file (2)"].tolist() == ["1", "1", "2", "2"]
    assert table.attrs["said"][1:] == ["The line above the header is left out."]


def test_texts_that_a_caller_names_and_progress_hold_for_all_of_them() -> None:
    seen: list[float] = []
    raw = zipped({f"{k}.csv": day(k).replace(b"track", b"animal") for k in range(3)})
    table = read_table(raw, "z.zip", Control(lambda done, total, message: seen.append(done / total)), texts=["animal"])
    assert table["animal"].tolist() == ["000", "000", "001", "001", "002", "002"] and seen == sorted(seen)


def test_a_day_without_rows_is_no_hindrance_and_geolife_keeps_its_names() -> None:
    plt = "Geolife trajectory\nWGS 84\nAltitude is in Feet\nReserved 3\n0,2,255,My Track,0,0,2,8421376\n0\n"
    rows = "39.9,116.3,0,-777,39744.12,2008-10-23,02:53:04\n39.8,116.3,0,100,39744.13,2008-10-23,02:53:10\n"
    table = read_table(zipped({"000/Trajectory/20081023.plt": (plt + rows).encode(), "001/20081024.plt": (plt + rows).encode()}))
    assert table.columns.tolist() == ["file", "track", "lat", "lon", "altitude_ft", "date", "time"]
    assert table["track"].tolist() == ["20081023"] * 2 + ["20081024"] * 2 and table["altitude_ft"].isna().tolist() == [True, False] * 2
    for names in ("ab", "ba"):
        raw = zipped({f"{names[0]}.csv": day(1), f"{names[1]}.csv": b"track,t,lon,lat\n"})
        assert len(read_table(raw)) == 2 and len(preview_table(raw).table) == 2


def test_one_file_of_geolife_is_called_as_it_is() -> None:
    plt = (b"Geolife trajectory\r\nWGS 84\r\nAltitude is in Feet\r\nReserved 3\r\n0,2,255,My Track,0,0,2,8421376\r\n0\r\n"
           b"39.9,116.3,0,492,1,2008-10-23,02:53:04\r\n")
    for table in (read_table(plt, "/data/20081023025304.plt"), preview_table(plt, "/data/20081023025304.plt").table):
        assert table.to_dict("list") == {"track": ["20081023025304"], "lat": [39.9], "lon": [116.3], "altitude_ft": [492],
                                         "date": ["2008-10-23"], "time": ["02:53:04"]}


def test_a_table_beside_notes_is_read_and_the_notes_are_told() -> None:
    table = read_table(zipped({"a.csv": day(1), "licence.txt": b"as you like", "about.json": b"{}"}))
    assert "file" not in table and table.attrs["said"] == ["Left out of the zip: about.json, licence.txt."]
    gpx = b'<gpx><trk><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>'
    assert read_table(zipped({"day.gpx": gpx, "about.json": b"{}"}))["track"].tolist() == ["day"]


OTHERS = {
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old Excel workbook"),
    "geopackage": (b"SQLite format 3\0" + bytes(100), "as a database"),
    "netcdf": (b"\x89HDF\r\n\x1a\n" + bytes(100), "NetCDF"), "feather": (b"ARROW1\0\0" + bytes(100), "Feather"),
    "shapefile": (b"\0\0\x27\x0a" + bytes(100), "no shapes"), "pdf": (b"%PDF-1.7\n%abc", "PDF"),
    "fit": (b"\x0e\x10\0\0\0\0\0\0.FIT" + bytes(50), "FIT"),
    "zip of a shapefile": (zipped({"roads.shp": b"\0\0\x27\x0a", "roads.dbf": b""}), "no shapefile"),
    "kmz": (zipped({"doc.kml": b"<kml/>"}), "no track and no line"),
    "receiver": (b"$GPGGA,123519,4807.038,N\n$GPRMC,1,2,3\n", "NMEA"),
    "raw AIS": (b"!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24\n", "AIS"),
    "open document": (zipped({"mimetype": b"", "content.xml": b""}), "OpenDocument"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_kinds_of_files_are_called_what_they_are(name: str) -> None:
    for reading in (read_table, preview_table):
        with pytest.raises(DataError, match=OTHERS[name][1]) as told:
            reading(OTHERS[name][0], "x.bin")  # type: ignore[operator]
        assert "x.bin" in told.value.what and told.value.fix


def test_tables_of_parquet_in_a_zip_are_one_table_too() -> None:
    parts = {}
    for k in (1, 2):
        out = io.BytesIO()
        pd.DataFrame({"track": ["a"], "x": [k], "list": [[1]]}).to_parquet(out)
        parts[f"{k}.parquet"] = out.getvalue()
    table = read_table(zipped(parts))
    assert table["x"].tolist() == [1, 2] and table.attrs["left_out"] == ["list"]
