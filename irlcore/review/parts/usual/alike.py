"""What tracks from near the same start to near the same goal did at each step of a track."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from irlcore.review.parts.usual import kernels
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

FARTHEST = 6
"""Steps from one place to another beyond which it is not near."""
WEIGHT = 0.5 ** np.arange(FARTHEST + 1)
"""Of a track whose start, or goal, is so many steps away: half as much with each step, so that sums are exact in any order."""
UNSEEN, BY_TURNS, BY_GOAL, BY_USE = 0.3, 0.5, 0.5, 0.5
"""In tracks: what each rung of the ladder counts for on the next. UNSEEN at each turn, the turns that all tracks take for those of tracks
with this goal, these for those of tracks from this start, too; and of all tracks, the share that uses a place."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Of n tracks with C steps. turn (C,): chance of each step, and place (C,): of passing the place that it leads to, by what like tracks
    did. by_goal (C, 2): weight of the tracks with like goals that came where each step was made, and of those of them that made it, too.
    to_goal, like (n,): the total weight of tracks with like goals, and with like starts too."""

    turn: np.ndarray
    place: np.ndarray
    by_goal: np.ndarray
    to_goal: np.ndarray
    like: np.ndarray


def alike(world: World, paths: Paths, learn: np.ndarray, index: np.ndarray) -> Alike:
    """The tracks ``index`` (n,) of ``paths`` beside the tracks ``learn`` (m,), itself left out. Hours count together.

    A ladder (hierarchical Dirichlet smoothing, MacKay and Peto, *A hierarchical Dirichlet language model*, 1995): the turns that all tracks
    take here, then those with like goals, then those with like starts, too; where few are known, the rung before counts.
    """
    mine, others, mdp = paths.take(index), paths.take(learn), world.mdp
    place = world.place_of_state
    ends, begins = place[others.last_state], place[others.first_state(mdp)]
    order = np.argsort(ends, kind="stable")
    sorted_offsets, flat = take_flat(others.offsets, order)
    here, goal = place[mine.first_state(mdp)], place[mine.last_state]
    itself = np.full(len(paths), -1)
    itself[learn[order]] = np.arange(len(learn))
    centres = np.unique(np.concatenate((here, goal)))
    rows = np.full(world.n_places, -1)
    rows[centres] = np.arange(len(centres))
    near_offsets, near, away = kernels.places_near(centres, *_beside(world), FARTHEST, world.n_places)
    state, choice, into = world.ground_state[mdp.choice_state], world.ground_choice, world.choice_place
    n, steps, theirs = len(mine), len(mine.choices), others.choices[flat]
    by_goal, by_both, use, total = np.zeros((steps, 2)), np.zeros((steps, 2)), np.zeros(steps), np.zeros((n, 2))
    kernels.count_alike(
        np.argsort(here, kind="stable"), itself[index], mine.offsets, state[mine.choices], choice[mine.choices], into[mine.choices], here,
        goal, rows, near_offsets, near, away, WEIGHT, np.searchsorted(ends[order], np.arange(world.n_places + 1)), sorted_offsets,
        state[theirs], choice[theirs], into[theirs], begins[order], mdp.n_states, world.n_places, by_goal, by_both, use, total)
    turn = _turns(world, mine, others, itself[index] >= 0)
    turn = (by_goal[:, 1] + BY_TURNS * turn) / (by_goal[:, 0] + BY_TURNS)
    turn = (by_both[:, 1] + BY_GOAL * turn) / (by_both[:, 0] + BY_GOAL)
    used = (use + BY_USE * _uses(world, mine, others, itself[index] >= 0)) / (total[mine.owner, 1] + BY_USE)
    return Alike(turn, used, by_goal, total[:, 0], total[:, 1])


def _turns(world: World, mine: Paths, others: Paths, among: np.ndarray) -> np.ndarray:
    """(C,) share of the visits here that take this turn, with ``UNSEEN`` at each; a track that is ``among`` (n,) the others left out."""
    state, choice = world.ground_state[world.mdp.choice_state], world.ground_choice
    width = np.diff(world.mdp.choice_offsets)[world.mdp.choice_state[mine.choices]]
    found = []
    for what in (choice, state):
        seen = np.bincount(what[others.choices], minlength=world.mdp.n_choices)[what[mine.choices]]
        found.append(seen - np.where(among[mine.owner], _own(mine, what), 0))
    return np.asarray((found[0] + UNSEEN) / (found[1] + UNSEEN * width))


def _own(paths: Paths, what: np.ndarray) -> np.ndarray:
    """(C,) how often the track itself has what each step has."""
    _, at, count = np.unique(paths.owner * np.int64(len(what)) + what[paths.choices], return_inverse=True, return_counts=True)
    return np.asarray(count[at.ravel()])


def _uses(world: World, mine: Paths, others: Paths, among: np.ndarray) -> np.ndarray:
    """(C,) share of the other tracks that pass the place that each step leads to, half a track added."""
    key = np.unique(others.owner * np.int64(world.n_places) + world.choice_place[others.choices])
    passing = np.bincount(key % world.n_places, minlength=world.n_places)[world.choice_place[mine.choices]]
    left_out = among[mine.owner].astype(np.int64)
    return np.asarray((passing - left_out + 0.5) / (len(others) - left_out + 1.0))


def _beside(world: World) -> tuple[np.ndarray, np.ndarray]:
    """The places that a step leads to or from: offsets (L + 1,), places (E,)."""
    mdp, many = world.mdp, np.int64(world.n_places)
    before, after = world.place_of_state[mdp.choice_state[mdp.outcome_choice]], world.place_of_state[mdp.successors]
    apart = before != after
    key = np.unique(np.concatenate((before[apart] * many + after[apart], after[apart] * many + before[apart])))
    return np.searchsorted(key, np.arange(many + 1) * many), key % many


def near_matrix(world: World, centres: np.ndarray) -> sp.csr_array:
    """(A, L) float64: ``WEIGHT`` of every place near each of ``centres`` (A,), which rise."""
    offsets, near, away = kernels.places_near(centres, *_beside(world), FARTHEST, world.n_places)
    return sp.csr_array((WEIGHT[away], near, offsets), shape=(len(centres), world.n_places))
