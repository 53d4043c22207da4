"""p-values of every single score of the class's tracks, and what is unusual of a track part by part, in words."""

from __future__ import annotations

import numpy as np

from irlcore.analysis.scored import Scored
from irlcore.project.split import Parts
from irlcore.review.calibration.p_values import measured_p
from irlcore.review.parts.kinds import COMBINED
from irlcore.review.parts.unusual import FamilyTable, Unusual, sentence
from irlcore.review.sides import Ordinary, family_table


def single_scores(scored: Scored) -> tuple[str, ...]:
    """The names of the scores that are not made of others."""
    return tuple(name for name in scored.table.names if name != COMBINED)


def part_p(scored: Scored) -> np.ndarray:
    """(N, K) float64: the conformal p-value of each single score (``single_scores``) against the calibration tracks; NaN where there is
    nothing to measure, and everywhere without a reference. A calibration track that gives nothing to measure is as ordinary as can be, and
    each of these is told against itself as well."""
    names, parts = single_scores(scored), scored.parts
    out = np.full((len(scored.table.values), len(names)), np.nan)
    for k, name in enumerate(names if parts.has_reference else ()):
        values = scored.values(name)
        out[:, k] = measured_p(values[parts.calibration], values)
    return out


def ordinary_of(parts: Parts) -> Ordinary:
    """The tracks that each is held against: those that calibrate; where none is known to be normal, all others."""
    if parts.has_reference:
        return Ordinary(parts.calibration, "ordinary track")
    return Ordinary(parts.review, "other track")


def families_of(scored: Scored) -> FamilyTable:
    """All tracks by sides; what is rare of each score is told by the fitted tracks."""
    return family_table(scored.table, scored.parts.fit, scored.titles)


def parts_told(scored: Scored, families: FamilyTable, track: int) -> list[Unusual]:
    """Of one track, family by family. families: of all (``families_of``)."""
    against = ordinary_of(scored.parts).index
    return families.of(track, against[against != track])


def parts_sentence(scored: Scored, families: FamilyTable, track: int) -> str:
    """ "Route ordinary, pace 1 in 2,000."; empty without a reference."""
    return sentence(parts_told(scored, families, track)) if scored.parts.has_reference else ""
