"""Fixed draws of standard normal errors: the same for every evaluation, so that a likelihood is a function of its weights alone."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import ndtri
from scipy.stats import norm, qmc

from irlcore.worlds.mdp import MDP

SEED = 2012
STEP, FIRST, SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def state_errors(mdp: MDP, half: int) -> np.ndarray:
    """(S, half) float64 fixed standard normal errors of all states, of mean square 1 in each; their opposites are drawn too. Kept.

    A state's errors are drawn by what it is (``MDP.state_ids``), not by its number: a table of links in another order, or a copy of
    the world for another hour, has the same errors in the same places.
    """
    return mdp.derived(_state_errors, half)


def _state_errors(mdp: MDP, half: int) -> np.ndarray:
    drawn = ndtri(_uniform(mdp.ids[:, None], np.arange(1, half + 1, dtype=np.uint64)[None, :]))
    drawn /= np.sqrt((drawn**2).mean(axis=1, keepdims=True))
    return _frozen(drawn)


def _uniform(key: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Uniform numbers in (0, 1), each a hash of its key and number: the output function of SplitMix64 (Steele, Lea and Flood, *Fast
    splittable pseudorandom number generators*, OOPSLA 2014), once for the key and once for the number."""
    with np.errstate(over="ignore"):  # arithmetic modulo 2^64 is what is wanted
        mixed = _mix(_mix(key * STEP + np.uint64(SEED)) + number * STEP)
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def _mix(x: np.ndarray) -> np.ndarray:
    x = (x ^ (x >> np.uint64(30))) * FIRST
    x = (x ^ (x >> np.uint64(27))) * SECOND
    mixed: np.ndarray = x ^ (x >> np.uint64(31))
    return mixed


@lru_cache(maxsize=16)
def want_errors(count: int, dims: int) -> np.ndarray:
    """(dims, count) float64 standard normal draws, one row a want.

    Each comes with its opposite (count is even), so that their mean is exactly 0 and a likelihood is even in the size of the
    errors. Scrambled Sobol points (Owen 1998), scaled to variance 1.
    """
    half = count // 2
    points = qmc.Sobol(max(dims, 1), seed=SEED).random(half)[:, :dims]
    drawn = norm.ppf(np.clip(points, 1e-12, 1.0 - 1e-12))
    drawn /= np.sqrt((drawn**2).mean(axis=0))
    return _frozen(np.ascontiguousarray(np.vstack((drawn, -drawn)).T))


def _frozen(draws: np.ndarray) -> np.ndarray:
    draws.setflags(write=False)
    return draws
