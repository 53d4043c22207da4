"""Tracks with scores that promises are made of: those of the samples, and made-up ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from irlcore.analysis.ranking import scored_study
from irlcore.analysis.scored import Scored, by_route
from irlcore.analysis.study import fit_study
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.project.split import Parts
from irlcore.review.calibration.circumstances import Circumstances, shift_between
from irlcore.review.scores import Scores


@cache
def fitted(name: str = "fishing") -> Project:
    return fit_study(sample_project(name), "maxent")


@cache
def scored(name: str = "fishing") -> Scored:
    return scored_study(fitted(name))


@cache
def made(seed: int = 3, later: float = 0.0) -> Scored:
    """900 tracks of made-up scores, which grow with the distance; reviewed ones go further where ``later`` is above 0."""
    parts, rng = scored().parts, np.random.default_rng(seed)
    one = parts.paths.take(np.zeros(900, np.int64))
    paths = replace(one, ids=np.array([f"track {k}" for k in range(900)], object))
    distance = rng.exponential(np.where(np.arange(900) < 600, 1000.0, 1000.0 * (1.0 + later)))
    surprise, finer, nothing = np.round(rng.normal(size=900) + distance / 1000.0), rng.normal(size=900), np.zeros(900)
    first = np.zeros(900, np.int64)
    scores = Scores(surprise, nothing, nothing, first, first, np.zeros(len(paths.choices)), -finer, nothing, nothing)
    split = Parts(paths, np.arange(200), np.arange(200, 600), np.arange(600, 900), True)
    told = Circumstances(distance=distance, unit="m")
    return replace(by_route(split, scores), circumstances=told, shift=shift_between(told, split.calibration, split.review))
