"""Where the class's tracks seem to be going, as the pages ask it: candidate goals, posteriors, the likely ways on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.analysis.study import judged, solved
from irlcore.engine import Control
from irlcore.errors import WorldError
from irlcore.intent.goals import GoalPosterior, goal_posterior, goal_posteriors, origin_prior
from irlcore.project.project import Project
from irlcore.project.split import Parts, need_world, split_paths
from irlcore.rationality.routes import likeliest_path
from irlcore.rationality.solution import Prepared
from irlcore.tracks.tracks import find_ids
from irlcore.worlds.mdp import MDP, Goals, Paths, build_goals

FEWEST_GOALS, MOST_GOALS, MOST_STATES = 60, 400, 200_000
"""How many goals are candidates: as many as can be solved while the analyst waits, states in all."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What tracks of the class may be after: index (G,) into the paths' goals, and the goals alone. known: (n,) the paths
    whose ends they are."""

    index: np.ndarray
    goals: Goals
    known: np.ndarray


def candidate_goals(parts: Parts, most: int) -> Candidates:
    """The ``most`` commonest ends of the class's known tracks; a reviewed track's own end need not be among them."""
    known = np.union1d(parts.fit, parts.calibration)
    used = np.bincount(parts.paths.goal[known], minlength=len(parts.paths.goals))
    index = np.argsort(-used, kind="stable")[:min(most, int((used > 0).sum()))]
    of, named = parts.paths.goals.of, parts.paths.goals.names
    return Candidates(index, build_goals([of(int(g)) for g in index], [str(n) for n in named[index]]), known)


def prior_of(parts: Parts, mdp: MDP, found: Candidates, indices: np.ndarray) -> np.ndarray:
    """(n, G) prior of the class's paths ``indices``, by where they start; a known path does not count for itself."""
    place = np.full(len(parts.paths.goals), -1)
    place[found.index] = np.arange(len(found.index))
    own = np.where(np.isin(indices, found.known), place[parts.paths.goal[indices]], -1)
    starts = parts.paths.first_state(mdp)[indices]
    return origin_prior(parts.paths.take(found.known), mdp, found.goals, starts, own)


def most_goals(prepared: Prepared) -> int:
    """How many candidate goals a world of this size allows."""
    return int(np.clip(MOST_STATES // prepared.mdp.n_states, FEWEST_GOALS, MOST_GOALS))


def intent_study(project: Project, track: str) -> tuple[GoalPosterior, Paths, int, np.ndarray]:
    """Posterior over the candidate goals along one track. Returns it with the class's paths, the track's index there and
    the candidates ((G,) indices into ``paths.goals``)."""
    index = int(find_ids(split_paths(project).paths.ids, [track])[0])
    parts, _, model, prepared = solved(project, index)
    found = candidate_goals(parts, most_goals(prepared))
    prior = prior_of(parts, prepared.mdp, found, np.array([index]))[0]
    return goal_posterior(model, prepared, parts.paths, index, found.goals, prior), parts.paths, index, found.index


def intents_study(project: Project, indices: np.ndarray, watch: Control | None = None) -> tuple[list[GoalPosterior], np.ndarray]:
    """Posteriors along many of the class's paths, and the candidates' names (G,)."""
    parts, _, model, batches = judged(project)
    indices, mdp = np.asarray(indices, np.int64), batches[0].prepared.mdp
    found, watch = candidate_goals(parts, most_goals(batches[0].prepared)), watch or Control()
    told: dict[int, GoalPosterior] = {}
    for k, batch in enumerate(batches):
        mine = indices[np.isin(indices, batch.index)]
        if len(mine):
            posteriors = goal_posteriors(model, batch.prepared, parts.paths.take(mine), found.goals, prior_of(parts, mdp, found, mine),
                                         control=watch.part(k, len(batches), "goals") if len(batches) > 1 else watch)
            told.update(zip(mine.tolist(), posteriors, strict=True))
    return [told[int(i)] for i in indices], found.goals.names


def onward_study(project: Project, paths: Paths, index: int, seen: int, goals: np.ndarray) -> list[np.ndarray]:
    """The likeliest way on from step ``seen`` of a path to each of ``goals`` ((n,) indices into ``paths.goals``), as
    choices; empty where there is none."""
    world, _ = need_world(project)
    _, _, model, prepared = solved(project, index)
    at = int(paths.states(world.mdp, index)[seen])
    ways = []
    for goal in goals:
        solution = model.solve(prepared, paths.goals.of(int(goal)))
        try:
            ways.append(likeliest_path(prepared, solution, at))
        except WorldError:
            ways.append(np.zeros(0, np.int64))
    return ways
