"""Units in the names of columns: "x [km]", "time (ms)", "length_ft"."""

from __future__ import annotations

import re

METRES = {"m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "km": 1000.0, "cm": 0.01, "mm": 0.001, "ft": 0.3048,
          "feet": 0.3048, "foot": 0.3048, "mi": 1609.344, "mile": 1609.344, "miles": 1609.344, "nm": 1852.0, "nmi": 1852.0}
SECONDS = {"s": 1.0, "sec": 1.0, "secs": 1.0, "seconds": 1.0, "ms": 1e-3, "msec": 1e-3, "milliseconds": 1e-3, "us": 1e-6,
           "\u00b5s": 1e-6, "ns": 1e-9, "min": 60.0, "mins": 60.0, "minutes": 60.0, "h": 3600.0, "hr": 3600.0, "hours": 3600.0,
           "d": 86_400.0, "days": 86_400.0}
_BRACKETS = re.compile(r"[\[(]\s*([^\W\d]+)\s*[\])]\s*$")
_SUFFIX = re.compile(r"_(ms|us|ns|min|km|cm|mm|ft|mi|nmi)$")


def unit_of(name: object) -> str:
    """The unit that a column's name ends with, in small letters; "" for none."""
    text = str(name)[-60:].strip().lower()
    found = _BRACKETS.search(text) or _SUFFIX.search(text)
    return found.group(1) if found else ""


def metres_in(name: object) -> float | None:
    """Metres in the unit of a column's name; None where it names none."""
    return METRES.get(unit_of(name))


def seconds_in(name: object) -> float | None:
    """Seconds in the unit of a column's name; None where it names none."""
    return SECONDS.get(unit_of(name))
