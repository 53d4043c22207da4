"""Workers that are processes of this machine.

Each is a fresh interpreter (nothing is forked, nothing of the caller's script is run again) that talks over its standard input and output.
What is large stands in files in memory where the system has such a place, and every worker maps them: a world is written once, whatever the
number of workers. Workers use one thread each, those of linear algebra too.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from typing import Any

from irlcore.engine.parcels import Entry
from irlcore.engine.remote import LEAST_S, Pool, Remote
from irlcore.engine.serve import STOP, WORK, file_of, read, write
from irlcore.engine.threads import workers
from irlcore.errors import MotiveError

MEMORY = "/dev/shm"
ROOM = 1 << 30
"""Bytes that have to be free there, or files stand where temporary ones do."""
ENDS_S = 2.0  # seconds that a worker is given to end by itself
MOST_STILLBORN = 3
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "MOTIVE_WORKERS",
                                     "VECLIB_MAXIMUM_THREADS")}


class Processes(Pool):
    """So many processes, begun when there is something to do; one that dies is replaced."""

    def __init__(self, many: int | None = None, least_s: float = LEAST_S) -> None:
        super().__init__(far=False, least_s=least_s)
        self.many = workers() if many is None else many
        if self.many < 1:
            raise MotiveError(f"{self.many} processes cannot do anything.", "Ask for 1 at least.")
        self.folder = tempfile.mkdtemp(prefix="motive-", dir=_home())
        self._remotes: list[Remote] = []
        self._stillborn = 0

    def remotes(self) -> list[Remote]:
        self._remotes = [remote for remote in self._remotes if remote.channel.poll() is None]
        while len(self._remotes) < self.many:
            if self._stillborn >= MOST_STILLBORN:
                self._stillborn = 0
                raise MotiveError(f"{MOST_STILLBORN} processes ended before they had begun; what they said stands in the log.",
                                  "Use threads: engine.use(\"threads\").")
            self._remotes.append(self._started())
        return self._remotes

    def _started(self) -> Remote:
        path = os.pathsep.join(os.path.abspath(one) for one in sys.path)
        code = "import sys; from irlcore.engine.serve import main; main(sys.argv[1])"
        process = subprocess.Popen([sys.executable, "-c", code, self.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   env={**os.environ, **ONE_THREAD, "PYTHONPATH": path})
        remote = Remote(f"process {process.pid}", channel=process)
        threading.Thread(target=self._listen, args=(remote, process), daemon=True).start()
        return remote

    def _listen(self, remote: Remote, process: subprocess.Popen[bytes]) -> None:
        """Hand on what a worker says, and that it has ended."""
        assert process.stdout is not None
        alive = False
        with contextlib.suppress(OSError, ValueError):
            while (said := read(process.stdout)) is not None:  # type: ignore[arg-type]
                if alive:
                    self.replies.put((remote, bytes(said[1])))
                alive, self._stillborn = True, 0
        if not alive:
            self._stillborn += 1
        process.wait()
        self.replies.put((remote, None))

    def place(self, entry: Entry, data: bytearray) -> None:
        entry.place = file_of(self.folder, self.keeper.name, entry.number)
        with open(entry.place, "wb") as file:
            file.write(data)
        self.sent += len(data)

    def post(self, remote: Remote, body: bytes, placed: Sequence[Entry]) -> None:
        self._say(remote, WORK, body)

    def stop(self, run: int, limit: int) -> None:
        for remote in self._remotes:
            with contextlib.suppress(OSError):
                self._say(remote, STOP, pickle.dumps((self.keeper.name, run, limit)))

    def _say(self, remote: Remote, kind: bytes, body: bytes) -> None:
        try:
            write(remote.channel.stdin, kind, body)
        except OSError:
            remote.channel.kill()
            raise

    def forget(self, entry: Entry) -> None:
        if entry.place is not None:
            with contextlib.suppress(OSError):  # some systems keep a file as long as somebody maps it; the folder goes at the end
                os.remove(entry.place)

    def look(self) -> None:
        """Each is listened to by a thread of its own."""

    def close(self) -> None:
        for remote in self._remotes:
            with contextlib.suppress(OSError):
                remote.channel.stdin.close()
        for remote in self._remotes:
            try:
                remote.channel.wait(ENDS_S)
            except subprocess.TimeoutExpired:
                remote.channel.kill()
                remote.channel.wait()
        self._remotes = []
        shutil.rmtree(self.folder, ignore_errors=True)


def _home() -> str | None:
    """Where files stand in memory, if there is room for them; None for the usual place."""
    with contextlib.suppress(OSError):
        if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
            return MEMORY
    return None


def pids(pool: Any) -> list[int]:
    """The processes that are there."""
    return [remote.channel.pid for remote in pool.remotes()]
