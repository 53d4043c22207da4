"""The worker's side: a piece of work as bytes in, its parts as bytes out; and a process that does nothing else.

A worker process reads from its standard input and writes to its standard output. It ends when its input does, so none is left behind
however the process that started it may have ended.
"""

from __future__ import annotations

import mmap
import os
import pickle
import queue
import shutil
import signal
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from irlcore.engine.control import Control, watched
from irlcore.engine.parcels import kept, unpacked
from irlcore.errors import Cancelled

WORK, STOP = b"W", b"S"
OLD = 64  # runs after which nobody can be at work for one


@kept
@dataclass(eq=False)
class Task:
    """What is to be done with every item: ``work(shared, item)``, work being a function of a module."""

    work: Callable[[Any, Any], Any]
    shared: Any


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some items of a run. keeper, run: whose. load: things to keep, each a number with its bytes, or with where these are. task: number of
    the task. at: places of the items among all. items: packed. forget: numbers of what is no more."""

    keeper: str
    run: int
    load: Sequence[tuple[int, bytearray | None]]
    task: int
    at: Sequence[int]
    items: bytearray
    forget: Sequence[int]


@dataclass(frozen=True, slots=True)
class Reply:
    """run: whose. done: places with their parts. failed: the place of the item that failed, and its error. seconds: that the items took.
    loaded: numbers of what is kept since."""

    run: int
    done: Sequence[tuple[int, Any]]
    failed: tuple[int, BaseException] | None
    seconds: float
    loaded: Sequence[int]


_stores: dict[str, dict[int, Any]] = {}
_limits: dict[tuple[str, int], int] = {}


class Elsewhere(Control):
    """The control of items whose asker is in another process: those behind a place are not wanted any more once that is said."""

    def __init__(self, keeper: str, run: int) -> None:
        super().__init__()
        self.key, self.at = (keeper, run), 0

    def check(self) -> None:
        limit = _limits.get(self.key)
        if limit is not None and self.at > limit:
            raise Cancelled


def stop(keeper: str, run: int, limit: int) -> None:
    """Items of a run behind ``limit`` are not wanted any more."""
    _limits[keeper, run] = min(limit, _limits.get((keeper, run), limit))
    for key in [key for key in _limits if key[0] == keeper and key[1] < run - OLD]:
        _limits.pop(key, None)


def reply_to(chunk: Chunk, placed: Mapping[int, memoryview]) -> bytes:
    """The items of a chunk, one after the other, until one fails. placed: what the chunk says stands elsewhere, as memory to write to."""
    done: list[tuple[int, Any]] = []
    loaded: list[int] = []
    control, failed, begun = Elsewhere(chunk.keeper, chunk.run), None, time.perf_counter()
    control.at = chunk.at[0]
    try:
        store = _stores.setdefault(chunk.keeper, {})
        for number in chunk.forget:
            store.pop(number, None)
        for number, data in chunk.load:
            if number not in store:  # another chunk, side by side with this one, may have brought it
                store.setdefault(number, unpacked(placed[number] if data is None else memoryview(data), store))
            loaded.append(number)
        task, items = store[chunk.task], unpacked(memoryview(chunk.items), store)
        begun = time.perf_counter()
        with watched(control):
            for control.at, item in zip(chunk.at, items, strict=True):
                control.check()
                done.append((control.at, task.work(task.shared, item)))
    except BaseException as error:
        failed = control.at, error
    return _sealed(Reply(chunk.run, done, failed, time.perf_counter() - begun, loaded))


def _sealed(reply: Reply) -> bytes:
    """As bytes; an error that cannot be sent goes as its text."""
    try:
        data = pickle.dumps(reply, protocol=5)
        if reply.failed is not None:
            pickle.loads(pickle.dumps(reply.failed[1]))
        return data
    except Exception as error:
        at, cause = reply.failed if reply.failed is not None else (reply.done[0][0] if reply.done else 0, error)
        text = "".join(traceback.format_exception(cause)).strip()
        return pickle.dumps(Reply(reply.run, (), (at, RuntimeError(text)), reply.seconds, reply.loaded), protocol=5)


def read(stream: BinaryIO) -> tuple[bytes, bytearray] | None:
    """The next message, its kind and what it holds; None where there is none any more."""
    head = stream.read(9)
    if len(head) < 9:
        return None
    body = bytearray(struct.unpack("<q", head[1:])[0])
    view, got = memoryview(body), 0
    while got < len(body):
        more = stream.readinto(view[got:])  # type: ignore[attr-defined]
        if not more:
            return None
        got += more
    return head[:1], body


def write(stream: BinaryIO, kind: bytes, body: bytes | bytearray) -> None:
    """One message."""
    stream.write(kind + struct.pack("<q", len(body)))
    stream.write(body)
    stream.flush()


def file_of(folder: str, keeper: str, number: int) -> str:
    """Where the bytes of one thing stand."""
    return os.path.join(folder, f"{keeper}-{number}")


def mapped(path: str) -> memoryview:
    """A file as memory: what is written to it is this process's alone."""
    with open(path, "rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))


def main(folder: str) -> None:
    """A worker process."""
    asked: queue.SimpleQueue[bytearray] = queue.SimpleQueue()
    into, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key pressed is for who asked, and comes from there as a stop
    if sys.platform == "win32":
        import msvcrt
        for stream in (into, out):
            msvcrt.setmode(stream.fileno(), os.O_BINARY)

    def listen() -> None:
        while (message := read(into)) is not None:
            kind, body = message
            if kind == STOP:
                stop(*pickle.loads(body))
            else:
                asked.put(body)
        shutil.rmtree(folder, ignore_errors=True)  # whoever asked is gone, or has closed this engine
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    write(out, WORK, b"")
    while True:
        chunk: Chunk = pickle.loads(asked.get())
        placed = {number: mapped(file_of(folder, chunk.keeper, number)) for number, data in chunk.load if data is None}
        try:
            write(out, WORK, reply_to(chunk, placed))
        except OSError:
            os._exit(0)
