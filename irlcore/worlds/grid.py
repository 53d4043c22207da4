"""A grid of square cells as a world: eight moves, blocked cells, and optionally a memory of the heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from irlcore.errors import WorldError
from irlcore.tracks.bounds import LEAST_CELL, MOST_SLIP
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.dark_gaps import dark
from irlcore.tracks.trips.splitting import told
from irlcore.worlds.areas import Tally, inside, sound_area
from irlcore.worlds.mapping import Mapped, paths_from_states
from irlcore.worlds.mdp import build_mdp
from irlcore.worlds.slip import with_slip
from irlcore.worlds.world import World

MOVES = np.array([[0, 1], [1, 1], [1, 0], [1, -1], [0, -1], [-1, -1], [-1, 0], [-1, 1]])
"""East and north steps of the eight moves, clockwise from north: move k has the bearing 45 k degrees."""
MOST_CELLS = 250_000
LONG = 0.75  # of the tracks
FINEST = 1e-12  # of the largest coordinate: below, the middles of cells are rounded to those of others


def build_grid(x0: float, y0: float, x1: float, y1: float, cell: float, unit: str, *,
               blocked: Sequence[np.ndarray] = (), heading: bool = False, slip: float = 0.0,
               crs: str | None = None) -> World:
    """Cells of side ``cell`` over the rectangle (x0, y0) to (x1, y1), all in ``unit``.

    blocked: rings (V, 2); cells whose middle lies in one are left out. heading: a state is a cell and the last
    move (8 states a cell), so that turning can cost. slip: chance that another of the state's moves happens. Raises WorldError, and
    FeatureError or ``TooLarge`` of a blocked area.
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
    nx, ny = cells_across(x1 - x0, y1 - y0, cell)
    if nx * ny > MOST_CELLS:
        raise WorldError(f"{nx} x {ny} cells are more than {MOST_CELLS:,}.",
                         f"Choose cells of at least {np.sqrt((x1 - x0) * (y1 - y0) / MOST_CELLS):.3g} {unit}.")
    column, row = np.meshgrid(np.arange(nx), np.arange(ny))
    xy = np.column_stack((x0 + (column.ravel() + 0.5) * cell, y0 + (row.ravel() + 0.5) * cell))
    open_cell = ~_in_any(blocked, xy)
    if not open_cell.any():
        raise WorldError("Every cell is blocked.", "Make the blocked zones smaller.")
    number = np.full(nx * ny, -1)
    number[open_cell] = np.arange(open_cell.sum())
    before, after, move = _moves(number.reshape(ny, nx))
    names = np.array([f"{c},{r}" for c, r in zip(column.ravel()[open_cell], row.ravel()[open_cell], strict=True)], object)
    settings = {"x0": x0, "y0": y0, "x1": x1, "y1": y1, "cell": cell, "heading": heading, "slip": slip, "columns": nx,
                "rows": ny, "blocked": [np.asarray(ring).tolist() for ring in blocked]}
    return _world(xy[open_cell], names, before, after, move, cell, unit, heading, slip, crs, settings)


def _in_any(blocked: Sequence[np.ndarray], xy: np.ndarray) -> np.ndarray:
    """(n,) bool: points (n, 2) that lie in one of the rings."""
    found, tally = np.zeros(len(xy), bool), Tally()
    for i, ring in enumerate(blocked, 1):
        what = f"blocked area {i}"
        found |= inside(sound_area([[np.asarray(ring, np.float64)]], what, tally), xy, what)
    return found


def cells_across(width: float, height: float, cell: float) -> tuple[int, int]:
    """Columns and rows of cells of side ``cell`` over a rectangle, at least one each."""
    columns, rows = (max(1, int(np.ceil(side / cell - 1e-9))) for side in (width, height))
    return columns, rows


def _moves(number: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cell, next cell and move (each (E,)) of every step between open cells of a (rows, columns) grid of numbers."""
    padded = np.pad(number, 1, constant_values=-1)
    ny, nx = number.shape
    parts = []
    for k, (dx, dy) in enumerate(MOVES):
        there = padded[1 + dy:1 + dy + ny, 1 + dx:1 + dx + nx]
        both = (number >= 0) & (there >= 0)
        parts.append((number[both], there[both], np.full(int(both.sum()), k)))
    before, after, move = (np.concatenate(column) for column in zip(*parts, strict=True))
    return before, after, move


def _world(xy: np.ndarray, names: np.ndarray, before: np.ndarray, after: np.ndarray, move: np.ndarray, cell: float,
           unit: str, heading: bool, slip: float, crs: str | None, settings: dict[str, Any]) -> World:
    n = len(xy)
    if heading:  # state = cell * 8 + last move
        last = np.tile(np.arange(8), len(before))
        state, step = np.repeat(before * 8, 8) + last, np.repeat(move, 8)
        mdp, order = build_mdp(n * 8, state, np.repeat(after, 8) * 8 + step)
        turned = (step - last + 4) % 8 - 4
        turn, step = np.deg2rad(45.0 * turned)[order], step[order]
    else:
        mdp, order = build_mdp(n, before, after)
        step = move[order]
        turn = np.full(len(step), np.nan)
    length = cell * np.hypot(*MOVES[step].T)
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5], [-0.5, -0.5]]) * cell
    shape = (xy[:, None, :] + corners[None]).reshape(-1, 2)
    return World("grid", with_slip(mdp, slip), unit, np.repeat(np.arange(n), 8 if heading else 1), names, xy, shape,
                 np.arange(n + 1, dtype=np.int64) * 5, length, turn, {"x": xy[:, 0], "y": xy[:, 1]}, {}, crs, settings)


def grid_over(tracks: Tracks, cell: float, *, blocked: Sequence[np.ndarray] = (), heading: bool = False,
              slip: float = 0.0) -> World:
    """A grid that covers every point of the tracks, at least one cell each way; options as in ``build_grid``."""
    x0, y0 = float(tracks.x.min()), float(tracks.y.min())
    x1, y1 = max(float(tracks.x.max()), x0 + cell), max(float(tracks.y.max()), y0 + cell)
    return build_grid(x0, y0, x1, y1, cell, tracks.unit, blocked=blocked, heading=heading, slip=slip, crs=tracks.crs)


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
    repaired), tracks through blocked or outside cells are listed and left out. aims: (N,) what each track is after (``worlds.aims``)."""
    s = world.settings
    nx, ny, cell = int(s["columns"]), int(s["rows"]), float(s["cell"])
    x = np.clip(tracks.x, s["x0"] - cell, s["x1"] + cell)  # a jump far outside is not worth filling
    y = np.clip(tracks.y, s["y0"] - cell, s["y1"] + cell)
    column = np.floor((x - s["x0"]) / cell).astype(np.int64)
    row = np.floor((y - s["y0"]) / cell).astype(np.int64)
    column[(column == nx) & (tracks.x <= s["x1"])] = nx - 1  # the far border belongs to the last cell
    row[(row == ny) & (tracks.y <= s["y1"])] = ny - 1
    owner = np.repeat(np.arange(len(tracks)), np.diff(tracks.offsets))
    all_columns, all_rows = column, row
    moved = np.ones(len(owner), bool)
    moved[1:] = (np.diff(column) != 0) | (np.diff(row) != 0) | (np.diff(owner) != 0)
    column, row, owner, times = column[moved], row[moved], owner[moved], tracks.t[moved]
    problems = _silent(tracks, all_columns, all_rows)
    column, row, owner, times = _fill(column, row, owner, times, tracks.ids, problems)
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
    offsets = np.searchsorted(owner, np.arange(len(tracks) + 1)).astype(np.int64)
    states = np.maximum(place, 0)
    if s["heading"]:
        states = states * 8 + _headings(column, row, owner)
    return paths_from_states(world, tracks.ids, offsets, states, good, times if tracks.timed else None, problems, "move", aims)


def _silent(tracks: Tracks, column: np.ndarray, row: np.ndarray) -> list[tuple[object, object, str, str]]:
    """Long silences over which cells are filled although nobody saw the agent there; each track's longest way is told."""
    at = dark(tracks)
    cells = np.maximum(np.abs(column[at + 1] - column[at]), np.abs(row[at + 1] - row[at])) - 1
    at, cells = at[cells > 0], cells[cells > 0]
    track = np.searchsorted(tracks.offsets, at, side="right") - 1
    worst = np.lexsort((-cells, track))
    worst = worst[np.unique(track[worst], return_index=True)[1]]
    return [("", tracks.ids[track[k]], f"a gap of {told(float(tracks.t[at[k] + 1] - tracks.t[at[k]]))} over {cells[k]:,} "
             f"{'cell' if cells[k] == 1 else 'cells'} that nobody saw it cross", "kept: split at gaps when you import to leave it open")
            for k in worst]


def _fill(column: np.ndarray, row: np.ndarray, owner: np.ndarray, times: np.ndarray, ids: np.ndarray,
          problems: list[tuple[object, object, str, str]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Insert the cells of the straight line where a sample jumps over cells."""
    same = np.append(np.diff(owner) == 0, False)
    dx, dy = np.append(np.diff(column), 0), np.append(np.diff(row), 0)
    steps = np.where(same, np.maximum(np.abs(dx), np.abs(dy)), 1)
    for i in np.unique(owner[steps > 1])[:2000]:
        cells = int((steps[owner == i] - 1).sum()) if len(owner) < 100_000 else 0
        note = f"jumps over {cells} {'cell' if cells == 1 else 'cells'}" if cells else "jumps over cells"
        problems.append(("", ids[i], note, "repaired: filled along the straight line"))
    source = np.repeat(np.arange(len(owner)), steps)
    part = np.arange(len(source)) - np.repeat(np.cumsum(steps) - steps, steps)
    share = part / steps[source]
    after = np.minimum(source + 1, len(owner) - 1)
    gap = np.where(same[source], times[after] - times[source], 0.0)
    return (column[source] + np.rint(share * dx[source] * same[source]).astype(np.int64),
            row[source] + np.rint(share * dy[source] * same[source]).astype(np.int64),
            owner[source], times[source] + share * gap)


def _headings(column: np.ndarray, row: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """The last move at each sample, (P,); a track starts with the heading of its first move."""
    table = np.zeros((3, 3), np.int64)
    table[MOVES[:, 1] + 1, MOVES[:, 0] + 1] = np.arange(8)
    dx, dy = np.append(0, np.diff(column)), np.append(0, np.diff(row))
    move = table[np.clip(dy, -1, 1) + 1, np.clip(dx, -1, 1) + 1]
    first = np.append(True, np.diff(owner) != 0)
    alone = np.append(first[1:], True)
    move[first & ~alone] = move[np.flatnonzero(first & ~alone) + 1]
    return np.asarray(np.where(first & alone, 0, move))
