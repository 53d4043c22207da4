"""The p-values of the reviewed tracks as the basis of the control asks for them, and what promises about them stand on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.analysis.scored import Scored
from irlcore.errors import DataError
from irlcore.review.calibration.alike import alike_within
from irlcore.review.calibration.circumstances import Circumstances, Shift, shift_between
from irlcore.review.calibration.controls import USUAL, Basis
from irlcore.review.calibration.cross import CrossConformal
from irlcore.review.calibration.ground import Ground
from irlcore.review.calibration.groups import Groups, by_distance, by_ended, by_hour, grouped_p
from irlcore.review.calibration.p_values import conformal_p, finer_p, random_p
from irlcore.review.calibration.weights import weighted_p, weights_between
from irlcore.review.parts.kinds import WIDER_OF_FEW


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """p: (m,) float64 of the reviewed tracks. ground: what promises stand on. groups: of all tracks, None for one group."""

    p: np.ndarray
    ground: Ground
    groups: Groups | None = None


def by_own_kind(scored: Scored, score: str) -> bool:
    """Whether sequences still running are compared with such alone by this score. A mean over events spreads the wider the fewer there are:
    by rare kinds, all compared together, 14 % of those still running were flagged at a rate of 10 %, on made-up logs without anything odd,
    and what was tried to even that out (deviations, tail chances) gave 4 to 15 %. Compared with their own kind it is 10 %, and never more
    if the normal ones were cut off as they were."""
    return score in WIDER_OF_FEW and _known(scored.circumstances).ended is not None


def basis_for(scored: Scored, score: str, basis: Basis) -> Basis:
    """The basis that was asked for, or where it cannot be had by this score the nearest that can."""
    return Basis(ties=basis.ties, groups="ended") if by_own_kind(scored, score) else basis


def compared(scored: Scored, values: np.ndarray, finer: np.ndarray, basis: Basis, crossed: CrossConformal | None = None) -> Compared:
    """The reviewed tracks against the calibration tracks by scores ``values`` (N,), higher = stranger. finer: (N,) a second score.
    crossed: what several fits found, where the basis asks for that. DataError where the data does not tell what the basis asks for."""
    parts = scored.parts
    if basis.crossed:
        if crossed is None or len(crossed.p) != len(parts.review):
            raise DataError("The reviewed tracks were not compared by several fits.",
                            "Compare with all normal tracks, or fit several times.")
        return Compared(crossed.p, crossed_ground(scored, crossed, values[parts.calibration]))
    kept, asked = values[parts.calibration], values[parts.review]
    groups, shift, worth, ids = None, scored.shift, float("nan"), parts.paths.ids[parts.review]
    if basis.weighted:
        columns = _known(scored.circumstances).columns()
        if not columns:
            raise DataError("Nothing is known of where or when tracks start, so the normal ones cannot be weighted.",
                            "Compare with all normal tracks alike.")
        weights = weights_between(np.column_stack([*columns.values()]), parts.calibration, parts.review,
                                  ids=parts.paths.ids)
        p, worth = weighted_p(kept, asked, weights.of[parts.calibration], weights.of[parts.review]), weights.worth
    elif basis.groups:
        groups = groups_of(scored, basis)
        of = groups.of
        if basis.ties == "random":
            p = np.ones(len(asked))
            for one in np.unique(of[parts.review]):
                normal, mine = kept[of[parts.calibration] == one], of[parts.review] == one
                p[mine] = random_p(normal, asked[mine], ids[mine]) if len(normal) else 1.0
        else:
            if basis.ties == "finer":
                values = _places(values, finer, parts.calibration, parts.review)
            p = grouped_p(values[parts.calibration], values[parts.review], of[parts.calibration], of[parts.review])
        if scored.circumstances is not None:
            shift = shift_between(scored.circumstances, parts.calibration, parts.review, of)
    elif basis.ties == "random":
        p = random_p(kept, asked, ids)
    elif basis.ties == "finer":
        p = finer_p(np.column_stack((kept, finer[parts.calibration])), np.column_stack((asked, finer[parts.review])))
    else:
        p = conformal_p(kept, asked)
    return Compared(p, ground_of(scored, basis, shift, worth, kept), groups)


def ground_of(scored: Scored, basis: Basis = USUAL, shift: Shift | None = None, worth: float = float("nan"),
              kept: np.ndarray | None = None) -> Ground:
    """What promises about the tracks of ``scored`` stand on. kept: (n,) scores of the calibration tracks, by which tracks of one agent may
    be alike."""
    parts = scored.parts
    apart = scored.apart and not len(np.intersect1d(parts.fit, parts.calibration))
    alike = None if kept is None or scored.agents is None else alike_within(kept, scored.agents[parts.calibration])
    return Ground(len(parts.calibration), len(parts.review), parts.has_reference, apart, scored.doubt, shift, basis, worth,
                  removed=parts.heeded.calibration_without, alike=alike)


def crossed_ground(scored: Scored, crossed: CrossConformal, kept: np.ndarray | None = None) -> Ground:
    """The same where several fits compared, none of which has seen what it is compared with."""
    return replace(ground_of(scored, Basis(crossed=True), scored.shift, kept=kept), n=crossed.n, apart=True, folds=crossed.folds)


def groups_of(scored: Scored, basis: Basis) -> Groups:
    """The groups that the basis asks for, learned from the tracks that were fitted to. DataError where the data does not tell them."""
    known = _known(scored.circumstances)
    if basis.groups == "hour":
        if known.hour is None:
            raise DataError("Nothing is known of when tracks start, so they cannot be grouped by hour.",
                            "Group by distance, or read the tracks with their times.")
        return by_hour(known.hour, scored.parts.fit)
    if basis.groups == "ended":
        if known.ended is None:
            raise DataError("Every sequence has ended, so none is compared as one that is still running.",
                            "Compare with all normal tracks alike.")
        return by_ended(known.ended, scored.parts.calibration)
    if known.distance is None:
        raise DataError("Nothing is known of how far tracks go, so they cannot be grouped by distance.",
                        "Group by hour, or compare with all normal tracks alike.")
    return by_distance(known.distance, scored.parts.fit, known.unit)


def _known(circumstances: Circumstances | None) -> Circumstances:
    return circumstances if circumstances is not None else Circumstances()


def _places(values: np.ndarray, finer: np.ndarray, calibration: np.ndarray, review: np.ndarray) -> np.ndarray:
    """(N,) places of the calibration and reviewed tracks by both scores, ties told apart by the second; 0 for all others."""
    both = np.concatenate((calibration, review))
    places = np.zeros(len(values))
    places[both] = np.unique(np.column_stack((values, finer))[both], axis=0, return_inverse=True)[1].ravel()
    return places
