"""Verdicts that fits and calibration go by: never by themselves, and only as they were when the analyst accepted that.

A verdict changes nothing but the list until then. What is accepted is kept apart from the verdicts (``Project.heeded``), so that a verdict
made later changes no fit, no p-value and no flag silently: it is said that there are such, and the step can be done again, or undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from irlcore.project.project import Outcome, Project
from irlcore.project.split import LEFT_OUT, Heeded, Parts, split_paths
from irlcore.quantities import listed

BIAS = ("Reviewed tracks that were understood never join the tracks that are calibrated on: they were looked at because they were strange, "
        "and tracks picked for that would make all others look more ordinary than they are.")
ADDED = ("They are added to the tracks that are fitted to alone. Tracks that were reviewed when they were picked are then judged by a fit "
         "that has seen some of them: p-values of those may come out too large, so that fewer are flagged than could be.")
DROPPED = ("Leaving out reviewed tracks by their verdict harms no promise. Leaving out tracks that are calibrated on does: where some of "
           "them were normal after all, and were only left out because they looked strange, more normal tracks are flagged than asked for. "
           "So nothing is promised of false alarms then.")
"""What the choices do to what is promised, for the analyst to read before."""


def heedable(project: Project, understood: bool) -> dict[str, Outcome]:
    """Track -> verdict: of the class under study, those that would change what is fitted to or calibrated on. understood: whether reviewed
    tracks that were understood are to be fitted to as well. Of other classes what is heeded already."""
    parts = split_paths(replace(project, heeded={}))
    ids, normal = parts.paths.ids.astype(str), np.zeros(len(parts.paths), bool)
    normal[np.union1d(parts.fit, parts.calibration)] = True
    found = {track: one for track, one in project.heeded.items() if track not in set(ids)}
    for track, known in zip(ids.tolist(), normal.tolist(), strict=True):
        verdict = project.verdicts.get(track)
        if verdict is not None and (verdict.outcome in LEFT_OUT if known else understood and verdict.outcome == "understood"):
            found[track] = verdict.outcome
    return found


def heeds_understood(project: Project) -> bool:
    """Whether understood tracks are among what is heeded."""
    return "understood" in project.heeded.values()


def outdated(project: Project) -> list[str]:
    """The tracks whose verdicts have changed since they were last heeded, where any are; none where no verdict is heeded."""
    if not project.heeded:
        return []
    now: Mapping[str, Outcome] = heedable(project, heeds_understood(project))
    return [i for i in {**project.heeded, **now} if project.heeded.get(i) != now.get(i)]


def heeded_sentences(parts: Parts) -> tuple[str, ...]:
    """What heeding verdicts has changed of a split, and what it does to promises; none where it has changed nothing."""
    had: Heeded = parts.heeded
    if not had.any:
        return ()
    said = [f"{many:,} {'track is' if many == 1 else 'tracks are'} {what}" for many, what in (
        (had.fit_without, "left out of the fit"), (had.calibration_without, "left out of calibration"),
        (had.fit_too, "fitted to that had been reviewed and understood")) if many]
    sentences = [f"Verdicts are heeded: {listed(said)}."]
    if had.calibration_without:
        sentences.append(f"{had.calibration_without:,} of the normal tracks {'was' if had.calibration_without == 1 else 'were'} taken out "
                         "of calibration after being looked at: if they were normal, more false alarms than asked for are to be expected, "
                         "and nothing is promised of them.")
    return (*sentences, *((ADDED,) if had.fit_too else ()))
