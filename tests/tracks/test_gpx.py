"""GPX: tracks, segments and routes as points; waypoints told; XML that declares or hides something refused."""

from __future__ import annotations

import gzip

import numpy as np
import pandas as pd
import pytest

from irlcore.budget import TooLarge
from irlcore.engine import Control
from irlcore.errors import Cancelled
from irlcore.tracks.readers import preview_table, read_table
from tests.tracks.refusing import refused_at_no_cost

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1" creator="t">'


def point(lat: object, lon: object, time: str = "", ele: str = "", kind: str = "trkpt") -> str:
    more = (f"<ele>{ele}</ele>" if ele else "") + (f"<time>{time}</time>" if time else "")
    return f'<{kind} lat="{lat}" lon="{lon}">{more}<extensions><speed>3</speed><name>no</name></extensions></{kind}>'


WALK = ("<metadata><name>all</name><time>2020-01-01T00:00:00Z</time></metadata><wpt lat='1' lon='2'><name>hut</name><ele>5</ele></wpt>"
        f"<trk><name>walk &amp; ride</name><trkseg>{point(55, 10, '2024-03-01T10:00:00Z', '12.5')}"
        f"{point(55.1, 10.1, '2024-03-01T10:01:00Z')}"
        f"</trkseg><trkseg>{point(55.2, 10.2, '2024-03-01T11:00:00Z', '13')}</trkseg></trk><trk><trkseg>{point(1, 2)}</trkseg></trk>"
        f"<rte><name>walk &amp; ride</name>{point(3, 4, kind='rtept')}</rte>")


def gpx(body: str) -> bytes:
    return f"{HEAD}{body}</gpx>".encode()


def test_tracks_segments_and_routes_are_points_in_their_order() -> None:
    table = read_table(gpx(WALK), "day.gpx")
    assert table.columns.tolist() == ["track", "segment", "t", "lon", "lat", "ele"]
    assert table["track"].tolist() == ["walk & ride"] * 3 + ["day 2", "walk & ride (2)"] and table["segment"].tolist() == [1, 1, 2, 1, 1]
    assert table["lat"].tolist() == [55, 55.1, 55.2, 1, 3] and table["lon"].tolist() == [10, 10.1, 10.2, 2, 4]
    assert table["t"].tolist()[:3] == ["2024-03-01T10:00:00Z", "2024-03-01T10:01:00Z", "2024-03-01T11:00:00Z"]
    assert table["t"].isna().tolist() == [False] * 3 + [True] * 2
    np.testing.assert_array_equal(table["ele"], [12.5, np.nan, 13, np.nan, np.nan])
    assert table.attrs["said"] == ["One waypoint is left out: it belongs to no track."]
    seen = preview_table(gpx(WALK), "day.gpx", 2)
    pd.testing.assert_frame_equal(seen.table, table.head(2))
    assert (seen.rows, seen.exact, seen.table.attrs) == (5, True, table.attrs)


def test_columns_that_no_point_has_are_not_there_and_a_track_without_a_name_is_called_as_the_file() -> None:
    for raw in (gpx(f"<trk><trkseg>{point(1, 2)}{point(1, 3)}</trkseg></trk>"),
                gpx(f"<trk><trkseg>{point(1, 2)}{point(1, 3)}</trkseg></trk>").replace(b' xmlns="http://www.topografix.com/GPX/1/1"', b""),
                gzip.compress(gpx(f"<g:trk><g:trkseg>{point(1, 2, kind='g:trkpt')}{point(1, 3, kind='g:trkpt')}</g:trkseg></g:trk>")
                              .replace(b"xmlns=", b"xmlns:g='http://www.topografix.com/GPX/1/1' xmlns="))):
        table = read_table(raw, "2024-03-01 ferry.gpx.gz")
        assert table.columns.tolist() == ["track", "segment", "lon", "lat"] and "said" not in table.attrs
        assert table["track"].tolist() == ["2024-03-01 ferry"] * 2


def test_a_coordinate_that_is_none_stays_a_row_without_a_value() -> None:
    table = read_table(gpx(f"<trk><trkseg>{point('north', 2)}{point(1, '')}{point('nan', 3)}<trkpt/></trkseg></trk>"))
    assert table["lat"].isna().tolist() == [True, False, True, True] and table["lon"].isna().tolist() == [False, True, False, True]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_other_encodings_and_a_mark(encoding: str) -> None:
    text = gpx(f"<trk><name>Zoë</name><trkseg>{point(1, 2)}</trkseg></trk>").decode()
    declared = text.replace("UTF-8", "UTF-16" if encoding == "utf-16" else "UTF-8" if "sig" in encoding else encoding)
    assert read_table(declared.encode(encoding))["track"].tolist() == ["Zoë"]


REFUSED = {
    "a laugh a thousand million times": ('<!DOCTYPE gpx [<!ENTITY a "haha">' + "".join(
        f'<!ENTITY {chr(98 + k)} "{f"&{chr(97 + k)};" * 10}">' for k in range(9)) + "]><gpx><trk><name>&j;</name></trk></gpx>", "entities"),
    "a file of the server": ('<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]><gpx><trk><name>&a;</name></trk></gpx>', "entities"),
    "deep": ("<gpx>" + "<a>" * 100_000, "nested"), "endless": ('<gpx a="' + "x" * 40_000_000 + '"/>', "more than"),
    "cut off": (HEAD + WALK, "cut off"), "no gpx": ("<svg><g/></svg>", "is XML .svg., not GPX"),
    "a page": ("<!DOCTYPE html><html><body/></html>", "is XML .html., not GPX"), "no XML": ("<<<", "damaged"),
    "nothing": (HEAD + "</gpx>", "no track and no route"), "places alone": (HEAD + '<wpt lat="1" lon="2"/></gpx>', "1 waypoints"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_track_is_refused_in_words_at_no_cost(name: str) -> None:
    raw = REFUSED[name][0].encode()
    refused_at_no_cost(raw, "day.gpx", REFUSED[name][1], 5.0, 2e7 + len(raw))


def test_many_points_are_asked_of_the_budget_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = gpx(f"<trk><trkseg>{point(1, 2) * 30_000}</trkseg></trk>")
    assert len(read_table(raw)) == 30_000
    watch = Control(lambda done, total, message: watch.cancel.set())
    with pytest.raises(Cancelled):
        read_table(raw, "day.gpx", watch)
    monkeypatch.setenv("MOTIVE_LIMITS", f"unpacked={len(raw)}")
    monkeypatch.setattr("irlcore.tracks.files.gpx.A_POINT", 1000)
    with pytest.raises(TooLarge, match="points or more"):
        read_table(raw)
