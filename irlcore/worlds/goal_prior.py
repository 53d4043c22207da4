"""Which goal a trip has before anything is seen of it but where it begins: from past trips that arrived.

The prior of goal g for a trip from state s is the mean of a Dirichlet distribution: how often past trips from s ended at g, drawn
towards how often any ended there as if that had been seen ``ORIGIN_STRENGTH`` times. No goal has 0. A trip that was cut off has not ended
anywhere, and one of an agent with no destination neither: they do not count.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from irlcore.errors import WorldError
from irlcore.worlds.limits import check_index
from irlcore.worlds.mdp import MDP, Goals, Paths

ORIGIN_STRENGTH = 50.0  # past paths; chosen on training trips of a road network, where 30 to 100 do equally well
NO_TRIP = -1  # in place of where a trip began: a goal that may be an unfinished path's, though no trip to it counts


def arrived(paths: Paths) -> np.ndarray:
    """(N,) bool: the paths that are known to have come to their goal; not those cut off, nor those with no destination."""
    known = paths.goal >= 0
    known[known] = ~paths.goals.nowhere[paths.goal[known]]
    return known


def unfinished(paths: Paths) -> np.ndarray:
    """(N,) bool: the paths that were cut off before they came to a goal that nobody saw."""
    return paths.goal < 0


def with_past(paths: Paths, past: Paths, mdp: MDP) -> Paths:
    """The same paths, with what the goals of unfinished ones are told by: the trips of ``past``, of the same goals, that arrived. A goal
    that others of ``paths`` came to may be theirs as well. Paths without it are told by those among themselves that arrived."""
    known = np.flatnonzero(arrived(past))
    trips = np.column_stack((past.first_state(mdp)[known], past.goal[known])) if len(known) else np.zeros((0, 2), np.int64)
    other = np.setdiff1d(paths.goal[arrived(paths)], trips[:, 1])
    return replace(paths, past=np.concatenate((trips, np.column_stack((np.full(len(other), NO_TRIP), other)))))


def knowing_past(paths: Paths, mdp: MDP) -> Paths:
    """The same paths, told by the trips among themselves where nothing else was said: to be asked before some of them are taken."""
    return with_past(paths, paths, mdp) if paths.past is None and unfinished(paths).any() else paths


def candidate_goals(paths: Paths, mdp: MDP) -> np.ndarray:
    """(G',) int64: what an unfinished path may have been on its way to, as indices into ``paths.goals``: the goals that others of its kind
    came to; all goals with a state where none did. WorldError where there is no goal."""
    past = knowing_past(paths, mdp).past
    found = np.unique(past[:, 1]) if past is not None and len(past) else np.flatnonzero(~paths.goals.nowhere)
    if not len(found):
        raise WorldError(f"{int(unfinished(paths).sum())} tracks were cut off before they arrived, and there is no goal that they could "
                         "have been on their way to: not one track is taken to have arrived anywhere.",
                         "Name the stops or exits where tracks arrive, take some tracks' ends for their goals, or let the class have no "
                         "destination.")
    check_index("past trips' goals", found, len(paths.goals), "goals")
    return found


def with_the_one_goal(paths: Paths, mdp: MDP) -> Paths:
    """The same paths; where there is but one goal that those which were cut off can have been on their way to, that is theirs. They have
    not come there (``last_state``), so it is for models that judge each step by itself and not what lies behind the last one."""
    cut = unfinished(paths)
    if not cut.any() or len(goals := candidate_goals(paths, mdp)) != 1:
        return paths
    return replace(paths, goal=np.where(cut, goals[0], paths.goal))


def unfinished_prior(paths: Paths, mdp: MDP, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The candidates (G',), and the prior (n, G') of each for the paths ``index`` (n,), by where these begin. Uniform where no trip is
    known to have arrived."""
    goals = candidate_goals(paths, mdp)
    past = knowing_past(paths, mdp).past
    trips = np.zeros((0, 2), np.int64) if past is None else past[past[:, 0] != NO_TRIP]
    check_index("past trips' first states", trips[:, 0], mdp.n_states, "states")
    place = np.full(len(paths.goals), -1)
    place[goals] = np.arange(len(goals))
    return goals, _dirichlet(trips[:, 0], place[trips[:, 1]], paths.first_state(mdp)[index], len(goals), None, ORIGIN_STRENGTH)


def goal_prior(paths: Paths, goals: Goals, smoothing: float = 1.0) -> np.ndarray:
    """(G,) prior: how often past paths ended in each goal's states, plus ``smoothing`` pseudo-ends shared by all."""
    weight: np.ndarray = _end_counts(paths.last_state[arrived(paths)], goals) + smoothing / len(goals)
    return weight / weight.sum()


def _end_counts(last_state: np.ndarray, goals: Goals) -> np.ndarray:
    """(G,) float64: how many paths ended in each goal's states."""
    ends = np.bincount(last_state, minlength=int(max(last_state.max(initial=0), goals.states.max(initial=0))) + 1)
    return np.array([ends[goals.of(g)].sum() for g in range(len(goals))], np.float64)


def origin_prior(past: Paths, mdp: MDP, goals: Goals, starts: np.ndarray, own: np.ndarray | None = None,
                 strength: float = ORIGIN_STRENGTH) -> np.ndarray:
    """(N, G) prior of paths that start in states ``starts`` (N,): how often past paths from there ended in each goal, drawn
    towards ``goal_prior`` as if that had been seen ``strength`` times (a Dirichlet prior's mean).

    own: (N,) int64, the goal that each path itself adds to ``past``, to be left out of its own prior; -1 where none.
    """
    goal_of = np.full(mdp.n_states, -1)
    for g in range(len(goals)):
        goal_of[goals.of(g)] = g
    ends = np.where(arrived(past), goal_of[past.last_state], -1)
    return _dirichlet(past.first_state(mdp), ends, starts, len(goals), own, strength)


def _dirichlet(begun: np.ndarray, ends: np.ndarray, starts: np.ndarray, n_goals: int, own: np.ndarray | None,
               strength: float) -> np.ndarray:
    """(N, G) from past trips that began in states ``begun`` (P,) and came to goals ``ends`` (P,), -1 where to none of them."""
    known = ends >= 0
    state, row = np.unique(np.concatenate((starts, begun)), return_inverse=True)
    seen = sp.csr_array((np.ones(int(known.sum())), (row[len(starts):][known], ends[known])), shape=(len(state), n_goals))
    here = seen[row[:len(starts)]].toarray()
    everywhere = np.repeat(np.bincount(ends[known], minlength=n_goals).astype(np.float64)[None, :], len(starts), axis=0)
    if own is not None:
        mine = np.flatnonzero(own >= 0)
        here[mine, own[mine]] -= 1.0
        everywhere[mine, own[mine]] -= 1.0
    everywhere += 1.0 / n_goals
    everywhere /= everywhere.sum(axis=1, keepdims=True)
    here += strength * everywhere
    prior: np.ndarray = here / here.sum(axis=1, keepdims=True)
    return prior
