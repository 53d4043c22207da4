"""A folder of tables: who may read which, every CSV and Parquet file in it, told apart by its columns.

Whoever runs a server decides which folders its visitors may name: none unless the server serves only the one who sits at it (who can
read them anyway), or those within roots that are named. No link leads out: folders are opened part by part from the root and files
without following a link, so that what is swapped in meanwhile is refused too. A hard link cannot be told from its file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from irlcore.budget import within
from irlcore.errors import DataError
from irlcore.tracks.cells import shown
from irlcore.tracks.columns import guess_role
from irlcore.tracks.completed import completed
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.files.named_crs import CRS
from irlcore.tracks.problems import sentences
from irlcore.tracks.sources import Role
from irlcore.tracks.trips.codes import FILES
from irlcore.tracks.unfold import unfolded

VARIABLE = "MOTIVE_FOLDERS"
ENDINGS = (".csv", ".csv.gz", ".tsv", ".txt", ".zip", ".parquet", ".plt", ".gpx", ".gpx.gz", ".geojson", ".json", ".xlsx", ".graphml",
           ".kml", ".tcx", ".xes", ".xes.gz", ".gpkg", ".shp", ".dbf", ".prj", ".cpg")
MOST_FILES = 200
LONGEST_STEM = 40  # letters of a file's name in the id of a track
MOST_ENTRIES = 20_000  # of a folder, tables or not: what is looked through for them
BY_PARTS = os.open in os.supports_dir_fd and os.scandir in os.supports_fd and hasattr(os, "O_NOFOLLOW")
"""Whether the system can open from an open folder. Where it cannot (Windows) no folder is read, for a link might lead out unseen."""
_BESIDE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
AS_FOLDER = os.O_RDONLY | _BESIDE | getattr(os, "O_DIRECTORY", 0)
AS_FILE = os.O_RDONLY | _BESIDE | getattr(os, "O_NONBLOCK", 0)  # a pipe without a writer must not hold the page


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which folders may be read. roots: those within these. anywhere: all that the server's account can read."""

    roots: tuple[Path, ...] = ()
    anywhere: bool = False

    def __bool__(self) -> bool:
        return self.anywhere or bool(self.roots)


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table of a folder: its name there, size in bytes, and what tells this state of it from others."""

    name: str
    size: int
    key: tuple[object, ...]
    folder: str
    allowed: Allowed

    def open(self) -> BinaryIO:
        """The file, to be read, under the same rules as when it was listed; DataError where it is no longer there."""
        at, here, bound = _opened(self.folder, self.allowed)
        try:
            return os.fdopen(_opened_file(at, here, bound, self.name), "rb")
        except OSError as error:
            raise DataError(f"{self.name} is no longer there, or not an ordinary file of its folder.", "Read the folder again.") from error
        finally:
            os.close(at)


def allowed(local: bool, roots: str) -> Allowed:
    """What a server lets its visitors read. local: it serves only the one who sits at it. roots: folders as ``MOTIVE_FOLDERS`` names
    them, with the system's sign between them; where there are any, they hold for a local server too."""
    if not BY_PARTS:
        return Allowed()
    parts = [part.strip() for part in roots.split(os.pathsep) if part.strip()]
    return Allowed(tuple(filter(None, map(_root, parts))), local and not parts)


def _root(part: str) -> Path | None:
    """A folder that is named as a root; None where there cannot be one (the home of a user who is not there), which opens no other."""
    try:
        return Path(os.path.realpath(Path(part).expanduser()))
    except (OSError, ValueError, RuntimeError):
        return None


def refusal(allowed: Allowed) -> DataError:
    """The same words for a folder that is not there, must not be read, or lies elsewhere: they tell nothing about it."""
    if allowed.roots:
        return DataError("That folder cannot be read here.", f"Name one within {', '.join(map(str, allowed.roots))}.")
    return DataError("That folder cannot be read here.", "Type the full path of a folder that you may read." if allowed.anywhere
                     else "Upload the files.")


def table_files(folder: str | Path, allowed: Allowed) -> tuple[list[TableFile], list[str]]:
    """The tables in a folder by name, and the names of those that are left out: no ordinary files of it (links that lead out, pipes,
    devices), or of a name that is no text, which no page can show. DataError where it must not be read or holds nothing to read,
    ``TooLarge`` where too much."""
    at, here, bound = _opened(folder, allowed)
    found, left_out = [], []
    try:
        with os.scandir(at) as entries:
            for number, entry in enumerate(entries):
                if number >= MOST_ENTRIES:  # what comes after would be missed without a word, and in no order
                    raise DataError(f"That folder holds more than {MOST_ENTRIES:,} files and folders.", "Give the tables their own.")
                if not entry.name.lower().endswith(ENDINGS) or entry.is_dir(follow_symlinks=False):
                    continue
                try:
                    entry.name.encode()
                    opened = _opened_file(at, here, bound, entry.name)
                except (OSError, UnicodeEncodeError):
                    left_out.append(entry.name)
                    continue
                about = os.fstat(opened)
                os.close(opened)
                key = (str(folder), entry.name, about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)
                found.append(TableFile(entry.name, about.st_size, key, str(folder), allowed))
    finally:
        os.close(at)
    return _within_limits(found, left_out), sorted(left_out)


def _within_limits(found: list[TableFile], left_out: list[str]) -> list[TableFile]:
    if not found:
        more = " Links that lead out of it are not followed, and names must be text." if left_out else ""
        raise DataError(f"That folder holds no CSV or Parquet file that can be read.{more}", f"Endings read: {', '.join(ENDINGS)}.")
    if len(found) > MOST_FILES:
        raise DataError(f"That folder holds {len(found)} tables.", f"Choose one with at most {MOST_FILES}.")
    total = sum(one.size for one in found)
    within("unpacked", total, f"The tables of that folder have {total:,} bytes together.", "Choose a folder with less.")
    return sorted(found, key=lambda one: one.name)


def _opened(folder: str | Path, allowed: Allowed) -> tuple[int, Path, Path]:
    """The folder, open, with its path, and where files linked from it must lie: the root it is in, or itself where any may be read."""
    try:
        asked = Path(os.path.realpath(Path(folder).expanduser()))
        root = Path(asked.anchor) if allowed.anywhere else next((r for r in allowed.roots if asked.is_relative_to(r)), None)
        if root is None or "\0" in str(folder):
            raise refusal(allowed)
        return _walked(root, asked.relative_to(root).parts), asked, root if allowed.roots else asked
    except (OSError, ValueError, RuntimeError) as error:
        raise refusal(allowed) from error


def _walked(root: Path, parts: tuple[str, ...]) -> int:
    """The folder ``parts`` below ``root``, open; OSError where any part of the way is a link, or no folder."""
    at = os.open(root, AS_FOLDER)
    for part in parts:
        try:
            after = os.open(part, AS_FOLDER, dir_fd=at)
        finally:
            os.close(at)
        at = after
    return at


def _opened_file(at: int, here: Path, bound: Path, name: str) -> int:
    """A file of the open folder ``at``, open: an ordinary one, or a link to one within ``bound``. OSError for anything else."""
    try:
        opened = os.open(name, AS_FILE, dir_fd=at)
    except OSError:
        opened = _linked(at, here, bound, name)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError("no ordinary file")
    return opened


def _linked(at: int, here: Path, bound: Path, name: str) -> int:
    """What a link leads to, where that lies within ``bound``: walked to from there, for a link may change while it is looked at."""
    target = Path(os.path.realpath(Path(here, os.readlink(name, dir_fd=at))))
    inner = target.relative_to(bound).parts if target.is_relative_to(bound) else ()
    if not inner:
        raise OSError("leads out")
    folder = _walked(bound, inner[:-1])
    try:
        return os.open(inner[-1], AS_FILE, dir_fd=folder)
    finally:
        os.close(folder)


def by_role(tables: Mapping[str, pd.DataFrame], roles: Mapping[str, Role] | None = None) -> dict[Role, pd.DataFrame]:
    """Tables by what they hold; several of one kind with the same columns (one file a day, say) become one.

    roles: file name -> role where the analyst knows better than the guess.
    """
    out: dict[Role, pd.DataFrame] = {}
    alike: dict[Role, list[tuple[str, pd.DataFrame]]] = {}
    unsure: list[str] = []
    for name, table in tables.items():
        role = (roles or {}).get(name) or guess_role(table)
        if role == "unknown":
            unsure.append(name)
        if role == "points":
            table = completed(unfolded(table), Path(name).stem[:LONGEST_STEM])
        if role not in out:
            out[role] = table
        elif role == "attributes":
            out[role] = out[role].merge(table, how="outer", on=[c for c in table.columns if c in out[role].columns] or None)
        elif role != "unknown" and set(table.columns) != set(out[role].columns):
            raise DataError(f"{name} holds {role}, as another file does, but with other columns.",
                            "Load one of them, or give both the same columns.")
        alike.setdefault(role, []).append((Path(name).stem[:LONGEST_STEM], table))
    for role, several in alike.items():
        if len(several) > 1 and role not in ("attributes", "unknown"):
            out[role] = _joined([table for _, table in several])
            if role in ("points", "paths", "events", "choices"):
                out[role].attrs[FILES] = [(stem, len(table)) for stem, table in several]
    for role in ("points", "paths", "events", "choices"):
        if role in out and unsure:
            unused = f"Not used, for what they hold is not known: {', '.join(map(shown, unsure[:5]))}. Say it above if they belong here."
            out[role] = out[role].copy(deep=False)  # the table is the caller's
            out[role].attrs[SAID] = [*sentences(out[role]), unused]
    return out


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of tables with the same columns, in any order, and what is to be told of all. DataError where they name several projections.
    Put together at once: one by one each would be copied again."""
    named = {str(table.attrs.get(CRS, "")) for table in tables}
    if len(named) > 1:
        raise DataError(f"Files of one kind name several projections ({', '.join(sorted(filter(None, named)))}).", "Bring all to one.")
    made = pd.concat([table[tables[0].columns] for table in tables], ignore_index=True)
    told = list(dict.fromkeys(one for table in tables for one in sentences(table)))
    made.attrs = {**tables[0].attrs, **({SAID: told} if told else {})}
    return made
