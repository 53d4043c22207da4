"""Bands of hours and days: every time belongs to one, they have names, and what is none is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.errors import WorldError
from irlcore.worlds.clock import Bands, hour_text, read_edges

RUSH = Bands((6.0, 10.0, 16.0, 20.0))
NIGHT = Bands((6.0, 22.0))
WEEK = Bands((6.0, 22.0), "weekday and weekend")
hours = st.lists(st.integers(0, 95).map(lambda q: q / 4.0), min_size=2, max_size=8, unique=True).map(lambda h: tuple(sorted(h)))


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0) -> float:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()


@given(hours, st.integers(-10**10, 10**10))
def test_every_second_belongs_to_the_one_band_that_covers_it(edges: tuple[float, ...], second: int) -> None:
    bands = Bands(edges)
    hour = second % 86_400 / 3600.0
    width = np.diff([*edges, edges[0] + 24.0])
    covers = [(hour - a) % 24.0 < w for a, w in zip(edges, width, strict=True)]
    assert sum(covers) == 1
    assert covers[int(bands.band_of(np.array([second]))[0])]


@settings(max_examples=50)
@given(hours, st.sampled_from(["weekday and weekend", "each day"]), st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)))
def test_days_are_calendar_days(edges: tuple[float, ...], days: str, when: datetime) -> None:
    stamp = when.replace(microsecond=0, tzinfo=UTC)
    bands = Bands(edges, days)  # type: ignore[arg-type]
    band = int(bands.band_of(np.array([stamp.timestamp()]))[0])
    day = stamp.weekday()
    assert bands.weekdays[band] == (day if days == "each day" else 5 * (day >= 5))
    word = stamp.strftime("%A") if days == "each day" else "weekend" if day >= 5 else "weekdays"
    assert bands.labels[band].startswith(word)


@pytest.mark.parametrize(("when", "label"), [
    (at(2024, 3, 1, 5, 59, 59), "22-6"), (at(2024, 3, 1, 6), "6-22"), (at(2024, 3, 1, 21, 59, 59), "6-22"), (at(2024, 3, 1, 22), "22-6"),
    (at(2024, 3, 1, 0), "22-6"), (at(1969, 12, 31, 12), "6-22")])
def test_the_last_band_goes_over_midnight(when: float, label: str) -> None:
    assert NIGHT.labels[int(NIGHT.band_of(np.array([when]))[0])] == label


def test_a_night_belongs_to_the_day_on_which_the_trip_starts() -> None:
    friday_late, saturday_early = at(2024, 3, 1, 23, 30), at(2024, 3, 2, 0, 30)
    assert [WEEK.labels[b] for b in WEEK.band_of(np.array([friday_late, saturday_early]))] == ["weekdays 22-6", "weekend 22-6"]
    assert friday_late + timedelta(hours=1).total_seconds() == saturday_early


def test_a_time_that_is_not_known_has_no_band() -> None:
    np.testing.assert_array_equal(RUSH.band_of(np.array([np.nan, np.inf, 0.0])), [-1, -1, 3])


def test_the_hour_of_a_band_is_its_middle_and_of_one_hour_the_hour_itself() -> None:
    np.testing.assert_allclose(RUSH.hours, [6.0, 10.0, 16.0, 20.0])
    np.testing.assert_allclose(Bands((6.0, 22.0)).hours, [6.0, 22.0])
    np.testing.assert_allclose(Bands(tuple(float(h) for h in range(24))).hours, np.arange(24.0))
    np.testing.assert_allclose(Bands((7.0, 8.0)).hours, [7.0, 8.0])


def test_bands_have_names() -> None:
    assert RUSH.labels == ("6-10", "10-16", "16-20", "20-6")
    assert Bands((6.5, 22.0)).labels == ("6:30-22", "22-6:30")
    assert WEEK.labels == ("weekdays 6-22", "weekdays 22-6", "weekend 6-22", "weekend 22-6")
    assert Bands((), "weekday and weekend").labels == ("weekdays", "weekend")
    assert Bands((6.0, 22.0), "each day").labels[2] == "Tuesday 6-22"
    assert NIGHT.name == "6-22, 22-6" and "weekdays and weekend" in WEEK.name
    for bands in (RUSH, NIGHT, WEEK, Bands((), "each day")):
        assert bands.n_bands == len(bands.labels) == len(bands.hours) == len(bands.weekdays)
    assert [hour_text(h) for h in (0.0, 16.0, 9.25)] == ["0", "16", "9:15"]


@pytest.mark.parametrize(("edges", "days", "named"), [
    ((6.0, 24.0), "all", "24"), ((-1.0, 6.0), "all", "-1"), ((6.0, float("nan")), "all", "nan"), ((6.0,), "all", "6"),
    ((10.0, 6.0), "all", "10, 6"), ((6.0, 6.0), "all", "6, 6"), ((), "all", "neither"), ((6.0, 22.0), "some", "some")])
def test_bands_that_are_none_are_refused_by_name(edges: tuple[float, ...], days: str, named: str) -> None:
    with pytest.raises(WorldError) as caught:
        Bands(edges, days)  # type: ignore[arg-type]
    assert named in caught.value.what and caught.value.fix


def test_edges_are_read_as_they_are_typed() -> None:
    assert read_edges("20, 6 10;16:30") == (6.0, 10.0, 16.5, 20.0)
    assert read_edges("0, 8, 16, 24") == (0.0, 8.0, 16.0)
    assert read_edges(" ") == ()
    with pytest.raises(WorldError, match="noon"):
        read_edges("6, noon")
    with pytest.raises(WorldError, match="240"):
        Bands(read_edges("6, 240"))
