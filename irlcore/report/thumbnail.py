"""A small picture of a feature's values, as SVG text: quick enough for one on every card."""

from __future__ import annotations

import numpy as np
from plotly.colors import sample_colorscale

from irlcore.maps.lines import place_lines
from irlcore.worlds.world import World

MOST_PLACES = 1500
LEVELS = 5


def thumbnail(world: World, values: np.ndarray, width: int = 120, height: int = 84) -> str:
    """Values (L,) of the places: bare where 0, else from dark (least) to yellow (most). "" without coordinates."""
    if not world.has_coordinates:
        return ""
    shown = np.flatnonzero(np.isfinite(world.place_xy).all(axis=1))
    ground = world.shape_xy if len(world.shape_xy) else world.place_xy  # whole links and cells, not their middles alone
    low, high = np.nanquantile(ground, [0.003, 0.997], axis=0)  # a stray link far off must not shrink all others
    margin = 0.03 * (high - low)
    low, high = np.maximum(low - margin, np.nanmin(ground, axis=0)), np.minimum(high + margin, np.nanmax(ground, axis=0))
    scale = min((width - 8) / max(high[0] - low[0], 1e-9), (height - 8) / max(high[1] - low[1], 1e-9))
    middle = (low + high) / 2.0
    shown = shown[::max(1, len(shown) // MOST_PLACES)]
    size = np.abs(values)
    level = np.where(size > 0.0, 1 + np.minimum(size / max(float(size.max()), 1e-300) * LEVELS, LEVELS - 1).astype(int), 0)
    parts, cell = [], float(world.settings.get("cell", 0.0))
    for k, colour in enumerate(["#9AA5AF55", *sample_colorscale("Cividis", list(np.linspace(0.15, 1.0, LEVELS)))]):
        path = _svg_path(world, shown[level[shown] == k], middle, scale, (width, height), max(1.0, cell * scale))
        if path:
            stroke = max(1.2, cell * scale) if cell else 0.8 if k == 0 else 1.8
            parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{stroke:.2f}" stroke-linecap="butt"/>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
            f'{"".join(parts)}</svg>')


def _svg_path(world: World, places: np.ndarray, middle: np.ndarray, scale: float, size: tuple[int, int], dot: float) -> str:
    """The places' lines; a place without a line is a dash of length ``dot``."""
    if not len(places):
        return ""
    xy, owner = place_lines(world, places)
    at = np.column_stack((size[0] / 2 + (xy[:, 0] - middle[0]) * scale, size[1] / 2 - (xy[:, 1] - middle[1]) * scale))
    first = np.concatenate(([True], np.diff(owner) > 0))
    lone = np.bincount(owner)[owner] == 1
    at[lone, 0] -= dot / 2.0
    return "".join(f"{'M' if new else 'L'}{x:.1f} {y:.1f}{f'h{dot:.1f}' if alone else ''}"
                   for (x, y), new, alone in zip(at, first, lone, strict=True))
