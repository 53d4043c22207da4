"""What planners need of an MDP beside its own arrays: unsigned indices, predecessors, usable choices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from irlcore.planning import kernels
from irlcore.planning.cycles import kernels as cycles
from irlcore.planning.outline import Outline, outline_of, unsigned
from irlcore.worlds.limits import check_goal_states
from irlcore.worlds.mdp import MDP, Paths


@dataclass(frozen=True, slots=True)
class Graph:
    """The outline of an MDP and what leads where in it.

    into_offsets (S + 1,), into_choice (E,): uint32, the choices that may lead into each state, and into_state (E,) what states they are
    made in. P: (M, S) CSR. outcome_choice: (E,) int64, the choice of each outcome. on_circle: (M,) bool, choices from which one may come
    back to their state. spaces: arrays of searches in this graph that nobody is using (``planning.nearby``).
    """

    outline: Outline
    into_offsets: np.ndarray
    into_choice: np.ndarray
    into_state: np.ndarray
    P: sp.csr_array
    outcome_choice: np.ndarray
    on_circle: np.ndarray
    spaces: list[Any] = field(default_factory=list, repr=False, compare=False)

    @property
    def choice_offsets(self) -> np.ndarray:
        """(S + 1,) uint32."""
        return self.outline.choice_offsets

    @property
    def successor_offsets(self) -> np.ndarray:
        """(M + 1,) uint32."""
        return self.outline.successor_offsets

    @property
    def successors(self) -> np.ndarray:
        """(E,) uint32."""
        return self.outline.successors

    @property
    def probabilities(self) -> np.ndarray:
        """(E,) float64."""
        return self.outline.probabilities

    @property
    def choice_state(self) -> np.ndarray:
        """(M,) uint32."""
        return self.outline.choice_state

    @property
    def deterministic(self) -> bool:
        """Whether every choice has one successor."""
        return self.outline.deterministic

    @property
    def n_states(self) -> int:
        """S, the number of states."""
        return self.outline.n_states

    @property
    def n_choices(self) -> int:
        """M, the number of choices."""
        return self.outline.n_choices


def graph_of(mdp: MDP) -> Graph:
    """The graph of an MDP, made at first use and kept with it."""
    return mdp.derived(_graph)


def _graph(mdp: MDP) -> Graph:
    outline, own = outline_of(mdp), mdp.outcome_choice
    order = np.argsort(mdp.successors, kind="stable")
    into = np.concatenate(([0], np.cumsum(np.bincount(mdp.successors, minlength=mdp.n_states))))
    into_choice = unsigned(own[order])
    label = connected_parts(mdp.n_states, mdp.choice_state, own, mdp.successors, np.ones(mdp.n_choices, bool))
    on_circle = np.zeros(mdp.n_choices, bool)
    on_circle[own[label[mdp.choice_state[own]] == label[mdp.successors]]] = True
    return Graph(outline, unsigned(into), into_choice, outline.choice_state[into_choice], mdp.transition_matrix(), own, on_circle)


def connected_parts(n_states: int, choice_state: np.ndarray, outcome_choice: np.ndarray, successors: np.ndarray,
                    usable: np.ndarray) -> np.ndarray:
    """(S,) int: the strongly connected part that each state lies in, by the outcomes (E,) of usable choices (M,)."""
    kept = usable[outcome_choice]
    here, there = choice_state[outcome_choice[kept]].astype(np.int64), successors[kept].astype(np.int64)
    steps = sp.csr_array((np.ones(len(here), np.int8), (here, there)), shape=(n_states,) * 2)
    return np.asarray(connected_components(steps, connection="strong")[1])


def reached_by(mdp: MDP, paths: Paths) -> np.ndarray:
    """(S,) bool: the states that trips which begin where ``paths`` do can come to. That of the last paths asked for is kept."""
    memory = mdp.derived(_last_reached)
    kept = memory[0]
    if kept is None or kept[0] is not paths.choices:
        graph, reached = graph_of(mdp), np.zeros(mdp.n_states, bool)
        cycles.forward_reach(graph.choice_offsets, graph.successor_offsets, graph.successors,
                             np.unique(mdp.choice_state[paths.choices]).astype(np.uint32), reached)
        kept = paths.choices, reached
        memory[0] = kept  # at once, for other threads
    return kept[1]


def _last_reached(mdp: MDP) -> list[tuple[np.ndarray, np.ndarray] | None]:
    """The choices of the paths asked about last, and the states (S,) bool that trips which begin there can come to."""
    return [None]


def leads_to(graph: Graph, states: np.ndarray) -> np.ndarray:
    """(S,) bool: from where some choices lead to one of ``states`` (n,), those included."""
    reached, order = np.empty(graph.n_states, np.bool_), np.empty(graph.n_states, np.uint32)
    kernels.backward_reach(graph.into_offsets, graph.into_choice, graph.choice_state, np.ones(graph.n_choices, np.bool_),
                           check_goal_states(states, graph.n_states).astype(np.uint32), reached, order)
    return reached


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be done on the way to one goal.

    usable: (M,) bool, choices after which the goal can still be reached (gamma = 1), or which never get
    stuck (gamma < 1); a goal's own choices are not usable. order: (n,) uint32, the states with a value other
    than -inf, nearest to the goal first, goals included.
    """

    usable: np.ndarray
    order: np.ndarray


def reach(graph: Graph, goal_states: np.ndarray, gamma: float) -> Reach:
    """Prune to the choices that keep the goal within reach.

    A choice with several successors is usable only if all of them are: one that may end in a dead end has
    value -inf at gamma = 1. Pruning repeats until nothing changes.
    """
    goal_states = check_goal_states(goal_states, graph.n_states, least=0)
    goals = goal_states.astype(np.uint32)
    usable = np.ones(graph.n_choices, np.bool_)
    for g in goal_states:
        usable[graph.choice_offsets[g]:graph.choice_offsets[g + 1]] = False
    reached = np.empty(graph.n_states, np.bool_)
    order = np.empty(graph.n_states, np.uint32)
    while True:
        count = kernels.backward_reach(graph.into_offsets, graph.into_choice, graph.choice_state, usable,
                                       goals, reached, order)
        alive = reached if gamma == 1.0 else _never_stuck(graph, usable, goal_states)
        if kernels.keep_safe_choices(graph.successor_offsets, graph.successors, alive, usable) == 0:
            break
    usable &= alive[graph.choice_state]
    rest = np.flatnonzero(alive & ~reached).astype(np.uint32)
    return Reach(usable, np.concatenate((order[:count], rest)))


def _never_stuck(graph: Graph, usable: np.ndarray, goal_states: np.ndarray) -> np.ndarray:
    """(S,) bool: the state is a goal or has a usable choice."""
    alive = np.bincount(graph.choice_state[usable], minlength=graph.n_states) > 0
    alive[goal_states] = True
    return alive
