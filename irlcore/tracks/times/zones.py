"""Time zones: what a text names, local times in UTC, and how it shows that times are local ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import numpy as np

from irlcore.errors import DataError
from irlcore.tracks.cells import shown
from irlcore.tracks.options import Options, Question
from irlcore.tracks.problems import FIRST_ROW
from irlcore.tracks.times.parts import DAY_S, EARLIEST_S, LATEST_S, day_text

HOUR_S = 3600.0
SAMPLED_S = 4 * DAY_S  # no zone has changed its offset twice within so few days (Morocco does within a month)
OFFSET = re.compile(r"(?:UTC|GMT|UT|Z)?\s*([+-−])\s?(\d{1,2})(?::?(\d{2}))?(?::?00)?", re.IGNORECASE)
WITH_NAME = re.compile(r"([^\[(]*\d)\s*[\[(].*")  # +01:00[Europe/Berlin], GMT+0100 (Central European Standard Time)
HOURS = {"Z": 0.0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3,
         "MSK": 3, "SAST": 2, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
         "HST": -10, "NST": -3.5, "NDT": -2.5, "ADT": -3, "BRT": -3, "ART": -3, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AWST": 8,
         "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "PKT": 5, "WIB": 7}
MEANT = {"CST": ("America/Chicago", "Asia/Shanghai"), "IST": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
         "BST": ("Europe/London", "Asia/Dhaka"), "AST": ("America/Halifax", "Asia/Riyadh")}
"""Short names that stand for several zones."""

WORDS = ("H", "HS", "HRS", "HOURS", "UHR")  # stand after a time of day, and name no zone


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    return {name.upper(): name for name in available_timezones()}


def zone_named(name: str) -> str:
    """The name of a zone as the database of IANA writes it. DataError where it has none such."""
    found = _known().get(name.strip().upper())
    if found is None:
        raise DataError(f"There is no time zone called {shown(name)!r}.", "Name one such as Europe/Berlin, America/New_York or UTC.")
    return found


def zone_of(text: str, options: Options, at: Callable[[], str]) -> float | str | None:
    """Seconds east of UTC (NaN where it is "o'clock"), or the name of a zone, that a text at the end of a time stands for; None where
    it is neither.

    at: where it stands, for the Question which is raised where a short name has several meanings and the zone chosen is none of them.
    """
    text = text.strip()
    text = within.group(1) if (within := WITH_NAME.fullmatch(text)) else text.strip("[]() ")
    if match := OFFSET.fullmatch(text):
        hours, minutes = int(match[2]), int(match[3] or 0)
        east = hours * HOUR_S + minutes * 60.0
        return (east if match[1] == "+" else -east) if hours <= 15 and minutes < 60 else None
    short = text.upper()
    if short in WORDS:
        return float("nan")
    if short in HOURS:
        return HOURS[short] * HOUR_S
    if short not in MEANT:
        return _known().get(short) if "/" in text else None
    if options.zone and (east_of := _short_names(zone_named(options.zone)).get(short)) is not None:
        return east_of
    raise Question(f"{short} stands for several time zones ({at()}).", "Choose the time zone.", "zone",
                   {zone: zone for zone in MEANT[short]})


def all_year(texts: Iterable[str]) -> list[str]:
    """Sentences on short names among texts of zones that are read as one offset, in summer and in winter."""
    short = sorted({text.strip("[]() ").upper() for text in texts} & set(HOURS) - {"Z", "UTC", "GMT", "UT"})
    return [f"{name} is read as {HOURS[name]:+g} hours from UTC, in summer and in winter." for name in short[:3]]


@lru_cache(maxsize=32)
def _short_names(zone: str) -> dict[str, float]:
    found = {}
    for month in (1, 7):
        moment = datetime(2023, month, 1, tzinfo=ZoneInfo(zone))
        east = moment.utcoffset()
        found[moment.tzname() or ""] = east.total_seconds() if east is not None else 0.0
    return found


@lru_cache(maxsize=32)
def _changes(zone: str, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """(k,) seconds since 1970 at which a zone changes its offset between two days, and the (k + 1,) offsets between, seconds east."""
    named = ZoneInfo(zone)

    def east(moment: float) -> float:
        offset = datetime.fromtimestamp(moment, named).utcoffset()
        return offset.total_seconds() if offset is not None else 0.0

    moments = np.arange(first * DAY_S, last * DAY_S + 2 * SAMPLED_S, SAMPLED_S)
    offsets = [east(moment) for moment in moments]
    at, after = [], [offsets[0]]
    for k in np.flatnonzero(np.diff(offsets)):
        low, high = moments[k], moments[k + 1]
        while high - low > 1.0:
            middle = float(np.floor((low + high) / 2.0))
            low, high = (middle, high) if east(middle) == offsets[k] else (low, middle)
        at.append(high)
        after.append(offsets[k + 1])
    return np.array(at), np.array(after)


def to_utc(local: np.ndarray, zone: str, track: np.ndarray | None) -> tuple[np.ndarray, list[str]]:
    """Local times of a zone (n,) float64, seconds since 1970 on its clocks, in UTC; and sentences on times that come twice or never.

    In the hour that comes twice in autumn the order of the rows of a track ((n,) int codes) decides; else it is the first of the two.
    A time that the clocks leave out in spring is read as if they had not been set forward yet.
    """
    known = np.isfinite(local)
    if not known.any():
        return local, []
    inside = np.clip(np.where(known, local, 0.0), EARLIEST_S, LATEST_S)
    days = np.floor(np.array([inside[known].min(), inside[known].max()]) / DAY_S)
    at, east = _changes(zone, int(days[0]) - 8, int(days[1]) + 8)
    done = np.searchsorted(at + np.maximum(east[:-1], east[1:]), inside, "right")
    begun = np.searchsorted(at + np.minimum(east[:-1], east[1:]), inside, "right")
    odd = known & (begun > done)
    utc = local - east[done]
    if not odd.any():
        return utc, []
    back = np.append(east[1:] < east[:-1], False)[done]
    twice, never = odd & back, odd & ~back
    said = []
    if twice.any():
        shift = np.append(east[:-1] - east[1:], 0.0)[done]
        second, open_ = _second_pass(local, twice, track)
        utc = np.where(second, utc + shift, utc)
        if open_.any():
            said.append(f"Times in an hour that comes twice in {zone}, where the order of rows does not tell which: {int(open_.sum()):,} "
                        f"(first in row {int(np.argmax(open_)) + FIRST_ROW}); read as the first.")
        else:
            said.append(f"Times in an hour that comes twice in {zone}: {int(twice.sum()):,}; told apart by the order of rows.")
    if never.any():
        first = int(np.argmax(never)) + FIRST_ROW
        said.append(f"Times that do not exist in {zone}, as clocks are set forward: {int(never.sum()):,} (first in row {first}, "
                    f"{day_text(float(local[never][0]))}); the zone may be another.")
    return utc, said


def _second_pass(local: np.ndarray, twice: np.ndarray, track: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Which of the times that come twice are of the second hour, and which of them are open: (n,) bool each."""
    if track is None:
        return np.zeros(len(local), bool), twice
    order = np.argsort(track, kind="stable")
    order = order[np.isfinite(local[order])]
    t, amb, own = local[order], twice[order], track[order]
    new = np.append(True, (own[1:] != own[:-1]) | (amb[1:] != amb[:-1]))  # a run: rows of one track, one after the other, all twice or none
    run = np.cumsum(new) - 1
    step = np.append(0.0, np.diff(t))
    drop = ~new & (step < 0.0)
    drops = np.bincount(run, drop)
    passed = np.cumsum(drop)
    passed = passed - passed[new][run] + drop[new][run]
    first, last = np.flatnonzero(new), np.append(np.flatnonzero(new)[1:], len(t)) - 1
    before = np.where((first > 0) & (own[first] == own[np.maximum(first - 1, 0)]), step[first], np.inf)
    following = np.minimum(last + 1, len(t) - 1)
    after = np.where((last + 1 < len(t)) & (own[last] == own[following]), t[following] - t[last], np.inf)
    before, after = np.where(before < 0, np.inf, before), np.where(after < 0, np.inf, after)  # not in order: no evidence
    near_before, near_after = before < HOUR_S / 2, after < HOUR_S / 2
    second_run = (drops == 0) & near_after
    open_run = (drops > 1) | ((drops == 0) & (near_before == near_after))
    second, open_ = np.zeros(len(local), bool), np.zeros(len(local), bool)
    second[order] = amb & ~open_run[run] & (second_run[run] | ((drops[run] == 1) & (passed > 0)))
    open_[order] = amb & open_run[run]
    return second, open_


def went_back(seconds: np.ndarray, track: np.ndarray) -> str | None:
    """A sentence where times, row by row in the order of the file, go back by up to an hour in the night in which clocks are set back:
    they are local times, and a zone has to be chosen. None where they do not.

    seconds: (n,) float64 since 1970. track: (n,) int codes of each row's track.
    """
    order = np.argsort(track, kind="stable")
    order = order[np.isfinite(seconds[order])]
    t, own = seconds[order], track[order]
    step = np.where(own[1:] == own[:-1], np.diff(t), 0.0)
    back = step < 0.0
    if not back.any() or not (step[back] >= -HOUR_S).all() or t[1:][back].min() < 0.0:
        return None
    nights = np.unique(np.floor(t[1:][back] / DAY_S))
    hour = t[1:][back] % DAY_S / HOUR_S
    if not ((hour < 4.0).all() and all(_clocks_go_back(night) for night in nights)):
        return None
    times = np.bincount(np.unique(own, return_inverse=True)[1][1:], back)
    if times.max() > len(nights):
        return None  # rows in disorder: clocks go back once a night
    tracks = int((times > 0).sum())
    return (f"Tracks whose times go back by up to an hour in the night of {day_text(float(nights[0]) * DAY_S)}: {tracks:,} (first in row "
            f"{int(order[1:][back].min()) + FIRST_ROW}). It is local time, and clocks were set back: choose the time zone.")


def _clocks_go_back(night: float) -> bool:
    """Whether clocks are set back somewhere on that day since 1970: late in September and October, early in November and April."""
    day = np.datetime64(int(night), "D").astype(datetime)
    sunday = day.weekday() == 6
    return bool(sunday and ((day.month in (9, 10) and day.day >= 23) or (day.month in (4, 11) and day.day <= 7)))
