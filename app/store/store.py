"""Projects on disk: ``home()/projects/<visitor>/<key>/<n>.motive``, n counting up by one for each state that was saved.

A state is written whole into a file beside, brought to the disk (fsync) and only then linked under its number. A link fails where the
number is taken, so that of two servers or windows that go on from the same state one alone writes the next: nothing is overwritten. Order
is by number; no clock is asked.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.store.files import is_folder, make_private, name_exclusively, read_plain, sync_folder, write_new
from app.store.home import home
from irlcore.errors import MotiveError, ProjectError
from irlcore.project.project import Project
from irlcore.project.project_file import load_project

MOST_VERSIONS = 10
VISITOR = re.compile(r"[0-9a-f]{32}")
KEY = re.compile(r"[0-9a-f]{16}")
VERSION = re.compile(r"([1-9][0-9]{0,17})\.motive")
ASIDE = re.compile(r"\.[0-9a-f]{16}-[0-9a-f]{8}")
PART = re.compile(r"\.([1-9][0-9]{0,17})-[0-9a-f]+\.part")
ELSEWHERE = "Open one of the recent projects on the Start page, or a project file."


class Taken(Exception):
    """Another server or window has gone on from the same state, or has removed the project."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A state read back. n: the highest number there is, which the next one goes on from; version: the one that could be read, the same
    unless the newer ones are damaged; earlier: numbers of the states before it, newest first."""

    project: Project
    n: int
    version: int
    earlier: tuple[int, ...]


def new_key() -> str:
    """A name for a project in addresses: worth nothing without the visitor's cookie."""
    return secrets.token_hex(8)


def save_version(visitor: str, key: str, n: int, data: bytes) -> None:
    """Write state n, which goes on from n - 1. Once it returns, the state is on the disk. Taken where n - 1 is no longer the newest;
    OSError where it cannot be written."""
    if highest(visitor, key) != n - 1:
        raise Taken
    folder = folder_of(visitor, key)
    for one in (folder.parent.parent, folder.parent, folder):
        make_private(one)
    target, part = folder / f"{n}.motive", folder / f".{n}-{secrets.token_hex(4)}.part"
    try:
        write_new(part, data)
        name_exclusively(part, target, data)
    except OSError:
        if highest(visitor, key) >= n:
            raise Taken from None
        raise
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    if highest(visitor, key) > n:  # n was free only because it is too old to be still kept
        target.unlink(missing_ok=True)
        raise Taken
    try:
        sync_folder(folder)
    except OSError:
        target.unlink(missing_ok=True)  # not promised, so it must not take the number of the next try
        raise
    _prune(folder, n)


def highest(visitor: str, key: str) -> int:
    """The newest number, readable or not; 0 where this visitor has no such project."""
    return max(_numbers(folder_of(visitor, key)), default=0)


def load_newest(visitor: str, key: str) -> Kept:
    """The newest state that can be read. ProjectError where there is none, in the same words whoever else may have one under this key."""
    numbers = sorted(_numbers(folder_of(visitor, key)), reverse=True)
    if not numbers:
        raise not_here()
    why = ""
    for i, n in enumerate(numbers):
        try:
            return Kept(_loaded(visitor, key, n), numbers[0], n, tuple(numbers[i + 1:]))
        except MotiveError as error:
            why = why or error.what
        except OSError as error:
            why = why or f"The newest cannot be read ({error.strerror})."
    raise ProjectError(f"None of the {len(numbers)} saved states of this project can be read. {why}", ELSEWHERE)


def load_version(visitor: str, key: str, n: int) -> Project | None:
    """One state, None where it is no longer there or cannot be read."""
    try:
        return _loaded(visitor, key, n)
    except (MotiveError, OSError):
        return None


def remove(visitor: str, key: str) -> None:
    """Take a project away for good. OSError where that cannot be done; once it is out of the list it counts as done."""
    folder = folder_of(visitor, key)
    if is_folder(folder) and is_folder(folder.parent):
        folder.rename(folder.with_name(f".{key}-{secrets.token_hex(4)}"))  # at once gone for everyone, then file by file
        with suppress(OSError):
            keys_of(visitor)


def keys_of(visitor: str) -> list[str]:
    """The projects that a visitor may have. OSError where the store cannot be read. What is left of removed ones, of those too whose
    removal was interrupted, is swept up."""
    folder = folder_of(visitor)
    if not is_folder(folder) or not is_folder(folder.parent):
        return []
    names = os.listdir(folder)
    for one in filter(ASIDE.fullmatch, names):
        shutil.rmtree(folder / one, ignore_errors=True)
    return [*filter(KEY.fullmatch, names)]


def folder_of(visitor: str, key: str = "") -> Path:
    """Where it is or would be. Names that could lead elsewhere are refused as if there were nothing of that name."""
    if not VISITOR.fullmatch(visitor) or (key and not KEY.fullmatch(key)):
        raise not_here()
    where = home() / "projects" / visitor
    return where / key if key else where


def not_here() -> ProjectError:
    """What to say of a key that this visitor does not have."""
    return ProjectError("The project of this address is not here.", f"It may have been made in another browser, or removed. {ELSEWHERE}")


def _loaded(visitor: str, key: str, n: int) -> Project:
    return load_project(read_plain(folder_of(visitor, key) / f"{n}.motive"))


def _numbers(folder: Path) -> list[int]:
    if not all(map(is_folder, (folder, folder.parent, folder.parent.parent))):
        return []
    return [int(found[1]) for one in os.listdir(folder) if (found := VERSION.fullmatch(one))]


def _prune(folder: Path, n: int) -> None:
    """The last ten states stay. What was being written for a number that is given by now will never be used."""
    try:
        for one in os.listdir(folder):
            version, part = VERSION.fullmatch(one), PART.fullmatch(one)
            if (version and int(version[1]) <= n - MOST_VERSIONS) or (part and int(part[1]) <= n):
                (folder / one).unlink(missing_ok=True)
    except OSError:
        return  # one too many is no harm, and the state is saved
