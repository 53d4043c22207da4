"""Tables become tracks: projected, sorted, and with every row accounted for as kept or listed as dropped."""

from __future__ import annotations

import io
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irlcore.errors import DataError
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import Imported, read_points
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import LinkTracks, Tracks

EQUATOR = 6378137.0 * math.pi / 180.0  # metres in a degree of longitude at the equator
NORTHING_45 = 4982950.400  # UTM northing of 45 degrees north on a central meridian
AT = {"track": "track", "t": "t", "x": "x", "y": "y"}


def points(text: str, attributes: pd.DataFrame | None = None) -> tuple[Imported, Tracks]:
    table = read_table(text.encode())
    imported = read_points(table, guess_columns(table, "points"), attributes=attributes)
    assert isinstance(imported.tracks, Tracks)
    return imported, imported.tracks


def paths(text: str) -> tuple[Imported, LinkTracks]:
    table = read_table(text.encode())
    imported = read_paths(table, guess_columns(table, "paths"))
    assert isinstance(imported.tracks, LinkTracks)
    return imported, imported.tracks


def done(imported: Imported) -> list[tuple[str, str, str]]:
    return list(imported.problems[["row", "track", "done"]].itertuples(index=False, name=None))


def test_tracks_that_are_interleaved_come_out_whole_and_in_order_of_time() -> None:
    imported, tracks = points("track,t,x,y\na,0,1,10\nb,0,5,50\na,2,3,30\nb,1,6,60\na,1,2,20\n")
    assert tracks.ids.tolist() == ["a", "b"]
    assert tracks.offsets.tolist() == [0, 3, 5]
    assert tracks.x.tolist() == [1, 2, 3, 5, 6]
    assert tracks.y.tolist() == [10, 20, 30, 50, 60]
    assert done(imported) == [("6", "a", "repaired: sorted by time")]


def test_a_second_point_at_the_same_time_is_dropped_and_the_first_kept() -> None:
    imported, tracks = points("track,t,x,y\na,0,1,1\na,0,9,9\na,1,2,2\n")
    assert tracks.x.tolist() == [1, 2]
    assert done(imported) == [("3", "a", "dropped")]


def test_without_a_time_the_order_of_the_file_counts() -> None:
    _, tracks = points("track,x,y\na,3,0\nb,7,0\na,1,0\nb,8,0\na,2,0\n")
    assert not tracks.timed
    assert tracks.x.tolist() == [3, 1, 2, 7, 8]
    assert tracks.t.tolist() == [0, 1, 2, 0, 1]


@pytest.mark.parametrize(("lat", "crs", "northing"), [(45.0, "EPSG:32632", NORTHING_45),
                                                     (-45.0, "EPSG:32732", 1e7 - NORTHING_45)])
def test_longitude_and_latitude_become_metres_of_their_utm_zone(lat: float, crs: str, northing: float) -> None:
    _, tracks = points(f"track,t,lon,lat\na,0,9,{lat}\na,1,9.001,{lat}\na,2,8.999,{lat}\n")
    assert (tracks.crs, tracks.unit) == (crs, "m")
    assert tracks.x[0] == pytest.approx(500_000.0, abs=1e-3)
    assert tracks.y[0] == pytest.approx(northing, abs=1e-2)
    prime_vertical = 6378137.0 / math.sqrt(1.0 - 0.00669437999 * 0.5)  # sin(45)^2 = 1 / 2
    east = 0.9996 * math.radians(0.001) * prime_vertical * math.cos(math.radians(45.0))
    assert tracks.x[1] - tracks.x[0] == pytest.approx(east, rel=1e-6)
    assert tracks.x[0] - tracks.x[2] == pytest.approx(east, rel=1e-6)


def test_metres_are_preferred_where_a_table_has_both() -> None:
    _, tracks = points("track,t,x,y,lon,lat\na,0,1,2,9,45\na,1,3,4,9,45\n")
    assert tracks.crs is None
    assert tracks.x.tolist() == [1, 3]


@pytest.mark.parametrize(("lon", "lat"), [("400", "45"), ("9", "91"), ("95", "0")],
                         ids=["beyond a whole turn", "beyond the pole", "a quarter round the world"])
def test_a_place_that_cannot_be_on_the_map_is_dropped(lon: str, lat: str) -> None:
    imported, tracks = points(f"track,t,lon,lat\na,0,3,0\na,1,3.1,0\na,2,{lon},{lat}\na,3,3.2,0\n")
    assert np.isfinite(tracks.x).all()
    assert len(tracks.x) == 3
    assert done(imported) == [("4", "a", "dropped")]


@pytest.mark.parametrize("lat", [-82.0, 86.0])
def test_beyond_utm_tracks_lie_on_the_plane_of_the_pole(lat: float) -> None:
    _, tracks = points(f"track,t,lon,lat\na,0,5,{lat}\na,1,5.1,{lat}\n")
    way = math.radians(0.1) * 6_371_000.0 * math.cos(math.radians(lat))
    assert math.hypot(*(np.diff(v)[0] for v in (tracks.x, tracks.y))) == pytest.approx(way, rel=0.02)


def test_what_are_no_degrees_is_refused_with_the_cause() -> None:
    with pytest.raises(DataError, match="hold no degrees") as caught:
        points("track,t,lon,lat\na,0,500000,6100000\na,1,500100,6100100\n")
    assert "x and y" in caught.value.fix
    with pytest.raises(DataError, match="goes beyond 90 degrees") as caught:
        points("track,t,lon,lat\na,0,31.2,121.4\na,1,31.3,121.5\n")
    assert "swapped" in caught.value.fix


SECONDS = {
    "numbers": ["0", "60", "90.5"],
    "ISO with Z": ["1970-01-01T00:00:00Z", "1970-01-01T00:01:00Z", "1970-01-01T00:01:30.5Z"],
    "ISO with a space": ["1970-01-01 00:00:00", "1970-01-01 00:01:00", "1970-01-01 00:01:30.500"],
    "ISO with an offset": ["1970-01-01T02:00:00+02:00", "1970-01-01T01:01:00+01:00", "1970-01-01T00:01:30.5+00:00"],
}


@pytest.mark.parametrize("form", SECONDS)
def test_every_form_of_time_becomes_seconds(form: str) -> None:
    rows = "".join(f"a,{t},{i},0\n" for i, t in enumerate(SECONDS[form]))
    _, tracks = points("track,t,x,y\n" + rows)
    assert tracks.timed
    assert tracks.t.tolist() == [0.0, 60.0, 90.5]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Paris"])
def test_timestamps_of_a_parquet_file_become_seconds_in_any_unit_and_zone(unit: str, zone: str | None) -> None:
    stamps = pd.Series(pd.to_datetime([0, 60_000, 90_500], unit="ms")).dt.as_unit(unit)
    stamps = stamps if zone is None else stamps.dt.tz_localize("UTC").dt.tz_convert(zone)
    out = io.BytesIO()
    pd.DataFrame({"track": "a", "t": stamps, "x": [0, 1, 2], "y": 0}).to_parquet(out)
    imported = read_points(read_table(out.getvalue()), AT)
    assert isinstance(imported.tracks, Tracks)
    assert imported.tracks.t.tolist() == [0.0, 60.0, 90.5]


def test_a_column_that_is_steady_along_every_track_becomes_an_attribute() -> None:
    _, tracks = points("track,t,x,y,kind,speed\nb,0,0,0,cargo,3\nb,1,1,0,cargo,4\na,0,0,0,ferry,5\na,1,1,0,,5\n")
    assert list(tracks.attributes.columns) == ["kind"]
    assert tracks.attributes["kind"].tolist() == ["cargo", "ferry"]
    assert tracks.ids.tolist() == ["b", "a"]


def test_a_table_of_attributes_is_matched_by_track_whatever_its_order() -> None:
    more = pd.DataFrame({"track": [7, 5, 9], "flag": ["NO", "DK", "SE"]})
    _, tracks = points("track,t,x,y\n5,0,0,0\n5,1,1,0\n7,0,0,0\n7,1,1,0\n8,0,0,0\n8,1,1,0\n", more)
    assert tracks.ids.tolist() == ["5", "7", "8"]
    assert tracks.attributes["flag"].tolist() == ["DK", "NO", ""]


@pytest.mark.parametrize("values", [["x", None], [True, None], pd.to_datetime(["2024-03-01", None]),
                                    pd.Series(["x", None], dtype="category")],
                         ids=["text", "yes or no", "date", "category"])
def test_an_attribute_that_is_missing_for_a_track_is_empty_text(values: object) -> None:
    table = pd.DataFrame({"track": ["a", "b"], "path": ["1 2", "3 4"], "kind": values})
    kinds = read_paths(table, {"track": "track", "path": "path"}).tracks.attributes["kind"]
    assert all(isinstance(kind, str) for kind in kinds)
    assert kinds.iloc[0]
    assert kinds.iloc[1] == ""


def test_nothing_usable_is_an_error_that_names_the_first_row() -> None:
    with pytest.raises(DataError) as caught:
        points("track,t,x,y\na,0,1,1\nb,0,1,1\n")
    assert "row 2" in caught.value.what
    assert caught.value.fix


ROW = st.tuples(st.sampled_from(["a", "b", "c", ""]), st.sampled_from([0.0, 1.0, 2.0, math.nan, math.inf]),
                st.sampled_from([0.0, 1.0, math.nan, -math.inf]), st.sampled_from([5.0, math.nan]))


def kept_rows(rows: list[tuple[str, float, float, float]]) -> dict[str, list[int]]:
    """Slowly, track by track: usable rows by time, the first of each time, tracks of two or more."""
    out: dict[str, list[int]] = {}
    for name in dict.fromkeys(row[0] for row in rows if row[0]):
        first = {}
        for i, row in enumerate(rows):
            if row[0] == name and all(math.isfinite(v) for v in row[1:]):
                first.setdefault(row[1], i)
        if len(first) >= 2:
            out[name] = [first[t] for t in sorted(first)]
    return out


@given(st.lists(ROW, max_size=14))
@example([("a", 1.0, 0.0, 5.0), ("a", 0.0, 0.0, 5.0), ("a", 0.0, 1.0, 5.0), ("b", 0.0, 0.0, 5.0), ("", 0.0, 0.0, 5.0)])
def test_every_row_is_kept_or_listed_as_dropped_once(rows: list[tuple[str, float, float, float]]) -> None:
    table = pd.DataFrame(rows, columns=["track", "t", "x", "y"])
    wanted = kept_rows(rows)
    if not wanted:
        with pytest.raises(DataError):
            read_points(table, AT)
        return
    imported = read_points(table, AT)
    tracks = imported.tracks
    assert isinstance(tracks, Tracks)
    kept = dict(zip(tracks.ids, (part.tolist() for part in np.split(tracks.t, tracks.offsets[1:-1])), strict=True))
    assert kept == {name: [rows[i][1] for i in index] for name, index in wanted.items()}
    assert tracks.x.tolist() == [rows[i][2] for name in tracks.ids for i in wanted[name]]
    dropped = imported.problems.loc[imported.problems["done"] == "dropped", "row"]
    all_rows = set(range(len(rows)))
    assert sorted(int(row) - 2 for row in dropped) == sorted(all_rows - {i for index in wanted.values() for i in index})
    assert imported.rows_kept + imported.rows_dropped == len(rows)
    assert imported.rows_kept == len(tracks.x)
    assert imported.tracks_kept + imported.tracks_dropped == len({row[0] for row in rows if row[0]})


@pytest.mark.parametrize("path", ["12_7_9", "12 7 9", "12;7;9", '"12,7,9"', '"12, 7, 9"', "_12__7_9_"])
def test_link_ids_may_be_parted_by_any_common_sign(path: str) -> None:
    _, tracks = paths(f"track,path\na,{path}\n")
    assert tracks.links.tolist() == ["12", "7", "9"]


def test_one_row_a_step_gives_the_same_tracks_as_one_row_a_track() -> None:
    _, long = paths("track,step,link,kind\na,2,9,car\nb,0,3,van\na,0,12,car\na,1,7,car\nb,1,4,van\n")
    _, wide = paths("track,path,kind\na,12_7_9,car\nb,3_4,van\n")
    assert long.ids.tolist() == wide.ids.tolist()
    assert long.offsets.tolist() == wide.offsets.tolist()
    assert long.links.tolist() == wide.links.tolist()
    pd.testing.assert_frame_equal(long.attributes, wide.attributes)


def test_bad_rows_of_both_kinds_of_path_table_are_listed_and_counted() -> None:
    imported, tracks = paths("track,path\na,1_2\nb,1\na,3_4\n,5_6\nc,\n")
    assert tracks.ids.tolist() == ["a"]
    assert sorted(done(imported)) == [("3", "b", "dropped"), ("4", "a", "dropped"), ("5", "", "dropped"),
                                      ("6", "c", "dropped")]
    assert (imported.rows_kept, imported.rows_dropped) == (1, 4)
    imported, tracks = paths("track,step,link\na,0,1\na,one,5\na,1,2\nb,0,1\n,0,1\n")
    assert tracks.links.tolist() == ["1", "2"]
    assert sorted(done(imported)) == [("3", "a", "dropped"), ("5", "b", "dropped"), ("6", "", "dropped")]
    assert (imported.rows_kept, imported.rows_dropped) == (2, 3)


def test_a_place_beyond_all_others_is_listed_and_dropped() -> None:
    """The span of two such places is no number, and no grid can be laid over it."""
    table = pd.DataFrame({"track": ["a"] * 4, "x": [0.0, 1.0, 1e308, -1e308], "y": [0.0] * 4})
    found = read_points(table, {"track": "track", "x": "x", "y": "y"})
    assert found.rows_kept == 2 and found.rows_dropped == 2
    assert len(found.problems) == 2 and "not a usable number" in found.problems["what"].iloc[0]
