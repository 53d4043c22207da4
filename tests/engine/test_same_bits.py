"""Fits, scores and posteriors are the same to the last bit on threads and processes, however many, and where a worker is killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from irlcore.engine import Engine, use
from irlcore.engine.processes import Processes
from tests.engine.numbers import MODELS, asked, by_other_ways, fitted, same, told

pytestmark = pytest.mark.kernels
each_model = pytest.mark.parametrize("name", list(MODELS))
AT = {"MaxEnt": [], "Boltzmann": [], "NoisyValue": [0.5]}


@pytest.fixture(scope="module")
def two() -> Iterator[Engine]:
    with use("processes", 2, least_s=0.0) as engine, use("threads"):
        yield engine


@pytest.fixture
def processes(two: Engine) -> Iterator[Engine]:
    with two.again():
        yield two


def point(name: str) -> np.ndarray:
    return np.array([-4.0, 0.8, -0.8, -0.4, -3.0, *AT[name]])


@each_model
def test_a_fit_is_the_same_on_threads_and_processes(name: str, processes: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    there = fitted(asked(name))
    for count in ("1", "3"):
        monkeypatch.setenv("MOTIVE_WORKERS", count)
        with use("threads"):
            assert same([there], [fitted(asked(name))])


@each_model
def test_scores_posteriors_and_residuals_are_the_same(name: str, processes: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    there = told(asked(name), point(name))
    assert all(np.isfinite(one).any() for one in there)
    monkeypatch.setenv("MOTIVE_WORKERS", "3")
    with use("threads"):
        assert same(there, told(asked(name), point(name)))


def test_fits_of_other_kinds_are_the_same(processes: Engine) -> None:
    sent = processes.bytes_sent
    there = by_other_ways(asked("Boltzmann"))
    assert processes.bytes_sent > sent
    with use("threads"):
        assert same(there, by_other_ways(asked("Boltzmann")))


@pytest.mark.skipif(sys.platform == "win32", reason="a worker is killed by a signal of POSIX")
def test_a_fit_whose_worker_is_killed_in_the_middle_ends_with_the_same_numbers(processes: Engine) -> None:
    pool, ended, killed = processes.pool, threading.Event(), list[int]()
    assert isinstance(pool, Processes)
    received = processes.bytes_received

    def kill() -> None:
        while not ended.is_set() and processes.bytes_received < received + 20_000:
            time.sleep(0.001)
        while not ended.is_set() and not killed:
            for remote in pool.remotes():
                if remote.run >= 0 and not killed:
                    os.kill(remote.channel.pid, signal.SIGKILL)
                    killed.append(remote.channel.pid)

    killer = threading.Thread(target=kill)
    killer.start()
    there = fitted(asked("NoisyValue"))
    ended.set()
    killer.join()
    assert killed and killed[0] not in [remote.channel.pid for remote in pool.remotes()]
    with use("threads"):
        assert same([there], [fitted(asked("NoisyValue"))])
