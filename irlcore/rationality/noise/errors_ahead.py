"""All errors on the value of what comes next towards one goal: fields of cost or of places, and misjudged wants, ready for any choices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from irlcore.planning.graph import graph_of
from irlcore.rationality.derivatives import BellmanSlope, pull_q
from irlcore.rationality.noise.draws import state_errors, want_errors
from irlcore.rationality.noise.errors import AlongPlan, BySystem, Carrier, StepErrors, cost_errors, want_errors_of
from irlcore.rationality.solution import Prepared, Solution
from irlcore.rationality.spread.plan import SpreadPlan

Covariance = Literal["path", "independent", "weights", "path and weights"]


@dataclass(frozen=True, slots=True)
class Rowed:
    """Errors of n choices: fields (n, H) of half the draws, the other half being their opposites; wants (n, W), times zeta (W, R); slopes
    (n, K, H) and (n, K, W) by weights, empty where nothing moves."""

    fields: np.ndarray
    wants: np.ndarray
    field_slopes: np.ndarray
    want_slopes: np.ndarray


@dataclass(frozen=True, slots=True)
class Fresh:
    """Of n choices: log_pi (n,); slopes (n, K + 1), d log pi by weights and, last, by sigma^2; weights on q (n,), on fields (n, H) and on
    wants (n, W)."""

    log_pi: np.ndarray
    slopes: np.ndarray
    on_q: np.ndarray
    on_fields: np.ndarray
    on_wants: np.ndarray


class ErrorsAhead:
    """The errors of one covariance towards one goal, R draws."""

    def __init__(self, prepared: Prepared, carrier: Carrier, covariance: Covariance, draws: int, goal_states: np.ndarray,
                 z: np.ndarray | None = None, zeta: np.ndarray | None = None) -> None:
        """z (S, H), zeta (W, R): draws of one's own in place of the fixed ones."""
        self.prepared, self.graph, self.carrier = prepared, graph_of(prepared.mdp), carrier
        z = state_errors(prepared.mdp, draws // 2) if z is None else z
        parts = prepared.parts if "weights" in covariance else None
        self.zeta = np.zeros((0, draws))
        self.fixed: np.ndarray | None = None
        self.costs: tuple[StepErrors, np.ndarray] | None = None  # of single steps, and carried
        self.wants: tuple[StepErrors, np.ndarray] | None = None
        if covariance == "independent":
            self.fixed = z.copy()
            self.fixed[goal_states] = 0.0
        if "path" in covariance:
            costs = cost_errors(self.graph, prepared.reward, carrier.choice, z)
            self.costs = costs, carrier.carry(costs)
        if parts is not None:
            self.zeta = want_errors(draws, parts.shape[1]) if zeta is None else zeta
            wants = want_errors_of(parts, carrier.choice)
            self.wants = wants, carrier.carry(wants)

    def of(self, choices: np.ndarray, columns: np.ndarray, told: bool) -> Rowed:
        """Errors of ``choices`` (n,) and how they move with the weights of ``columns`` (M, K). told: columns are the features behind the
        parts."""
        n, k = len(choices), columns.shape[1]
        fields, wants, field_slopes, want_slopes = np.zeros((n, 0)), np.zeros((n, 0)), np.zeros((0, k, 0)), np.zeros((0, k, 0))
        if self.fixed is not None:
            fields = np.asarray(self.prepared.gamma * (self.graph.P[choices] @ self.fixed))
        if self.costs is not None:
            fields = self.carrier.after(choices, self.costs[1])
            if k:
                field_slopes = self.carrier.slopes(*self.costs, columns, told, choices)
        if self.wants is not None:
            wants = self.carrier.after(choices, self.wants[1])
            if k:
                want_slopes = self.carrier.slopes(*self.wants, columns, told, choices)
        return Rowed(fields, wants, field_slopes, want_slopes)

    def pull(self, choices: np.ndarray, on_fields: np.ndarray, on_wants: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights on the errors of ``choices`` pulled back to the rewards (M,) and to V (S,)."""
        on_reward, on_value = np.zeros(self.graph.n_choices), np.zeros(self.graph.n_states)
        for errors, given in ((self.costs, on_fields), (self.wants, on_wants)):
            if errors is not None:
                more, ahead = self.carrier.pull(*errors, self.carrier.before(choices, given))
                on_reward += more
                on_value += ahead
        return on_reward, on_value


def carrier_of(prepared: Prepared, plan: SpreadPlan | None, solution: Solution | None) -> Carrier:
    """How errors are carried towards a goal: along a plan that was searched for, or in a world that is solved for all states."""
    if plan is not None:
        return AlongPlan(plan)
    assert solution is not None
    if isinstance(solution.slope, SpreadPlan):
        return AlongPlan(solution.slope)
    assert isinstance(solution.slope, BellmanSlope)
    return BySystem(prepared, solution, solution.slope.reach)


@dataclass(frozen=True, slots=True)
class NoisySolution(Solution):
    """errors: on the value of what comes next, of all states."""

    errors: ErrorsAhead


def errors_of(solution: Solution) -> ErrorsAhead:
    """The errors of what ``NoisyValue`` solved."""
    assert isinstance(solution, NoisySolution)
    return solution.errors


def pull_to_rewards(prepared: Prepared, solution: Solution, choices: np.ndarray, on_q: np.ndarray, on_fields: np.ndarray,
                    on_wants: np.ndarray) -> np.ndarray:
    """Weights on everything that ``choices`` are judged by, pulled back to the rewards, (M,)."""
    all_q = np.zeros((1, prepared.mdp.n_choices))
    all_q[0, choices] = on_q
    on_reward, on_value = errors_of(solution).pull(choices, on_fields, on_wants)
    pulled: np.ndarray = pull_q(prepared, solution, all_q, on_value[None, :])[0] + on_reward
    return pulled
