"""What was worked out from a project's data, kept for as long as these stay the same.

A project is replaced at each change: a verdict, a note or a fit makes a new one, of which tracks, world and zones are the very objects that
they were before. What follows from these alone is kept beside the world's choices (``MDP.derived``), and so lives and goes with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from irlcore.project.places import Places, places_of
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.project.value_ground import counted_ahead
from irlcore.worlds.mdp import MDP

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """same: objects that must be the very ones. equal: what must be equal to them."""

    same: tuple[object, ...]
    equal: tuple[object, ...]
    value: Any


def _shelf(mdp: MDP, what: str) -> list[tuple[_Kept, ...]]:
    """What was kept of a kind, the one asked for last at the end: one tuple, which is replaced as a whole, so that another thread sees
    all of the old ones or all of the new."""
    return [()]


def kept(project: Project, what: str, work: Callable[[], T], same: tuple[object, ...] = (), equal: tuple[object, ...] = (),
         most: int = 2) -> T:
    """``work()``, done once for the project's tracks, world, paths, zones, spots, class, reference, agents and heeded verdicts as they
    are now, and the features that the newest fit's value features are of.

    what: names the kind. same, equal: what else it follows from, compared by identity and by value. most: how many are kept. ``work``
    must follow from nothing else. DataError where there is no world.
    """
    world, paths = need_world(project)
    same = (project.tracks, world, paths, project.zones, project.spots, project.heeded, *same)
    equal = (project.class_column, project.agent_class, project.period_column, project.reference_value, project.agent_column,
             () if project.fit is None else counted_ahead(project, project.fit.result.rationality), *equal)
    shelf = world.mdp.derived(_shelf, what)
    there = shelf[0]
    found = next((one for one in there if _fits(one, same, equal)), None) or _Kept(same, equal, work())
    shelf[0] = (*(one for one in there if one is not found), found)[-most:]
    value: T = found.value
    return value


def places_of_project(project: Project) -> Places:
    """The names of a project's places (``places_of``), made once for as long as its data, map files and goals stay the same."""
    return kept(project, "places", lambda: places_of(project), (project.map_files, project.goals))


def _fits(one: _Kept, same: tuple[object, ...], equal: tuple[object, ...]) -> bool:
    return len(one.same) == len(same) and all(a is b for a, b in zip(one.same, same, strict=True)) and one.equal == equal
