"""What tracks seemed to be after when a quarter, half and three quarters of the way were seen: in a report and in its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.analysis.goals import end_names
from irlcore.analysis.onward import intents_study
from irlcore.analysis.roaming import roaming
from irlcore.engine import Control
from irlcore.intent.goals import CERTAIN
from irlcore.project.project import Project
from irlcore.project.split import split_paths
from irlcore.worlds.called import Called
from irlcore.worlds.mdp import Paths

AFTER = {"a quarter": 0.25, "half": 0.5, "three quarters": 0.75}
NONE = "none of the candidates"
LIKELY, POSSIBLE = 0.8, 0.4
CAUTION = ("These tracks were flagged because the model does not explain them. A model that cannot explain a track cannot guess its goal "
           "well either: take these as hints, not as findings.")
"""Said wherever goals of flagged tracks are shown."""
SENTENCE = ("The likeliest goal of each track when a part of it was seen, among the commonest ends of the class's known tracks "
            "(neighbouring ends are grouped by clustering and count as one goal, unless the analyst set them apart), with its probability; "
            f"and the step from which the goal likeliest at the end had at least {100.0 * CERTAIN:.0f} %.")


@dataclass(frozen=True, slots=True)
class Seen:
    """One track. steps: of the whole way. after: for each of ``AFTER`` the likeliest goal and its probability; the name is ``NONE`` where
    no candidate explains the steps so far. certain: the step from which on the last likeliest goal had 80 %, -1 for never. ended: where."""

    steps: int
    after: tuple[tuple[str, float], ...]
    certain: int
    ended: str

    def said(self) -> str:
        """One sentence: what it seemed to be after half way, how sure, and where it ended."""
        name, probability = self.after[1]
        if name == NONE:
            told = "Half way none of the usual goals explained its way"
        else:
            told = f"Half way it seemed to be heading for {name} ({probability:.0%}, {how_sure(probability)})"
        sure = f"certain from step {self.certain} of {self.steps} on" if self.certain >= 0 else "never certain"
        return f"{told}; {sure}. " + (f"It ended at {self.ended}." if self.ended else "It was cut off before it arrived.")


def how_sure(probability: float) -> str:
    """Likely from 80 % on, possible from 40 % on, else unclear."""
    return "likely" if probability >= LIKELY else "possible" if probability >= POSSIBLE else "unclear"


def trips_end(paths: Paths, words: Called) -> str:
    """What tracks were taken to be after, in a few words, where some do not go to where they end; else empty."""
    roam, cut = int(roaming(paths).sum()), int((paths.goal < 0).sum())
    if roam == len(paths):
        return "no destination"
    unfinished = "still running" if words.track == "sequence" else "unfinished"
    said = [words.say(f"{many:,} of {len(paths):,} tracks {what}") for many, what in ((roam, "without a destination"), (cut, unfinished))
            if many]
    return ", ".join(said)


def with_goals(paths: Paths, indices: Sequence[int] | np.ndarray) -> list[int]:
    """Those of the paths ``indices`` that go somewhere: of one without a destination there is nothing to ask, nor where there is one goal
    alone, as in a log, whose sequences all go to the end."""
    if len(paths.goals) < 2:
        return []
    roams = roaming(paths)
    return [int(i) for i in indices if not roams[i]]


def seen_study(project: Project, paths: Paths, indices: np.ndarray, watch: Control | None = None) -> list[Seen]:
    """What each of the class's ``paths`` at ``indices`` (n,) seemed to be after."""
    posteriors, names = intents_study(project, indices, watch)
    ended = [*end_names(project, split_paths(project)), ""]  # the last for a goal that is not known, -1
    return [_seen(found.probability, found.top, int(found.certain_step), names, ended[int(paths.goal[i])])
            for i, found in zip(indices, posteriors, strict=True)]


def _seen(probability: np.ndarray, top: np.ndarray, certain: int, names: Sequence[str], ended: str) -> Seen:
    steps = len(probability) - 1
    at = [int(share * steps) for share in AFTER.values()]
    after = tuple((names[top[k]] if top[k] >= 0 else NONE, float(probability[k].max())) for k in at)
    return Seen(steps, after, certain, ended)


def seen_row(track: str, seen: Seen) -> dict[str, object]:
    """The same as a row of a table."""
    row: dict[str, object] = {"track": track, "steps": seen.steps}
    for said, (name, probability) in zip(AFTER, seen.after, strict=True):
        row[f"after {said}"], row[f"probability ({said})"] = name, probability
    return {**row, "certain from step": "" if seen.certain < 0 else str(seen.certain), "ended at": seen.ended}
