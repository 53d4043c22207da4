"""MaxEnt weights of made-up grids, by Motive and by its peers: seconds to the same held-out likelihood, and memory.

Grids of 20 x 20, 50 x 50 and 100 x 100 cells, four moves, 8 features, 200 trips to fit and 200 held out, all to one goal, since
the peers know no more. Every program fits the same model (``benchmarks.fit_runs`` says how each is told of it) in a process of its
own, with one thread: processor seconds until a held-out step is within 0.002 nats of Motive's maximum-likelihood fit. Motive's
are those of its whole fit, standard errors included. A peer is given the best of several step sizes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.fit_problem import ACTIONS, GridProblem, simulate

SIZES = (20, 50, 100)
NEAR = 0.002  # nats a step
LIMIT_SECONDS = 120.0
MOST_BYTES = 8e9
STEPS: dict[str, tuple[float, ...]] = {"irl_maxent": (0.3, 1.0, 0.1), "imitation": (0.3, 0.1), "econirl": (2.0, 3.0)}
"""The step sizes that each peer is tried with; for econirl, which chooses its own, the horizon over the longest trip."""
DENSE_COPIES = {"irl_maxent": 3, "imitation": 1, "econirl": 0}  # arrays of S x A x S doubles at once
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MOTIVE_WORKERS")} | {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}


@dataclass(frozen=True, slots=True)
class Run:
    """What one program did on one grid: processor seconds (None where the target was not reached), held-out nats a step, peak
    memory, the step size it did best with, and why there are no seconds."""

    seconds: float | None
    held_out: float | None
    memory_mb: float | None
    step: float | None
    why: str


def run(peers: bool = False, limit: float = LIMIT_SECONDS, sizes: tuple[int, ...] = SIZES, repeats: int = 3) -> dict[str, Any]:
    """All programs on all grids; the peers only where asked for, and where MOTIVE_BENCH_PYTHON (else this Python) has them.

    Motive's seconds are the least of ``repeats`` runs.
    """
    print(f"{'grid':<10}{'program':<12}{'seconds':>9}{'held out':>11}{'MB':>8}{'step':>7}")
    out: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            problem, path = simulate(size), Path(folder) / f"grid{size}.npz"
            problem.save(path)
            runs = {"motive": min((one_run("motive", path, -1e9, 0.0, limit) for _ in range(repeats)),
                                  key=lambda found: found.seconds or limit)}
            target = (runs["motive"].held_out or 0.0) - NEAR
            show(size, "motive", runs["motive"])
            for peer in STEPS:
                asked = best_run(peer, problem, path, target, limit) if peers else Run(None, None, None, None, "not asked for: --peers")
                runs[peer] = asked
                if peers:
                    show(size, peer, asked)
            out[f"grid{size}"] = summary(runs)
    return out


def best_run(peer: str, problem: GridProblem, path: Path, target: float, limit: float) -> Run:
    """The fastest over the peer's step sizes; each is given no longer than the best before it took."""
    needed = DENSE_COPIES[peer] * problem.n_states**2 * ACTIONS * 8.0
    if needed > MOST_BYTES:
        return Run(None, None, None, None, f"its dense arrays of states x actions x states need {needed / 1e9:.1f} GB")
    best: Run | None = None
    for step in STEPS[peer]:
        left = limit if best is None or best.seconds is None else best.seconds
        found = one_run(peer, path, target, step, left)
        if found.step is None:
            return found
        if best is None or (found.seconds is not None and found.seconds < (best.seconds or limit)) or (
                best.seconds is None and (found.held_out or -1e9) > (best.held_out or -1e9)):
            best = found
    assert best is not None
    return best


def one_run(program: str, path: Path, target: float, step: float, limit: float) -> Run:
    """One program in a process of its own."""
    python = sys.executable if program == "motive" else os.environ.get("MOTIVE_BENCH_PYTHON", sys.executable)
    root = Path(__file__).resolve().parent.parent
    ended = subprocess.run([python, "-m", "benchmarks.fit_runs", program, str(path), repr(target), repr(step), repr(limit)], cwd=root,
                           env=os.environ | ONE_THREAD, capture_output=True, text=True, check=False)
    if ended.returncode == -signal.SIGXCPU:
        return Run(None, None, None, step, f"not there after {limit:g} s")
    lines = ended.stdout.splitlines()
    if ended.returncode != 0 or not lines:
        said = (ended.stderr.splitlines() or ["no message"])[-1]
        return Run(None, None, None, step, f"it ended with {ended.returncode}: {said}"[:200])
    found = json.loads(lines[-1])
    if "missing" in found:
        return Run(None, None, None, None, f"{found['missing']}: pip install -r requirements-bench.txt")
    return Run(round(found["seconds"], 4) if found["reached"] else None, found["held_out"], round(found["memory_mb"], 1), step,
               found["why"])


def summary(runs: dict[str, Run]) -> dict[str, Any]:
    """One grid's figures as they go into the JSON object."""
    own = runs["motive"].seconds
    others = [found.seconds for name, found in runs.items() if name != "motive" and found.seconds is not None]
    return {**{name: found.seconds for name, found in runs.items()},
            "ratio_to_best_peer": round(min(others) / own, 1) if own and others else None,
            "memory_mb": {name: found.memory_mb for name, found in runs.items()},
            "heldout": {name: None if found.held_out is None else round(found.held_out, 5) for name, found in runs.items()},
            "step_size": {name: found.step for name, found in runs.items() if name != "motive"},
            "why_null": {name: found.why for name, found in runs.items() if found.seconds is None}}


def show(size: int, name: str, found: Run) -> None:
    """One row of the table."""
    def cell(value: float | None, width: int, digits: int) -> str:
        return f"{'-' if value is None else f'{value:.{digits}f}':>{width}}"

    step = found.step if name != "motive" else None
    print(f"{f'{size} x {size}':<10}{name:<12}{cell(found.seconds, 9, 3)}{cell(found.held_out, 11, 5)}{cell(found.memory_mb, 8, 0)}"
          f"{cell(step, 7, 1)}   {found.why}", flush=True)
