"""How long gaps are, as a picture can show it: from the shortest to the longest in equal steps of logarithms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BINS = 96
LEAST_WIDE = 1.0  # decades, where all gaps are alike


@dataclass(frozen=True, slots=True)
class Histogram:
    """low, high: where the first of the bins begins and the last ends, log10 of the unit. counts: how many values each has. zero: how many
    are 0, and stand in none."""

    low: float
    high: float
    counts: tuple[int, ...]
    zero: int


def histogram(values: np.ndarray) -> Histogram | None:
    """Of lengths (n,) float64 of 0 or more; NaN are none. None where all are 0 or there are none."""
    known = values[np.isfinite(values)]
    logs = np.log10(known[known > 0.0])
    if not len(logs):
        return None
    low, high = float(logs.min()), float(logs.max())
    spare = max(LEAST_WIDE - (high - low), 0.0) / 2.0 + 0.02 * max(high - low, LEAST_WIDE)  # the longest gap is not on the edge
    counts, _ = np.histogram(logs, BINS, (low - spare, high + spare))
    return Histogram(low - spare, high + spare, tuple(counts.tolist()), len(known) - len(logs))
