"""Made-up files of known sources, with what real ones have beside clean rows: comments, blanks, sentinels, ids that look like numbers."""

from __future__ import annotations

from benchmarks.cases.expectation import Asked, Facts, Read, Refused, case
from tests.cases.formats import FAR
from tests.cases.walks import BEGUN, EAST, POINTS, STEP_S, TRACKS, Made, facts, fixes, iso, plain, table

DROPPED = r"empty|not a usable|left out|dropped|invalid|not valid|not known|unavailable"


def movebank_with_comments() -> Made:
    """A fix without a place, and comments with commas and quotes."""
    rows = table("event-id,visible,timestamp,location-long,location-lat,comments,sensor-type,individual-local-identifier,study-name",
                 lambda p: f'{p.k}{p.i},true,{plain(p.t)}.000,{p.lon:.4f},{p.lat:.4f},"seen, ""ringed""",gps,Stork {p.k},Storks')
    rows += b'99,true,2024-03-25 09:00:00.000,,,"no fix, battery",gps,Stork 0,Storks\n'
    return {"movebank.csv": rows}, case("A row without a place is listed; an animal is a track.",
                                        Read(facts(("Stork 0", "Stork 1", "Stork 2")), (DROPPED,)))


def traccar_positions() -> Made:
    """The table of positions: an own id a row, three times a row, one fix not valid at 0, 0."""
    rows = table("id,protocol,deviceid,servertime,devicetime,fixtime,valid,latitude,longitude,altitude,speed,course,attributes",
                 lambda p: f'{p.k * 100 + p.i},osmand,{7 + p.k},{iso(BEGUN)},{iso(p.t)},{iso(p.t)},1,{p.lat:.4f},{p.lon:.4f},0,5,90,'
                           '"{""batteryLevel"":80}"')
    rows += b'999,osmand,7,2024-03-25T08:30:00Z,2024-03-25T08:30:00Z,2024-03-25T08:30:00Z,0,0,0,0,0,0,"{}"\n'
    return {"tc_positions.csv": rows}, case("Recognised as traccar: the device is the track, fixtime its time, what is not valid left out.",
                                            Read(facts(("7", "8", "9")), (DROPPED + "|" + FAR,)))


def danish_ais_with_blanks() -> Made:
    """Blank fields, and latitude 91 for a place that is not known; the 25th cannot be a month."""
    rows = table("# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type",
                 lambda p: f"{p.t:%d/%m/%Y %H:%M:%S},Class A,21900000{p.k},{p.lat:.6f},{p.lon:.6f},,,9.1,,,Unknown,,,Cargo")
    rows += b"25/03/2024 08:20:30,Class A,219000000,91.000000,0.000000,Unknown value,,,,,Unknown,,,Undefined\n"
    ids = [f"21900000{k}" for k in range(TRACKS)]
    return {"aisdk-2024-03-25.csv": rows}, case(
        "Latitude 91 is no place: listed; the type of ship is Cargo though one row says Undefined.",
        Read(facts(ids, labels={"Ship type": {"Cargo": 3}}), (r"91",)))


def noaa_2025_names() -> Made:
    """NOAA's names since 2025, in small letters with underscores."""
    rows = table("mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status,length,width,draft,"
                 "cargo,transceiver", lambda p: f"36700000{p.k},{plain(p.t)},{p.lon:.5f},{p.lat:.5f},9.8,90,511,S{p.k},,C{p.k},70,0,,,,,A",
                 sorted(fixes(), key=lambda p: (p.i * 7 % POINTS, p.k)))
    return {"ais-2025-01-01.csv": rows}, case("The same as under the older names, in whatever order of rows.", Read(
        facts([f"36700000{k}" for k in range(TRACKS)], labels={"vessel_type": {"70": 3}})))


def opensky_states() -> Made:
    """Addresses of aircraft that a reader of numbers takes for 3e12 or loses the zeros of; rows without a place."""
    ids = ("003e12", "3e1212", "400012")
    rows = table("time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,alert,spi,squawk,baroaltitude,geoaltitude,lastposupdate,"
                 "lastcontact", lambda p: f"{int(p.t.timestamp())},{ids[p.k]},{p.lat},{p.lon},200,90,0,DLH{p.k}  ,false,false,false,1000,"
                                          f"900,950,{p.t.timestamp()},{p.t.timestamp()}")
    rows += f"{int(BEGUN.timestamp()) + 900},003e12,,,,,,DLH0  ,false,false,false,,,,,{BEGUN.timestamp()}\n".encode()
    return {"states_2024-03-25-08.csv": rows}, case("An address is text; a state without a place is listed.",
                                                    Read(facts(ids), (DROPPED,)))


def tdrive_with_header() -> Made:
    """T-Drive as it is often republished."""
    return {"taxis.csv": table("taxi_id,date_time,longitude,latitude", lambda p: f"{p.k + 1},{plain(p.t)},{p.lon},{p.lat}")}, case(
        "The taxi is the track.", Read(facts(("1", "2", "3"))))


def tdrive_two_files() -> Made:
    """One file a taxi of Beijing, without a header."""
    files = {f"{k + 1}.txt": table("", lambda p: f"{p.k + 1},{plain(p.t)},{p.lon:.5f},{p.lat:.5f}",
                                   [p for p in fixes(lon=116.4, lat=39.9) if p.k == k]) for k in range(2)}
    return files, case("Both files belong together, and their first rows are data.",
                       Read(facts(("1", "2"), points=2 * POINTS, metres=1539.4, crs="EPSG:32650"), (r"no header|without (a )?header",)))


def degrees_without_a_header() -> Made:
    """10 and 55 may be either way round, so nothing but the analyst can say."""
    rows = table("", lambda p: f"{p.k + 1},{plain(p.t)},{p.lon:.5f},{p.lat:.5f}")
    picked = {part: f"column {k + 1}" for k, part in enumerate(("track", "t", "lon", "lat"))}
    return {"log.txt": rows}, case("No row is lost to the header, and the columns can be picked.", Refused(
        (r"header|what each file holds",), roles={"log.txt": "points"}, columns=picked, facts=facts(("1", "2", "3"))))


def gtfs_shapes() -> Made:
    """Shapes of a timetable: a sequence and no time, rows in disorder."""
    rows = table("shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled",
                 lambda p: f"s{p.k},{p.lat:.5f},{p.lon:.5f},{p.i + 1},{p.i * 128}", sorted(fixes(), key=lambda p: (p.i * 7 % POINTS, p.k)))
    return {"shapes.txt": rows}, case("Points are in the order of their sequence.", Read(Facts(tracks=3, points=30, metres={"s0": 1151.8})))


def movingpandas_points() -> Made:
    """A trajectory as a table of points in WKT, with the id movingpandas gives."""
    return {"traj.csv": table("t,traj_id,speed,geometry", lambda p: f"{plain(p.t)},v{p.k},2.1,POINT ({p.lon:.5f} {p.lat:.5f})")}, case(
        "Points of WKT are places.", Read(facts()))


def skmob_without_trips() -> Made:
    """scikit-mobility's names without a trip."""
    return {"tdf.csv": table("uid,lat,lng,datetime", lambda p: f"{p.k},{p.lat:.5f},{p.lon:.5f},{plain(p.t)}")}, case(
        "A user is a track.", Read(facts(("0", "1", "2"))))


def trackintel_triplegs() -> Made:
    """A line a row, with when it began and ended."""
    line = ", ".join(f"{p.lon:.4f} {p.lat:.4f}" for p in fixes(tracks=1))
    rows = "id,user_id,started_at,finished_at,geom\n" + "".join(
        f'{k},{k % 2},{plain(BEGUN)}+00:00,2024-03-25 08:19:00+00:00,"LINESTRING ({line})"\n' for k in range(3))
    return {"triplegs.csv": rows.encode()}, case(
        "Three legs of two users are three tracks, whose points have no times of their own; or it is said that lines are no points.",
        Read(Facts(tracks=3, points=30)), Refused((r"linestring|lines?\b|triplegs?",)))


def porto_with_a_gap() -> Made:
    """One trip without points, one of a single point, one marked as having lost some."""
    line = str([[round(-8.61 + 0.001 * i, 4), 41.14] for i in range(POINTS)])
    head = '"TRIP_ID","CALL_TYPE","ORIGIN_CALL","ORIGIN_STAND","TAXI_ID","TIMESTAMP","DAY_TYPE","MISSING_DATA","POLYLINE"\n'
    trips = [("1372636858620000589", "False", line), ("1372636858620000590", "True", line), ("1372637303620000596", "False", "[]"),
             ("1372637303620000597", "False", "[[-8.61, 41.14]]")]
    rows = "".join(f'"{name}","C","","","20000589","1372636858","A","{gap}","{at}"\n' for name, gap, at in trips)
    return {"train.csv": (head + rows).encode()}, case(
        "Ids of 19 digits differ in the last; what has no way is listed.",
        Read(Facts(tracks=2, points=2 * POINTS, ids=("1372636858620000589", "1372636858620000590"),
                   seconds={"1372636858620000589": 15.0 * (POINTS - 1)}), (r"one point|no point|\[\]|empty|fewer than two",)))


def pings_in_pieces() -> Made:
    """Two files whose columns stand in another order and case."""
    one = table("ID,Time,Lat,Lon", lambda p: f"v{p.k},{iso(p.t)},{p.lat},{p.lon}", [p for p in fixes() if p.k < 2])
    two = table("id,lon,lat,time", lambda p: f"v{p.k},{p.lon},{p.lat},{iso(p.t)}", [p for p in fixes() if p.k == 2])
    return {"a.csv": one, "b.csv": two}, case("The same columns in another order are the same columns; or both files are named.",
                                              Read(facts()), Refused((r"b\.csv|a\.csv", r"columns")))


def every_row_twice() -> Made:
    """A log that was joined with itself."""
    return {"p.csv": table("track,t,lon,lat", lambda p: f"v{p.k},{iso(p.t)},{p.lon},{p.lat}", [*fixes(), *fixes()])}, case(
        "Rows that stand twice count once, and it is told how many.", Read(facts(), (r"twice|same time|duplicate|again",)))


def two_days_and_a_night() -> Made:
    """The same id on two days."""
    rows = table("mmsi,time,lat,lon", lambda p: f"{p.k},{iso(p.t)},{p.lat:.4f},{p.lon:.4f}")
    rows += table("", lambda p: f"{p.k},{iso(p.t)},{p.lat:.4f},{p.lon + 3 * EAST:.4f}", fixes(BEGUN.replace(day=26)))
    told = Facts(tracks=6, points=60, paths=6, step_s=float(STEP_S))
    return {"p.csv": rows}, case("A night of 24 hours parts two trips.", Read(told, (r"\bgaps?\b|\btrips?\b|split",)),
                                 Asked("trips", r"split|gap|yes", told))


MAKERS = (movebank_with_comments, traccar_positions, danish_ais_with_blanks, noaa_2025_names, opensky_states, tdrive_with_header,
          tdrive_two_files, degrees_without_a_header, gtfs_shapes, movingpandas_points, skmob_without_trips, trackintel_triplegs,
          porto_with_a_gap, pings_in_pieces, every_row_twice, two_days_and_a_night)
