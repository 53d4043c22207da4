"""Times are told in the reader's zone, or as UTC, and say which."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from irlcore.report.times import short_when, when, zone_of, zone_words

MADE, NOW = "2026-11-25T14:03:59+00:00", datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
SHANGHAI = zone_of("Asia/Shanghai")


def test_the_zone_of_the_reader_is_that_of_the_time() -> None:
    assert when(MADE, UTC, NOW) == "14:03 UTC, 25 November"
    assert when(MADE, SHANGHAI, NOW) == "22:03, 25 November"
    assert when("2026-11-25T18:03:00+00:00", SHANGHAI, NOW) == "02:03, 26 November"
    assert when("2025-12-31T23:30:00+00:00", UTC, NOW) == "23:30 UTC, 31 December 2025"
    assert when("2026-11-25T15:03:00+01:00", UTC, NOW) == "14:03 UTC, 25 November"


def test_a_list_tells_the_day_where_it_is_not_today() -> None:
    assert short_when(MADE, UTC, NOW) == "14:03"
    assert short_when(MADE, SHANGHAI, NOW) == "25 Nov 22:03", "there it is the 26th by now"
    assert short_when("2025-03-02T04:05:00+00:00", UTC, NOW) == "2 Mar 2025 04:05"
    assert (zone_words(UTC), zone_words(SHANGHAI)) == ("Times are UTC.", "Times are of Asia/Shanghai.")


@pytest.mark.parametrize("name", [None, "", "Nowhere/City", "../../etc/passwd", "/etc/passwd", "x" * 10_000, "\0", "Asia"])
def test_a_zone_that_is_none_is_utc(name: str | None) -> None:
    assert zone_of(name) is UTC


@pytest.mark.parametrize("made", ["", "soon", "0001-01-01T00:00:00+14:00"])
def test_a_text_that_is_no_time_says_nothing(made: str) -> None:
    assert when(made, UTC) == short_when(made, SHANGHAI) == ""
