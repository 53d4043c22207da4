"""The legend under a map in SVG: what each kind of line, area and mark stands for, and the bar of a map of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from irlcore.maps.palette import LEVELS
from irlcore.maps.scene import Key, Scale, Style
from irlcore.maps.svg_paths import TENTHS, marks, path_data
from irlcore.maps.svg_words import SMALL, as_xml, light, width_of, written

LONGEST = 60
ROW, SWATCH, GAP, STEP = 19, 28, 16, 12
"""Pixels: of a row, of the mark before a text, between two entries, of one colour in a bar."""


def look(style: Style, closed: bool = False, flat: bool = False) -> str:
    """The attributes of a path: a line (flat: cut off square at its ends), or an area with its rim."""
    colour, width = light(style.colour), f'stroke-width="{max(style.width, 0.0) * TENTHS:.0f}"'
    dash = ""
    if style.dash:
        dash = f' stroke-dasharray="{max(6.0, 2.2 * style.width) * TENTHS:.0f} {max(4.0, 1.5 * style.width) * TENTHS:.0f}"'
    if closed:
        rim = f' stroke="{colour}" {width}{dash}' if style.width > 0.0 else ""
        return f'fill="{colour}" fill-opacity="{style.opacity:.2g}"{rim}'
    opacity = f' opacity="{style.opacity:.2g}"' if style.opacity < 1.0 else ""
    cap = "butt" if style.dash or flat else "round"
    return f'fill="none" stroke="{colour}" {width} stroke-linejoin="round" stroke-linecap="{cap}"{opacity}{dash}'


def mark_look(style: Style, symbol: str) -> str:
    """The attributes of a mark: filled with a thin rim, or a ring."""
    opacity = f' opacity="{style.opacity:.2g}"' if style.opacity < 1.0 else ""
    if symbol == "ring":
        return f'fill="none" stroke="{light(style.colour)}" stroke-width="{max(style.width, 1.0) * TENTHS:.0f}"{opacity}'
    return f'fill="{light(style.colour)}" stroke="{light("halo")}" stroke-width="{TENTHS if style.halo else 4}"{opacity}'


def swatch(style: Style, mark: str, x: float, y: float) -> str:
    """A piece of what a key stands for; x: tenths at its left, y: in its middle."""
    wide = (SWATCH - 6) * TENTHS
    if mark == "line":
        line = f'<path d="{path_data([np.rint([[x, y], [x + wide, y]]).astype(np.int64)])}" '
        halo = f'{line}{look(Style("halo", style.width + 2.0), flat=True)}/>' if style.halo else ""
        return f"{halo}{line}{look(style, flat=True)}/>"
    if mark == "area":
        box = np.rint([[x, y - 50], [x + wide, y - 50], [x + wide, y + 50], [x, y + 50]]).astype(np.int64)
        return f'<path d="{path_data([box], closed=True)}" {look(style, closed=True)}/>'
    middle = np.array([[x + wide / 2.0, y]])
    return f'<path d="{marks(middle, np.array([4.5 * TENTHS]), mark)}" {mark_look(style, mark)}/>'


def legend(keys: Sequence[Key], scale: Scale | None, width: int, top: int) -> tuple[str, int]:
    """The legend under a map of ``width`` pixels from ``top`` on, and its height in pixels, 0 where there is none."""
    entries: list[tuple[float, Callable[[float, float], str]]] = [
        (SWATCH + width_of(key.text, SMALL, LONGEST), partial(_key, key)) for key in keys]
    if scale is not None:
        entries.insert(0, (_bar_width(scale), partial(_bar, scale)))
    out, x, row = [], 0.0, 0
    for wide, draw in entries:
        if x and x + wide > width:
            x, row = 0.0, row + 1
        out.append(draw(x * TENTHS, (top + ROW * (row + 0.5) + 4.0) * TENTHS))
        x += wide + GAP
    return "".join(out), ROW * (row + 1) + 6 if entries else 0


def _key(key: Key, x: float, y: float) -> str:
    return swatch(key.style, key.mark, x, y) + _said(key.text, x + SWATCH * TENTHS, y)


def _said(text: str, x: float, y: float) -> str:
    return written(x, y + 3.5 * TENTHS, as_xml(text, LONGEST), SMALL, halo=False)


def _bar_width(scale: Scale) -> float:
    return sum(width_of(text, SMALL, LONGEST) + 6.0 for text in (scale.title, scale.low, scale.high)) + STEP * LEVELS


def _bar(scale: Scale, x: float, y: float) -> str:
    out = [_said(scale.title, x, y)]
    x += (width_of(scale.title, SMALL, LONGEST) + 6.0) * TENTHS
    out.append(_said(scale.low, x, y))
    x += (width_of(scale.low, SMALL, LONGEST) + 6.0) * TENTHS
    for k in range(LEVELS):
        out.append(f'<rect x="{x:.0f}" y="{y - 50:.0f}" width="{STEP * TENTHS}" height="100" fill="{light(f"{scale.colours} {k}")}"/>')
        x += STEP * TENTHS
    return "".join([*out, _said(scale.high, x + 6.0 * TENTHS, y)])
