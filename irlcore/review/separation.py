"""How well scores part strange tracks from usual ones; higher = stranger."""

from __future__ import annotations

import numpy as np


def auc(usual: np.ndarray, strange: np.ndarray) -> float:
    """The chance that of a usual (n,) and a strange (m,) track the strange one has the higher score, equal ones counted half; NaN where one
    kind is missing."""
    ranked = np.sort(usual)
    below, up_to = np.searchsorted(ranked, strange, "left"), np.searchsorted(ranked, strange, "right")
    return float((below + up_to).mean() / (2.0 * len(usual))) if len(usual) and len(strange) else np.nan


def average_precision(usual: np.ndarray, strange: np.ndarray, share: float | None = None) -> float:
    """Average precision of a list of both: the mean, over strange ones, of the share of strange ones among all that score at least as high.
    share: of a list in which strange tracks make up so much, each counted for as many as that takes; as many as there are where None. NaN
    where there is none to find, or of a ``share`` none beside it."""
    if not len(strange) or (share is not None and not len(usual)):
        return np.nan
    each = 1.0 if share is None else share / (1.0 - share) * len(usual) / len(strange)
    true = each * at_least(strange, strange)
    return float(np.mean(true / (true + at_least(usual, strange))))


def precision_of_first(usual: np.ndarray, strange: np.ndarray, first: int) -> float:
    """Share of strange ones among the ``first`` highest of a list of both, of those that tie at the cut their share; NaN where none is
    listed."""
    if not first:
        return np.nan
    both = np.sort(np.concatenate((usual, strange)))
    cut = both[-min(first, len(both))]
    above, level = (strange > cut).sum(), (strange == cut).sum()
    left = first - (both > cut).sum()
    return float((above + left * level / (both == cut).sum()) / first)


def alarms(usual: np.ndarray, strange: np.ndarray) -> np.ndarray:
    """(m,) float64: the share of usual tracks that are at least as strange as each strange one."""
    return at_least(usual, strange) / max(len(usual), 1)


def at_least(scores: np.ndarray, of: np.ndarray) -> np.ndarray:
    """(m,) int64: how many of ``scores`` (n,) are at least as high as each of ``of`` (m,)."""
    return np.asarray(len(scores) - np.searchsorted(np.sort(scores), of, "left"))
