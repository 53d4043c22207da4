"""Made-up files with something wrong or odd in them, that must be named: swapped or dressed-up coordinates, bad rows, odd networks."""

from __future__ import annotations

import pandas as pd
from pyproj import Transformer

from benchmarks.cases.expectation import Asked, Facts, Read, Refused, case
from tests.cases.made_forms import FORK, HEAD, PATHS, row
from tests.cases.walks import Made, facts, fixes, iso, plain, table


def units_in_the_header() -> Made:
    """As loggers write them."""
    return {"p.csv": table("Vessel ID,Time (UTC),Longitude [deg],Latitude [deg],Speed (kn)",
                           lambda p: f"v{p.k},{plain(p.t)},{p.lon:.4f},{p.lat:.4f},4.1")}, case("Units belong to no name.", Read(facts()))


def swapped_columns() -> Made:
    """lon holds 39.9 and lat 116.4."""
    rows = table(HEAD, lambda p: f"v{p.k},{iso(p.t)},{p.lat:.4f},{p.lon:.4f}", fixes(lon=116.4, lat=39.9))
    return {"p.csv": rows}, case("No latitude is 116: named as swapped.", Refused((r"swap|other way|116", r"\blat\b")),
                                 Read(facts(metres=1539.3, crs="EPSG:32650"), (r"swap|other way",)))


def web_mercator() -> Made:
    """Metres of web maps: lengths are 1.74 times too long at 55 north unless their projection is named."""
    to = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    rows = table("track,t,x,y", lambda p: "v{},{},{:.2f},{:.2f}".format(p.k, iso(p.t), *to.transform(p.lon, p.lat)))
    return {"p.csv": rows}, case("They are metres of a plane, of which one knows nothing more.", Read(
        Facts(tracks=3, points=30, metres={"v0": 2003.75})))


def degrees_with_letters() -> Made:
    """55.000N and 10.000E."""
    return {"p.csv": table(HEAD, lambda p: f"v{p.k},{iso(p.t)},{p.lon:.4f}E,{p.lat:.4f}N")}, case(
        "They are read, or the first is named.", Read(facts()), Refused((r"10\.0000E|55\.0000N",)))


def half_the_rows_bad() -> Made:
    """Every other place is the word for none."""
    rows = table(HEAD, lambda p: row(p) if p.i % 2 == 0 else f"v{p.k},{iso(p.t)},null,n/a")
    return {"p.csv": rows}, case("Half is lost, and it is told how much.", Read(
        Facts(tracks=3, points=15, metres={"v0": 1023.9}), (r"empty|not a usable",)))


def one_id_for_all() -> Made:
    """A track's id is missing altogether."""
    return {"p.csv": table("time,lat,lon", lambda p: f"{iso(p.t)},{p.lat:.4f},{p.lon:.4f}", fixes(tracks=1))}, case(
        "A file without ids is one track, which is told; or the missing column is named.",
        Read(Facts(tracks=1, points=10, metres={}), (r"one track|no (column of )?ids?|no column",)),
        Refused((r"track|what each file holds",)))


def class_in_two_spellings() -> Made:
    """Classes that differ in blanks and case between tracks stay two, as they are written."""
    said = ("Cargo", "cargo ", "CARGO")
    return {"p.csv": table(HEAD + ",class", lambda p: f"{row(p)},{said[p.k]}")}, case(
        "Nothing is lost; blanks at the end do not count.", Read(facts(labels={"class": {"Cargo": 1, "cargo": 1, "CARGO": 1}})),
        Read(facts(labels={"class": {"Cargo": 3}}), (r"cargo",)))


def two_rows_of_attributes() -> Made:
    """A ship stands twice in the register, under two classes."""
    return {"p.csv": table(HEAD, row), "a.csv": b"track,class\nv0,cargo\nv0,tanker\nv1,cargo\nv2,cargo\n"}, case(
        "The second row is told.",
        Read(Facts(tracks=3), (r"v0.*(twice|two|second|more than)|(twice|two|second|more than).*v0|has one already",)),
        Refused((r"v0",)))


def transitions_to_nowhere() -> Made:
    """A transition names no link, another an unknown one."""
    return {"links.csv": b"link,length\n1,100\n2,100\n3,100\n4,120\n", "paths.csv": PATHS,
            "follows.csv": b"from_link,to_link\n1,2\n2,3\n2,4\n3,\n4,99\n"}, case(
        "The blank one is listed, and the unknown one is told or a place of its own.",
        Read(Facts(paths=2, steps=(("1", "2"), ("2", "4")), no_steps=(("3", ""),)), (r"row 5",)))


def paths_with_a_hole() -> Made:
    """One path leaves a link out."""
    return {"links.csv": FORK, "paths.csv": PATHS + b"c,1 3\nd,1 9\n"}, case(
        "Both are named, with the link.", Read(Facts(paths=2), (r"track c.*1.*3", r"track d.*\b9\b")))


def links_with_a_class_and_speed() -> Made:
    """A speed with units in the cell, one blank."""
    links = b"link,u,v,length,maxspeed,highway\n1,A,B,100,50,primary\n2,B,C,100,30 mph,primary\n3,C,D,100,,residential\n4,C,E,120,50,\n"
    return {"links.csv": links, "paths.csv": PATHS}, case(
        "One cell of text takes nothing away in silence.", Read(Facts(paths=2, choices=3, no_features=("maxspeed",))),
        Read(Facts(paths=2, choices=3), (r"maxspeed|30 mph",)))


def durations_and_flags() -> Made:
    """Parquet with a duration, a boolean and a date beside the points."""
    frame = pd.DataFrame([(f"v{p.k}", p.t, p.lon, p.lat) for p in fixes()], columns=HEAD.split(","))
    frame["since"] = pd.to_timedelta(60, unit="s")
    frame["loaded"] = frame["track"] == "v1"
    frame["built"] = pd.Timestamp("2001-02-03").date()
    return {"p.parquet": frame.to_parquet(index=False)}, case("Each becomes an attribute that reads as it is.", Read(
        facts(labels={"loaded": {"False": 2, "True": 1}, "built": {"2001-02-03": 3}})))


def years_far_off() -> Made:
    """A clock that stood at 1970 for one point."""
    rows = table(HEAD, row) + b"v0,1970-01-01T00:00:05Z,10.0,55.0\n"
    return {"p.csv": rows}, case("54 years are no gap of a trip: told, split or left out.", Read(
        Facts(tracks=3, points=30, step_s=60.0), (r"1970|gap|one point|split|left out",)),
        Asked("time", r".", Facts(tracks=3)))


MAKERS = (units_in_the_header, swapped_columns, web_mercator, degrees_with_letters, half_the_rows_bad, one_id_for_all,
          class_in_two_spellings, two_rows_of_attributes, transitions_to_nowhere, paths_with_a_hole, links_with_a_class_and_speed,
          durations_and_flags, years_far_off)
