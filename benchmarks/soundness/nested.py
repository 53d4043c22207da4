"""Does a fit end below a model that it contains, or below what another start finds?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from benchmarks.soundness.small_problems import SmallProblem, small_problems
from irlcore.fitting.maximum_likelihood import fit
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.noisy_value import UNSURE, NoisyValue
from irlcore.rationality.replanned import Replanned

WIDER: tuple[tuple[Rationality, ...], ...] = (
    *((NoisyValue(covariance), NoisyValue(covariance, persistent=True, draws=64)) for covariance in UNSURE),
    (Replanned(draws=16), Replanned(True, draws=16)))
ROUNDING = 1e-9  # of the log-likelihood


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
        gaps.append(gap if gap > ROUNDING * abs(floor) else 0.0)
        if gaps[-1] > 0.0:
            print(f"{small.name}: {model.name} ends {gap:.6f} nats below Boltzmann ({found.status.name}, "
                  f"sigma2 {found.own[0]:.4g})", flush=True)
    return gaps
