"""The likeliest way on: the path of highest probability to a goal under a solved model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.errors import WorldError
from irlcore.rationality.base import Prepared, Solution
from irlcore.rationality.graph import Graph, graph_of
from irlcore.rationality.values import shortest_plan
from irlcore.worlds.mdp import MDP, build_mdp


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """Every outcome of every choice as an edge: choice, successor and log probability (E,), and their graph."""

    choice: np.ndarray
    successor: np.ndarray
    log_chance: np.ndarray
    graph: Graph


def _outcomes(mdp: MDP) -> _Outcomes:
    if "outcomes" not in mdp.cache:
        choice = np.repeat(np.arange(mdp.n_choices), np.diff(mdp.successor_offsets))
        # choices come state by state, so the edges of this graph keep their order
        graph = graph_of(mdp if mdp.deterministic else build_mdp(mdp.n_states, mdp.choice_state[choice], mdp.successors)[0])
        with np.errstate(divide="ignore"):
            mdp.cache["outcomes"] = _Outcomes(choice, mdp.successors, np.log(mdp.probabilities), graph)
    found: _Outcomes = mdp.cache["outcomes"]
    return found


def likeliest_path(prepared: Prepared, solution: Solution, start: int) -> np.ndarray:
    """Choices (n,) int64 of the most probable path from ``start`` to the goal, the world's chance included.

    Shortest path on -log pi - log P, so following the likeliest choice of each state into a circle cannot happen.
    Empty where ``start`` is at the goal; WorldError where the goal is out of reach.
    """
    ways = _outcomes(prepared.mdp)
    plan = shortest_plan(ways.graph, solution.log_policy[ways.choice] + ways.log_chance, solution.goal_states)
    if not np.isfinite(plan.value[start]):
        raise WorldError(f"There is no way from state {start} to the goal.", "Choose another goal.")
    goals = set(solution.goal_states.tolist())
    out: list[int] = []
    at = int(start)
    while at not in goals:
        edge = int(plan.choice[at])
        out.append(int(ways.choice[edge]))
        at = int(ways.successor[edge])
    return np.array(out, np.int64)
