"""Fitting again with the verdicts heeded: worked out first, shown beside what was, and taken into the project only when accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from irlcore.analysis.changes import Change, ListChange, as_fitted, fit_change, list_change
from irlcore.analysis.ranking import rank, scored_study
from irlcore.analysis.study import features_in_use, fit_record
from irlcore.engine import Control
from irlcore.errors import DataError, FitError
from irlcore.fitting.estimators import settings_of
from irlcore.project.heeding import heedable, heeded_sentences
from irlcore.project.project import FitRecord, Outcome, Project, remember
from irlcore.project.split import need_world, split_paths
from irlcore.project.verdicts import CALLED
from irlcore.quantities import listed
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.worlds.called import called


@dataclass(frozen=True, slots=True)
class HeedChange:
    """What heeding verdicts would change. heeded: track -> verdict, all that would be gone by. before, record: the newest fit, and the
    one that it would lead to. change: both side by side; flags: the flagged list under the same control. sentences: what it does to the
    split and to promises."""

    heeded: Mapping[str, Outcome]
    before: FitRecord
    record: FitRecord
    change: Change
    flags: ListChange
    sentences: tuple[str, ...]


def heed_study(project: Project, understood: bool, control: FalseAlarmControl, score: str = "",
               watch: Control | None = None) -> HeedChange:
    """A refit with the verdicts of today heeded, made as the newest fit was; nothing is taken into the project.
    understood: whether reviewed tracks that were understood are fitted to as well. FitError where there is no fit, DataError where no
    verdict would change anything or too few tracks are left. score: what the evidence supports where empty."""
    if project.fit is None:
        raise FitError("There is no fit of this class yet.", "Press Fit on the Fit page.")
    watch, last = watch or Control(), project.fit
    heeded = heedable(project, understood)
    if heeded == dict(project.heeded):
        raise DataError("No verdict would change what is fitted to or calibrated on.",
                        "Those on normal tracks do where they are discarded or operational events; understood ones where you add them.")
    asked = replace(project, heeded=heeded, features=features_in_use(project, last))
    record = fit_record(asked, last.result.rationality, last.result.gamma, watch.part(0, 3, "fitting"), last.result.estimator,
                        settings_of(last.result))
    control = control.by_one_fit
    after = rank(scored_study(as_fitted(asked, record), watch.part(1, 3, "scores")), control, score)
    before = rank(scored_study(as_fitted(project, last), watch.part(2, 3, "scores before")), control, score)
    return HeedChange(heeded, last, record, fit_change(last, record), list_change(before, after, project.verdicts),
                      heeded_sentences(split_paths(asked)))


def with_heeded(project: Project, found: HeedChange) -> Project:
    """The project with the verdicts heeded and the fit that this led to: one step, which undo takes back whole. DataError where verdicts
    or the fit have changed since it was worked out."""
    understood = "understood" in found.heeded.values()
    if project.fit is None or project.fit.identity != found.before.identity or heedable(project, understood) != found.heeded:
        raise DataError("Verdicts or the fit have changed since this was worked out.", "Look again at what would change.")
    many = Counter(found.heeded.values())
    said = listed([f"{number:,} {CALLED[which]}" for which, number in many.items()]) if many else "none any more"
    sentences = map(called(need_world(project)[0]).say, found.sentences)
    numbers = " ".join([f"Flagged {found.flags.before:,} before, {found.flags.after:,} after.", *sentences])
    return remember(replace(project, heeded=dict(found.heeded), fits=(*project.fits, found.record)),
                    f"Heeded verdicts and fitted again: {said}", numbers=numbers, made=found.record.result.made)


def heedless(project: Project) -> Project:
    """The project with no verdict heeded any more; the fit that heeded them stays, and is stale. The same project where none was."""
    if not project.heeded:
        return project
    return remember(replace(project, heeded={}), "No verdict is heeded any more")
