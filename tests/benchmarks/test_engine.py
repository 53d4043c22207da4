"""The benchmark of engines: its work, on a small town and two processes."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from benchmarks import engine
from benchmarks.town import problem_of
from irlcore.engine import use

pytestmark = pytest.mark.kernels


def test_processes_give_the_numbers_of_one_thread_and_send_something() -> None:
    problem = problem_of(400, 40)
    alone = engine._numbers(problem)[2]
    with use("processes", 2, least_s=0.0) as two:
        told, there = engine._measured("processes", problem, alone, two)
    assert told["same_bits"] and told["bytes_sent"] > 0 and engine._same(alone, there)
    assert set(told) == {"first_s", "next_s", "next_processor_s", "scores_s", "bytes_sent", "same_bits"}
    assert not engine._same(alone, [np.nextafter(one, np.inf) for one in alone])


@pytest.mark.skipif(sys.platform == "win32", reason="a worker is killed by a signal of POSIX")
def test_a_killed_worker_is_told_of() -> None:
    problem = problem_of(400, 40)
    alone = engine._numbers(problem)[2]
    with use("processes", 2, least_s=0.0) as two:
        told = engine._killed("processes", problem, alone, two)
    assert told["finished"] and told["same_bits"]
