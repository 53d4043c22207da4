"""A file whose arrays do not fit together is refused: compiled kernels would read beyond them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from irlcore.errors import ProjectError
from irlcore.project import Project
from irlcore.project_file import load_project, save_project
from irlcore.samples import sample_project

TOWN = sample_project("town")


def at(values: np.ndarray, where: int, value: float) -> np.ndarray:
    changed = values.copy()
    changed[where] = value
    return changed


def mdp(**parts: Callable[[np.ndarray], np.ndarray]) -> Project:
    old = TOWN.world.mdp
    new = replace(old, **{name: work(getattr(old, name)) for name, work in parts.items()})
    return replace(TOWN, world=replace(TOWN.world, mdp=new))


def paths(**parts: Callable[[np.ndarray], np.ndarray]) -> Project:
    return replace(TOWN, paths=replace(TOWN.paths, **{name: work(getattr(TOWN.paths, name)) for name, work in parts.items()}))


def world(**parts: Callable[[np.ndarray], np.ndarray]) -> Project:
    return replace(TOWN, world=replace(TOWN.world, **{name: work(getattr(TOWN.world, name)) for name, work in parts.items()}))


BROKEN = {
    "an offset far out": lambda: mdp(choice_offsets=lambda a: at(a, 3, 10**9)),
    "offsets that fall": lambda: mdp(choice_offsets=lambda a: at(a, 3, 0)),
    "a successor that is no state": lambda: mdp(successors=lambda a: at(a, 0, 10**6)),
    "a negative successor": lambda: mdp(successors=lambda a: at(a, 0, -1)),
    "successors as fractions": lambda: mdp(successors=lambda a: a + 0.5),
    "a probability that is none": lambda: mdp(probabilities=lambda a: at(a, 0, np.nan)),
    "too few probabilities": lambda: mdp(probabilities=lambda a: a[:-1]),
    "a state of a choice": lambda: mdp(choice_state=lambda a: at(a, 0, 7)),
    "a place that is none": lambda: world(place_of_state=lambda a: at(a, 0, 10**6)),
    "lengths of other choices": lambda: world(choice_length=lambda a: a[1:]),
    "shapes cut short": lambda: world(shape_xy=lambda a: a[:-1]),
    "a choice that is none": lambda: paths(choices=lambda a: at(a, 0, 10**6)),
    "an end that is none": lambda: paths(last_state=lambda a: at(a, 0, -5)),
    "a goal that is none": lambda: paths(goal=lambda a: at(a, 0, 10**4)),
    "a path without choices": lambda: paths(offsets=lambda a: at(a, 1, 0)),
    "paths without a world": lambda: replace(TOWN, world=None),
    "tracks cut short": lambda: replace(TOWN, tracks=replace(TOWN.tracks, links=TOWN.tracks.links[:-1])),
}


def test_a_sound_project_opens() -> None:
    assert len(load_project(save_project(TOWN)).paths) == len(TOWN.paths)


@pytest.mark.parametrize("what", BROKEN)
def test_arrays_that_do_not_fit_together_are_refused(what: str) -> None:
    data = save_project(BROKEN[what]())
    with pytest.raises(ProjectError) as caught:
        load_project(data)
    assert "damaged" in caught.value.what and "earlier copy" in caught.value.fix
