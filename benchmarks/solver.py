"""The solver against other packages: CPU seconds to V* within 1e-6 in the sup norm, set-up apart, one thread.

Every solver runs in a process of its own and is given its best of several settings (``solver_peers.py``). The error is measured,
not believed: against values from means that share no code with the solver (``solver_problems.py``).
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.solver_peers import THREADS
from benchmarks.solver_problems import GAMMAS, problem, reference

PEERS = {"quantecon": "quantecon", "mdplib": "mdp", "mdpsolver": "mdpsolver"}
"""Package -> the module it installs."""
LIMIT_SECONDS = 120
"""By the clock on the wall; a thread cannot use more of the processor than that."""


def run(peers: bool) -> dict[str, Any]:
    """All rows; JSON-ready."""
    asked = ["motive"]
    for package, module in PEERS.items():
        if peers and importlib.util.find_spec(module) is None:
            print(f"{package} is not installed: python -m pip install -r requirements-bench.txt")
        elif peers:
            asked.append(package)
    print(f"{'':<9}{'':<11}{'seconds':>9}{'set-up':>9}{'error':>10}  best settings")
    return {row: _row(row, asked, peers) for row in GAMMAS}


def _row(row: str, solvers: list[str], peers: bool) -> dict[str, Any]:
    exact = reference(*problem(row))
    out: dict[str, Any] = {"motive": None} | ({name: None for name in PEERS} if peers else {})
    out |= {"ratio_to_best_peer": None, "error": None, "memory_ratio": None, "errors": {}, "setup": {}, "settings": {}}
    for solver in solvers:
        found, why = _measure(solver, row)
        if found is None:
            print(f"{row:<9}{solver:<11}{'-':>9}{'-':>9}{'-':>10}  {why}", flush=True)
            continue
        error = float(np.abs(found["value"] - exact).max())
        seconds, setup, settings = float(found["seconds"]), float(found["setup"]), str(found["settings"])
        print(f"{row:<9}{solver:<11}{seconds:>9.4f}{setup:>9.3f}{error:>10.1e}  {settings}{why}", flush=True)
        out["errors"][solver], out["setup"][solver], out["settings"][solver] = error, round(setup, 4), settings
        if solver == "motive":
            out["error"], out["memory_ratio"] = error, round(float(found["memory"]), 2)
        out[solver] = round(seconds, 6)
    rivals = [out[name] for name in PEERS if out.get(name)]
    if rivals and out["motive"]:
        out["ratio_to_best_peer"] = round(min(rivals) / out["motive"], 2)
        print(f"{row:<9}{out['ratio_to_best_peer']:.1f} times ahead of the best peer; memory {out['memory_ratio']} times the arrays")
    return out


def _measure(solver: str, row: str) -> tuple[dict[str, Any] | None, str]:
    """What ``solver_peers`` found, or None and why; stopped after ``LIMIT_SECONDS`` with what it had by then."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "found.npz"
        command = [sys.executable, "-m", "benchmarks.solver_peers", solver, row, str(output)]
        try:
            # no RLIMIT_CPU: with one set, Linux only samples the process's clock, and short runs seem to take no time
            done = subprocess.run(command, env=os.environ | THREADS, capture_output=True, text=True, check=False,
                                  timeout=LIMIT_SECONDS)
            why = "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["failed"])[-1]
        except subprocess.TimeoutExpired:
            why = f"stopped after {LIMIT_SECONDS} s"
        if not output.exists():
            return None, why or "nothing solved"
        with np.load(output) as found:
            return {key: found[key] for key in found.files}, f" ({why})" if why else ""

