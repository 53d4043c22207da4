"""Another name for a zone or place of a project: nothing that was measured with it changes, so fits and scores hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from irlcore.errors import FeatureError
from irlcore.features.base import FeatureSpec
from irlcore.features.renaming import with_place_renamed
from irlcore.project.project import Project, remember

V = TypeVar("V")


def place_renamed(project: Project, old: str, new: str) -> Project:
    """The project with its zone or spot ``old`` called ``new`` everywhere: in features, fits and comparisons. FeatureError where there is
    no such place, or where the name is taken or empty."""
    known = {*project.zones, *project.spots}
    if old not in known:
        raise FeatureError(f"There is no zone or place called {old!r}.", "Choose one of the list.")
    if not new or new in known:
        raise FeatureError(f"A zone or place called {new!r} is there already, or the name is empty.", "Choose another name.")

    def renamed(specs: tuple[FeatureSpec, ...]) -> tuple[FeatureSpec, ...]:
        return tuple(with_place_renamed(spec, old, new) for spec in specs)

    moved = replace(project, zones=_with_name(project.zones, old, new), spots=_with_name(project.spots, old, new),
                    features=renamed(project.features), fits=tuple(replace(one, features=renamed(one.features)) for one in project.fits),
                    comparisons=tuple(replace(one, features=renamed(one.features)) for one in project.comparisons),
                    silencing=tuple(replace(one, zone=_renamed(one.zone, old, new), place=_renamed(one.place, old, new))
                                    for one in project.silencing))
    return remember(moved, f"Renamed {old} to {new}")


def _with_name(places: Mapping[str, V], old: str, new: str) -> dict[str, V]:
    """In the same order, which colours go by."""
    return {new if name == old else name: place for name, place in places.items()}


def _renamed(name: str, old: str, new: str) -> str:
    return new if name == old else name
