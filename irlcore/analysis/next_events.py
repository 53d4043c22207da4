"""What is likely to happen next in a sequence of a log, and how likely what happened was at each step, as the Intent page asks it. Exact:
nothing is sampled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.analysis.study import solved
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.rationality.likely_events import WayOn, by_where_it_leads, ended_by, likely_ways_on
from irlcore.worlds.history.classes import aspects_of, told_by
from irlcore.worlds.mdp import MDP, Paths
from irlcore.worlds.world import World

MOST_WAYS = 3


@dataclass(frozen=True, slots=True, eq=False)
class NextEvents:
    """Of path ``index`` of the class's ``paths``, after ``seen`` of its events. nats: (n,) -log chance of each of its events; rank: (n,)
    int64, as how likely of all that could follow there, from 1; likeliest: (n,) int64, the likeliest choice there, likely: (n,) its chance.
    choices: (c,) int64, what can follow now, the likeliest first, chance: (c,) of each. ways: the likeliest ways on. ended: (k,) the chance
    that it has ended after 1, 2 ... more steps. All are of events, whatever kinds of them are told apart: a choice stands for all that are
    the same event there. kinds: of the likeliest event what it is told apart by, with the chance of that, the likeliest first; none where
    nothing tells events apart, or it is the end."""

    paths: Paths
    index: int
    seen: int
    nats: np.ndarray
    rank: np.ndarray
    likeliest: np.ndarray
    likely: np.ndarray
    choices: np.ndarray
    chance: np.ndarray
    ways: list[WayOn]
    ended: np.ndarray
    kinds: tuple[tuple[str, float], ...] = ()


def next_events_study(project: Project, index: int, seen: int, ahead: int) -> NextEvents:
    """After ``seen`` events of the class's path ``index``, ``ahead`` events on. FitError where there is no fit."""
    ready = solved(project, index)
    parts, model, prepared = ready.parts, ready.model, ready.prepared
    paths, mdp = parts.paths, prepared.mdp
    goal = int(paths.goal[index])
    # of a sequence that was cut off every one ends in the same place
    solution = model.solve(prepared, paths.goals.of(goal if goal >= 0 else 0))
    log_policy, same = by_where_it_leads(mdp, solution.log_policy)
    own = same[paths.choices[paths.offsets[index]:paths.offsets[index + 1]]]
    rank, likeliest = _ranks(mdp, log_policy, own)
    state = int(mdp.choice_state[own[seen]]) if seen < len(own) else int(paths.last_state[index])
    here = np.arange(mdp.choice_offsets[state], mdp.choice_offsets[state + 1])
    here = here[same[here] == here]
    order = np.argsort(-np.round(log_policy[here], 9), kind="stable")
    policy = np.exp(log_policy)
    return NextEvents(paths, index, seen, -log_policy[own], rank, likeliest, policy[likeliest], here[order], policy[here[order]],
                      likely_ways_on(mdp, log_policy, state, ahead, MOST_WAYS) if len(here) else [],
                      ended_by(mdp, policy, state, ahead), _kinds(need_world(project)[0], solution.log_policy, same, here[order][:1]))


def _kinds(world: World, log_policy: np.ndarray, same: np.ndarray, event: np.ndarray) -> tuple[tuple[str, float], ...]:
    """Of the choice that stands for an event, (1,) or none."""
    alike = np.flatnonzero(same == event[0]) if len(event) and aspects_of(world) else np.zeros(0, np.int64)
    share = np.exp(log_policy[alike] - np.logaddexp.reduce(log_policy[alike])) if len(alike) else np.zeros(0)
    order = np.argsort(-np.round(share, 9), kind="stable")
    told = [(", ".join(told_by(world, int(alike[k]))), float(share[k])) for k in order]
    return tuple(one for one in told if one[0])


def _ranks(mdp: MDP, log_policy: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n,) from 1, among the choices of the state that each was made in, and (n,) the likeliest of these."""
    rank, best = np.empty(len(own), np.int64), np.empty(len(own), np.int64)
    for k, choice in enumerate(own.tolist()):
        state = int(mdp.choice_state[choice])
        first = int(mdp.choice_offsets[state])
        there = np.round(log_policy[first:mdp.choice_offsets[state + 1]], 9)
        rank[k] = 1 + int((there > there[choice - first]).sum())
        best[k] = first + int(np.argmax(there))
    return rank, best
