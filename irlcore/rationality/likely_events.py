"""What is likely to happen next where only choices are left to chance, as in an event log: the likeliest ways on, and when it ends.

Both are exact. Ways on of so many steps are found best first (A*, Hart, Nilsson and Raphael 1968) with the best that can still follow from
each state as what is hoped for, h_0 = 0, h_n(s) = max over the choices of log pi + h_n-1(s'), 0 where a sequence has ended: so nothing is
looked at that is no part of an answer. The chance to have ended after so many steps is what of the whole chance has come to the end.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from irlcore.engine import checkpoint
from irlcore.rationality.seen import first_alike
from irlcore.worlds.mdp import MDP

MOST_STEPS = 50
ALIKE = 9  # decimals of nats: what differs by less is as likely, and goes by the number of the choices


@dataclass(frozen=True, slots=True, eq=False)
class WayOn:
    """choices: (n,) int64, fewer than were asked for where the sequence ends. chance: that just these follow, (n,) of each after those
    before it."""

    choices: np.ndarray
    chances: np.ndarray

    @property
    def chance(self) -> float:
        """That all of them follow."""
        return float(np.prod(self.chances))


def likely_ways_on(mdp: MDP, log_policy: np.ndarray, state: int, steps: int, most: int) -> list[WayOn]:
    """The ``most`` likeliest ways on from a state of a deterministic world, of ``steps`` steps, ``MOST_STEPS`` at most, the likeliest
    first. log_policy: (M,)."""
    steps = min(steps, MOST_STEPS)
    hope = _hopes(mdp, log_policy, steps)
    front: list[tuple[float, tuple[int, ...], int]] = [(-round(float(hope[steps][state]), ALIKE), (), state)]
    found: list[WayOn] = []
    while front and len(found) < most:
        _, taken, here = heapq.heappop(front)
        choices = np.arange(mdp.choice_offsets[here], mdp.choice_offsets[here + 1])
        if len(taken) == steps or not len(choices):
            way = np.array(taken, np.int64)
            found.append(WayOn(way, np.exp(log_policy[way])))
            continue
        onward = mdp.likeliest[choices]
        ahead = np.round(log_policy[list(taken)].sum() + log_policy[choices] + hope[steps - len(taken) - 1][onward], ALIKE)
        for k in np.argsort(-ahead, kind="stable")[:most].tolist():  # no other can be part of an answer
            if np.isfinite(ahead[k]):
                heapq.heappush(front, (-float(ahead[k]), (*taken, int(choices[k])), int(onward[k])))
    return [one for one in found if len(one.choices)]


def by_where_it_leads(mdp: MDP, log_policy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log chance (M,) that one of the choices is made that lead from its state to the same other, at the first of these and -inf at the
    others; and the first of each, (M,) int64. Kinds of an event lead alike: so they count as the one event that they are."""
    first = first_alike(mdp)
    if bool((first == np.arange(len(first))).all()):
        return log_policy, first
    most = np.full(len(first), -np.inf)
    np.maximum.at(most, first, log_policy)
    shift = np.where(np.isfinite(most), most, 0.0)
    with np.errstate(divide="ignore"):
        summed = np.log(np.bincount(first, np.exp(log_policy - shift[first]), len(first))) + shift
    return np.where(first == np.arange(len(first)), summed, -np.inf), first


def _hopes(mdp: MDP, log_policy: np.ndarray, steps: int) -> list[np.ndarray]:
    """(S,) for 0, 1 ... ``steps`` steps: the log chance of the likeliest way on of so many."""
    going = np.flatnonzero(np.diff(mdp.choice_offsets))
    found = [np.zeros(mdp.n_states)]
    for _ in range(steps):
        checkpoint()
        new = np.zeros(mdp.n_states)
        if len(going):
            new[going] = np.maximum.reduceat(log_policy + found[-1][mdp.likeliest], mdp.choice_offsets[going])
        found.append(new)
    return found


def ended_by(mdp: MDP, policy: np.ndarray, state: int, steps: int) -> np.ndarray:
    """(steps,) the chance that a sequence in a state has ended after 1, 2 ... steps more. policy: (M,)."""
    ends = np.diff(mdp.choice_offsets) == 0
    here = np.zeros(mdp.n_states)
    here[state] = 1.0
    out = np.empty(steps)
    for k in range(steps):
        moved = np.bincount(mdp.likeliest, here[mdp.choice_state] * policy, mdp.n_states)
        here = np.where(ends, here, 0.0) + moved
        out[k] = here[ends].sum()
    return out
