"""What paths chose among: the states that they made choices in, goal by goal, with all choices there, whatever the plan.

Each state counts for each goal (and for each batch of paths with features of their own) by itself, since what lies ahead differs. All of it
hangs on data and world alone, so it is made once for all plans.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from irlcore.engine import kept
from irlcore.fitting.problem import Problem
from irlcore.rationality.ahead import rows_of_all
from irlcore.rationality.seen import confusion, told_apart
from irlcore.rationality.solution import Group, Rows
from irlcore.worlds.limits import check_aim

END, UNKNOWN = -1, -2
"""In ``Decisions.after``: the path has arrived, where V = 0; where it went no path made a choice, so V is not among the rows."""


@kept
@dataclass(frozen=True, slots=True, weakref_slot=True)
class Part:
    """The rows of one goal, ``rows`` of ``phi`` (M, K), from row ``first`` of all on."""

    phi: np.ndarray
    group: Group
    rows: Rows
    goal_states: np.ndarray
    first: int


@dataclass(frozen=True, slots=True)
class Decisions:
    """U states, each for one goal, R choices there, C recorded steps of N paths.

    offsets: (U + 1,) int64, the rows of each state. steps: (C,) int64, the row of each step. block, after: (C,) int64, the state it was
    made in and the one it led to (``END``, ``UNKNOWN``). owner: (C,) int64, the path of each step. seen: (R, R), the chance that a
    choice (column) is recorded as the row; None where it is known what was chosen.
    """

    parts: list[Part]
    offsets: np.ndarray
    steps: np.ndarray
    block: np.ndarray
    after: np.ndarray
    owner: np.ndarray
    n_paths: int
    seen: sp.csr_array | None


def decisions_of(problem: Problem) -> Decisions:
    """Those of a problem's paths, each of whose goals is known."""
    mdp, parts = problem.mdp, list[Part]()
    row, state = 0, 0
    offsets, steps, blocks, after, owner = (list[np.ndarray]() for _ in range(5))
    seen: list[sp.csr_array] = []
    apart = told_apart(mdp)
    for batch in problem.groups():
        phi = np.ascontiguousarray(batch.features.phi, np.float64)
        for group, rows in zip(batch.groups, rows_of_all(mdp, batch.groups), strict=True):
            block = np.searchsorted(rows.offsets, rows.steps, side="right") - 1
            led = _after(problem, group, rows, block)
            offsets.append(rows.offsets[:-1].astype(np.int64) + row)
            steps.append(rows.steps + row)
            blocks.append(block + state)
            after.append(np.where(led >= 0, led + state, led))
            owner.append(np.repeat(group.index, np.diff(group.offsets)))
            if not apart:
                seen.append(sp.csr_array(confusion(mdp)[rows.choices][:, rows.choices]))
            parts.append(Part(phi, group, rows, check_aim(group.goal_states, mdp.n_states, problem.gamma), row))
            row, state = row + len(rows.choices), state + len(rows.states)
    recorded = None if apart else sp.csr_array(sp.block_diag(seen, format="csr"))
    return Decisions(parts, np.concatenate((*offsets, [row])), np.concatenate(steps), np.concatenate(blocks), np.concatenate(after),
                     np.concatenate(owner), len(problem.paths), recorded)


def _after(problem: Problem, group: Group, rows: Rows, block: np.ndarray) -> np.ndarray:
    """(C,) int64: the state of the group's rows that each step led to; after the last step the goal, or where the path was last seen."""
    out = np.append(block[1:], UNKNOWN).astype(np.int64)
    last, ends = group.offsets[1:] - 1, problem.paths.last_state[group.index]
    at = np.minimum(np.searchsorted(rows.states, ends), len(rows.states) - 1)
    out[last] = np.where(np.isin(ends, group.goal_states), END, np.where(rows.states[at] == ends, at, UNKNOWN))
    return out
