"""How the result of long work gets into the project."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app import session
from app.desk import Desk
from irlcore.errors import MotiveError
from irlcore.project.project import Project

T = TypeVar("T")


def into(begun_in: Project, add: Callable[[Project, T], Project], what: str,
         then: Callable[[T], Desk] | None = None) -> Callable[[T], None]:
    """How the result of long work gets into the project it was begun in; another one may have been opened meanwhile."""
    def take(result: T) -> None:
        now = session.project()
        if now.tracks is not begun_in.tracks or now.world is not begun_in.world:
            session.tell(MotiveError(f"A {what} ended after another project or world was opened, and was dropped.",
                             f"Start the {what} again where you need it."))
            return
        try:
            session.put(add(now, result), then(result) if then else None)
        except MotiveError as error:
            session.tell(error)
    return take
