"""Two ends that seldom go together: each may be common, and hardly anybody goes from the one to the other.

Half the sum of -log P(start | end) / P(start) and -log P(end | start) / P(end): minus the pointwise mutual information of the two ends
(Church and Hanks 1990), each chance smoothed over places a few steps away (half as much with each step, ``usual.alike``) and drawn, as if
``STRENGTH`` more tracks went anywhere, towards there being nothing between them. A rare end by itself is no wrong one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from irlcore.review.parts.base import Material
from irlcore.review.parts.goal import STRENGTH, ByEnds
from irlcore.review.parts.usual.alike import near_matrix
from irlcore.review.words import kinds as words
from irlcore.review.words.places import place_token
from irlcore.worlds.goal_prior import arrived
from irlcore.worlds.world import World

DIGITS = 9


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Of n tracks with ends ``start``, ``end`` (n,) int64, places: values (n,) nats; began, ended, both (n,) float64, weights of the normal
    tracks that began near the one, ended near the other, and did both."""

    values: np.ndarray
    start: np.ndarray
    end: np.ndarray
    began: np.ndarray
    ended: np.ndarray
    both: np.ndarray

    def words(self, at: int) -> str:
        """How many go from and to, and how many between; empty where that is as many as could be expected."""
        if not self.values[at] > 0.0:
            return ""
        began, ended, both = (round(float(one[at])) for one in (self.began, self.ended, self.both))
        return words.seldom_together(began, ended, both, place_token(int(self.start[at])), place_token(int(self.end[at])))


class EndsTogether(ByEnds):
    """Start and end, each of them usual, that seldom belong to one track (the module says by what law)."""

    name = "ends_together"
    title = "Ends that seldom go together"
    sentence = "How much more rarely tracks go between its two ends than so many begin near the one and end near the other."

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Together:
        """The tracks ``index`` by those of ``learn`` that arrived."""
        world, paths, known = material.world, material.paths, arrived(material.paths)
        start, end = world.place_of_state[paths.first_state(world.mdp)], world.place_of_state[paths.last_state]
        learn = learn[known[learn]]
        began, ended, both = together(world, start[learn], end[learn], start[index], end[index])
        values = np.where(known[index] & (len(learn) > 0), apartness(began, ended, both, len(learn)), np.nan)
        return Together(values, start[index], end[index], began, ended, both)


def together(world: World, starts: np.ndarray, ends: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, ...]:
    """(n,) float64 each: the weights of the tracks from ``starts`` (m,) to ``ends`` (m,) that began near ``start`` (n,), ended near ``end``
    (n,), and did both."""
    here, row = np.unique(start, return_inverse=True)
    there, column = np.unique(end, return_inverse=True)
    near_start, near_end = near_matrix(world, here), near_matrix(world, there)
    size = world.n_places
    trips = sp.csr_array((np.ones(len(starts)), (starts, ends)), shape=(size, size))
    began = near_start @ np.bincount(starts, minlength=size)
    ended = near_end @ np.bincount(ends, minlength=size)
    pairs, which = np.unique(np.column_stack((row, column)), axis=0, return_inverse=True)
    led = sp.csr_array(near_start @ trips)  # a power of two each: sums are exact in any order
    both = np.asarray(led[pairs[:, 0]].multiply(near_end[pairs[:, 1]]).sum(axis=1)).ravel()
    return began[row], ended[column], both[which.ravel()]


def apartness(began: np.ndarray, ended: np.ndarray, both: np.ndarray, n: int) -> np.ndarray:
    """(n',) nats from weights among ``n`` tracks; 0 where nothing is known of either end."""
    found = np.zeros(len(both))
    for one, other in ((began, ended), (ended, began)):
        expected = np.where(one > 0.0, both * n / np.where(one > 0.0, one, 1.0), other)  # of those at ``other``, if as many of them were
        found -= 0.5 * np.log((expected + STRENGTH) / (other + STRENGTH))
    return np.round(found, DIGITS)
