"""Errors on the value of what comes next, carried along the plan that is spread over all ways that are (nearly) as good.

*Path*: what it costs to come to a state is misjudged by an error of that state, xi = sqrt|r| z, so that two ways share the errors of
the places that both pass; *wants*: weight k is misjudged by a share of itself, so its errors are z_k times what feature k brings from
here to the goal. Carried: eps(s) = sum over the plan's steps m of w_m (xi_m + gamma P_m eps), which is to first order how the value
moves when costs are moved by xi, with as many ways as are good counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from irlcore.planning.graph import Graph, Reach, graph_of
from irlcore.planning.values import PolicyEvaluation
from irlcore.rationality.derivatives import sum_by_state
from irlcore.rationality.solution import Prepared, Solution
from irlcore.rationality.spread import kernels
from irlcore.rationality.spread.plan import SpreadPlan

MOST_BYTES, FEWEST = 32_000_000, 16  # of slopes carried at once, and factors of these at least: fewer cost more each
ROUNDING = 1e-6  # below this reward the root of |r| is rounded off, so that its slope stays finite
TEMPERATURE = 0.05
"""Nats of a way's loss within which it still counts as nearly as good. Borlänge's best log-likelihood moves by less than 1 for any from
.02 to .1 and falls by 8 at .2; the larger, the less of a change of 1e-12 in the rewards comes through, and the fewer tops the
likelihood has."""


@dataclass(frozen=True, slots=True)
class StepErrors:
    """Errors of single steps, before they are carried: root[e] base[at[e]] of step e, F factors each.

    root: (E,), steep: (E,) its slope by the step's own reward. base: (B, F). at: (E,) int. own: factor k moves with weight k by the feature
    itself (the wants), not through the reward.
    """

    root: np.ndarray
    steep: np.ndarray
    base: np.ndarray
    at: np.ndarray
    own: bool = False

    @property
    def xi(self) -> np.ndarray:
        """(E, F): all errors."""
        found: np.ndarray = self.root[:, None] * self.base[self.at]
        return found

    @property
    def by_reward(self) -> np.ndarray:
        """(E, F): how they move with the step's own reward."""
        found: np.ndarray = self.steep[:, None] * self.base[self.at]
        return found


def cost_errors(graph: Graph, reward: np.ndarray, choice: np.ndarray, z: np.ndarray) -> StepErrors:
    """Of steps ``choice`` (E,), from the errors z (S, F) of the states that they lead to."""
    return StepErrors(root_of(reward[choice]), slope_of_root(reward[choice]), z, graph.outline.likeliest[choice])


def want_errors_of(parts: np.ndarray, choice: np.ndarray) -> StepErrors:
    """Of steps ``choice`` (E,), from what each feature brings, parts (M, W)."""
    return StepErrors(np.ones(len(choice)), np.zeros(len(choice)), parts, choice, own=True)


class Carrier(Protocol):
    """Carries errors of the plan's steps to every state, and derivatives of that."""

    @property
    def choice(self) -> np.ndarray:
        """(E,), the plan's steps."""

    def after(self, choices: np.ndarray, carried: np.ndarray) -> np.ndarray:
        """What was carried (S, ...) as it is expected after ``choices`` (n,): (n, ...)."""

    def before(self, choices: np.ndarray, given: np.ndarray) -> np.ndarray:
        """Adjoint of ``after``: weights (n, F) as weights on what was carried, (S, F)."""

    def carry(self, errors: StepErrors) -> np.ndarray:
        """(S, F): eps of every state, 0 at goals."""

    def slopes(self, errors: StepErrors, carried: np.ndarray, columns: np.ndarray, told: bool, choices: np.ndarray) -> np.ndarray:
        """(n, K, F): how eps, as it is expected after ``choices`` (n,), moves with the weights of ``columns`` (M, K). told: those of
        ``StepErrors.own`` are the same features."""

    def pull(self, errors: StepErrors, carried: np.ndarray, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights (S, F) on eps pulled back to the rewards (M,) and to V (S,)."""


@dataclass(frozen=True, slots=True)
class AlongPlan(Carrier):
    """In a deterministic world at gamma = 1: one pass in the plan's order. Arrays over states come by the plan's rows."""

    plan: SpreadPlan

    @property
    def choice(self) -> np.ndarray:
        """(E,) uint32, the plan's steps."""
        return self.plan.choice

    def after(self, choices: np.ndarray, carried: np.ndarray) -> np.ndarray:
        found: np.ndarray = carried[self.plan.row[self.plan.graph.successors[choices]]]
        return found

    def before(self, choices: np.ndarray, given: np.ndarray) -> np.ndarray:
        out = np.zeros((len(self.plan.states), given.shape[1]))
        np.add.at(out, self.plan.row[self.plan.graph.successors[choices]], given)
        return out

    def carry(self, errors: StepErrors) -> np.ndarray:
        p = self.plan
        out = np.zeros((len(p.states), errors.base.shape[1]))
        kernels.carry(p.offsets, p.choice, p.weight, p.graph.successors, p.row, errors.root, errors.base, errors.at, out)
        return out

    def slopes(self, errors: StepErrors, carried: np.ndarray, columns: np.ndarray, told: bool, choices: np.ndarray) -> np.ndarray:
        p, k, f = self.plan, columns.shape[1], errors.base.shape[1]
        rows, by_weight = p.row[p.graph.successors[choices]], p.weight_slopes(columns, p.to_go(columns))
        out = np.empty((len(choices), k, f))
        at_once = max(MOST_BYTES // (8 * len(p.states) * max(k, 1)) // 8 * 8, FEWEST)
        for first in range(0, f, at_once):
            some = min(at_once, f - first)
            work = np.empty((len(p.states), k * some))
            kernels.carry_slopes(p.offsets, p.choice, p.weight, p.graph.successors, p.row, errors.root, errors.steep, errors.base,
                                 errors.at, errors.own and told, columns, by_weight, carried, first, some, rows, work, out)
        return out

    def pull(self, errors: StepErrors, carried: np.ndarray, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        p = self.plan
        on_reward, on_weight = np.zeros(p.graph.n_choices), np.zeros(len(p.choice))
        kernels.pull_carried(p.offsets, p.choice, p.weight, p.graph.successors, p.row, errors.root, errors.steep, errors.base, errors.at,
                             carried, given, on_reward, on_weight)
        more, on_value = p.pull_weights(on_weight)
        return on_reward + more, on_value


class BySystem(Carrier):
    """In any world: eps = (I - gamma P_w)^-1 xi_w, one factorisation for all errors. The plan's weights are those of ``SpreadPlan``, with
    what a choice gains taken for its cost less its loss; arrays over states come by state."""

    def __init__(self, prepared: Prepared, solution: Solution, reach: Reach) -> None:
        self.graph, self.gamma, self.value_slope = graph_of(prepared.mdp), prepared.gamma, solution.slope
        self.loss, self.cost = loss_of(solution, self.graph), -prepared.reward
        self.weight, self.steep = nearly_best(self.loss, self.cost, self.graph)
        self.evaluation = PolicyEvaluation(self.graph, self.weight, prepared.gamma, reach, solution.goal_states)

    @property
    def choice(self) -> np.ndarray:
        """(M,): all choices may have a part."""
        return np.arange(self.graph.n_choices)

    def after(self, choices: np.ndarray, carried: np.ndarray) -> np.ndarray:
        shape = carried.shape[1:]
        return np.asarray(self.gamma * (self.graph.P[choices] @ carried.reshape(len(carried), -1))).reshape(-1, *shape)

    def before(self, choices: np.ndarray, given: np.ndarray) -> np.ndarray:
        return np.asarray(self.gamma * (self.graph.P[choices].T @ given))

    def carry(self, errors: StepErrors) -> np.ndarray:
        return self.evaluation.solve(sum_by_state(self.graph, self.weight[:, None] * errors.xi))

    def slopes(self, errors: StepErrors, carried: np.ndarray, columns: np.ndarray, told: bool, choices: np.ndarray) -> np.ndarray:
        (m, k), f = columns.shape, errors.base.shape[1]
        to_go = self.value_slope.push(columns)
        gained = columns + self.gamma * (self.graph.P @ to_go) - to_go[self.graph.choice_state]
        moved = gained * (1.0 / TEMPERATURE + self.steep)[:, None] - columns * (self.steep * self._share())[:, None]
        by_weight = self.weight[:, None] * (moved - sum_by_state(self.graph, self.weight[:, None] * moved)[self.graph.choice_state])
        right = (self.weight[:, None, None] * columns[:, :, None] * errors.by_reward[:, None, :]
                 + by_weight[:, :, None] * (errors.xi + self.gamma * (self.graph.P @ carried))[:, None, :])
        if errors.own and told:
            each = np.arange(k)
            right[:, each, each] += self.weight[:, None] * columns
        moved_on = self.evaluation.solve(sum_by_state(self.graph, right.reshape(m, k * f)))
        return self.after(choices, moved_on.reshape(-1, k, f))

    def pull(self, errors: StepErrors, carried: np.ndarray, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        here = self.evaluation.solve(given, transposed=True)[self.graph.choice_state]
        on_weight = (here * (errors.xi + self.gamma * (self.graph.P @ carried))).sum(axis=1)
        on_log = self.weight * on_weight
        centred = on_log - self.weight * sum_by_state(self.graph, on_log[:, None])[self.graph.choice_state, 0]
        on_q = centred * (1.0 / TEMPERATURE + self.steep)
        on_reward = self.weight * (here * errors.by_reward).sum(axis=1) + on_q - centred * self.steep * self._share()
        return on_reward, self.gamma * (self.graph.P.T @ on_q) - sum_by_state(self.graph, on_q[:, None])[:, 0]

    def _share(self) -> np.ndarray:
        """(M,) of what a choice costs, how much is lost."""
        return np.where(self.steep > 0.0, self.loss / np.where(self.cost > 0.0, self.cost, 1.0), 0.0)


def loss_of(solution: Solution, graph: Graph) -> np.ndarray:
    """(M,) what each choice loses against the best of its state; inf where nothing leads on."""
    known = np.isfinite(solution.q)
    return np.where(known, np.maximum(np.where(known, solution.value[graph.choice_state] - solution.q, 0.0), 0.0), np.inf)


def nearly_best(loss: np.ndarray, cost: np.ndarray, graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    """(M,) weights e^(-loss / temperature) x^2 (3 - 2 x) of each state's choices, x = 1 - loss / cost, summing to 1 where something leads
    on; and (M,) by how much the second factor's logarithm rises with what is gained, 0 where it is level. As in ``spread.kernels``."""
    x = np.where(cost > 0.0, 1.0 - np.minimum(loss, cost) / np.where(cost > 0.0, cost, 1.0), 1.0)
    raw = np.exp(-loss / TEMPERATURE) * x * x * (3.0 - 2.0 * x)
    total = sum_by_state(graph, raw[:, None])[graph.choice_state, 0]
    inner = (x > 0.0) & (x < 1.0)
    safe = np.where(inner, x, 0.5)
    steep = np.where(inner, 6.0 * (1.0 - safe) / (safe * (3.0 - 2.0 * safe)) / np.where(inner, cost, 1.0), 0.0)
    return np.where(total > 0.0, raw / np.where(total > 0.0, total, 1.0), 0.0), steep


def root_of(reward: np.ndarray) -> np.ndarray:
    """sqrt|r|, rounded off below ``ROUNDING``."""
    rounded: np.ndarray = (reward**2 + ROUNDING**2) ** 0.25
    return rounded


def slope_of_root(reward: np.ndarray) -> np.ndarray:
    """d sqrt|r| / d r, of the rounded root."""
    slope: np.ndarray = 0.5 * reward * (reward**2 + ROUNDING**2) ** -0.75
    return slope
