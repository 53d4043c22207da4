"""Guided: the agent judges what comes next by its plan and, beside, by features of where a choice leads (ours).

pi(m | s, g) is proportional to pi_plan(m | s, g) exp(u' v(m, g)), with v the value features of the state that the choice leads to, on
average where chance decides. Where the plan's policy is a softmax of Q that is softmax(Q + u' v): limited rationality is an error in the
value of what comes next, as in ``NoisyValue``, but one that the analyst can name. The plan itself does not reckon with it. Where u = 0 the
model is the plan's own, to the last bit. u are estimated with the weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from irlcore.errors import FitError
from irlcore.features.described_fit import BESIDE
from irlcore.planning.graph import graph_of
from irlcore.quantities import listed
from irlcore.rationality import kernels
from irlcore.rationality.ahead import trips_of_rows
from irlcore.rationality.base import Rationality
from irlcore.rationality.derivatives import sum_by_state
from irlcore.rationality.guided.columns import ValueColumns
from irlcore.rationality.guided.value_features import ValueSpec
from irlcore.rationality.solution import Group, Limit, ModelParameter, Prepared, Rows, Solution, Trips
from irlcore.worlds.mdp import MDP
from irlcore.worlds.world import World


@dataclass(frozen=True, slots=True)
class GuidedSolution(Solution):
    """plan: what the plan alone makes of it. columns: (M, F), the value features."""

    plan: Solution
    columns: np.ndarray


class Guided(Rationality):
    """A model of planning agents that go by value features beside their plan; to be asked of a world once it is ``on`` one."""

    def __init__(self, plan: Rationality, specs: Sequence[ValueSpec], columns: ValueColumns | None = None) -> None:
        if not plan.plans or getattr(plan, "persistent", False) or isinstance(plan, Guided):
            why = "plans nothing" if not plan.plans else "has agents who keep an error for a whole trip, not for a step"
            raise FitError(f"Value features cannot stand beside a model that {why}.", "Choose Boltzmann or MaxEnt.")
        if not specs or len({s.text for s in specs}) < len(specs):
            raise FitError("Value features are to be named once each, one at least.", "Leave out what is there twice.")
        self.plan, self.specs, self._columns = plan, tuple(specs), columns
        self.costs_only, self.smooth, self.softmax = plan.costs_only, plan.smooth, plan.softmax  # type: ignore[misc]
        self.name = BESIDE.join((plan.name, *(s.text for s in specs)))
        self.title = f"{plan.title}, and goes by more than its plan"
        first, dot, rest = plan.sentence.partition(". ")
        self.sentence = f"{first}, and judges what comes next by {listed([s.called for s in specs])}, too{dot}{rest}"
        self.parameters = (*plan.parameters, *(ModelParameter(s.text, s.title, s.sentence, 0.0) for s in specs))

    def on(self, world: World, zones: Mapping[str, np.ndarray] | None = None, features: Mapping[str, np.ndarray] | None = None) -> Guided:
        """The same, ready for a world. zones, features: as of ``ValueColumns``. Raises FeatureError."""
        return Guided(self.plan, self.specs, ValueColumns(world, self.specs, zones, features))

    def planning_with(self, plan: Rationality) -> Guided:
        """The same value features beside another plan."""
        return Guided(plan, self.specs, self._columns)

    def columns(self, choices: np.ndarray, goal_states: np.ndarray) -> np.ndarray:
        """(n, F) float64: value features of ``choices`` (n,) on the way to a goal."""
        if self._columns is None:
            raise FitError("Value features are numbers of a world, and none was named.", "Ask the model that is ``on`` a world.")
        return self._columns.of(choices, goal_states)

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        own = self.own_start(own)
        return replace(self.plan.prepare(mdp, reward, gamma, self._of_plan(own), parts), own=own)

    def confine(self, prepared: Prepared, within: np.ndarray, used: np.ndarray) -> Prepared:
        return replace(self.plan.confine(self._bare(prepared), within, used), own=prepared.own)

    def limit(self, mdp: MDP, reward: np.ndarray, gamma: float, columns: np.ndarray, room: float, used: np.ndarray) -> Limit | None:
        return self.plan.limit(mdp, reward, gamma, columns, room, used)

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        """``value`` and ``slope`` are the plan's, ``q`` and ``log_policy`` those that the agent chooses by."""
        plan, mdp = self.plan.solve(self._bare(prepared), goal_states), prepared.mdp
        columns, u = self.columns(np.arange(mdp.n_choices), plan.goal_states), self._weights(prepared)
        q, log_pi = plan.q, plan.log_policy
        if u.any():
            more = columns @ u
            q, log_pi = q + more, np.where(np.isfinite(log_pi), log_pi + more, -np.inf)
            kernels.soft_rows(graph_of(mdp).choice_offsets, log_pi, np.zeros((mdp.n_choices, 0)))
        return GuidedSolution(plan.goal_states, plan.value, q, log_pi, plan.slope, plan, columns)

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        plan, bare = _guided(solution).plan, self._bare(prepared)
        return self._moved(prepared, solution, self.plan.jvp(bare, plan, columns))

    def own_jvp(self, prepared: Prepared, solution: Solution) -> np.ndarray:
        found = _guided(solution)
        of_plan = self._moved(prepared, solution, self.plan.own_jvp(self._bare(prepared), found.plan))
        return np.column_stack((of_plan, self._centred(prepared, solution, found.columns)))

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        if self._weights(prepared).any():
            graph = graph_of(prepared.mdp)
            weights = weights - solution.policy * sum_by_state(graph, weights.T).T[:, graph.choice_state]
        return self.plan.vjp(self._bare(prepared), _guided(solution).plan, weights)

    def at_rows(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[Rows, np.ndarray, np.ndarray]:
        rows, log_pi, slopes = self.plan.at_rows(self._bare(prepared), group, columns)
        more, u = self.columns(rows.choices, group.goal_states), self._weights(prepared)
        slopes = np.ascontiguousarray(np.column_stack((slopes, more)))
        if u.any():
            log_pi = np.where(np.isfinite(log_pi), log_pi + more @ u, -np.inf)
            kernels.soft_rows(rows.offsets, log_pi, slopes)
        else:
            kept = np.ascontiguousarray(slopes[:, -len(u):])
            kernels.soft_rows(rows.offsets, log_pi.copy(), kept)
            slopes[:, -len(u):] = kept
        return rows, log_pi, slopes

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        found = trips_of_rows(prepared, group, *self.at_rows(prepared, group, columns))
        if self._weights(prepared).any():
            return found
        return _as_planned(found, self.plan.trips(self._bare(prepared), group, columns))

    def side_by_side(self, prepared: Prepared, groups: list[Group]) -> list[list[int]]:
        return self.plan.side_by_side(self._bare(prepared), groups)

    def trips_of_all(self, prepared: Prepared, groups: list[Group], columns: np.ndarray) -> list[Trips]:
        found = [trips_of_rows(prepared, group, *self.at_rows(prepared, group, columns)) for group in groups]
        if self._weights(prepared).any():
            return found
        return [_as_planned(*both) for both in zip(found, self.plan.trips_of_all(self._bare(prepared), groups, columns), strict=True)]

    def _of_plan(self, own: np.ndarray) -> np.ndarray:
        return own[:len(self.plan.parameters)]

    def _weights(self, prepared: Prepared) -> np.ndarray:
        """u, (F,)."""
        return prepared.own[len(self.plan.parameters):]

    def _bare(self, prepared: Prepared) -> Prepared:
        """As the plan's model made it ready."""
        return replace(prepared, own=self._of_plan(prepared.own))

    def _moved(self, prepared: Prepared, solution: Solution, slopes: np.ndarray) -> np.ndarray:
        """Slopes (M, K) of the plan's log policy as they are of the agent's."""
        return self._centred(prepared, solution, slopes) if self._weights(prepared).any() else slopes

    @staticmethod
    def _centred(prepared: Prepared, solution: Solution, slopes: np.ndarray) -> np.ndarray:
        """Slopes (M, K) less their mean in each state under the policy."""
        out = np.array(slopes, np.float64, order="C")
        kernels.center(graph_of(prepared.mdp).choice_offsets, solution.policy, out)
        return out


def _as_planned(found: Trips, plan: Trips) -> Trips:
    """What trips are judged by where nothing is gone by beside the plan: to the last bit as its own model has it, which may add up
    otherwise."""
    return replace(found, loglik=plan.loglik, scores=np.column_stack((plan.scores, found.scores[:, plan.scores.shape[1]:])))


def plan_of(model: Rationality) -> Rationality:
    """The model without the value features that may stand beside it."""
    return model.plan if isinstance(model, Guided) else model


def _guided(solution: Solution) -> GuidedSolution:
    assert isinstance(solution, GuidedSolution)
    return solution
