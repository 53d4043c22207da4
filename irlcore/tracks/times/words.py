"""Times in words taken apart: a date, a time of day and a zone, whichever of them a text holds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from irlcore.tracks.options import Options, Question
from irlcore.tracks.times.parts import DAY_S

_WEEKDAY = (r"(?i:mon|tues?|wed|thu|thurs?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mo|di|mi|do|fr|sa|so)[., ]+")
_NAME, _NTH = r"[\p{L}]{3,}", r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{8}|\d{4}-\d{3}|\d{4}-?W\d{2}-?[1-7]"
         rf"|{_NTH}[-/., ]*{_NAME}[-/., ]*(?:\d{{4}}|\d{{2}})|{_NAME}[-/., ]*{_NTH}[-/, ]+(?:\d{{4}}|\d{{2}})"
         rf"|\d{{4}}[-/. ]*{_NAME}[-/. ]*\d{{1,2}}")
_HALF, _PART = r"\s*[AaPp]\.?\s?[Mm]\b\.?", r"[.,]\d{1,12}"
_TIME = (rf"\d{{1,3}}[:hH]\d{{2}}(?:[:m]\d{{2}}s?)?(?:{_PART}|:\d{{3}})?(?:{_HALF})?"
         rf"|\d{{1,2}}\.\d{{2}}(?:\.\d{{2}}(?:{_PART})?)?(?:{_HALF})?|\d{{1,2}}{_HALF}|\d{{6}}(?:{_PART})?|\d{{4}}|\d{{2}}")
_ZONE = (r"[Zz]|[-+−](?:\d{2}:?|\d:)\d{2}(?:\s*[\[(].*)?|[-+−]\d{1,2}|\[?[\p{L}]{1,5}(?:\s?[-+]\d{1,2}(?::?\d{2})?)?(?:\s*\(.*\))?\]?"
         r"|\[?[\p{L}]+/[\p{L}/_+\-0-9]+\]?")
WHOLE = rf"^(?:{_WEEKDAY})?(?:(?P<date>{_DATE})(?:\s*[Tt_,:;]\s*|\s+|-|$))?(?P<time>{_TIME})?\s*(?P<zone>{_ZONE})?$"
TURNED = ((rf"^(?:{_WEEKDAY})?({_NAME} +\d{{1,2}}) +(\d{{1,2}}:\d\d:\d\d(?:\.\d+)?) +(?:([\p{{L}}]{{3,5}}|[-+]\d{{4}}) +)?(\d{{4}})$",
           r"\1 \4 \2 \3"),
          (r"^(\d{4})年(\d{1,2})月(\d{1,2})日", r"\1-\2-\3 "),
          (rf"^({_TIME})\s*,?\s+(?:{_WEEKDAY})?({_DATE})$", r"\2 \1"))
"""Ways of writing that have the time of day before the date or within it, and how they are turned."""
LETTER, PLAIN_LETTER = r"\p{L}", "A-Za-z"  # all letters there are make an expression take ten times as long to build as these do

PIECES = r"^(?P<h>\d{1,3})[:hH.](?P<m>\d{2})(?:[:m.](?P<s>\d{2})s?)?(?:[.,:](?P<f>\d{1,12}))?\s*(?P<half>[AaPp])?[.\s]*[Mm]?\.?$"
CLOSE = r"^(?P<h>\d{2})(?:(?P<m>\d{2})(?:(?P<s>\d{2})(?:[.,](?P<f>\d{1,12}))?)?)?$"
HOUR = r"^(?P<h>\d{1,2})\s*(?P<half>[AaPp])\.?\s?[Mm]\.?$"
LASTING = r"^(?P<sign>-?)(?P<d>\d+) days?,? *\+?(?P<t>\d{1,2}:\d{2}:\d{2}(?:\.\d+)?)?$"


HALVES = r"^(?P<left>[^ Tt]+)[ Tt]+(?P<right>.+)$"
LATE_H = 48  # an hour of the second night after a day of service; more are minutes


def taken_apart(texts: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Texts ((n,) text) as date, time of day and zone, each (n,) text, null where there is none; all null where a text is none of these.

    Where a blank or a T stands between a date and a time of which there are few, each of these is looked at once.
    """
    halves = pc.extract_regex(texts, HALVES)
    left, right = (pc.struct_field(halves, name).dictionary_encode() for name in ("left", "right"))
    if (len(left.dictionary) + len(right.dictionary)) * 4 > len(texts):
        return _apart(texts)
    (date, *no_dates), (day, time, zone) = _apart(left.dictionary), _apart(right.dictionary)
    dates = pc.and_(date.is_valid(), pc.and_(*(one.is_null() for one in no_dates)))
    times = pc.and_(time.is_valid(), day.is_null())
    good = pc.fill_null(pc.and_(dates.take(left.indices), times.take(right.indices)), False)
    found = date.take(left.indices), time.take(right.indices), zone.take(right.indices)
    rest = pc.invert(good)
    if not pc.any(rest).as_py():
        return found
    return tuple(pc.replace_with_mask(one, rest, other) for one, other in zip(found, _apart(texts.filter(rest)), strict=True))


def _apart(texts: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    if not pc.any(pc.match_substring_regex(texts, r"\d")).as_py():  # neither dates nor times of day; a zone alone says nothing
        none = pa.nulls(len(texts), texts.type)
        return none, none, none
    letter = PLAIN_LETTER if pc.all(pc.string_is_ascii(texts)).as_py() else LETTER
    whole = WHOLE.replace(LETTER, letter)
    fields = pc.extract_regex(texts, whole)
    for pattern, turned in TURNED:
        odd = fields.is_null()
        if not pc.any(odd).as_py():
            break
        other = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, pattern.replace(LETTER, letter), turned))
        new = pc.if_else(odd, other, texts)
        if not pc.all(pc.equal(new, texts)).as_py():  # each look builds the expression anew
            texts, fields = new, pc.extract_regex(new, whole)
    date, time, zone = (pc.if_else(pc.equal(part := pc.struct_field(fields, name), ""), None, part) for name in ("date", "time", "zone"))
    return date, time, pc.if_else(pc.and_(date.is_null(), time.is_null()), None, zone)


def of_day_s(texts: pa.Array, options: Options, said: list[str], at: Callable[[np.ndarray], str]) -> tuple[np.ndarray, bool]:
    """Distinct times of day ((n,) text) as (n,) float64 seconds since midnight, past 24:00 as in timetables, NaN where they cannot be
    read; and whether they are AM and PM. at: where the first of those stands that are wanted ((n,) bool).

    Raises a Question about "time" where they may be minutes and seconds.
    """
    hour, minute, second, fraction, half = _pieces(texts, PIECES)
    short = np.isnan(second) & np.isfinite(minute) & (half == "")
    exact = short & np.isfinite(fraction)
    late = short & ~exact & (hour >= LATE_H)
    if late.any() and options.time not in ("time of day", "min:s"):
        raise Question(f"The times of the day may be minutes and seconds ({at(late)}).", "Choose how they read.", "time",
                       {"min:s": "Minutes and seconds", "time of day": "Hours and minutes"})
    as_minutes = exact | (short & (options.time == "min:s"))
    for pattern in (CLOSE, HOUR):
        other = _pieces(texts, pattern)
        new = np.isnan(hour) & np.isfinite(other[0])
        hour, minute, second, fraction, half = (np.where(new, one, old) for one, old in zip(other, (hour, minute, second, fraction, half),
                                                                                            strict=True))
    minute, second, fraction = (np.where(np.isnan(one), 0.0, one) for one in (minute, second, fraction))
    good = (minute < 60) & (second <= 60) & (hour < 100)  # second 60 is a leap second
    full = np.where(half == "p", np.where(hour < 12, hour + 12, hour), np.where((half == "a") & (hour == 12), 0, hour))
    good &= (half == "") | ((hour <= 23) & ~((half == "p") & (hour == 0)) & ~((half == "a") & (hour > 12)))
    found = np.where(as_minutes, hour * 60 + minute, full * 3600 + minute * 60 + second) + fraction
    if exact.any():
        said.append(f"Times are minutes and seconds ({at(exact)}): if a spreadsheet wrote them, their hours are lost.")
    return np.where(good | (as_minutes & (minute < 60)), found, np.nan), bool((half != "").any())


def lasting_s(texts: pa.Array) -> np.ndarray:
    """Spans such as 1 days 02:03:04.5 ((n,) text) as (n,) float64 seconds; NaN for others."""
    fields = pc.extract_regex(texts, LASTING)
    if fields.null_count == len(fields):
        return np.full(len(texts), np.nan)
    days, (hour, minute, second, fraction, _) = _number(pc.struct_field(fields, "d")), _pieces(pc.struct_field(fields, "t"), PIECES)
    rest = [np.where(np.isnan(one), 0.0, one) for one in (hour, minute, second, fraction)]
    span = days * DAY_S + rest[0] * 3600.0 + rest[1] * 60.0 + rest[2] + rest[3]
    return np.where(pc.fill_null(pc.equal(pc.struct_field(fields, "sign"), "-"), False).to_numpy(zero_copy_only=False), -span, span)


def _pieces(texts: pa.Array, pattern: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Hour, minute, second, fraction (each (n,) float64, NaN where missing) and "a", "p" or "" of times of day."""
    fields = pc.extract_regex(texts, pattern)
    none, names = np.full(len(texts), np.nan), {field.name for field in fields.type}
    hour, minute, second = (_number(pc.struct_field(fields, part)) if part in names else none for part in "hms")
    fraction = _number(pc.binary_join_element_wise("0.", pc.struct_field(fields, "f"), "")) if "f" in names else none
    if "f" in names:
        fraction = np.where(pc.fill_null(pc.equal(pc.struct_field(fields, "f"), ""), True).to_numpy(zero_copy_only=False), np.nan, fraction)
    half = np.full(len(texts), "")
    if "half" in names:
        half = pc.fill_null(pc.utf8_lower(pc.struct_field(fields, "half")), "").to_numpy(zero_copy_only=False).astype(str)
    return hour, minute, second, fraction, half


def _number(texts: pa.Array) -> np.ndarray:
    return pc.if_else(pc.equal(texts, ""), None, texts).cast(pa.float64()).to_numpy(zero_copy_only=False)
