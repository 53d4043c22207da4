"""Work on a cluster of two processes, as docs/many-machines.md starts one: a scheduler, and two workers that were told its address."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from irlcore.engine import Control, Engine, for_each, run_all, use
from irlcore.engine.processes import ONE_THREAD
from irlcore.errors import Cancelled, FitError, MotiveError
from tests.engine import work
from tests.engine.numbers import asked, fitted, same, told

distributed = pytest.importorskip("distributed", reason="the extra motive[dask] is not installed", exc_type=ImportError)
pytestmark = [pytest.mark.kernels, pytest.mark.skipif(sys.platform == "win32", reason="workers are killed by signals of POSIX")]
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The commands of the docs, of this interpreter."""
    address, here = f"tcp://127.0.0.1:{free_port()}", str(tmp_path_factory.mktemp("dask"))
    paths = os.pathsep.join([str(ROOT), *sys.path])
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": paths, "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "false"}
    log = open(Path(here) / "log", "wb")  # noqa: SIM115

    def begun(*command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "dask", *command], env=environment, cwd=here, stdout=log, stderr=log)

    processes = [begun("scheduler", "--host", "127.0.0.1", "--port", address.split(":")[-1], "--no-dashboard", "--no-show")]
    processes += [begun("worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory", here) for _ in range(2)]
    try:
        deadline = time.monotonic() + 60.0
        while True:
            try:
                engine = use(address, least_s=0.0)
                break
            except MotiveError:
                assert time.monotonic() < deadline, (Path(here) / "log").read_text()
                time.sleep(0.2)
        with engine:
            while engine.pool is not None and len(engine.pool.remotes()) < 2:
                assert time.monotonic() < deadline, (Path(here) / "log").read_text()
                time.sleep(0.1)
            yield engine
    finally:
        for process in reversed(processes):  # the scheduler last: a worker whose scheduler is gone looks for it, half a minute and more
            process.terminate()
            process.wait(20.0)
        log.close()


def test_parts_come_from_two_workers_in_the_order_of_the_items(cluster: Engine) -> None:
    found = run_all(work.where, range(30), shared=None)
    assert [item for _, item in found] == list(range(30))
    assert len({pid for pid, _ in found}) == 2 and os.getpid() not in {pid for pid, _ in found}


@pytest.mark.parametrize("name", ["MaxEnt", "Boltzmann"])
def test_a_fit_is_that_of_threads_to_the_last_bit(name: str, cluster: Engine) -> None:
    there = fitted(asked(name))
    with use("threads"):
        assert same([there], [fitted(asked(name))])


@pytest.mark.parametrize("name", ["MaxEnt", "NoisyValue"])
def test_scores_posteriors_and_residuals_are_those_of_threads(name: str, cluster: Engine) -> None:
    point = np.array([-4.0, 0.8, -0.8, -0.4, -3.0, *([0.5] if name == "NoisyValue" else [])])
    there = told(asked(name), point)
    with use("threads"):
        assert same(there, told(asked(name), point))


def test_large_arrays_are_sent_to_each_worker_once(cluster: Engine) -> None:
    rows, before = np.ones((50, 20_000)), cluster.bytes_sent
    for _ in range(3):
        run_all(work.exponents, range(50), shared=rows)
    assert 2 * rows.nbytes <= cluster.bytes_sent - before < 2.1 * rows.nbytes


def test_what_items_remember_stays_with_their_worker(cluster: Engine) -> None:
    items = [work.Remembering() for _ in range(10)]
    assert [run_all(work.times_asked, items, shared=None) for _ in range(2)] == [[1] * 10, [2] * 10]


def test_errors_and_progress_come_through(cluster: Engine) -> None:
    with pytest.raises(FitError) as caught:
        run_all(work.failing, range(40), shared=(7, 20))
    assert (caught.value.what, caught.value.fix) == ("Item 7 is wrong.", "Leave it out.")
    heard: list[tuple[int, int, str]] = []
    found: dict[int, int] = {}
    for_each(work.shifted, range(9), found.__setitem__, Control(lambda *said: heard.append(said)), "Adding", shared=1)
    assert found == {k: k + 1 for k in range(9)} and heard == [(k, 9, "Adding") for k in range(1, 10)]


def test_a_stop_takes_effect_inside_a_chunk_within_a_second(cluster: Engine, tmp_path: Path) -> None:
    control, mark, stopped = Control(), tmp_path / "begun", list[float]()

    def stop() -> None:
        while not mark.exists():
            time.sleep(0.01)
        control.cancel.set()
        stopped.append(time.monotonic())

    threading.Thread(target=stop).start()
    with pytest.raises(Cancelled):
        run_all(work.long, range(4), control, shared=str(mark))
    assert time.monotonic() < stopped[0] + 1.0
    assert run_all(work.shifted, range(3), shared=1) == [1, 2, 3]
    assert time.monotonic() < stopped[0] + 5.0


def test_a_client_of_one_s_own_may_be_used_and_is_left_open(cluster: Engine) -> None:
    assert cluster.pool is not None
    client = cluster.pool.client  # type: ignore[attr-defined]
    with use(client, least_s=0.0):
        assert run_all(work.shifted, range(3), shared=1) == [1, 2, 3]
    assert client.status == "running"


def test_a_worker_that_is_killed_costs_its_chunk_alone(cluster: Engine, tmp_path: Path) -> None:
    assert run_all(work.dying_once, range(12), shared=(str(tmp_path / "died"), os.getpid())) == [k * k for k in range(12)]
    assert (tmp_path / "died").exists()


def test_a_fit_whose_worker_is_killed_in_the_middle_ends_with_the_same_numbers(cluster: Engine) -> None:
    pids = sorted({pid for pid, _ in run_all(work.where, range(30), shared=None)})
    received, ended, killed = cluster.bytes_received, threading.Event(), list[int]()

    def kill() -> None:
        while not ended.is_set() and cluster.bytes_received < received + 20_000:
            time.sleep(0.001)
        if not ended.is_set():
            os.kill(pids[0], signal.SIGKILL)
            killed.append(pids[0])

    killer = threading.Thread(target=kill)
    killer.start()
    there = fitted(asked("Boltzmann"))
    ended.set()
    killer.join()
    assert killed
    with use("threads"):
        assert same([there], [fitted(asked("Boltzmann"))])


@pytest.mark.skipif(sys.platform != "linux", reason="faults of one thread are told by Linux alone")
def test_every_worker_keeps_the_memory_of_arrays_for_the_next_goal(cluster: Engine) -> None:
    """Those that came after the engine was connected, too: here a nanny has begun one in place of a worker that was killed."""
    pages = 500  # of one array
    found = run_all(work.faults, range(12), shared=pages)
    assert len({pid for pid, _ in found}) == 2 and max(faults for _, faults in found) < 5 * pages


def test_where_nobody_answers_it_is_said() -> None:
    with pytest.raises(MotiveError, match="No scheduler answers"):
        use(f"tcp://127.0.0.1:{free_port()}")
