"""What is expected of cases d, k, m05 and w: columns as known sources name them, attributes, classes."""

from __future__ import annotations

from benchmarks.cases.expectation import Asked, Expected, Facts, Read, Refused, case

NOAA = tuple(f"36600000{k}" for k in range(6))
HOUR = ("2024-01-01T06:00Z", "2024-01-01T06:57Z")
STORKS = ("000", "001", "002", "003", "004")
MORNING = ("2020-01-01T00:00Z", "2020-01-01T08:00Z")
TENTH = {"100": ("2024-03-04T08:00Z", "2024-03-04T08:09Z"), "101": ("2024-03-04T08:00Z", "2024-03-04T08:09Z")}
TRIPS = r"\bgaps?\b|\btrips?\b|\bflights?\b|split"
CARGO = {"Ship type": {"Cargo": 3}}


def noaa(labels: dict[str, dict[str, int]]) -> Facts:
    """Six vessels of 20 points, three minutes apart."""
    return Facts(tracks=6, points=120, paths=6, ids=NOAA, span=dict.fromkeys(NOAA, HOUR), metres={"366000001": 20417.2}, labels=labels,
                 crs="EPSG:32616")


def renamed() -> Facts:
    """Two vessels of ten points whose rows are shuffled: only time puts them in order."""
    return Facts(tracks=2, points=20, paths=2, ids=("100", "101"), span=TENTH, metres={"100": 2303.8}, timed=True, crs="EPSG:32632")


def square(labels: dict[str, dict[str, int]]) -> Facts:
    """Six tracks of ten points without a projection."""
    return Facts(tracks=6, points=60, paths=6, span={"v0": (0.0, 9.0)}, metres={"v0": 90.0}, labels=labels, crs="")


DANISH = Facts(tracks=3, points=36, paths=3, ids=("219000", "219001", "219002"), metres={"219000": 14120.0}, labels=CARGO, crs="EPSG:32632",
               span={"219000": ("2024-03-01T00:00Z", "2024-03-01T01:50Z"), "219002": ("2024-03-03T00:00Z", "2024-03-03T01:50Z")})
ANIMALS = Facts(tracks=5, points=45, paths=5, ids=STORKS, span={"000": MORNING}, metres={"000": 10584.2},
                labels={"class": {"stork": 5}, "period": {"reference": 4, "today": 1}})

EXPECTED: dict[str, Expected] = {
    "d01_noaa_marinecadastre_shuffled": case(
        "BaseDateTime is the time, whatever the order of the rows; the vessel's type is an attribute.",
        Read(noaa({"VesselType": {"70": 3, "80": 3}, "VesselName": {f"SHIP{k}": 1 for k in range(6)}}))),
    "d04_one_static_field_differs_once": case(
        "One row of type 0 does not take the types of all vessels away: the commonest value counts, and the odd row is told.",
        Read(noaa({"VesselType": {"70": 3, "80": 3}}), (r"VesselType",))),
    "d06b_one_row_Truck": case(
        "One row spelt Truck does not take the class away; it is told.",
        Read(Facts(tracks=10, points=100, paths=10, labels={"class": {"truck": 10}, "period": {"reference": 6, "today": 4}}),
             (r"\bclass\b|Truck",))),
    "d07_movebank": case(
        "Recognised as Movebank: the animal is the track, and fixes marked not visible, far off, are left out and told.",
        Read(Facts(tracks=4, points=76, paths=4, ids=("Bird 0", "Bird 1", "Bird 2", "Bird 3"), metres={"Bird 0": 34437.9}, step_m=20000.0,
                   span={"Bird 0": ("2020-05-01T06:00Z", "2020-05-01T15:30Z")}, crs="EPSG:32634"),
             (r"visible|speed|too fast|outlier",))),
    "d08_leading_zero_ids_with_attributes": case(
        "Animals 000 to 004 are not 0 to 4 and find their rows of attributes; a column called animal may have to be picked by hand.",
        Read(ANIMALS),
        Refused((r"m\.csv|animal|what each file holds",), roles={"m.csv": "points"}, columns={"track": "animal", "t": "when"},
                facts=ANIMALS)),
    "d08b_attributes_match_nothing": case(
        "No track has a row of attributes, and that is told as such.",
        Read(Facts(tracks=5, points=45, paths=5, ids=STORKS, span={"000": MORNING}), (r"\b0 of (the )?5\b|none of (the )?5|no track",))),
    "d09_porto": case(
        "Recognised as the taxis of Porto: a row is a trip, POLYLINE has a point every 15 s from TIMESTAMP on.",
        Read(Facts(tracks=4, points=32, paths=4, ids=("1372600", "1372601", "1372602", "1372603"), metres={"1372600": 704.6},
                   span={"1372600": ("2013-07-01T00:00:58Z", "2013-07-01T00:02:43Z")}, labels={"CALL_TYPE": {"C": 4}},
                   crs="EPSG:32629"))),
    "d10_opensky": case(
        "Recognised as OpenSky. Ten hours lie between an aircraft's two flights: they are split, or the gap is told and not flown.",
        Read(Facts(tracks=6, points=120, paths=6, step_s=3600.0, step_m=20000.0, crs="utm"), (TRIPS,)),
        Asked("trips", r"split|gap", Facts(tracks=6, points=120, step_s=3600.0), (TRIPS,))),
    "d12_skmob": case(
        "Recognised as scikit-mobility: trip 1 of each of three users is not one track.",
        Read(Facts(tracks=3, points=30, paths=3, metres={}, step_s=2.0, step_m=300.0, timed=True, crs="EPSG:32650"))),
    "d13_trackintel": case(
        "Recognised as position fixes of trackintel: points are in a geometry.",
        Read(Facts(tracks=3, points=30, paths=3, ids=("0", "1", "2"), metres={"0": 1210.1},
                   span={"0": ("2020-01-01T10:00Z", "2020-01-01T10:09Z")}, crs="EPSG:32632"))),
    "d15_osm_points_xy_degrees": case(
        "x and y near London are degrees by their values, whatever they are called, and that is said.",
        Read(Facts(tracks=4, points=80, paths=4, metres={"a0": 1690.4}, span={"a0": (0.0, 19.0)}, crs="EPSG:32630"),
             (r"degree|longitude",)),
        Asked("crs", r"degree|4326", Facts(tracks=4, metres={"a0": 1690.4}), (r"degree|longitude",))),
    "d16_pm4py_log": case(
        "An event log has activities and no places: it is recognised, and told apart from tracks.",
        Refused((r"pm4py|xes|event log|process|activit",)),
        Read(Facts(tracks=4, paths=4), (r"pm4py|xes|event log|activit",))),

    "k01_type_column_blank_csv": case("A column of class that is all blank is one class, (missing).",
                                      Read(square({"type": {"(missing)": 6}}))),
    "k03_numeric_class_some_missing": case("Classes 70 and 71 with a gap: numbers read as classes, the gap as (missing).",
                                           Read(square({"class": {"70": 3, "71": 2, "(missing)": 1}}))),
    "k06_attributes_keyed_by_mmsi": case("The table of attributes finds the tracks by its column mmsi, not by its first.",
                                         Read(square({"class": {"cargo": 6}, "name": {f"N{k}": 1 for k in range(6)}}))),
    "k08_numeric_attribute_some_missing": case(
        "Attributes of numbers with a gap read 70 and 2020, not 70.0.",
        Read(square({"vessel_kind": {"70": 3, "71": 2, "(missing)": 1}, "year": {"2020": 3, "2021": 2, "(missing)": 1}}))),

    **{f"m05_time_name_{name}": case(f"A column called {name} that holds times is the time: rows out of order are sorted by it.",
                                     Read(renamed())) for name in ("BaseDateTime", "date", "tracked_at", "ts", "utc")},

    "w01_row_id_and_device": case(
        "id numbers the rows; the device is the track.",
        Read(Facts(tracks=3, points=36, paths=3, ids=("dev0", "dev1", "dev2"), metres={"dev0": 7039.4},
                   span={"dev0": ("2024-01-01T10:00Z", "2024-01-01T10:11Z")}, crs="EPSG:32632"))),
    "w05_danish_ais": case("Recognised as Danish AIS, whose dates are days first: the 1st of March, not the 3rd of January.",
                           Read(DANISH), Asked("time", r"day", DANISH, (r"day",))),
}
