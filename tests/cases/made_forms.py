"""Made-up files in other forms: separators, encodings, times, coordinates, formats, and networks."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pandas as pd
import shapely

from benchmarks.cases.expectation import Asked, Facts, Read, Refused, case
from tests.cases.formats import FAR
from tests.cases.times import DAY, TRIPS
from tests.cases.walks import BEGUN, POINTS, Fix, Made, facts, fixes, iso, plain, table

FORK = b"link,u,v,length\n1,A,B,100\n2,B,C,100\n3,C,D,100\n4,C,E,120\n"
PATHS = b"track,path\na,1 2 3\nb,1 2 4\n"
HEAD = "track,t,lon,lat"


def row(p: Fix) -> str:
    """A row of a plain file."""
    return f"v{p.k},{iso(p.t)},{p.lon:.5f},{p.lat:.5f}"


def semicolon_comma_bom() -> Made:
    """As a German Excel saves it."""
    def german(p: Fix) -> str:
        return f"v{p.k};{p.t:%d.%m.%Y %H:%M};" + f"{p.lon:.4f};{p.lat:.4f}".replace(".", ",")

    rows = table("Fahrzeug;Zeit;Länge;Breite", german, encoding="utf-8-sig")
    picked = {"track": "Fahrzeug", "t": "Zeit", "lon": "Länge", "lat": "Breite"}
    return {"fahrten.csv": rows}, case(
        "Days first, commas in numbers; names in German may have to be picked by hand.", Read(facts()),
        Refused((r"Fahrzeug|what each file holds",), roles={"fahrten.csv": "points"}, columns=picked, facts=facts()))


def latin_1_names() -> Made:
    """Ships of names with letters beyond ASCII, in Latin-1."""
    ids = ("Sørøy", "Årø", "Bjørn")
    rows = table("vessel;time;lon;lat", lambda p: f"{ids[p.k]};{iso(p.t)};{p.lon};{p.lat}", encoding="latin-1")
    return {"p.csv": rows}, case("Names are read as they are written.", Read(facts(ids)))


def excel_unicode_text() -> Made:
    """Tabs and UTF-16, as Excel saves Unicode text."""
    return {"p.txt": table("track\tt\tlon\tlat", lambda p: row(p).replace(",", "\t"), encoding="utf-16")}, case(
        "It is a table.", Read(facts()))


def zip_of_two_files() -> Made:
    """Two tables in one zip, with what a Mac puts beside them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for k in range(2):
            packed.writestr(f"day{k}.csv", table(HEAD, row, [p for p in fixes() if (p.k == 2) == bool(k)]))
            packed.writestr(f"__MACOSX/._day{k}.csv", b"\x00\x05\x16\x07")
    return {"days.zip": held.getvalue()}, case("Both are read, or it is said that a zip may hold one.", Read(facts()),
                                               Refused((r"zip|files?", r"one|single|unpack")))


def gzip_with_preamble() -> Made:
    """Packed, with lines of notes before the header."""
    rows = b"% logger 7\n% all times UTC\n\n" + table(HEAD, row)
    return {"p.csv.gz": gzip.compress(rows)}, case("Notes are passed over.", Read(facts()))


def epoch_floats() -> Made:
    """Seconds since 1970 with fractions."""
    return {"p.csv": table(HEAD, lambda p: f"v{p.k},{p.t.timestamp() + 0.25:.3f},{p.lon},{p.lat}")}, case(
        "They are seconds.", Read(facts()))


def epoch_ns() -> Made:
    """Nanoseconds as whole numbers in Parquet."""
    frame = pd.DataFrame([(f"v{p.k}", int(p.t.timestamp()) * 10**9, p.lon, p.lat) for p in fixes()], columns=HEAD.split(","))
    return {"p.parquet": frame.to_parquet(index=False)}, case("Nineteen digits are nanoseconds.", Read(facts()))


def offsets_of_zones() -> Made:
    """Each track in another zone, by its offset."""
    zones = ("+00:00", "+01:00", "-05:00")
    hours = (0, 1, -5)
    rows = table(HEAD, lambda p: f"v{p.k},{plain(p.t + pd.Timedelta(hours=hours[p.k]))}{zones[p.k]},{p.lon},{p.lat}")
    whole = Facts(tracks=3, points=30, span={f"v{k}": (iso(BEGUN), "2024-03-25T08:19:00Z") for k in range(3)})
    return {"p.csv": rows}, case("Offsets are heeded row by row.", Read(whole))


def utc_behind_each_time() -> Made:
    """As databases print it."""
    return {"p.csv": table(HEAD, lambda p: f"v{p.k},{plain(p.t)}.000 UTC,{p.lon},{p.lat}")}, case("UTC is a zone.", Read(facts()))


def date_and_time_apart() -> Made:
    """A column each, the date with slashes and the year first."""
    return {"p.csv": table("ID,Date,Time,Lat,Lon", lambda p: f"v{p.k},{p.t:%Y/%m/%d},{p.t:%H:%M:%S},{p.lat},{p.lon}")}, case(
        "Both together are the time.", Read(facts()))


def month_first_am() -> Made:
    """The 25th as only a day can be."""
    return {"p.csv": table(HEAD, lambda p: f"v{p.k},{p.t.month}/{p.t.day}/{p.t.year} {p.t:%I:%M:%S %p},{p.lon},{p.lat}")}, case(
        "Months first, as 25 shows.", Read(facts()))


def days_of_excel() -> Made:
    """Days since 1900, as a cell holds a time."""
    rows = table(HEAD, lambda p: f"v{p.k},{(p.t - pd.Timestamp('1899-12-30', tz='UTC')) / pd.Timedelta(days=1):.8f},{p.lon},{p.lat}")
    return {"p.csv": rows}, case("They are days, or it is asked or told what they were taken for: nobody goes 128 m in 0.0007 s.",
                                 Read(facts(), (r"excel|days",)), Asked("time", r"excel|days", facts()), Refused((r"excel|days",)),
                                 Read(Facts(tracks=3), (FAR,)))


def geojson_points() -> Made:
    """A feature a point, with its time."""
    made = [{"type": "Feature", "properties": {"track": f"v{p.k}", "time": iso(p.t)},
             "geometry": {"type": "Point", "coordinates": [p.lon, p.lat, 0.0]}} for p in fixes()]
    return {"p.geojson": json.dumps({"type": "FeatureCollection", "features": made}).encode()}, case("Points are points.", Read(facts()))


def gpx_of_two_segments() -> Made:
    """One track whose receiver was off for three hours."""
    def segment(points: list[Fix]) -> str:
        return "".join(f'<trkpt lat="{p.lat}" lon="{p.lon}"><ele>4</ele><time>{iso(p.t)}</time></trkpt>' for p in points)

    later = fixes(BEGUN.replace(hour=11), lon=10.1, tracks=1)
    text = (f'<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><wpt lat="55" lon="10"/><trk><name>walk'
            f"</name><trkseg>{segment(fixes(tracks=1))}</trkseg><trkseg>{segment(later)}</trkseg></trk></gpx>")
    parted = Facts(tracks=2, points=2 * POINTS, step_s=60.0, step_m=200.0)
    return {"walk.gpx": text.encode()}, case("Segments are two trips, or the gap is told.", Read(parted),
                                             Read(Facts(tracks=2, points=2 * POINTS), (TRIPS,)), Asked("trips", r"split|gap|yes", parted))


def greenwich_from_0_to_360() -> Made:
    """From 359.99 to 0.008: the next step is no way round the world."""
    rows = table(HEAD, lambda p: f"v{p.k},{iso(p.t)},{p.lon % 360.0:.5f},{p.lat:.5f}", fixes(lon=359.99))
    return {"p.csv": rows}, case("It goes on east.", Read(facts(metres=1151.8, crs="utm")))


def near_the_pole() -> Made:
    """At 88 north there is no zone of UTM."""
    return {"p.csv": table(HEAD, lambda p: f"v{p.k},{iso(p.t)},{p.lon},{p.lat + 33.0}")}, case(
        "A polar plane, or the limit by name.", Read(Facts(tracks=3, points=30, metres={"v0": 70.16}, within=0.03, crs="polar")),
        Refused((r"84 (degrees )?north|UTM",)))


def ids_beyond_floats() -> Made:
    """Ids of 17 digits, one row without."""
    ids = ("90071992547409931", "90071992547409932", "90071992547409933")
    rows = table(HEAD, lambda p: f"{ids[p.k]},{iso(p.t)},{p.lon},{p.lat}") + f",{iso(BEGUN)},10,55\n".encode()
    return {"p.csv": rows}, case("They stay three, and the row without is listed.", Read(facts(ids), (r"no track id|empty",)))


def attributes_of_two_of_three() -> Made:
    """An attribute's key as a number with a point."""
    return {"p.csv": table("mmsi,t,lon,lat", lambda p: f"36700000{p.k},{iso(p.t)},{p.lon},{p.lat}"),
            "ships.csv": b"name,MMSI,class\nA,367000000.0,cargo\nB,367000001.0,tanker\nZ,999,tug\n"}, case(
        "2 of 3 are found, which is told.", Read(facts([f"36700000{k}" for k in range(3)], labels={
            "class": {"cargo": 1, "tanker": 1, "(missing)": 1}}), (r"2 of (the )?3",)))


def wkb_in_hex() -> Made:
    """Lines as PostGIS writes them."""
    lines = [shapely.LineString([(4.3 + 0.01 * k, 52.0), (4.31 + 0.01 * k, 52.0)]) for k in range(4)]
    rows = zip("1234", ("A,B", "B,C", "C,D", "C,E"), map(shapely.to_wkb, lines), strict=True)
    links = "id;u;v;geom\n" + "".join(f"{name};{ends.replace(',', ';')};{wkb.hex().upper()}\n" for name, ends, wkb in rows)
    return {"links.csv": links.encode(), "paths.csv": PATHS}, case("They are lines in degrees.", Read(
        Facts(paths=2, links=4, choices=3, crs="EPSG:32631", link_m={"2": 686.7})))


def words_for_nothing_as_nodes() -> Made:
    """Every word for a missing end."""
    links = FORK + b"5,NA,F,10\n6,F,null,10\n7,None,G,10\n8,G,nan,10\n9,H,NULL,10\n"
    return {"links.csv": links, "paths.csv": PATHS}, case(
        "None of them joins anything: F and G do.", Read(Facts(paths=2, choices=5, no_steps=(("6", "7"), ("8", "7"), ("9", "7")))))


def oneway_as_osm_writes_it() -> Made:
    """yes, no and -1: against the way it is drawn."""
    links = b"link,u,v,length,oneway\n1,A,B,100,yes\n2,C,B,100,-1\n3,C,D,100,no\n"
    return {"links.csv": links, "paths.csv": b"track,path\na,1 2 3\nb,2 3\n"}, case(
        "-1 is a way back.", Read(Facts(paths=2, steps=(("1", "2"), ("2", "3"))), (r"one-?way|both|direction",)),
        Refused((r"-1", r"oneway")))


def fmm_with_all_columns() -> Made:
    """The full output of fmm, beside edges with a cost."""
    edges = b"id;source;target;cost;geom\n1;1;2;100;LINESTRING(4 52,4.01 52)\n2;2;3;100;LINESTRING(4.01 52,4.02 52)\n"
    matched = (b"id;opath;error;offset;length;spdist;pgeom;cpath;tpath;mgeom\n7;1,1,2;3,4,1;10,50,5;100,100,100;0,40,55;"
               b"LINESTRING(4 52,4.02 52);1,2;1|1,2;LINESTRING(4 52,4.02 52)\n8;;;;;;;;;LINESTRING()\n")
    return {"edges.csv": edges, "mr.txt": matched}, case(
        "cpath is the path; what was not matched is listed.",
        Read(Facts(tracks=1, paths=1, route={"7": ("1", "2")}), (r"one link|no link|empty|\b8\b",)))


def lengths_with_thousands() -> Made:
    """1,250 in quotes is a length of 1250."""
    links = FORK.replace(b"3,C,D,100", b'3,C,D,"1,250"')
    return {"links.csv": links, "paths.csv": PATHS}, case(
        "It is 1250, or the row is listed.",
        Read(Facts(paths=2, link_m={"3": 1250.0})), Read(Facts(paths=2), (r"1,250",)), Refused((r"1,250",)))


def dots_between_date_and_year() -> Made:
    """All dates before the 13th, with dots."""
    early = fixes(BEGUN.replace(day=4))
    rows = table(HEAD, lambda p: f"v{p.k},{p.t:%d.%m.%Y %H:%M:%S},{p.lon},{p.lat}", early)
    march = Facts(tracks=3, points=30, span={"v0": ("2024-03-04T08:10Z", "2024-03-04T08:19Z")})
    return {"p.csv": rows}, case("Dots are written days first, which is told; or it is asked.", Read(march, (DAY,)),
                                 Asked("time", r"day", march))


MAKERS = (semicolon_comma_bom, latin_1_names, excel_unicode_text, zip_of_two_files, gzip_with_preamble, epoch_floats, epoch_ns,
          offsets_of_zones, utc_behind_each_time, date_and_time_apart, month_first_am, days_of_excel, geojson_points, gpx_of_two_segments,
          greenwich_from_0_to_360, near_the_pole, ids_beyond_floats, attributes_of_two_of_three, wkb_in_hex, words_for_nothing_as_nodes,
          oneway_as_osm_writes_it, fmm_with_all_columns, lengths_with_thousands, dots_between_date_and_year)
