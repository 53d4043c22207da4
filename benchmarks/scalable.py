"""Learning without a planner in the fit: the value basis on Shanghai beside MaxEnt fitted in full, and on made-up networks of any size.

Shanghai: weights from 1,000 trips, nats a trip on the test trips under the plan that the weights call for, with 0, 1 and 2 replannings; the
same with turn shares, where trips are judged by counts that they have no part in; each with value features beside the plan, too. Growth:
seconds and peak memory of a fit with one replanning, each in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
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
from irlcore.rationality.guided.columns import ValueColumns
from irlcore.rationality.guided.guided import Guided
from irlcore.rationality.guided.value_features import ValueSpec
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.replanned import Replanned
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

REPLANNINGS = (0, 1, 2)
LINKS, TRIPS = (1_000, 10_000, 100_000, 1_000_000), 10_000
FEWER, AT = (1_000, 3_000, 10_000), 100_000
"""Trips, on a network of so many links, for their exponent."""
TURN_SHARE = FeatureSpec("turn share", "traffic", {"of": "turn share"})
VALUE_FEATURES = (ValueSpec("heading"),)
NOISY = Replanned()
"""Both chosen on the trips to learn from alone: fitted to 700 of them and judged by 300, three times, with turn shares and one replanning,
the heading off the goal gained .052 nats a trip (measured at the end or the middle of a link .045 to .051), the straight distance .023 and
beside the heading nothing; way, steps and turns to go nothing, as one such split told. With the heading, agents who plan on wrong costs
gained .028 more, other errors .004 at most (MaxEnt in full would have gained .059)."""
FOLDS = 5
TIMES = 3


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
    others = parts.get("train10000", train)
    others = others.take(np.flatnonzero(~np.isin(others.ids, train.ids)))
    print(f"With turn shares, counted on {len(others) or len(train):,} {'other trips' if len(others) else 'of these trips'}:")
    out["turn_shares"] = _of_features(world, [*specs, TURN_SHARE], train, test, others if len(others) else None)
    return out


def _of_features(world: World, specs: list[FeatureSpec], train: Paths, test: Paths, counted: Paths | None = None) -> dict[str, Any]:
    """``{"0": ..., "1": ..., "2": ..., "maxent": ..., "under_maxent": {"0": ...}, "value_features": {"0": ..., "maxent": ...,
    "replanned": {"0": ...}}}`` for one set of features. counted: other trips that features are counted on; without them trips are judged by
    counts of the other folds."""
    context = Context(training=train if counted is None else counted)
    matrix = feature_matrix(specs, world, context)
    again = recounts(specs, world, context, train, FOLDS) if counted is None else ()
    problem = Problem(world.mdp, matrix.values, matrix.names, train, Boltzmann(), 1.0, again)
    signs = [spec.sign for spec in specs]
    print(f"{'':<14}{'nats':>9}{'seconds':>9}{'processor':>11}   weights: {', '.join(matrix.names)}")
    fit_value_basis(problem, signs)  # kernels are compiled, what hangs on the world alone is made
    soft = replace(problem, model=MaxEnt())
    full, seconds = _timed(lambda: fit(soft, signs))
    out: dict[str, Any] = {"maxent": _line("MaxEnt", soft, full, seconds, test), "under_maxent": {}, "value_features": {"replanned": {}}}
    columns = ValueColumns(world, VALUE_FEATURES)
    guided = replace(problem, model=Guided(Boltzmann(), VALUE_FEATURES, columns))
    noisy = replace(problem, model=Guided(NOISY, VALUE_FEATURES, columns))
    for asked, told, name in ((problem, out, ""), (soft, out["under_maxent"], ", soft"), (guided, out["value_features"], ", value"),
                              (noisy, out["value_features"]["replanned"], ", noisy")):
        for many in REPLANNINGS:
            found, seconds = _timed(partial(fit_value_basis, asked, signs, replannings=many))
            told[str(many)] = _line(f"{many}{name}", asked, found, seconds, test)
            told[str(many)]["largest_difference_in_errors"] = round(float(np.abs((found.theta - full.theta) / full.se).max()), 2)
    both = replace(problem, model=Guided(MaxEnt(), VALUE_FEATURES, columns))
    full, seconds = _timed(lambda: fit(both, signs), 1)
    out["value_features"]["maxent"] = _line("MaxEnt, value", both, full, seconds, test)
    return out


def _timed(work: Callable[[], FitResult], times: int = TIMES) -> tuple[FitResult, tuple[float, float]]:
    """What came of it, and the least of a few times that it took: seconds, and seconds of processors, which others at work on the machine
    do not lengthen so much."""
    took = []
    for _ in range(times):
        begun, worked = time.perf_counter(), time.process_time()
        found = work()
        took.append((time.perf_counter() - begun, time.process_time() - worked))
    return found, (min(wall for wall, _ in took), min(own for _, own in took))


def _line(name: str, problem: Problem, found: FitResult, seconds: tuple[float, float], test: Paths) -> dict[str, Any]:
    """What is told of one fit."""
    point = np.append(found.theta, found.own)
    loglik = float(path_logliks(problem.model, replace(problem, paths=test, recounts=()).prepare(point), test).mean())
    print(f"{name:<14}{loglik:>9.4f}{seconds[0]:>9.2f}{seconds[1]:>11.2f}   {' '.join(f'{w:.3f}' for w in point)}")
    return {"loglik_per_trip": round(loglik, 5), "seconds": round(seconds[0], 3), "processor_seconds": round(seconds[1], 3),
            "theta": dict(zip((*found.names, *found.own_names), np.round(point, 5).tolist(), strict=True))}


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
