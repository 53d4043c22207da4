"""Saves the states of one open project one after the other, on a thread beside the page where it takes long: the newest wins."""

from __future__ import annotations

import errno
import threading
from typing import Literal

from app.faults import fault
from app.store.recent import label
from app.store.store import Taken, new_key, save_version
from irlcore.errors import MotiveError
from irlcore.project.project import Project
from irlcore.project.project_file import save_project

QUICK = 0.25  # seconds a page waits: the samples take 0.02 to 0.04, a click is not felt to wait below 0.3
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
TO_DO = "Keep your work with Save project. Motive tries again at the next change."
SaveState = Literal["", "saving", "saved", "not saved"]


class Saver:
    """One project of one visitor, as one window goes on with it.

    n: the newest state that is known to be in the store, the window's own; state: of the newest one handed over; trouble: why it is not
    saved, one line; copied: whether the store had moved on, so that the window's work goes on under a key of its own from here.
    """

    def __init__(self, visitor: str, key: str = "", n: int = 0) -> None:
        self.visitor = visitor
        self.key, self.n = key or new_key(), n
        self.state: SaveState = "saved" if n else ""
        self.trouble = ""
        self.copied = False
        self._lock = threading.Lock()
        self._next: Project | None = None
        self._last: Project | None = None
        self._thread: threading.Thread | None = None

    @property
    def unsaved(self) -> bool:
        """Whether the newest state handed over is not in the store (yet)."""
        return self.state in ("saving", "not saved")

    def save(self, project: Project, wait: float = QUICK) -> None:
        """Hand over the newest state; an older one that waits is passed over. It never raises, and returns after ``wait`` seconds."""
        with self._lock:
            if project is self._last and self.state == "saved":
                return  # back from another project
            self._next, self._last, self.state = project, project, "saving"
            if self._thread is None:
                # no daemon: a server that is stopped in the usual way ends what it has begun
                thread = threading.Thread(target=self._run, name="motive save")
                try:
                    thread.start()
                except RuntimeError:
                    self._next, self.state = None, "not saved"
                    self.trouble = f"Not saved: this machine can do no more at once. {TO_DO}"
                    return
                self._thread = thread
        self.settle(wait)

    def settle(self, wait: float) -> None:
        """Wait for what is being saved, at most so many seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(wait)

    def _run(self) -> None:
        while True:
            with self._lock:
                project, self._next = self._next, None
                if project is None:
                    self._thread = None
                    return
            trouble = self._write(project)
            with self._lock:
                if self._next is None:
                    self.trouble, self.state = trouble, "not saved" if trouble else "saved"

    def _write(self, project: Project) -> str:
        """Save one state; what is wrong in a line, empty where nothing is."""
        try:
            data = save_project(project)
            try:
                save_version(self.visitor, self.key, self.n + 1, data)
            except Taken:
                key = new_key()
                save_version(self.visitor, key, 1, data)
                self.key, self.n, self.copied = key, 0, True
            self.n += 1
            label(self.visitor, self.key, project)
        except OSError as error:
            return f"Not saved: {disk_words(error)}. {TO_DO}"
        except MotiveError as error:
            return f"Not saved: {error.what} {error.fix}"
        except Exception as error:  # a defect of ours: the page goes on, with the project in its hands
            return f"Not saved: {fault('the project cannot be written', error).what} {TO_DO}"
        return ""


def disk_words(error: OSError) -> str:
    """Why a folder cannot be written, without naming it."""
    if error.errno in FULL:
        return "the disk of Motive's folder is full"
    if error.errno in FORBIDDEN:
        return "Motive may not write to its folder"
    return f"Motive's folder cannot be used ({(error.strerror or type(error).__name__).lower()})"
