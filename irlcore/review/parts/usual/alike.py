"""What tracks from near the same start to near the same goal did at each step of a track."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from irlcore.review.parts.usual import kernels
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


def alike(world: World, paths: Paths, learn: np.ndarray, index: np.ndarray, often: np.ndarray | None = None,
          among: np.ndarray | None = None) -> Alike:
    """The tracks ``index`` (n,) of ``paths`` beside the tracks ``learn`` (m,), itself left out. Hours count together. often: (m,), how many
    tracks go the way of each of ``learn``, one where not given. among: (n,) bool, which of the tracks are among these, told by ``learn``
    where not given.

    A ladder (hierarchical Dirichlet smoothing, MacKay and Peto, *A hierarchical Dirichlet language model*, 1995): the turns that all tracks
    take here, then those with like goals, then those with like starts, too; where few are known, the rung before counts.
    """
    mine, others, mdp = paths.take(index), paths.take(learn), world.mdp
    often = np.ones(len(learn)) if often is None else often.astype(np.float64)
    among = np.isin(index, learn) if among is None else among
    near = _Near(world, mine, others, often)
    state, choice, into = world.ground_state[mdp.choice_state], world.ground_choice, world.choice_place
    of_choice = np.zeros(int(choice.max(initial=0)) + 1, np.int64)
    of_choice[choice] = state
    left_out = among[mine.owner].astype(np.float64)
    own = left_out[:, None] * np.column_stack((_own(mine, state), _own(mine, choice)))
    by_goal, by_both = (near.sums(choice, of_choice, both) - own for both in (False, True))
    to_goal, like = (near.totals(both) - among for both in (False, True))
    use = near.sums(into, np.zeros(world.n_places, np.int64), True, once=True)[:, 1] - left_out
    turn = _turns(world, mine, others, often, among)
    turn = (by_goal[:, 1] + BY_TURNS * turn) / (by_goal[:, 0] + BY_TURNS)
    turn = (by_both[:, 1] + BY_GOAL * turn) / (by_both[:, 0] + BY_GOAL)
    used = (use + BY_USE * _uses(world, mine, others, often, among)) / (like[mine.owner] + BY_USE)
    return Alike(turn, used, by_goal, to_goal, like)


class _Near:
    """What the tracks ``others`` (m,), each of them so ``often`` (m,), that began and ended near the tracks ``mine`` (n,) did: sums of
    whole numbers by powers of two, so exact in any order, and one track can be taken off."""

    def __init__(self, world: World, mine: Paths, others: Paths, often: np.ndarray) -> None:
        mdp, place = world.mdp, world.place_of_state
        self.mine, self.others, self.often, self.n_places = mine, others, often, world.n_places
        here, goal = place[mine.first_state(mdp)], place[mine.last_state]
        began, ended = place[others.first_state(mdp)], place[others.last_state]
        centres, rows = np.unique(np.concatenate((here, goal))), np.zeros(world.n_places, np.int64)
        rows[centres] = np.arange(len(centres))
        self.near = kernels.places_near(centres, *_beside(world), FARTHEST, world.n_places)
        self.asked, self.known = [], []
        for both in (False, True):
            order, bounds, start, end = _grouped(here if both else np.zeros_like(here), goal)
            self.asked.append((order, bounds, rows[end], rows[start] if both else rows[:0]))
            order, bounds, start, end = _grouped(began if both else np.zeros_like(began), ended)
            self.known.append((order, bounds, np.searchsorted(end, np.arange(world.n_places + 1)), start))

    def sums(self, what: np.ndarray, broader: np.ndarray, by_start: bool, once: bool = False) -> np.ndarray:
        """(C, 2): the weight of what was done of the broader kind of each step, and of its kind, ``what`` (M,); broader: of each kind.
        once: what a track does twice counts once."""
        return self._added(self.others.offsets, what[self.others.choices], self.mine.offsets, what[self.mine.choices], broader, by_start,
                           once)

    def totals(self, by_start: bool) -> np.ndarray:
        """(n,): the weight of all."""
        m, n = len(self.others), len(self.mine)
        nothing = np.zeros(max(m, n), np.int64)
        return self._added(np.arange(m + 1), nothing[:m], np.arange(n + 1), nothing[:n], np.zeros(1, np.int64), by_start, False)[:, 1]

    def _added(self, offsets: np.ndarray, theirs: np.ndarray, own_offsets: np.ndarray, own: np.ndarray, broader: np.ndarray,
               by_start: bool, once: bool) -> np.ndarray:
        order, bounds, ended, begins = self.known[by_start]
        count_offsets, kinds, counts = kernels.counts_of(order, bounds, offsets, theirs, self.often, once, len(broader))
        order, bounds, to_rows, from_rows = self.asked[by_start]
        near_offsets, near, steps = self.near
        out = np.zeros((len(own), 2))
        kernels.near_counts(order, bounds, to_rows, from_rows, near_offsets, near, steps, WEIGHT, ended, begins, count_offsets, kinds,
                            counts, broader, int(broader.max(initial=0)) + 1, own_offsets, own, out)
        return out


def _grouped(begins: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Trips (n,) between places, those between the same two together: order (n,), bounds (c + 1,), and where each group began and ended,
    (c,), rising by where they ended."""
    order = np.lexsort((begins, ends))
    begins, ends = begins[order], ends[order]
    first = np.flatnonzero(np.append(True, (np.diff(begins) != 0) | (np.diff(ends) != 0))[:len(order)])
    return order, np.append(first, len(order)), begins[first], ends[first]


def _turns(world: World, mine: Paths, others: Paths, often: np.ndarray, among: np.ndarray) -> np.ndarray:
    """(C,) share of the visits here that take this turn, with ``UNSEEN`` at each; a track that is ``among`` (n,) the others left out."""
    state, choice = world.ground_state[world.mdp.choice_state], world.ground_choice
    width = np.diff(world.mdp.choice_offsets)[world.mdp.choice_state[mine.choices]]
    found, weight = [], np.repeat(often, others.lengths)
    for what in (choice, state):
        seen = np.bincount(what[others.choices], weight, world.mdp.n_choices)[what[mine.choices]]
        found.append(seen - np.where(among[mine.owner], _own(mine, what), 0))
    return np.asarray((found[0] + UNSEEN) / (found[1] + UNSEEN * width))


def _own(paths: Paths, what: np.ndarray) -> np.ndarray:
    """(C,) how often the track itself has what each step has."""
    _, at, count = np.unique(paths.owner * np.int64(len(what)) + what[paths.choices], return_inverse=True, return_counts=True)
    return np.asarray(count[at.ravel()])


def _uses(world: World, mine: Paths, others: Paths, often: np.ndarray, among: np.ndarray) -> np.ndarray:
    """(C,) share of the other tracks that pass the place that each step leads to, half a track added."""
    into = world.choice_place
    one_group = np.array([0, len(others)])
    _, place, many = kernels.counts_of(np.arange(len(others)), one_group, others.offsets, into[others.choices], often, True, world.n_places)
    passing = np.bincount(place, many, world.n_places)[into[mine.choices]]
    left_out = among[mine.owner].astype(np.int64)
    return np.asarray((passing - left_out + 0.5) / (often.sum() - left_out + 1.0))


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
