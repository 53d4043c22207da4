"""When a sample agrees with what it was drawn from: tests that cannot fail by bad luck more than once in a million runs.

A fixed seed is no protection: where a tie falls otherwise, another processor draws another sample. Each function here fails a true
claim with a chance of at most ``LUCK``, so that a test may use up to ten of them.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2, norm

from irlcore.contracts.luck import LUCK, counts_agree

__all__ = ["LUCK", "counts_agree", "errors_agree", "mean_agrees"]

SIGMAS, FEWEST = 6.5, 200  # a normal mean, its spread estimated from 200 draws (Student's t), is further off in 6e-10 of samples
MOST_SKEWED = 0.1
"""Of the mean of a sample. Cramér's series: skewness s of a mean makes a tail at z sigmas larger by about exp(s z^3 / 6), here by at
most 97, so that 6e-10 stays below LUCK."""


SPREAD = 1.3
"""How many times too small standard errors may be on average. Measured on fits to 200 trips, 40 runs each: errors of .8 to 1.27 of them."""


def mean_agrees(sample: np.ndarray, truth: float, slack: float = 0.0) -> bool:
    """Whether independent draws of one law, (n,), have the mean ``truth``, up to ``slack`` where the truth is known so well only.

    A sample too small or too lopsided for the claim above is refused.
    """
    n, spread = len(sample), float(np.std(sample, ddof=1))
    skewness = float(np.mean(((sample - np.mean(sample)) / spread) ** 3)) / np.sqrt(n)
    assert n >= FEWEST and abs(skewness) < MOST_SKEWED, f"draw more: {n} are too few at a skewness of their mean of {skewness:.3f}"
    return bool(abs(np.mean(sample) - truth) < SIGMAS * spread / np.sqrt(n) + slack)


def errors_agree(z: np.ndarray) -> bool:
    """Whether errors of estimates, told in standard errors, (runs, K) of independent runs, are those about a true value: by the normal
    law, SPREAD times as wide, their means are this near to 0 and their squares add up to no more, LUCK shared among both and K.

    Where errors spread by up to 1.15 in truth, a bias of .3 or a skewness of .6 still leaves the chance below 1e-7 (gamma law)."""
    runs, each = len(z), LUCK / (2 * z.shape[1])
    near = np.abs(z.mean(axis=0)) < norm.isf(each / 2.0) * SPREAD / np.sqrt(runs)
    small = (z**2).sum(axis=0) < SPREAD**2 * chi2.isf(each, runs)
    return bool(np.all(near & small))
