"""Square cells with eight moves, to the four that share a side and the four that share a corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from irlcore.worlds.cells.lattice import Lattice

MOVES = np.array([[0, 1], [1, 1], [1, 0], [1, -1], [0, -1], [-1, -1], [-1, 0], [-1, 1]])
"""East and north steps of the eight moves, clockwise from north: move k has the bearing 45 k degrees."""


@dataclass(frozen=True, slots=True)
class Squares(Lattice):
    """Cell (c, r) reaches from (x0 + c cell, y0 + r cell) as far as ``cell`` east and north."""

    n_moves: ClassVar[int] = 8
    first_bearing: ClassVar[float] = 0.0

    @property
    def area(self) -> float:
        """See ``Lattice``."""
        return self.cell**2

    @property
    def radius(self) -> float:
        """See ``Lattice``."""
        return self.cell / float(np.sqrt(2.0))

    @property
    def outline(self) -> np.ndarray:
        """See ``Lattice``."""
        return np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5], [-0.5, -0.5]]) * self.cell

    @property
    def lengths(self) -> np.ndarray:
        """See ``Lattice``."""
        return self.cell * np.hypot(*MOVES.T)

    def across(self, width: float, height: float) -> tuple[int, int]:
        """See ``Lattice``."""
        columns, rows = (max(1, int(np.ceil(side / self.cell - 1e-9))) for side in (width, height))
        return columns, rows

    def middles(self, column: np.ndarray, row: np.ndarray) -> np.ndarray:
        """See ``Lattice``."""
        return np.column_stack((self.x0 + (column + 0.5) * self.cell, self.y0 + (row + 0.5) * self.cell))

    def cells_at(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See ``Lattice``."""
        return np.floor((x - self.x0) / self.cell).astype(np.int64), np.floor((y - self.y0) / self.cell).astype(np.int64)

    def moved(self, column: np.ndarray, row: np.ndarray, move: int) -> tuple[np.ndarray, np.ndarray]:
        """See ``Lattice``."""
        return column + MOVES[move, 0], row + MOVES[move, 1]

    def moves_over(self, step: np.ndarray) -> np.ndarray:
        """See ``Lattice``."""
        return np.asarray(np.abs(step).max(axis=-1) / self.cell)

    def between(self, start: tuple[np.ndarray, np.ndarray], end: tuple[np.ndarray, np.ndarray],
                share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See ``Lattice``."""
        column, row = (a + np.rint(share * (b - a)).astype(np.int64) for a, b in zip(start, end, strict=True))
        return column, row
