"""One piece of ``benchmarks.scale`` in a process of its own: ``python -m benchmarks.scale.piece links LINKS TRIPS GOALS MODEL``,
``... grid SIDE MODEL`` or ``... trips TRIPS FOLDER``. Prints one JSON object.

Seconds are of processors. Kernels are compiled on something small before; what is made of the world alone, once for all fits, is counted.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.scale.problems import far_grid, metro
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue

MODELS: dict[str, Callable[[], Rationality]] = {"maxent": MaxEnt, "boltzmann": Boltzmann, "noisy_value": NoisyValue}


def peak_mb() -> float:
    """Largest memory of this process so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024.0 if sys.platform != "darwin" else 1024.0**2), 1)


def fitted(problem: Problem) -> dict[str, Any]:
    """Seconds and memory of a fit, and what came of it."""
    begun, worked = time.perf_counter(), time.process_time()
    found = fit(problem)
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    return {"links": problem.mdp.n_states, "trips": len(problem.paths), "goals": len(set(problem.paths.goal.tolist())),
            "steps": len(problem.paths.choices), "seconds": round(worked, 3), "wall_seconds": round(seconds, 3), "mb": peak_mb(),
            "evaluations": found.evaluations, "iterations": found.iterations, "loglik_per_trip": round(found.loglik / found.n_paths, 8),
            "theta": [round(float(w), 6) for w in (*found.theta, *found.own)], "status": found.status.name}


def measured(kind: str, *asked: str) -> dict[str, Any]:
    """What one piece took."""
    if kind == "trips":
        from benchmarks.scale.million import measured_trips

        return measured_trips(int(asked[0]), Path(asked[1]))
    model = MODELS[asked[-1]]
    fit(metro(200, 50, 10, model()) if kind == "links" else far_grid(8, model()))
    if kind == "links":
        return fitted(metro(int(asked[0]), int(asked[1]), int(asked[2]), model()))
    return fitted(far_grid(int(asked[0]), model()))


if __name__ == "__main__":
    print(json.dumps(measured(*sys.argv[1:])))
