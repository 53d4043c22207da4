"""Rewards made ready for trips that are known: at gamma = 1 only the part of the world that they can come to matters."""

from __future__ import annotations

import numpy as np

from irlcore.planning.costs import matters
from irlcore.planning.graph import graph_of, reached_by
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Prepared
from irlcore.worlds.mdp import Paths


def goals_of(paths: Paths) -> list[np.ndarray]:
    """The states of each goal that some of the paths go to."""
    return [paths.goals.of(int(g)) for g in np.unique(paths.goal)]


def confined(model: Rationality, prepared: Prepared, paths: Paths) -> Prepared:
    """The same for trips to the goals of ``paths`` from any state that these were in. Raises ``Infeasible``."""
    if prepared.gamma < 1.0 or not len(paths):
        return prepared
    kept = prepared.mdp.cache.get("confined")
    if kept is None or kept[0] is not paths.choices or kept[1] is not paths.goal:  # asked for again at every evaluation
        within = reached_by(prepared.mdp, paths)
        kept = paths.choices, paths.goal, within, matters(graph_of(prepared.mdp), goals_of(paths), within)
        prepared.mdp.cache["confined"] = kept
    return model.confine(prepared, kept[2], kept[3])


def covering(model: Rationality, prepared: Prepared, paths: Paths) -> Prepared:
    """``prepared`` where it holds for all of ``paths``, else made ready anew for these. WorldError where a path is of another world."""
    paths.check_within(prepared.mdp)
    if prepared.within is None or bool(prepared.within[prepared.mdp.choice_state[paths.choices]].all()):
        return prepared
    return confined(model, model.prepare(prepared.mdp, prepared.reward, prepared.gamma, prepared.own, prepared.parts), paths)
