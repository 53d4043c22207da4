"""What lies under everything else: streets by class with their names, or the cells of a grid. Made once for each world."""

from __future__ import annotations

import numpy as np

from irlcore.maps.cells import cells_layer
from irlcore.maps.drawn import Drawn
from irlcore.maps.kept import digest, of_world, once
from irlcore.maps.roads import GREAT, MAIN, SMALL, greatness, one_a_street
from irlcore.maps.scene import Areas, Cells, Lines, Names, Style
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.cells.kinds import cells_of
from irlcore.worlds.street_names import street_names
from irlcore.worlds.world import World

ROADS = {SMALL: Style("road", 1.2), MAIN: Style("road main", 2.2), GREAT: Style("road great", 3.2)}
OPEN, OPEN_OVER, RASTER = Style("open", 0.0), Style("open", 0.0, 0.35), Style("grid", 0.6)
MOST_ACROSS = 160  # cells: the lines between finer ones would be a grey wall
MOST_NAMES = 500
APART = 0.35  # of the larger side of the map: how far two names of one street are from each other
PIXELS = {"px", "pixel", "pixels", "pix"}
Y_DOWN = "y_down"
"""The setting of a world that says whether y runs down; where there is none, the unit says it."""
STRAY = 0.003  # of the corners at each end that do not count for what is seen at first: a link far off must not shrink all others
MARGIN = 0.03


def ground(world: World, over: bool = False) -> Drawn:
    """Streets with three widths, both directions of one as one line; or open cells tinted, blocked ones bare. Empty without coordinates.

    over: whether land or water lies below, which cells must let through.
    """
    return once("ground", of_world(world), over, lambda: _ground(world, OPEN_OVER if over else OPEN))


def names_of_streets(world: World) -> Drawn:
    """The names of streets, each every now and then along it, the great streets' first; to lie above all that is drawn."""
    return once("names", of_world(world), (), lambda: Drawn(_street_names(world)))


def bounds_of(world: World) -> tuple[float, float, float, float]:
    """Lowest and highest x and y to be seen at first, in the unit of the world; strays far off do not count. (0, 0, 1, 1) without any."""
    return once("bounds", of_world(world), (), lambda: _bounds(world))


def identity_of(world: World) -> str:
    """16 hexadecimal digits of where everything lies: the same for a world, its copies for bands of time, and itself opened again."""
    return once("identity", of_world(world), (), lambda: digest(world.place_xy, world.shape_xy, world.shape_offsets))


def is_y_down(world: World) -> bool:
    """Whether y runs down, as in pictures: what the analyst set, else whether coordinates are counted in pixels."""
    said = world.settings.get(Y_DOWN)
    return said if isinstance(said, bool) else is_picture(world.unit, world.crs)


def is_picture(unit: str, crs: str | None) -> bool:
    """Whether coordinates are those of a picture: counted in pixels, without a projection."""
    return crs is None and unit.strip().lower() in PIXELS


def street_lines(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices (V, 2) and offsets (n + 1,) of the streets that are drawn, and the first link (n,) of each.

    Links that have no line, or one with an unknown corner, have no street; of links with the same corners, whatever their direction,
    the first stands for all.
    """
    xy, offsets = world.shape_xy, world.shape_offsets
    known = np.diff(offsets) > 1
    unknown = ~np.isfinite(xy).all(axis=1)
    if unknown.any():
        known &= np.add.reduceat(np.append(unknown, False).astype(np.int64), np.minimum(offsets[:-1], len(xy))) == 0
    first = one_a_street(np.where(np.isfinite(xy), xy, 0.0), offsets)
    links = np.flatnonzero(known & (first == np.arange(len(first))))
    own, flat = take_flat(offsets, links)
    return xy[flat], own, links


def _ground(world: World, tint: Style) -> Drawn:
    if world.kind == "grid":
        return Drawn(_cells(world, tint))
    if not len(world.shape_xy):
        return Drawn()
    xy, offsets, links = street_lines(world)
    if not len(links):
        return Drawn()
    # of the two directions of a street the greater one counts
    whole = np.zeros(world.n_places, np.uint8)
    np.maximum.at(whole, one_a_street(np.where(np.isfinite(world.shape_xy), world.shape_xy, 0.0), world.shape_offsets), greatness(world))
    rank = whole[links]
    order = np.argsort(rank, kind="stable")  # great ones on top
    own, flat = take_flat(offsets, order)
    return Drawn((Lines("roads", xy[flat], own, tuple(ROADS.values()), rank[order]),))


def _cells(world: World, tint: Style) -> tuple[Areas | Cells | Lines, ...]:
    every = np.arange(world.n_places)
    layers: tuple[Areas | Cells | Lines, ...] = (cells_layer(world, "open cells", every, (tint,), np.zeros(world.n_places, np.uint8)),)
    if max(int(world.settings["columns"]), int(world.settings["rows"])) > MOST_ACROSS:
        return layers
    xy, offsets = raster(world) if cells_of(world.settings) == "squares" else (world.shape_xy.copy(), world.shape_offsets.copy())
    return (*layers, Lines("grid", xy, offsets, (RASTER,), np.zeros(len(offsets) - 1, np.uint8)))


def raster(world: World) -> tuple[np.ndarray, np.ndarray]:
    """The lines round open squares, straight ones as long as they go: vertices (2 n, 2) and offsets (n + 1,)."""
    s = world.settings
    cell, low = float(s["cell"]), np.array([float(s["x0"]), float(s["y0"])])
    at = np.floor((world.place_xy - low) / cell).astype(np.int64)
    is_open = np.zeros((int(s["rows"]) + 2, int(s["columns"]) + 2), bool)
    is_open[at[:, 1] + 1, at[:, 0] + 1] = True
    parts = []
    for across, table in ((True, is_open), (False, is_open.T)):
        edge = table[:-1] | table[1:]  # an edge between two cells of which one is open
        step = np.diff(edge.astype(np.int8), axis=1)  # never on at the border
        line, begin = np.nonzero(step == 1)
        _, end = np.nonzero(step == -1)
        along = np.column_stack((begin, end)).ravel()
        other = np.repeat(line, 2)
        parts.append(np.column_stack((along, other) if across else (other, along)))
    xy = low + cell * np.concatenate(parts)
    return xy, np.arange(0, len(xy) + 1, 2, dtype=np.int64)


def _bounds(world: World) -> tuple[float, float, float, float]:
    return seen_at_first(world.shape_xy if len(world.shape_xy) else world.place_xy)


def seen_at_first(xy: np.ndarray) -> tuple[float, float, float, float]:
    """The box that holds these points (V, 2) but for strays; (0, 0, 1, 1) where none is known."""
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return 0.0, 0.0, 1.0, 1.0
    low, high = np.quantile(xy, [STRAY, 1.0 - STRAY], axis=0)
    margin = MARGIN * np.maximum(high - low, 1e-9)
    low, high = np.maximum(low - margin, xy.min(axis=0)), np.minimum(high + margin, xy.max(axis=0))
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _street_names(world: World) -> tuple[Names, ...]:
    named = street_names(world) if world.kind == "network" and len(world.shape_xy) else None
    if named is None:
        return ()
    xy, offsets, links = street_lines(world)
    some = np.flatnonzero(named[links] != "")
    if not len(some):
        return ()
    links, begin, end = links[some], offsets[some], offsets[some + 1] - 1
    chord = xy[end] - xy[begin]
    length = np.hypot(chord[:, 0], chord[:, 1])
    rank = greatness(world)[links]
    at = world.place_xy[links]
    texts = named[links]
    chosen, weight = _spread(texts, at, length, rank, max(np.ptp(_corners(bounds_of(world)), axis=0).max(), 1e-9) * APART)
    angle = np.arctan2(chord[chosen, 1], chord[chosen, 0])
    upright = (angle + np.pi / 2.0) % np.pi - np.pi / 2.0  # never upside down
    return (Names("street names", at[chosen], tuple(texts[chosen].tolist()), upright.astype(np.float32), weight),)


def _spread(texts: np.ndarray, at: np.ndarray, length: np.ndarray, rank: np.ndarray, apart: float) -> tuple[np.ndarray, np.ndarray]:
    """Which links bear the name of their street (n,), and the rank of each (n,) float32: the longest link of each street, and others of
    it that are ``apart`` from those chosen; streets by how great and how long they are."""
    streets, street = np.unique(texts.astype(str), return_inverse=True)
    total = np.bincount(street, length)
    best = np.zeros(len(streets))
    np.maximum.at(best, street, rank)
    worth = best + total / (total.max() + 1e-300) * 0.999
    order = np.lexsort((at[:, 1], at[:, 0], -length, street))  # equal lengths by where they lie, not by how links are numbered
    ends = np.searchsorted(street[order], np.arange(len(streets) + 1))
    chosen: list[int] = []
    for k in np.lexsort((streets, -worth)):
        mine: list[int] = []
        for one in order[ends[k]:ends[k + 1]]:
            if all(np.hypot(*(at[one] - at[two])) >= apart for two in mine):
                mine.append(int(one))
        chosen += mine
        if len(chosen) >= MOST_NAMES:
            break
    found = np.array(chosen[:MOST_NAMES], np.int64)
    return found, worth[street[found]].astype(np.float32)


def _corners(bounds: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(bounds).reshape(2, 2)
