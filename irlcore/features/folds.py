"""Tracks parted into folds at random, always in the same way."""

from __future__ import annotations

import numpy as np

SEED = 20121


def fold_of(n: int, folds: int, seed: int = SEED) -> np.ndarray:
    """(n,) int64: the fold, from 0, of each of n tracks; all as large as can be, but for one."""
    return np.random.default_rng(seed).permutation(np.arange(n) % folds)


def fold_by_id(ids: np.ndarray, folds: int, seed: int = SEED) -> np.ndarray:
    """The same of tracks with ``ids`` (n,): each in the same fold in whatever order they stand."""
    fold = np.empty(len(ids), np.int64)
    fold[np.argsort(ids.astype(str), kind="stable")] = fold_of(len(ids), folds, seed)
    return fold
