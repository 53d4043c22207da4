"""Items of one call on workers elsewhere: who takes which, what comes back, and what becomes of those whose worker died.

A worker takes first what it had the last time, since what a goal remembers stays with it; who has nothing left takes from the others. Parts
come back with their places, so who adds them up does so in the order of the items whatever the workers did.
"""

from __future__ import annotations

import math
import pickle
import queue
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from irlcore.engine.control import Control
from irlcore.engine.parcels import LARGE, Entry, Keeper, is_kept, needed
from irlcore.engine.serve import Chunk, Reply, Task
from irlcore.engine.threads import pace
from irlcore.errors import MotiveError

LEAST_S, MOST_S = 0.05, 0.5
"""Seconds of work in a chunk, where there is so much: to hand it over costs next to nothing, and progress and balance are kept."""
LOOK_S = 0.1  # seconds between two looks for a stop
MOST_DEATHS = 4
"""Workers that may die over the same item before it is given up: the first may have had others, too; those after it have it alone."""


@dataclass(eq=False)
class Remote:
    """One place where work is done: a process, or a thread of a worker of a cluster. holds: numbers of what it keeps, shared by all places
    of one process; forget: numbers to tell it of. at: the places of the items it is at work on; run: of which run, -1 where it is idle.
    channel: what an engine reaches it by."""

    name: str
    holds: set[int] = field(default_factory=set)
    forget: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    run: int = -1
    channel: Any = None


class Pool(ABC):
    """Workers elsewhere. sent, received: bytes so far."""

    def __init__(self, far: bool, least_s: float = LEAST_S) -> None:
        """least_s: seconds of work that are worth sending."""
        self.keeper, self.least_s = Keeper(far), least_s
        self.replies: queue.SimpleQueue[tuple[Remote, bytes | BaseException | None]] = queue.SimpleQueue()
        self.sent = self.received = 0
        self._turn = threading.Lock()

    @abstractmethod
    def remotes(self) -> list[Remote]:
        """All that are there now; those that died may be replaced. Raises MotiveError where there is none to be had."""

    @abstractmethod
    def place(self, entry: Entry, data: bytearray) -> None:
        """Put the bytes of a large thing where every worker finds them, if that can be done: ``entry.place``."""

    def placed(self, entry: Entry) -> bool:
        """Whether they still stand there."""
        return entry.place is not None

    @abstractmethod
    def post(self, remote: Remote, body: bytes, placed: Sequence[Entry]) -> None:
        """Send a chunk; its reply, the error, or None where the worker died, comes to ``replies``. placed: what it needs of what was
        placed. Raises OSError where the worker is gone."""

    @abstractmethod
    def stop(self, run: int, limit: int) -> None:
        """Tell all workers that items behind ``limit`` are not wanted any more."""

    @abstractmethod
    def forget(self, entry: Entry) -> None:
        """Take away what was placed."""

    @abstractmethod
    def look(self) -> None:
        """Look after workers: called every ``LOOK_S`` or so; those found dead are told to ``replies``."""

    @abstractmethod
    def close(self) -> None:
        """End what this engine began."""

    @contextmanager
    def turn(self, control: Control) -> Iterator[None]:
        """One call at a time; a stop is heeded while another is waited for."""
        while not self._turn.acquire(timeout=LOOK_S):
            control.check()
        try:
            yield
        finally:
            self._turn.release()


def spread(pool: Pool, task: Task, items: Sequence[Any], name: str, control: Control, message: str,
           taken: Callable[[int, Any], None]) -> None:
    """``taken(at, part)`` of every item, in any order; an error stops the items after it, and that of the first item is raised."""
    with pool.turn(control):
        run = _Run(pool, task, items, name, control, message, taken)
        try:
            run.go()
        except BaseException:
            pool.stop(pool.keeper.run, -1)
            raise
        finally:
            pool.keeper.end_run()


class _Run:
    def __init__(self, pool: Pool, task: Task, items: Sequence[Any], name: str, control: Control, message: str,
                 taken: Callable[[int, Any], None]) -> None:
        self.pool, self.items, self.name, self.control, self.message, self.taken = pool, items, name, control, message, taken
        self.n, self.ended, self.failed, self.error = len(items), 0, len(items), None  # type: int, int, int, BaseException | None
        for entry in pool.keeper.next_run():
            pool.forget(entry)
            for remote in pool.remotes():
                if entry.number in remote.holds:
                    remote.forget.append(entry.number)
                    remote.holds.discard(entry.number)
        self.task = pool.keeper.number_of(task)
        self.numbers = [pool.keeper.number_of(item) if is_kept(item) else -1 for item in items]
        if items and not is_kept(items[0]):
            pool.keeper.packed(items[0])  # raises NotSendable before anything is done
        self.left = deque(range(self.n))
        self.deaths = [0] * self.n
        self.flying: set[Remote] = set()

    def go(self) -> None:
        """Until all items in front of the first that failed are done."""
        while True:
            self.control.check()
            remotes = self.pool.remotes()
            for remote in remotes:
                if remote.run < 0 and self.left:
                    self._begin(remote, len(remotes))
            if not self.left and not any(remote.at[0] < self.failed for remote in self.flying):
                break
            self._hear()
        if self.error is not None:
            raise self.error

    def _begin(self, remote: Remote, many: int) -> None:
        """Give the worker a chunk."""
        keeper, at = self.pool.keeper, self._share_of(remote, many)
        items, calls = keeper.packed([self.items[k] for k in at])
        lacking = [keeper.entries[number] for number in needed(keeper, (self.task, *calls), remote.holds)]
        load: list[tuple[int, bytearray | None]] = []
        for entry in lacking:
            apart = self._apart(entry)
            load.append((entry.number, None if apart else keeper.bytes_of(entry.number)))
        body = pickle.dumps(Chunk(keeper.name, keeper.run, load, self.task, at, items, remote.forget), protocol=5)
        remote.at, remote.run = at, keeper.run
        try:
            self.pool.post(remote, body, [entry for entry, (_, data) in zip(lacking, load, strict=True) if data is None])
        except OSError:  # it is gone, and had not begun
            self._undo(remote)
            return
        self.flying.add(remote)
        self.pool.sent += len(body)
        remote.forget = []

    def _apart(self, entry: Entry) -> bool:
        """Whether its bytes stand apart, for all workers; now they do."""
        if entry.size < LARGE:
            return False
        if not self.pool.placed(entry):
            self.pool.place(entry, self.pool.keeper.bytes_of(entry.number))
        return self.pool.placed(entry)

    def _share_of(self, remote: Remote, many: int) -> list[int]:
        """The next few items, those that the worker holds first; one alone over which a worker died."""
        if (suspect := next((k for k in self.left if self.deaths[k]), -1)) >= 0:
            self.left.remove(suspect)
            return [suspect]
        each = pace.get(self.name, math.inf)
        fair = math.ceil(len(self.left) / (3 * many))
        size = max(math.ceil(LEAST_S / each), min(math.ceil(MOST_S / each), fair), 1)
        mine = [k for k in self.left if self.numbers[k] in remote.holds]
        if len(mine) < size and len(mine) < len(self.left):
            held = set[int]().union(*(other.holds for other in self.pool.remotes() if other is not remote))
            others = [k for k in self.left if self.numbers[k] not in remote.holds]
            mine += [k for k in others if self.numbers[k] not in held][:size] if any(self.numbers[k] not in held for k in others) else (
                others[-size:] if not mine else [])
        chosen = sorted(mine[:size])
        for k in chosen:
            self.left.remove(k)
        return chosen

    def _hear(self) -> None:
        try:
            remote, said = self.pool.replies.get(timeout=LOOK_S)
        except queue.Empty:
            self.pool.look()
            return
        if said is None:
            return self._died(remote)
        mine, at = remote.run == self.pool.keeper.run, remote.at
        remote.run, remote.at = -1, []
        self.flying.discard(remote)
        if isinstance(said, BaseException):
            if mine:
                self._failed(at[0], said)
            return
        self.pool.received += len(said)
        reply: Reply = pickle.loads(said)
        remote.holds.update(reply.loaded)
        if not mine or reply.run != self.pool.keeper.run:
            return
        if reply.done:
            pace[self.name] = reply.seconds / (len(reply.done) + (reply.failed is not None))
        for k, part in reply.done:
            if k < self.failed:
                self.taken(k, part)
                self.ended += 1
                if self.message:
                    self.control.step(self.ended, self.n, self.message)
        if reply.failed is not None:
            self._failed(*reply.failed)

    def _failed(self, at: int, error: BaseException) -> None:
        """Nothing behind this item matters any more."""
        if at < self.failed:
            self.failed, self.error = at, error
            self.left = deque(k for k in self.left if k < at)
            self.pool.stop(self.pool.keeper.run, at)

    def _undo(self, remote: Remote) -> None:
        """Its items are to be done again."""
        mine, at = remote.run == self.pool.keeper.run, remote.at
        remote.run, remote.at = -1, []
        remote.holds.clear()
        self.flying.discard(remote)
        if mine:
            self.left = deque(sorted((*self.left, *(k for k in at if k < self.failed))))

    def _died(self, remote: Remote) -> None:
        mine, at = remote.run == self.pool.keeper.run, remote.at
        self._undo(remote)
        if mine:
            for k in at:
                self.deaths[k] += 1
                if self.deaths[k] == MOST_DEATHS:
                    raise MotiveError(f"{MOST_DEATHS} workers died over the same piece of work ({k + 1} of {self.n}).",
                                      "It may need more memory than a worker has: use fewer workers, or threads.")
