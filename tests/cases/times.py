"""What is expected of cases t, m, h and s: readings of dates, clocks, several trips under one id, outliers."""

from __future__ import annotations

from benchmarks.cases.expectation import Asked, Expected, Facts, Read, Refused, case
from irlcore.tracks.options import Options
from tests.cases.formats import FAR, NEAR

TRIPS = r"\bgaps?\b|\btrips?\b|split"
LATE = 8820.0  # seconds from 22:10 to 0:37 of the next day
DAY, MONTH = r"days? (is |come |are |be )?first|day.*month", r"months? (is |come |are |be )?first|month.*day"
OTHERS = FAR + r"|two (vessels|agents|tracks)"
MOVES = r"(nothing|no track|none|not|never)[^.]*\bmoves?\b|stands? still|same (place|point|cell)|at rest"
BACK = r"summer|daylight|clocks?\b.*(back|change)|(went|goes|go|put|turned) back"
CLOCK = BACK + r"|twice|same hour"


def late(first: str, last: str, metres: float) -> Facts:
    """Six vessels of eight points each, from 22:10 to 0:37, a day after another."""
    return Facts(tracks=6, points=48, paths=6, span={"v0": (first, last)}, seconds={"v0": LATE, "v5": LATE}, metres={"v0": metres})


MARCH_5 = late("2024-03-05T22:10Z", "2024-03-06T00:37Z", 1145.7)
UNDATED = Facts(tracks=6, points=48, paths=6, seconds={"v0": LATE, "v5": LATE}, timed=True)
BOTH = Facts(tracks=4, points=80, paths=4, metres={"v0": 5302.5}, timed=True,
             span={"v0": ("2024-03-04T08:00Z", "2024-03-04T08:57Z"), "v3": ("2024-03-07T08:00Z", "2024-03-07T08:57Z")})
TWO_FILES = Facts(tracks=6, points=90, paths=6, span={name: (1700000000.0, 1700000840.0) for name in ("a0", "b0", "b2")},
                  seconds={"b1": 840.0}, metres={"a0": 3907.3, "b0": 3907.3})
WHOLE_DAYS = Facts(tracks=9, points=180, paths=9, step_s=30.0, step_m=100.0)
HOUR_LATER = Facts(tracks=2, points=48, paths=2, seconds={"v0": 6900.0}, metres={"v0": 6418.6})


def split(trips: int, points: int) -> tuple[Read | Asked, ...]:
    """Trips under one id are split at their gaps, as is suggested and told; or the analyst is asked about it."""
    facts = Facts(tracks=trips, points=points, paths=trips, step_s=600.0, step_m=2000.0, cell=(20.0, 2000.0))
    return Read(facts, (TRIPS,)), Asked("trips", r"split|gap|yes", facts, (TRIPS,))


def without_the_fix(tracks: int, points: int, metres: dict[str, float]) -> Facts:
    """All but one point."""
    return Facts(tracks=tracks, points=points, paths=tracks, metres=metres, step_m=5000.0, cell=NEAR)


EXPECTED: dict[str, Expected] = {
    "t01_day_first_slash": case(
        "Days and months both fit, so it is asked; or it is told which was taken, since only with the day first do trips last hours.",
        Asked("time", r"day", MARCH_5, (DAY + "|" + MONTH,)), Read(MARCH_5, (DAY,))),
    "t03_us_ampm": case(
        "AM and PM are times of day; whether the month comes first is asked, or taken from AM and PM and told.",
        Asked("time", r"month", late("2024-03-05T22:10Z", "2024-03-06T00:37Z", 1145.8), (DAY + "|" + MONTH,)),
        Read(late("2024-03-05T22:10Z", "2024-03-06T00:37Z", 1145.8), (MONTH,))),
    "t09_time_of_day_only": case(
        "Times of day without a date that go on past midnight: the next day, which is told, or asked, or refused for want of a date.",
        Read(UNDATED, (r"no date|midnight|time of (the )?day|next day",)),
        Asked("time", r"midnight|day", UNDATED, (r"date|midnight",)),
        Refused((r"no dates?\b|without (a )?date|date column|only a time of day|time of (the )?day",))),
    "t10_gtfs_25h": case("24:37 is 0:37 of the next day, as timetables write it: no row is lost.", Read(UNDATED)),

    "m01_mixed_date_formats": case(
        "ISO times among days first: 04/03/2024 is the 4th of March, as the ISO rows between show, and told; or asked, or "
        "refused as mixed.",
        Read(BOTH, (DAY + r"|two (ways|forms|formats)|mix",)), Asked("time", r"day", BOTH, (DAY + "|" + MONTH,)),
        Refused((r"two (ways|forms|formats)|mix|differ", r"row \d|\d+ rows"))),
    "m03_seconds_and_ms_two_files": case(
        "One file has seconds and the other milliseconds of the same quarter of an hour: each is read as what it is, or the "
        "mixture is told.",
        Read(TWO_FILES), Asked("time", r"size|each", TWO_FILES), Refused((r"millisecond|mix|units",))),

    "h02_commuter_5_days_one_id": case("Five days, to work and back, under each of three ids: 30 trips.", *split(30, 600)),
    "h03_commuter_ends_at_work": case("The last way back is missing: nine trips under each of three ids, not one.", *split(27, 540)),
    "h04_two_trips_far_apart_5_days_gap": case(
        "Two trips with five days and 160 km between them: the gap is told and never filled as if travelled.", *split(6, 120)),
    "h05_one_file_a_day_same_ids": case(
        "Each of three files begins anew with the same ids and seconds of day: nine trips, or it is told that the files repeat ids and "
        "times, and what to do.",
        Read(WHOLE_DAYS, (r"\bfiles?\b|\bdays?\b",)), Asked("trips", r"file|split|day", WHOLE_DAYS, (r"\bfiles?\b",)),
        Refused((r"\bfiles?\b", r"same (ids?|tracks?|times?)|\bdays?\b|dates?"))),
    "h09_two_vessels_one_mmsi": case(
        "Two vessels 125 km apart take turns under one id. They are told apart, or the farther one is left out, and either is told.",
        Read(Facts(tracks=3, points=60, step_m=2000.0, cell=(20.0, 2000.0)), (OTHERS,)),
        Read(Facts(tracks=2, points=40, paths=2, step_m=2000.0, cell=NEAR, metres={"v1": 5301.4}), (OTHERS,)),
        Read(Facts(tracks=1, points=20, paths=1, step_m=2000.0, cell=NEAR), (OTHERS,))),
    "h10_dst_back": case(
        "The hour from 2 to 3 comes twice, as clocks go back on that day: told, with what to do, and no point dropped as if it were twice "
        "there once the zone is chosen; or asked for the zone: it lasts 1 h 55 min.",
        Read(HOUR_LATER, (CLOCK,)), Asked("zone", r"copenhagen|berlin|paris|europe", HOUR_LATER, (CLOCK,)),
        Refused((CLOCK, r"utc|zone|offset")), Read(Facts(tracks=2), (BACK, r"zone"), Options(zone="Europe/Copenhagen"), HOUR_LATER)),

    "s02_one_outlier_100km": case("One of 601 points lies 100 km off: listed and left out, the cells follow the others.",
                                  Read(without_the_fix(30, 600, {"v3": 6434.7}), (FAR,))),
    "s03_all_points_equal": case("All points are at one place: that nothing moves is said.",
                                 Refused((MOVES,))),
}
