"""Tracks that go the same way, looked at once: what follows from a way alone is the same of all that go it.

Of a million trips over the streets of one city most were made before, step by step. What is learned from tracks is then learned from the
different ways among them, each as often as it was gone; what is asked of tracks is asked of each way once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.review.parts.base import Material
from irlcore.worlds.alike import alike_ways
from irlcore.worlds.mdp import Paths


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """The d different ways of some tracks: index (d,) int64, the first of these tracks that goes each; often (d,) int64, how many do."""

    index: np.ndarray
    often: np.ndarray


def same_way(material: Material) -> np.ndarray:
    """(N,) int64: the first track of the material that goes the way of each to its goal; each its own where few are alike."""
    return material.derived(_same_way)


def _same_way(material: Material) -> np.ndarray:
    found = alike_ways(material.paths)
    return np.arange(len(material.paths)) if found is None else found


def different_ways(material: Material) -> tuple[Paths, np.ndarray]:
    """The different ways of all N tracks, and which of them each goes, (N,) int64."""
    return material.derived(_different_ways)


def _different_ways(material: Material) -> tuple[Paths, np.ndarray]:
    found, back = once(same_way(material), np.arange(len(material.paths)))
    return material.paths.take(found.index), back


def by_name_order(material: Material) -> np.ndarray:
    """(N,) int64: the place of each track in the order of their ids."""
    return material.derived(_by_name_order)


def _by_name_order(material: Material) -> np.ndarray:
    ids = material.paths.ids.astype(str)
    out = np.empty(len(ids), np.int64)
    out[np.argsort(ids, kind="stable")] = np.arange(len(ids))
    return out


def once(same: np.ndarray, index: np.ndarray) -> tuple[Counted, np.ndarray]:
    """The tracks ``index`` (n,), each way once, in the order in which the first of each comes; and which of these each track goes, (n,).
    same: (N,) of all tracks, equal where they are alike."""
    first_of = np.full(len(same), -1)
    back = same[index]
    first_of[back[::-1]] = np.arange(len(index))[::-1]  # the last that is written stays, which is the first of each
    first = np.sort(first_of[first_of >= 0])
    place = np.empty(len(same), np.int64)
    place[back[first]] = np.arange(len(first))
    back = place[back]
    return Counted(index[first], np.bincount(back, minlength=len(first))), back


def ways_of_known(material: Material, known: np.ndarray) -> Counted:
    """The different ways of the tracks ``known`` (m,): of each the first by its id, and these in that order."""
    order = by_name_order(material)[known]
    return once(same_way(material), known[np.argsort(order, kind="stable")])[0]


def numbered(places: np.ndarray, n_places: int) -> tuple[np.ndarray, np.ndarray]:
    """The different ones of places (n,), rising, and which of them each is."""
    there = np.zeros(n_places, bool)
    there[places] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[places]
