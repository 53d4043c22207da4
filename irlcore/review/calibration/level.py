"""The level at which bounds at many cuts hold all at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

NEAR = 1e-3
"""Of the level: how close to the highest one the search ends, below it."""
MOST_STEPS = 60


def highest_level(chance: Callable[[float], float], confidence: float) -> float:
    """About the highest level in (0, 1 - confidence], at which ``chance(level)`` is still ``confidence`` or more. chance: falls as the
    level rises, may jump. At no level above 1 - confidence could even one cut be bounded."""
    safe, unsafe = np.log(1e-300), np.log1p(-confidence)
    if chance(1.0 - confidence) >= confidence:
        return 1.0 - confidence
    guess = unsafe - np.log(10.0)
    for _ in range(MOST_STEPS):
        found = chance(float(np.exp(guess)))
        if found >= confidence:
            safe = guess
        else:
            unsafe = guess
        if unsafe - safe < NEAR:
            break
        # the chance that a bound fails is nearly proportional to the level: aim there, but stay well between the ends
        aimed = guess + np.log((1.0 - confidence) / max(1.0 - found, 1e-12)) - 0.3 * NEAR
        low, high = max(safe, unsafe - 20.0), unsafe
        guess = float(np.clip(aimed, low + 0.02 * (high - low), high - 0.02 * (high - low)))
    return float(np.exp(safe))
