"""What the Intent page keeps for the next track: the ways of a fit to every goal, in the memory of the server, apart from the projects.

It is up to 256 MB a fit where the model holds one belief a trip, and some 2 MB else, and can be found again in the time that it took. So it
takes nothing from the memory of projects, whose undo cannot be found again: each visitor has the newest fit's alone, and all visitors
together a bound in bytes, beyond which those go that were used the longest ago. A reloaded page finds its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable
from typing import NamedTuple

from irlcore.analysis.onward import MOST_BYTES as MOST_OF_A_FIT
from irlcore.analysis.onward import Towards
from irlcore.errors import MotiveError

MOST_BYTES = 2.0 * MOST_OF_A_FIT
HOURS = 4.0  # unused
Sought = Towards | MotiveError
"""What was found, or why it cannot be."""


class _Entry(NamedTuple):
    key: Hashable
    found: Sought
    used: float


class Ways:
    """One fit's ways a visitor. Times are of the monotonic clock."""

    def __init__(self, most_bytes: float = MOST_BYTES, seconds: float = HOURS * 3600.0) -> None:
        self.most_bytes, self.seconds = most_bytes, seconds
        self._held: dict[str, _Entry] = {}  # the one used last at the end
        self._lock = threading.Lock()

    def find(self, owner: str, key: Hashable) -> Sought | None:
        """What was kept for this visitor and ``key``, None where nothing was."""
        with self._lock:
            self._expire()
            held = self._held.get(owner)
            if held is None or held.key != key:
                return None
            self._held.pop(owner)
            self._held[owner] = held._replace(used=time.monotonic())
            return held.found

    def keep(self, owner: str, key: Hashable, found: Sought) -> None:
        """Keep it in place of what this visitor had, and let those of others go, the one used the longest ago first, where it does not fit
        beside them."""
        with self._lock:
            self._expire()
            self._held.pop(owner, None)
            self._held[owner] = _Entry(key, found, time.monotonic())
            while len(self._held) > 1 and self.bytes() > self.most_bytes:
                self._held.pop(next(iter(self._held)))

    def bytes(self) -> int:
        """Of all that is kept."""
        return sum(one.found.nbytes for one in self._held.values() if isinstance(one.found, Towards))

    def _expire(self) -> None:
        since = time.monotonic() - self.seconds
        for owner in [owner for owner, one in self._held.items() if one.used < since]:
            del self._held[owner]


WAYS = Ways()
"""Of this server."""
