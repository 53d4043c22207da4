"""What a grid asks of its cells, whatever their shape. Cells are numbered by column and row from the lower left; "cell" is their width."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np


@dataclass(frozen=True, slots=True)
class Lattice(ABC):
    """Cells of the width ``cell`` over a plane; x0, y0: the lowest corner of what they cover.

    n_moves: moves of a cell, clockwise from north; move k has the bearing ``first_bearing + k * 360 / n_moves`` degrees.
    """

    x0: float
    y0: float
    cell: float
    n_moves: ClassVar[int]
    first_bearing: ClassVar[float]

    @property
    def turn(self) -> float:
        """Radians from one move to the next."""
        return 2.0 * np.pi / self.n_moves

    @property
    @abstractmethod
    def area(self) -> float:
        """Of a cell, in the square of the unit."""

    @property
    @abstractmethod
    def radius(self) -> float:
        """From the middle of a cell to its corners."""

    @property
    @abstractmethod
    def outline(self) -> np.ndarray:
        """(V, 2) corners round the middle, the first once more as the last."""

    @property
    @abstractmethod
    def lengths(self) -> np.ndarray:
        """(n_moves,) float64, how far each move leads."""

    @abstractmethod
    def across(self, width: float, height: float) -> tuple[int, int]:
        """Columns and rows that cover a rectangle, at least one each."""

    @abstractmethod
    def middles(self, column: np.ndarray, row: np.ndarray) -> np.ndarray:
        """(n, 2) middles of cells (n,)."""

    @abstractmethod
    def cells_at(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Column and row (n,) int64 of the cells in which points (n,) lie, of any number of cells."""

    @abstractmethod
    def moved(self, column: np.ndarray, row: np.ndarray, move: int) -> tuple[np.ndarray, np.ndarray]:
        """Column and row of the cell next to each (n,)."""

    @abstractmethod
    def moves_over(self, step: np.ndarray) -> np.ndarray:
        """(n,) float64: how many moves it takes from one middle to another that lies ``step`` (n, 2) farther."""

    @abstractmethod
    def between(self, start: tuple[np.ndarray, np.ndarray], end: tuple[np.ndarray, np.ndarray],
                share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Column and row of the cell that lies at a share (n,) of the straight line between two cells; as many evenly spaced shares as
        there are moves give a chain of neighbours."""

    def moves_between(self, start: tuple[np.ndarray, np.ndarray], end: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """(n,) int64: how many moves it takes from one cell to the other."""
        return np.rint(self.moves_over(self.middles(*end) - self.middles(*start))).astype(np.int64)

    def move_between(self, start: tuple[np.ndarray, np.ndarray], end: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """(n,) int64: the move that leads from a cell to its neighbour; 0 for a cell and itself, or for cells far apart."""
        found = np.zeros(len(start[0]), np.int64)
        for move in range(self.n_moves):
            column, row = self.moved(*start, move)
            found[(column == end[0]) & (row == end[1])] = move
        return found
