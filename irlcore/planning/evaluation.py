"""Evaluation of one plan, by the method that the world's shape asks for.

* **tree**: where every choice has one successor a plan's value is exact after one walk along it.
* **sweeps**: V <- r + gamma P V, judged by the span of the change, in which a constant error does not count (modified
  policy iteration: Puterman and Shin 1978). In a world that mixes well the span falls fast whatever gamma.
* **krylov**: BiCGSTAB on (I - gamma P) x = T V - V, preconditioned by a Gauss-Seidel sweep in an order in which likely
  successors come first. Where places are far apart sweeps cannot carry news across in time; this can.

Nothing is taken on trust: a plan's value is only a start for the next Bellman backup, which measures it.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from irlcore.planning.iteration import kernels
from irlcore.planning.krylov import kernels as krylov
from irlcore.planning.outline import Outline

SLOW = 0.7
"""Factor of the span a sweep from which Krylov steps are cheaper than sweeps, their set-up counted."""
PROBE = 8
REDUCE = 0.01
"""Share of the residual that an evaluation leaves: about what the next improvement brings in anew."""
MOST_LEFT = 0.05
"""The same of sweeps, which leave less where few states changed their choice: little new will come in."""
REORDER = 0.03
"""Share of states that choose differently from when they were ordered, from which they are ordered again."""
FORGOTTEN = np.uint32(0xFFFFFFFE)
"""No choice, and not ``NO_CHOICE`` either: the row is not written."""
MOST_KRYLOV = 30
MOST_SWEEPS = 60


class Method(StrEnum):
    """How plans are evaluated."""

    TREE = "tree"
    SWEEPS = "sweeps"
    KRYLOV = "krylov"


class PlanEvaluation:
    """Evaluates plans of one world, one after another; keeps the method that has shown itself, and its arrays.

    ``done`` counts sweeps and Krylov products together, each worth one pass over the plan's successors.
    """

    def __init__(self, outline: Outline, reward: np.ndarray, gamma: float, method: Method | None) -> None:
        self.outline, self.reward, self.gamma = outline, reward, gamma
        self.method = method or (Method.TREE if outline.deterministic else Method.SWEEPS)
        self.may_change = method is None
        self.done = 0
        self._moved = 0
        self._work = _Work(outline)

    def improve_on(self, plan: np.ndarray, value: np.ndarray, backup: np.ndarray, changed: int, enough: float) -> np.ndarray:
        """A value closer to the plan's than ``backup`` = r + gamma P_plan ``value`` is; all (S,), both may be overwritten.

        changed: how many states choose differently since the last call. enough: a span of change that is close.
        """
        if self.method is Method.TREE:
            kernels.evaluate_tree(plan, self.outline.successors, self.reward, self.gamma, backup)
            self.done += 1
            return backup
        if self.method is Method.KRYLOV:
            return self._krylov(plan, value, backup, changed)
        # what the next improvement will find anyway need not be worked out
        reduce = min(MOST_LEFT, max(1e-6, changed / self.outline.n_states))
        self._write_rows(plan, backup)
        factor = self._sweep_rows(plan, backup, PROBE if self.may_change else MOST_SWEEPS, enough, reduce)
        if self.may_change and factor > SLOW:
            self.method = Method.KRYLOV
            return self._krylov(plan, backup, self._one_sweep(backup), changed)
        return backup

    def first(self, plan: np.ndarray, value: np.ndarray) -> np.ndarray:
        """A value closer to that of the plan from which everything starts; ``value`` (S,) may be overwritten."""
        self._write_rows(plan, value)
        return self.improve_on(plan, value, self._one_sweep(value), self.outline.n_states, 0.0)

    def sweep(self, plan: np.ndarray, value: np.ndarray, most: int, enough: float = 0.0, reduce: float = 0.0) -> None:
        """At most ``most`` sweeps of the plan, fewer once the span of a change is ``enough`` or ``reduce`` of the first."""
        self._write_rows(plan, value)
        self._sweep_rows(plan, value, most, enough, reduce)

    def _write_rows(self, plan: np.ndarray, value: np.ndarray) -> None:
        o, w = self.outline, self._work
        kernels.plan_rows(plan, o.successor_offsets, o.successors, o.probabilities, self.reward, self.gamma, value,
                          w.offsets, w.columns, w.data, w.right)

    def _one_sweep(self, value: np.ndarray) -> np.ndarray:
        """One sweep over the rows as written, from ``value`` (S,), which is kept."""
        w, backup = self._work, value.copy()
        kernels.policy_sweeps(w.offsets, w.columns, w.data, w.right, 1, 0.0, 0.0, backup, w.x)
        self.done += 1
        return backup

    def _sweep_rows(self, plan: np.ndarray, value: np.ndarray, most: int, enough: float, reduce: float) -> float:
        """Sweeps over the rows as written; returns the factor of the span a sweep (0 where one was enough)."""
        w = self._work
        done, first, span, middle = kernels.policy_sweeps(w.offsets, w.columns, w.data, w.right, most, reduce, enough, value, w.x)
        self.done += done
        if self.gamma < 1.0 and not np.isfinite(value[plan == kernels.NO_CHOICE]).any():  # no value is given
            value += self.gamma / (1.0 - self.gamma) * middle
        return float((span / first) ** (1.0 / (done - 1))) if done > 1 and first > 0.0 else 0.0

    def _krylov(self, plan: np.ndarray, value: np.ndarray, backup: np.ndarray, changed: int) -> np.ndarray:
        o, w = self.outline, self._work
        self._moved += changed
        if w.prepare_krylov() or self._moved > REORDER * o.n_states:
            self._moved = 0
            krylov.policy_order(plan, o.likeliest, w.rank, w.order)
            krylov.place_rows(w.order, o.room, w.offsets)
            w.written[:] = FORGOTTEN
        krylov.write_rows(w.order, w.rank, plan, w.written, o.successor_offsets, o.successors, o.probabilities, self.gamma,
                          w.offsets, w.upper, w.last, w.columns, w.data, w.scale)
        krylov.right_side(w.order, plan, w.scale, value, backup, w.right)
        done, left = krylov.bicgstab(w.offsets, w.upper, w.last, w.columns, w.data, w.right, REDUCE, MOST_KRYLOV, w.x, w.vectors)
        self.done += 2 * done
        if left < 1.0 and np.isfinite(w.x).all():
            krylov.add_correction(w.rank, w.x, value)
            return value
        w.written[:] = FORGOTTEN  # a breakdown: sweeps always help, and need the rows' place
        self.sweep(plan, backup, MOST_SWEEPS)
        self._moved = o.n_states
        return backup


class _Work:
    """The arrays that evaluations of one world share: room for one plan's rows, and vectors (S,)."""

    def __init__(self, outline: Outline) -> None:
        n = outline.n_states
        entries = int(outline.room.sum(dtype=np.int64)) + 1
        self.offsets, self.columns, self.data = np.empty(n + 1, np.uint32), np.empty(entries, np.uint32), np.empty(entries)
        self.right, self.x = np.empty(n), np.empty(n)
        self.rank = self.order = self.upper = self.last = self.written = np.empty(0, np.uint32)
        self.scale, self.vectors = np.empty(0), np.empty((0, n))

    def prepare_krylov(self) -> bool:
        """Make what Krylov steps need besides; whether it was missing."""
        if len(self.vectors):
            return False
        n = len(self.x)
        self.rank, self.order, self.upper, self.last, self.written = (np.empty(n, np.uint32) for _ in range(5))
        self.scale, self.vectors = np.empty(n), np.empty((6, n))
        return True
