"""Tracks without a destination that come to where no way leads on."""

from __future__ import annotations

import numpy as np

from irlcore.errors import FitError
from irlcore.fitting.problem import Problem
from irlcore.planning.graph import graph_of, reach


def need_ways_on(problem: Problem) -> None:
    """FitError where a track of an agent without a destination makes a choice after which it must get stuck: what lies ahead of a walk that
    nothing ends has no value there, so the choice has no chance under any weights. Only where nothing slips, since elsewhere what was
    recorded may not have been meant."""
    nowhere, paths = np.flatnonzero(problem.paths.goals.nowhere), problem.paths
    roam = np.isin(paths.goal, nowhere)
    if problem.gamma == 1.0 or not roam.any() or not problem.mdp.deterministic:
        return
    stuck = ~reach(graph_of(problem.mdp), np.zeros(0, np.int64), problem.gamma).usable
    lost = np.unique(paths.owner[stuck[paths.choices]])
    lost = lost[roam[lost]]
    if len(lost):
        raise FitError(f"Track {paths.ids[lost[0]]} goes into a dead end, where no way leads on; {len(lost)} of {int(roam.sum())} tracks "
                       "without a destination do.", "Let agents stay in this world, which is a way on everywhere, or take where these "
                       "tracks end for their destination.")
