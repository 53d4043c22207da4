"""The list of a visitor's projects, without opening each: what it says of one stands in a small file beside its states."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.store.files import read_plain, write_new
from app.store.store import folder_of, highest, keys_of
from irlcore.errors import MotiveError
from irlcore.project.project import Project, now

MOST_LABEL = 100_000  # bytes read of a label; a name and a time are far shorter
MOST_NAME = 200  # characters of a name in the list
LABEL = "about.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the recent projects. saved: ISO time (UTC) of its last change, undo among them, of its file where that is not known. n: number
    of the newest state. agent_class, tracks, fits, verdicts: of it, "" and -1 where a former version noted none. kind: of its
    world, "" where none was noted."""

    key: str
    name: str
    saved: str
    n: int
    agent_class: str = ""
    tracks: int = -1
    fits: int = -1
    verdicts: int = -1
    kind: str = ""


def label(visitor: str, key: str, project: Project, changed: str = "") -> None:
    """Note of the newest state what the list says of it. It never fails: the state itself is saved. changed: ISO time, now where empty."""
    tracks = len(project.tracks) if project.tracks is not None else 0
    said = {"name": project.name[:MOST_NAME], "saved": changed or now(), "class": project.agent_class[:MOST_NAME], "tracks": tracks,
            "fits": len(project.fits), "verdicts": len(project.verdicts), "kind": "" if project.world is None else project.world.kind}
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
    name, saved, of, kind = "", "", "", ""
    counts = [-1, -1, -1]
    try:
        found = json.loads(read_plain(folder / LABEL, MOST_LABEL))
        name = str(found["name"])[:MOST_NAME]
        saved = datetime.fromisoformat(found["saved"]).astimezone(UTC).isoformat(timespec="seconds")
        of = str(found.get("class", ""))[:MOST_NAME]
        kind = str(found.get("kind", ""))[:MOST_NAME]
        counts = [value if type(value := found.get(what, -1)) is int else -1 for what in ("tracks", "fits", "verdicts")]
    except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError, AttributeError):
        saved = saved or _of_its_file(folder / f"{n}.motive")
    return Entry(key, name or "Project without a name", saved, n, of, counts[0], counts[1], counts[2], kind)


def changed_at(visitor: str, key: str) -> str:
    """When a project was changed last, ISO time; empty where that cannot be told."""
    try:
        entry = _entry(visitor, key)
    except (OSError, MotiveError):
        return ""
    return entry.saved if entry is not None else ""


def _of_its_file(path: Path) -> str:
    return datetime.fromtimestamp(path.lstat().st_mtime, UTC).isoformat(timespec="seconds")
