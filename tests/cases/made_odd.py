"""Made-up files that were once read wrongly in silence, or refused by the wrong cause: each with its truth."""

from __future__ import annotations

from benchmarks.cases.expectation import Asked, Facts, Read, Refused, case
from tests.cases.made_forms import FORK, HEAD, PATHS
from tests.cases.walks import Made, facts, iso, plain, table


def degrees_times_ten_million() -> Made:
    """As Norwegian AIS and the takeouts of Google have them."""
    return {"p.csv": table(HEAD, lambda p: f"v{p.k},{iso(p.t)},{round(p.lon * 1e7)},{round(p.lat * 1e7)}")}, case(
        "No degree goes that far: read, and told.", Read(facts(), (r"10,000,000",)))


def degrees_and_minutes() -> Made:
    """As 55°00.060'N."""
    rows = table(HEAD, lambda p: f"v{p.k},{iso(p.t)},10\u00b0{(p.lon - 10) * 60:07.4f}'E,55\u00b0{(p.lat - 55) * 60:07.4f}'N")
    return {"p.csv": rows}, case(
        "Read, and told.", Read(facts(), (r"row 2",)))


def letters_beside_degrees() -> Made:
    """Without signs: the half stands in a column of its own."""
    return {"p.csv": table("track,t,lat,ns,lon,ew", lambda p: f"v{p.k},{iso(p.t)},{p.lat:.4f},N,{p.lon:.4f},W")}, case(
        "West is negative: zone 29, not 32.", Read(facts(crs="EPSG:32629"), (r"which half",)))


def movebank_with_marked_fixes() -> Made:
    """One fix of each animal is marked as an outlier by its owner."""
    rows = table("event-id,visible,timestamp,location-long,location-lat,individual-local-identifier",
                 lambda p: f"{p.k}{p.i},{'false' if p.i == 5 else 'true'},{plain(p.t)}.000,{p.lon:.4f},{p.lat:.4f},Stork {p.k}")
    return {"m.csv": rows}, case("They are left out, and listed.", Read(
        facts(("Stork 0", "Stork 1", "Stork 2"), points=27), (r"marked as an outlier",)))


def trips_numbered_within_each_vehicle() -> Made:
    """Trip 1 of one vehicle is not trip 1 of another."""
    return {"p.csv": table("vehicle_id,trip_id,time,lon,lat", lambda p: f"v{p.k},1,{plain(p.t)},{p.lon:.4f},{p.lat:.4f}")}, case(
        "A vehicle and a trip make a track.", Read(Facts(tracks=3, points=30)))


def milliseconds_in_the_header() -> Made:
    """A clock of its own, in ms; metres in km."""
    return {"p.csv": table("track,time [ms],x [km],y [km]", lambda p: f"v{p.k},{p.i * 60000},{p.i * 0.1:.3f},{p.k}")}, case(
        "Ten points in nine minutes, 900 m.", Read(Facts(tracks=3, points=30, seconds={"v0": 540.0}, metres={"v0": 900.0}), (r"unit",)))


def danish_ais_early_in_the_month() -> Made:
    """No number is above 12, but the source always writes the day first."""
    rows = table("# Timestamp,Type of mobile,MMSI,Latitude,Longitude",
                 lambda p: f"04/03/2024 {p.t:%H:%M:%S},Class A,21900000{p.k},{p.lat:.6f},{p.lon:.6f}")
    return {"aisdk.csv": rows}, case("Nothing is asked.", Read(Facts(
        tracks=3, points=30, span={"219000000": ("2024-03-04T08:10:00+00:00", "2024-03-04T08:19:00+00:00")})))


def dates_and_times_in_digits() -> Made:
    """20240325 and 81000."""
    rows = table("track,date,time,lon,lat", lambda p: f"v{p.k},{p.t:%Y%m%d},{p.t:%H%M%S},{p.lon:.4f},{p.lat:.4f}")
    return {"p.csv": rows}, case("They belong together; seconds since midnight would do as well.", Read(facts()),
                                 Asked("time", "digits of the day", facts()))


def one_speed_in_miles() -> Made:
    """A table of links with "30 mph" in one cell."""
    lines = FORK.decode().splitlines() if isinstance(FORK, bytes) else FORK.splitlines()
    rows = [f"{lines[0]},maxspeed", *(f"{line},{'30 mph' if k == 1 else 50}" for k, line in enumerate(lines[1:]))]
    return {"links.csv": "\n".join(rows).encode() + b"\n", "paths.csv": PATHS if isinstance(PATHS, bytes) else PATHS.encode()}, case(
        "It is a column of numbers still, and the unit is told.", Read(Facts(), (r"mph", r"km/h")))


def whole_numbers_of_an_unknown_scale() -> Made:
    """Minutes times 10,000, as AIS has them, or degrees times a million."""
    return {"p.csv": table(HEAD, lambda p: f"v{p.k},{iso(p.t)},{round(p.lon * 6e5)},{round(p.lat * 6e5)}")}, case(
        "They cannot be told apart: the cause is named.", Refused((r"no degrees", r"minutes times 10,000")))


MAKERS = (degrees_times_ten_million, degrees_and_minutes, letters_beside_degrees, movebank_with_marked_fixes,
          trips_numbered_within_each_vehicle, milliseconds_in_the_header, danish_ais_early_in_the_month, dates_and_times_in_digits,
          one_speed_in_miles, whole_numbers_of_an_unknown_scale)
"""Each is held to its expectation, for it was once wrong."""
