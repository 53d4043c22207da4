"""The real server: started as the README says, on a free port of this machine alone, killed without warning, and weighed."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from benchmarks.soak.tally import Tally

ROOT = Path(__file__).resolve().parents[2]
START_S = 120.0
CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static long back(void) { const char *said = getenv("SOAK_CLOCK_BACK"); return said ? atol(said) : 0; }
int clock_gettime(clockid_t which, struct timespec *out) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
  int code = real(which, out);
  if (!code && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) out->tv_sec -= back();
  return code;
}
time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}
int gettimeofday(struct timeval *restrict out, void *restrict zone) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) { out->tv_sec = now.tv_sec; out->tv_usec = now.tv_nsec / 1000; }
  return 0;
}
"""
"""The clock of one process set back: what the C library says the time is, so what Python and every library of it see. The file system
stamps with the true time."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def answers(port: int, address: str = "127.0.0.1") -> bool:
    """Whether a server there answers its health page."""
    try:
        with urllib.request.urlopen(f"http://{address}:{port}/_stcore/health", timeout=2.0):
            return True
    except OSError:
        return False


class Server:
    """One server with its store, on a port of its own. log: where all that it says goes. tally: where it is counted if it ends before it
    is killed."""

    def __init__(self, home: Path, log: Path, tally: Tally) -> None:
        self.port = free_port()
        self._home, self._log, self._tally = home, log, tally
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self, **environment: str) -> None:
        """Start it as the README says and wait until it answers. RuntimeError where it does not; then nothing of it is left running."""
        given = {**os.environ, "MOTIVE_HOME": str(self._home), "PYTHONUNBUFFERED": "1", **environment}
        given.pop("MOTIVE_PASSWORD", None)
        command = [sys.executable, "-m", "app.server.command", "app", "--address", "127.0.0.1", "--port", str(self.port), "--no-browser"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + START_S
        try:
            while not await asyncio.to_thread(answers, self.port):
                if time.monotonic() > end or self._process.poll() is not None:
                    raise RuntimeError(f"The server did not start: {self._said()[-2000:]}")
                await asyncio.sleep(0.2)
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """kill -9: no time to say or save anything. A server that had died by itself is counted as a traceback, with its last words:
        the start that follows would hide it."""
        process, self._process = self._process, None
        if process is None:
            return
        ended = process.poll()
        process.kill()
        process.wait()
        if ended is not None:
            self._tally.broken += 1
            self._tally.note(f"The server died by itself, code {ended}: {self._said()[-300:].strip()}")

    def _said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def mb(self) -> float:
        """Memory that it holds now: the resident set, in MB; nan where the system does not tell."""
        assert self._process is not None
        try:
            lines = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii").splitlines()
        except OSError:
            return float("nan")
        return next((float(line.split()[1]) * 1024.0 / 1e6 for line in lines if line.startswith("VmRSS:")), float("nan"))

    def tracebacks(self) -> int:
        """How many tracebacks its log holds."""
        return self._said().count("Traceback (most recent call last)")


def clock_set_back(folder: Path, seconds: int) -> dict[str, str]:
    """Environment of a server whose clock is that much behind; empty where there is no C compiler to make it with."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        return {}
    source, library = folder / "clock.c", folder / "clock.so"
    source.write_text(CLOCK, encoding="ascii")
    made = subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], capture_output=True)
    if made.returncode:
        return {}
    return {"LD_PRELOAD": str(library), "SOAK_CLOCK_BACK": str(seconds)}
