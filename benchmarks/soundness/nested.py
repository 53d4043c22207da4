"""Does a fit end below a model that it contains, or below what another start finds?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.soundness.small_problems import SmallProblem, small_problems
from irlcore.errors import FitError
from irlcore.fitting.maximum_likelihood import fit
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.noisy_value import UNSURE, NoisyValue
from irlcore.rationality.replanned import Replanned

WIDER: tuple[tuple[Rationality, ...], ...] = (
    *((NoisyValue(covariance), NoisyValue(covariance, persistent=True, draws=64)) for covariance in UNSURE),
    (Replanned(draws=16), Replanned(True, draws=16)))
ROUNDING = 1e-9  # of the log-likelihood, and of a nat


def nested(seeds: int = 2, families: tuple[tuple[Rationality, ...], ...] = WIDER) -> dict[str, Any]:
    """problems: made-up problems times models; below: how many ended below a model that they contain; worst: by how many nats."""
    short = [gap for problem in small_problems(seeds) for family in families for gap in shortfalls(problem, family)]
    return {"problems": len(short), "below": sum(gap > 0.0 for gap in short), "worst": max(short)}


def shortfalls(small: SmallProblem, family: tuple[Rationality, ...]) -> list[float]:
    """Nats by which each model of a family (the fresh form, then the persistent one) ends below Boltzmann; 0 where it does not.

    The fresh form of the same draws is contained in the persistent one only by what both have at sigma^2 = 0."""
    floor = fit(replace(small.problem, model=Boltzmann()), quick=True).loglik
    gaps = []
    for model in family:
        found = fit(replace(small.problem, model=model), quick=True)
        gap = floor - found.loglik
        gaps.append(gap if gap > ROUNDING * max(abs(floor), 1.0) else 0.0)
        if gaps[-1] > 0.0:
            print(f"{small.name}: {model.name} ends {gap:.6f} nats below Boltzmann ({found.status.name}, "
                  f"sigma2 {found.own[0]:.4g})", flush=True)
    return gaps


LASTING: tuple[Rationality, ...] = (
    *(NoisyValue(covariance, persistent=True, draws=64) for covariance in UNSURE), Replanned(True, draws=16))
OTHERS, MUCH = 8, 0.05  # starts, nats
NOISES = (0.003, 0.03, 0.3, 3.0)


def starts(seeds: int = 2, models: tuple[Rationality, ...] = LASTING, others: int = OTHERS) -> dict[str, Any]:
    """problems: made-up problems times models with an error a trip; worse: how many fits another start beats by more than ``MUCH``
    nats; worst: by how many."""
    problems = small_problems(seeds)
    behind = [shortfall(problem, models[(i + j) % len(models)], others) for i, problem in enumerate(problems) for j in range(3)]
    return {"problems": len(behind), "worse": sum(gap > MUCH for gap in behind), "worst": max(behind)}


def shortfall(small: SmallProblem, model: Rationality, others: int) -> float:
    """Nats by which the best of ``others`` random starts, climbed from, lies above the fit; negative where all lie below."""
    problem = replace(small.problem, model=model)
    found = fit(problem, quick=True)
    rng = np.random.default_rng([len(small.name), others])
    best, where = -np.inf, np.zeros(0)
    for i in range(others):
        begin = np.append(-(10.0 ** rng.uniform(-1.0, 1.0, len(problem.names))) * np.abs(problem.units()[:-1]), NOISES[i % len(NOISES)])
        try:
            other = fit(problem, start=begin, quick=True)
        except FitError:
            continue
        if other.loglik > best:
            best, where = other.loglik, np.append(other.theta, other.own)
    gap = best - found.loglik
    if gap > MUCH:
        mine = np.append(found.theta, found.own)
        print(f"{small.name}: {model.name} ends {gap:.3f} nats below another start, at {mine.round(3)} ({found.status.name}) "
              f"and not {where.round(3)}", flush=True)
    return gap
