"""The pictures of a report on a log: a band for each flagged sequence, and the process with what the flagged ones do more often."""

from __future__ import annotations

import numpy as np

from irlcore.analysis.ranking import Review
from irlcore.maps.sequences.band import band_svg
from irlcore.maps.sequences.drawn import reviewed_band
from irlcore.maps.sequences.graph import graph_svg
from irlcore.maps.sequences.process import process_of, shown_part, with_expected
from irlcore.review.reasons import Reasons
from irlcore.worlds.world import World


def sequence_picture(world: World, review: Review, index: int, reasons: Reasons | None, wide: float) -> str:
    """A sequence as SVG, with the likelier continuation where reasons were found."""
    likelier = np.zeros(0, np.int64) if reasons is None else reasons.alternative
    return band_svg(reviewed_band(world, review.parts.paths, review.scores, index, likelier), wide)


def process_picture(world: World, review: Review, wide: float) -> str:
    """The process of the flagged sequences as SVG ``wide`` pixels wide, beside how often the others among the reviewed take each step; of
    all reviewed ones where none is flagged. It runs downwards."""
    parts, flagged = review.parts, np.flatnonzero(review.flagged)
    if not len(flagged):
        process = process_of(world, parts.paths, parts.review)
        return graph_svg(process, shown_part(process), down=True, narrowest=wide)
    usual = process_of(world, parts.paths, parts.fit)
    process = with_expected(process_of(world, parts.paths, flagged), usual)
    return graph_svg(process, shown_part(process), residual=True, down=True, narrowest=wide)
