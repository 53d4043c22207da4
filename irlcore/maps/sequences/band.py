"""A sequence as a picture: its events in order, a box each with a bar below that is the longer, the less it was expected.

Long sequences are folded round the stretch in question; what would have been likelier follows below, dashed. The same drawing stands on a
page and in a report.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from irlcore.maps.sequences.fold import MOST, shown_runs
from irlcore.maps.sequences.ink import ALT, box, look, part, picture, words
from irlcore.maps.svg_words import width_of
from irlcore.review.words.events import ENDS, in_all

EDGES = tuple(math.log(one) for one in (2.0, 10.0, 100.0, 1000.0))
"""Nats between the colours of events."""
LEVELS = ("1 in 2 or likelier", "to 1 in 10", "to 1 in 100", "to 1 in 1,000", "rarer")
MOST_NATS = math.log(10_000.0)
"""Of the longest bar."""
LETTERS, SIZE, SMALL = 18, 12.0, 10.5
HIGH, ABOVE, BELOW, APART, GAP = 26.0, 15.0, 12.0, 5.0, 5.0
"""Pixels: of a box, of the line of words above it, of the bars below, between rows, between boxes."""
LEAST_WIDE, PAD = 34.0, 7.0
CELL, CELL_HIGH, CELL_BAR = 11.0, 13.0, 7.0
"""Of an event where all of a long sequence are shown, without their names."""
FAINT = 0.42
KIND_LETTERS, KIND_HIGH = 14, 12.0
"""Of what an event is told apart by, below its name: letters, and pixels that a box is the higher for it."""


@dataclass(frozen=True, slots=True)
class Onward:
    """What might follow from event ``at`` (from 0) on, and what is said of it. chances: of each event after those before it, or empty."""

    at: int
    events: tuple[str, ...]
    said: str
    chances: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """A sequence of n events, the end among them. nats: (n,) -log chance of each. worst: the stretch, from its first event to before the
    last, (0, 0) for none. seen: how many were seen so far; the others are faint. name: what the sequence is called. kinds: each event with
    what it is told apart by, none where nothing tells events apart."""

    name: str
    events: tuple[str, ...]
    nats: np.ndarray
    worst: tuple[int, int] = (0, 0)
    onward: tuple[Onward, ...] = ()
    seen: int = -1
    called: str = "least expected"
    focus: tuple[int, int] = field(default=(0, 0))
    kinds: tuple[str, ...] = ()

    @property
    def so_far(self) -> int:
        """How many events were seen."""
        return len(self.events) if self.seen < 0 else self.seen


def level_of(nats: float) -> int:
    """Which of the colours an event has."""
    return int(np.searchsorted(EDGES, nats - 1e-9, side="left")) if math.isfinite(nats) else len(EDGES)


def told(band: Band, k: int) -> str:
    """An event with its place and its chance: "event 2 of 6: close, 1 in 52"."""
    return f"event {k + 1:,} of {len(band.events):,}: {plain_name((band.kinds or band.events)[k])}, {in_all(float(band.nats[k]))}"


def plain_name(name: str) -> str:
    """An event by its name; what is no event as what it is."""
    return ENDS.get(name, name)


def band_alt(band: Band) -> str:
    """What is on the picture, for those who cannot see it."""
    a, b = band.worst
    n = len(band.events)
    said = [f"Sequence {band.name}: {n:,} event{'' if n == 1 else 's'}, coloured by how unlikely each was."]
    if b > a:
        where = f"event {b}" if b - a == 1 else f"events {a + 1} to {b}"
        said.append(f"{band.called.capitalize()}: {where}, {_run((band.kinds or band.events)[a:b])}.")
    said += [f"{one.said}: {_run(one.events)}." for one in band.onward[:3]]
    return " ".join(said)


def kind_of(band: Band, k: int) -> str:
    """What an event is told apart by, without its name: "night" of "export (night)"; empty where nothing tells."""
    return band.kinds[k].removeprefix(band.events[k]).strip().removeprefix("(").removesuffix(")") if band.kinds else ""


def _run(names: Sequence[str]) -> str:
    told = [plain_name(one) for one in names]
    return ", ".join(told if len(told) <= 8 else [*told[:6], f"{len(told) - 7} more", told[-1]])


def band_svg(band: Band, wide: float, whole: bool = False, most: int = MOST) -> str:
    """The picture ``wide`` pixels wide, as high as it must be. whole: all events of a long sequence, as small as they then are."""
    if whole and len(band.events) > most:
        body, high = _cells(band, wide)
    else:
        body, high = _boxes(band, wide, most)
    onward, high = _onward(band, wide, high)
    key, high = _key(band, wide, high)
    return picture(f"{body}{onward}{key}", wide, high, band_alt(band)[:ALT])


def _wide(name: str, kind: str = "") -> float:
    return max(LEAST_WIDE, width_of(plain_name(name), SIZE, LETTERS) + 2 * PAD, width_of(kind, SMALL, KIND_LETTERS) + PAD)


def _boxes(band: Band, wide: float, most: int) -> tuple[str, float]:
    a, b = band.worst if band.worst[1] > band.worst[0] else band.focus
    out: list[str] = []
    lines: list[tuple[float, float, float]] = []  # of the stretch, row by row: from, to, top
    x, y, number = 2.0, 2.0, True
    high = HIGH + (KIND_HIGH if band.kinds else 0.0)
    for first, last, shown in shown_runs(len(band.events), a, b, most):
        for k in range(first, last) if shown else (-1,):
            said = f"… {last - first:,} more …" if k < 0 else ""
            room = width_of(said, SIZE, 40) + 2 * PAD if k < 0 else _wide(band.events[k], kind_of(band, k))
            if x > 2.0 and x + room > wide - 2.0:
                x, y, number = 2.0, y + ABOVE + high + BELOW + APART, True
            if k < 0:
                out.append(words(x + room / 2, y + ABOVE + high / 2 + HIGH * 0.16, said, SIZE, "understood", "middle"))
                x, number = x + room + GAP, True
                continue
            worst = band.worst[0] <= k < band.worst[1]
            if worst and (not lines or lines[-1][2] != y):
                lines.append((x, x + room, y))
            elif worst:
                lines[-1] = (lines[-1][0], x + room, y)
            if number and not (worst and k == band.worst[0]):
                out.append(words(x, y + ABOVE - 5, f"{k + 1:,}", SMALL, "understood"))
            out.append(_box(band, k, x, y + ABOVE, room, high))
            x, number = x + room + GAP, False
    for j, (left, right, top) in enumerate(lines):
        out.append(box(left - 2.5, top + ABOVE - 2.5, right - left + 5, high + 5, look("", "flagged", 2.5), 6.0))
        if not j:
            said = f"{band.worst[0] + 1:,} · {band.called}"
            far = width_of(said, SMALL, 60)
            at_right = left + far > wide
            out.append(words(min(right, wide - 2) if at_right else left, top + ABOVE - 5, said, SMALL, "flagged",
                             "end" if at_right else "start", bold=True))
    return "".join(out), y + ABOVE + high + BELOW + APART


def _box(band: Band, k: int, x: float, y: float, room: float, high: float) -> str:
    nats = float(band.nats[k])
    level, faint = level_of(nats), FAINT if k >= band.so_far else 1.0
    body, kind = box(x, y, room, high, look(f"surprise {level}", "frame", 0.6)), kind_of(band, k)
    first = y + HIGH * 0.66 if kind else y + high / 2 + HIGH * 0.16
    body += words(x + room / 2, first, plain_name(band.events[k]), SIZE, f"on surprise {level}", "middle", LETTERS)
    body += words(x + room / 2, first + KIND_HIGH, kind, SMALL, f"on surprise {level}", "middle", KIND_LETTERS) if kind else ""
    body += _bar(nats, x, y + high + 2.5, room, BELOW - 3.0)
    return part(f'<g opacity="{faint:.2g}">{body}</g>' if faint < 1.0 else body, told(band, k), "event", k)


def _bar(nats: float, x: float, y: float, room: float, most: float) -> str:
    high = most * min(nats / MOST_NATS, 1.0) if math.isfinite(nats) else most
    return box(x + 1.0, y, room - 2.0, max(high, 0.8), look("flagged", opacity=0.85), 1.0)


def _cells(band: Band, wide: float) -> tuple[str, float]:
    """All events, a cell each; before each row the place of its first one, rows of tens where there is the room."""
    step, high = CELL + 1.0, CELL_HIGH + CELL_BAR + 4.0
    begin = 2.0 + width_of(f"{len(band.events):,}", SMALL, 20) + GAP
    in_row = max(1, int((wide - begin - 2.0) // step))
    in_row -= in_row % 10 if in_row > 10 else 0
    out, (a, b) = [], band.worst
    for k in range(len(band.events)):
        x, y = begin + (k % in_row) * step, 2.0 + (k // in_row) * high
        if k % in_row == 0:
            out.append(words(begin - GAP, y + CELL_HIGH - 2.5, f"{k + 1:,}", SMALL, "understood", "end"))
        nats = float(band.nats[k])
        body = box(x, y, CELL, CELL_HIGH, look(f"surprise {level_of(nats)}", opacity=FAINT if k >= band.so_far else 1.0), 1.0)
        out.append(part(body + _bar(nats, x, y + CELL_HIGH + 1.0, CELL, CELL_BAR), told(band, k), "event", k))
    for row in range(a // in_row, (max(b, 1) - 1) // in_row + 1) if b > a else ():
        left, right = max(a, row * in_row) % in_row, (min(b, (row + 1) * in_row) - 1) % in_row
        wide_of = (right - left + 1) * step + 1.0
        out.append(box(begin - 1.5 + left * step, 0.5 + row * high, wide_of, CELL_HIGH + 3.0, look("", "flagged", 2.0), 2.0))
    return "".join(out), 2.0 + math.ceil(len(band.events) / in_row) * high


def _onward(band: Band, wide: float, top: float) -> tuple[str, float]:
    """What might follow, a line of words and a row of boxes each."""
    out, y = [], top
    for one in band.onward:
        x = 2.0
        out.append(words(x, y + ABOVE - 3, one.said, SIZE, "likelier", most=int(wide / (0.52 * SIZE)), bold=True))
        y += ABOVE + 3
        for k, name in enumerate(one.events):
            chance = in_all(-math.log(one.chances[k])) if one.chances and one.chances[k] > 0.0 else ""
            room = max(_wide(name), width_of(chance, SMALL, 20) + 4)
            if x > 2.0 and x + room > wide - 2.0:
                x, y = 2.0, y + HIGH + GAP + (SMALL + 3 if one.chances else 0.0)
            body = box(x, y, room, HIGH, look("halo", "likelier", 1.4, "4 3"))
            body += words(x + room / 2, y + HIGH * 0.66, plain_name(name), SIZE, "text", "middle", LETTERS)
            body += words(x + room / 2, y + HIGH + SMALL + 1, chance, SMALL, "understood", "middle") if chance else ""
            out.append(part(body, f"{one.said}: {plain_name(name)}{f', {chance}' if chance else ''}"))
            x += room + GAP
        y += HIGH + APART + 3 + (SMALL + 2 if one.chances else 0.0)
    return "".join(out), y


def _key(band: Band, wide: float, top: float) -> tuple[str, float]:
    """What the colours mean, those alone that are there."""
    there = sorted({level_of(float(one)) for one in band.nats})
    out, x, y = [], 2.0, top + 4.0
    entries: Iterator[tuple[str, str]] = iter([("", "chance of each event:"), *((f"surprise {k}", LEVELS[k]) for k in there),
                                               ("", "bars: the longer, the less expected")])
    for role, said in entries:
        room = 0.9 * width_of(said, SMALL, 60) + (18.0 if role else 0.0) + 8.0
        if x > 2.0 and x + room > wide:
            x, y = 2.0, y + SMALL + 7
        if role:
            out.append(box(x, y + 1, 12, 10, look(role, "frame", 0.6), 2.0))
        out.append(words(x + (16.0 if role else 0.0), y + SMALL - 0.5, said, SMALL, "understood"))
        x += room
    return "".join(out), y + SMALL + 8
