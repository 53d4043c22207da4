"""The ordinary tracks that a track is most like, and what they did otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.review.nearest import nearest_tracks
from irlcore.review.parts.base import Material
from irlcore.review.words import beside as words
from irlcore.review.words.amounts import EVENTS, STEPS
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
    world = material.world
    found, far = nearest_tracks(material, ordinary, index, MOST)
    own, (length, unit) = _choices(material, index), _lengths(world)
    on_the_ground = world.kind == "grid"
    found = found[np.isfinite(far) if on_the_ground else far < float(length[np.unique(own)].sum()) * (1.0 - 1e-9)]
    if not len(found):
        alone = not on_the_ground and _shares_no_place(material, ordinary[ordinary != index], own)
        return MostAlike(found, words.nearest((), called, "", (), 0.0, unit) if alone else "")
    way = float(length[own].sum())
    longer = [float(length[_choices(material, int(i))].sum()) - way for i in found]
    names = [str(material.paths.ids[i]) for i in found]
    return MostAlike(found, words.nearest(names, called, _kept_to(material, found, own, length, said), longer, way, unit))


def _shares_no_place(material: Material, others: np.ndarray, own: np.ndarray) -> bool:
    """Whether there are others, and none of them came to a place that the steps ``own`` (n,) lead to."""
    into = material.world.choice_place
    return bool(len(others)) and not np.isin(into[own], into[material.paths.take(others).choices]).any()


def _choices(material: Material, index: int) -> np.ndarray:
    paths = material.paths
    return paths.choices[paths.offsets[index]:paths.offsets[index + 1]]


def _lengths(world: World) -> tuple[np.ndarray, str]:
    """(M,) of choices with their unit; steps where some length is not known."""
    known = world.choice_length
    if np.isfinite(known).all() and (known > 0.0).any():
        return known, world.unit
    return np.ones(world.mdp.n_choices), EVENTS if world.kind == "log" else STEPS


def _kept_to(material: Material, found: np.ndarray, own: np.ndarray, length: np.ndarray, said: Said) -> str:
    """The street that all of ``found`` went along farther than the track, by a good part of the way that they do not share with it; "" for
    none."""
    if material.world.kind != "network":  # of cells each is a place of its own
        return ""
    mine = _along(material.world, own, length, said)
    farther: list[dict[str, float]] = []
    for i in found.tolist():
        theirs = _choices(material, i)
        apart = float(length[np.setdiff1d(theirs, own)].sum())
        more = {name: way - mine.get(name, 0.0) for name, way in _along(material.world, theirs, length, said).items()}
        farther.append({name: way for name, way in more.items() if way >= MAINLY * apart > 0.0})
    common = set.intersection(*map(set, farther))
    return max(common, key=lambda name: (round(sum(one[name] for one in farther), 6), name), default="")


def _along(world: World, choices: np.ndarray, length: np.ndarray, said: Said) -> dict[str, float]:
    """How far these choices lead along each street."""
    out: dict[str, float] = {}
    for choice in choices.tolist():
        name = said(int(world.choice_place[choice]))
        out[name] = out.get(name, 0.0) + float(length[choice])
    return out
