"""Weights with their intervals as an SVG picture: the report's own, which needs no script."""

from __future__ import annotations

import numpy as np

from irlcore.maps.palette import COLOURS
from irlcore.maps.svg_words import as_xml
from irlcore.quantities import plain
from irlcore.report.text import printable
from irlcore.report.worth_words import Worth

WIDTH, LEFT, RIGHT, ROW, TOP, FOOT = 680, 210, 20, 26, 8, 44
LONGEST, ALT = 34, 4000
BLUE, GREY, TEXT = "#0072B2", COLOURS["frame"].light, COLOURS["text"].light


def weights_svg(worth: Worth) -> str:
    """Dots with 95 % intervals, a row a feature; open, and said so, where there is no interval. "" without features."""
    count = len(worth.labels)
    if not count or not np.isfinite(worth.value).all():
        return ""
    known = np.isfinite(worth.interval).all(axis=1)
    ends = np.concatenate((worth.value, worth.interval[known].ravel(), [0.0]))
    low, high = _reach(worth.value, ends)
    scale = (WIDTH - LEFT - RIGHT) / (high - low)
    height = TOP + ROW * count + FOOT
    parts = []
    for at in _ticks(low, high):
        x = LEFT + (at - low) * scale
        parts.append(f'<path d="M{x:.1f} {TOP}v{ROW * count}" stroke="{GREY}" stroke-width="{1.2 if at == 0.0 else 0.4}"/>'
                     f'<text x="{x:.1f}" y="{TOP + ROW * count + 15}" text-anchor="middle" font-size="11" fill="{TEXT}">{plain(at)}</text>')
    for k, label in enumerate(worth.labels):
        y = TOP + ROW * (k + 0.5)
        said = as_xml(label, LONGEST)
        parts.append(f'<text x="{LEFT - 12}" y="{y + 4:.1f}" text-anchor="end" font-size="12" fill="{TEXT}">{said}</text>')
        x = LEFT + (float(worth.value[k]) - low) * scale
        if known[k]:
            a, b = (LEFT + (min(max(float(end), low), high) - low) * scale for end in worth.interval[k])
            parts.append(f'<path d="M{a:.1f} {y:.1f}H{b:.1f}" stroke="{BLUE}" stroke-width="3" stroke-opacity=".45"/>')
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{BLUE}"/>')
        else:
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="#fff" stroke="{BLUE}" stroke-width="2"/>'
                         f'<text x="{x + 9:.1f}" y="{y + 4:.1f}" font-size="10" fill="{TEXT}">no interval</text>')
    told = f"worth, in {worth.unit}" if worth.unit else "weight (utility)"
    parts.append(f'<text x="{LEFT + (WIDTH - LEFT - RIGHT) / 2:.0f}" y="{height - 8}" text-anchor="middle" font-size="11" fill="{TEXT}">'
                 f"{as_xml(told, 60)}, with its 95 % interval</text>")
    alt = "; ".join(f"{printable(label)[:LONGEST]} {plain(float(v))}" for label, v in zip(worth.labels, worth.value, strict=True))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{as_xml(f"Weights, {told}: {alt}", ALT)}" width="{WIDTH}" '
            f'height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="system-ui,sans-serif">{"".join(parts)}</svg>')


def _reach(value: np.ndarray, ends: np.ndarray) -> tuple[float, float]:
    """What the axis covers: all intervals, but no more than five times what the weights do, so that one unsure weight does not hide the
    others."""
    span = max(float(np.ptp(np.append(value, 0.0))), 1e-12)
    low = max(float(ends.min()), float(min(value.min(), 0.0)) - 2.0 * span)
    high = min(float(ends.max()), float(max(value.max(), 0.0)) + 2.0 * span)
    room = 0.06 * (high - low)
    return (low - room, high + room) if high > low else (low, low + 1.0)  # all of them 0


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers on the axis, 0 among them where it is in reach."""
    step = 10.0 ** np.floor(np.log10((high - low) / 3.0))
    step = float(next(k * step for k in (5.0, 2.0, 1.0) if (high - low) / (k * step) >= 3.0))
    return [float(k * step) for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]
