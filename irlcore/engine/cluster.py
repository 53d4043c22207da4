"""Workers of a ``dask.distributed`` cluster, on any number of machines (the extra ``motive[dask]``).

Chunks go to one worker each, which is asked by name, since what a goal remembers stays with it; what is large goes to each worker once,
with the first chunk that needs it. Whether a worker is still there is looked at while replies are waited for: a task for one that is gone
would wait for ever.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import pickle
import threading
import time
import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

from irlcore.engine.parcels import Entry
from irlcore.engine.remote import LEAST_S, Pool, Remote
from irlcore.engine.serve import Chunk, reply_to, stop
from irlcore.errors import MotiveError

LOG = logging.getLogger(__name__)
ANSWERS = "5s"  # how long a scheduler is waited for
ARRIVES_S = 30.0  # seconds that a first worker is waited for
LOOK_S = 0.5  # seconds between two looks at who is there
MALLOC = {-1: 1 << 28, -2: 1 << 26, -3: 1 << 25}
"""M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD of the C library: dask sets the first so low that arrays of a goal are taken from the
system and given back every time, which costs more than the goal (Boltzmann on two workers: no gain at all). The second keeps the pieces of
64 MB that a thread's memory is made of from being given back as soon as they are empty."""


class Cluster(Pool):
    """The workers that a scheduler has at the time; each thread of a worker is a place of its own."""

    def __init__(self, to: Any, least_s: float = LEAST_S) -> None:
        """to: a ``distributed.Client``, or the address of a scheduler, which is then left again by ``close``."""
        super().__init__(far=True, least_s=least_s)
        self._own = isinstance(to, str)
        self.client = _client(to) if isinstance(to, str) else to
        self._places: dict[str, list[Remote]] = {}
        self._tasks: dict[Remote, Any] = {}
        self._looked, self._lock = -LOOK_S, threading.Lock()
        _greet(self.client)

    def remotes(self) -> list[Remote]:
        self.look()
        begun = time.monotonic()
        while not self._places:
            if time.monotonic() > begun + ARRIVES_S:
                raise MotiveError(f"The scheduler has had no worker for {ARRIVES_S:.0f} seconds.",
                                  "Start one: dask worker ADDRESS (docs/many-machines.md).")
            time.sleep(LOOK_S / 5.0)
            self.look()
        return [remote for places in self._places.values() for remote in places]

    def look(self) -> None:
        if time.monotonic() < self._looked + LOOK_S:
            return
        self._looked = time.monotonic()
        there = self.client.scheduler_info(n_workers=-1)["workers"]
        for address in [address for address in self._places if address not in there]:
            for remote in self._places.pop(address):
                self._lost(remote)
        for address, known in there.items():
            if address not in self._places:
                holds, forget = set[int](), list[int]()
                self._places[address] = [Remote(address, holds, forget) for _ in range(max(1, int(known["nthreads"])))]

    def _lost(self, remote: Remote) -> None:
        task = self._tasks.get(remote)
        if task is not None and self._answered(remote, task, None):
            task.cancel()

    def _answered(self, remote: Remote, task: Any, said: bytes | BaseException | None) -> bool:
        """Hand on what came of a task, once."""
        with self._lock:
            if self._tasks.get(remote) is not task:
                return False
            del self._tasks[remote]
        self.replies.put((remote, said))
        return True

    def place(self, entry: Entry, data: bytearray) -> None:
        """Nowhere: it goes with the first chunk that needs it, to each worker once. Scattered by dask, what was on its way to a worker that
        died was lost, and the chunks that needed it waited for ever."""

    def post(self, remote: Remote, body: bytes, placed: Sequence[Entry]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a world is large, and is meant to go with its task
            task = self.client.submit(_done, body, workers=[remote.name], allow_other_workers=False, pure=False, retries=0)
        self._tasks[remote] = task
        # a thread for each: one that waits for a part whose worker died would hold up all others
        task.add_done_callback(lambda done: threading.Thread(target=self._heard, args=(remote, done), daemon=True).start())

    def _heard(self, remote: Remote, task: Any) -> None:
        """What came of a chunk; in a thread of its own. A part whose worker died before it was fetched never comes: the task is
        then cancelled by ``_lost``, which ends the wait."""
        said: bytes | BaseException | None = None
        try:
            if task.status == "finished":
                said = task.result()
            elif task.status == "error":
                error = task.exception()
                said = None if type(error).__name__ == "KilledWorker" else _told(error)
        except BaseException as error:
            LOG.info("a part did not come: %s", error)
        self._answered(remote, task, said)

    def stop(self, run: int, limit: int) -> None:
        with contextlib.suppress(Exception):  # a worker that cannot be told any more does no harm
            self.client.run(stop, self.keeper.name, run, limit, workers=list(self._places), on_error="ignore")

    def forget(self, entry: Entry) -> None:
        entry.place = None

    def close(self) -> None:
        self._tasks.clear()
        if self._own:
            with contextlib.suppress(Exception):
                self.client.close()


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise MotiveError("A cluster needs the package dask.distributed, which is not installed.",
                          "Install it with: pip install motive[dask]") from error
    try:
        return Client(address, timeout=ANSWERS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise MotiveError(f"No scheduler answers at {address} ({error}).",
                          "Start one with: dask scheduler, and give the address that it says (tcp://host:8786).") from error


def _greet(client: Any) -> None:
    """Whether the workers that are there can do anything. Raises MotiveError."""
    try:
        client.run(_hello)
    except ImportError as error:
        raise _told(error) from error


def _told(error: BaseException) -> BaseException:
    if isinstance(error, ImportError):
        return MotiveError(f"The workers of the cluster cannot do this ({error}).",
                           "Install the same version of Motive, and what the project's own models are made of, where they run.")
    return error


def _hello() -> None:
    """In a worker: whether Motive is there at all; where it is not, this is never found."""


@cache
def _memory_kept() -> None:
    """In a worker, once: memory that is given back is kept for the next goal."""
    if os.environ.get("MALLOC_TRIM_THRESHOLD_"):
        with contextlib.suppress(OSError, AttributeError):
            library = ctypes.CDLL(None)
            for option, size in MALLOC.items():
                library.mallopt(option, size)


def _done(body: bytes) -> bytes:
    """In a worker: a chunk. Workers come at any time, and a nanny begins a new one in place of one that died: so each is seen to here."""
    _memory_kept()
    chunk: Chunk = pickle.loads(body)
    return reply_to(chunk, {})
