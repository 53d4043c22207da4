"""The class's tracks scored, ranked and flagged, as the pages ask it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from irlcore.analysis.memory import kept
from irlcore.analysis.planting import Planting, plant_in, with_planted
from irlcore.analysis.scored import Scored, material_of, scored_by_kinds
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
    parts, scores, _, _ = _scores(project, watch or Control())
    return parts, scores


def _scores(project: Project, watch: Control) -> tuple[Parts, Scores, Planting | None, Scores | None]:
    return kept(project, "scores", lambda: _score_study(project, watch), (project.fit,))


def _score_study(project: Project, watch: Control) -> tuple[Parts, Scores, Planting | None, Scores | None]:
    """Of the class's tracks, and of the anomalies that were planted into the fitted ones, each judged as the track that it was made of."""
    parts, _, model, batches = judged(project)
    planting = plant_in(material_of(project, parts), parts)
    own: list[tuple[np.ndarray, Scores]] = []
    made: list[tuple[np.ndarray, Scores]] = []
    for k, batch in enumerate(batches):
        found, which, planted = with_planted(partial(score_paths, model, batch.prepared, control=watch.part(k, len(batches), "scores")),
                                             parts.paths, batch.index, planting)
        own.append((batch.index, found))
        if planted is not None:
            made.append((which, planted))
    scores = own[0][1] if len(own) == 1 else joined_scores(own, parts.paths)
    if planting is None or sum(len(which) for which, _ in made) < len(planting.planted):
        return parts, scores, None, None
    return parts, scores, planting, joined_scores(made, planting.planted.paths)


def scored_study(project: Project, watch: Control | None = None) -> Scored:
    """The same (``score_study``) with every kind of score beside the model's, and the rule that makes one of all: once a fit."""
    watch = watch or Control()

    def work() -> Scored:
        parts, scores, planting, planted = _scores(project, watch.part(0, 2, ""))
        return scored_by_kinds(project, parts, scores, watch.part(1, 2, ""), planting, planted)

    return kept(project, "scored", work, (project.fit,))


def review_study(project: Project, control: FalseAlarmControl, score: str = "", watch: Control | None = None) -> Review:
    """Scores, p-values and flags of the class under study. score: what the evidence supports where empty."""
    return rank(scored_study(project, watch), control, score)


def rank(scored: Scored, control: FalseAlarmControl, score: str = "") -> Review:
    """p-values, flags and order from scores: cheap, so that the control can be moved freely.

    Without a reference p holds places in the list, and only the control "strangest" is possible: DataError for others. A track that gives
    the score nothing to measure is as ordinary as can be. score: what the evidence supports where empty.
    """
    score = score or scored.default
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
