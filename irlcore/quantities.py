"""Amounts and lists as people say them: three figures that count, in the unit that suits their size. Metres indoors stay metres, degrees
are never told as metres, pixels are pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence

METRES = {"m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0, "km": 1000.0, "kilometre": 1000.0, "kilometres": 1000.0,
          "kilometer": 1000.0, "kilometers": 1000.0}
"""Name of a unit of length -> metres in it."""

SECONDS = {"s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0, "min": 60.0, "minute": 60.0, "minutes": 60.0, "h": 3600.0, "hour": 3600.0,
           "hours": 3600.0}
"""Name of a unit of time -> seconds in it."""

OTHERS = {"": "map units", "px": "px", "pixel": "px", "pixels": "px", "deg": "°", "degree": "°", "degrees": "°", "°": "°"}
"""Names of other units -> how they are said; what is not here is said as it is named."""

TIMES = (("days", 86400.0, 2.0), ("h", 3600.0, 2.0), ("min", 60.0, 2.0))
"""Unit of a duration, its seconds, and from how many of it on it is used."""

KILOMETRE = 1000.0
TINY, HUGE = 1e-4, 1e15  # beyond, an exponent is easier to read than zeros
UNKNOWN, ENDLESS = "not known", "no limit"


def listed(texts: Sequence[str]) -> str:
    """Texts, at least one, in one: "a", "a and b", "a, b and c"."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def counted(count: int, what: str) -> str:
    """A number of things: "1 track", "12 tracks"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def plain(value: float, figures: int = 3) -> str:
    """A number with three figures (or ``figures``) that count and no exponent: 6,420 and 0.0342; with one where it is tiny or huge."""
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g}".lstrip("-") if value == 0.0 else f"{value:g}"
    if not TINY <= abs(value) < HUGE:
        return f"{value:.{figures}g}"
    rounded = rounded_off(value, figures)
    text = f"{rounded:,.{max(0, figures - 1 - math.floor(math.log10(abs(rounded))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded_off(value: float, figures: int = 3) -> float:
    """A finite number to so many figures that count."""
    return float(f"{value:.{figures}g}")


def length_in(largest: float, unit: str) -> tuple[float, str]:
    """(factor, unit) that lengths in ``unit`` of which the largest is ``largest`` are told in: km from 1 km on, metres below; other units
    as they are named, degrees as °."""
    name = unit.strip()
    metres = METRES.get(name.lower())
    if metres is None:
        return 1.0, OTHERS.get(name.lower(), name)
    far = math.isfinite(largest) and rounded_off(abs(largest) * metres) >= KILOMETRE
    return (metres / KILOMETRE, "km") if far else (metres, "m")


def duration_in(largest: float) -> tuple[float, str]:
    """(factor, unit) that durations in seconds of which the largest is ``largest`` are told in: seconds, minutes, hours or days, from two
    of the unit on."""
    size = rounded_off(abs(largest)) if math.isfinite(largest) else 0.0
    return next(((1.0 / seconds, name) for name, seconds, least in TIMES if size >= least * seconds), (1.0, "s"))


def amount_in(largest: float, unit: str) -> tuple[float, str]:
    """(factor, unit) that amounts in ``unit`` of which the largest is ``largest`` are told in, be they lengths or durations."""
    seconds = SECONDS.get(unit.strip().lower())
    if seconds is None:
        return length_in(largest, unit)
    factor, name = duration_in(largest * seconds)
    return factor * seconds, name


def said_length(value: float, unit: str) -> str:
    """A length in ``unit`` in words: "230 m", "1.2 km", "14 px", "0.02°". NaN is not known, infinity no limit."""
    return _said(value, *length_in(value, unit))


def said_amount(value: float, unit: str, figures: int = 3) -> str:
    """A length or a duration in ``unit`` in words."""
    return _said(value, *amount_in(value, unit), figures)


def said_range(low: float, high: float, unit: str, figures: int = 3) -> str:
    """An interval in one unit, that of its larger end: "160 to 300 m"."""
    factor, name = amount_in(max(abs(low), abs(high)), unit)
    gap = "" if name == "°" else " "
    return f"{plain(low * factor, figures)} to {plain(high * factor, figures)}{gap}{name}"


def _said(value: float, factor: float, unit: str, figures: int = 3) -> str:
    if not math.isfinite(value):
        return UNKNOWN if math.isnan(value) else ENDLESS
    gap = "" if unit == "°" else " "
    return f"{plain(value * factor, figures)}{gap}{unit}"


def sensible_amount(step: float, unit: str) -> float:
    """How much of a length a weight is told for, in ``unit``: the power of ten nearest to a usual step (100 m in a town, 1 m indoors, 1 km
    on a motorway), from 1 m to 1 km where the unit has metres. 1 where the step is not known."""
    if not (math.isfinite(step) and step > 0.0):
        return 1.0
    metres = METRES.get(unit.strip().lower())
    if metres is None:
        return 10.0 ** round(math.log10(step))
    return min(max(10.0 ** round(math.log10(step * metres)), 1.0), KILOMETRE) / metres
