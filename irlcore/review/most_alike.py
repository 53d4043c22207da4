"""The ordinary tracks that a track is most like, and what they did otherwise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from irlcore.review.nearest import nearest_tracks
from irlcore.review.parts.base import Material
from irlcore.review.words import alike as words
from irlcore.review.words.amounts import STEPS
from irlcore.review.words.places import Said
from irlcore.worlds.world import World

MOST = 2
MAINLY = 0.25  # of what another track does not share with this one, that one street must make up to be named


@dataclass(frozen=True, slots=True, eq=False)
class MostAlike:
    """index: (k,) int64 into the paths, the nearest first. sentence: on them."""

    index: np.ndarray
    sentence: str


def most_alike(material: Material, ordinary: np.ndarray, index: int, called: str, said: Said) -> MostAlike:
    """Of the tracks ``ordinary`` (m,), the nearest to track ``index``. called: what one of them is."""
    world, paths = material.world, material.paths
    found, far = nearest_tracks(material, ordinary, index, MOST)
    own, (length, unit) = _choices(material, index), _lengths(world)
    if world.kind != "grid":
        whole = float(length[np.unique(own)].sum())
        found = found[far < whole * (1.0 - 1e-9)]
    elif not np.isfinite(far).all():
        found = found[np.isfinite(far)]
    if not len(found):
        return MostAlike(found, words.nearest((), called, "", (), 0.0, unit) if len(ordinary) and world.kind != "grid" else "")
    way = float(length[own].sum())
    longer = [float(length[_choices(material, int(i))].sum()) - way for i in found]
    names = [str(paths.ids[i]) for i in found]
    return MostAlike(found, words.nearest(names, called, _kept_to(material, found, own, length, said), longer, way, unit))


def _choices(material: Material, index: int) -> np.ndarray:
    paths = material.paths
    return paths.choices[paths.offsets[index]:paths.offsets[index + 1]]


def _lengths(world: World) -> tuple[np.ndarray, str]:
    """(M,) of choices with their unit; steps where some length is not known."""
    known = world.choice_length
    if np.isfinite(known).all() and (known > 0.0).any():
        return known, world.unit
    return np.ones(world.mdp.n_choices), STEPS


def _kept_to(material: Material, found: np.ndarray, own: np.ndarray, length: np.ndarray, said: Said) -> str:
    """The street that all of ``found`` went along for most of the way that they do not share, and the track did not go along; "" for
    none."""
    world = material.world
    if world.kind != "network":  # of cells each is a place of its own
        return ""
    went = {said(int(place)) for place in world.choice_place[own]}
    common: set[str] | None = None
    most: Counter[str] = Counter()
    for i in found.tolist():
        theirs = np.setdiff1d(_choices(material, i), own)
        along: Counter[str] = Counter()
        for choice in theirs.tolist():
            along[said(int(world.choice_place[choice]))] += float(length[choice])  # type: ignore[assignment]
        whole = sum(along.values())
        named = {name for name, one in along.items() if name not in went and one >= MAINLY * whole > 0.0}
        common = named if common is None else common & named
        most.update(along)
    return max(common or {""}, key=lambda name: (round(most[name], 6), name))
