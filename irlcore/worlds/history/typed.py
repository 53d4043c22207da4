"""Bands as an analyst types them: where the waits, or the numbers, of the next one begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from irlcore.errors import WorldError
from irlcore.quantities import SECONDS
from irlcore.tracks.cells import shown
from irlcore.tracks.logs.waits import duration_text
from irlcore.worlds.clock import DAY_S

_UNITS = {**SECONDS, "d": DAY_S, "day": DAY_S, "days": DAY_S}
_ONE = re.compile(r"([0-9]*[.]?[0-9]+)\s*([a-z]*)")


def read_waits(text: str) -> tuple[float, ...]:
    """Seconds of "5 min, 1 h, 2 days", in any order, each once. WorldError names what is no time."""
    found = set()
    for part in _parts(text):
        one = _ONE.fullmatch(part.lower())
        if one is None or (one[2] or "s") not in _UNITS or float(one[1]) <= 0.0:
            raise WorldError(f"{shown(part)!r} is no time.", "Type times with their units, such as 5 min, 1 h, 2 days.")
        found.add(float(one[1]) * _UNITS[one[2] or "s"])
    return tuple(sorted(found))


def waits_text(edges: Sequence[float]) -> str:
    """Waits as they are typed."""
    return ", ".join(map(duration_text, edges))


def read_numbers(text: str) -> tuple[float, ...]:
    """Numbers of "100; 1000", in any order, each once. WorldError names what is none."""
    found = set()
    for part in _parts(text):
        try:
            number = float(part)
        except ValueError as error:
            raise WorldError(f"{shown(part)!r} is no number.", "Type numbers such as 100, 2500 with a point for decimals.") from error
        found.add(number)
    return tuple(sorted(found))


def numbers_text(edges: Sequence[float]) -> str:
    """Numbers as they are typed."""
    return ", ".join(f"{one:.12g}" for one in edges)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
