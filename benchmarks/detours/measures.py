"""How well scores part anomalies from ordinary trips."""

from __future__ import annotations

import numpy as np

from irlcore.review.separation import auc, average_precision

SHARE, DRAWS, SEED = 0.05, 20, 4


def false_alarms(normal: np.ndarray, abnormal: np.ndarray, detected: float = 0.8) -> float:
    """Share of normal scores at least as high as the threshold that detects this share of the abnormal ones."""
    return float((normal >= np.quantile(abnormal, 1.0 - detected)).mean())


def drawn_precision(normal: np.ndarray, abnormal: np.ndarray) -> float:
    """Average precision where ``SHARE`` of all are abnormal: those drawn at random from them, the mean of ``DRAWS`` draws. Of equal scores
    the normal ones come first."""
    rng = np.random.default_rng(SEED)
    many = min(round(SHARE / (1.0 - SHARE) * len(normal)), len(abnormal))
    out = []
    for _ in range(DRAWS):
        out.append(average_precision(normal, abnormal[rng.choice(len(abnormal), many, replace=False)]))
    return float(np.mean(out))


def measures(normal: np.ndarray, abnormal: np.ndarray) -> dict[str, float]:
    """AUC, average precision at 5 %, false alarms at 80 % detection; where nothing was measured (NaN) a trip is as ordinary as can be."""
    normal, abnormal = (np.where(np.isnan(one), -1e300, np.clip(one, -1e300, 1e300)) for one in (normal, abnormal))
    return {"auc": round(auc(normal, abnormal), 4), "ap": round(drawn_precision(normal, abnormal), 4),
            "far80": round(false_alarms(normal, abnormal), 4)}
