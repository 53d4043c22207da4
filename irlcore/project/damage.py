"""What is said of a project file that cannot be opened, and what to do about it."""

from __future__ import annotations

from irlcore.errors import ProjectError

EARLIER = "Open an earlier copy; the project that is open now has not changed."
FOREIGN = "Choose a file that Motive saved."


def damaged(where: str, what: str) -> ProjectError:
    """The error of a field. where: its name ("fits[0].result.theta"). what: the rest of the sentence, without its end."""
    return ProjectError(f"The project file is damaged: {where} {what}.", EARLIER)


def need(sound: bool, where: str, what: str) -> None:
    """``damaged`` unless ``sound``."""
    if not sound:
        raise damaged(where, what)
