"""A server of its own for a test: started as people start it, on a free port, with an environment that says no more than it must."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.soak.server import answers, free_port

ROOT = Path(__file__).resolve().parents[3]
COMMAND = (sys.executable, "-m", "app.server.command", "app", "--no-browser")
STREAMLIT = (sys.executable, "-m", "streamlit", "run", str(ROOT / "app" / "streamlit_app.py"))


@dataclass
class Server:
    """Where it is, which process it is, and what it has said so far."""

    port: int
    log: Path
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def faults(self) -> str:
        """What went wrong inside it so far: its log where that holds a traceback, and the reports that it kept; empty where nothing did."""
        said, reports = self.said(), sorted(self.log.parent.glob("motive/reports/*.txt"))
        return "\n".join([*([said] if "Traceback (most recent call last)" in said else []), *(one.read_text() for one in reports)])


def environment(home: Path, **more: str) -> dict[str, str]:
    """This process's own without what would change a start: no settings of Streamlit or Motive but how many workers, and another home."""
    kept = {name: value for name, value in os.environ.items()
            if name == "MOTIVE_WORKERS" or not name.startswith(("STREAMLIT_", "MOTIVE_"))}
    return {**kept, "HOME": str(home), "USERPROFILE": str(home), "XDG_DATA_HOME": str(home), "PYTHONPATH": str(ROOT), **more}


@contextmanager
def running(folder: Path, command: Sequence[str] = COMMAND, cwd: Path = ROOT, port_flag: str = "--port", awaited: str = "127.0.0.1",
            env: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The server from its first answer to the end of the block. folder: for its log and its home. Nothing may go wrong inside it unseen."""
    port, at = free_port(), folder / "log"
    with at.open("w") as log, subprocess.Popen(
            [*command, port_flag, str(port)], cwd=cwd, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            start_new_session=True, env={**environment(folder), **(env or {})}) as process:
        server = Server(port, at, process.pid)
        try:
            until = time.monotonic() + 120.0
            while not answers(port, awaited):
                assert process.poll() is None, server.said()
                assert time.monotonic() < until, f"The app did not answer its health page:\n{server.said()}"
                time.sleep(0.25)
            yield server
            assert not server.faults(), server.faults()
        finally:
            with suppress(ProcessLookupError):  # all of it: a process that compiles kernels for the server would go on for a minute
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20.0)
            except subprocess.TimeoutExpired:  # it waits for the connections of a page that is still open
                os.killpg(process.pid, signal.SIGKILL)
