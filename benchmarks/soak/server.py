"""The real server: started as the README says, on a free port of this machine alone, killed without warning, and weighed."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

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


def command(port: int) -> list[str]:
    """The start command of the README."""
    if importlib.util.find_spec("app.server.command") is not None:
        return [sys.executable, "-m", "app.server.command", "app", "--address", "127.0.0.1", "--port", str(port), "--no-browser"]
    return [sys.executable, "-m", "streamlit", "run", "app/streamlit_app.py", "--server.headless", "true", "--server.address", "127.0.0.1",
            "--server.port", str(port)]


class Server:
    """One server with its store. log: where all that it says goes."""

    def __init__(self, home: Path, log: Path, port: int = 0) -> None:
        self.port = port or free_port()
        self._home, self._log = home, log
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self, **environment: str) -> None:
        """Start it and wait until it answers. RuntimeError where it does not."""
        given = {**os.environ, "MOTIVE_HOME": str(self._home), "PYTHONUNBUFFERED": "1", **environment}
        given.pop("MOTIVE_PASSWORD", None)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command(self.port), cwd=ROOT, env=given, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + START_S
        while not await asyncio.to_thread(self._answers):
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError(f"The server did not start: {self._log.read_text(errors='replace')[-2000:]}")
            await asyncio.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=2.0):
                return True
        except OSError:
            return False

    def kill(self) -> None:
        """kill -9: no time to say or save anything."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        """Ask it to end; kill it where it does not."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(20.0)
            except subprocess.TimeoutExpired:
                self.kill()

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
        return self._log.read_text(errors="replace").count("Traceback (most recent call last)") if self._log.exists() else 0


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
