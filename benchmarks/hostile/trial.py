"""A case in a process of its own, with a hard limit on time and on memory: whatever it does, it takes nothing else down.

The processes are forked from a server that has imported everything and computed nothing, so that neither imports nor threads count.
Memory is the peak of the resident set while the case runs, above what it was just before.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.hostile.case import LONGEST, Case, Door, Ended, Fared
from irlcore.errors import MotiveError

MOST_BYTES = 4 * 1024**3
"""What a case may allocate beside what is there before it is refused the memory: four times what counts as too much."""
PATIENCE = 6.0
STARTED_S = 120.0  # for imports in the server, and for getting ready
PRELOADED = ["benchmarks.hostile.doors", "streamlit.testing.v1", "pyarrow.parquet", "irlcore.rationality.models"]


def server() -> Any:
    """Where children are forked from."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def tried(case: Case, context: Any) -> Fared:
    """The case in a child; killed after its seconds."""
    ours, theirs = context.Pipe()
    child = context.Process(target=_child, args=(theirs, case.door), daemon=True)
    with _no_main_module():
        child.start()
    theirs.close()
    begun = time.monotonic()
    try:
        ours.send_bytes(case.make())
        if not ours.poll(STARTED_S):
            return Fared(case, "killed", STARTED_S, 0.0, "it was not ready in time")
        before, begun = ours.recv(), time.monotonic()
        if (took := _too_long(ours, child.pid, case.seconds)) > 0.0:
            return Fared(case, "killed", took, max(_peak_mb(child.pid) - before, 0.0), f"killed after {took:.0f} s")
        ended, seconds, mb, said = ours.recv()
        return Fared(case, ended, seconds, mb, said)
    except (EOFError, ConnectionError, BrokenPipeError):
        child.join(5.0)
        return Fared(case, "killed", time.monotonic() - begun, 0.0, f"the process died ({child.exitcode})")
    finally:
        ours.close()
        child.kill()
        child.join()


@contextmanager
def _no_main_module() -> Iterator[None]:
    """A child runs the file of the main module again, for what was defined there; a page drawn in this process has left its own script
    in that place, which is gone."""
    main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _too_long(connection: Connection, pid: int, seconds: float) -> float:
    """Seconds after which the child is to be killed, 0 where it has answered. On a busy machine it is given its seconds of the processor,
    but never more than ``PATIENCE`` times as long: it may be waiting for ever."""
    wall, processor = time.monotonic(), _processor_s(pid)
    while not connection.poll(min(seconds, 0.5)):
        waited, worked = time.monotonic() - wall, _processor_s(pid) - processor
        if waited > seconds and (worked > seconds or waited > PATIENCE * seconds):
            return max(min(waited, worked), seconds)
    return 0.0


def _processor_s(pid: int) -> float:
    """Processor time of a process so far, all threads; endless where the system does not tell, so that wall time alone counts."""
    try:
        parts = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0 if sys.platform.startswith("linux") else time.monotonic()
    return (int(parts[11]) + int(parts[12])) / float(os.sysconf("SC_CLK_TCK"))


def _child(connection: Connection, door: Door) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # warnings of libraries; what matters comes back by the connection
    act = door(connection.recv_bytes())
    gc.collect()
    held = _size_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (held + MOST_BYTES, held + MOST_BYTES))
    _reset_peak()
    before = _peak_mb()
    connection.send(before)
    ended, seconds, said = _ended(act)
    connection.send((ended, seconds, max(_peak_mb() - before, 0.0), said))


def _ended(act: Callable[[], object]) -> tuple[Ended, float, str]:
    wall, processor = time.monotonic(), time.process_time()
    ended: Ended = "read"
    said = ""
    try:
        act()
    except MotiveError as error:
        wrong = "" if error.what.strip() and error.fix.strip() else "no fix is named: "
        said = f"{error.what} {error.fix}"
        wrong = wrong or (f"{len(said):,} letters: " if len(said) > LONGEST else "")
        ended, said = ("traceback" if wrong else "refused"), f"{wrong}{said[:LONGEST]}"
    except BaseException as error:
        ended, said = "traceback", f"{type(error).__name__} {_last(error)}"
    return ended, min(time.monotonic() - wall, time.process_time() - processor), said


def _last(error: BaseException) -> str:
    """Where it was raised, and with what words; never a text as long as the file that caused it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
    return f"at {where}: {str(error)[:200]}"


def _status(name: str, pid: int | None = None) -> float:
    """A line of the process's own account, in bytes; 0 where the system keeps none."""
    try:
        text = Path(f"/proc/{pid or 'self'}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((1024.0 * float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name}:")), 0.0)


def _peak_mb(pid: int | None = None) -> float:
    found = _status("VmHWM", pid)
    if found or pid is not None:
        return found / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0) / 1e6


def _reset_peak() -> None:
    """The peak from here on; where the system cannot forget it, a case is charged for a little more than it took."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _size_bytes() -> int:
    return int(_status("VmSize"))
