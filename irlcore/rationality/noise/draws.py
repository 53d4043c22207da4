"""Fixed draws of standard normal errors: the same for every evaluation, so that a likelihood is a function of its weights alone."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.stats import norm, qmc

QUASI = 512  # dimensions drawn quasi-randomly; beyond, errors matter little and are drawn at random
SEED = 2012


@lru_cache(maxsize=16)
def normal_draws(count: int, dims: int, seed: int = SEED) -> np.ndarray:
    """(count, dims) float64 standard normal draws, count even, with mean exactly 0: each comes with its opposite, so that the
    likelihood is even in the size of the errors. Scrambled Sobol points (Owen 1998), scaled to variance 1."""
    half = count // 2
    points = qmc.Sobol(min(dims, QUASI), seed=seed).random(half)
    drawn = norm.ppf(np.clip(points, 1e-12, 1.0 - 1e-12))
    rest = np.random.default_rng(seed).standard_normal((max(dims - QUASI, 0), half)).T
    drawn = np.hstack((drawn, rest))
    drawn /= np.sqrt((drawn**2).mean(axis=0))
    both = np.vstack((drawn, -drawn))
    both.setflags(write=False)
    return both
