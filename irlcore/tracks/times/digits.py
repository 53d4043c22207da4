"""Dates as numbers that are none by their size alone: 4032024, 240304 or the serial day 45355, where a time of day stands beside them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from irlcore.tracks.options import Options, Question
from irlcore.tracks.times.dates import ORDERS, read_dates
from irlcore.tracks.times.numbers import HOW
from irlcore.tracks.times.parts import COUNT, DAY, DAY_S, Cells, Parts, parts_of
from irlcore.tracks.times.serials import SERIALS

MOST_DAYS = 100_000  # distinct days of two centuries, and then some


def days_of_numbers(parts: Parts, cells: Cells, options: Options) -> Parts:
    """Whole numbers of a column of dates (parts that are counts) as days; the parts as they are where these are none.

    Raises a Question about "time" where they can be read in more than one way.
    """
    numbers, codes = np.unique(np.where(parts.kind == COUNT, parts.value, np.nan), return_inverse=True)
    known = np.isfinite(numbers)
    some = numbers[known]
    if not 0 < len(some) <= MOST_DAYS or (some % 1.0).any() or some.min() < 10_100 or some.max() >= 1e8:
        return parts
    first = np.zeros(len(numbers), np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    places = cells.of(first)
    serial = known & SERIALS["excel"].fits(numbers)
    width = 8 if some.max() >= 1e6 else 6
    digits = [f"{int(one):0{width}}" if np.isfinite(one) else "" for one in numbers]
    texts = pa.array([f"{one[:2]}-{one[2:4]}-{one[4:]}" for one in digits])
    could_be = serial[known].all() and options.time != "excel" and options.time not in ORDERS
    if options.time == "excel" or (could_be and not _any_order(texts, places)):
        days = np.where(serial, numbers - SERIALS["excel"].at_1970, np.nan)
        return parts_of(DAY, (days * DAY_S)[codes], said=["Dates are serial days of a spreadsheet."])
    if could_be:
        raise Question(f"The dates of {cells.name} are digits, or serial days of a spreadsheet ({places.at(known)}).", HOW, "time",
                       {"day first": "Day first, 40324 is 4 March 2024", "month first": "Month first, 30424 is 4 March 2024",
                        "year first": "Year first, 240304 is 4 March 2024", "excel": "Serial days, 45355 is 4 March 2024"})
    days, said = read_dates(texts, places, options, False, lambda values: values[codes])
    return parts if not np.isfinite(days).any() else parts_of(DAY, (days * DAY_S)[codes], said=[*parts.said, *said])


def _any_order(texts: pa.Array, cells: Cells) -> bool:
    """Whether the digits are dates in any order of day, month and year."""
    return any(np.isfinite(read_dates(texts, cells, Options(time=order), False, lambda values: values)[0]).any() for order in ORDERS)
