"""What is unusual of a track part by part, as the page and the report show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.analysis.parts_told import part_p, parts_told, single_scores
from irlcore.analysis.ranking import Review
from irlcore.review.parts.base import FAMILIES
from irlcore.review.parts.kinds import TITLES
from irlcore.review.parts.unusual import Unusual

PARTS_HELP = ("How many normal tracks are at least as strange in this part. \"1 in 40\": of 40 normal tracks about one is. Ordinary: more "
              "than 1 in 20 are. A part with several scores counts all of them: looking more often finds no more by luck.")


@dataclass(frozen=True, slots=True)
class Cell:
    """One part. said: "ordinary" or how rare; score: which of its scores is the strangest, empty where it is ordinary."""

    title: str
    said: str
    ordinary: bool
    score: str


def parts_cells(found: Sequence[Unusual]) -> tuple[Cell, ...]:
    """The parts that were measured, those that are unusual first."""
    cells = [Cell(FAMILIES[one.family], one.words, one.ordinary, "" if one.ordinary else TITLES[one.score])
             for one in found if one.measured]
    return tuple(sorted(cells, key=lambda cell: cell.ordinary))  # stable: else in the order of the families


def parts_line(found: Sequence[Unusual]) -> str:
    """ "Pace 1 in 2,000 (too slow) · Route ordinary": one line; empty where nothing was measured."""
    said = [f"{cell.title} {cell.said}{f' ({cell.score.lower()})' if cell.score else ''}" for cell in parts_cells(found)]
    return " \u00b7 ".join(said)


def parts_lines(review: Review, index: Sequence[int]) -> dict[int, str]:
    """Path -> its parts in one line, of the paths ``index``; empty lines without a reference."""
    if not review.parts.has_reference or not len(index):
        return dict.fromkeys(index, "")
    p = part_p(review.scored)
    return {i: parts_line(parts_told(review.scored, p, i)) for i in index}


def parts_table(review: Review) -> pd.DataFrame:
    """A row for each of ``review.order``: the p-value of each part, then of each score; NaN where it gives nothing to measure. No columns
    without a reference."""
    if not review.parts.has_reference:
        return pd.DataFrame(index=range(len(review.order)))
    scored, p = review.scored, part_p(review.scored)
    rows = [{FAMILIES[one.family]: one.p if one.measured else np.nan for one in parts_told(scored, p, i)} for i in review.order.tolist()]
    families = pd.DataFrame(rows).rename(columns=lambda title: f"{str(title).lower()} (p-value)")
    singles = pd.DataFrame(p[review.order], columns=[f"{TITLES[name].lower()}: p-value" for name in single_scores(scored)])
    return pd.concat([families, singles], axis=1)
