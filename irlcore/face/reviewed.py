"""Which tracks a fit does not explain, with reasons."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from irlcore.analysis.ranking import Review, review_study
from irlcore.analysis.reasons import apart_study, reasons_study
from irlcore.errors import DataError, none_called
from irlcore.project.project import Project
from irlcore.project.split import need_world, split_paths
from irlcore.quantities import counted
from irlcore.report.export import reasoned_table
from irlcore.report.findings import Findings
from irlcore.report.review_words import promise_words
from irlcore.review.calibration.controls import FalseAlarmControl, Kind
from irlcore.review.parts.kinds import TITLES
from irlcore.review.reasons import Telling
from irlcore.tracks.tracks import find_ids
from irlcore.worlds.called import called

LIMITS = ("share_of_flags", "share_of_normal", "strangest")
USUAL_RATE, USUAL_SHARE = 0.1, 0.02


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Reviewed:
    """The tracks of a class, strangest first, and which of them are flagged.

    project: what was reviewed. review: the numbers, as the pages have them. told: what reasons are told with.

    >>> import irlcore as ir
    >>> review = ir.fit(ir.sample("town"), model="maxent").review()
    >>> list(review.flagged.columns)
    ['track', 'p-value', 'why']
    """

    project: Project
    review: Review
    told: Telling

    @property
    def table(self) -> pd.DataFrame:
        """One row a reviewed track, strangest first: flagged, why, every score with its unit and p-value, goal, verdict. As exported by the
        pages."""
        return reasoned_table(self.project, self.review, Findings(None, self.told, "", {}, {}))

    @property
    def flagged(self) -> pd.DataFrame:
        """The flagged tracks, strangest first: track, its p-value (its place in the list, as a share, where no tracks are known as normal),
        and why it stands out, in a line."""
        table = self.table
        place = "p-value" if "p-value" in table else "share as strange"
        return table.loc[table["flagged"], ["track", place, "why"]].reset_index(drop=True)

    @property
    def promise(self) -> str:
        """What is promised of false alarms, or why nothing can be."""
        return promise_words(self.review)

    def reasons(self, track: str) -> tuple[str, ...]:
        """Why one track stands out, in sentences. DataError where it is not of the class."""
        ids = self.review.parts.paths.ids
        if str(track) not in set(ids.astype(str).tolist()):
            raise DataError(*none_called("track of this class", track, ids.astype(str).tolist()))
        index = int(find_ids(ids, [str(track)])[0])
        return reasons_study(self.project, self.review, index, self.told).sentences

    def __len__(self) -> int:
        """How many are flagged."""
        return int(self.review.flagged.sum())

    def __repr__(self) -> str:
        words = called(need_world(self.project)[0])
        by = words.say(TITLES[self.review.score]).lower()
        some = f"{len(self)} of {counted(len(self.review.order), words.track)}"
        return f"<Reviewed: {some} flagged, by {by}, {self.review.control.kind} at {self.review.control.rate:g}>"


def reviewed(project: Project, rate: float | None, limit: Kind | str, score: str) -> Reviewed:
    """As ``Fit.review``."""
    if limit and limit not in LIMITS:
        raise DataError(*none_called("limit of false alarms", limit, LIMITS))
    if score and score not in TITLES:
        raise DataError(*none_called("score", score, TITLES))
    kind: Kind = limit or ("share_of_flags" if split_paths(project).has_reference else "strangest")  # type: ignore[assignment]
    control = FalseAlarmControl(kind, rate if rate is not None else USUAL_SHARE if kind == "strangest" else USUAL_RATE)
    review = review_study(project, control, score)
    return Reviewed(project, review, apart_study(project, review))
