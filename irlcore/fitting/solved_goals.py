"""Residuals of many trips to one goal, a piece at a time so that they fit into memory: the goal is solved once all the same.

What is solved stays with the worker that solved it, the last few goals of it; where two threads come to one goal, the second waits for the
first.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import numpy as np

from irlcore.engine import kept
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Group, Prepared, Solution

MOST = 4
"""Goals that are remembered at once: pieces of one goal come one after the other, so that one a thread would do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some trips of a group. several: whether others of the same goal come in other pieces."""

    trips: Group
    several: bool


def pieces_of(groups: list[Group], block: int) -> list[Piece]:
    """The trips of some groups, at most ``block`` at a time."""
    return [Piece(group if len(group.index) <= block else group.part(start, min(start + block, len(group.index))), len(group.index) > block)
            for group in groups for start in range(0, len(group.index), block)]


@dataclass(slots=True)
class _Solving:
    """A goal that is being solved, or is."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    solution: Solution | None = None


@kept
@dataclass(frozen=True, slots=True, weakref_slot=True)
class SolvedGoals:
    """A model with rewards, and what it found of the goals that were asked for last."""

    model: Rationality
    prepared: Prepared
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)
    _last: dict[bytes, _Solving] = field(default_factory=dict, init=False, repr=False, compare=False)

    def residuals(self, piece: Piece) -> np.ndarray:
        """(n, M) float64 of a piece's trips."""
        goal = piece.trips.goal_states
        solution = self._once(goal) if piece.several else self.model.solve(self.prepared, goal)
        return self.model.residuals(self.prepared, solution, piece.trips)

    def _once(self, goal_states: np.ndarray) -> Solution:
        key = goal_states.tobytes()
        with self._lock:
            if key not in self._last:
                while len(self._last) >= MOST:
                    del self._last[next(iter(self._last))]
                self._last[key] = _Solving()
            one = self._last[key]
        with one.lock:
            if one.solution is None:
                one.solution = self.model.solve(self.prepared, goal_states)
            return one.solution
