"""Time zones, the hours that clocks skip or repeat, nights that pass; and any date that is written out reads back, or is asked about."""

from __future__ import annotations

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.errors import DataError
from irlcore.tracks.options import Options, Question
from irlcore.tracks.times.reading import FORMATS, Times, read_times, went_back
from irlcore.tracks.times.zones import to_utc

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "America/Sao_Paulo", "UTC")
LOCAL = "%Y-%m-%d %H:%M:%S"
NIGHT = calendar.timegm((2024, 10, 26, 23, 0, 0))  # an hour before the hour that comes twice in Berlin begins, at 02:00 there


def read(values: list[object], time: str = "", zone: str = "", tracks: list[int] | None = None) -> Times:
    return read_times(pd.Series(values, name="t"), Options(time=time, zone=zone), within_track=None if tracks is None else np.array(tracks))


def local(moments: list[int], zone: str) -> list[object]:
    return [dt.datetime.fromtimestamp(one, ZoneInfo(zone)).strftime(LOCAL) for one in moments]


def test_the_hour_that_comes_twice_is_told_apart_by_the_order_of_rows() -> None:
    moments = [NIGHT + 300 * k for k in range(49)]
    texts = local(moments, "Europe/Berlin")
    times = read([*texts, *texts], zone="Europe/Berlin", tracks=[0] * 49 + [1] * 49)
    assert times.seconds.tolist() == moments * 2
    assert any("twice" in one for one in times.said)


@pytest.mark.parametrize(("begin", "end"), [(0, 16), (26, 48), (13, 40)])
def test_a_track_that_ends_or_begins_in_that_hour_joins_its_other_rows(begin: int, end: int) -> None:
    moments = [NIGHT + 300 * k for k in range(begin, end)]
    assert read(local(moments, "Europe/Berlin"), zone="Europe/Berlin", tracks=[0] * len(moments)).seconds.tolist() == moments


def test_where_nothing_tells_the_hours_apart_it_is_said() -> None:
    alone = read(["2024-10-27 02:30:00", "2024-10-27 12:00:00"], zone="Europe/Berlin", tracks=[0, 0])
    assert alone.seconds[0] == calendar.timegm((2024, 10, 27, 0, 30, 0))
    assert any("row 2" in one and "read as the first" in one for one in alone.said)
    assert read(["2024-10-27 02:30:00"], zone="Europe/Berlin").seconds.tolist() == [alone.seconds[0]]


def test_times_that_clocks_leave_out_are_read_as_if_not_set_and_said() -> None:
    spring = read(["2024-03-31 01:59:00", "2024-03-31 02:30:00", "2024-03-31 03:00:00"], zone="Europe/Berlin")
    assert np.diff(spring.seconds).tolist() == [1860.0, -1800.0]
    assert any("do not exist in Europe/Berlin" in one and "row 3" in one for one in spring.said)


@settings(deadline=None)
@given(zone=st.sampled_from(ZONES), seconds=st.lists(st.integers(0, 2**31 + 10**8), min_size=1, max_size=6))
def test_local_times_are_those_of_the_database(zone: str, seconds: list[int]) -> None:
    zoned = [dt.datetime.fromtimestamp(one, ZoneInfo(zone)) for one in seconds]
    walls = np.array([calendar.timegm(one.timetuple()) for one in zoned], float)
    first = [one.replace(fold=0).timestamp() for one in zoned]
    assert to_utc(walls, zone, None)[0].tolist() == first


@pytest.mark.parametrize(("text", "zone", "hours"), [
    ("CST", "America/Chicago", 6), ("CST", "Asia/Shanghai", -8), ("BST", "Europe/London", -1), ("IST", "Asia/Kolkata", -5.5)])
def test_short_names_of_several_zones_are_asked_about(text: str, zone: str, hours: float) -> None:
    with pytest.raises(Question) as caught:
        read([f"2024-07-04 08:10 {text}"])
    assert caught.value.about == "zone" and zone in caught.value.choices and "row 2" in caught.value.what
    assert read([f"2024-07-04 08:10 {text}"], zone=zone).seconds[0] == calendar.timegm((2024, 7, 4, 8, 10, 0)) + 3600 * hours


def test_a_zone_in_the_cell_counts_before_the_one_chosen() -> None:
    at = calendar.timegm((2024, 7, 4, 8, 10, 0))
    times = read(["2024-07-04 08:10Z", "2024-07-04 10:10", "2024-07-04 04:10 America/New_York"], zone="Europe/Berlin")
    assert times.seconds.tolist() == [at] * 3
    assert "1 of 3 times name no zone: read as Europe/Berlin." in times.said
    assert np.isnan(read(["2024-07-04 08:10Z"] * 2 + ["2024-07-04 08:10 Mars/Base"]).seconds[2])


def test_times_of_day_go_on_after_midnight() -> None:
    day = ["22:10:00", "23:55:00", "00:16:00", "00:37"]
    times = read([*day, *day], tracks=[7] * 4 + [3] * 4)
    assert not times.dated
    assert times.seconds.tolist() == [79800.0, 86100.0, 87360.0, 88620.0] * 2
    assert any("again: 2 (" in one and "row 4" in one and "next day" in one for one in times.said)
    assert read(day).seconds.tolist() == [79800.0, 86100.0, 960.0, 2220.0]  # nobody says which rows are of one track
    newest_first = ["00:37", "00:16:00", "23:55:00", "23:40:00"]
    assert sorted(read(newest_first, tracks=[0] * 4).seconds.tolist()) == [85200.0, 86100.0, 87360.0, 88620.0]
    assert read(["10:00", "10:05", "10:04", "10:06"], tracks=[0] * 4).seconds.tolist() == [36000.0, 36300.0, 36240.0, 36360.0]


def test_several_nights_and_rows_in_disorder() -> None:
    hours = list(range(8, 20))
    nights = read([f"{h}:00" for _ in range(3) for h in hours], tracks=[0] * 36)
    assert nights.seconds.tolist() == [(24 * d + h) * 3600.0 for d in range(3) for h in hours]
    mixed = [8, 15, 9, 19, 10, 8, 18, 11, 17, 9]
    odd = read([f"{h}:00" for h in mixed], tracks=[0] * 10)
    assert odd.seconds.tolist() == [h * 3600.0 for h in mixed]
    assert any("disorder" in one for one in odd.said)


def test_timetables_past_24_say_their_day_themselves() -> None:
    times = read(["22:10:00", "24:16:00", "25:10:00", "23:00:00"], tracks=[0] * 4)
    assert times.seconds.tolist() == [79800.0, 87360.0, 90600.0, 82800.0]
    assert any("past 24:00" in one for one in times.said)


def test_minutes_of_a_spreadsheet_are_told() -> None:
    times = read(["10:05.3", "10:06.0"])
    assert times.seconds.tolist() == [605.3, 606.0] and any("hours are lost" in one for one in times.said)


def test_local_times_that_went_back_are_noticed() -> None:
    hour = [NIGHT + 3600.0 + 300.0 * (k % 12) + 7200.0 for k in range(24)]  # 02:00 to 02:55, twice
    track = np.repeat([0, 1, 2], 24)
    sentence = went_back(np.array(hour * 3), track)
    assert sentence is not None and "2024-10-27: 3 (" in sentence and "row 14" in sentence
    assert went_back(np.sort(np.array(hour * 3).reshape(3, 24), axis=1).ravel(), track) is None
    assert went_back(np.array(hour * 3) + 86400.0, track) is None  # a Monday
    assert went_back(np.array(hour * 3) - NIGHT, track) is None  # no dates
    assert went_back(np.random.default_rng(0).permutation(np.array(hour * 3)), track) is None
    november = np.array(hour * 3) + 7 * 86400.0 - 3600.0
    assert "2024-11-03" in str(went_back(november, track))


DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m-%d-%Y", "%d-%b-%Y", "%d %B %Y", "%b %d %Y", "%B %d, %Y", "%Y%m%d",
         "%d/%m/%y", "%m/%d/%y", "%y-%m-%d", "%y.%m.%d", "%d.%m.%y", "%Y-%j", "%G-W%V-%u", "%a, %d %b %Y")
CLOCKS = ("%H:%M:%S", "%I:%M:%S %p", "%I:%M:%S%p", "%H:%M:%S.%f", "%H:%M:%SZ", "%H:%M:%S+0000", "%H:%M:%S UTC", "%H.%M.%S")
MOMENTS = st.lists(st.integers(631_152_000, 2_208_988_799), min_size=1, max_size=12)


@settings(deadline=None)
@given(moments=MOMENTS, date=st.sampled_from(DATES), clock=st.sampled_from(CLOCKS), between=st.sampled_from([" ", "T", ", ", "  ", " "]))
def test_whatever_is_written_out_reads_back_or_is_asked_about(moments: list[int], date: str, clock: str, between: str) -> None:
    texts: list[object] = [dt.datetime.fromtimestamp(one, dt.UTC).strftime(date + between + clock) for one in moments]
    try:
        times = read(texts)
    except Question as question:
        assert question.about == "time" and set(question.choices) <= set(FORMATS)
        right = [answer for answer in question.choices if same(texts, answer, moments)]
        assert right or "more than one kind" in question.what
        return
    assert times.dated
    np.testing.assert_array_equal(times.seconds, moments)


def same(texts: list[object], answer: str, moments: list[int]) -> bool:
    try:
        return np.array_equal(read(texts, answer).seconds, moments)
    except DataError:
        return False


@settings(deadline=None)
@given(moments=MOMENTS, unit=st.sampled_from(["s", "ms", "us", "ns", "compact", "excel"]), text=st.booleans())
def test_numbers_that_are_written_out_read_back_or_are_asked_about(moments: list[int], unit: str, text: bool) -> None:
    zoned = [dt.datetime.fromtimestamp(one, dt.UTC) for one in moments]
    per_s = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
    numbers: list[object] = ([int(one.strftime("%Y%m%d%H%M%S")) for one in zoned] if unit == "compact" else
                             [25569.0 + one / 86400.0 for one in moments] if unit == "excel" else [one * per_s[unit] for one in moments])
    values = [str(one) for one in numbers] if text else numbers
    try:
        found = read(list(values), "excel" if unit == "excel" else "").seconds
    except Question as question:
        assert any(same(list(values), answer, moments) for answer in question.choices)
        return
    np.testing.assert_allclose(found, moments, rtol=0.0, atol=1e-3)
