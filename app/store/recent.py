"""The list of a visitor's projects, without opening each: name and time stand in a small file beside its states."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from app.store.files import read_plain, write_new
from app.store.store import folder_of, highest, keys_of
from irlcore.errors import MotiveError
from irlcore.project.project import Project

MOST_LABEL = 100_000  # bytes read of a label; a name and a time are far shorter
MOST_NAME = 200  # characters of a name in the list
LABEL = "about.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the recent projects. saved: ISO time (UTC) of the last step of the project's own history, of its file where it has none."""

    key: str
    name: str
    saved: str
    n: int


def label(visitor: str, key: str, project: Project) -> None:
    """Note name and time of the newest state. It never fails: the state itself is saved."""
    said = {"name": project.name[:MOST_NAME], "saved": project.history[-1].made if project.history else ""}
    with suppress(OSError, ValueError):
        folder = folder_of(visitor, key)
        part = folder / f".1-{secrets.token_hex(4)}.part"  # state 1 is there, so that it is swept up with what was left behind
        try:
            write_new(part, json.dumps(said).encode())
            os.replace(part, folder / LABEL)
        finally:
            part.unlink(missing_ok=True)


def recent(visitor: str) -> list[Entry]:
    """The visitor's projects, the one changed last first; none where the store cannot be read. One that cannot be looked into, or is
    being removed in another tab, hides no other."""
    found: list[Entry] = []
    with suppress(OSError, MotiveError):
        for key in keys_of(visitor):
            with suppress(OSError):
                if (entry := _entry(visitor, key)) is not None:
                    found.append(entry)
    return sorted(found, key=lambda entry: (entry.saved, entry.key), reverse=True)


def _entry(visitor: str, key: str) -> Entry | None:
    n, folder = highest(visitor, key), folder_of(visitor, key)
    if not n:
        return None
    name, saved = "", ""
    try:
        found = json.loads(read_plain(folder / LABEL, MOST_LABEL))
        name = str(found["name"])[:MOST_NAME]
        saved = datetime.fromisoformat(found["saved"]).astimezone(UTC).isoformat(timespec="seconds")
    except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError):
        changed = (folder / f"{n}.motive").lstat().st_mtime
        saved = datetime.fromtimestamp(changed, UTC).isoformat(timespec="seconds")
    return Entry(key, name or "Project without a name", saved, n)
