"""The decisions of all paths as the rows of a conditional logit, under a plan that is made once.

Q_w(s, a | g) = c + w' psi(s, a, g), psi = features of the choice and of what lies ahead of it under the plan of weights w0, c what the
model's values hold beside features: nothing where the plan is the best way (``Boltzmann``) or there is none (``ConditionalLogit``), the
entropy to go where it is soft (``MaxEnt``). That is the model's Q with its derivative at w0, Q_w = Q_0 + (w - w0)' dQ/dw. The likelihood of
softmax Q_w is concave in w, and at w = w0 has the slope of the model's own; found, planned by and found again, its fixed point is the
model's maximum of likelihood (Aguirregabiria and Mira, *Swapping the nested fixed point algorithm*, Econometrica 70, 2002).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import scipy.sparse as sp

from irlcore.engine import Control, run_all
from irlcore.fitting.problem import Problem
from irlcore.fitting.value_basis.bounded_search import BoundedSearch, costs_everywhere
from irlcore.fitting.value_basis.decisions import Decisions, Part
from irlcore.planning.graph import graph_of, reach
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.derivatives import push_q
from irlcore.rationality.maxent import MaxEnt


@dataclass(frozen=True, slots=True)
class Design:
    """The rows of ``decisions`` under one plan.

    psi: (R, K) float64 and offset: (R,) float64, Q_w = offset + psi w; -inf where a choice does not lead to the goal. steps, block,
    after, owner: (C,) as of ``Decisions``, of all paths or of some.
    """

    psi: np.ndarray
    offset: np.ndarray
    decisions: Decisions
    steps: np.ndarray
    block: np.ndarray
    after: np.ndarray
    owner: np.ndarray

    @property
    def offsets(self) -> np.ndarray:
        """(U + 1,) int64, the rows of each state."""
        return self.decisions.offsets

    @property
    def seen(self) -> sp.csr_array | None:
        """The chance that a choice is recorded as another."""
        return self.decisions.seen

    @property
    def visits(self) -> np.ndarray:
        """(U,) float64: how many steps were made in each state."""
        return np.bincount(self.block, minlength=len(self.offsets) - 1).astype(np.float64)

    def only(self, paths: np.ndarray) -> Design:
        """The steps of ``paths`` (N,) bool alone, among the same rows."""
        kept = paths[self.owner]
        return replace(self, steps=self.steps[kept], block=self.block[kept], after=self.after[kept], owner=self.owner[kept])


def design_of(problem: Problem, decisions: Decisions, weights: np.ndarray, control: Control | None = None, message: str = "") -> Design:
    """The rows under the plan of ``weights`` (K,). Raises ``Infeasible`` where these have no plan."""
    rows = int(decisions.offsets[-1])
    psi, offset = np.zeros((rows, len(problem.names))), np.full(rows, -np.inf)
    for _, parts in groupby(decisions.parts, key=lambda part: id(part.phi)):
        _fill(problem, list(parts), weights, psi, offset, control, message)
    return Design(psi, offset, decisions, decisions.steps, decisions.block, decisions.after, decisions.owner)


def _fill(problem: Problem, parts: list[Part], weights: np.ndarray, out_psi: np.ndarray, out_offset: np.ndarray, control: Control | None,
          message: str) -> None:
    """The rows of goals that share their features, side by side."""
    model, mdp, phi = problem.model, problem.mdp, parts[0].phi
    graph, reward = graph_of(mdp), phi @ weights
    quick = None
    if isinstance(model, Boltzmann) and problem.gamma == 1.0 and costs_everywhere(graph, reward):
        quick = BoundedSearch(graph, reward, phi)
    prepared = problem.prepare(weights, phi) if model.plans and quick is None else None

    def one(part: Part) -> None:
        goals, rows = part.goal_states, part.rows
        mine = slice(part.first, part.first + len(rows.choices))
        if quick is not None:
            q, psi = quick.rows(rows, goals)
        elif prepared is None:
            q, psi = np.where(reach(graph, goals, problem.gamma).usable[rows.choices], 0.0, -np.inf), phi[rows.choices]
        else:
            solution = model.solve(prepared, goals)
            q, psi = solution.q[rows.choices], push_q(prepared, solution, phi)[rows.choices]
        possible = q > -np.inf
        out_psi[mine] = np.where(possible[:, None], psi, 0.0)
        # beside a plan of best ways there is nothing but features, to the last bit
        out_offset[mine] = np.where(possible, q - out_psi[mine] @ weights if isinstance(model, MaxEnt) else 0.0, -np.inf)

    run_all(one, parts, control, message)
