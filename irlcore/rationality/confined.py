"""Rewards made ready for trips that are known: at gamma = 1 only the part of the world that they can come to matters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.planning.costs import matters
from irlcore.planning.graph import graph_of, reached_by
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Prepared
from irlcore.worlds.goal_prior import candidate_goals
from irlcore.worlds.limits import check_aim
from irlcore.worlds.mdp import MDP, Paths


def goals_of(paths: Paths, mdp: MDP) -> list[np.ndarray]:
    """The states of each goal that some of the paths go to, or may go to where they were cut off."""
    known = np.unique(paths.goal)
    if len(known) and known[0] < 0:  # -1 would be taken for the last goal
        known = np.union1d(known[1:], candidate_goals(paths, mdp))
    return [paths.goals.of(int(g)) for g in known]


def confined(model: Rationality, prepared: Prepared, paths: Paths) -> Prepared:
    """The same for trips to the goals of ``paths`` from any state that these were in. Raises ``Infeasible``."""
    if prepared.gamma < 1.0 or not len(paths):
        return prepared
    last = _confined_to(prepared.mdp, paths)
    for goal in last.goals:
        check_aim(goal, prepared.mdp.n_states, prepared.gamma)
    return model.confine(prepared, last.within, last.used)


def used_by(mdp: MDP, paths: Paths) -> np.ndarray:
    """(M,) bool: the choices that trips from where ``paths`` were to their goals may make."""
    return _confined_to(mdp, paths).used


def _confined_to(mdp: MDP, paths: Paths) -> Confined:
    memory = mdp.derived(_last_confined)
    last = memory[0]
    if last is None or any(getattr(last.paths, part) is not getattr(paths, part) for part in ("choices", "goal", "goals", "past")):
        within, goals = reached_by(mdp, paths), goals_of(paths, mdp)
        last = Confined(paths, within, matters(graph_of(mdp), goals, within), goals)
        memory[0] = last  # one record at once: another thread sees all of the old or all of the new
    return last


@dataclass(frozen=True, slots=True)
class Confined:
    """Paths, the states (S,) bool that trips from where they were can come to, the choices (M,) bool that they may make, and the states of
    each of their goals."""

    paths: Paths
    within: np.ndarray
    used: np.ndarray
    goals: list[np.ndarray]


def _last_confined(mdp: MDP) -> list[Confined | None]:
    """The paths asked about last: asked for again at every evaluation."""
    return [None]


def covering(model: Rationality, prepared: Prepared, paths: Paths) -> Prepared:
    """``prepared`` where it holds for all of ``paths``, else made ready anew for these. WorldError where a path is of another world."""
    paths.check_within(prepared.mdp)
    if prepared.within is None or bool(prepared.within[prepared.mdp.choice_state[paths.choices]].all()):
        return prepared
    return confined(model, model.prepare(prepared.mdp, prepared.reward, prepared.gamma, prepared.own, prepared.parts), paths)
