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
PROBE = 4
REDUCE = 0.03
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
        self._spare = np.empty(outline.n_states)
        self._arrays: tuple[np.ndarray, ...] | None = None

    def improve_on(self, plan: np.ndarray, value: np.ndarray, enough: float) -> None:
        """Bring ``value`` (S,) closer to the plan's value, in place; a span of change of ``enough`` is close."""
        if self.method is Method.TREE:
            kernels.evaluate_tree(plan, self.outline.successors, self.reward, self.gamma, value)
            self.done += 1
        elif self.method is Method.KRYLOV:
            self._krylov(plan, value)
        else:
            self._sweeps(plan, value, enough)

    def sweep(self, plan: np.ndarray, value: np.ndarray, most: int, enough: float = 0.0, reduce: float = 0.0) -> float:
        """At most ``most`` sweeps; returns the factor of the span a sweep (0 where one was enough)."""
        o = self.outline
        done, first, span, middle = kernels.policy_sweeps(
            o.successor_offsets, o.successors, o.probabilities, self.reward, self.gamma, plan, most, reduce, enough,
            value, self._spare)
        self.done += done
        if self.gamma < 1.0 and not (plan == kernels.NO_CHOICE).any():
            value += self.gamma / (1.0 - self.gamma) * middle
        return float((span / first) ** (1.0 / (done - 1))) if done > 1 and first > 0.0 else 0.0

    def _sweeps(self, plan: np.ndarray, value: np.ndarray, enough: float) -> None:
        if self.may_change and self.sweep(plan, value, PROBE, enough) > SLOW:
            self.method = Method.KRYLOV
            self._krylov(plan, value)
            return
        a_state = self.outline.n_choices // max(1, self.outline.n_states)
        self.sweep(plan, value, min(MOST_SWEEPS, max(PROBE, a_state)), enough, 1e-4)

    def _krylov(self, plan: np.ndarray, value: np.ndarray) -> None:
        o = self.outline
        rank, order, lower, upper, columns, data, right, x, work = self._workspace()
        krylov.policy_order(plan, o.likeliest, rank, order)
        krylov.policy_system(order, rank, plan, o.successor_offsets, o.successors, o.probabilities, self.reward,
                             self.gamma, value, lower, upper, columns, data, right)
        done, left = krylov.bicgstab(lower, upper, columns, data, right, REDUCE, MOST_KRYLOV, x, work)
        self.done += 2 * done
        if left < 1.0 and np.isfinite(x).all():
            value[order] += x
        else:  # a breakdown: sweeps always help
            self.sweep(plan, value, MOST_SWEEPS)

    def _workspace(self) -> tuple[np.ndarray, ...]:
        if self._arrays is None:
            o = self.outline
            n, entries = o.n_states, _plan_size(o)
            self._arrays = (np.empty(n, np.uint32), np.empty(n, np.uint32), np.empty(n + 1, np.uint32),
                            np.empty(n, np.uint32), np.empty(entries, np.uint32), np.empty(entries), np.empty(n),
                            np.empty(n), np.empty((6, n)))
        return self._arrays


def _plan_size(o: Outline) -> int:
    """The most successors that one plan can have, all states together; one entry to spare."""
    width = np.diff(o.successor_offsets.astype(np.int64))
    starts = o.choice_offsets[:-1][np.diff(o.choice_offsets.astype(np.int64)) > 0].astype(np.int64)
    return int(np.maximum.reduceat(width, starts).sum()) + 1 if len(starts) else 1
