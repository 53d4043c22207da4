"""Values of places in nine colours: one way from the least to the most, or both ways from 0. What is 0 is left bare."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from irlcore.maps.cells import cells_layer
from irlcore.maps.drawn import Drawn
from irlcore.maps.palette import LEVELS
from irlcore.maps.scene import Dots, Lines, Scale, Style
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.world import World

FAINT = 0.04  # of the largest: what is next to nothing would cover a grid in grey
THIN, WIDE = 1.4, 5.0  # pixels: by width too, for those who do not see the colours
BESIDE = 0.35  # of the width: how far a link is drawn to the right of its direction, so that the other direction is seen
DOT = 4.0  # pixels, of a place that has no line


def as_number(value: float) -> str:
    """A value to three figures that count."""
    return f"{value:.3g}"


def values(world: World, values: np.ndarray, diverging: bool, title: str, names: Sequence[str] = (),
           words: Callable[[float], str] = as_number) -> Drawn:
    """Values (L,) of the places, NaN where unknown. diverging: from most below 0 over 0 to most above.

    A click gives the place; hovering says its name, one of ``names`` (L,) or else its id, and its
    value in ``words``. Cells that are less than a 25th of the largest are bare where ``diverging``.
    """
    given = np.asarray(values, np.float64)
    shown = np.flatnonzero(np.isfinite(world.place_xy).all(axis=1) & np.isfinite(given) & (given != 0.0))
    top = float(np.abs(given[shown]).max()) if len(shown) else 1.0
    if diverging and world.kind == "grid":
        shown = shown[np.abs(given[shown]) >= FAINT * top]
    low = -top if diverging else min(0.0, float(given[shown].min())) if len(shown) else 0.0
    high = top if diverging else max(0.0, float(given[shown].max())) if len(shown) else 1.0
    kind = "residual" if diverging else "value"
    scale = Scale(title, "residual" if diverging else "value", f"{low:.3g}", f"{high:.3g}")
    level = levels_of(given[shown], low, high)
    ids = tuple(map(str, shown.tolist()))
    called = names if len(names) else world.place_names
    texts = tuple(f"{called[k]}: {words(float(given[k]))}" for k in shown.tolist())
    if world.kind == "grid":
        styles = tuple(Style(f"{kind} {k}", 0.0, 0.85) for k in range(LEVELS))
        return Drawn((cells_layer(world, "values", shown, styles, level, "place", ids, texts),), (), scale)
    size = np.abs(2.0 * np.arange(LEVELS) / (LEVELS - 1) - 1.0) if diverging else np.arange(LEVELS) / (LEVELS - 1)
    widths = THIN + (WIDE - THIN) * size
    styles = tuple(Style(f"{kind} {k}", float(widths[k])) for k in range(LEVELS))
    return Drawn(_links(world, shown, level, size, styles, ids, texts), (), scale)


def levels_of(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """(n,) uint8: which of nine colours each value has, from ``low`` to ``high``; the same for values that differ in their last bits."""
    span = high - low
    if not span > 0.0 or not len(values):
        return np.zeros(len(values), np.uint8)
    return np.clip(np.floor((values - low) / span * LEVELS + 1e-9), 0, LEVELS - 1).astype(np.uint8)


def _links(world: World, shown: np.ndarray, level: np.ndarray, size: np.ndarray, styles: tuple[Style, ...], ids: tuple[str, ...],
           texts: tuple[str, ...]) -> tuple[Lines | Dots, ...]:
    """The lines of links, what counts most on top; places without a line (a network of middles alone) as dots."""
    order = np.argsort(size[level], kind="stable")
    has_line = np.diff(world.shape_offsets)[shown] > 1 if len(world.shape_xy) else np.zeros(len(shown), bool)
    layers: list[Lines | Dots] = []
    lines, dots = order[has_line[order]], order[~has_line[order]]
    if len(lines):
        offsets, flat = take_flat(world.shape_offsets, shown[lines])
        layers.append(Lines("values", world.shape_xy[flat], offsets, styles, level[lines], "place", _taken(ids, lines),
                            _taken(texts, lines), BESIDE * WIDE))
    if len(dots):
        layers.append(Dots("values", world.place_xy[shown[dots]], np.full(len(dots), DOT, np.float32), styles, level[dots], "circle",
                           "place", _taken(ids, dots), _taken(texts, dots)))
    return tuple(layers)


def _taken(texts: tuple[str, ...], index: np.ndarray) -> tuple[str, ...]:
    return tuple(texts[i] for i in index)
