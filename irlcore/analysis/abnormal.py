"""How many of the reviewed tracks are abnormal, and which to look at first, asked of a review."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.analysis.compared import ground_of
from irlcore.analysis.ranking import Review
from irlcore.review.calibration.controls import USUAL
from irlcore.review.calibration.p_values import as_ordinary
from irlcore.review.parts.kinds import COMBINED, TITLES
from irlcore.review.share import Share, doubt_of, share_against, share_alone
from irlcore.review.worth import Worth, worth_a_look

WITHOUT_FLAGS = 30  # tracks to put in order where none is flagged


def share_of_abnormal(review: Review) -> Share:
    """By the score that ranks; a track that gives it nothing to measure counts as ordinary. All normal tracks are compared with alike, and
    promised is what those allow, whatever the control of false alarms rests on."""
    values = as_ordinary(review.values)
    parts = review.parts
    if parts.has_reference:
        ground = ground_of(review.scored, USUAL, review.scored.shift, values[parts.calibration])
        return share_against(values[parts.calibration], values[parts.review], missing=ground.missing)
    return share_alone(values[parts.review])


def doubt_of_reference(review: Review) -> str:
    """A warning that normal tracks may be abnormal themselves, empty where nothing speaks for it or none are named. Promises stay."""
    values, parts = review.values, review.parts
    if not parts.has_reference or not len(parts.calibration):
        return ""
    return doubt_of(as_ordinary(values)[parts.calibration])


def most_worth_a_look(review: Review) -> Worth:
    """The flagged tracks, or the strangest where none is flagged, by what a verdict on them would teach; indices into its paths."""
    table = review.scored.table
    names = [name for name in table.names if name != COMBINED]
    strange = review.order[review.flagged[review.order]]
    strange = strange if len(strange) else review.order[:WITHOUT_FLAGS]
    values = as_ordinary(review.values)
    return worth_a_look(strange, values, np.column_stack([table.of(name) for name in names]), [TITLES[name] for name in names])


def worth_first(review: Review, worth: Worth) -> Review:
    """The review with the tracks of ``worth`` in that order before all others, which keep theirs."""
    rest = review.order[~np.isin(review.order, worth.order)]
    return replace(review, order=np.concatenate((worth.order, rest)))
