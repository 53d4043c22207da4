"""Learning without a planner in the fit: the value basis on Shanghai beside MaxEnt fitted in full, and on made-up networks of any size.

Shanghai: weights from 1,000 trips, nats a trip on the test trips under the plan that the weights call for, with 0, 1 and 2 replannings; the
same with turn shares, where trips are judged by counts that they have no part in. Growth: seconds and peak memory of a fit with one
replanning, each in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.shanghai import FEATURES, load
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix, recounts, suggest_features
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult
from irlcore.fitting.value_basis.estimate import fit_value_basis
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

REPLANNINGS = (0, 1, 2)
LINKS, TRIPS = (1_000, 10_000, 100_000, 1_000_000), 10_000
FEWER, AT = (1_000, 3_000, 10_000), 100_000
"""Trips, on a network of so many links, for their exponent."""
TURN_SHARE = FeatureSpec("turn share", "traffic", {"of": "turn share"})
FOLDS = 5


def run(folder: Path) -> dict[str, Any]:
    """Both parts; Shanghai only where its data is."""
    out: dict[str, Any] = {}
    if folder.is_dir():
        out["shanghai"] = shanghai(folder)
    else:
        print(f"{folder} is not there: made-up networks alone.")
    return {**out, "growth": growth(LINKS, FEWER, AT, TRIPS)}


def shanghai(folder: Path) -> dict[str, Any]:
    """Held-out likelihood, seconds and weights of every fit."""
    world, parts = load(folder)
    train, test = parts["train1000"], parts["test"]
    specs = suggest_features(world)[:FEATURES]
    print(f"Shanghai: {len(train):,} trips to learn from, {len(test):,} to be judged; nats a trip.")
    out: dict[str, Any] = _of_features(world, specs, train, test)
    print(f"With turn shares, counted on {len(train):,} trips:")
    out["turn_shares"] = _of_features(world, [*specs, TURN_SHARE], train, test)
    return out


def _of_features(world: World, specs: list[FeatureSpec], train: Paths, test: Paths) -> dict[str, Any]:
    """``{"0": ..., "1": ..., "2": ..., "maxent": ...}`` for one set of features."""
    context = Context(training=train)
    matrix = feature_matrix(specs, world, context)
    problem = Problem(world.mdp, matrix.values, matrix.names, train, Boltzmann(), 1.0, recounts(specs, world, context, train, FOLDS))
    signs = [spec.sign for spec in specs]
    print(f"{'':<10}{'nats':>9}{'seconds':>9}   weights: {', '.join(matrix.names)}")
    fit_value_basis(problem, signs)  # kernels are compiled, what hangs on the world alone is made
    full, seconds = _timed(lambda: fit(replace(problem, model=MaxEnt()), signs))
    out = {"maxent": _line("MaxEnt", replace(problem, model=MaxEnt()), full, seconds, test)}
    for many in REPLANNINGS:
        found, seconds = _timed(lambda many=many: fit_value_basis(problem, signs, replannings=many))
        out[str(many)] = _line(str(many), problem, found, seconds, test)
        out[str(many)]["largest_difference_in_errors"] = round(float(np.abs((found.theta - full.theta) / full.se).max()), 2)
    return out


def _timed(work: Any) -> tuple[FitResult, float]:
    begun = time.perf_counter()
    found = work()
    return found, time.perf_counter() - begun


def _line(name: str, problem: Problem, found: FitResult, seconds: float, test: Paths) -> dict[str, Any]:
    """What is told of one fit."""
    loglik = float(path_logliks(problem.model, replace(problem, paths=test, recounts=()).prepare(found.theta), test).mean())
    print(f"{name:<10}{loglik:>9.4f}{seconds:>9.2f}   {' '.join(f'{w:.3f}' for w in found.theta)}")
    return {"loglik_per_trip": round(loglik, 5), "seconds": round(seconds, 3),
            "theta": dict(zip(found.names, np.round(found.theta, 5).tolist(), strict=True))}


def growth(links: tuple[int, ...], fewer: tuple[int, ...], at: int, trips: int) -> dict[str, Any]:
    """Seconds and MB of each size, and the exponents: slopes of log seconds on log size."""
    print(f"{'links':>10}{'trips':>8}{'goals':>8}{'seconds':>9}{'MB':>8}")
    by_links = {n: _apart(n, trips) for n in links}
    by_trips = {n: by_links[at] if (n, at) == (trips, at) and at in by_links else _apart(at, n) for n in fewer}
    return {"links_exponent": _slope({n: one["seconds"] for n, one in by_links.items()}),
            "trips_exponent": _slope({n: one["seconds"] for n, one in by_trips.items()}),
            **{str(n): one for n, one in by_links.items()}, "trips": {str(n): one for n, one in by_trips.items()}}


def _apart(links: int, trips: int) -> dict[str, Any]:
    """One size in a process of its own, so that its peak of memory is its own."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.town", str(links), str(trips)], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{found['links']:>10,}{found['trips']:>8,}{found['goals']:>8,}{found['seconds']:>9.2f}{found['mb']:>8.0f}", flush=True)
    return found


def _slope(seconds: dict[int, float]) -> float:
    x, y = np.log(list(seconds)), np.log(list(seconds.values()))
    return round(float(np.polyfit(x, y, 1)[0]), 3) if len(seconds) > 1 else float("nan")
