"""A column of times in seconds: every kind of writing is read right, or asked about, or refused with its row."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from irlcore.errors import DataError
from irlcore.tracks.options import Options, Question
from irlcore.tracks.times.reading import FORMATS, Times, read_times
from irlcore.tracks.times.words import taken_apart

AT = float(calendar.timegm((2024, 3, 4, 8, 10, 0)))


def read(values: Sequence[object] | pd.Series, time: str = "", zone: str = "", tracks: Sequence[int] | None = None,
         clock: Sequence[object] | None = None) -> Times:
    column = values if isinstance(values, pd.Series) else pd.Series(list(values), name="t")
    return read_times(column, Options(time=time, zone=zone), None if clock is None else pd.Series(list(clock), name="clock"),
                      None if tracks is None else np.array(tracks))


def asked(values: Sequence[object] | pd.Series, **more: object) -> Question:
    with pytest.raises(Question) as caught:
        read(values, **more)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize("text", [
    "2024-03-04T08:10:00Z", "2024-03-04 08:10:00Z", "2024-03-04T08:10:00.000Z", "2024-03-04T08:10Z", "2024-03-04T10:10:00+02:00",
    "2024-03-04 10:10:00 +0200", "2024-03-04T05:10:00-03", "2024-03-04 08:10", "2024-03-04T08:10:00", " 2024-03-04 08:10:00 ",
    "2024/03/04 08:10", "2024.3.4 8:10:00", "2024-03-04 08:10:00,000", "2024-03-04_08:10:00", "2024-03-04-08.10.00", "2024-064T08:10:00",
    "2024-W10-1T08:10", "2024-03-04 08:10:00.000000000000", "20240304T081000Z", "20240304 081000", "20240304-08:10:00", "20240304081000",
    "202403040810", "20240304081000000", "04-Mar-2024 08:10", "4 March 2024 8:10", "Mar 4 2024 8:10", "March 4th, 2024 8:10 AM",
    "Mon, 04 Mar 2024 08:10:00 GMT", "Mon Mar  4 08:10:00 2024", "Mon Mar 04 08:10:00 +0000 2024", "04MAR2024:08:10:00",
    "04/Mar/2024:08:10:00 +0000", "4. März 2024 08:10", "4 mars 2024 8h10", "2024-Mar-04 08:10",
    "Mon Mar 04 2024 09:10:00 GMT+0100 (Central European Standard Time)", "2024-03-04T09:10:00+01:00[Europe/Berlin]",
    "2024-03-04 09:10 Europe/Berlin", "2024-03-04 09:10 CET", "2024-03-04 08:10 UTC", "2024-03-04 03:10 EST", "2024.3.4 8.10 Uhr",
    "2024-03-04t08:10:00z", "2024-03-04 13:40 UTC +5:30", "2024-03-04 08:10 am",
    "08:10:00 2024-03-04", "2024年3月4日 08:10", "1709539800", "1709539800.0", "1709539800,0", "1709539800000", "1709539800000000",
    "1709539800000000000", "1.7095398e9"])
def test_one_moment_in_many_ways(text: str) -> None:
    times = read([text, text])
    assert times.dated
    assert times.seconds.tolist() == [AT, AT]


@pytest.mark.parametrize("scale", [1, 1000, 10**6, 10**9])
@pytest.mark.parametrize("kind", ["int64", "float64", "Int64", "string", "object", "int64[pyarrow]"])
def test_numbers_since_1970_tell_their_unit(scale: int, kind: str) -> None:
    times = read(pd.Series([1709539800 * scale, 1709539860 * scale]).astype(kind))  # type: ignore[call-overload]
    assert times.dated and times.seconds.tolist() == [AT, AT + 60.0]
    assert len(times.said) == (scale != 1)


@pytest.mark.parametrize("values", [[0, 1, 2], [0.0, 0.1, 0.25], ["0", "30", "60,5"], [28800, 28830, 28860], [86400 * 400, 0, 7]])
def test_small_numbers_count_seconds_as_they_are(values: list[object]) -> None:
    times = read(values)
    assert not times.dated
    assert times.seconds.tolist() == [float(str(one).replace(",", ".")) for one in values]


def test_one_column_of_two_units_is_asked_about_with_rows() -> None:
    values = [1700000000, 1700000060, 1700000120000]
    question = asked(values)
    assert question.about == "time" and next(iter(question.choices)) == "by size" and set(question.choices) <= set(FORMATS)
    assert "row 2: '1700000000'" in question.what and "row 4: '1700000120000'" in question.what
    assert read(values, "by size").seconds.tolist() == [1.7e9, 1.7e9 + 60, 1.7e9 + 120]
    np.testing.assert_array_equal(read(values, "s").seconds, [1.7e9, 1.7e9 + 60, np.nan])
    np.testing.assert_array_equal(read(values, "ms").seconds[2:], [1.7e9 + 120])


def test_an_answer_about_another_table_leaves_this_one_as_its_values_say() -> None:
    for answer in FORMATS:
        if answer not in ("ms", "us", "ns", "counted"):  # these can be meant of any numbers
            assert read([1709539800, 1709539860], answer).seconds.tolist() == [AT, AT + 60.0], answer
        assert read(["2024-03-04 08:10", "2024-03-04 08:11"], answer).seconds.tolist() == [AT, AT + 60.0], answer
    assert read([1709539800000], "s").seconds.tolist() == [AT]
    counted = read([0, 500], "ms")
    assert counted.seconds.tolist() == [0.0, 0.5] and not counted.dated and "milliseconds" in counted.said[0]


def test_a_zero_among_moments_is_no_moment() -> None:
    times = read([1709539800000] * 20 + [0])
    assert times.dated and np.isnan(times.seconds[-1]) and times.seconds[0] == AT


@pytest.mark.parametrize(("values", "first", "answer"), [
    ([5e9, 5.1e9, 5.2e9], "ms", 5e6), ([20240304] * 5 + [17] * 4, "compact", AT - 29400.0),
    ([81000, 81010, 81020, 81030, 81040, 81050, 81100, 81110, 81120, 81130, 90000], "digits of the day", 29400.0),
    ([45355.25 + k / 86400.0 for k in range(1, 9)], "excel", AT - 29400.0 + 21601.0), ([2024030408], "compact", AT - 600.0),
    (["75:30", "76:10"], "min:s", 4530.0), (["081000", "091000"], "digits of the day", 29400.0)])
def test_numbers_that_read_in_two_ways_are_asked_about(values: list[object], first: str, answer: float) -> None:
    question = asked(values)
    assert question.about == "time" and first in question.choices and set(question.choices) <= set(FORMATS)
    assert read(values, first).seconds[0] == pytest.approx(answer, abs=1e-3)


@pytest.mark.parametrize("dates", ["{d:02}/{m:02}/{y}", "{d}.{m}.{y}", "{d:02}-{m:02}-{y}", "{d:02}.{m:02}.{s:02}", "{d:02}/{m:02}/{s:02}"])
def test_day_first_is_told_by_a_day_after_the_twelfth_else_asked(dates: str) -> None:
    def column(*days: int) -> list[str]:
        return [dates.format(d=day, m=3, y=2024, s=24) + " 08:10" for day in days]

    told = read(column(4, 5, 18))
    assert told.seconds.tolist() == [AT, AT + 86400.0, AT + 14 * 86400.0]
    assert any("day first" in one and "row 4" in one for one in told.said)
    question = asked(column(4, 5))
    assert list(question.choices)[:2] == ["day first", "month first"]
    assert "4 March 2024" in question.choices["day first"]
    assert read(column(4, 5), "day first").seconds[0] == AT
    assert read(column(4, 5), "month first").seconds[0] == calendar.timegm((2024, 4, 3, 8, 10, 0))


def test_month_first_with_halves_of_the_day() -> None:
    values = ["03/05/2024 10:10:00 PM", "03/05/2024 11:55:00 PM", "03/06/2024 12:16:00 AM"]
    assert list(asked(values).choices) == ["month first", "day first"]
    assert np.diff(read(values, "month first").seconds).tolist() == [6300.0, 1260.0]
    assert np.diff(read([*values, "03/16/2024 12:00 p.m."]).seconds)[-1] == 10 * 86400.0 + 11 * 3600.0 + 2640.0


def test_dates_that_read_the_same_either_way_are_not_asked_about() -> None:
    assert read(["03/03/2024 08:10"]).seconds.tolist() == [AT - 86400.0]


def test_years_of_two_digits_that_may_stand_first() -> None:
    assert "year first" in asked(["24-03-04 08:10", "24-03-25 08:10"]).choices
    assert read(["24-03-04 08:10", "24-03-25 08:10"], "year first").seconds[0] == AT
    assert read(["99-03-04 08:10"]).seconds[0] == calendar.timegm((1999, 3, 4, 8, 10, 0))
    assert read(["04-Mar-24 08:10"]).seconds[0] == AT


def test_two_ways_of_writing_are_read_each_by_itself() -> None:
    mixed = ["04/03/2024 08:00", "2024-03-04 08:03:00", "04/03/2024 08:06", "2024-03-04 08:09:00"]
    assert list(asked(mixed).choices) == ["day first", "month first"]
    assert np.diff(read(mixed, "day first").seconds).tolist() == [180.0] * 3
    assert np.diff(read(["13/03/2024 08:00", "2024-03-13 08:03:00", "13 Mar 2024 8:06", "1710317340"]).seconds).tolist() == [180.0] * 3
    assert "more than one kind" in asked(["13/03/2024 08:00", "03/14/2024 08:00", "03/04/2024 08:00"]).what


@pytest.mark.parametrize(("date", "clock"), [
    ("2024-03-04", "08:10:00"), ("04-Mar-2024", "8:10 AM"), (20240304, 29400), (20240304, "08:10:00Z"), ("2024-03-04", "10:10+02:00"),
    (dt.date(2024, 3, 4), dt.time(8, 10)), (pd.Timestamp("2024-03-04"), "08:10"), ("2024-03-04", "1899-12-30 08:10:00"),
    ("2024-03-04", 0.3402777777777778), ("2024-03-03", "32:10:00"), ("2024-03-04 00:00:00", "2024-03-04 08:10:00")])
def test_date_and_time_of_day_in_two_columns(date: object, clock: object) -> None:
    times = read([date, date], clock=[clock, clock], time="time of day" if clock == 29400 else "")
    assert times.dated and times.seconds.tolist() == [AT, AT]


@pytest.mark.parametrize(("date", "answers"), [
    (4032024, {"day first": "2024-03-04", "month first": "2024-04-03"}), ("04032024", {"day first": "2024-03-04"}),
    (240331, {"day first": "2031-03-24", "year first": "2024-03-31"}), (990331, {"": "1999-03-31"}), (45355, {"": "2024-03-04"}),
    (40324, {"day first": "2024-03-04", "year first": "2004-03-24", "excel": "2010-05-26"})])
def test_digits_of_a_date_beside_a_time_of_day(date: object, answers: dict[str, str]) -> None:
    if "" not in answers:
        assert set(answers) <= set(asked([date], clock=["08:10"]).choices)
    for answer, day in answers.items():
        times = read([date], answer, clock=["08:10"])
        assert times.dated and times.seconds[0] == pd.Timestamp(f"{day} 08:10").timestamp()


def test_digits_of_the_day_beside_a_date() -> None:
    assert set(asked([20240304], clock=[81000]).choices) == {"digits of the day", "time of day"}
    assert read([20240304], clock=[81000], time="digits of the day").seconds.tolist() == [AT]
    assert read([20240304] * 2, clock=[81000, 235959]).seconds.tolist() == [AT, AT + 56999.0]
    assert read([20240304], clock=[810], time="hhmm").seconds.tolist() == [AT]
    with pytest.raises(DataError, match=r"times of day already.*row 2"):
        read(["2024-03-04 07:00"], clock=["08:10"])
    with pytest.raises(DataError, match=r"t holds no dates .row 2: '22:10'"):
        read(["22:10"], clock=["08:10"])
    with pytest.raises(DataError, match=r"of clock cannot be read as times .row 3: 'x'"):
        read(["2024-03-04"] * 3, clock=["", "x", "y"])
    np.testing.assert_array_equal(read(["2024-03-04"] * 3, clock=["", "8:10", "8:10"]).seconds, [np.nan, AT, AT])
    with pytest.raises(DataError, match="other dates"):
        read(["2024-03-04"], clock=["2024-03-05 08:10"])


@pytest.mark.parametrize("kind", ["datetime64[s]", "datetime64[ns]", "datetime64[us, Europe/Paris]", "timestamp[ms][pyarrow]",
                                  "timestamp[ns, tz=UTC][pyarrow]", "object", "category", "string[pyarrow]"])
def test_columns_of_dates_of_any_type(kind: str) -> None:
    moments = pd.Series(pd.to_datetime(["2024-03-04 08:10:00Z", None, "2024-03-04 08:10:00.5Z"], format="ISO8601"))
    plain = moments if "tz" in kind or "Paris" in kind or kind == "object" else moments.dt.tz_localize(None)
    column = plain.dt.tz_convert("Europe/Paris").astype(kind) if "Paris" in kind else plain.astype(kind)  # type: ignore[call-overload]
    times = read(column)
    half = 0.0 if kind == "datetime64[s]" else 0.5
    assert times.dated
    np.testing.assert_array_equal(times.seconds, [AT, np.nan, AT + half])


def test_other_types() -> None:
    assert read(pd.Series(pd.to_timedelta([0, 90], "s"))).seconds.tolist() == [0.0, 90.0]
    assert read(["1 days 00:00:30.5", "0 days 00:00:01"]).seconds.tolist() == [86430.5, 1.0]
    assert read(pd.Series(pd.period_range("2024-03-04 08:10", periods=2, freq="min"))).seconds.tolist() == [AT, AT + 60.0]
    days = read(pd.Series([dt.date(2024, 3, 4), dt.date(2024, 3, 5)]).astype("date32[day][pyarrow]"))
    assert days.seconds.tolist() == [AT - 29400.0, AT + 57000.0] and "The dates have no time of day." in days.said
    aware = dt.datetime(2024, 3, 4, 10, 10, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    mixed: list[object] = [aware, "2024-03-04 08:10", 1709539800, np.datetime64("2024-03-04T08:10"), None, dt.datetime(2024, 3, 4, 8, 10)]
    np.testing.assert_array_equal(read(pd.Series(mixed, dtype=object)).seconds, [AT, AT, AT, AT, np.nan, AT])
    assert read(pd.Series([], dtype=object)).seconds.shape == (0,)


def test_what_cannot_be_read_is_nan_and_mostly_so_is_refused() -> None:
    np.testing.assert_array_equal(read(["2024-03-04 08:10", "soon", "", "2024-02-30 08:10", "2024-03-04 08:10", "2024-03-04 25:61",
                                        "2024-03-04 08:10"]).seconds, [AT, np.nan, np.nan, np.nan, AT, np.nan, AT])
    for values, row in ((["2024-03-04 08:10", "soon", "later"], "row 3: 'soon'"),
                        (["2024-03", "2024-04"], "row 2: '2024-03'"), (["NA", "2024-13-04"], "row 3: '2024-13-04'"),
                        ([True, False], "row 2: 'True'"), (pd.Series(["\ud800"], dtype=object), "row 2")):
        with pytest.raises(DataError) as caught:
            read(values)
        assert row in caught.value.what and "ISO 8601" in caught.value.fix and not isinstance(caught.value, Question)
    with pytest.raises(DataError, match="is empty"):
        read([None, ""])
    with pytest.raises(DataError, match=r"holds dates .*row 2.* and times of the day .*row 3"):
        read(["2024-03-04 08:10", "08:10"])
    with pytest.raises(DataError, match="no time zone called 'Mars'"):
        read(["2024-03-04"], zone="Mars")


def test_years_far_away_are_told_or_left_out() -> None:
    rare = read(["2024-03-04 08:10"] * 20 + ["9999-12-31 00:00:00"])
    assert np.isnan(rare.seconds[-1]) and any("row 22" in one for one in rare.said)
    old = read(["1851-06-25 06:00", "1851-06-25 12:00"])
    assert np.diff(old.seconds).tolist() == [21600.0] and any("1851" in one for one in old.said)
    assert any("Europe/Berlin" in one for one in read(["2024-03-04 09:10"], zone="europe/berlin").said)


@pytest.mark.parametrize("text", ["Mon, 4 Mar 2024 08:10:00 UTC", "Mar 4 08:10:00 CET 2024", "Mar  4 08:10:00 2024", "08:10 Mo 4.3.2024",
                                  "2024-W10-1T08:10+01", "4th March 24, 8.10 pm", "8 AM", "08:10 [Europe/Berlin]", "truck", "UTC", "ab 12"])
def test_texts_are_taken_apart_the_same_whatever_letters_stand_beside_them(text: str) -> None:
    alone, beside = taken_apart(pa.array([text])), taken_apart(pa.array([text, "4 Août 2024", "été"]))
    assert [part.to_pylist() for part in alone] == [part.to_pylist()[:1] for part in beside]


def test_a_zone_without_a_time_says_nothing() -> None:
    for texts in (["UTC", "IST"], ["UTC", "08:10 IST"]):
        assert [part[0].as_py() for part in taken_apart(pa.array(texts))] == [None, None, None]
