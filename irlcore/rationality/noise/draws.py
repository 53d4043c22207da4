"""Fixed draws of standard normal errors: the same for every evaluation, so that a likelihood is a function of its weights alone."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.stats import norm, qmc

QUASI = 512  # dimensions drawn quasi-randomly; beyond, errors matter little and are drawn at random
SEED = 2012


@lru_cache(maxsize=16)
def normal_draws(count: int, dims: int, skip: int = 0) -> np.ndarray:
    """(count, dims) float64 standard normal draws, after the first ``skip`` dimensions.

    Each comes with its opposite (count is even), so that their mean is exactly 0 and a likelihood is even in the size of the
    errors. Scrambled Sobol points (Owen 1998), scaled to variance 1.
    """
    if skip:
        return _frozen(np.ascontiguousarray(normal_draws(count, dims + skip)[:, skip:]))
    half = count // 2
    points = qmc.Sobol(QUASI, seed=SEED).random(half)[:, :dims]
    drawn = norm.ppf(np.clip(points, 1e-12, 1.0 - 1e-12))
    rest = np.random.default_rng(SEED).standard_normal((max(dims - QUASI, 0), half)).T
    drawn = np.hstack((drawn, rest))
    drawn /= np.sqrt((drawn**2).mean(axis=0))
    return _frozen(np.vstack((drawn, -drawn)))


def _frozen(draws: np.ndarray) -> np.ndarray:
    draws.setflags(write=False)
    return draws
