"""What MaxEnt's goals have in common in a deterministic world at gamma = 1, made where it is asked for, and the system of each goal."""

from __future__ import annotations

import threading

import numpy as np

from irlcore.errors import Infeasible
from irlcore.linear.elimination import Factors, Pattern, eliminate, surely_below_one
from irlcore.planning.costs import STAYING_FREE, staying
from irlcore.planning.graph import graph_of, reach
from irlcore.rationality.soft_linear import SoftSystem, far_system, log_radius, pattern_in, shared_system
from irlcore.rationality.solution import Prepared
from irlcore.worlds.mdp import MDP

SMALLEST = 1e-280  # below it e^V has lost digits to underflow
LARGEST = 1e280  # beyond it e^V, and what it is multiplied with, leave floating point
NEVER = -1e300

_factorising = threading.Lock()  # one for all, so that what is shared can be sent to other processes


class SharedSystem:
    """What goals have in common: weight (M,) = e^r, and, made where they are asked for, the pattern and factors of I - W. Factors are None
    where some way round, perhaps through a goal or where no trip comes, gives W a spectral radius of 1 or more: then each goal has its
    own."""

    def __init__(self, mdp: MDP, weight: np.ndarray) -> None:
        self.mdp, self.weight = mdp, weight
        self._found: tuple[Factors | None] | None = None

    @property
    def pattern(self) -> Pattern:
        """Of the world."""
        return pattern_in(self.mdp)

    @property
    def factors(self) -> Factors | None:
        """Of I - W."""
        with _factorising:
            if self._found is None:
                self._found = (eliminate(self.pattern, self.weight),)
        return self._found[0]

    @property
    def below_one(self) -> bool:
        """Whether the spectral radius of W is below 1."""
        if self._found is None and _surely_below_one(self.mdp, self.weight):
            return True
        return self.factors is not None


def _surely_below_one(mdp: MDP, weight: np.ndarray) -> bool:
    graph = graph_of(mdp)
    return surely_below_one(graph.choice_offsets, graph.successors, weight)


def check_radius(prepared: Prepared, used: np.ndarray) -> None:
    """Refuse rewards that logarithms would never come to an end with, by the choices (M,) bool that can be made."""
    if prepared.gamma == 1.0 and len(_free_stays(prepared, used)):  # sweeps would take a very large value for a settled one
        raise too_cheap(prepared, used)
    if prepared.mdp.deterministic and prepared.gamma == 1.0:
        radius = log_radius(prepared.mdp, np.where(used, prepared.reward, NEVER))
        if radius is not None and radius[0] >= 0.0:
            raise too_cheap(prepared, used)


def _free_stays(prepared: Prepared, used: np.ndarray) -> np.ndarray:
    """(n,) int64: choices to stay that cost nothing, with which no soft value is finite."""
    return np.flatnonzero(used & (prepared.reward >= 0.0) & staying(graph_of(prepared.mdp)))


def too_cheap(prepared: Prepared, used: np.ndarray) -> Infeasible:
    """The error of a soft value that is infinite, by the choices (M,) bool that can be made."""
    graph, stays = graph_of(prepared.mdp), _free_stays(prepared, used)
    if len(stays):
        return Infeasible(f"Staying is free in state {graph.choice_state[stays[0]]}, so the spectral radius of e^r is not below 1 and the "
                          "soft value is infinite.", STAYING_FREE)
    return Infeasible("Wandering is too cheap: the spectral radius of e^r is not below 1, so the soft value is "
                      "infinite.", "Raise the cost per step, or use gamma below 1.")


def _own_system(prepared: Prepared, goal_states: np.ndarray) -> SoftSystem:
    """One goal's system from factors of its own: choices that cannot be made on the way to it, or that no trip comes to, left out."""
    graph, shared = graph_of(prepared.mdp), prepared.shared
    usable = reach(graph, goal_states, 1.0).usable
    if prepared.within is not None:
        usable &= prepared.within[graph.choice_state]
    weight = np.where(usable, shared.weight, 0.0)
    factors = eliminate(shared.pattern, weight)
    if factors is None:
        raise too_cheap(prepared, usable)
    goal, unit = shared.pattern.place_of[goal_states].astype(np.int64), np.zeros(graph.n_states)
    unit[goal] = 1.0
    return SoftSystem(factors, weight, goal, factors.solve_in_place(unit))


def goal_system(prepared: Prepared, goal_states: np.ndarray, places: np.ndarray) -> SoftSystem | None:
    """The system of one goal in which e^V keeps its digits at ``places``; None where there is none.

    What underflows farther from the goal than all of them is visited too seldom to matter to them.
    """
    graph, shared = graph_of(prepared.mdp), prepared.shared
    system = (_own_system(prepared, goal_states) if shared.factors is None
              else shared_system(graph, shared.factors, shared.weight, goal_states))
    if system is not None and _keeps_digits(system.z[places]):
        return system
    reward = prepared.reward
    if prepared.within is not None:  # other choices are as good as not there; finite, so that sums stay numbers
        reward = np.where(prepared.within[graph.choice_state], reward, NEVER)
    far = far_system(prepared.mdp, graph, shared.pattern, reward, goal_states)
    return far if far is not None and np.isfinite(far.z).all() and _keeps_digits(far.z[places]) else None


def _keeps_digits(z: np.ndarray) -> bool:
    return bool(z.min(initial=1.0) >= SMALLEST and z.max(initial=1.0) <= LARGEST)
