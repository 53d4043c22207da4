"""What is written on a map in SVG: names that do not cover each other, and the scale bar. Texts are shown as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import product

import numpy as np

from irlcore.maps.palette import COLOURS
from irlcore.maps.svg_paths import TENTHS, View, path_data

SIZE, SMALL = 11, 10
"""Pixels of a letter's height: of names, and of what stands under the map."""
WIDE, CAPITAL = 0.56, 0.73
"""Widths of a letter, and of a capital, for one of its heights, on average: no font is at hand to measure."""
SPARE, EDGE = 1.15, 3.0
"""How much longer a name may be in another font; pixels that stay free at the edge of a picture."""
LONGEST_NAME, MOST_NAMES = 36, 60
BESIDE, FARTHER = (0.0, -10.0, 10.0), (-14.0, 14.0)
"""Pixels from the middle of a thing to where its name is tried; farther where a line that is to be seen whole runs there."""
UNSHOWN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
"""What XML may not hold, and what turns the direction of reading."""


def light(colour: str) -> str:
    """A role of the palette as it is printed."""
    return COLOURS[colour].light


def as_xml(text: object, most: int) -> str:
    """A text on one line, cut at ``most`` characters, as the content of an element or attribute."""
    line = " ".join(UNSHOWN.sub("\ufffd", str(text)[:20 * most]).split())
    return escape(line if len(line) <= most else line[:most - 1].rstrip() + "\u2026")


def width_of(text: object, size: float, most: int) -> float:
    """About how many pixels a text takes; capitals take more room than small letters, and a letter of the far East takes two of these."""
    line = " ".join(str(text)[:20 * most].split())[:most]
    return size * sum(1.0 if ord(sign) > 0x2E7F else CAPITAL if sign.isupper() else WIDE for sign in line)


def written(x: float, y: float, text: str, size: float, colour: str = "text", anchor: str = "start", turn: float = 0.0,
            halo: bool = True) -> str:
    """A text element. x, y: tenths; text: escaped already; turn: degrees clockwise."""
    rim = f' stroke="{light("halo")}" stroke-width="{3 * TENTHS}" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    turned = f' transform="rotate({turn:.0f} {x:.0f} {y:.0f})"' if round(turn) else ""
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size * TENTHS:.0f}" fill="{light(colour)}" text-anchor="{anchor}"'
            f"{rim}{turned}>{text}</text>")


class Board:
    """Where names stand already: boxes in tenths, so that no later one covers them."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._taken, self._lines = np.zeros((0, 4)), np.zeros((0, 4))
        self._said: set[tuple[str, int, int]] = set()
        self._crossed = False  # whether a name was tried on a line that is kept off

    def keep_off(self, lines: Sequence[np.ndarray], width: float = 4.0) -> None:
        """Names stand beside these lines (k, 2) in tenths, ``width`` pixels wide, not on them."""
        for line in lines:
            step = np.diff(line, axis=0).astype(np.float64)
            count = np.maximum(np.ceil(np.hypot(step[:, 0], step[:, 1]) / (8.0 * TENTHS)), 1.0).astype(np.int64)
            share = np.concatenate([(np.arange(n) + 0.5) / n for n in count])
            at = np.repeat(line[:-1], count, axis=0) + share[:, None] * np.repeat(step, count, axis=0)
            half = max(width / 2.0, 2.0) * TENTHS
            self._lines = np.vstack((self._lines, np.column_stack((at - half, at + half))))

    def take(self, x: float, y: float, half_width: float, half_height: float, turn: float = 0.0, lines: bool = True) -> bool:
        """Whether a name fits with its middle there; from then on it stands. turn: radians clockwise. lines: whether it must keep off
        lines too."""
        count = max(1, int(np.ceil(half_width / max(half_height, 1.0))))
        along = ((np.arange(count) + 0.5) / count * 2.0 - 1.0) * half_width
        level = abs(np.sin(turn)) < 0.1
        reach, across = half_height * (1.0 if level else 1.1), half_height * (1.0 if level else 1.1)
        middle = np.column_stack((x + along * np.cos(turn), y + along * np.sin(turn)))
        boxes = np.column_stack((middle[:, 0] - reach, middle[:, 1] - across, middle[:, 0] + reach, middle[:, 1] + across))
        wide, high = self._view.size
        far = np.array([-1.0, 1.0])[:, None] * half_width * SPARE * np.array([np.cos(turn), np.sin(turn)]) + (x, y)
        corners = np.vstack((boxes[:, :2], boxes[:, 2:], far - EDGE * TENTHS, far + EDGE * TENTHS))
        if not ((corners >= 0.0).all() and (corners <= (wide, high)).all()):  # a place that is not known too
            return False
        crossed = lines and _cover(boxes, self._lines)
        self._crossed |= crossed
        if crossed or _cover(boxes, self._taken):
            return False
        self._taken = np.vstack((self._taken, boxes))
        return True

    def names(self, xy: np.ndarray, texts: Sequence[str], angle: np.ndarray, rank: np.ndarray, colour: str) -> str:
        """The names of the highest rank, each in the middle of its thing, that cover no earlier one; the same name again only far off."""
        at = self._view.px(xy)
        inside = np.isfinite(at).all(axis=1) & (at >= 0.0).all(axis=1) & (at <= np.array(self._view.size)).all(axis=1)
        out: list[str] = []
        for k in np.flatnonzero(inside)[np.argsort(-np.asarray(rank, np.float64)[inside], kind="stable")].tolist():
            text = as_xml(texts[k], LONGEST_NAME)
            near = (text, int(at[k, 0] // (250 * TENTHS)), int(at[k, 1] // (250 * TENTHS)))
            if not text or near in self._said:
                continue
            turn = float(angle[k]) if np.isfinite(angle[k]) else 0.0
            turn = turn if self._view.y_down else -turn  # clockwise on the page
            turn = (turn + np.pi / 2.0) % np.pi - np.pi / 2.0  # no name stands on its head
            half = width_of(texts[k], SIZE, LONGEST_NAME) * TENTHS / 2.0
            self._crossed = False
            for off in (*BESIDE, *FARTHER):
                if off in FARTHER and not self._crossed:
                    break
                x, y = at[k] + off * TENTHS * np.array([-np.sin(turn), np.cos(turn)])
                if self.take(x, y, half, SIZE * TENTHS * 0.6, turn):
                    self._said.add(near)
                    low = SIZE * TENTHS * 0.35
                    out.append(written(x - low * np.sin(turn), y + low * np.cos(turn), text, SIZE, colour, "middle", np.rad2deg(turn)))
                    break
            if len(out) == MOST_NAMES:
                break
        return "".join(out)

    def labels(self, at: np.ndarray, radius: np.ndarray, texts: Sequence[str], colour: str) -> str:
        """Texts beside marks at (n, 2) tenths: where there is room, else over lines, but never over each other."""
        out = []
        for (x, y), r, text in zip(at.tolist(), np.nan_to_num(radius).tolist(), texts, strict=True):
            shown, half = as_xml(text, LONGEST_NAME), width_of(text, SIZE, LONGEST_NAME) * TENTHS / 2.0
            off, high = r + 4 * TENTHS, SIZE * TENTHS * 0.6
            sides = ((off + half, 0.0), (-off - half, 0.0), (0.0, -off - high), (0.0, off + high))
            for lines, (right, down) in product((True, False), sides) if shown else ():
                if self.take(x + right, y + down, half, high, lines=lines):
                    out.append(written(x + right, y + down + SIZE * TENTHS * 0.35, shown, SIZE, colour, "middle"))
                    break
        return "".join(out)


def _cover(boxes: np.ndarray, others: np.ndarray) -> bool:
    """Whether any of boxes (n, 4) lies over any of others (m, 4)."""
    low = (boxes[:, None, :2] < others[None, :, 2:]).all(axis=2)
    return bool((low & (boxes[:, None, 2:] > others[None, :, :2]).all(axis=2)).any())


def scale_bar(view: View, unit: str) -> str:
    """A bar of a round length at the lower left, at most a quarter of the map long; none where that is no length to be read."""
    most = view.size[0] / 4.0 / view.scale
    if not 1e-4 < most < 1e11:
        return ""
    power = 10.0 ** np.floor(np.log10(most))
    length = float(next(k * power for k in (5.0, 2.0, 1.0) if k * power <= most))
    shown, said = (length / 1000.0, "km") if unit == "m" and length >= 1000.0 else (length, unit)
    x, y = 10 * TENTHS, view.size[1] - 10 * TENTHS
    bar = path_data([np.array([[x, y - 50], [x, y], [x + round(length * view.scale), y], [x + round(length * view.scale), y - 50]])])
    return (f'<path d="{bar}" fill="none" stroke="{light("halo")}" stroke-width="{4 * TENTHS}"/>'
            f'<path d="{bar}" fill="none" stroke="{light("text")}" stroke-width="15"/>'
            + written(x + 4 * TENTHS, y - 4 * TENTHS, as_xml(f"{shown:,.12g} {said}", LONGEST_NAME), SMALL))
