"""The likeliest way on: the path of highest probability to a goal under a solved model."""

from __future__ import annotations

import numpy as np

from irlcore.errors import WorldError
from irlcore.planning.graph import Graph, graph_of
from irlcore.planning.values import shortest_plan
from irlcore.rationality.seen import log_seen, told_apart
from irlcore.rationality.solution import Prepared, Solution
from irlcore.worlds.limits import check_index
from irlcore.worlds.mdp import MDP, build_mdp

AS_GOOD = 1e-9
"""Of a log chance (or 1): ways that differ by no more differ by rounding."""


def _steps(mdp: MDP) -> Graph:
    """The graph of the steps that choices stand for: each to where it leads most often."""
    return graph_of(mdp) if mdp.deterministic else mdp.derived(_likeliest_steps)


def _likeliest_steps(mdp: MDP) -> Graph:
    return graph_of(build_mdp(mdp.n_states, mdp.choice_state, mdp.likeliest)[0])


def likeliest_path(prepared: Prepared, solution: Solution, start: int) -> np.ndarray:
    """Choices (n,) int64 of the most probable path from ``start`` to the goal, the world's chance included.

    Shortest path on -log q (``rationality.seen``), so following the likeliest choice of each state into a circle cannot
    happen; of parallel choices the likeliest, of ways that are as likely the one by the lower ids of states, so that it does not hang on
    the last bit of a sum. Empty where ``start`` is at the goal; WorldError where the goal is out of reach.
    """
    check_index("places to start from", np.array([start]), prepared.mdp.n_states, "states")
    chance = log_seen(prepared, solution)
    plan = shortest_plan(_steps(prepared.mdp), chance, solution.goal_states)
    if not np.isfinite(plan.value[start]):
        raise WorldError(f"There is no way from state {start} to the goal.", "Choose another goal.")
    goals = set(solution.goal_states.tolist())
    after = prepared.mdp.likeliest
    out: list[int] = []
    at = int(start)
    while at not in goals:
        onward = _first_as_good(prepared.mdp, chance, plan.value, after, at, int(plan.choice[at]))
        out.append(_likeliest_alike(prepared.mdp, solution, onward))
        at = int(after[out[-1]])
    return np.array(out, np.int64)


def _first_as_good(mdp: MDP, chance: np.ndarray, value: np.ndarray, to: np.ndarray, state: int, best: int) -> int:
    """Of the choices of a state that lead to the goal as likely as ``best``, but for rounding, the one to the state of the lowest id. Each
    leads nearer to the goal, so that no circle comes of it. chance: (M,) log q; value: (S,) the best way's; to: (M,) where they lead."""
    here = np.arange(mdp.choice_offsets[state], mdp.choice_offsets[state + 1])
    after, near = to[here], AS_GOOD * max(1.0, abs(float(value[state])))
    good = (chance[here] + value[after] >= value[state] - near) & (value[after] > value[state] + 10.0 * near)
    good |= here == best
    return int(here[good][np.argmin(mdp.ids[after[good]])])


def _likeliest_alike(mdp: MDP, solution: Solution, choice: int) -> int:
    """Of the choices that are not told apart from this one, the likeliest."""
    if told_apart(mdp) or not mdp.deterministic:
        return choice
    state = mdp.choice_state[choice]
    here = np.arange(mdp.choice_offsets[state], mdp.choice_offsets[state + 1])
    alike = here[mdp.successors[here] == mdp.successors[choice]]
    return int(alike[np.argmax(solution.log_policy[alike])])
