"""What is unusual of a track part by part, as the page and the report show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from irlcore.analysis.parts_told import families_of
from irlcore.analysis.ranking import Review
from irlcore.review.parts.kinds import TITLES
from irlcore.review.parts.unusual import Unusual

PARTS_HELP = ("How many ordinary tracks (all others, where none is named as normal) are at least as strange in this part. \"1 in 40\": of "
              "40 about one is. Ordinary: more than 1 in 20 are.")


@dataclass(frozen=True, slots=True)
class Cell:
    """One part. said: "ordinary" or how rare; score: which of its scores is the strangest, empty where it is ordinary."""

    title: str
    said: str
    ordinary: bool
    score: str


def parts_cells(found: Sequence[Unusual]) -> tuple[Cell, ...]:
    """The parts that were measured, those that are unusual first."""
    cells = [Cell(one.title, one.words, one.ordinary, "" if one.ordinary else TITLES[one.score])
             for one in found if one.measured]
    return tuple(sorted(cells, key=lambda cell: cell.ordinary))  # stable: else in the order of the families


def parts_line(found: Sequence[Unusual]) -> str:
    """ "Pace 1 in 2,000 (too slow) · Route ordinary": one line; empty where nothing was measured."""
    said = [f"{cell.title} {cell.said}{f' ({cell.score.lower()})' if cell.score else ''}" for cell in parts_cells(found)]
    return " \u00b7 ".join(said)


def parts_table(review: Review) -> pd.DataFrame:
    """A row for each of ``review.order``: the p-value of each part, NaN where it gives nothing to measure. No columns without a
    reference."""
    scored, order = review.scored, review.order
    if not review.parts.has_reference or not len(review.parts.calibration):
        return pd.DataFrame(index=range(len(order)))
    families = families_of(scored)
    p = families.p(order, review.parts.calibration)
    return pd.DataFrame({f"{families.titles[family].lower()} (p-value)": p[:, k] for k, family in enumerate(families.families)})
