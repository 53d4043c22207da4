"""What goes wrong around a server: the disk full, the folder read-only, the clock set back, another server on the same store."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.soak.server import Server, clock_set_back
from benchmarks.soak.tally import Tally
from benchmarks.soak.visitor import Visitor

FEW, EACH_S = 4, 20.0
STORE_MB = 8
TWO_DAYS = 2 * 24 * 3600


class SmallDisk:
    """A disk of some megabytes in memory, which only root may make; ``there`` says whether it could be, refusal: what mount said last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.refusal = ""
        self.there = sys.platform.startswith("linux") and hasattr(os, "geteuid") and os.geteuid() == 0 and self._mount(f"size={STORE_MB}m")

    def _mount(self, how: str) -> bool:
        tried = subprocess.run(["mount", "-t", "tmpfs", "-o", how, "tmpfs", str(self.folder)], capture_output=True, text=True)
        self.refusal = " ".join(tried.stderr.split()) or f"mount ended with code {tried.returncode}"
        return tried.returncode == 0

    def fill(self) -> str:
        """Until not one byte is left; why that is no fault, empty where it is one."""
        if not self.there:
            return "no small disk can be mounted here"
        with contextlib.suppress(OSError), (self.folder / "fill").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        return ""

    def free(self) -> None:
        """As before."""
        (self.folder / "fill").unlink(missing_ok=True)

    def forbid(self) -> str:
        """Read-only; why it is not so, empty where it is."""
        if self.there:
            return "" if self._mount(f"remount,ro,size={STORE_MB}m") else f"the disk cannot be made read-only ({self.refusal})"
        self.folder.chmod(0o500)
        return "root may write whatever the mode is" if os.access(self.folder, os.W_OK) else ""

    def allow(self) -> None:
        """As before."""
        if self.there:
            self._mount(f"remount,rw,size={STORE_MB}m")
        else:
            self.folder.chmod(0o700)

    def close(self) -> None:
        """Unmount."""
        if self.there:
            subprocess.run(["umount", "-l", str(self.folder)], capture_output=True)


async def tried_faults(folder: Path, tally: Tally) -> tuple[int, int, list[str]]:
    """One fault after the other on one store, a few visitors at work in each; after each the server is killed and started again, and
    everyone comes back. Restarts, tracebacks in the logs, and a line for each fault: tried, or why not."""
    disk = SmallDisk(folder / "small")
    server, other = (Server(disk.folder, folder / f"{name}.log", tally) for name in ("small", "other"))
    told: list[str] = []
    restarts = 0

    async def again(**environment: str) -> None:
        nonlocal restarts
        server.kill()
        await server.start(**environment)
        restarts += 1
        for one in few:
            await one.come_back()

    async def at_work() -> None:
        end = time.monotonic() + EACH_S
        await asyncio.gather(*(one.live(lambda: time.monotonic() > end) for one in few))

    few = [Visitor(800 + k, [server.port], tally) for k in range(FEW)]
    try:
        await server.start()
        await at_work()
        for name, begin, finish in (("disk full", disk.fill, disk.free), ("read-only folder", disk.forbid, disk.allow)):
            before, why_not = tally.refused, begin()
            if not why_not:
                await at_work()
            finish()
            if not why_not:
                await again()
            told.append(f"{name}: not tried, {why_not}" if why_not else f"{name}: said {tally.refused - before} times")
        behind = clock_set_back(folder, TWO_DAYS)
        if behind:
            await again(**behind)
            await at_work()
            await again()
        told.append("clock two days back, and forward again" if behind else "clock: not tried, no C compiler to set it back with")
        await other.start()
        for one in few:
            one.ports.append(other.port)
        await at_work()
        server.kill()
        for one in few:
            one.ports.remove(server.port)
            await one.come_back()
        told.append("two servers on one store, then one of them killed")
    finally:
        for one in few:
            await one.leave()
        server.kill()
        other.kill()
        disk.close()
    return restarts, server.tracebacks() + other.tracebacks(), told
