"""Hexagonal cells with six moves, each across a side: all neighbours are equally far, and none is met at a corner.

They lie on the world's own plane, not on the globe: so they are of any width, in metres, pixels or what the data has, and no cell is a
pentagon. (The cells of h3 come in sixteen sizes of degrees; indoors and in pictures there are none.) Corners point north; odd rows are
moved half a cell east. Lines and distances go by axial coordinates q = column - (row - row mod 2) / 2, r = row, of which q, r and -q - r
sum to 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from irlcore.worlds.cells.lattice import Lattice

MOVES = np.array([[0, 1], [1, 0], [1, -1], [0, -1], [-1, 0], [-1, 1]])
"""Axial steps (q, r) of the six moves, clockwise from north: move k has the bearing 30 + 60 k degrees."""
HIGH = float(np.sqrt(0.75))  # of the width: from one row to the next
ASIDE = np.array([2e-6, 3e-6])  # of a cell: a line along a side goes through the cells of one side of it, always the same


@dataclass(frozen=True, slots=True)
class Hexagons(Lattice):
    """The middle of cell (c, r) is (x0 + (c + 1/2 of odd rows) cell, y0 + r sqrt(3)/2 cell); ``cell`` is from side to side."""

    n_moves: ClassVar[int] = 6
    first_bearing: ClassVar[float] = 30.0

    @property
    def area(self) -> float:
        """See ``Lattice``."""
        return HIGH * self.cell**2

    @property
    def radius(self) -> float:
        """See ``Lattice``."""
        return self.cell / float(np.sqrt(3.0))

    @property
    def outline(self) -> np.ndarray:
        """See ``Lattice``."""
        angle = np.deg2rad(90.0 + 60.0 * np.arange(7))
        corners = self.radius * np.column_stack((np.cos(angle), np.sin(angle)))
        corners[-1] = corners[0]
        return corners

    @property
    def lengths(self) -> np.ndarray:
        """See ``Lattice``."""
        return np.full(6, self.cell)

    def across(self, width: float, height: float) -> tuple[int, int]:
        """See ``Lattice``. The middles of the first row and column lie on the rectangle's rim, those of the last on or beyond it."""
        columns, rows = (int(np.ceil(side / step - 1e-9)) + 1 for side, step in ((width, self.cell), (height, HIGH * self.cell)))
        return columns, rows

    def middles(self, column: np.ndarray, row: np.ndarray) -> np.ndarray:
        """See ``Lattice``."""
        return np.column_stack((self.x0 + (column + 0.5 * (row % 2)) * self.cell, self.y0 + row * (HIGH * self.cell)))

    def cells_at(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See ``Lattice``: the nearest middle, which is in the row below a point or in the one above it."""
        east, north = (x - self.x0) / self.cell, (y - self.y0) / (HIGH * self.cell)
        below = np.floor(north).astype(np.int64)
        best, column, row = np.full(len(below), np.inf), np.zeros(len(below), np.int64), below
        for one in (below, below + 1):
            c = np.rint(east - 0.5 * (one % 2)).astype(np.int64)
            far = (east - c - 0.5 * (one % 2))**2 + (HIGH * (north - one))**2
            nearer = far < best
            best, column, row = np.where(nearer, far, best), np.where(nearer, c, column), np.where(nearer, one, row)
        return column, row

    def moved(self, column: np.ndarray, row: np.ndarray, move: int) -> tuple[np.ndarray, np.ndarray]:
        """See ``Lattice``."""
        q, r = MOVES[move]
        return _columns(_axial(column, row) + q, row + r), row + r

    def moves_over(self, step: np.ndarray) -> np.ndarray:
        """See ``Lattice``."""
        east, north = np.abs(step[..., 0]) / self.cell, np.abs(step[..., 1]) / (HIGH * self.cell)
        return np.asarray(np.maximum(north, east + 0.5 * north))

    def between(self, start: tuple[np.ndarray, np.ndarray], end: tuple[np.ndarray, np.ndarray],
                share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See ``Lattice``."""
        there = 1.0 * ((start[0] != end[0]) | (start[1] != end[1]))
        q, r = _axial(*start) + ASIDE[0] * there, start[1] + ASIDE[1] * there
        q, r = q + share * (_axial(*end) - _axial(*start)), r + share * (end[1] - start[1])
        row, column = _rounded(q, r)
        return _columns(column, row), row


def _axial(column: np.ndarray, row: np.ndarray) -> np.ndarray:
    """q of cells (n,)."""
    return np.asarray(column - (row - row % 2) // 2)


def _columns(q: np.ndarray, row: np.ndarray) -> np.ndarray:
    """The columns of cells by their q (n,)."""
    return np.asarray(q + (row - row % 2) // 2)


def _rounded(q: np.ndarray, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """r and q (n,) int64 of the cell round a point in axial coordinates: what rounding moved farthest follows from the two others."""
    s = -q - r
    whole = np.rint(np.stack((q, r, s)))
    off = np.abs(whole - np.stack((q, r, s)))
    first, second = (off[0] > off[1]) & (off[0] > off[2]), off[1] > off[2]
    fixed_q = np.where(first, -whole[1] - whole[2], whole[0])
    fixed_r = np.where(~first & second, -whole[0] - whole[2], whole[1])
    return fixed_r.astype(np.int64), fixed_q.astype(np.int64)
