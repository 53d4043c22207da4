"""Points before there is a world: as they were read, over the cells that they would be put in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from irlcore.maps.ground import MOST_ACROSS, RASTER, is_picture, seen_at_first
from irlcore.maps.kept import digest
from irlcore.maps.scene import Layer, Lines, Scene
from irlcore.maps.tracks import points_as_read
from irlcore.maps.zones import map_files
from irlcore.project.project import MapFile
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.cells.hexagons import Hexagons
from irlcore.worlds.cells.kinds import Cells as CellKind


def raw_scene(tracks: Tracks, cell: float = 0.0, cells: CellKind = "squares", files: Sequence[MapFile] = ()) -> Scene:
    """All points, every k-th track where there are many. cell: the width of the cells, in the tracks' unit; none are drawn where it is 0,
    or where there would be more than can be told apart. cells: their shape. files:
    what lies under them, land and coast."""
    drawn = points_as_read(tracks, np.arange(len(tracks)), "points as read")
    low, high = (np.array([side(tracks.x), side(tracks.y)]) for side in (np.min, np.max))
    layers: tuple[Layer, ...] = drawn.layers
    if cell > 0.0 and float((high - low).max()) / cell <= MOST_ACROSS:
        layers = (_cells(low, high, cell) if cells == "squares" else _hexagons(low, high, cell), *layers)
    below = map_files(files)
    bounds = seen_at_first(np.column_stack((tracks.x, tracks.y)))
    return Scene(bounds, tracks.unit, digest(tracks.x, tracks.y), (*below.layers, *layers), (*below.keys, *drawn.keys),
                 None,
                 "The points as they were read, over the cells they would be put in", is_picture(tracks.unit, tracks.crs))


def _hexagons(low: np.ndarray, high: np.ndarray, cell: float) -> Lines:
    lattice = Hexagons(float(low[0]), float(low[1]), cell)
    columns, rows = lattice.across(*(float(side) for side in high - low))
    column, row = np.meshgrid(np.arange(columns), np.arange(rows))
    outline = lattice.outline
    xy = (lattice.middles(column.ravel(), row.ravel())[:, None, :] + outline[None]).reshape(-1, 2)
    offsets = np.arange(0, len(xy) + 1, len(outline), dtype=np.int64)
    return Lines("cells", xy, offsets, (RASTER,), np.zeros(len(offsets) - 1, np.uint8))


def _cells(low: np.ndarray, high: np.ndarray, cell: float) -> Lines:
    many = np.maximum(np.ceil((high - low) / cell - 1e-9), 1.0)
    top = low + many * cell
    x, y = (low[k] + cell * np.arange(int(many[k]) + 1) for k in (0, 1))
    upright = np.stack((np.column_stack((x, np.full(len(x), low[1]))), np.column_stack((x, np.full(len(x), top[1])))), axis=1)
    level = np.stack((np.column_stack((np.full(len(y), low[0]), y)), np.column_stack((np.full(len(y), top[0]), y))), axis=1)
    xy = np.concatenate((upright, level)).reshape(-1, 2)
    return Lines("cells", xy, np.arange(0, len(xy) + 1, 2, dtype=np.int64), (RASTER,), np.zeros(len(xy) // 2, np.uint8))
