"""The hard Bellman equation V = max r + gamma P V, solved by policy iteration whose parts suit the world.

One round: a backup of every state and choice (it gives the next plan, and the bound on the error of what it started from:
``bounds.py``), then an evaluation of that plan (``evaluation.py``). The start is a Dijkstra-like pass along likeliest
successors where those mean something, so that few rounds are left. The method is picked from the arrays: one successor a
choice -> exact evaluation; else sweeps are tried, and Krylov steps take over if the span falls too slowly.

Rounds end when the proven bound is within the tolerance, or when rounding alone keeps it from falling. If the residual
does not halve over ``PATIENCE`` rounds the rest is done by plain modified policy iteration from the best value so far, which
converges from any start for gamma < 1 (Scherrer et al. 2015, with exact backups); at gamma = 1 by Gauss-Seidel
value iteration (Bertsekas and Tsitsiklis 1991).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.engine import Control, checkpoint
from irlcore.errors import Infeasible
from irlcore.planning import kernels as planners
from irlcore.planning.bounds import discounted_bound, goal_bound, rounding_of
from irlcore.planning.costs import check_costs
from irlcore.planning.evaluation import Method, PlanEvaluation
from irlcore.planning.graph import graph_of, reach
from irlcore.planning.iteration import kernels
from irlcore.planning.iteration.kernels import NO_CHOICE
from irlcore.planning.outline import Outline, outline_of
from irlcore.worlds.limits import check_gamma, check_goal_states, check_numbers, check_reward
from irlcore.worlds.mdp import MDP

ROUNDS = 2000
PATIENCE = 25
GUARDED_SWEEPS = 50
SPREAD_EVERY = 3
"""Rounds after which a deterministic world's values are carried backwards in one pass again."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A solved world.

    value: (S,) float64, -inf where the agent gets stuck or (gamma = 1) the goal is out of reach. plan: (S,) uint32,
    the best choice; ``NO_CHOICE`` in goals and where value is -inf. bound: |value - V*| is at most this in every state,
    every choice counted (``bounds.py``); met: it is within the tolerance asked for. method: how plans were evaluated.
    rounds: backups of all choices. sweeps: passes over one plan's successors.
    """

    value: np.ndarray
    plan: np.ndarray
    bound: float
    met: bool
    method: Method
    rounds: int
    sweeps: int


def solve_mdp(mdp: MDP, reward: np.ndarray, gamma: float, goal_states: np.ndarray | None = None, start: np.ndarray | None = None,
              tolerance: float = 1e-6, control: Control | None = None, method: Method | None = None) -> Solved:
    """V* and a best plan of any world, within ``tolerance`` (sup norm, in units of reward).

    reward: (M,), finite. goal_states: absorbing, with value 0; gamma = 1 needs them, rewards <= 0 on every way
    there and no free cycle (``costs.check_costs``). start: (S,) a value to start from, e.g. of a similar reward.
    control: heeded each round. method: instead of the one that the world's shape asks for. Raises ``Infeasible``.
    """
    check_gamma(gamma, myopic=True)
    goals = check_goal_states(np.zeros(0, np.int64) if goal_states is None else goal_states, mdp.n_states, least=0)
    reward = check_reward(reward, mdp.n_choices)
    if start is not None:
        check_numbers("values to start from", start, (mdp.n_states,))
    if method is Method.TREE and not mdp.deterministic:
        raise Infeasible("The tree method needs one successor a choice.", "Leave the method out.")
    usable, alive = _usable(mdp, goals, gamma)
    if gamma == 1.0:
        if not len(goals) or reward[usable].max(initial=0.0) > 0.0:
            raise Infeasible(f"Gamma = {gamma} cannot hold here.", "It needs a goal, and rewards of at most 0 on every way to it: the "
                             "bound on the error is proven for costs.")
        check_costs(graph_of(mdp), reward, goals)
    return solve_usable(outline_of(mdp), usable, alive, reward, gamma, goals, start, tolerance, control, method)


def _usable(mdp: MDP, goals: np.ndarray, gamma: float) -> tuple[np.ndarray, np.ndarray]:
    """Usable choices (M,) and states with a value (S,), both bool; see ``graph.reach``."""
    outline = outline_of(mdp)
    alive = np.ones(outline.n_states, np.bool_)
    usable = np.ones(outline.n_choices, np.bool_)
    if gamma == 1.0 or outline.stuck:
        way = reach(graph_of(mdp), goals, gamma)
        alive[:] = False
        alive[way.order] = True
        return way.usable, alive
    for g in goals:
        usable[mdp.choice_offsets[g]:mdp.choice_offsets[g + 1]] = False
    return usable, alive


def solve_usable(outline: Outline, usable: np.ndarray, alive: np.ndarray, reward: np.ndarray, gamma: float, goals: np.ndarray,
                 start: np.ndarray | None = None, tolerance: float = 1e-6, control: Control | None = None,
                 method: Method | None = None) -> Solved:
    """``solve_mdp`` where it is known which choices are usable (M,) bool and which states have a value (S,) bool."""
    evaluation = PlanEvaluation(outline, reward, gamma, method)
    value, plan = _start(outline, usable, alive, reward, gamma, goals, start)
    rounds = _Rounds(outline, usable, reward, gamma, tolerance, evaluation, given=len(goals) > 0)
    whole = int((plan != NO_CHOICE).sum()) == rounds.choosing
    if whole and not outline.deterministic:
        value = evaluation.first(plan, value)
    # at gamma = 1 policy iteration needs a first plan that arrives for sure
    return rounds.run(value, plan, control, guarded=gamma == 1.0 and not whole)


def _start(outline: Outline, usable: np.ndarray, alive: np.ndarray, reward: np.ndarray, gamma: float, goals: np.ndarray,
           start: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """A value to start from and, where a whole one is known, its plan."""
    plan = np.full(outline.n_states, NO_CHOICE, np.uint32)
    value = np.full(outline.n_states, -np.inf)
    if gamma == 1.0 and outline.deterministic:
        start = None  # Dijkstra is exact there
    if start is not None:
        value[:] = start
        value[~np.isfinite(value)] = -np.inf
    value[goals] = 0.0
    if start is None and outline.directed:
        if gamma < 1.0:
            kernels.stay(outline.choice_state, outline.likeliest, usable, reward, gamma, value, plan)
        spread(outline, usable, reward, gamma, value, plan)
    unknown = alive & (value == -np.inf)
    if start is None and not outline.directed and gamma < 1.0:
        kernels.best_rewards(outline.choice_offsets, reward, usable, plan)
    if unknown.any():
        value[unknown] = reward.min(initial=0.0) / (1.0 - gamma) if gamma < 1.0 else 0.0
    value[~alive] = -np.inf
    return value, plan


def spread(outline: Outline, usable: np.ndarray, reward: np.ndarray, gamma: float, value: np.ndarray, plan: np.ndarray) -> None:
    """Carry what is known backwards along likeliest successors, in place; see ``kernels.spread``."""
    planners.spread(outline.into_offsets, outline.into_choice, outline.choice_state, outline.chance, reward, gamma, usable,
                    value, plan)


class _Rounds:
    """Backups and evaluations in turn, until the bound or rounding says stop."""

    def __init__(self, outline: Outline, usable: np.ndarray, reward: np.ndarray, gamma: float,
                 tolerance: float, evaluation: PlanEvaluation, given: bool) -> None:
        self.outline, self.usable, self.reward, self.gamma = outline, usable, reward, gamma
        self.tolerance, self.evaluation, self.closed = tolerance, evaluation, not given
        self.reward_size = float(max(reward.max(initial=0.0), -reward.min(initial=0.0)))
        self.enough = tolerance * (1.0 - gamma) / gamma if gamma > 0.0 else np.inf
        chooses = outline.choice_offsets[1:] > outline.choice_offsets[:-1]
        self.choosing = int(chooses.sum())
        if self.choosing and not usable.all():
            self.choosing = int(np.logical_or.reduceat(usable, outline.choice_offsets[:-1][chooses]).sum())
        if gamma == 1.0:
            costs = -reward[usable]
            self.cheapest = float(costs[costs > 0.0].min(initial=np.inf))
            self.free_run = 1 if (costs > 0.0).all() else outline.n_states

    def run(self, value: np.ndarray, plan: np.ndarray, control: Control | None, guarded: bool) -> Solved:
        """Rounds from ``value`` (S,) and ``plan`` (S,), both overwritten."""
        o, backup, best_value = self.outline, np.empty_like(value), value.copy()
        best, best_round, stale, rounding = np.inf, 0, 0, 0.0
        for turn in range(1, ROUNDS + 1):
            checkpoint()
            if control is not None:
                control.check()
            least, largest, size, changed = kernels.improve(
                o.choice_offsets, o.successor_offsets, o.successors, o.probabilities, self.reward, self.gamma, self.usable,
                value, rounding, plan, backup)
            rounding = rounding_of(o.widest, self.reward_size, size)
            shift, bound, off = self._judge(least, largest, size, rounding)
            stale = stale + 1 if off > 0.9 * best and off < 1e3 * rounding else 0
            if bound <= self.tolerance or off <= 2.0 * rounding or stale > 4 or turn == ROUNDS:
                break
            if off < 0.5 * best:
                best, best_round = off, turn
                best_value[:] = backup
            elif not guarded and (turn - best_round > PATIENCE or not np.isfinite(off)):
                guarded = True
                backup[:] = best_value
            value, backup = self._evaluate(plan, value, backup, guarded, turn, changed)
        backup[plan != NO_CHOICE] += shift
        return Solved(backup, plan, bound, bound <= self.tolerance, self.evaluation.method, turn, self.evaluation.done)

    def _judge(self, least: float, largest: float, size: float, rounding: float) -> tuple[float, float, float]:
        """(shift, bound, distance still to go in T V - V), see ``bounds.py``."""
        if least > largest:
            return 0.0, 0.0, 0.0
        if self.gamma == 1.0:
            bound = goal_bound(least, largest, size, self.cheapest, self.free_run, rounding)
            return 0.0, bound, max(abs(least), abs(largest))
        shift, bound = discounted_bound(least, largest, self.gamma, self.closed, rounding)
        return shift, bound, largest - least if self.closed else max(largest, 0.0) - min(least, 0.0)

    def _evaluate(self, plan: np.ndarray, value: np.ndarray, backup: np.ndarray, guarded: bool, turn: int,
                  changed: int) -> tuple[np.ndarray, np.ndarray]:
        """The next value to back up, and the array that is free for it."""
        o = self.outline
        if guarded and self.gamma == 1.0:
            order = np.flatnonzero(plan != NO_CHOICE).astype(np.uint32)
            for _ in range(GUARDED_SWEEPS):
                planners.sweep(o.choice_offsets, o.successor_offsets, o.successors, o.probabilities, self.reward, 1.0,
                               self.usable, order, False, backup)
            return backup, value
        if guarded:
            self.evaluation.sweep(plan, backup, GUARDED_SWEEPS, self.enough)
            return backup, value
        new = self.evaluation.improve_on(plan, value, backup, changed, self.enough)
        if self.evaluation.method is Method.TREE and turn % SPREAD_EVERY == 0 and changed:
            spread(o, self.usable, self.reward, self.gamma, new, plan)
        return new, backup if new is value else value
