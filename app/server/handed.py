"""What each visitor was given: his sessions, and the addresses of files that stood on his pages. Nobody else gets those.

Streamlit hands a file to whoever asks for its address, and the address is a digest of the content: who guesses the content can ask
whether someone works on it, and who learns an address has the file. So the gate reads along what Streamlit sends to a visitor's page, and
a file is his only where it was sent there as one: in a message's own field for the address of a file (``url``, ``favicon``), never in text,
which might be typed by someone who hopes for just that.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

FILE = re.compile(r"/media/([0-9A-Za-z._-]+)")
FILE_FIELDS = frozenset({"url", "favicon"})
MOST_FILES = 4000  # of one visitor; a page has some twenty, and older pages' files are gone anyway
MOST_SESSIONS = 400
KEPT = 3600.0  # seconds after his last page was closed; Streamlit forgets a session after two minutes
SMALL = 200_000  # bytes; the message that begins a session has some thousands


@dataclass
class _Given:
    files: OrderedDict[str, None] = field(default_factory=OrderedDict)
    sessions: OrderedDict[str, None] = field(default_factory=OrderedDict)
    open: int = 0
    last: float = 0.0


class Handed:
    """By visitor (any text that stands for him). For one thread, the server's loop."""

    def __init__(self) -> None:
        self._given: dict[str, _Given] = {}

    def opened(self, visitor: str) -> None:
        """A page of his is there."""
        self._forget()
        self._given.setdefault(visitor, _Given()).open += 1

    def closed(self, visitor: str) -> None:
        """A page of his is gone."""
        given = self._given[visitor]
        given.open, given.last = given.open - 1, time.monotonic()

    def note(self, visitor: str, message: bytes, session_known: bool) -> bool:
        """Read along one message to a page of his; True once the page's session is known, which one of its first messages tells."""
        begins = not session_known and len(message) < SMALL
        if not begins and b"/media/" not in message:
            return session_known
        told = ForwardMsg.FromString(message)
        given = self._given[visitor]
        for found in _files(told):
            _keep(given.files, found, MOST_FILES)
        if begins and told.WhichOneof("type") == "new_session":
            _keep(given.sessions, told.new_session.initialize.session_id, MOST_SESSIONS)
            return True
        return session_known

    def has_file(self, visitor: str, name: str) -> bool:
        """Whether the file of that name (what follows /media/) stood on a page of his."""
        given = self._given.get(visitor)
        return given is not None and name in given.files

    def has_session(self, visitor: str, session: str) -> bool:
        """Whether a session is his."""
        given = self._given.get(visitor)
        return given is not None and session in given.sessions

    def _forget(self) -> None:
        long_ago = time.monotonic() - KEPT
        for visitor in [one for one, given in self._given.items() if given.open == 0 and given.last < long_ago]:
            del self._given[visitor]


def _keep(kept: OrderedDict[str, None], what: str, most: int) -> None:
    kept[what] = None
    kept.move_to_end(what)
    while len(kept) > most:
        kept.popitem(last=False)


def _files(message: Any) -> Iterator[str]:
    """The names of files in a message's own fields for them, at whatever depth."""
    for known, value in message.ListFields():
        if known.type == known.TYPE_MESSAGE:
            if known.message_type.GetOptions().map_entry:
                continue  # texts by name, no element
            parts = [value] if hasattr(value, "ListFields") else value
            for part in parts:
                yield from _files(part)
        elif known.name in FILE_FIELDS and isinstance(value, str) and (found := FILE.fullmatch(value)):
            yield found[1]
