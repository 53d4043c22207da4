"""The decisions of all paths as the rows of a conditional logit, under a plan that is made once.

Q_w(s, a | g) = c + w' psi(s, a, g), psi = features of the choice and of what lies ahead of it under the plan of weights w0, c what the
model's values hold beside features: nothing where the plan is the best way (``Boltzmann``) or there is none (``ConditionalLogit``), the
entropy to go where it is soft (``MaxEnt``). That is the model's Q with its derivative at w0, Q_w = Q_0 + (w - w0)' dQ/dw. Where agents err
beside slips and the policy is no softmax of one Q (``NoisyValue``, ``Replanned``), log pi stands for Q: log pi_0 + (w - w0)' d log pi/dw,
the model's own parameters being weights like any others. Value features (``guided``) are columns of psi as they are.

The likelihood of softmax Q_w is concave in w, and at w = w0 has the slope of the model's own, since the mean of d log pi/dw over choices is
0; found, planned by and found again, its fixed point is a maximum of the model's likelihood (Aguirregabiria and Mira, *Swapping the nested
fixed point algorithm*, Econometrica 70, 2002).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import scipy.sparse as sp

from irlcore.engine import Control, run_all
from irlcore.fitting.problem import Problem
from irlcore.fitting.value_basis.bounded_search import BoundedSearch, searchable
from irlcore.fitting.value_basis.decisions import Decisions, Part
from irlcore.planning.graph import graph_of, reach
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.rationality.derivatives import push_q
from irlcore.rationality.guided.guided import Guided, plan_of
from irlcore.rationality.solution import Prepared
from irlcore.worlds.mdp import MDP


@dataclass(frozen=True, slots=True)
class Design:
    """The rows of ``decisions`` under one plan.

    psi: (R, K + P) float64 and offset: (R,) float64, Q_w = offset + psi w; -inf where a choice does not lead to the goal. steps, block,
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
    """The rows under the plan of ``weights`` and own parameters (K + P,). Raises ``Infeasible`` where these have no plan."""
    rows = int(decisions.offsets[-1])
    psi, offset = np.zeros((rows, len(weights))), np.full(rows, -np.inf)
    for _, parts in groupby(decisions.parts, key=lambda part: id(part.phi)):
        _fill(problem, list(parts), weights, psi, offset, control, message)
    return Design(psi, offset, decisions, decisions.steps, decisions.block, decisions.after, decisions.owner)


def _fill(problem: Problem, parts: list[Part], weights: np.ndarray, out_psi: np.ndarray, out_offset: np.ndarray, control: Control | None,
          message: str) -> None:
    """The rows of goals that share their features, side by side."""
    whole, mdp, phi, gamma, k = problem.model, problem.mdp, parts[0].phi, problem.gamma, len(problem.names)
    bare = replace(problem, model=plan_of(whole))
    model, n = bare.model, k + len(bare.model.parameters)
    graph, weights, own = graph_of(mdp), weights[:k], weights[k:n]
    quick = None
    if isinstance(model, Boltzmann) and gamma == 1.0 and (costs := searchable(graph, phi @ weights)) is not None:
        quick = BoundedSearch(graph, costs, phi)
    prepared = bare.prepare(np.append(weights, own), phi) if model.plans and quick is None else None

    asked = Asked(whole, model, mdp, gamma, phi, weights, own, prepared, quick)
    for part, (offset, psi) in zip(parts, run_all(_rows_of, parts, control, message, shared=asked), strict=True):
        mine = slice(part.first, part.first + len(part.rows.choices))
        out_offset[mine], out_psi[mine, :psi.shape[1]] = offset, psi


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rows of goals that share their features phi (M, K) are made by: the whole model and its plan, weights (K,) and own
    parameters of the plan; prepared: where the plan is solved goal by goal; quick: where it is searched."""

    whole: Rationality
    model: Rationality
    mdp: MDP
    gamma: float
    phi: np.ndarray
    weights: np.ndarray
    own: np.ndarray
    prepared: Prepared | None
    quick: BoundedSearch | None


def _rows_of(asked: Asked, part: Part) -> tuple[np.ndarray, np.ndarray]:
    """Offset (n,) and psi (n, ...) of the rows of one goal."""
    q, psi = _of_plan(asked, part)
    possible = q > -np.inf
    psi = np.where(possible[:, None], psi, 0.0)
    # beside a plan of best ways there is nothing but features, to the last bit
    flat = isinstance(asked.model, Boltzmann | ConditionalLogit)
    offset = np.where(possible, 0.0 if flat else q - psi @ np.append(asked.weights, asked.own), -np.inf)
    if isinstance(asked.whole, Guided):
        more = asked.whole.columns(part.rows.choices, part.goal_states)
        psi = np.column_stack((psi, np.where(possible[:, None], more, 0.0)))
    return offset, psi


def _of_plan(asked: Asked, part: Part) -> tuple[np.ndarray, np.ndarray]:
    """Q, or log pi, (n,) of the rows of one goal and its slopes (n, ...)."""
    model, prepared, phi, goals, rows = asked.model, asked.prepared, asked.phi, part.goal_states, part.rows
    if asked.quick is not None:
        return asked.quick.rows(rows, goals)
    if prepared is None:
        return np.where(reach(graph_of(asked.mdp), goals, asked.gamma).usable[rows.choices], 0.0, -np.inf), phi[rows.choices]
    if not model.softmax:
        return model.at_rows(prepared, part.group, phi)[1:]
    solution = model.solve(prepared, goals)
    return solution.q[rows.choices], push_q(prepared, solution, phi)[rows.choices]
