"""The class's tracks scored, ranked and flagged, as the pages ask it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.analysis.memory import kept
from irlcore.analysis.scored import Scored, scored_by_kinds
from irlcore.analysis.study import judged
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.project.project import Project
from irlcore.project.split import Parts
from irlcore.review.calibration import FalseAlarmControl, conformal_p, flag, rank_share
from irlcore.review.parts.kinds import TITLES
from irlcore.review.scores import Scores, joined_scores, score_paths


@dataclass(frozen=True, slots=True)
class Review:
    """Scores of the class's paths; p (N,) p-values (places in the list where the control
    is "strangest"), flagged (N,) bool, order (n,) of the reviewed ones, strangest first."""

    scored: Scored
    p: np.ndarray
    flagged: np.ndarray
    order: np.ndarray
    score: str
    control: FalseAlarmControl

    @property
    def parts(self) -> Parts:
        """The class's paths and how they are split."""
        return self.scored.parts

    @property
    def scores(self) -> Scores:
        """The model's own scores of their way."""
        return self.scored.scores

    @property
    def values(self) -> np.ndarray:
        """(N,) float64: of the score that ranks, higher = stranger, NaN where a track gives nothing to measure."""
        return self.scored.values(self.score)


def score_study(project: Project, watch: Control | None = None) -> tuple[Parts, Scores]:
    """Scores of every track of the class under study: the slow half of a review, worked out once a fit."""
    return kept(project, "scores", lambda: _score_study(project, watch or Control()), (project.fit,))


def _score_study(project: Project, watch: Control) -> tuple[Parts, Scores]:
    parts, _, model, batches = judged(project)
    found = [(b.index, score_paths(model, b.prepared, parts.paths.take(b.index), watch.part(k, len(batches), "scores")))
             for k, b in enumerate(batches)]
    return parts, found[0][1] if len(found) == 1 else joined_scores(found, parts.paths)


def scored_study(project: Project, watch: Control | None = None) -> Scored:
    """The same (``score_study``) with every kind of score beside the model's, and the rule that makes one of all: once a fit."""
    watch = watch or Control()

    def work() -> Scored:
        parts, scores = score_study(project, watch.part(0, 2, ""))
        return scored_by_kinds(project, parts, scores, watch.part(1, 2, ""))

    return kept(project, "scored", work, (project.fit,))


def review_study(project: Project, control: FalseAlarmControl, score: str = "surprise",
                 watch: Control | None = None) -> Review:
    """Scores, p-values and flags of the class under study."""
    return rank(scored_study(project, watch), control, score)


def rank(scored: Scored, control: FalseAlarmControl, score: str) -> Review:
    """p-values, flags and order from scores: cheap, so that the control can be moved freely.

    Without a reference p holds places in the list, and only the control "strangest" is possible: DataError for others. A track that gives
    the score nothing to measure is as ordinary as can be.
    """
    parts = scored.parts
    if not parts.has_reference and control.kind != "strangest":
        raise DataError("No tracks are named as normal, so false alarms cannot be limited.",
                        "Name a reference on the Tracks page, or list the strangest tracks.")
    told = scored.values(score)
    if score == "utility_gap" and np.isnan(told).any():
        raise DataError(f"{TITLES[score]} does not exist under this fit: some step pays, so there is no best way.",
                        "Rank by surprise, constrain the signs of the weights, or fit with gamma below 1.")
    values = np.minimum(np.where(np.isnan(told), -np.inf, told), 1e9)
    p, flagged = np.ones(len(values)), np.zeros(len(values), bool)
    if control.kind != "strangest":
        p[parts.review] = conformal_p(values[parts.calibration], values[parts.review])
    else:
        p[parts.review] = rank_share(values[parts.review])
    flagged[parts.review] = flag(p[parts.review], control)
    order = parts.review[np.lexsort((-values[parts.review], p[parts.review]))]
    return Review(scored, p, flagged, order, score, control)
