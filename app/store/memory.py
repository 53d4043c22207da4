"""Open projects with their undo, so that a reloaded page finds its own as it was, and what saves them: in memory, each visitor's apart.

What a visitor holds is bounded by bytes, and lasts some hours unused; a project that is too large by itself is held only until it is
saved. Another visitor's coming takes nothing away. The states themselves are in the store; what is lost here is undo beyond those kept
there.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from app.desk import Desk
from app.store.beside import Beside, Found
from app.store.saver import Saver
from irlcore.project.project import Project

MOST_BYTES = 256 * 1024**2  # a visitor; the samples take 1 to 3 MB with forty states
MOST_PROJECTS = 8  # a visitor
HOURS = 4.0  # unused; a lunch, not a night
LOOK = 60.0  # seconds between looks at what can be let go


class State(NamedTuple):
    """What undo leads back to: the project, what lay beside it, and where it is kept (None: in this session alone)."""

    project: Project
    desk: Desk
    saver: Saver | None

    def as_copy(self, saver: Saver) -> State:
        """The same of a copy of the project."""
        return State(replace(self.project, name=f"{self.project.name} (copy)"), self.desk, saver)


@dataclass(frozen=True, slots=True)
class Held:
    """An open project as a window had it. window: which one; beside, found: its own, changed by it in place."""

    now: State
    past: tuple[State, ...] = ()
    future: tuple[State, ...] = ()
    earlier: tuple[int, ...] = ()
    window: str = ""
    beside: Beside = field(default_factory=Beside)
    found: Found = field(default_factory=dict)

    def savers(self) -> set[Saver]:
        """Of all the projects that undo and redo lead to."""
        return {one.saver for one in (self.now, *self.past, *self.future) if one.saver is not None}


@dataclass(slots=True)
class _Entry:
    """used: monotonic seconds. too_large: even without any undo."""

    held: Held
    used: float
    too_large: bool


class Memory:
    """Held projects by visitor and key. Times are of the monotonic clock, which nobody sets back."""

    def __init__(self, most_bytes: int = MOST_BYTES, seconds: float = HOURS * 3600.0) -> None:
        self.most_bytes, self.seconds = most_bytes, seconds
        self._held: dict[str, dict[str, _Entry]] = {}
        self._savers: weakref.WeakSet[Saver] = weakref.WeakSet()  # some window, undo or thread holds each
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def saver(self, visitor: str, key: str = "") -> Saver:
        """What saves this project, for all windows of this server; a new one where nothing does, or for a new project."""
        with self._lock:
            found = next((one for one in self._savers if (one.visitor, one.key) == (visitor, key)), None)
            if found is None:
                found = Saver(visitor, key)
                self._savers.add(found)
            return found

    def hold(self, held: Held) -> None:
        """Keep a project as it is now, without what was found on it and the oldest steps of undo where it is too large, and the visitor's
        other ones that do not fit beside it no longer."""
        saver = held.now.saver
        if saver is None:
            return
        with self._lock:
            mine = self._held.setdefault(saver.visitor, {})
            mine.pop(saver.key, None)
            fits = _within(held, self.most_bytes)
            mine[saver.key] = _Entry(fits, time.monotonic(), _bytes_of([fits]) > self.most_bytes)
            for one in [*mine.values()][:-1]:
                if _bytes_of(other.held for other in mine.values()) > self.most_bytes:
                    one.held = replace(one.held, found={})
            for key in [*mine][:-1]:
                if len(mine) <= MOST_PROJECTS and _bytes_of(one.held for one in mine.values()) <= self.most_bytes:
                    break
                if not _unsaved(mine[key].held):
                    del mine[key]
            self._expire()

    def touch(self, visitor: str, key: str) -> None:
        """It is looked at still."""
        with self._lock:
            if (there := self._held.get(visitor, {}).get(key)) is not None:
                there.used = time.monotonic()

    def recall(self, visitor: str, key: str) -> Held | None:
        """What was held, None where nothing was."""
        with self._lock:
            self._expire()
            found = self._held.get(visitor, {}).get(key)
        if found is None or found.held.now.saver is None or found.held.now.saver.key != key:
            return None  # its work went on as a copy
        return found.held

    def forget(self, visitor: str, key: str) -> None:
        """The project was removed."""
        with self._lock:
            self._held.get(visitor, {}).pop(key, None)

    def _expire(self) -> None:
        """Let go of what was not used for long, and look again later: nobody may come for a while."""
        since = time.monotonic() - self.seconds
        for visitor, mine in list(self._held.items()):
            for key in [key for key, one in mine.items() if one.used < since or (one.too_large and not _unsaved(one.held))]:
                del mine[key]
            if not mine:
                del self._held[visitor]
        if self._held and self._timer is None:
            self._timer = threading.Timer(min(self.seconds, LOOK), self._later)
            self._timer.daemon = True
            self._timer.start()

    def _later(self) -> None:
        with self._lock:
            self._timer = None
            self._expire()


OPEN = Memory()
"""Of this server."""


def _unsaved(held: Held) -> bool:
    return held.now.saver is not None and held.now.saver.unsaved


def _within(held: Held, most: int) -> Held:
    """With what was found where that fits, and as much undo as does. The project itself stays: it may not be saved yet."""
    if held.found and _bytes_of([held]) > most:
        held = replace(held, found={})  # it can be found again; the window that has it goes on with it
    past, future = held.past, held.future
    while (past or future) and _bytes_of([replace(held, past=past, future=future)]) > most:
        past, future = past[(len(past) + 1) // 2:], ()
    return replace(held, past=past, future=future, earlier=held.earlier if len(past) == len(held.past) else ())


def _bytes_of(helds: Iterable[Held]) -> int:
    """Of all arrays and tables, one that several states share counted once."""
    seen: dict[int, int] = {}
    for held in helds:
        for state in (held.now, *held.past, *held.future):
            _count(state.project, seen)
        for of_key in [*held.found.values()]:
            for one in [*of_key.values()]:  # copied: the window goes on meanwhile
                _count(one, seen)
    return sum(seen.values())


def _count(value: object, seen: dict[int, int]) -> None:
    if id(value) in seen:
        return
    if isinstance(value, np.ndarray):
        seen[id(value)] = value.nbytes * (8 if value.dtype == object else 1)  # ids as Python texts: some 60 bytes each
    elif isinstance(value, pd.DataFrame):
        seen[id(value)] = int(value.memory_usage(deep=False).sum()) * 4
    elif is_dataclass(value):
        seen[id(value)] = 0
        for part in fields(value):
            _count(getattr(value, part.name), seen)
    elif isinstance(value, Mapping):
        for one in value.values():
            if isinstance(one, np.ndarray):  # zones; verdicts and texts weigh little beside tracks
                _count(one, seen)
    elif isinstance(value, tuple):
        for one in value:
            if is_dataclass(one) or isinstance(one, np.ndarray | tuple):
                _count(one, seen)
    elif sparse.issparse(value):
        for name in ("data", "indices", "indptr"):
            _count(getattr(value, name, None), seen)
