"""What one input may cost: bytes, cells, corners, depth, seconds. Whoever reads something foreign asks before it works.

A file is small where what it unpacks to is not, so its size says nothing. Each limit is refused in a sentence that names it and says how
to raise it: ``MOTIVE_LIMITS="unpacked=4e9 cells=1e9"`` in the environment of the server, whoever runs it knowing its memory.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from irlcore.engine import Control
from irlcore.errors import DataError

VARIABLE = "MOTIVE_LIMITS"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one input may be.

    unpacked: bytes of a file once decompressed, all its parts together. ratio: how many times larger than packed it may become, where it
    becomes large at all. cells: rows times columns of a table. columns: of a table. corners: of all areas of a file. depth: lists in
    lists. digits: of one number. values: numbers, texts, lists and objects of one JSON text. areas: of a file, and places beside
    them. crossings: of the lines round all areas of a file with themselves. points: of the lines of all links. transitions: from one
    link to the next. operations: steps of arithmetic, of about a nanosecond each, that one formula or area may take in one world.
    seconds: that reading, checking or working out one input may take.
    """

    unpacked: float = 1.5e9
    ratio: float = 250.0
    cells: float = 3e8
    columns: float = 2000.0
    corners: float = 100_000.0
    depth: float = 60.0
    digits: float = 60.0
    values: float = 5e6
    areas: float = 1000.0
    crossings: float = 2000.0
    points: float = 5e6
    transitions: float = 2e7
    operations: float = 2e9
    seconds: float = 120.0


SAID = {"unpacked": "bytes unpacked", "ratio": "times its size when unpacked", "cells": "cells (rows times columns)",
        "columns": "columns", "corners": "corners", "depth": "levels of lists in lists", "digits": "digits in one number",
        "values": "values in one text", "areas": "zones and places", "crossings": "crossings of a line with itself",
        "points": "points of all lines", "transitions": "transitions", "operations": "steps of arithmetic", "seconds": "seconds"}


class TooLarge(DataError):
    """An input costs more than the limits allow; ``limit`` is the name of the one that it meets."""

    def __init__(self, what: str, limit: str, fix: str = "") -> None:
        most = getattr(limits(), limit)
        super().__init__(f"{what} The limit is {most:,.10g} {SAID[limit]}.",
                         f"{fix} Whoever runs Motive may raise it: {VARIABLE}=\"{limit}=...\" before the start.".strip())
        self.limit = limit


_here = threading.local()


def said_limits() -> str:
    """What ``MOTIVE_LIMITS`` says, in this thread."""
    told: str = getattr(_here, "said", os.environ.get(VARIABLE, ""))
    return told


@contextmanager
def under_limits(said: str) -> Iterator[None]:
    """Those of another process, in this thread, as long as it lasts: a worker refuses what whoever asked it would refuse."""
    _here.said = said
    try:
        yield
    finally:
        del _here.said


def limits() -> Limits:
    """The limits in force: those above, with what ``MOTIVE_LIMITS`` says. DataError where that cannot be read."""
    return _read(said_limits())


@lru_cache(maxsize=8)
def _read(text: str) -> Limits:
    known = {f.name for f in fields(Limits)}
    given: dict[str, float] = {}
    for part in text.replace(",", " ").split():
        name, _, value = part.partition("=")
        try:
            given[name] = float(value)
        except ValueError:
            given[name] = math.nan
        if name not in known or not given[name] > 0.0:
            raise DataError(f"{VARIABLE} holds {part[:60]!r}, which is no limit.",
                            f"Write name=number, with a name of {', '.join(sorted(known))} and a number above 0.")
    return replace(Limits(), **given)


def within(limit: str, amount: float, what: str, fix: str = "") -> None:
    """``TooLarge`` where ``amount`` is more than the limit of that name. what: a sentence that says what has how many."""
    if not amount <= getattr(limits(), limit):
        raise TooLarge(what, limit, fix)


class Clock:
    """How long one input has taken, and whether the analyst still wants it: to be asked between pieces of work."""

    def __init__(self, what: str, watch: Control | None = None) -> None:
        self._what, self._watch = what, watch
        self._end = time.monotonic() + limits().seconds

    def check(self) -> None:
        """``TooLarge`` after too many seconds, ``Cancelled`` once a stop was asked for."""
        if self._watch is not None:
            self._watch.check()
        if time.monotonic() > self._end:
            raise TooLarge(f"{self._what} takes too long.", "seconds")
