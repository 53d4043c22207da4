"""Columns that only Parquet has: points as bytes, durations, times of day, and what pandas keeps beside a table."""

from __future__ import annotations

import datetime
import io
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from irlcore.budget import TooLarge
from irlcore.tracks.cells import numbers
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.files.parquet import LEFT_OUT
from irlcore.tracks.readers import preview_table, read_table

AT = [(10.25, 55.5), (10.5, 55.75), (-179.5, -82.0)]
POINTS = [shapely.Point(*at) for at in AT]


def both(table: pd.DataFrame | pa.Table, **options: object) -> pd.DataFrame:
    """The table as the preview and as the whole reading have it, which must be the same."""
    out = io.BytesIO()
    made = table if isinstance(table, pa.Table) else pa.Table.from_pandas(table)
    pq.write_table(made, out, **options)
    read, seen = read_table(out.getvalue(), "p.parquet"), preview_table(out.getvalue(), "p.parquet", 5000)
    pd.testing.assert_frame_equal(seen.table, read)
    assert seen.table.attrs == read.attrs
    return read


def geo(cells: list[bytes | None], kind: pa.DataType | None = None, name: str = "geometry") -> pa.Table:
    return pa.table({"track": ["a"] * len(cells), name: pa.array(cells, kind or pa.binary()), "t": list(range(len(cells)))})


WRITTEN = {
    "WKB": {}, "the other order of bytes": {"byte_order": 0}, "EWKB": {"include_srid": True}, "of the standard": {"flavor": "iso"},
}


@pytest.mark.parametrize("how", WRITTEN)
@pytest.mark.parametrize("dimension", [2, 3])
@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()], ids=str)
def test_points_of_geoparquet_are_lon_and_lat(how: str, dimension: int, kind: pa.DataType) -> None:
    places = shapely.set_srid([shapely.Point(*at, 7.0) if dimension == 3 else shapely.Point(*at) for at in AT], 4326)
    cells = [shapely.to_wkb(one, output_dimension=dimension, **WRITTEN[how]) for one in places]
    table = both(geo([cells[0], None, cells[1], cells[2]], kind))
    assert table.columns.tolist() == ["track", "lon", "lat", "t"] and {"lon", "lat"} <= set(guess_columns(table, "points"))
    np.testing.assert_array_equal(table[["lon", "lat"]], [AT[0], (np.nan, np.nan), AT[1], AT[2]])
    assert table.attrs == {"said": ["The points of geometry are the columns lon and lat."]}


def test_points_that_are_no_degrees_and_whatever_the_column_is_called() -> None:
    table = both(geo([shapely.to_wkb(shapely.Point(500_000 + k, 6e6)) for k in range(3000)], name="where"), row_group_size=700)
    assert table.columns.tolist() == ["track", "x", "y", "t"] and table["x"].tolist() == [500_000 + k for k in range(3000)]


PLANE = {"type": "ProjectedCRS", "name": "UTM", "id": {"authority": "EPSG", "code": 25832}}
NAMED = {"plane": (PLANE, "EPSG:25832"), "degrees": ({"type": "GeographicCRS", "id": {"authority": "EPSG", "code": 4258}}, ""),
         "none": (None, ""),
         "no number": ({"type": "ProjectedCRS"}, ""), "a text": ("EPSG:25832", "")}


@pytest.mark.parametrize("name", NAMED)
def test_the_projection_that_geoparquet_names_is_told(name: str) -> None:
    crs, wanted = NAMED[name]
    notes = {b"geo": json.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"crs": crs}}}).encode()}
    table = both(geo([shapely.to_wkb(shapely.Point(500_000, 6e6))]).replace_schema_metadata(notes))
    assert table.attrs.get("crs", "") == wanted and any("EPSG:25832" in one for one in table.attrs["said"]) == bool(wanted)
    links = pa.table({"link": ["a"], "u": [1], "v": [2], "geometry": [shapely.to_wkb(shapely.LineString(AT))]})
    assert both(links.replace_schema_metadata(notes)).attrs.get("crs", "") == wanted
    for broken in (b"\xff", b"[" * 1000, b"{}", b'{"columns": 5}', b" " * 300_000):
        assert "crs" not in both(geo([shapely.to_wkb(POINTS[0])]).replace_schema_metadata({b"geo": broken})).attrs


MIXED = {"a line among them": [shapely.to_wkb(POINTS[0]), shapely.to_wkb(shapely.LineString(AT))],
         "a stub": [shapely.to_wkb(POINTS[0]), b"\1"],
         "lines": [shapely.to_wkb(shapely.LineString(AT))], "nothing": [None, None], "other bytes": [b"\1\2\3" * 7],
         "two ways of writing": [shapely.to_wkb(POINTS[0]), shapely.to_wkb(POINTS[0], byte_order=0)]}


@pytest.mark.parametrize("cells", MIXED.values(), ids=MIXED)
def test_bytes_that_are_not_all_points_are_left_out_and_named(cells: list[bytes | None]) -> None:
    table = both(geo(cells))
    assert table.columns.tolist() == ["track", "t"] and table.attrs == {LEFT_OUT: ["geometry"]}


def test_points_beside_columns_that_say_where_they_are_are_not_needed() -> None:
    table = both(geo([shapely.to_wkb(one) for one in POINTS]).append_column("Longitude", pa.array([1.0, 2.0, 3.0])))
    assert table.columns.tolist() == ["track", "t", "Longitude"] and table.attrs == {LEFT_OUT: ["geometry"]}


def test_points_are_asked_of_the_budget_as_other_bytes_are(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    pq.write_table(geo([shapely.to_wkb(POINTS[0])] * 20_000), out)
    monkeypatch.setattr("irlcore.tracks.files.parquet.SMALL", 1e5)
    monkeypatch.setattr("irlcore.tracks.files.unpack.SMALL", 1e5)
    monkeypatch.setenv("MOTIVE_LIMITS", "ratio=1e9 unpacked=1_200_000")
    with pytest.raises(TooLarge):
        read_table(out.getvalue())
    monkeypatch.setenv("MOTIVE_LIMITS", "ratio=1e9 unpacked=1_300_000")
    assert len(read_table(out.getvalue())) == 20_000


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_durations_are_seconds(unit: str) -> None:
    table = both(pa.table({"track": ["a"] * 3, "t": pa.array([0, None, 90], pa.duration(unit))}))
    per = {"s": 1, "ms": 1e3, "us": 1e6, "ns": 1e9}[unit]
    np.testing.assert_array_equal(table["t"], [0, np.nan, 90 / per])
    assert table.attrs["said"] == ["t holds durations: they are read in seconds."]
    whole = pd.DataFrame({"track": ["a", "a"], "t": pd.to_timedelta(["1 day 00:00:01.5", "-1s"])})
    assert both(whole)["t"].tolist() == [86_401.5, -1.0]


@pytest.mark.parametrize("kind", [pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns")], ids=str)
def test_times_of_day_are_text(kind: pa.DataType) -> None:
    day = pa.array([datetime.time(10, 2, 3), None], pa.time64("us")).cast(kind)
    cells = both(pa.table({"track": ["a", "a"], "time": day}))["time"]
    assert cells.iloc[0].startswith("10:02:03") and float("0" + cells.iloc[0][8:] or 0) == 0.0 and pd.isna(cells.iloc[1])


def test_kinds_that_pandas_has_are_columns() -> None:
    given = pd.DataFrame({
        "track": pd.Categorical(["p", "q", None]), "t": pd.date_range("2024-03-31", periods=3, freq="12h", tz="Europe/Paris"),
        "whole": pd.array([2**53 + 1, None, 3], "Int64"), "part": pd.array([1.5, None, 3], "Float64"),
        "yes": pd.array([True, None, False], "boolean"), "word": pd.array(["x", None, "y"], "string"),
        "lists": [[1], [2], None], "records": [{"a": 1}] * 3, "day": pd.period_range("2024", periods=3, freq="D")})
    table = both(given)
    assert table.columns.tolist() == ["track", "t", "whole", "part", "yes", "word"]
    assert table.attrs == {LEFT_OUT: ["lists", "records", "day"]}
    assert table["t"].dt.tz is not None and (table["t"] == given["t"]).all() and table["whole"].iloc[0] == 2**53 + 1
    np.testing.assert_array_equal(numbers(table, "part"), [1.5, np.nan, 3.0])
    assert [None if pd.isna(one) else one for one in table["yes"]] == [True, None, False] and table["word"].iloc[2] == "y"
    assert [None if pd.isna(one) else one for one in table["track"]] == ["p", "q", None]


@pytest.mark.parametrize("index", [["t"], ["track", "t"]], ids=str)
def test_an_index_with_a_name_is_a_column(index: list[str]) -> None:
    given = pd.DataFrame({"track": ["a", "a"], "t": pd.to_datetime(["2024-01-01", "2024-01-02"]), "lon": [1.0, 2.0], "lat": [3.0, 4.0]})
    table = both(given.set_index(index))
    assert sorted(table.columns) == sorted(given.columns) and table["t"].tolist() == given["t"].tolist()
