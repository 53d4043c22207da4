"""Saves the states of one open project one after the other, on a thread beside the page where it takes long: the newest wins.

A server has one saver for each project, which all windows on the project share (``app.store.memory``), those to come and those that undo
leads back to. So a window that is reloaded, a project that is opened again and one that is removed need no other saver than the one that
may be writing just then.
"""

from __future__ import annotations

import errno
import threading
from contextlib import suppress
from typing import Literal

from app.faults import fault
from app.store.candidates import Candidates, store
from app.store.recent import changed_at, label
from app.store.store import Taken, new_key, remove, save_version
from irlcore.errors import MotiveError
from irlcore.project.project import Project, now
from irlcore.project.project_file import save_project

QUICK = 0.25  # seconds a page waits: the samples take 0.02 to 0.04, a click is not felt to wait below 0.3
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
TO_DO = "Keep your work with Save project. Motive tries again at the next change."
SaveState = Literal["", "saving", "saved", "not saved"]


class Saver:
    """One project of one visitor, as this server goes on with it.

    n: the newest state that is known to be in the store; newest: the one handed over or read last; state: of that one; trouble: why it is
    not saved, one line; copied: whether another server had moved on, so that the work goes on under a key of its own from here.
    changed: ISO time at which the newest state was handed over, empty where that is not known; candidates: which were looked at, by all
    windows.
    """

    def __init__(self, visitor: str, key: str = "", n: int = 0) -> None:
        self.visitor = visitor
        self.key, self.n = key or new_key(), n
        self.newest: Project | None = None
        self.state: SaveState = "saved" if n else ""
        self.trouble = ""
        self.copied = False
        self.changed = ""
        self.candidates = Candidates()
        self._abreast: set[str] = set()  # windows that stand at the newest state; none where no window has shown any yet
        self._lock = threading.Lock()
        self._disk = threading.Lock()  # held while the store is written: nothing comes back after it was removed
        self._next: Project | None = None
        self._noting = False
        self._thread: threading.Thread | None = None

    @property
    def unsaved(self) -> bool:
        """Whether the newest state handed over is not in the store (yet)."""
        return self.state in ("saving", "not saved")

    def abreast(self, window: str) -> bool:
        """Whether a window may go on from where it is: no other one has done so meanwhile."""
        return not self._abreast or window in self._abreast

    def join(self, window: str, former: str) -> None:
        """A window shows the states of a former one, and stands where that one stood."""
        with self._lock:
            if former in self._abreast:
                self._abreast.add(window)

    def read(self, window: str, project: Project, n: int) -> None:
        """A window shows state n of the store. Where another server has gone on to it, this is the newest, and windows at an older one
        are left behind; where this server has gone on from it, the window is."""
        with self._lock:
            if self.unsaved or n < self.n:
                return
            if n > self.n:
                self._abreast.clear()
            self.n, self.newest, self.state, self.changed = n, project, "saved", changed_at(self.visitor, self.key)
            self._abreast.add(window)

    def save(self, project: Project, wait: float = QUICK, window: str = "") -> bool:
        """Hand over the newest state; an older one that waits is passed over. False where another window has gone on to another state:
        this one must go on elsewhere. It never raises, and returns after ``wait`` seconds."""
        with self._lock:
            same = project is self.newest  # back from another project, or reloaded
            if not same and not self.abreast(window):
                return False
            self._abreast = {window, *self._abreast} if same else {window}
            if not same or self.state == "not saved":
                self._next, self.newest, self.state, self.changed = project, project, "saving", now()
                self._begin()
        self.settle(wait)
        return True

    def note(self) -> None:
        """Bring the counts of candidates into the store, beside the page; with the first state where there is none yet. It never raises."""
        with self._lock:
            if self.n and self.candidates.unsaved:
                self._noting = True
                self._begin()

    def settle(self, wait: float) -> None:
        """Wait for what is being saved, at most so many seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(wait)

    def remove(self) -> None:
        """Take the project out of the store for good, with what is being saved of it; where it is open it stays so, and is kept anew
        once it is changed. OSError where that cannot be done."""
        with self._disk, self._lock:
            remove(self.visitor, self.key)
            self.key, self.n, self.state, self.trouble = new_key(), 0, "", ""
            self._next = self.newest = None
            self.candidates.unsaved = True

    def _begin(self) -> None:
        if self._thread is not None:
            return
        thread = threading.Thread(target=self._run, name="motive save")  # no daemon: a server that is stopped ends what it has begun
        try:
            thread.start()
        except RuntimeError:
            if self._next is None:
                return  # counts alone, which are tried again with the next ones
            self._next, self.state = None, "not saved"
            self.trouble = f"Not saved: this machine can do no more at once. {TO_DO}"
        else:
            self._thread = thread

    def _run(self) -> None:
        while True:
            with self._lock:
                project, key, self._next, noting, self._noting = self._next, self.key, None, self._noting, False
                if project is None and not noting:
                    self._thread = None
                    return
            if project is None:
                self._write_counts(key)
                continue
            trouble = self._write(project, key)
            self._write_counts(self.key)
            with self._lock:
                if self._next is None and self.state == "saving":
                    self.trouble, self.state = trouble, "not saved" if trouble else "saved"

    def _write(self, project: Project, key: str) -> str:
        """Save one state; what is wrong in a line, empty where nothing is."""
        try:
            data = save_project(project)
            with self._disk:
                if self.key == key:  # not removed meanwhile
                    self._write_next(data)
                    label(self.visitor, self.key, project, self.changed)
        except OSError as error:
            return f"Not saved: {disk_words(error)}. {TO_DO}"
        except MotiveError as error:
            return f"Not saved: {error.what} {error.fix}"
        except Exception as error:  # a defect of ours: the page goes on, with the project in its hands
            return f"Not saved: {fault('the project cannot be written', error).what} {TO_DO}"
        return ""

    def _write_counts(self, key: str) -> None:
        with suppress(OSError, MotiveError, ValueError), self._disk:  # they stay unsaved, and are tried again with the next ones
            if self.key == key and self.n and self.candidates.unsaved:
                store(self.visitor, key, self.candidates)

    def _write_next(self, data: bytes) -> None:
        try:
            save_version(self.visitor, self.key, self.n + 1, data)
        except Taken:
            key = new_key()
            save_version(self.visitor, key, 1, data)
            self.key, self.n, self.copied, self.candidates.unsaved = key, 0, True, True
        self.n += 1


def disk_words(error: OSError) -> str:
    """Why a folder cannot be written, without naming it."""
    if error.errno in FULL:
        return "the disk of Motive's folder is full"
    if error.errno in FORBIDDEN:
        return "Motive may not write to its folder"
    return f"Motive's folder cannot be used ({(error.strerror or type(error).__name__).lower()})"
