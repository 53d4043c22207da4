"""A grid of cells, squares or hexagons, as a world: moves to neighbours, blocked cells, and optionally a memory of the heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from irlcore.errors import WorldError
from irlcore.tracks.bounds import LEAST_CELL, MOST_SLIP
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.regroup import owners
from irlcore.worlds.aims import TO_ITS_END, aims_of
from irlcore.worlds.areas import Tally, inside, sound_area
from irlcore.worlds.cells.filling import filled, silent
from irlcore.worlds.cells.kinds import CELLS, SETTING, Cells, lattice_of
from irlcore.worlds.cells.lattice import Lattice
from irlcore.worlds.dwell import (
    departures,
    gaps_in,
    no_stays,
    points_in_cells,
    stays_in,
    unseen_in,
    visits_of,
    with_stays,
)
from irlcore.worlds.mapping import Mapped, paths_from_states
from irlcore.worlds.mdp import build_mdp
from irlcore.worlds.slip import with_slip
from irlcore.worlds.staying import stay_seconds
from irlcore.worlds.world import World

LAND = "land"
"""The setting of a grid that has the outlines of land, rings of places."""
MOST_CELLS = 250_000
LONG = 0.75  # of the tracks
FINEST = 1e-12  # of the largest coordinate: below, the middles of cells are rounded to those of others


def build_grid(x0: float, y0: float, x1: float, y1: float, cell: float, unit: str, *,
               blocked: Sequence[np.ndarray] = (), heading: bool = False, slip: float = 0.0,
               crs: str | None = None, cells: Cells = "squares", land: Sequence[np.ndarray] = (),
               passed: Tracks | None = None, most: int = MOST_CELLS) -> World:
    """Cells of the width ``cell`` over the rectangle (x0, y0) to (x1, y1), all in ``unit``.

    blocked: rings (V, 2); cells whose middle lies in one are left out. heading: a state is a cell and the last
    move (8 states a square, 6 a hexagon), so that turning can cost. slip: chance that another of the state's moves happens. cells: their
    shape. land: rings that block too, but for cells that one of the tracks ``passed`` goes through: outlines of coasts are coarse, and a
    track close to one is no fault of its own. most: cells; a script whose trips each keep to a part of the world may allow itself a
    million (some 2.5 GB in all), which pages and project files do not. Raises WorldError, and FeatureError or ``TooLarge`` of a blocked
    area.
    """
    if not (np.isfinite([x0, y0, x1, y1, cell]).all() and cell > 0.0 and x1 > x0 and y1 > y0):
        raise WorldError(f"A grid of {cell} {unit} cells from ({x0}, {y0}) to ({x1}, {y1}) is not possible.",
                         "Choose a cell size above 0 and a rectangle with some area.")
    least = max(LEAST_CELL, FINEST * float(np.abs([x0, y0, x1, y1]).max()))
    if cell < least:
        raise WorldError(f"Cells of {cell:g} {unit} cannot be told apart from ({x0:g}, {y0:g}) to ({x1:g}, {y1:g}).",
                         f"Choose cells of at least {least:.3g} {unit}, or coordinates that begin nearer to 0.")
    if not 0.0 <= slip <= MOST_SLIP:
        raise WorldError(f"{slip:g} is not a slip.", f"Choose a chance from 0 to {MOST_SLIP:g}.")
    lattice = CELLS[cells](x0, y0, cell)
    nx, ny = lattice.across(x1 - x0, y1 - y0)
    if nx * ny > most:
        raise WorldError(f"{nx} x {ny} cells are more than {most:,}.",
                         f"Choose cells of at least {coarse_enough(x1 - x0, y1 - y0, most, cells):g} {unit}.")
    column, row = np.meshgrid(np.arange(nx), np.arange(ny))
    xy = lattice.middles(column.ravel(), row.ravel())
    settings = {"x0": x0, "y0": y0, "x1": x1, "y1": y1, "cell": cell, "heading": heading, "slip": slip, "columns": nx,
                "rows": ny, "blocked": [np.asarray(ring).tolist() for ring in blocked]}
    settings |= {SETTING: cells} if cells != "squares" else {}
    settings |= {LAND: [np.asarray(ring).tolist() for ring in land]} if land else {}
    open_cell = ~points_in_any(blocked, xy)
    if land:
        open_cell &= ~points_in_any(land, xy) | (_passed(settings, passed) if passed is not None else False)
    if not open_cell.any():
        raise WorldError("Every cell is blocked.", "Make the blocked zones smaller.")
    number = np.full(nx * ny, -1)
    number[open_cell] = np.arange(open_cell.sum())
    before, after, move = _moves(lattice, number.reshape(ny, nx))
    names = np.array([f"{c},{r}" for c, r in zip(column.ravel()[open_cell], row.ravel()[open_cell], strict=True)], object)
    n, moves, xy = int(open_cell.sum()), lattice.n_moves, xy[open_cell]
    if heading:  # state = cell * moves + last move
        last = np.tile(np.arange(moves), len(before))
        state, step = np.repeat(before * moves, moves) + last, np.repeat(move, moves)
        mdp, order = build_mdp(n * moves, state, np.repeat(after, moves) * moves + step)
        turned = (step - last + moves // 2) % moves - moves // 2
        turn, step = np.deg2rad(360.0 / moves * turned)[order], step[order]
    else:
        mdp, order = build_mdp(n, before, after)
        step = move[order]
        turn = np.full(len(step), np.nan)
    outline = lattice.outline
    shape = (xy[:, None, :] + outline[None]).reshape(-1, 2)
    return World("grid", with_slip(mdp, slip), unit, np.repeat(np.arange(n), moves if heading else 1), names, xy, shape,
                 np.arange(n + 1, dtype=np.int64) * len(outline), lattice.lengths[step], turn, {"x": xy[:, 0], "y": xy[:, 1]}, {}, crs,
                 settings)


def points_in_any(blocked: Sequence[np.ndarray], xy: np.ndarray) -> np.ndarray:
    """(n,) bool: points (n, 2) that lie in one of the rings."""
    found, tally = np.zeros(len(xy), bool), Tally()
    for i, ring in enumerate(blocked, 1):
        what = f"blocked area {i}"
        found |= inside(sound_area([[np.asarray(ring, np.float64)]], what, tally), xy, what)
    return found


def _passed(settings: dict[str, Any], tracks: Tracks) -> np.ndarray:
    """(columns x rows,) bool: cells that tracks go through, those between two of their points too."""
    nx, ny, lattice = settings["columns"], settings["rows"], lattice_of(settings)
    column, row = points_in_cells(settings, tracks)
    owner = owners(tracks)
    moved = visits_of(column, row, owner)
    column, row, owner, times = column[moved], row[moved], owner[moved], tracks.t[moved]
    column, row, *_ = filled(lattice, column, row, owner, times, times, tracks.ids, [])
    found = np.zeros(nx * ny, bool)
    within = (column >= 0) & (column < nx) & (row >= 0) & (row < ny)
    found[row[within] * nx + column[within]] = True
    return found


def cells_across(width: float, height: float, cell: float, cells: Cells = "squares") -> tuple[int, int]:
    """Columns and rows of cells of the width ``cell`` over a rectangle, at least one each."""
    return CELLS[cells](0.0, 0.0, cell).across(width, height)


def coarse_enough(width: float, height: float, most: int = MOST_CELLS, cells: Cells = "squares") -> float:
    """A width of cells in three digits, nearly the least, of which no more than ``most`` cover a rectangle."""
    cell = float(np.sqrt(width * height / most))
    while True:
        unit = 10.0 ** (np.floor(np.log10(cell)) - 2.0)
        cell = float(f"{np.ceil(cell / unit - 1e-9) * unit:.3g}")
        columns, rows = cells_across(width, height, cell, cells)
        if columns * rows <= most:
            return cell
        cell *= 1.001


def _moves(lattice: Lattice, number: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cell, next cell and move (each (E,)) of every step between open cells of a (rows, columns) grid of numbers."""
    padded = np.pad(number, 1, constant_values=-1)
    row, column = np.nonzero(number >= 0)
    here, parts = number[row, column], []
    for k in range(lattice.n_moves):
        next_column, next_row = lattice.moved(column, row, k)
        there = padded[next_row + 1, next_column + 1]
        parts.append((here[there >= 0], there[there >= 0], np.full(int((there >= 0).sum()), k)))
    before, after, move = (np.concatenate(part) for part in zip(*parts, strict=True))
    return before, after, move


def grid_over(tracks: Tracks, cell: float, *, blocked: Sequence[np.ndarray] = (), heading: bool = False,
              slip: float = 0.0, cells: Cells = "squares", land: Sequence[np.ndarray] = ()) -> World:
    """A grid that covers every point of the tracks, at least one cell each way; options as in ``build_grid``."""
    x0, y0 = float(tracks.x.min()), float(tracks.y.min())
    x1, y1 = max(float(tracks.x.max()), x0 + cell), max(float(tracks.y.max()), y0 + cell)
    return build_grid(x0, y0, x1, y1, cell, tracks.unit, blocked=blocked, heading=heading, slip=slip, crs=tracks.crs, cells=cells,
                      land=land, passed=tracks)


def suggest_cell(tracks: Tracks) -> float:
    """A cell size in the tracks' unit: a round number that makes about 40 cells along a long track (three in four reach less far), or about
    one median step where that is more; larger where the whole would have too many cells. A few points far off make no coarser cells."""
    spans = [np.maximum.reduceat(v, tracks.offsets[:-1]) - np.minimum.reduceat(v, tracks.offsets[:-1]) for v in (tracks.x, tracks.y)]
    side = max(float(np.quantile(np.maximum(*spans), LONG, method="higher")), 40.0 * LEAST_CELL)
    whole = float(np.ptp(tracks.x) * np.ptp(tracks.y))
    step = np.hypot(np.diff(tracks.x), np.diff(tracks.y))
    inside = np.ones(len(step), bool)
    inside[tracks.offsets[1:-1] - 1] = False
    wanted = max(side / 40.0, float(np.median(step[inside])) if inside.any() else 0.0, float(np.sqrt(2.0 * whole / MOST_CELLS)))
    scale = 10.0 ** np.floor(np.log10(wanted))
    return float(min((m * scale for m in (1.0, 2.0, 2.5, 5.0, 10.0)), key=lambda c: abs(np.log(c / wanted))))


def map_tracks(world: World, tracks: Tracks, aims: np.ndarray | None = None) -> Mapped:
    """Points to cells: samples that stay in a cell are merged, jumps are filled along the straight line (listed as
    repaired), tracks through blocked or outside cells are listed and left out. aims: (N,) what each track is after (``worlds.aims``).
    Where staying is a choice (``worlds.staying``) and there are times, dwelling in a cell becomes stays there; a trip that has arrived
    makes none, and neither does a gap in which nobody saw it."""
    s = world.settings
    nx, ny, lattice = int(s["columns"]), int(s["rows"]), lattice_of(s)
    stay_s = stay_seconds(world) if tracks.timed else 0.0
    column, row = points_in_cells(s, tracks)
    owner = owners(tracks)
    moved = visits_of(column, row, owner)
    problems = silent(tracks, lattice, column, row)
    gaps = gaps_in(tracks, moved) if stay_s else np.empty(0, np.int64)
    problems += no_stays(tracks, gaps)
    column, row, owner, times = column[moved], row[moved], owner[moved], tracks.t[moved]
    left = departures(moved, tracks.t) if stay_s else times
    column, row, owner, times, left, seen = filled(lattice, column, row, owner, times, left, tracks.ids, problems)
    number = np.full((ny, nx), -1)
    known = np.array([name.split(",") for name in world.place_names], np.int64)
    number[known[:, 1], known[:, 0]] = np.arange(len(known))
    outside = (column < 0) | (column >= nx) | (row < 0) | (row >= ny)
    place = np.where(outside, -1, number[np.clip(row, 0, ny - 1), np.clip(column, 0, nx - 1)])
    good = np.ones(len(tracks), bool)
    for p in np.flatnonzero(place < 0):
        if good[owner[p]]:
            what = "leaves the grid" if outside[p] else "enters a blocked cell"
            problems.append(("", tracks.ids[owner[p]], f"{what} at column {column[p]}, row {row[p]}", "dropped"))
            good[owner[p]] = False
    states = np.maximum(place, 0)
    if s["heading"]:
        states = states * lattice.n_moves + _headings(lattice, column, row, owner)
    if stay_s:
        settled = np.append(owner[1:] != owner[:-1], True) & (aims_of(len(tracks), aims) == TO_ITS_END)[owner]
        spent = np.zeros(len(seen))  # what was filled in has none
        spent[seen] = unseen_in(tracks, moved, gaps)
        states, owner, times = with_stays(states, owner, times, stays_in(times, left, stay_s, settled, spent), stay_s)
    offsets = np.searchsorted(owner, np.arange(len(tracks) + 1)).astype(np.int64)
    return paths_from_states(world, tracks.ids, offsets, states, good, times if tracks.timed else None, problems, "move", aims)


def _headings(lattice: Lattice, column: np.ndarray, row: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """The last move at each sample, (P,); a track starts with the heading of its first move."""
    earlier = np.maximum(np.arange(len(owner)) - 1, 0)
    move = lattice.move_between((column[earlier], row[earlier]), (column, row))
    first = np.append(True, np.diff(owner) != 0)
    alone = np.append(first[1:], True)
    move[first & ~alone] = move[np.flatnonzero(first & ~alone) + 1]
    return np.asarray(np.where(first & alone, 0, move))
