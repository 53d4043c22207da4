"""What a study makes ready: what a fit is asked, and the newest fit with the paths that it judges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.features.feature_set import FeatureMatrix, PathFeatures
from irlcore.fitting.problem import Problem
from irlcore.project.split import Parts
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Prepared


@dataclass(frozen=True, slots=True)
class AskedFit:
    """What a fit of the class is asked (``problem``), how the class is split, and the features that are fitted."""

    problem: Problem
    parts: Parts
    matrix: FeatureMatrix


@dataclass(frozen=True, slots=True)
class Judged:
    """Some of the class's paths with the features and the rewards they are judged by; ``features.index`` is into ``parts.paths``."""

    features: PathFeatures
    prepared: Prepared

    @property
    def index(self) -> np.ndarray:
        """(n,) int64: which paths."""
        return self.features.index


@dataclass(frozen=True, slots=True)
class JudgedClass:
    """The newest fit and every path of the class as it is to be judged, those that no feature is counted on first."""

    parts: Parts
    matrix: FeatureMatrix
    model: Rationality
    batches: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class SolvedFit:
    """The newest fit with one set of features and the rewards of its weights, ready to be solved for any goal."""

    parts: Parts
    matrix: FeatureMatrix
    model: Rationality
    prepared: Prepared
