"""The names that columns have, by the part they play: what people write, and what the sources write that everybody uses.

All names are as ``plain_name`` makes them: small letters, without a unit in brackets, anything but letters and digits as one underscore.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from irlcore.tracks.logs.naming import CASE, EVENT, LIFECYCLE, WHOLE

Role = Literal["points", "links", "transitions", "paths", "events", "nodes", "attributes", "outcomes", "states", "choices", "unknown"]

PARTS: dict[str, tuple[str, ...]] = {
    "track": ("track", "track_id", "trackid", "traj_id", "trajectory", "trajectory_id", "trip", "trip_id", "path_id", "obs_id",
              "journey_id", "individual_local_identifier", "tag_local_identifier", "case_concept_name", "case_id", "mmsi", "icao24",
              "flight_id", "vessel", "vessel_id", "vessel_name", "ship", "ship_name", "hex", "icao", "icao_address", "callsign", "vehicle",
              "vehicle_id", "taxi_id", "bus_id", "ship_id", "deviceid", "device_id", "device", "animal", "animal_id", "agent", "agent_id",
              "object_id", "person_id", "pedestrian_id", "driver_id", "user_id", "uid", "user", "ped_id", "activity_id", "shape_id", "imo",
              "fahrt", "fahrt_id", "fahrzeug", "fahrzeug_id", "fahrzeugnummer", "schiff", "schiffsname", "trajet", "trajet_id", "vehicule",
              "id_vehicule", "vehicule_id", "navire", "bateau", "viaje", "id_viaje", "vehiculo", "id_vehiculo", "vehiculo_id", "buque",
              "barco", "id"),
    "trip": ("tid", "trip_number", "segment"),
    "change": (),
    "t": ("t", "time", "timestamp", "datetime", "date_time", "basedatetime", "base_date_time", "tracked_at", "ts", "utc", "when",
          "event_datetime", "event_time", "time_timestamp", "time_utc", "utc_time", "timestamp_utc", "datetime_utc", "time_position",
          "fixtime", "fix_time", "devicetime", "servertime", "recorded_at", "created_at", "gps_time", "gpstime", "position_timestamp",
          "date_time_utc", "timestamp_of_fix", "postime", "tst", "timestampms", "time_ms", "timestamp_ms", "t_ms", "seen_pos_ms",
          "timestep_time", "global_time", "date", "date_gmt", "local_time", "seconds", "secs", "unixtime", "unix_time", "epoch",
          "epoch_time", "zeit", "uhrzeit", "zeitpunkt", "zeitstempel", "datum_zeit", "datum_uhrzeit", "heure", "horodatage", "horodateur",
          "date_heure", "hora", "fecha_hora", "fechahora", "datum", "fecha", "started_at", "datenum", "jd", "mjd", "frame",
          "frame_id", "shape_pt_sequence"),
    "date": ("date", "day", "gps_date", "utc_date", "datum", "fecha"),
    "x": ("x", "easting", "x_m", "px", "x_coord", "xcoord", "x_pos", "pos_x", "x_center", "xcenter", "vehicle_x", "utm_x", "utm_easting",
          "local_x", "east", "rechtswert", "coord_x", "x_ft", "x_km", "x_px"),
    "y": ("y", "northing", "y_m", "py", "y_coord", "ycoord", "y_pos", "pos_y", "y_center", "ycenter", "vehicle_y", "utm_y", "utm_northing",
          "local_y", "north", "hochwert", "coord_y", "y_ft", "y_km", "y_px"),
    "lon": ("lon", "longitude", "lng", "long", "location_long", "decimallongitude", "decimal_longitude", "lon_deg", "longitude_deg",
            "lon_dd", "longitudee7", "gps_lon", "gps_longitude", "shape_pt_lon", "stop_lon", "laenge", "lange", "laengengrad", "langengrad",
            "geo_laenge", "longitud"),
    "lat": ("lat", "latitude", "location_lat", "decimallatitude", "decimal_latitude", "lat_deg", "latitude_deg", "lat_dd", "latitudee7",
            "gps_lat", "gps_latitude", "shape_pt_lat", "stop_lat", "breite", "breitengrad", "geo_breite", "latitud"),
    "point": ("geom", "geometry", "wkt", "point", "the_geom", "position_wkt"),
    "polyline": ("polyline",),
    "path": ("path", "links", "edges", "route", "sequence", "cpath", "opath"),
    "step": ("step", "seq", "order", "position", "stop_sequence"),
    "link": ("link", "link_id", "edge", "edge_id", "road_id", "fid", "gid"),
    "from_link": ("from_link", "from", "link_from", "source_link"),
    "to_link": ("to_link", "to", "link_to", "target_link"),
    "u": ("u", "from_node", "source", "start_node", "node_from", "fnode", "i_node", "from_node_id", "init_node", "from", "edge_from"),
    "v": ("v", "to_node", "target", "end_node", "node_to", "tnode", "j_node", "to_node_id", "term_node", "to", "edge_to"),
    "key": ("key",),
    "oneway": ("oneway", "one_way", "directed"),
    "length": ("length", "length_m", "len", "distance", "edge_length", "length_km", "length_mi", "length_ft", "laenge", "lange",
               "longueur"),
    "wkt": ("wkt", "geometry", "geom", "the_geom"),
    "node": ("node", "node_id", "osmid"),
    "lon0": ("lon0",),
    "lat0": ("lat0",),
    "lon1": ("lon1",),
    "lat1": ("lat1",),
    "x0": ("x0",),
    "y0": ("y0",),
    "x1": ("x1",),
    "y1": ("y1",),
    "turn": ("turn_angle", "turn_deg"),
    "state": ("state", "state_id", "from_state", "current_state"),
    "choice": ("choice", "action", "decision", "action_id"),
    "next_state": ("next_state", "to_state", "successor", "state_next", "new_state"),
    "probability": ("probability", "prob", "transition_probability", "p_next"),
    "event": EVENT, "events": WHOLE, "lifecycle": LIFECYCLE,
}
"""part -> names, the likelier first."""

WANTED: dict[Role, tuple[str, ...]] = {
    "points": ("track", "trip", "date", "t", "change", "x", "y", "lon", "lat", "point"),
    "paths": ("track", "path", "step", "link"),
    "events": ("track", "t", "event", "date", "lifecycle", "events"),
    "links": ("link", "u", "v", "key", "oneway", "length", "wkt", "lon0", "lat0", "lon1", "lat1", "x0", "y0", "x1", "y1"),
    "transitions": ("from_link", "to_link", "turn"),
    "nodes": ("node", "x", "y", "lon", "lat"),
    "attributes": ("track",),
    "outcomes": ("state", "choice", "next_state", "probability"),
    "states": ("state", "x", "y"),
    "choices": ("track", "step", "t", "state", "choice", "next_state"),
    "unknown": (),
}
ID_PARTS = ("track", "trip", "link", "from_link", "to_link", "u", "v", "node", "path", "state", "choice", "next_state", "event")
IDS = {name for part in ID_PARTS if part != "event" for name in PARTS[part]} | set(CASE)
"""Names of columns that stay text: 007 and 7 are two of them. Names of events are too common for that (status, page): they stay text where
they are picked as such."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where tables come from that have these columns. parts: those that its names alone would not tell, or tell wrongly."""

    name: str
    role: Role
    marks: frozenset[str]
    parts: tuple[tuple[str, str], ...] = ()


def _source(name: str, role: Role, marks: str, **parts: str) -> Source:
    return Source(name, role, frozenset(marks.split()), tuple(parts.items()))


DAY_FIRST = "Danish AIS"
"""The source whose dates are always day first: its files are asked nothing about that."""

SOURCES = (
    _source("AIS of NOAA's MarineCadastre", "points", "mmsi basedatetime lat lon", track="mmsi"),
    _source("AIS of NOAA's MarineCadastre", "points", "mmsi base_date_time latitude longitude", track="mmsi"),
    _source(DAY_FIRST, "points", "timestamp type_of_mobile mmsi latitude longitude", track="mmsi"),
    _source("Movebank", "points", "timestamp location_long location_lat individual_local_identifier", track="individual_local_identifier"),
    _source("Movebank", "points", "timestamp location_long location_lat tag_local_identifier", track="tag_local_identifier"),
    _source("OpenSky", "points", "icao24 lat lon time", track="icao24"),
    _source("OpenSky", "points", "icao24 latitude longitude time_position", track="icao24", t="time_position"),
    _source("shapes of GTFS", "points", "shape_id shape_pt_lat shape_pt_lon shape_pt_sequence", track="shape_id", t="shape_pt_sequence"),
    _source("stop times of GTFS", "paths", "trip_id stop_id stop_sequence", track="trip_id", step="stop_sequence", link="stop_id"),
    _source("Porto taxis", "points", "trip_id timestamp polyline", track="trip_id", t="timestamp"),
    _source("traccar", "points", "deviceid fixtime latitude longitude", track="deviceid", t="fixtime"),
    _source("scikit-mobility", "points", "uid datetime lat lng", track="uid", t="datetime"),
    _source("trackintel", "points", "user_id tracked_at geom", track="user_id", t="tracked_at", point="geom"),
    _source("movingpandas", "points", "traj_id t geometry", track="traj_id", point="geometry"),
    _source("an event log of pm4py (XES)", "events", "case_concept_name concept_name time_timestamp"),
    *(_source("an event log", "events", f"{case} {activity} {time}")
      for case in ("case_id", "case_key", "caseid") for activity in ("activity", "activity_en", "activity_name", "concept_name")
      for time in ("timestamp", "complete_timestamp", "eventtime", "time_timestamp", "start_timestamp")),
    _source("tracks of drones (inD, rounD)", "points", "recordingid trackid frame xcenter ycenter", track="trackid", t="frame"),
    _source("positions of SUMO (fcd)", "points", "timestep_time vehicle_id vehicle_x vehicle_y", track="vehicle_id", t="timestep_time"),
    _source("OwnTracks", "points", "tst lat lon tid", track="tid", t="tst"),
    _source("edges of osmnx", "links", "u v key osmid"),
    _source("nodes of osmnx", "nodes", "osmid y x", node="osmid"),
    _source("a network of fmm", "links", "id source target geom", link="id"),
    _source("matches of fmm", "paths", "id cpath", track="id", path="cpath"),
)


WHOLE_SEQUENCE = (*WHOLE, "sequence")
"""Names of columns whose texts are sequences of events, where no network is beside them."""


def plain_name(name: object) -> str:
    """A column's name as the tables above have it: " x [m]" is "x", "location-long" is "location_long", "# Timestamp" is "timestamp",
    "L\u00e4nge" is "lange"."""
    without_unit = re.sub(r"(?<=[^\s\[(])\s*[\[(][^\[\]()]{0,40}[\])]\s*$", "", str(name)[:200]).lower()
    if not without_unit.isascii():  # as it would be written without its accents
        without_unit = "".join(one for one in unicodedata.normalize("NFKD", without_unit) if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", "_", without_unit).strip("_")
