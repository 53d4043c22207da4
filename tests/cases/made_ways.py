"""Made-up files of kinds that were refused, or read wrongly in silence, until there was a way to read them: each with its truth."""

from __future__ import annotations

import json
from datetime import datetime

from benchmarks.cases.expectation import Asked, Facts, Read, Refused, case
from tests.cases.walks import BEGUN, LAST, Made, facts, fixes, iso, plain, table

DAY_S = 86_400.0
SPAN = (BEGUN.isoformat(), LAST.isoformat())


def names_in_german() -> Made:
    """With an umlaut, semicolons and decimal commas, in Latin-1."""
    rows = table("Fahrzeug;Datum;Uhrzeit;L\u00e4nge;Breite", lambda p: f"v{p.k};{p.t:%d.%m.%Y};{p.t:%H:%M:%S};"
                 + f"{p.lon:.4f};{p.lat:.4f}".replace(".", ","), encoding="latin-1")
    return {"fahrten.csv": rows}, case("What every column is stands in its name.", Read(facts(), (r"55\S* N, 10\S* E",)))


def names_in_spanish() -> Made:
    """A date and a time of day."""
    return {"viajes.csv": table("vehiculo,fecha,hora,latitud,longitud",
                                lambda p: f"v{p.k},{p.t:%Y-%m-%d},{p.t:%H:%M:%S},{p.lat:.4f},{p.lon:.4f}")}, case(
        "As it says.", Read(facts()))


def names_in_french() -> Made:
    """With an accent."""
    return {"trajets.csv": table("v\u00e9hicule,date,heure,latitude,longitude",
                                 lambda p: f"v{p.k},{p.t:%d/%m/%Y},{p.t:%H:%M:%S},{p.lat:.4f},{p.lon:.4f}")}, case(
        "As it says.", Read(facts()))


def a_time_in_six_columns() -> Made:
    """Year to second."""
    rows = table("id,year,month,day,hour,minute,second,lon,lat",
                 lambda p: f"v{p.k},{p.t.year},{p.t.month},{p.t.day},{p.t.hour},{p.t.minute},{p.t.second},{p.lon},{p.lat}")
    return {"p.csv": rows}, case(
        "They are one time, and that is told.", Read(facts(), (r"put together as a time",)))


def a_date_in_three_columns() -> Made:
    """And a time of day beside them; two digits of the year."""
    return {"p.csv": table("id,year,month,day,time,lon,lat",
                           lambda p: f"v{p.k},{p.t.year % 100},{p.t.month},{p.t.day},{p.t:%H:%M:%S},{p.lon},{p.lat}")}, case(
        "The date and the time belong together.", Read(facts(), (r"2024-03-25",)))


def one_track_without_an_id() -> Made:
    """A recorder's file: nothing in it names whose it is."""
    rows = table("time,lat,lon,speed", lambda p: f"{plain(p.t)},{p.lat:.4f},{p.lon:.4f},{p.i % 2}", fixes(tracks=1))
    return {"walk.csv": rows}, case("The file is the track.", Read(facts(("walk",), points=10), (r"called as the file",)))


def one_track_with_numbered_rows() -> Made:
    """An id of the rows is none of a track."""
    rows = table("id,time,lat,lon", lambda p: f"{p.i + 1},{plain(p.t)},{p.lat:.4f},{p.lon:.4f}", fixes(tracks=1))
    return {"walk.csv": rows}, case("The file is the track.", Read(facts(("walk",), points=10), (r"called as the file",)))


def many_agents_without_an_id() -> Made:
    """Three points at every moment."""
    return {"p.csv": table("time,lat,lon", lambda p: f"{plain(p.t)},{p.lat:.4f},{p.lon:.4f}")}, case(
        "They must not become one track without a word.", Refused((r"No file here holds tracks",)))


def datenums_of_matlab() -> Made:
    """Days since the year 0."""
    zero = 719_529.0
    rows = table("track,datenum,lon,lat", lambda p: f"v{p.k},{zero + p.t.timestamp() / DAY_S:.8f},{p.lon},{p.lat}")
    whole = Facts(tracks=3, points=30, step_s=61.0, span={"v0": SPAN})
    return {"m.csv": rows}, case("Days, and not a minute of seconds.", Asked("time", "matlab", whole, (r"MATLAB",)))


def serial_days_an_hour_apart() -> Made:
    """As a spreadsheet has them."""
    rows = table("track,t,lon,lat", lambda p: f"v{p.k},{45_376 + p.i / 24:.5f},{p.lon},{p.lat}")
    return {"m.csv": rows}, case("Hours, and not 40 ms.", Asked("time", "excel", Facts(
        tracks=3, points=30, span={"v0": ("2024-03-25T00:00:00+00:00", "2024-03-25T09:00:00+00:00")}), (r"spreadsheet",)))


def julian_days() -> Made:
    """As astronomers count them, from noon."""
    rows = table("track,jd,lon,lat", lambda p: f"v{p.k},{2_440_587.5 + p.t.timestamp() / DAY_S:.7f},{p.lon},{p.lat}")
    return {"m.csv": rows}, case("Days, and not counted seconds.", Asked(
        "time", "julian", Facts(tracks=3, points=30, step_s=61.0), (r"Julian",)))


def days_since_1970() -> Made:
    """As some libraries count dates."""
    rows = table("track,t,lon,lat", lambda p: f"v{p.k},{p.t.timestamp() / DAY_S:.8f},{p.lon},{p.lat}")
    return {"m.csv": rows}, case("Days, and not counted seconds.", Asked("time", "days", Facts(
        tracks=3, points=30, step_s=61.0, span={"v0": SPAN}), (r"days since 1970",)))


def ticks_of_dot_net() -> Made:
    """Nanoseconds since 1970 they would be in 1990."""
    rows = table("track,time,lon,lat", lambda p: f"v{p.k},{621_355_968_000_000_000 + int(p.t.timestamp()) * 10_000_000},{p.lon},{p.lat}")
    return {"m.csv": rows}, case("2024, and not 1990.", Asked("time", "ticks", facts(), (r"\.NET",)))


def times_of_windows() -> Made:
    """Hundreds of nanoseconds since 1601."""
    rows = table("track,time,lon,lat", lambda p: f"v{p.k},{116_444_736_000_000_000 + int(p.t.timestamp()) * 10_000_000},{p.lon},{p.lat}")
    return {"m.csv": rows}, case("They have their own choice.", Asked("time", "filetime", facts(), (r"Windows",)))


def minutes_since_1970() -> Made:
    """Nothing but their size tells what they are."""
    rows = table("track,t,lon,lat", lambda p: f"v{p.k},{int(p.t.timestamp() / 60)},{p.lon},{p.lat}")
    return {"m.csv": rows}, case(
        "Seconds are assumed, and that is told.", Read(Facts(tracks=3, points=30), (r"counted seconds, from 28,5",)))


def metres_of_a_projection() -> Made:
    """East and north of web Mercator, which is not named."""
    rows = table("track,t,x,y", lambda p: f"v{p.k},{iso(p.t)},{734_000.5 + 200 * p.i},{5_860_000.5 + 100 * p.k}")
    return {"m.csv": rows}, case("A plane of its own is assumed, and that is told.", Read(
        Facts(tracks=3, points=30), (r"web Mercator", r"from 2024-03-25 08:10 to 2024-03-25 08:19")))


def swapped_degrees_that_fit() -> Made:
    """Latitude under the name of longitude; both could be."""
    return {"m.csv": table("track,t,lon,lat", lambda p: f"v{p.k},{iso(p.t)},{p.lat},{p.lon}")}, case(
        "It cannot be known; where it is on the globe is told.", Read(Facts(tracks=3, points=30), (r"around 10\S* N, 55\S* E",)))


def a_zone_in_a_column() -> Made:
    """Times without a zone, and a column that has it."""
    return {"m.csv": table("track,t,utc_offset,lon,lat", lambda p: f"v{p.k},{plain(p.t)},+02:00,{p.lon},{p.lat}")}, case(
        "It is not read, and that is told.", Read(Facts(tracks=3, points=30), (r"utc_offset \(\+02:00 first\)",)))


def legs_of_trackintel() -> Made:
    """Triplegs: a line a row, with its start and end."""
    line = ", ".join(f"{10 + k / 500:.3f} 55.0" for k in range(10))
    rows = "".join(f"{k},v{k},{plain(BEGUN)}+00:00,{plain(LAST)}+00:00,\"LINESTRING ({line})\"\n" for k in range(3))
    return {"triplegs.csv": f"id,user_id,started_at,finished_at,geom\n{rows}".encode()}, case(
        "Points with times between, which were not observed: told.", Read(
            Facts(tracks=3, points=30, span={"v0": SPAN}, crs="EPSG:32632"), (r"not observed",)))


def records_of_owntracks() -> Made:
    """A list of messages, of which one is no location."""
    found = [{"_type": "location", "tid": f"v{p.k}", "tst": int(p.t.timestamp()), "lat": p.lat, "lon": p.lon, "inregions": ["home"]}
             for p in fixes()]
    return {"o.json": json.dumps([{"_type": "lwt", "tst": 1}, *found]).encode()}, case("The messages with places.", Read(facts()))


def records_of_google() -> Made:
    """Records.json of the takeout."""
    found = [{"latitudeE7": round(p.lat * 1e7), "longitudeE7": round(p.lon * 1e7), "timestamp": iso(p.t), "activity": [{"x": 1}]}
             for p in fixes(tracks=1)]
    return {"Records.json": json.dumps({"locations": found}).encode()}, case(
        "One track.", Read(facts(("Records",), points=10), (r"Google",)))


def timeline_of_a_phone() -> Made:
    """What phones export since the takeout ended."""
    path = [{"point": f"{p.lat:.6f}\u00b0, {p.lon:.6f}\u00b0", "time": iso(p.t)} for p in fixes(tracks=1)]
    return {"Timeline.json": json.dumps({"semanticSegments": [{"timelinePath": path}, {"visit": {}}]}).encode()}, case(
        "One track.", Read(facts(("Timeline",), points=10), (r"Google",)))


def timeline_with_minutes() -> Made:
    """The same from another phone: minutes from the start of each segment."""
    path = [{"point": f"geo:{p.lat:.6f},{p.lon:.6f}", "durationMinutesOffsetFromStartTime": str(p.i)} for p in fixes(tracks=1)]
    start = datetime.fromtimestamp(BEGUN.timestamp(), BEGUN.tzinfo).isoformat()
    return {"location-history.json": json.dumps([{"startTime": start, "timelinePath": path}]).encode()}, case(
        "One track.", Read(facts(("location-history",), points=10), (r"Google",)))


MAKERS = (names_in_german, names_in_spanish, names_in_french, a_time_in_six_columns, a_date_in_three_columns, one_track_without_an_id,
          one_track_with_numbered_rows, many_agents_without_an_id, datenums_of_matlab, serial_days_an_hour_apart, julian_days,
          days_since_1970, ticks_of_dot_net, times_of_windows, minutes_since_1970, metres_of_a_projection, swapped_degrees_that_fit,
          a_zone_in_a_column, legs_of_trackintel,
          records_of_owntracks, records_of_google, timeline_of_a_phone, timeline_with_minutes)
"""Each is held to its expectation, for it was once wrong."""
