"""The class's tracks scored, ranked and flagged, as the pages ask it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from irlcore.analysis.compared import basis_for, compared, ground_of
from irlcore.analysis.cross_conformal import CrossStudy
from irlcore.analysis.memory import kept
from irlcore.analysis.planting import Planting, joined_paths, plant_in, with_planted
from irlcore.analysis.scored import Scored, material_of, scored_by_kinds
from irlcore.analysis.study import hash_now, judged, judged_without
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.project.project import Project
from irlcore.project.split import Parts
from irlcore.review.calibration.controls import FalseAlarmControl, flag, share_of_normal
from irlcore.review.calibration.ground import Ground
from irlcore.review.calibration.groups import Groups
from irlcore.review.calibration.p_values import as_ranked, rank_share
from irlcore.review.calibration.promise import AnyCut, Picked, Promise, picked_promise, promise_of
from irlcore.review.each_way import score_ways
from irlcore.review.parts.kinds import TITLES
from irlcore.review.scores import Scores, joined_scores, score_paths

ONLY_PLACES = "the tracks have places in a list and no p-values (limit false alarms instead)"


@dataclass(frozen=True, slots=True)
class Review:
    """Scores of the class's paths; p (N,) p-values (places in the list where the control
    is "strangest"), flagged (N,) bool, order (n,) of the reviewed ones, strangest first. compared: what promises stand on, None where the
    p-values were made otherwise than by ``rank``: the usual one then. groups: whose normal tracks each was compared with, None for all."""

    scored: Scored
    p: np.ndarray
    flagged: np.ndarray
    order: np.ndarray
    score: str
    control: FalseAlarmControl
    compared: Ground | None = None
    groups: Groups | None = None

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

    @property
    def ground(self) -> Ground:
        """What promises about this review stand on."""
        if self.compared is None:
            found = ground_of(self.scored, self.control.basis, self.scored.shift)
            return replace(found, doubt=ONLY_PLACES) if self.control.kind == "strangest" and not found.doubt else found
        if self.compared.basis.crossed:
            return self.compared
        parts = self.parts
        return replace(self.compared, n=len(parts.calibration), m=len(parts.review))

    @property
    def promise(self) -> Promise:
        """What the control promises, or why nothing can be promised."""
        return promise_of(self.control, self.ground)

    @property
    def any_cut(self) -> AnyCut:
        """The share of normal tracks that are flagged at the present cut, by a bound that holds at all cuts at once."""
        flagged = self.p[self.flagged]
        return self.at_cut(float(flagged.max()) if len(flagged) and self.control.kind != "share_of_normal" else
                           self.control.rate if self.control.kind == "share_of_normal" else 0.0)

    def at_cut(self, p: float) -> AnyCut:
        """The same if all tracks with this p-value or less were flagged."""
        n = self.ground.n
        return AnyCut(self.ground, int(np.clip(np.floor(p * (n + 1) + 1e-9), 0, n + 1)))

    def down_to(self, index: int) -> str:
        """What the bound at every cut says of a list that ends with path ``index``; empty where it says nothing."""
        p = float(self.p[index])
        return self.at_cut(p).down_to(int((self.p[self.order] <= p).sum()))

    def picked(self, tracks: Iterable[str]) -> Picked:
        """How many of these reviewed tracks may be normal, however they were picked. DataError for a track that is not reviewed."""
        at = {str(self.parts.paths.ids[i]): int(i) for i in self.order}
        chosen = list(dict.fromkeys(map(str, tracks)))
        lost = [track for track in chosen if track not in at]
        if lost:
            raise DataError(f"Track {lost[0]} is not among the reviewed ones, so nothing can be said of it.", "Pick from the list.")
        return picked_promise([float(self.p[at[track]]) for track in chosen], self.ground)


def score_study(project: Project, watch: Control | None = None) -> tuple[Parts, Scores]:
    """Scores of every track of the class under study: the slow half of a review, worked out once a fit."""
    parts, scores, _, _ = _scores(project, watch or Control())
    return parts, scores


def _scores(project: Project, watch: Control) -> tuple[Parts, Scores, Planting | None, Scores | None]:
    return kept(project, "scores", lambda: _score_study(project, watch), (project.fit,))


def _score_study(project: Project, watch: Control) -> tuple[Parts, Scores, Planting | None, Scores | None]:
    """Of the class's tracks, and of the anomalies that were planted into the fitted ones, each judged as the track that it was made of;
    behind these of the fitted ones that are held back, each judged as if none of its group had been seen."""
    ready = judged(project)
    parts, model, batches = ready.parts, ready.model, ready.batches
    planting = plant_in(material_of(project, parts), parts)
    own: list[tuple[np.ndarray, Scores]] = []
    made: list[tuple[np.ndarray, Scores]] = []
    for k, batch in enumerate(batches):
        found, which, planted = with_planted(partial(score_ways, model, batch.prepared, control=watch.part(k, len(batches), "scores")),
                                             parts.paths, batch.index, planting)
        own.append((batch.index, found))
        if planted is not None:
            made.append((which, planted))
    scores = own[0][1] if len(own) == 1 else joined_scores(own, parts.paths)
    if planting is None or sum(len(which) for which, _ in made) < len(planting.planted):
        return parts, scores, None, None
    together = planting.planted.paths
    for group in planting.held:
        held = parts.paths.take(group)
        made.append((len(together) + np.arange(len(group)), score_paths(model, judged_without(project, group).prepared, held)))
        together = joined_paths(together, held)
    return parts, scores, planting, joined_scores(made, together)


def scored_study(project: Project, watch: Control | None = None) -> Scored:
    """The same (``score_study``) with every kind of score beside the model's, and the rule that makes one of all: once a fit."""
    watch = watch or Control()

    def work() -> Scored:
        parts, scores, planting, planted = _scores(project, watch.part(0, 2, ""))
        found = scored_by_kinds(project, parts, scores, watch.part(1, 2, ""), planting, planted)
        return replace(found, apart=fitted_to_these(project))

    return kept(project, "scored", work, (project.fit,))


def fitted_to_these(project: Project) -> bool:
    """Whether the newest fit is of the very tracks that the split gives to fitting: else it may have seen calibration tracks."""
    if project.fit is None:
        return True
    result = project.fit.result
    return result.data_hash == hash_now(project, project.fit.features, result.rationality)


def review_study(project: Project, control: FalseAlarmControl, score: str = "", watch: Control | None = None) -> Review:
    """Scores, p-values and flags of the class under study. score: what the evidence supports where empty."""
    return rank(scored_study(project, watch), control, score)


def rank(scored: Scored, control: FalseAlarmControl, score: str = "", crossed: CrossStudy | None = None) -> Review:
    """p-values, flags and order from scores: cheap, so that the control can be moved freely.

    Without a reference p holds places in the list, and only the control "strangest" is possible: DataError for others. A track that gives
    the score nothing to measure is as ordinary as can be. score: what the evidence supports where empty. crossed: of that score, where the
    control's basis asks for it, DataError without.
    """
    score = score or scored.default
    parts = scored.parts
    if control.kind != "strangest":
        control = replace(control, basis=basis_for(scored, score, control.basis))
    if not parts.has_reference and control.kind != "strangest":
        raise DataError("No tracks are named as normal, so false alarms cannot be limited.",
                        "Name a reference on the Tracks page, or list the strangest tracks.")
    told = scored.values(score)
    if score == "utility_gap" and np.isnan(told).any():
        raise DataError(f"{TITLES[score]} does not exist under this fit: some step pays, so there is no best way.",
                        "Rank by surprise, constrain the signs of the weights, or fit with gamma below 1.")
    values, finer = as_ranked(told), _finer(scored, score)
    p, flagged, ground, groups, normal = np.ones(len(values)), np.zeros(len(values), bool), None, None, 1.0
    if control.kind != "strangest":
        found = compared(scored, values, finer, control.basis, crossed.found if crossed is not None and crossed.score == score else None)
        p[parts.review], ground, groups = found.p, found.ground, found.groups
        if control.basis.adaptive and control.basis.plain:
            normal = share_of_normal(found.p, len(parts.calibration))
    else:
        p[parts.review] = rank_share(values[parts.review])
    flagged[parts.review] = flag(p[parts.review], control, normal)
    order = parts.review[np.lexsort((parts.paths.ids[parts.review].astype(str), -finer[parts.review], -values[parts.review],
                                     p[parts.review]))]
    return Review(scored, p, flagged, order, score, control, ground, groups)


def by_one_fit(review: Review) -> Review:
    """The same review with p-values by its one fit: what a change of that fit brings can be told of these alone."""
    if not review.control.basis.crossed:
        return review
    return rank(review.scored, review.control.by_one_fit, review.score)


def _finer(scored: Scored, score: str) -> np.ndarray:
    """(N,) float64: a second score, that tells equally strange tracks apart."""
    return as_ranked(scored.values("improbability" if score != "improbability" else "surprise"))
