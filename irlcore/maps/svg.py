"""A scene as SVG: what a report shows and prints, light, with no script and no address in it.

Each style of a layer is one path. The map lies in an inner ``svg`` element, which cuts it at the frame without an id that a second picture
on the page would share; the legend stands under it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.maps.scene import Areas, Cells, Dots, Layer, Lines, Moves, Names, Scene, Style
from irlcore.maps.svg_legend import legend, look, mark_look
from irlcore.maps.svg_paths import LARGEST, TENTHS, Pieces, View, marks, path_data, polylines, rings, runs, steps_of, view_of, walked
from irlcore.maps.svg_words import Board, as_xml, light, scale_bar

FEW_LINES = 400
"""Lines of a layer that are drawn one by one as they are, each with its direction."""
FEW_TRACKS, STRONG = 20, 2.5
"""Layers of so few lines, so many pixels wide, are what a map is about: names stand beside them."""
MOST_STEPS = 11_000
"""Steps from corner to corner that a layer of more lines may have, before corners that are not seen go."""
MOST_BYTES, CORNER, START = 40_000, 6, 8
"""What such a layer may take, and about how many a corner and the begin of a line take."""
GRAINS = (5, 10, 15, 20, 30, 40, 60, 80)
"""Tenths of a pixel on whose multiples the corners of many lines lie."""
MOST_DOTS = 1500
LEAST_FOCUS = 0.06
"""Of the larger side of the ground: however short a track is, something is seen round it."""
ARROW, ARROW_EVERY = 4.5, 80
"""Pixels: half the length of an arrow, and from one to the next."""
ALT = 600  # characters


def scene_svg(scene: Scene, width: int, height: int) -> str:
    """The scene as the text of an SVG picture: the map ``width`` x ``height`` pixels, zoomed on ``scene.focus`` where there is one, and
    the legend below it. It is well-formed XML whatever texts and coordinates are."""
    whole = np.abs(np.subtract(scene.bounds[2:], scene.bounds[:2])).max()
    least = LEAST_FOCUS * float(whole) if scene.focus and whole < LARGEST else 0.0
    view = view_of(scene.focus or scene.bounds, width, height, scene.y_down, 0.12 if scene.focus else 0.03, least)
    board = Board(view)
    for layer in scene.layers:
        if isinstance(layer, Lines) and len(layer.offsets) <= FEW_TRACKS and max(one.width for one in layer.styles) >= STRONG:
            board.keep_off(polylines(view, layer.xy, layer.offsets).each(), max(one.width for one in layer.styles))
    body = [_drawn(layer, view) for layer in scene.layers]
    words = [board.labels(view.px(layer.xy), np.clip(layer.radius, 0.0, 100.0) * TENTHS, layer.labels, "text")
             for layer in reversed(scene.layers) if isinstance(layer, Dots) and layer.labels]  # what lies on top has the first word
    words += [board.names(layer.xy, layer.texts, layer.angle, layer.rank, layer.colour)
              for layer in reversed(scene.layers) if isinstance(layer, Names)]
    below, more = legend(scene.keys, scene.scale, width, height)
    wide, high = view.size
    return (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{as_xml(scene.alt or "Map", ALT)}" width="{width}" '
            f'height="{height + more}" viewBox="0 0 {wide} {high + more * TENTHS}" font-family="system-ui,sans-serif">'
            f'<svg x="0" y="0" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" overflow="hidden">'
            f'<path d="M0 0h{wide}v{high}h-{wide}z" fill="{light("halo")}"/>{"".join(body)}{"".join(words)}{scale_bar(view, scene.unit)}'
            f'<path d="M0 0h{wide}v{high}h-{wide}z" fill="none" stroke="{light("frame")}" stroke-width="{2 * TENTHS}"/></svg>{below}</svg>')


def _drawn(layer: Layer, view: View) -> str:
    """All but the words of a layer; a picture does not move."""
    if isinstance(layer, Lines):
        return _lines(layer, view)
    if isinstance(layer, Areas):
        pieces, owner = rings(view, layer.xy, layer.offsets)
        return _by_style(pieces, layer.style[owner], layer.styles, closed=True)
    if isinstance(layer, Cells):
        return _cells(layer, view)
    if isinstance(layer, Dots):
        return _dots(layer, view)
    assert isinstance(layer, Names | Moves)
    return ""


def _by_style(pieces: list[np.ndarray], style: np.ndarray, styles: tuple[Style, ...], closed: bool = False) -> str:
    out = []
    for k, one in enumerate(styles):
        mine = path_data([piece for piece, s in zip(pieces, style, strict=True) if s == k], closed)
        if mine and one.halo and not closed:
            out.append(f'<path d="{mine}" {look(replace(one, colour="halo", width=one.width + 3.0, dash=False, opacity=0.9))}/>')
        out.append(f'<path d="{mine}" {look(one, closed)}/>' if mine else "")
    return "".join(out)


def _lines(layer: Lines, view: View) -> str:
    found = polylines(view, layer.xy, layer.offsets)
    style = layer.style[found.owner]
    if len(found) > FEW_LINES:
        pieces, style = _fewer(found, style, layer.styles)
    else:
        pieces = [_shifted(piece, layer.shift_px * TENTHS) for piece in found.each()] if layer.shift_px else found.each()
    drawn = _by_style(pieces, style, layer.styles)
    if not layer.arrows:
        return drawn
    return drawn + "".join(_arrows([p for p, s in zip(pieces, style, strict=True) if s == k], one) for k, one in enumerate(layer.styles))


def _fewer(pieces: Pieces, style: np.ndarray, styles: tuple[Style, ...]) -> tuple[list[np.ndarray], np.ndarray]:
    """Lines of about ``MOST_BYTES`` at most: on a grid of pixels that grows coarser, without the faintest styles where some are left."""
    order = sorted(range(len(styles)), key=lambda k: styles[k].width * styles[k].opacity, reverse=True)
    groups = [pieces.take(np.flatnonzero(style == k)) for k in order]
    for grain in GRAINS:
        found = [steps_of(group, grain) for group in groups]
        total = np.cumsum([len(steps) for steps in found])
        fit = int(np.flatnonzero(np.append(True, total <= MOST_STEPS))[-1])  # how many styles, the strongest first
        if fit == len(found) or (grain > 20 and fit and total[fit - 1] >= MOST_STEPS // 3) or grain == GRAINS[-1]:
            lines = [walked(steps[:MOST_STEPS], 0.6 * grain) for steps in found[:max(fit, 1)]]
            if sum(CORNER * len(line) + START for mine in lines for line in mine) <= MOST_BYTES:
                break
    whole = [(line, k) for k, mine in zip(order, lines, strict=False) for line in sorted(mine, key=len, reverse=True)]
    taken = np.cumsum([CORNER * len(line) + START for line, _ in whole])
    whole = whole[:int(np.searchsorted(taken, MOST_BYTES, side="right"))]  # at the coarsest grid there may be too many still
    return [line for line, _ in whole], np.array([k for _, k in whole], np.int64)


def _shifted(piece: np.ndarray, by: float) -> np.ndarray:
    """A line moved to the right of its own direction; tenths, y downwards."""
    step = np.diff(piece, axis=0).astype(np.float64)
    right = np.column_stack((-step[:, 1], step[:, 0])) / np.hypot(step[:, 0], step[:, 1])[:, None]
    at = (np.vstack((right, right[-1])) + np.vstack((right[0], right))) / 2.0
    return np.asarray(np.rint(piece + by * at), np.int64)


def _arrows(pieces: list[np.ndarray], style: Style) -> str:
    """Filled marks of direction along lines, the first after half the distance."""
    shape = np.array([(1.2, 0.0), (-1.0, 0.95), (-0.4, 0.0), (-1.0, -0.95)]) * max(ARROW, 1.3 * style.width) * TENTHS
    out = []
    for piece in pieces:
        step = np.diff(piece, axis=0).astype(np.float64)
        length = np.hypot(step[:, 0], step[:, 1])
        along = np.append(0.0, np.cumsum(length))
        for wanted in np.arange(ARROW_EVERY * TENTHS / 2.0, along[-1], ARROW_EVERY * TENTHS):
            at = int(np.clip(np.searchsorted(along, wanted, side="right") - 1, 0, len(step) - 1))
            unit = step[at] / length[at]
            turn = np.array([[unit[0], unit[1]], [-unit[1], unit[0]]])
            out.append(np.rint(piece[at] + (wanted - along[at]) * unit + shape @ turn).astype(np.int64))
    if not out:
        return ""
    return (f'<path d="{path_data(out, closed=True)}" fill="{light(style.colour)}" stroke="{light("halo")}" stroke-width="{TENTHS}" '
            'stroke-linejoin="round"/>')


def _cells(layer: Cells, view: View) -> str:
    reach = np.array([layer.cell, layer.cell])
    at = view.px(layer.xy)
    room = float(reach[0]) * view.scale
    seen = np.isfinite(at).all(axis=1) & (at > -room).all(axis=1) & (at < np.array(view.size) + room).all(axis=1)
    out = []
    for k, style in enumerate(layer.styles):
        strokes, wide = runs(view, layer.xy[seen & (layer.style == k)], layer.cell)
        if strokes:
            opacity = f' opacity="{style.opacity:.2g}"' if style.opacity < 1.0 else ""
            out.append(f'<path d="{path_data(strokes)}" stroke="{light(style.colour)}" stroke-width="{max(wide, 1.0):.0f}"{opacity}/>')
    return "".join(out)


def _dots(layer: Dots, view: View) -> str:
    at = view.px(layer.xy)
    seen = np.isfinite(at).all(axis=1) & (at > -200.0).all(axis=1) & (at < np.array(view.size) + 200.0).all(axis=1)
    out = []
    for k, style in enumerate(layer.styles):
        mine = np.flatnonzero(seen & (layer.style == k))
        _, first = np.unique(np.rint(at[mine] / TENTHS), axis=0, return_index=True)  # one mark on a pixel hides the others
        mine = mine[np.sort(first)]
        mine = mine[::max(1, int(np.ceil(len(mine) / MOST_DOTS)))]
        if len(mine):
            radius = np.clip(np.nan_to_num(np.asarray(layer.radius, np.float64)[mine]), 0.0, 100.0) * TENTHS
            out.append(f'<path d="{marks(at[mine], radius, layer.symbol)}" {mark_look(style, layer.symbol)}/>')
    return "".join(out)
