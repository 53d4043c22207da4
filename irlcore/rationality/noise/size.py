"""How large the errors are: sigma^2, estimated with the weights.

It is the variance that is estimated: errors come with their opposites, so the likelihood is even in sigma and flat at 0, where a
search in sigma would stop; in sigma^2 it has a slope there.
"""

from __future__ import annotations

import math

from irlcore.rationality.solution import ModelParameter, Prepared

SMALLEST = 1e-6  # of sigma^2: no noise to speak of
LARGEST = 100.0  # of sigma^2: who must spend 100 nats has no idea how much; beyond, only the ratio of weights to noise is told
SIGMA2 = ModelParameter("sigma2", "Doubt about the way ahead (sigma²)",
                   "0: they know what lies ahead. Above: they misjudge a later cost c by the root of sigma² times c, give or take.",
                   0.1, lower=0.0, upper=LARGEST)


def sigma_of(prepared: Prepared) -> float:
    """sigma, the root of the model's own parameter."""
    return math.sqrt(float(prepared.own[0]))


def by_sigma2(sigma: float) -> float:
    """d sigma / d sigma^2; at 0, where there is none, that of the smallest."""
    return 0.5 / max(sigma, math.sqrt(SMALLEST))
