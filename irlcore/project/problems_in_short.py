"""A project's list of problems by kind, with the lengths and times of the tracks that were dropped or cut."""

from __future__ import annotations

import numpy as np

from irlcore.project.project import Project
from irlcore.tracks.problem_kinds import Kinds, by_kind
from irlcore.tracks.problems import problems_and_notes


def problems_by_kind(project: Project) -> Kinds:
    """Of tracks that were cut what comes after the last choice of their path counts: at most one step more than is lost."""
    paths = project.paths
    until: dict[str, float] = {}
    if paths is not None and paths.times is not None:
        ends = paths.offsets[1:] - 1
        has = np.diff(paths.offsets) > 0
        until = dict(zip(map(str, paths.ids[has]), paths.times[ends[has]].tolist(), strict=True))
    return by_kind(problems_and_notes(project.problems)[0], project.tracks, until)
