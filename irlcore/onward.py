"""Where the class's tracks seem to be going, as the pages ask it: candidate goals, posteriors, the likely ways on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.engine import Control as Watch
from irlcore.errors import WorldError
from irlcore.intent.goals import GoalPosterior, goal_posterior, goal_posteriors, goal_prior
from irlcore.project import Project
from irlcore.rationality.base import Prepared
from irlcore.rationality.routes import likeliest_path
from irlcore.split import Parts, need_world
from irlcore.study import solved
from irlcore.tracks import find_ids
from irlcore.worlds.mdp import Goals, Paths, build_goals

FEWEST_GOALS, MOST_GOALS, MOST_STATES = 60, 400, 200_000
"""How many goals are candidates: as many as can be solved while the analyst waits, states in all."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a track of the class may be after: index (G,) into the paths' goals, the goals alone and their prior (G,)."""

    index: np.ndarray
    goals: Goals
    prior: np.ndarray


def candidate_goals(parts: Parts, most: int) -> Candidates:
    """The ``most`` commonest ends of the class's known tracks; a reviewed track's own end need not be among them."""
    known = parts.paths.take(np.union1d(parts.fit, parts.calibration))
    used = np.bincount(known.goal, minlength=len(known.goals))
    index = np.argsort(-used, kind="stable")[:min(most, int((used > 0).sum()))]
    goals = build_goals([known.goals.of(int(g)) for g in index], [str(n) for n in known.goals.names[index]])
    return Candidates(index, goals, goal_prior(known, goals))


def most_goals(prepared: Prepared) -> int:
    """How many candidate goals a world of this size allows."""
    return int(np.clip(MOST_STATES // prepared.mdp.n_states, FEWEST_GOALS, MOST_GOALS))


def intent_study(project: Project, track: str) -> tuple[GoalPosterior, Paths, int, np.ndarray]:
    """Posterior over the candidate goals along one track. Returns it with the class's paths, the track's index there and
    the candidates ((G,) indices into ``paths.goals``)."""
    parts, _, model, prepared = solved(project)
    index, found = int(find_ids(parts.paths.ids, [track])[0]), candidate_goals(parts, most_goals(prepared))
    return goal_posterior(model, prepared, parts.paths, index, found.goals, found.prior), parts.paths, index, found.index


def intents_study(project: Project, indices: np.ndarray, watch: Watch | None = None) -> tuple[list[GoalPosterior], np.ndarray]:
    """Posteriors along many of the class's paths, and the candidates' names (G,)."""
    parts, _, model, prepared = solved(project)
    found = candidate_goals(parts, most_goals(prepared))
    paths = parts.paths.take(np.asarray(indices, np.int64))
    return goal_posteriors(model, prepared, paths, found.goals, found.prior, control=watch), found.goals.names


def onward_study(project: Project, paths: Paths, index: int, seen: int, goals: np.ndarray) -> list[np.ndarray]:
    """The likeliest way on from step ``seen`` of a path to each of ``goals`` ((n,) indices into ``paths.goals``), as
    choices; empty where there is none."""
    world, _ = need_world(project)
    _, _, model, prepared = solved(project)
    at = int(paths.states(world.mdp, index)[seen])
    ways = []
    for goal in goals:
        solution = model.solve(prepared, paths.goals.of(int(goal)))
        try:
            ways.append(likeliest_path(prepared, solution, at))
        except WorldError:
            ways.append(np.zeros(0, np.int64))
    return ways
