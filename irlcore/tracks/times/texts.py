"""Texts as times: ISO 8601 at the speed of a cast, else each text taken apart into a date, a time of day and a zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from irlcore.budget import Clock, limits
from irlcore.tracks.options import Options, Question
from irlcore.tracks.times.dates import read_dates
from irlcore.tracks.times.numbers import AS_COUNTS, CLOCKS, HOW, read_numbers
from irlcore.tracks.times.parts import CLOCK, COUNT, DATE, DAY, DAY_S, NONE, Cells, Parts, joined, parts_of
from irlcore.tracks.times.words import lasting_s, of_day_s, taken_apart
from irlcore.tracks.times.zones import all_year, zone_of

AT_ONCE = 500_000
SAMPLE = 20_000
MOST_ZONES = 5000  # ways to write one, more than there are
LONGEST = 100  # letters of a time, with the longest name of a zone
EMPTY = ("", "na", "n/a", "nan", "nat", "null", "none", "-", "--", "?", "\\n", "nil", "#n/a", "<na>")
ISO = r"^\d{4}-\d\d-\d\d(?:[ T]\d\d(?::\d\d(?::\d\d(?:\.\d{1,9})?)?)?)?$"
ISO_ZONED = r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)$"
NUMBER = r"^[+-]?\d+(?:[.,]\d*)?(?:[eE][+-]?\d+)?$"


def read_texts(texts: pa.Array, cells: Cells, options: Options, of_day: bool, clock: Clock) -> Parts:
    """Texts ((n,), null where none) as times. of_day: they are the times of day that belong to a column of dates.

    Raises Questions where dates or numbers can be read in more than one way.
    """
    pieces: list[tuple[np.ndarray, Parts]] = []
    left: list[np.ndarray] = []
    for start in range(0, len(texts), AT_ONCE):
        clock.check()
        _iso(texts.slice(start, AT_ONCE), start, pieces, left)
    rest = np.concatenate(left) if left else np.zeros(0, np.int64)
    if len(rest):
        some = pc.utf8_trim_whitespace(texts.take(pa.array(rest)))
        if _mostly_distinct(some):
            pieces.append((rest, _distinct(some, cells.of(rest), options, of_day, clock, np.arange(len(rest)))))
        else:
            coded = some.dictionary_encode()
            codes = coded.indices.to_numpy()
            first = np.empty(len(coded.dictionary), np.int64)
            first[codes[::-1]] = rest[::-1]
            pieces.append((rest, _distinct(coded.dictionary, cells.of(first), options, of_day, clock, codes).take(codes)))
    return joined(len(texts), pieces)


def _mostly_distinct(texts: pa.Array) -> bool:
    """Whether so few of the texts are the same that finding these is no gain: by the pairs among some of them."""
    if len(texts) <= 4 * SAMPLE:
        return False
    drawn = np.random.default_rng(0).integers(0, len(texts), SAMPLE)
    pairs = SAMPLE - len(texts.take(pa.array(drawn)).dictionary_encode().dictionary)
    return SAMPLE**2 / (2 * max(pairs, 1)) > len(texts) / 4  # the number of distinct texts that has so many pairs in a sample


def _iso(texts: pa.Array, start: int, pieces: list[tuple[np.ndarray, Parts]], left: list[np.ndarray]) -> None:
    """Add what of these texts is plain ISO 8601 to ``pieces``, the places of what is not to ``left``; empty cells to neither."""
    places = np.arange(start, start + len(texts))
    for zoned in (False, True):
        if (found := _cast(texts, zoned)) is not None:
            pieces.append((places, found))
            return
    taken = np.zeros(len(texts), bool)
    for pattern, zoned in ((ISO, False), (ISO_ZONED, True)):
        fits = pc.fill_null(pc.match_substring_regex(texts, pattern), False).to_numpy(zero_copy_only=False)
        if fits.any() and (found := _cast(texts.filter(pa.array(fits)), zoned)) is not None:
            pieces.append((places[fits], found))
            taken |= fits
    left.append(places[~taken & texts.is_valid().to_numpy(zero_copy_only=False)])


def _cast(texts: pa.Array, zoned: bool) -> Parts | None:
    """Texts that all are ISO 8601, all with a zone or all without; else None."""
    kind = pa.timestamp("ns", "UTC") if zoned else pa.timestamp("ns")
    try:
        pc.cast(texts.slice(0, 20), kind)  # a cast goes on to the end where all fail, and is slow at that
        moments = pc.cast(texts, kind)
    except pa.ArrowInvalid:
        return None
    value = moments.cast(pa.int64()).cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False) / 1e9
    if zoned:
        return parts_of(DATE, value, 0.0)
    alone = value % DAY_S == 0.0
    if alone.any():
        alone &= pc.fill_null(pc.equal(pc.binary_length(texts), 10), False).to_numpy(zero_copy_only=False)
    return parts_of(np.where(alone, np.uint8(DAY), np.uint8(DATE)) if alone.any() else DATE, value)


def _distinct(texts: pa.Array, cells: Cells, options: Options, of_day: bool, clock: Clock, codes: np.ndarray) -> Parts:
    lengths = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
    empty = pc.is_in(pc.utf8_lower(texts), value_set=pa.array(EMPTY, texts.type)).to_numpy(zero_copy_only=False)
    usable = ~empty & (lengths <= LONGEST)
    digits = usable & pc.match_substring_regex(texts, NUMBER).to_numpy(zero_copy_only=False) & (lengths <= limits().digits)
    pieces = []
    if digits.any():
        numbers = texts.filter(pa.array(digits))
        _ask_of_zeros(numbers, cells.of(digits), options, of_day)
        read = read_numbers(_number(numbers), cells.of(digits), options, of_day)
        if (commas := pc.match_substring(numbers, ",").to_numpy(zero_copy_only=False)).any():
            read = replace(read, said=(*read.said, f"Decimal commas ({cells.of(digits).at(commas)})."))
        pieces.append((digits, read))
    words = np.flatnonzero(usable & ~digits)
    if len(words):
        clock.check()
        back = np.full(len(texts), -1)
        back[words] = np.arange(len(words))

        def in_rows(values: np.ndarray) -> np.ndarray:
            return np.append(values, np.nan)[back[codes]]

        pieces.append((words, _written(texts.take(pa.array(words)), cells.of(words), options, in_rows)))
    return joined(len(texts), pieces)


def _ask_of_zeros(numbers: pa.Array, cells: Cells, options: Options, of_day: bool) -> None:
    """A Question where numbers are written as times of the day are in digits, 081000: with zeros before them."""
    if of_day or options.time or not pc.any(pc.starts_with(numbers, "0")).as_py():
        return
    if pc.all(pc.match_substring_regex(numbers, r"^[0-2]\d[0-5]\d[0-5]\d$")).as_py():
        raise Question(f"The numbers of {cells.name} read as times of the day in digits, and as counted seconds "
                       f"({cells.at(np.ones(len(numbers), bool))}).", HOW, "time", {"digits of the day": CLOCKS["digits of the day"],
                                                                                    "counted": AS_COUNTS})


def _number(texts: pa.Array) -> np.ndarray:
    """Numbers in text, whole where all are, with a point or a comma before decimals."""
    try:
        return pc.cast(texts, pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        plain = pc.replace_substring_regex(pc.replace_substring(texts, ",", "."), r"^\+|\.$", "")
        return pc.cast(pc.replace_substring_regex(plain, r"\.([eE])", r"\1"), pa.float64()).to_numpy(zero_copy_only=False)


def _written(texts: pa.Array, cells: Cells, options: Options, in_rows: Callable[[np.ndarray], np.ndarray]) -> Parts:
    """Texts that are no numbers: dates, times of day, spans of days, each with a zone or without."""
    texts = texts.cast(pa.string())
    lasting = lasting_s(texts)
    parts = taken_apart(pc.if_else(pa.array(np.isfinite(lasting)), None, texts))
    date, time, zone = (part.dictionary_encode() for part in parts)
    clock_codes, said = time.indices.fill_null(-1).to_numpy(zero_copy_only=False), list[str]()
    of_day, halves = of_day_s(time.dictionary, options, said, lambda wanted: cells.at(np.append(wanted, False)[clock_codes]))
    of_day, codes = np.append(of_day, np.nan)[clock_codes], date.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    of_day = np.where((codes < 0) & _digits_alone(time.dictionary)[clock_codes], np.nan, of_day)  # 2024-03 is no time of a zone
    timed, days = clock_codes >= 0, np.full(len(texts), np.nan)
    if len(date.dictionary):
        first = np.zeros(len(date.dictionary), np.int64)
        first[codes[::-1]] = np.where(codes >= 0, np.arange(len(codes)), 0)[::-1]
        found, assumed = read_dates(date.dictionary, cells.of(first), options, halves,
                                    lambda values: in_rows(np.append(values, np.nan)[codes]))
        days = np.append(found, np.nan)[codes]
        said += assumed
    value = np.where(codes >= 0, days * DAY_S + np.where(timed, of_day, 0.0), of_day)
    kind = np.where(codes < 0, CLOCK, np.where(timed, DATE, DAY))
    value, kind = np.where(np.isfinite(lasting), lasting, value), np.where(np.isfinite(lasting), COUNT, kind)
    return _zoned(parts_of(kind, value, said=said), zone, cells, options)


def _digits_alone(times: pa.Array) -> np.ndarray:
    return np.append(pc.match_substring_regex(times, r"^\d+(?:[.,]\d+)?$").to_numpy(zero_copy_only=False), False)


def _zoned(parts: Parts, zone: pa.DictionaryArray, cells: Cells, options: Options) -> Parts:
    """Parts with the zones that stand behind them: distinct texts, and null where a time has none. A zone that is none is no time."""
    codes = zone.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    if not len(zone.dictionary):
        return parts
    texts = zone.dictionary.to_pylist()
    meant = [zone_of(text, options, partial(_first, cells, codes, k)) if k < MOST_ZONES else None for k, text in enumerate(texts)]
    names = tuple(sorted({one for one in meant if isinstance(one, str)}))
    offset = np.array([one if isinstance(one, float) else np.nan for one in meant] + [np.nan])[codes]
    place = np.array([names.index(one) if isinstance(one, str) else -1 for one in meant] + [-1], np.int32)[codes]
    known = np.array([one is not None for one in meant] + [True])[codes]
    return Parts(np.where(known, parts.kind, np.uint8(NONE)), np.where(known, parts.value, np.nan), offset, place, names,
                 (*parts.said, *all_year(texts)))


def _first(cells: Cells, codes: np.ndarray, code: int) -> str:
    return cells.at(codes == code)
