"""Engines side by side on a made-up town: seconds, bytes sent, whether the numbers are the same to the last bit, and what a kill costs.

The work is two evaluations of the likelihood, as a fit makes them one after the other, and the scores of a few trips. What a worker is
told of the town is told in the first; the second is what every further step of a fit costs. Kernels are loaded before anything is timed.
Where others are at work on the machine, the processor seconds of the second, those of all processes together, tell more than the clock.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.town import WEIGHTS, problem_of
from irlcore.engine import Engine, run_all, use
from irlcore.engine.processes import ONE_THREAD
from irlcore.errors import MotiveError
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.review.scores import score_paths

LINKS, TRIPS, SCORED, WORKERS = 50_000, 1000, 16, 2
WARM = 12_000, 10  # links and trips of a town in which kernels are loaded: those of large worlds, too, which are judged by other ones
MODELS: tuple[Rationality, ...] = (MaxEnt(), Boltzmann())
SCHEDULER = "tcp://127.0.0.1:18786"
ANSWERS_S = 60.0
ENDS_S = 15.0  # seconds that each of them is given to end by itself
SIGNALS = sys.platform != "win32"


def run(links: int = LINKS, trips: int = TRIPS) -> dict[str, Any]:
    """``{"links", "goals", "workers", "threads": {...}, "processes": {...}, "dask": {...} or None, "killed": {...}}``."""
    town = problem_of(links, trips)
    goals = len(town.paths.goals)
    print(f"{town.mdp.n_states:,} links, {len(town.paths):,} trips, {goals:,} goals; {WORKERS} workers, and one thread alone.")
    print(f"{'':<22}{'first s':>9}{'next s':>9}{'processors s':>14}{'scores s':>10}{'MB sent':>9}   same bits")
    out: dict[str, Any] = {"links": town.mdp.n_states, "goals": goals, "workers": WORKERS}
    with _threads(1):
        alone = {model.name: _measured("one thread", replace(town, model=model), None) for model in MODELS}
    out["one_thread"] = {name: told for name, (told, _) in alone.items()}
    for name in ("threads", "processes", "dask"):
        if name == "dask" and find_spec("distributed") is None:
            print("dask is not installed (pip install motive[dask]): left out.")
            out["dask"] = None
            continue
        out[name] = {}
        with _engine(name) as engine:
            for model in MODELS:
                told, _ = _measured(name, replace(town, model=model), alone[model.name][1], engine)
                out[name][model.name] = told
            if name != "threads" and SIGNALS:
                out.setdefault("killed", {})[name] = _killed(name, replace(town, model=MODELS[1]), alone[MODELS[1].name][1], engine)
        out[name]["same_bits"] = all(out[name][model.name]["same_bits"] for model in MODELS)
    return out


@contextmanager
def _threads(many: int) -> Iterator[None]:
    before = os.environ.get("MOTIVE_WORKERS")
    os.environ["MOTIVE_WORKERS"] = str(many)
    try:
        yield
    finally:
        os.environ.pop("MOTIVE_WORKERS")
        if before is not None:
            os.environ["MOTIVE_WORKERS"] = before


@contextmanager
def _engine(name: str) -> Iterator[Engine]:
    with ExitStack() as stack:
        stack.enter_context(_threads(WORKERS))
        if name == "dask":
            stack.enter_context(_cluster())
        yield stack.enter_context(_reached() if name == "dask" else use(name, WORKERS if name == "processes" else None))


@contextmanager
def _cluster() -> Iterator[None]:
    """A scheduler and its workers, as docs/many-machines.md starts them."""
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(["", *sys.path])}
    commands = [["scheduler", "--host", "127.0.0.1", "--port", SCHEDULER.split(":")[-1], "--no-dashboard", "--no-show"],
                *[["worker", SCHEDULER, "--nthreads", "1", "--no-dashboard"]] * WORKERS]
    started = [subprocess.Popen([sys.executable, "-m", "dask", *command], env=environment, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL) for command in commands]
    try:
        yield
    finally:
        for process in reversed(started):  # the scheduler last: a worker whose scheduler is gone looks for it, half a minute and more
            process.terminate()
            try:
                process.wait(ENDS_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _reached() -> Engine:
    begun = time.monotonic()
    while True:
        try:
            engine = use(SCHEDULER)
            break
        except MotiveError:
            if time.monotonic() > begun + ANSWERS_S:
                raise
            time.sleep(0.2)
    while engine.pool is not None and len(engine.pool.remotes()) < WORKERS and time.monotonic() < begun + ANSWERS_S:
        time.sleep(0.2)
    return engine


def _measured(name: str, problem: Problem, expected: list[np.ndarray] | None,
              engine: Engine | None = None) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Seconds and bytes of one model, and its numbers."""
    with use("threads") if engine is None else engine.again():
        workers = list[int]()
        if engine is not None and engine.pool is not None:
            engine.pool.least_s = 0.0
            workers = _workers()
        _numbers(replace(problem_of(*WARM), model=problem.model), workers)  # kernels are loaded
        sent = 0 if engine is None else engine.bytes_sent
        seconds, worked, numbers = _numbers(problem, workers)
        sent = (0 if engine is None else engine.bytes_sent) - sent
    same = expected is None or _same(numbers, expected)
    told, processors = f"{name}, {problem.model.name}", "" if worked is None else f"{worked:.2f}"
    print(f"{told:<22}{seconds[0]:>9.2f}{seconds[1]:>9.2f}{processors:>14}{seconds[2]:>10.2f}{sent / 1e6:>9.1f}   {same}", flush=True)
    return {"first_s": round(seconds[0], 3), "next_s": round(seconds[1], 3), "scores_s": round(seconds[2], 3),
            "next_processor_s": None if worked is None else round(worked, 3), "bytes_sent": sent, "same_bits": same}, numbers


def _workers() -> list[int]:
    """The processes of the engine in use."""
    return sorted(set(run_all(process_of, range(4 * WORKERS), shared=None)))


def _numbers(problem: Problem, workers: Sequence[int] = ()) -> tuple[list[float], float | None, list[np.ndarray]]:
    """Two evaluations and the scores, with the seconds of each, and the processor seconds of the second, those of worker processes too."""
    groups, marks, worked, found = problem.groups(), [time.perf_counter()], [_worked(workers)], []
    for factor in (1.0, 1.02):
        told = problem.evaluate(factor * WEIGHTS, groups)
        found += [told.loglik, told.scores, told.information]
        marks.append(time.perf_counter())
        worked.append(_worked(workers))
    scored = problem.paths.take(np.arange(min(SCORED, len(problem.paths))))
    scores = score_paths(problem.model, problem.prepare(WEIGHTS), scored)
    marks.append(time.perf_counter())
    spent = None if worked[1] is None or worked[2] is None else worked[2] - worked[1]
    return np.diff(marks).tolist(), spent, [*found, scores.surprise, scores.utility_gap, scores.step_surprise]


def _worked(workers: Sequence[int]) -> float | None:
    """Processor seconds of this process and of others so far; None where the system does not tell those of others."""
    try:
        ticks = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13] for pid in workers]
    except OSError:
        return None
    return time.process_time() + sum(int(one) for each in ticks for one in each) / (os.sysconf("SC_CLK_TCK") if workers else 1)


def _same(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    return all(a.tobytes() == b.tobytes() for a, b in zip(first, second, strict=True))


def _killed(name: str, problem: Problem, expected: list[np.ndarray], engine: Engine) -> dict[str, Any]:
    """One worker is killed once a quarter of the replies are in."""
    with engine.again():
        victim = _workers()[0]
        received, ended, killed = engine.bytes_received, threading.Event(), list[int]()
        quarter = sum(one.nbytes for one in expected) // 4

        def kill() -> None:
            while not ended.wait(0.005):
                if engine.bytes_received > received + quarter:
                    os.kill(victim, signal.SIGKILL)
                    killed.append(victim)
                    return

        killer = threading.Thread(target=kill)
        killer.start()
        seconds, _, numbers = _numbers(problem)
        ended.set()
        killer.join()
    told = {"killed": bool(killed), "finished": True, "same_bits": _same(numbers, expected), "seconds": round(sum(seconds), 3)}
    print(f"{name}, a worker killed in the middle: finished in {told['seconds']:.2f} s, same bits: {told['same_bits']}", flush=True)
    return told


def process_of(_: object, item: int) -> int:
    """The process that does an item."""
    time.sleep(0.05)
    return os.getpid()
