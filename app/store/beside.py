"""What lies beside a project while it is open: the desk, what was found on it, where the analyst looks. It lives on the server, not in the
window: a reloaded page goes on with it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from app.desk import Desk

Found = dict[str, dict[Hashable, object]]
"""What took long to find: its kind -> key -> what was found."""
LASTING = frozenset(("scores", "findings", "unexplained", "suggestions", "preview", "earlier scores", "crossed", "held-out choice"))
"""Kinds that live on the server: their keys, or they themselves, name the fit and its data. Others belong to the window, as what was read
of an upload does."""
PLAIN = (str, int, float, bool, type(None))
MOST_PLAIN = 1000  # of a list that a widget holds; characters of a text, times ten


@dataclass(slots=True)
class Beside:
    """Of one window, which changes it in place: whoever holds it has it as it is now.

    desk: what is drawn, proposed or just refitted. selected: the id of a track, looked_at: a place, -1 for none. choices: what the widgets
    that are to be remembered were set to.
    """

    desk: Desk = field(default_factory=Desk)
    selected: str = ""
    looked_at: int = -1
    choices: dict[str, object] = field(default_factory=dict)

    def copied(self) -> Beside:
        """For another window, which goes on from here by itself."""
        return Beside(self.desk, self.selected, self.looked_at, dict(self.choices))


def copied(found: Found) -> Found:
    """The same things for another window."""
    return {what: dict(of_key) for what, of_key in found.items()}


def is_plain(value: object) -> bool:
    """Whether a widget's value may be kept: no upload, no table."""
    if isinstance(value, str):
        return len(value) <= 10 * MOST_PLAIN
    if isinstance(value, list | tuple):
        return len(value) <= MOST_PLAIN and all(map(is_plain, value))
    return isinstance(value, PLAIN)
