"""How the result of long work gets into the project."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from app import session
from app.desk import Desk
from app.store.candidates import digest_of
from irlcore.errors import MotiveError
from irlcore.project.project import Project

T = TypeVar("T")


def same_ground(one: Project, other: Project) -> bool:
    """Whether two projects have the same tracks in the same world: as the same objects, or as what a reloaded page has read anew from the
    store while the work went on."""
    if one.tracks is other.tracks and one.world is other.world:
        return True
    if one.tracks is None or other.tracks is None or one.world is None or other.world is None:
        return False
    ours, theirs = one.world, other.world
    plain = (ours.kind, ours.unit, ours.crs, ours.settings) == (theirs.kind, theirs.unit, theirs.crs, theirs.settings)
    arrays = [(getattr(ours.mdp, name), getattr(theirs.mdp, name)) for name in ("choice_offsets", "successors", "probabilities")]
    return (plain and np.array_equal(ours.place_names, theirs.place_names) and all(np.array_equal(a, b) for a, b in arrays)
            and digest_of(one.tracks) == digest_of(other.tracks))


def into(begun_in: Project, add: Callable[[Project, T], Project], what: str,
         then: Callable[[T], Desk] | None = None) -> Callable[[T], None]:
    """How the result of long work gets into the project it was begun in; another one may have been opened meanwhile."""
    def take(result: T) -> None:
        now = session.project()
        if not same_ground(now, begun_in):
            session.tell(MotiveError(f"A {what} ended after another project or world was opened, and was dropped.",
                             f"Start the {what} again where you need it."))
            return
        try:
            session.put(add(now, result), then(result) if then else None)
        except MotiveError as error:
            session.tell(error)
    return take
