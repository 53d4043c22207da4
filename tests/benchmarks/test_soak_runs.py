"""The soak's own machinery: servers that die or do not start, a crowd that does nothing, fits that have no result, faults not tried."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from benchmarks import soak
from benchmarks.soak import faults
from benchmarks.soak import server as servers
from benchmarks.soak.server import Server, clock_set_back
from benchmarks.soak.tally import Tally
from irlcore.errors import DataError


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the clock of a process is set back on Linux alone")
def test_the_clock_of_a_process_is_set_back(tmp_path: Path) -> None:
    behind = clock_set_back(tmp_path, 1000)
    if not behind:
        pytest.skip("no C compiler")
    asked = "import time, datetime; print(time.time(), datetime.datetime.now().timestamp(), time.monotonic())"
    true, false = (subprocess.run([sys.executable, "-c", asked], env={**os.environ, **more}, capture_output=True, text=True, check=True)
                   .stdout.split() for more in ({}, behind))
    assert all(900.0 < float(a) - float(b) < 1000.0 for a, b in zip(true[:2], false[:2], strict=True))
    assert float(false[2]) >= float(true[2])


def test_a_server_that_died_by_itself_is_counted_and_one_that_is_killed_is_not(tmp_path: Path) -> None:
    tally = Tally()
    server = Server(tmp_path, tmp_path / "log", tally)
    server._process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    server.kill()
    assert tally.broken == 0 and not tally.names
    (tmp_path / "log").write_text("it was the disk")
    server._process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    server._process.wait()
    server.kill()
    server.kill()
    assert tally.broken == len(tally.names) == 1
    assert "died by itself, code 3" in tally.names[0] and "it was the disk" in tally.names[0]


def test_a_server_that_does_not_answer_in_time_is_not_left_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[subprocess.Popen[bytes]] = []
    really = subprocess.Popen

    def noted(*what: Any, **how: Any) -> subprocess.Popen[bytes]:
        made.append(really(*what, **how))
        return made[-1]

    monkeypatch.setattr(servers.subprocess, "Popen", noted)
    monkeypatch.setattr(servers, "START_S", 0.0)
    with pytest.raises(RuntimeError, match="did not start"):
        asyncio.run(Server(tmp_path, tmp_path / "log", Tally()).start())
    assert len(made) == 1 and made[0].poll() is not None


def test_nobody_and_no_time_are_refused() -> None:
    for crowd in ({"visitors": 0}, {"minutes": 0.0}, {"minutes": float("nan")}):
        with pytest.raises(DataError, match="tries nothing"):
            soak.run(**crowd)  # type: ignore[arg-type]


def test_a_crowd_in_which_nobody_acts_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def waited(ended: bool) -> None:
        async def live() -> None:
            await asyncio.sleep(0.0 if ended else 60.0)

        living = [asyncio.create_task(live())]
        try:
            await soak.first_action(tally, living)
        finally:
            living[0].cancel()

    tally = Tally(names=["qzv000q stuck"])
    monkeypatch.setattr(soak, "FIRST_S", 0.0)
    with pytest.raises(RuntimeError, match=r"No visitor could do anything .* qzv000q stuck"):
        asyncio.run(waited(ended=False))
    monkeypatch.setattr(soak, "FIRST_S", 60.0)
    asyncio.run(waited(ended=True))


class Deaf:
    """Stands for a server and for the visitor who fits on it. did: what comes of each way to act."""

    port = 1

    def __init__(self, **did: bool) -> None:
        self.did, self.rounds, self.looks = did, 0, 0

    async def start(self) -> None: ...
    async def leave(self) -> None: ...
    def kill(self) -> None: ...

    def mb(self) -> float:
        return 100.0 + self.rounds

    def tracebacks(self) -> int:
        return 0

    def look(self) -> None:
        self.looks += 1

    async def attempt(self, way: Any) -> bool:
        return bool(await way())

    async def come_back(self) -> bool:
        return self.did.get("come_back", True)

    async def bring(self) -> bool:
        return self.did.get("bring", True)

    async def fit(self) -> bool:
        self.rounds += 1
        return self.did.get("fit", True) and self.rounds % 4 > 0

    async def undo(self) -> bool:
        return True


def weighed(deaf: Deaf, fits: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, float, float, float, int]:
    monkeypatch.setattr(soak, "Server", lambda *_: deaf)
    monkeypatch.setattr(soak, "Visitor", lambda *_: deaf)
    return asyncio.run(soak.weighed(folder, fits, Tally()))


def test_only_fits_that_had_a_result_are_counted_and_weighed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = Deaf()
    done, first, last, slope, _ = weighed(deaf, 40, tmp_path, monkeypatch)
    assert (done, deaf.rounds, deaf.looks) == (30, 40, 80)
    assert first < last and slope == pytest.approx(4.0 / 3.0, rel=0.05)


def test_memory_is_not_told_where_nothing_was_fitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, deaf in enumerate((Deaf(fit=False), Deaf(fit=False, come_back=False))):
        (tmp_path / str(number)).mkdir()
        done, *told, _ = weighed(deaf, 8, tmp_path / str(number), monkeypatch)
        assert done == 0 and all(np.isnan(told)) and deaf.rounds == (8, 1)[number]
    (tmp_path / "last").mkdir()
    with pytest.raises(RuntimeError, match="could not be brought"):
        weighed(Deaf(bring=False), 8, tmp_path / "last", monkeypatch)


@pytest.mark.parametrize(("there", "may_write", "told"), [
    (True, True, "cannot be made read-only (mount point is busy)"), (False, True, "root may write"), (False, False, "")])
def test_why_a_folder_was_not_made_read_only_is_told_as_it_is(there: bool, may_write: bool, told: str, tmp_path: Path,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=32, stderr="mount point is busy\n"))
    monkeypatch.setattr(faults.os, "access", lambda *_: may_write)
    disk = faults.SmallDisk(tmp_path / "small")
    assert not disk.there and "mounted" in disk.fill()
    disk.there = there
    why_not = disk.forbid()
    disk.allow()
    assert (told in why_not) if told else not why_not
    assert why_not.count("root") == (not there and may_write)
    (tmp_path / "small" / "file").write_text("as before")
