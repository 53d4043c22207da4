"""Trips that were cut off before they arrived: each is judged under every goal that it may have had.

    P(track) = sum over goals g of prior(g) P(track | g),    P(track | g) = product of pi_g over the steps that were seen

(section 6 of the design). A trip ends where it arrives, so P(track | g) is 0 where the track passed g before it was cut off; where it was
last seen at g, it may have been about to end there. The prior is that of ``worlds.goal_prior``: it is fixed, and no number of a fit.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.planning.graph import graph_of, leads_to
from irlcore.rationality.ahead import rows_of, rows_towards, visits_of
from irlcore.rationality.solution import Group, group_by_goal
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.goal_prior import unfinished, unfinished_prior
from irlcore.worlds.mdp import MDP, Paths


def groups_of(mdp: MDP, gamma: float, paths: Paths, every: bool = False) -> list[Group]:
    """Paths grouped by goal; behind those whose goal is known, one group (with ``log_prior``) for each goal that unfinished ones may have
    had. All of these hold the same unfinished paths, and the same arrays; where a path has no chance under a goal, for sure, its log prior
    is -inf. One that has none under any is in a last group without a goal.

    every: nothing is ruled out beforehand, so that the first steps of a path are judged under goals that it passed later, too.
    """
    cut = unfinished(paths)
    if not cut.any():
        return group_by_goal(paths)
    known, index = np.flatnonzero(~cut), np.flatnonzero(cut)
    found = group_by_goal(paths.take(known), known)
    goals, prior = unfinished_prior(paths, mdp, index)
    offsets, flat = take_flat(paths.offsets, index)
    rest = Group(np.zeros(0, np.int64), index, offsets, paths.choices[flat], log_prior=np.full(len(index), -np.inf))
    judged = np.zeros(len(index), bool)
    visits_of(rest, rows_of(mdp, rest))
    for goal, log_prior in zip(goals, np.log(prior).T, strict=True):
        states = paths.goals.of(int(goal))
        able = np.ones(len(index), bool) if every else _able(mdp, gamma, rest, paths.last_state[index], states)
        judged |= able
        if able.any():
            found.append(replace(rest, goal_states=states, remembered=rows_towards(mdp, rest, states),
                                 log_prior=np.where(able, log_prior, -np.inf)))
    return found if judged.all() else [*found, rest.only(~judged)]


def known_and_cut(groups: list[Group]) -> tuple[list[Group], list[Group]]:
    """Groups whose goal is known, and groups of unfinished trips to one of the goals that they may have had; those that can have had none
    are in neither."""
    return [g for g in groups if g.log_prior is None], [g for g in groups if g.log_prior is not None and len(g.goal_states)]


def cut_trips(groups: list[Group]) -> np.ndarray:
    """(n,) int64, ascending: the unfinished trips of some groups, those that can have had no goal among them."""
    found = [g.index for g in groups if g.log_prior is not None]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _able(mdp: MDP, gamma: float, trips: Group, last_state: np.ndarray, goal_states: np.ndarray) -> np.ndarray:
    """(n,) bool: the trips that may have been on their way to a goal: they made no step from it, and it can be reached from where they
    were last seen (what chance does, and what may go on for ever, is left to the model)."""
    at_goal = np.zeros(mdp.n_states, bool)
    at_goal[goal_states] = True
    able = ~np.logical_or.reduceat(at_goal[mdp.choice_state[trips.choices]], trips.offsets[:-1])
    if mdp.deterministic and gamma == 1.0:
        able &= leads_to(graph_of(mdp), goal_states)[last_state]
    return np.asarray(able)


class Mixture:
    """Log of the sums over goals of joint chances, and means of amounts by the posterior of the goals, goal by goal, for n items.

    One number an item and amount is in memory, whatever the number of goals; goals are to be added in a fixed order.
    """

    def __init__(self, n: int, *shapes: tuple[int, ...]) -> None:
        """shapes: of each amount of an item."""
        self._top, self._weight = np.full(n, -np.inf), np.zeros(n)
        self._sums = [np.zeros((n, *shape)) for shape in shapes]

    def add(self, items: np.ndarray, log_joint: np.ndarray, *amounts: np.ndarray) -> None:
        """log_joint: (m,) nats, log prior + log likelihood of the ``items`` (m,), each once, under one goal; amounts (m, ...) of each. What
        has no chance has no amount either."""
        possible = log_joint > -np.inf
        items, log_joint = items[possible], log_joint[possible]
        top = np.maximum(self._top[items], log_joint)
        before, now = np.exp(self._top[items] - top), np.exp(log_joint - top)
        self._top[items] = top
        self._weight[items] = self._weight[items] * before + now
        for total, amount in zip(self._sums, amounts, strict=True):
            wide = (slice(None), *[None] * (total.ndim - 1))
            total[items] = total[items] * before[wide] + amount[possible] * now[wide]

    @property
    def log(self) -> np.ndarray:
        """(n,) nats; -inf where no goal gave an item a chance."""
        with np.errstate(divide="ignore"):
            return np.asarray(self._top + np.log(self._weight))

    def mean(self, which: int) -> np.ndarray:
        """(n, ...): the mean of one of the amounts; 0 where an item has no chance."""
        total = self._sums[which]
        return np.asarray(total / np.where(self._weight > 0.0, self._weight, 1.0)[(slice(None), *[None] * (total.ndim - 1))])
