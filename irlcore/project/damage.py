"""What is said of a project file that cannot be opened, and what to do about it."""

from __future__ import annotations

from irlcore.budget import TooLarge
from irlcore.errors import MotiveError, ProjectError

EARLIER = "Open an earlier copy; the project that is open now has not changed."
FOREIGN = "Choose a file that Motive saved."


_DAMAGED = "The project file is damaged: "


def damaged(where: str, what: str) -> ProjectError:
    """The error of a field. where: its name ("fits[0].result.theta"). what: the rest of the sentence, without its end."""
    return ProjectError(f"{_DAMAGED}{where} {what}.", EARLIER)


def need(sound: bool, where: str, what: str) -> None:
    """``damaged`` unless ``sound``."""
    if not sound:
        raise damaged(where, what)


def not_to_be_opened(error: MotiveError) -> ProjectError:
    """What to say of a project that is about to be saved, and of which the file could not be opened again because of ``error``."""
    return ProjectError(f"The project cannot be saved: {error.what.removeprefix(_DAMAGED)}",
                        error.fix if isinstance(error, TooLarge) else "Undo the last change, or mend what is named here.")
