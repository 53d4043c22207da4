"""A file whose arrays do not fit together is refused: compiled kernels would read beyond them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.hostile.opened import written
from irlcore.analysis.study import fit_record
from irlcore.errors import ProjectError
from irlcore.features.base import FeatureSpec
from irlcore.project.loading import with_time_bands
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.rules import Array
from irlcore.project.samples import sample_project
from irlcore.project.schema import KINDS, RULES, hints, without_rule
from irlcore.worlds.clock import Bands

TOWN = sample_project("town")

DEPARTURES = replace(TOWN, tracks=replace(TOWN.tracks, attributes=TOWN.tracks.attributes.assign(
    departure=np.arange(len(TOWN.tracks)) % 24)))
CLOCK = with_time_bands(DEPARTURES, Bands((6.0, 22.0)))
FITTED = fit_record(replace(TOWN, features=(FeatureSpec("step", "step", {}),)), "maxent")


def at(values: np.ndarray, where: int, value: float) -> np.ndarray:
    changed = values.copy()
    changed[where] = value
    return changed


def unchecked(old: object, **parts: Callable[[np.ndarray], np.ndarray]) -> Any:
    """A copy with other arrays, as only a damaged file can hold them: made anew they would be refused."""
    new = copy.copy(old)
    for name, work in parts.items():
        object.__setattr__(new, name, work(getattr(old, name)))
    return new


def mdp(**parts: Callable[[np.ndarray], np.ndarray]) -> Project:
    return replace(TOWN, world=replace(TOWN.world, mdp=unchecked(TOWN.world.mdp, **parts)))


def paths(**parts: Callable[[np.ndarray], np.ndarray]) -> Project:
    return replace(TOWN, paths=unchecked(TOWN.paths, **parts))


def world(**parts: Callable[[np.ndarray], np.ndarray]) -> Project:
    return replace(TOWN, world=replace(TOWN.world, **{name: work(getattr(TOWN.world, name)) for name, work in parts.items()}))


def clock(**parts: object) -> Project:
    old = CLOCK.world.settings
    return replace(CLOCK, world=replace(CLOCK.world, settings={**old, "clock": {**old["clock"], **parts}}))


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
    "probabilities that do not sum to 1": lambda: mdp(probabilities=lambda a: at(a, 0, 0.5)),
    "a goal's state that is none": lambda: replace(TOWN, paths=unchecked(TOWN.paths, goals=lambda g: unchecked(
        g, states=lambda a: at(a, 0, 10**6)))),  # type: ignore[arg-type, return-value]
    "a discount that is none": lambda: replace(TOWN, fits=(replace(FITTED, result=replace(FITTED.result, gamma=1.5)),)),
    "a choice that is none": lambda: paths(choices=lambda a: at(a, 0, 10**6)),
    "an end that is none": lambda: paths(last_state=lambda a: at(a, 0, -5)),
    "a goal that is none": lambda: paths(goal=lambda a: at(a, 0, 10**4)),
    "a goal that is not where the path ends": lambda: paths(goal=lambda a: at(a, 0, (a[0] + 1) % (a.max() + 1))),
    "a goal that shares a state with another": lambda: replace(TOWN, paths=unchecked(TOWN.paths, goals=lambda g: unchecked(
        g, states=lambda a: at(a, 0, a[1])))),  # type: ignore[arg-type, return-value]
    "a path without choices": lambda: paths(offsets=lambda a: at(a, 1, 0)),
    "paths without a world": lambda: replace(TOWN, world=None),
    "bands that do not divide the states": lambda: clock(n_bands=7),
    "bands that are none": lambda: clock(edges=[22.0, 6.0]),
    "bands without their edges": lambda: replace(TOWN, world=replace(TOWN.world, settings={"clock": {"n_bands": 1}})),
    "more bands than are named": lambda: clock(n_bands=1),
    "copies at other places": lambda: replace(CLOCK, world=replace(CLOCK.world, place_of_state=at(CLOCK.world.place_of_state, 0, 1))),
    "a choice into another band": lambda: replace(CLOCK, world=replace(CLOCK.world, mdp=replace(
        CLOCK.world.mdp, successors=at(CLOCK.world.mdp.successors, 0, CLOCK.world.mdp.n_states - 1)))),
    "edges that are lists": lambda: clock(edges=[[6.0], [22.0]]),
    "a shift that is a word": lambda: clock(shift_h="x"),
    "a clock that is a list": lambda: replace(CLOCK, world=replace(CLOCK.world, settings={**CLOCK.world.settings, "clock": [1]})),
    "a feature whose number is a word": lambda: replace(TOWN, features=(FeatureSpec("at", "bump", {"radius": "wide"}),)),
    "a feature of no kind": lambda: replace(TOWN, features=(FeatureSpec("at", "smell"),)),
    "parameters that are a list": lambda: replace(TOWN, features=(FeatureSpec("at", "step", ["x"]),)),  # type: ignore[arg-type]
    "a habit without its fit": lambda: replace(TOWN, features=(FeatureSpec("habit", "habit", {"of": "turn", "fit": {"features": 5}}),)),
    "tracks cut short": lambda: replace(TOWN, tracks=replace(TOWN.tracks, links=TOWN.tracks.links[:-1])),
}


def test_a_sound_project_opens() -> None:
    assert len(load_project(save_project(TOWN)).paths) == len(TOWN.paths)


def test_a_project_with_a_clock_opens_with_it() -> None:
    again = load_project(save_project(CLOCK))
    assert again.world.n_bands == 2 and again.world.settings == CLOCK.world.settings
    assert np.array_equal(again.paths.choices, CLOCK.paths.choices)


@pytest.mark.parametrize("what", BROKEN)
def test_arrays_that_do_not_fit_together_are_refused(what: str) -> None:
    data = written(BROKEN[what]())
    with pytest.raises(ProjectError) as caught:
        load_project(data)
    assert "damaged" in caught.value.what and "earlier copy" in caught.value.fix


@pytest.mark.parametrize("what", BROKEN)
def test_what_could_not_be_opened_again_is_not_saved(what: str) -> None:
    with pytest.raises(ProjectError, match="The project cannot be saved: ") as caught:
        save_project(BROKEN[what]())
    assert "damaged" not in caught.value.what and "Undo" in caught.value.fix


def test_every_field_of_every_kind_has_a_rule() -> None:
    assert without_rule() == []
    every = {f"{kind.__name__}.{name}" for kind in KINDS.values() for name in hints(kind)}
    assert set(RULES) <= every
    assert not [where for where, rule in RULES.items() if isinstance(rule, Array) and not rule.shape]


def test_a_field_that_is_added_without_a_rule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for where in ("FitResult.theta", "Verdict.reason", "Project.zones", "World.settings"):
        monkeypatch.delitem(RULES, where)
    assert sorted(without_rule()) == ["FitResult.theta", "Project.zones", "Verdict.reason", "World.settings"]
