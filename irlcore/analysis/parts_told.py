"""p-values of every single score of the class's tracks, and what is unusual of a track part by part, in words."""

from __future__ import annotations

import numpy as np

from irlcore.analysis.planting import FAMILIES
from irlcore.analysis.scored import Scored
from irlcore.review.parts.kinds import COMBINED
from irlcore.review.parts.unusual import Unusual, p_of_columns, sentence, unusual_of


def single_scores(scored: Scored) -> tuple[str, ...]:
    """The names of the scores that are not made of others."""
    return tuple(name for name in scored.table.names if name != COMBINED)


def part_p(scored: Scored) -> np.ndarray:
    """(N, K) float64: the conformal p-value of each single score (``single_scores``) against the calibration tracks; NaN where there is
    nothing to measure, and everywhere without a reference."""
    calibration = scored.parts.calibration if scored.parts.has_reference else np.zeros(0, np.int64)
    return p_of_columns(scored.table, single_scores(scored), calibration)


def parts_told(scored: Scored, p: np.ndarray, track: int) -> list[Unusual]:
    """Of one track, family by family. p: of all (``part_p``)."""
    return unusual_of(p[track], single_scores(scored), FAMILIES, len(scored.parts.calibration))


def parts_sentence(scored: Scored, p: np.ndarray, track: int) -> str:
    """ "Route ordinary, pace 1 in 2,000."; empty without a reference."""
    return sentence(parts_told(scored, p, track)) if scored.parts.has_reference else ""
