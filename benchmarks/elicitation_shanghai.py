"""The loop on real drivers: an analyst who accepts what is suggested first, from length and a constant on 1,000 taxi trips."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from benchmarks.detours import false_alarms, rerouted
from benchmarks.shanghai import load
from irlcore.elicitation.expected_use import described, expected
from irlcore.elicitation.library import pair_candidates, single_candidates
from irlcore.elicitation.score_test import candidate_scores, examine, screen
from irlcore.elicitation.suggestions import Unexplained, candidate_problem, suggest
from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_column, feature_matrix
from irlcore.fitting.likelihood import path_logliks, residual_matrix
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

BASIS = (FeatureSpec("length", "length", {"per": 1000.0}), FeatureSpec("each link", "step"))
COUNTED = {"places and turns": ("traffic", "habit"), "with class traffic": ("habit",), "with habits": ()}
"""Library -> kinds of feature it leaves out."""
MOST_ACTIONS = 8
CANDIDATES, COMPARED, TRIPS = 1000, 30, 10_000
SEED = 4


@dataclass(frozen=True, slots=True)
class Setting:
    """World, trips to fit to and to judge on, detours made of the latter, and past trips that traffic is counted on."""

    world: World
    train: Paths
    test: Paths
    detours: Paths
    context: Context


def setting(world: World, parts: dict[str, Paths]) -> Setting:
    train, test = parts["train1000"], parts["test"]
    past = parts["train10000"]
    past = past.take(np.flatnonzero(~np.isin(past.ids, train.ids)))
    return Setting(world, train, test, rerouted(world, test, np.random.default_rng(SEED)), Context({}, {}, past, expected))


def fitted(world: World, context: Context, specs: tuple[FeatureSpec, ...], trips: Paths) -> tuple[Problem, FitResult, Unexplained]:
    """A MaxEnt fit of ``specs`` and what it leaves unexplained."""
    matrix = feature_matrix(specs, world, context)
    problem = Problem(world.mdp, matrix.values, matrix.names, trips, MaxEnt())
    result = fit(problem)
    residuals = np.zeros((len(trips), world.mdp.n_choices), np.float32)
    residual_matrix(problem.model, problem.prepare(result.theta), trips, residuals, np.arange(len(trips)))
    return problem, result, Unexplained(problem, result.theta, np.ones(len(result.theta), bool), residuals, result.scores)


def loop(given: Setting, leave_out: tuple[str, ...]) -> dict[str, Any]:
    """Accept the first suggestion until none is left; after each action the test trips are judged."""
    specs: tuple[FeatureSpec, ...] = BASIS
    tried = 0
    out: dict[str, Any] = {"actions": [], "loglik_per_trip": [], "false_alarms": []}
    for action in range(MOST_ACTIONS + 1):
        problem, result, left = fitted(given.world, given.context, specs, given.train)
        prepared = problem.prepare(result.theta)
        normal, strange = (path_logliks(problem.model, prepared, trips) for trips in (given.test, given.detours))
        out["loglik_per_trip"].append(round(float(normal.mean()), 4))
        out["false_alarms"].append(round(false_alarms(-normal, -strange), 4))
        name = specs[-1].name if action else "(length and a constant per link)"
        print(f"  {action:>2} {out['loglik_per_trip'][-1]:>9.4f} {out['false_alarms'][-1]:>8.3f}  {name}")
        if action == MOST_ACTIONS:
            break
        library = single_candidates(given.world, given.context, described(result, specs))
        library = [spec for spec in library if spec.kind not in leave_out]
        found = suggest(left, given.world, given.context, library, specs, 1, tried)
        tried = found.tried
        if not found.best:
            break
        specs = (*specs, found.best[0].spec)
        out["actions"].append(specs[-1].name)
    return out | {"candidates_tried": tried}


def actions(world: World, parts: dict[str, Paths]) -> dict[str, Any]:
    """The loop with the whole library, and beside it without class traffic, and without habits."""
    given = setting(world, parts)
    print(f"{len(given.train)} trips fitted, traffic of {len(given.context.training or ())} others, {len(given.test)} test trips, "
          f"{len(given.detours)} of them re-routed; false alarms at 80 % detection, by log-likelihood")
    found = {}
    for name, leave_out in COUNTED.items():
        print(f"{name}: action, loglik / trip, false alarms, feature")
        found[name] = loop(given, leave_out)
    return found["with habits"] | {"libraries": {name: found[name] for name in COUNTED if name != "with habits"}}


def preview(world: World, parts: dict[str, Paths]) -> dict[str, Any]:
    """1,000 candidates on 10,000 trips: seconds, against those of one refit; and promised against realised gain of 30 of them."""
    trips = parts["train10000"].take(np.arange(min(TRIPS, len(parts["train10000"]))))
    context = Context({}, {}, parts["train1000"].take(np.flatnonzero(~np.isin(parts["train1000"].ids, trips.ids))), expected)
    problem, result, _ = fitted(world, context, BASIS, trips)
    library = _many(world, context, problem)
    begun = time.perf_counter()
    _, _, left = fitted(world, context, BASIS, trips)
    matrix_seconds = time.perf_counter() - begun - result.seconds
    begun = time.perf_counter()
    tested = screen(left.known, candidate_scores(left.residuals, candidate_problem(problem, library, world, context).batches()))
    seconds = time.perf_counter() - begun
    rng = np.random.default_rng(SEED)
    chosen = [library[k] for k in rng.choice(len(library), COMPARED, replace=False)]
    promised = examine(problem, candidate_problem(problem, chosen, world, context), left.point, left.free)
    real, refits = [], []
    for spec in chosen:
        matrix = feature_matrix((*BASIS, spec), world, context)
        again = fit(replace(problem, phi=matrix.values, names=matrix.names), start=np.append(result.theta, 0.0))
        real.append(again.loglik - result.loglik)
        refits.append(again.seconds)
    rank = float(spearmanr(promised.gain, real)[0])
    quick = float(spearmanr(tested.gain[[library.index(spec) for spec in chosen]], real)[0])
    out = {"seconds": round(seconds, 3), "refit_seconds": round(float(np.median(refits)), 3), "rank_correlation": round(rank, 4),
           "rank_correlation_screen": round(quick, 4), "residual_matrix_seconds": round(matrix_seconds, 3), "candidates": len(library),
           "trips": len(trips), "compared": len(chosen)}
    print(f"preview: {len(library)} candidates on {len(trips):,} trips in {seconds:.2f} s (residual matrix, once a fit: "
          f"{matrix_seconds:.2f} s); one refit {out['refit_seconds']:.2f} s; rank correlation of promised and realised gain over "
          f"{len(chosen)} candidates {rank:.3f} (screen alone {quick:.3f})")
    return out


def _many(world: World, context: Context, problem: Problem) -> list[FeatureSpec]:
    """``CANDIDATES`` different columns: every single candidate, then pairs of them at random."""
    singles = single_candidates(world, context)
    pairs = pair_candidates(singles)
    order = np.random.default_rng(SEED).permutation(len(pairs))
    seen = {column.tobytes() for column in problem.phi.T.copy()}
    kept: list[FeatureSpec] = []
    for spec in (*singles, *(pairs[k] for k in order)):
        try:
            column = feature_column(spec, world, context)
        except FeatureError:
            continue
        if column.min() < column.max() and column.tobytes() not in seen:
            seen.add(column.tobytes())
            kept.append(spec)
        if len(kept) == CANDIDATES:
            break
    return kept


def run(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The loop and the preview on the data in ``folder``."""
    world, parts = load(folder)
    return actions(world, parts), preview(world, parts)
