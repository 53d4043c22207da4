"""What nobody foresaw, in words, and a report for whoever mends it: which error, where in our own code, in which versions. No data.

A report names no value, no name, no path of the user, and no message: even our own quote rows and features. It is kept under ``home()``.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import logging
import platform
import re
import secrets
import sys
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType

import irlcore
from app.store.files import is_folder, make_private, read_plain, write_over
from app.store.home import home
from irlcore.errors import MotiveError

MOST_FRAMES = 30  # of each error, the last ones: a recursion has a thousand
MOST_CAUSES = 5
MOST_REPORTS = 50
MOST_READ = 100_000  # bytes of a report
OURS = (Path(__file__).resolve().parent, Path(irlcore.__file__).resolve().parent)
NAMED = ("motive", "streamlit", "numpy", "scipy", "pandas", "numba", "cvxpy", "plotly", "shapely", "pyproj", "pyarrow")
LOG = logging.getLogger("motive")
LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Report:
    """text: without data. name: its file in the folder ``reports`` of Motive's own folder, empty where it could not be kept."""

    text: str
    name: str


class Fault(MotiveError):
    """A defect of ours or of the machine. ``report``: what is kept of it; ``details``: its text, shown folded."""

    def __init__(self, what: str, fix: str, report: Report) -> None:
        super().__init__(what, fix)
        self.report = report
        self.details = report.text


def fault(failed: str, error: BaseException) -> Fault:
    """``failed`` (a sentence without its full stop) because of ``error``, of which a report is kept."""
    made = report(error)
    if isinstance(error, MemoryError):
        why, fix = "it needs more memory than this machine has", "Use fewer tracks, larger cells, or a larger machine. "
    else:
        why, fix = f"something went wrong inside Motive ({type(error).__name__}: {_short(error)})", ""
    kept = f" with {made.name} (under Details, and in the folder reports of Motive's own folder): it holds no data" if made.name else ""
    return Fault(f"{failed}: {why}.",
                 f"{fix}Your project is unchanged. Save it, then undo the last change (both in the sidebar) or open another page. "
                 f"If it happens again, please report it{kept or ' with the details'}.", made)


def report(error: BaseException) -> Report:
    """Write what maintainers need to know of an error, and count how often it came. It never raises."""
    try:
        told = report_text(error)
    except Exception:  # an error whose own parts raise
        told = f"{versions()}\n{type(error).__name__}"
    LOG.error("%s", told)
    LOG.debug("with its message, which may quote data", exc_info=error)  # asked for on a machine of one's own
    name = f"{hashlib.sha256(told.encode()).hexdigest()[:16]}.txt"
    try:
        with LOCK:
            times = _kept(name, told)
        return Report(f"{told}\nSeen {times} time{'' if times == 1 else 's'}.\n", name)
    except Exception:  # a disk that is full or gone: the page needs the words all the same
        return Report(f"{told}\n", "")


def report_text(error: BaseException) -> str:
    """The error and what it came of, the newest last: kind, and our own lines on the way to it."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain and len(chain) < MOST_CAUSES:
        chain.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    parts = [versions()]
    for one in reversed(chain):
        kind = type(one)
        parts.append(kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__.split('.')[0]}: {kind.__name__}")
        parts += [f"  {frame}" for frame in [*_frames(one.__traceback__)][-MOST_FRAMES:]]
    return "\n".join(parts)


@cache
def versions() -> str:
    """Of Motive, of what it stands on, and of the system."""
    found = []
    for name in NAMED:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; {', '.join(found)}"


def _frames(at: TracebackType | None) -> Iterator[str]:
    """File, line and function of our own code; of others' which package, once where several follow each other."""
    last = ""
    for frame, line in traceback.walk_tb(at):
        where = _ours(frame.f_code.co_filename)
        said = f"{where}:{line} {frame.f_code.co_name}" if where else f"({_package(frame.f_globals.get('__name__'))})"
        if where or said != last:
            yield said
        last = said


@cache
def _ours(file: str) -> str:
    """The path of a file of ours from where the packages lie, empty for others'."""
    path = Path(file)
    for folder in OURS:
        if path.is_absolute() and path.is_relative_to(folder):
            return path.relative_to(folder.parent).as_posix()
    return ""


def _package(module: object) -> str:
    """The package of a module of others, where it is one that we use: a script of the user's may bear any name."""
    first = str(module).split(".")[0]
    return first if first in NAMED or first in sys.stdlib_module_names else "other code"


def _kept(name: str, told: str) -> int:
    """Write the report, or count it once more; how often it was seen. OSError where that cannot be done."""
    folder = home() / "reports"
    make_private(folder)
    target, times = folder / name, 1
    if target.exists() or target.is_symlink():
        seen = re.search(rb"\nSeen ([0-9]{1,9}) times?\.\n\Z", read_plain(target, MOST_READ))
        times = int(seen[1]) + 1 if seen else 1
    else:
        _make_room(folder)
    write_over(target, folder / f".{secrets.token_hex(4)}.part", f"{told}\nSeen {times} time{'' if times == 1 else 's'}.\n".encode())
    return times


def _make_room(folder: Path) -> None:
    """The report written longest ago goes where there are as many as are kept."""
    if is_folder(folder):
        for part in folder.glob(".*.part"):
            part.unlink(missing_ok=True)
        reports = sorted(folder.glob("*.txt"), key=lambda one: (one.lstat().st_mtime, one.name))
        for one in reports[:max(len(reports) - MOST_REPORTS + 1, 0)]:
            one.unlink(missing_ok=True)


def _short(error: BaseException) -> str:
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # an error whose own parts raise
        lines = []
    return lines[0][:200] if lines else "no message"
