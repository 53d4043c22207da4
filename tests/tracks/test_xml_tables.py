"""Roads of GraphML, and tracks of KML and TCX: what is read, told and refused."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import DataError
from irlcore.tracks.columns import guess_columns, guess_role
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import preview_table, read_table
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.network import build
from tests.tracks.refusing import refused_at_no_cost

GRAPH = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d10" for="edge" attr.name="geometry" attr.type="string"/><key id="d9" for="edge" attr.name="oneway" attr.type="string"/>
<key id="d8" for="edge" attr.name="length" attr.type="string"/><key id="d7" for="edge" attr.name="osmid" attr.type="string"/>
<key id="d2" for="node" attr.name="x" attr.type="string"/><key id="d1" for="node" attr.name="y" attr.type="string"/>
<key id="d6" for="edge" attr.name="lanes" attr.type="string"><default>1</default></key>
<key id="d0" for="graph" attr.name="crs" attr.type="string"/>
<graph edgedefault="directed"><data key="d0">epsg:4326</data>
<node id="007"><data key="d1">46.50</data><data key="d2">6.60</data></node>
<node id="12345678901234567890"><data key="d1">46.51</data><data key="d2">6.60</data></node>
<node id="3"><data key="d1">46.51</data><data key="d2">6.62</data></node>
<edge source="007" target="12345678901234567890" id="0"><data key="d7">[1, 2]</data><data key="d8">1111.9</data><data key="d9">True</data>
  <data key="d10">LINESTRING (6.60 46.50, 6.601 46.505, 6.60 46.51)</data></edge>
<edge source="007" target="12345678901234567890" id="1"><data key="d7">4</data><data key="d8">1112</data><data key="d9">True</data>
  <data key="d6">2</data></edge>
<edge source="12345678901234567890" target="3" id="0"><data key="d7">5</data><data key="d8">1535</data><data key="d9">True</data></edge>
<edge source="3" target="007" id="0"><data key="d7">6</data><data key="d8">1894</data><data key="d9">True</data></edge>
</graph></graphml>"""


def test_a_graph_of_osmnx_is_its_links_with_parallel_edges_and_lines() -> None:
    table = read_table(GRAPH.encode(), "lausanne.graphml")
    assert guess_role(table) == "links" and guess_columns(table, "links")["wkt"] == "geometry"
    assert table["u"].tolist() == ["007", "007", "12345678901234567890", "3"] and table["key"].tolist() == ["0", "1", "0", "0"]
    assert table["length"].tolist() == [1111.9, 1112.0, 1535.0, 1894.0] and table["osmid"].tolist()[0] == "[1, 2]"
    assert table["lanes"].tolist() == [1, 2, 1, 1]
    assert table["geometry"].tolist()[1] == "LINESTRING (6.6 46.5, 6.6 46.51)"
    assert table.attrs["said"] == ["A graph of 3 nodes and 4 edges: a row for each edge.",
                                   "3 edges have no line of their own: they are straight between their nodes."]
    made = build(table)
    assert made.world.n_places == 4 and made.world.crs == "EPSG:32632"
    assert made.world.place_names[1] == "007_12345678901234567890_1"
    assert made.world.mdp.n_choices == 5  # each of the parallel ones is followed by the third, and both follow the fourth
    seen = preview_table(GRAPH.encode(), "lausanne.graphml", 2)
    assert seen.rows == 4 and seen.exact and len(seen.table) == 2


def test_an_undirected_graph_leads_both_ways_and_a_projection_is_kept() -> None:
    text = GRAPH.replace('edgedefault="directed"', 'edgedefault="undirected"').replace("epsg:4326", "EPSG:32632")
    text = text.replace('attr.name="oneway"', 'attr.name="bridge"')
    table = read_table(text.encode(), "g.graphml")
    assert table["oneway"].tolist() == ["no"] * 4 and table.attrs["crs"] == "EPSG:32632"
    assert any("4 edges have no direction" in one for one in table.attrs["said"])


WRONG = {
    "no edges": (GRAPH.split("<edge")[0] + "</graph></graphml>", "graph without edges"),
    "cut off": (GRAPH[:-40], "damaged or cut off"),
    "entities": ('<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "b">]><graphml><graph/></graphml>', "declares entities"),
    "hyperedge": ("<graphml><graph><hyperedge/></graph></graphml>", "more than two nodes"),
    "no ends": ("<graphml><graph><edge/></graph></graphml>", "do not say which nodes"),
    "other": ("<svg/>", "is XML (svg), not GPX"),
    "a value without end": (f"<graphml><graph><edge source='1' target='2'><data key='k'>{'a' * 1_200_000}</data></edge></graph></graphml>",
                            "more than 1,000,000 characters"),
    "map alone": ("<kml><Placemark><Polygon><outerBoundaryIs/></Polygon></Placemark></kml>", "1 areas: they are zones"),
    "places alone": ("<kml><Placemark><name>home</name><Point><coordinates>6,46</coordinates></Point></Placemark></kml>",
                     "1 single points without times"),
    "indoors": ("<TrainingCenterDatabase><Activities><Activity><Lap><Track><Trackpoint><Time>2024-01-01T10:00:00Z</Time></Trackpoint>"
                "</Track></Lap></Activity></Activities></TrainingCenterDatabase>", "no point with a place"),
    "more times than points": ("<kml><Placemark><Track><when>2024-01-01</when></Track></Placemark></kml>", "1 times and 0 points"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_read_says_why(name: str) -> None:
    text, words = WRONG[name]
    with pytest.raises(DataError) as told:
        read_table(text.encode(), "x.xml")
    assert words in str(told.value)


def test_a_graph_of_very_many_kinds_of_values_is_refused_at_no_cost() -> None:
    cells = "".join(f"<data key='k{k}'>1</data>" for k in range(3000))
    text = f"<graphml><graph><edge source='1' target='2'>{cells}</edge></graph></graphml>"
    refused_at_no_cost(text.encode(), "wide.graphml", "very many kinds of values", 5.0, 5e6)


TRACK = ("<kml xmlns='http://www.opengis.net/kml/2.2' xmlns:gx='http://www.google.com/kml/ext/2.2'><Document><name>all</name><Placemark>"
         "<name>morning</name><gx:Track><when>2024-03-04T08:00:00Z</when><when>2024-03-04T08:01:00Z</when>"
         "<gx:coord>6.60 46.50 400</gx:coord><gx:coord>6.61 46.50 401</gx:coord></gx:Track></Placemark><Placemark><name>morning</name>"
         "<LineString><coordinates>6.7,46.5,0 "
         "6.71,46.5,0\n6.72,46.5,0</coordinates></LineString></Placemark><Placemark><name>home</name><Point><coordinates>6,46</coordinates>"
         "</Point></Placemark></Document></kml>")


def test_tracks_and_lines_of_kml_are_points_under_their_names() -> None:
    table = read_table(TRACK.encode(), "day.kml")
    assert table["track"].tolist() == ["morning"] * 2 + ["morning (2)"] * 3
    assert table["t"].tolist()[:2] == ["2024-03-04T08:00:00Z", "2024-03-04T08:01:00Z"] and table["t"].isna().tolist()[2:] == [True] * 3
    assert table["lon"].tolist() == [6.60, 6.61, 6.7, 6.71, 6.72] and table["lat"].tolist() == [46.5] * 5
    assert table.attrs["said"] == ["1 single points beside the lines are left out."]
    long = " ".join(f"{k / 1e5:.5f},1" for k in range(20_000))
    text = f"<kml><Placemark><LineString><coordinates>{long}</coordinates></LineString></Placemark></kml>"
    table = read_table(text.encode(), "long.kml")
    assert len(table) == 20_000 and table["track"].iloc[0] == "long"
    np.testing.assert_allclose(table["lon"], np.arange(20_000) / 1e5)


def test_single_points_of_kml_with_times_are_a_track() -> None:
    marks = "".join(f"<Placemark><name>{k}</name><TimeStamp><when>2024-03-04T08:0{k}:00Z</when></TimeStamp><Point><coordinates>"
                    f"6.{k},46</coordinates></Point></Placemark>" for k in range(3))
    table = read_table(f"<kml>{marks}</kml>".encode(), "phone.kml")
    assert table["track"].tolist() == ["phone"] * 3 and table["t"].tolist()[2] == "2024-03-04T08:02:00Z"


def beat(lap: int, k: int) -> str:
    place = f"<Position><LatitudeDegrees>46.{lap}{k}</LatitudeDegrees><LongitudeDegrees>6.6</LongitudeDegrees></Position>"
    return (f"<Trackpoint><Time>2024-03-04T08:{lap}{k}:00Z</Time>{place if k != 1 else ''}<HeartRateBpm><Value>{90 + k}</Value>"
            "</HeartRateBpm></Trackpoint>")


LAPS = "".join(f"<Lap><Track>{''.join(beat(lap, k) for k in range(3))}</Track></Lap>" for lap in range(2))
WATCH = ("<TrainingCenterDatabase xmlns='http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2'><Activities><Activity Sport='Running'>"
         f"<Id>2024-03-04T08:00:00Z</Id>{LAPS}</Activity></Activities></TrainingCenterDatabase>")


def test_an_activity_of_a_watch_is_a_track_with_its_laps() -> None:
    table = read_table(WATCH.encode(), "run.tcx")
    assert table["track"].tolist() == ["2024-03-04T08:00:00Z"] * 6 and table["sport"].tolist() == ["Running"] * 6
    assert table["heart_rate"].tolist() == [90, 91, 92] * 2 and table["lat"].isna().tolist() == [False, True, False] * 2
    imported = read_points(table, guess_columns(table, "points"))
    assert isinstance(imported.tracks, Tracks) and imported.rows_kept == 4 and imported.rows_dropped == 2
