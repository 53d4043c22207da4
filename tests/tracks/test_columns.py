"""Columns are known by the names that people and sources give them."""

from __future__ import annotations

import pandas as pd
import pytest

from irlcore.tracks.columns import guess_columns, guess_role, source_of
from irlcore.tracks.sources import SOURCES, plain_name

HEADERS: dict[str, tuple[str, str, dict[str, str]]] = {
    "MMSI,BaseDateTime,LAT,LON,SOG,VesselType,Length": ("AIS of NOAA's MarineCadastre", "points", {
        "track": "MMSI", "t": "BaseDateTime", "lon": "LON", "lat": "LAT"}),
    "mmsi,base_date_time,longitude,latitude,sog": ("AIS of NOAA's MarineCadastre", "points", {
        "track": "mmsi", "t": "base_date_time", "lon": "longitude", "lat": "latitude"}),
    "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Ship type": ("Danish AIS", "points", {
        "track": "MMSI", "t": "# Timestamp", "lon": "Longitude", "lat": "Latitude"}),
    "event-id,timestamp,location-long,location-lat,tag-local-identifier,individual-local-identifier": ("Movebank", "points", {
        "track": "individual-local-identifier", "t": "timestamp", "lon": "location-long", "lat": "location-lat"}),
    "time,icao24,lat,lon,velocity,callsign": ("OpenSky", "points", {"track": "icao24", "t": "time", "lon": "lon", "lat": "lat"}),
    "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence": ("shapes of GTFS", "points", {
        "track": "shape_id", "t": "shape_pt_sequence", "lon": "shape_pt_lon", "lat": "shape_pt_lat"}),
    "trip_id,arrival_time,stop_id,stop_sequence": ("stop times of GTFS", "paths", {
        "track": "trip_id", "step": "stop_sequence", "link": "stop_id"}),
    "id,deviceId,fixTime,latitude,longitude,speed": ("traccar", "points", {
        "track": "deviceId", "t": "fixTime", "lon": "longitude", "lat": "latitude"}),
    "uid,datetime,lat,lng,tid": ("scikit-mobility", "points", {"track": "uid", "trip": "tid", "t": "datetime", "lon": "lng", "lat": "lat"}),
    "user_id,tracked_at,geom": ("trackintel", "points", {"track": "user_id", "t": "tracked_at", "point": "geom"}),
    "case:concept:name,concept:name,time:timestamp,org:resource": ("an event log of pm4py (XES)", "events", {
        "track": "case:concept:name", "event": "concept:name", "t": "time:timestamp"}),
    "u,v,key,osmid,highway,oneway,length,geometry": ("edges of osmnx", "links", {
        "u": "u", "v": "v", "key": "key", "oneway": "oneway", "length": "length", "wkt": "geometry"}),
    "osmid,y,x,street_count": ("nodes of osmnx", "nodes", {"node": "osmid", "x": "x", "y": "y"}),
    "id,source,target,geom": ("a network of fmm", "links", {"link": "id", "u": "source", "v": "target", "wkt": "geom"}),
    "id,opath,cpath,mgeom": ("matches of fmm", "paths", {"track": "id", "path": "cpath"}),
}


@pytest.mark.parametrize("header", HEADERS)
def test_what_a_source_writes_is_known(header: str) -> None:
    table = pd.DataFrame(columns=header.split(","))
    name, role, parts = HEADERS[header]
    source = source_of(table)
    assert source is not None and (source.name, guess_role(table)) == (name, role)
    assert guess_columns(table, guess_role(table)).items() >= parts.items()


def test_every_source_is_found_by_its_own_marks_alone() -> None:
    for source in SOURCES:
        found = source_of(pd.DataFrame(columns=sorted(source.marks)))
        assert found is not None and found.name == source.name


@pytest.mark.parametrize(("written", "name"), [(" x [m]", "x"), ("location-long", "location_long"), ("# Timestamp", "timestamp"),
                                               ("Lon (deg)", "lon"), ("BaseDateTime", "basedatetime"), ("[m]", "m"), ("", "")])
def test_names_are_compared_without_case_units_and_signs(written: str, name: str) -> None:
    assert plain_name(written) == name


def test_an_id_of_rows_is_no_id_of_tracks_where_another_column_is() -> None:
    table = pd.DataFrame({"id": range(6), "device": list("aabbcc"), "event_datetime": range(6), "lon": 0.0, "lat": 0.0})
    assert guess_columns(table, "points")["track"] == "device"
    assert "track" not in guess_columns(table.drop(columns="device"), "points")  # all rows are one track then


def test_a_date_goes_with_a_time_of_day_and_is_a_time_without_one() -> None:
    table = pd.DataFrame({"track": "a", "date": ["2024-03-01"] * 3, "time": ["8:00:00", "8:01:00", "8:02:00"], "lon": 0.0, "lat": 0.0})
    assert guess_columns(table, "points").items() >= {"date": "date", "t": "time"}.items()
    whole = guess_columns(table.assign(time=["2024-03-01T08:00:00"] * 3), "points")
    assert whole["t"] == "time" and "date" not in whole
    alone = guess_columns(table.drop(columns="time"), "points")
    assert alone["t"] == "date" and "date" not in alone


def test_points_with_a_matched_edge_are_points_and_links_with_lines_are_links() -> None:
    assert guess_role(pd.DataFrame(columns=["trip_id", "t", "lon", "lat", "edge_id"])) == "points"
    assert guess_role(pd.DataFrame(columns=["link_id", "u", "v", "geometry", "id"])) == "links"
    assert guess_role(pd.DataFrame(columns=["user", "when", "geometry"])) == "points"
