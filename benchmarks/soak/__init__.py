"""Many visitors at once on a real server that is killed, and whose disk, clock and neighbours fail: what is lost, and who sees whose data.

    python -m benchmarks soak --json [--visitors 20] [--minutes 3]

Bounded and local: a server on a free port of 127.0.0.1 with its store in a temporary folder, visitors that speak Streamlit's own stream
(``client``). *lost*: after a reload or a restart the project is older than what the page last said was saved. *crossed*: a message or a
file holds what another visitor brought. *tracebacks*: on a page, as an error that nobody foresaw, or in the server's
log; a server that died by itself is one too.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.soak.faults import tried_faults
from benchmarks.soak.server import Server
from benchmarks.soak.tally import Tally
from benchmarks.soak.visitor import Visitor
from irlcore.errors import DataError

FITS, WARM, RELOADED = 200, 40, 10
"""Fits while memory is watched, those before the first weighing, and after how many the window is opened afresh."""
FIRST_S = 300.0
"""In which somebody must have acted after each start: the first page takes its time, but not minutes."""


def run(visitors: int = 20, minutes: float = 3.0, fits: int = FITS, faults: bool = True) -> dict[str, Any]:
    """The whole: the crowd with a kill in the middle, the faults with a few visitors, and the memory of one server."""
    if visitors < 1 or not minutes > 0.0:
        raise DataError(f"A soak of {visitors} visitors for {minutes:g} minutes tries nothing.", "Take one visitor or more, and some time.")
    with tempfile.TemporaryDirectory(prefix="motive-soak-") as folder:
        return asyncio.run(_run(Path(folder), visitors, minutes, fits, faults))


async def _run(folder: Path, visitors: int, minutes: float, fits: int, faults: bool) -> dict[str, Any]:
    tally, begun = Tally(), time.monotonic()
    restarts, logged = await crowd(folder, visitors, 60.0 * minutes, tally)
    minutes = (time.monotonic() - begun) / 60.0
    print(f"{visitors} visitors for {minutes:.1f} minutes: {tally.actions} actions ({_said(tally)}), {restarts} restarts", flush=True)
    tried: list[str] = []
    if faults:
        more, told, tried = await tried_faults(folder, tally)
        restarts, logged = restarts + more, logged + told
        print(f"faults: {'; '.join(tried)}", flush=True)
    done, first, last, slope, told = await weighed(folder, fits, tally)
    print(f"memory over {done} fits of {fits}: {first:.0f} MB after {min(WARM, done // 4)}, {last:.0f} MB at the end, "
          f"{slope * 1000.0:+.0f} KB a fit", flush=True)
    for name in tally.names:
        print(name)
    return {**measured(tally, visitors, minutes, logged + told, restarts, first, last), "fits": done, "kb_a_fit": round(slope * 1000.0, 1),
            "faults": tried}


def measured(tally: Tally, visitors: int, minutes: float, logged: int, restarts: int, first: float, last: float) -> dict[str, Any]:
    """The measure, then what else was counted. logged: tracebacks in the logs of the servers."""
    return {"visitors": visitors, "minutes": round(minutes, 2), "actions": tally.actions, "lost": tally.lost, "crossed": tally.crossed,
            "tracebacks": tally.broken + logged, "mb_first": round(first, 1), "mb_last": round(last, 1), "restarts": restarts,
            "stuck": tally.stuck, "acknowledged": tally.acknowledged, "said_not_saved": tally.refused, "own_seen": tally.own_seen}


def _said(tally: Tally) -> str:
    return ", ".join(f"{count} {name}" for name, count in tally.done.most_common())


async def crowd(folder: Path, visitors: int, seconds: float, tally: Tally) -> tuple[int, int]:
    """All visitors at once; the server is killed and started again a third and two thirds through. ``seconds`` count from the first
    action after each start, since the first page takes its time. Restarts, and tracebacks in the log."""
    server = Server(folder / "crowd", folder / "crowd.log", tally)
    (folder / "crowd").mkdir()
    await server.start()
    everyone, over, restarts = [Visitor(k, [server.port], tally) for k in range(visitors)], False, 0
    living = [asyncio.create_task(one.live(lambda: over)) for one in everyone]
    try:
        for third in range(3):
            await first_action(tally, living)
            await asyncio.sleep(seconds / 3.0)
            if third < 2:
                server.kill()
                await asyncio.sleep(1.0)
                await server.start()
                restarts += 1
        over = True
        await asyncio.gather(*living)
        for one in everyone:  # what the last of them were told must be there too
            await one.come_back()
    finally:
        for task in living:
            task.cancel()
        for one in everyone:
            await one.leave()
        server.kill()
    return restarts, server.tracebacks()


async def first_action(tally: Tally, living: Sequence[asyncio.Task[None]]) -> None:
    """Wait until somebody has acted, or has ended. RuntimeError where nobody does."""
    before, end = tally.actions, time.monotonic() + FIRST_S
    while tally.actions == before and not any(task.done() for task in living):
        if time.monotonic() > end:
            raise RuntimeError(f"No visitor could do anything for {FIRST_S:g} s. {'; '.join(tally.names[-3:])}")
        await asyncio.sleep(0.2)


async def weighed(folder: Path, fits: int, tally: Tally) -> tuple[int, float, float, float, int]:
    """One visitor fits and undoes, and opens the window afresh now and then. How many fits came to a result, after each of which the server
    is weighed; MB after the warm-up, MB at the end, MB a fit (least squares over all weighings after the warm-up), nan where there are too
    few; and tracebacks in the log. RuntimeError where the tracks cannot be brought."""
    server = Server(folder / "weighed", folder / "weighed.log", tally)
    (folder / "weighed").mkdir()
    await server.start()
    one, found = Visitor(900, [server.port], tally), []
    try:
        await one.come_back()
        if not await one.attempt(one.bring):
            raise RuntimeError(f"The tracks to be fitted could not be brought. {'; '.join(tally.names[-3:])}")
        for k in range(fits):
            if done := await one.attempt(lambda: fit_and_undo(one)):
                found.append(server.mb())
            if (not done or k % RELOADED == RELOADED - 1) and not await one.come_back():
                break
    finally:
        await one.leave()
        server.kill()
    warm = np.array(found[min(WARM, len(found) // 4):] or [float("nan")])
    slope = float(np.polyfit(np.arange(len(warm)), warm, 1)[0]) if len(warm) > 1 else float("nan")
    return len(found), float(np.median(warm[:5])), float(np.median(warm[-5:])), slope, server.tracebacks()


async def fit_and_undo(one: Visitor) -> bool:
    """With a look at the page after each; whether the fit had a result."""
    fitted = await one.fit()
    one.look()
    await one.undo()
    one.look()
    return fitted
