"""Which normal tracks come nearest to a track, and which of its steps the nearest one does not share.

On a network tracks differ by the links they take: the distance is the way that the other does not share. On re-routed trips of a road
network it tells them apart far better than any distance on the ground (area under the curve .95, against .83 of points at equal ways).
On a grid they differ by how far apart they run: the mean distance of points at equal ways from start to end, taken in order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.engine import checkpoint
from irlcore.review.parts.base import Material
from irlcore.review.shapes.kernels import most_shared
from irlcore.review.shapes.lines import lines_of
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.mdp import MDP, Paths

AT_EQUAL_WAYS = 16  # points of a whole track
CANDIDATES = 256  # tracks whose ends lie nearest to its own, that are compared point by point
AT_ONCE = 4_000  # tracks that are asked about between two looks at whether a stop was asked for
LEAVING = 1.0  # nats, of a step that the nearest track does not share beside how rare the step itself is
DIGITS = 9


@dataclass(frozen=True, slots=True, eq=False)
class Unshared:
    """Of n tracks: nats (n,) float64, what their steps that the nearest normal track does not share come to; nearest (n,) int64, its place
    among the normal ones."""

    nats: np.ndarray
    nearest: np.ndarray


def step_nats(paths: Paths, mdp: MDP, often: np.ndarray | None = None) -> np.ndarray:
    """(M,) float64: minus the log of how often each choice is made where it can be, by these paths, with one choice more in each state
    that is shared by all there. often: (N,), how many tracks each path stands for, one where not given."""
    weight = None if often is None else np.repeat(often.astype(np.float64), paths.lengths)
    count = np.bincount(paths.choices, weight, mdp.n_choices).astype(np.float64)
    there = np.bincount(mdp.choice_state, count, mdp.n_states)[mdp.choice_state]
    open_ = np.diff(mdp.choice_offsets)[mdp.choice_state]
    nats: np.ndarray = -np.log((count + 1.0 / open_) / (there + 1.0))
    return nats


def occurrences(paths: Paths) -> np.ndarray:
    """(C,) int64: how often each choice was made before by the same path, so that what is done twice is shared by who does it twice."""
    key = paths.owner * (np.int64(paths.choices.max(initial=0)) + 1) + paths.choices
    order = np.argsort(key, kind="stable")
    first = np.append(True, np.diff(key[order]) != 0)[:len(order)]
    begun = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0)) if len(order) else order
    out = np.empty(len(order), np.int64)
    out[order] = np.arange(len(order)) - begun
    return out


def step_terms(paths: Paths, mdp: MDP) -> np.ndarray:
    """(C,) int64: a number for each step of each path, the same for the same choice; the second time a step is made has one of its own."""
    times, out = occurrences(paths), paths.choices.astype(np.int64)
    again = np.flatnonzero(times)
    out[again] = mdp.n_choices + np.unique(times[again] * np.int64(mdp.n_choices) + out[again], return_inverse=True)[1]
    return out


def unshared(paths: Paths, mdp: MDP, known: np.ndarray, asked: np.ndarray) -> Unshared:
    """What the paths ``asked`` (n,) do that the nearest of the paths ``known`` (m,), none of which is among them, does not: the least, over
    these, of the sum over steps that are not shared of ``LEAVING`` and how rare the step is. Of several as near the first by its id."""
    known = known[np.argsort(paths.ids[known].astype(str), kind="stable")]
    found = unshared_ways(paths, step_terms(paths, mdp), mdp, known, asked, np.ones(len(known), np.int64))
    return Unshared(found.nats, known[found.nearest])


def unshared_ways(ways: Paths, terms: np.ndarray, mdp: MDP, known: np.ndarray, asked: np.ndarray, often: np.ndarray) -> Unshared:
    """The same of ways, with ``terms`` (C,) as their ``step_terms``: each of ``known`` (m,) was gone so ``often`` (m,). Of several as near
    the first of these, by its place among them."""
    value = LEAVING + step_nats(ways.take(known), mdp, often)
    (offsets, flat), (own_offsets, own_flat) = (take_flat(ways.offsets, some) for some in (known, asked))
    n_terms = int(terms.max(initial=0)) + 1
    by_term = np.argsort(terms[flat], kind="stable")
    posts = np.repeat(np.arange(len(known)), np.diff(offsets))[by_term]
    posted = np.append(0, np.cumsum(np.bincount(terms[flat], minlength=n_terms)))
    best, which, total = np.empty(len(asked)), np.empty(len(asked), np.int64), np.empty(len(asked))
    order = np.lexsort((ways.first_state(mdp)[asked], ways.last_state[asked]))
    for begin in range(0, len(order), AT_ONCE):
        checkpoint()
        most_shared(order[begin:begin + AT_ONCE], own_offsets, terms[own_flat], value[ways.choices[own_flat]], offsets, terms[flat], posted,
                    posts, DIGITS, best, which, total)
    return Unshared(np.round(np.maximum(total - best, 0.0), DIGITS - 1), which)


def not_shared(paths: Paths, index: int, other: int) -> np.ndarray:
    """(n,) bool: the steps of path ``index`` that path ``other`` does not make, or not as often."""
    two = paths.take(np.array([index, other]))
    key = two.choices * (len(two.choices) + 1) + occurrences(two)
    own = key[:two.offsets[1]]
    return ~np.isin(own, key[two.offsets[1]:])


def nearest_tracks(material: Material, learn: np.ndarray, index: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The ``k`` of the tracks ``learn`` (m,) that come nearest to track ``index``, itself left out, the nearest first: indices, and
    distances in the world's unit: on a grid how far apart the two run, on a network how much of its way the other does not share, in
    steps where lengths are not known. Of several as near the first by its id."""
    learn = learn[learn != index]
    if not len(learn):
        return learn, np.zeros(0)
    if material.world.kind == "grid":
        learn, far = _apart_on_the_ground(material, learn, index)
    else:
        far = _way_not_shared(material, learn, index)
    order = np.lexsort((material.paths.ids[learn].astype(str), np.round(far, DIGITS)))[:k]
    return learn[order], far[order]


def _apart_on_the_ground(material: Material, learn: np.ndarray, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Of those whose ends lie nearest: which, and their mean distances."""
    world, paths = material.world, material.paths
    begin, end = (world.place_xy[world.place_of_state[one]] for one in (paths.first_state(world.mdp), paths.last_state))
    far = sum(((one[learn] - one[index]) ** 2).sum(axis=1) for one in (begin, end))
    near = learn[np.lexsort((paths.ids[learn].astype(str), np.round(far, DIGITS)))[:CANDIDATES]]
    points = lines_of(material, np.append(near, index)).resampled(AT_EQUAL_WAYS)
    return near, np.hypot(*np.moveaxis(points[:-1] - points[-1], 2, 0)).mean(axis=1)


def _way_not_shared(material: Material, learn: np.ndarray, index: int) -> np.ndarray:
    """(m,) float64."""
    world, paths = material.world, material.paths
    length = world.choice_length
    if not (np.isfinite(length).all() and (length > 0.0).any()):
        length = np.ones(world.mdp.n_choices)
    own = np.unique(paths.choices[paths.offsets[index]:paths.offsets[index + 1]])
    mine = np.zeros(world.mdp.n_choices, bool)
    mine[own] = True
    offsets, flat = take_flat(paths.offsets, learn)
    chosen = paths.choices[flat]
    owner = np.repeat(np.arange(len(learn)), np.diff(offsets))[mine[chosen]]
    shared = np.unique(owner * np.int64(world.mdp.n_choices) + chosen[mine[chosen]])
    owner, choice = np.divmod(shared, world.mdp.n_choices)
    return np.maximum(length[own].sum() - np.bincount(owner, length[choice], len(learn)), 0.0)
