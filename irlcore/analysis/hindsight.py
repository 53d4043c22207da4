"""Hindsight: what the review was worth, once it is known from elsewhere which tracks were abnormal.

Everything here is of the reviewed tracks that have a label. It says how good the list was; a score or a feature that is chosen for being
the best here looks a little better than it is, and is to be tried on other tracks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta, betabinom

from irlcore.analysis.next_feature import FEWEST_OTHERS, Separated, separating
from irlcore.analysis.ranking import Review
from irlcore.analysis.reasons import headlines
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.project.project import Label, Project
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.calibration.p_values import as_ordinary
from irlcore.review.separation import auc, average_precision, precision_of_first

SURE = 0.95


@dataclass(frozen=True, slots=True)
class Wrong:
    """A track that the list had wrong. p: its p-value, or its place among all where nothing is calibrated. rank: its place in the list,
    from 1. why: the reason in one line."""

    track: str
    p: float
    rank: int
    why: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well a score ranks the labelled tracks. auc: how often an abnormal track is stranger than a normal one. average_precision: by
    rank; chance gives the share of abnormal ones. precision: share of abnormal ones among as many of the strangest as are flagged. NaN
    where one kind is missing, or none is flagged. missing: tracks that give the score nothing to measure, ranked last."""

    score: str
    auc: float
    average_precision: float
    precision: float
    missing: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What was promised of false alarms, against what was seen: ``seen`` of ``of`` labelled tracks, normal ones flagged of all normal ones,
    or of all flagged ones, whichever the control speaks of. low, high: the share's 95 % interval (Clopper and Pearson 1934), each track
    taken as a draw of its own. allowed: up to how many would be seen in 95 of 100 such reviews if the promise on normal tracks holds, the
    luck of the calibration tracks included (beta-binomial: Vovk 2012); -1 where the control promises no such thing. unlabelled: reviewed
    tracks that no label speaks of; most: what would be allowed if all of these were normal: whoever labels flagged tracks rather than
    others sees more than ``allowed`` of a promise that holds, and never more than this."""

    control: FalseAlarmControl
    seen: int
    of: int
    low: float
    high: float
    allowed: int
    unlabelled: int = 0
    most: int = -1

    @property
    def broken(self) -> bool:
        """Whether more were seen than luck allows, whichever tracks were labelled."""
        return 0 <= self.most < self.seen


@dataclass(frozen=True, slots=True, eq=False)
class Hindsight:
    """abnormal, normal: how many reviewed tracks have these labels; unlabelled: how many reviewed ones have none; known: tracks of the
    reference that were labelled abnormal, so that normal was learned from them too; elsewhere: how many other tracks that are not reviewed
    have a label. missed, false_alarms: what the list had wrong,
    strangest first; hits: abnormal tracks that it had. rankings: of every score, the best by average precision first. promise: None where
    none was made, or no track tells. for_missed: what tells the missed from the normal; for_false: what tells the false alarms from the
    other normal ones. curve: (n + 1,) float64, which share of the abnormal tracks is among the first k of the n labelled
    ones of the list; flagged: how many of these are flagged."""

    abnormal: int
    normal: int
    unlabelled: int
    known: tuple[str, ...]
    hits: int
    missed: tuple[Wrong, ...]
    false_alarms: tuple[Wrong, ...]
    rankings: tuple[Ranking, ...]
    own: Ranking
    promise: Kept | None
    for_missed: Separated
    for_false: Separated
    curve: np.ndarray
    flagged: int
    elsewhere: int = 0


def hindsight_study(project: Project, review: Review, labels: Mapping[str, Label], watch: Control | None = None) -> Hindsight:
    """A review held against labels, by track. DataError where no reviewed track has one."""
    ids, order, watch = review.parts.paths.ids.astype(str), review.order, watch or Control()
    label = np.array([labels.get(str(i), "") for i in ids], "<U8")
    told = order[label[order] != ""]
    if not len(told):
        raise DataError("No reviewed track has a label.", "Read labels of tracks that are reviewed, not of those named as normal alone.")
    strange, flagged = label[told] == "abnormal", review.flagged[told]
    missed, false = told[strange & ~flagged], told[~strange & flagged]
    normal = told[~strange & ~flagged]
    if len(normal) < FEWEST_OTHERS and review.parts.has_reference:
        normal = np.union1d(normal, review.parts.calibration[label[review.parts.calibration] != "abnormal"])
    scored = {name: review.scored.values(name)[told] for name in review.scored.table.names}
    rankings = {name: ranking(name, values, strange, int(flagged.sum())) for name, values in scored.items()}
    best = sorted(rankings.values(), key=lambda one: (-np.nan_to_num(one.average_precision), -np.nan_to_num(one.auc), one.score))
    told_of = {str(i) for i in ids[order]}
    reference = np.setdiff1d(np.union1d(review.parts.fit, review.parts.calibration), order)
    known = tuple(ids[reference[label[reference] == "abnormal"]].tolist())
    unlabelled = len(order) - len(told)
    return Hindsight(
        int(strange.sum()), int((~strange).sum()), unlabelled, known,
        int((strange & flagged).sum()), _wrong(project, review, missed), _wrong(project, review, false), tuple(best),
        rankings[review.score], promise_kept(review, strange, flagged, unlabelled),
        separating(project, missed, normal, watch=watch.part(0, 2, "what tells the missed")),
        separating(project, false, normal, watch=watch.part(1, 2, "what explains the false alarms")),
        np.append(0.0, np.cumsum(strange)) / max(int(strange.sum()), 1), int(flagged.sum()),
        sum(track not in told_of for track in labels) - len(known))


def ranking(score: str, values: np.ndarray, strange: np.ndarray, listed: int) -> Ranking:
    """How well ``values`` (n,), higher = stranger, rank ``strange`` (n,) bool. listed: how many the list holds."""
    missing = int(np.isnan(values).sum())
    values = as_ordinary(values)
    usual, odd = values[~strange], values[strange]
    return Ranking(score, auc(usual, odd), average_precision(usual, odd), precision_of_first(usual, odd, listed), missing)


def promise_kept(review: Review, strange: np.ndarray, flagged: np.ndarray, unlabelled: int = 0) -> Kept | None:
    """What the control promised against labelled tracks (n,); None where it promises nothing or none of them tells. unlabelled: how many
    other tracks were reviewed."""
    control = review.control
    among = flagged if control.kind == "share_of_flags" else ~strange
    if control.kind == "strangest" or not among.any():
        return None
    seen, of, n = int((flagged & ~strange).sum()), int(among.sum()), len(review.parts.calibration)
    told = control.kind == "share_of_normal" and not control.basis.crossed
    luck, most = (allowed(control.rate, many, n) if told else -1 for many in (of, of + unlabelled))
    return Kept(control, seen, of, *interval(seen, of), luck, unlabelled, most)


def interval(seen: int, of: int) -> tuple[float, float]:
    """The exact 95 % interval of a share."""
    tail = 0.5 * (1.0 - SURE)
    low = float(beta.ppf(tail, seen, of - seen + 1)) if seen else 0.0
    return low, float(beta.ppf(1.0 - tail, seen + 1, of - seen)) if seen < of else 1.0


def allowed(rate: float, of: int, calibration: int) -> int:
    """Up to how many of ``of`` normal tracks are flagged with 95 % probability, where they are like the ``calibration`` ones.

    A track is flagged where it is stranger than all but the j - 1 strangest calibration tracks, j = floor(rate (n + 1)). Given these, that
    has a probability that is Beta(j, n + 1 - j), so that the number is beta-binomial; fewer where scores tie.
    """
    j = int(np.floor(rate * (calibration + 1) + 1e-9))
    return int(betabinom.ppf(SURE, of, j, calibration + 1 - j)) if 0 < j <= calibration else 0 if not j else of


def _wrong(project: Project, review: Review, index: np.ndarray) -> tuple[Wrong, ...]:
    if not len(index):
        return ()
    lines: Sequence[str] = headlines(project, review)
    place = {int(i): k for k, i in enumerate(review.order)}
    return tuple(Wrong(str(review.parts.paths.ids[i]), float(review.p[i]), place[i] + 1, lines[place[i]]) for i in index.tolist())
