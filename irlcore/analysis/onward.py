"""Where the class's tracks seem to be going, as the pages ask it: candidate goals, posteriors, the likely ways on.

What all tracks of a fit share, how likely each choice is on the way to each candidate, is found once a fit (``towards_study``); a track's
posterior is then a matter of adding up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.analysis.goals import ClassGoals, class_goals
from irlcore.analysis.study import judged, solved
from irlcore.engine import Control, run_all
from irlcore.errors import DataError
from irlcore.intent.goals import GoalPosterior, goal_posteriors, of_groups, posterior_of_steps
from irlcore.project.project import Project
from irlcore.project.split import Parts, need_world, split_paths
from irlcore.rationality.base import Rationality
from irlcore.rationality.confined import covering
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.seen import log_seen
from irlcore.rationality.solution import Prepared
from irlcore.review.apart import way_to
from irlcore.tracks.tracks import find_ids
from irlcore.worlds.goal_prior import arrived, origin_prior
from irlcore.worlds.mdp import MDP, Goals, Paths, build_goals

FEWEST_GOALS, MOST_GOALS, MOST_STATES = 60, 400, 200_000
"""How many ends are candidates: as many as can be solved while the analyst waits, states in all."""

MOST_BYTES = 256e6
"""Of chances that are kept for the next track, a fit."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What tracks of the class may be after: index (G,) into the paths' goals, and these ends alone. known: (n,) the paths
    whose ends they are. group: (G,) int64, the goal that each end is part of, and names of these goals, the likeliest first."""

    index: np.ndarray
    goals: Goals
    known: np.ndarray
    group: np.ndarray
    names: tuple[str, ...]

    def ends_of(self, group: int) -> np.ndarray:
        """The ends of one goal, indices into the paths' goals, the most used first."""
        return self.index[self.group == group]


def candidate_goals(parts: Parts, most: int, goals: ClassGoals) -> Candidates:
    """The ``most`` commonest ends of the class's known tracks, neighbouring ones as one goal; a reviewed track's own end need not be among
    them, and where a track was cut off none has ended. DataError where no track arrived."""
    known = np.union1d(parts.fit, parts.calibration)
    known = known[arrived(parts.paths)[known]]
    used = np.bincount(parts.paths.goal[known], minlength=len(parts.paths.goals))
    if not used.any():
        raise DataError("No track of this class is known to have arrived anywhere, so there are no goals to choose from.",
                        "Name the stops or exits where tracks arrive, or take some tracks' ends for their goals.")
    index = np.argsort(-used, kind="stable")[:min(most, int((used > 0).sum()))]
    of, named = parts.paths.goals.of, parts.paths.goals.names
    held = np.unique(goals.of[index])
    return Candidates(index, build_goals([of(int(g)) for g in index], [str(n) for n in named[index]]), known,
                      np.searchsorted(held, goals.of[index]), tuple(goals.names[k] for k in held))


def prior_of(parts: Parts, mdp: MDP, found: Candidates, indices: np.ndarray) -> np.ndarray:
    """(n, G) prior of the class's paths ``indices``, by where they start; a known path does not count for itself."""
    place = np.full(len(parts.paths.goals), -1)
    place[found.index] = np.arange(len(found.index))
    own = np.where(np.isin(indices, found.known), place[parts.paths.goal[indices]], -1)  # who is known has a goal: none reads place[-1]
    starts = parts.paths.first_state(mdp)[indices]
    return origin_prior(parts.paths.take(found.known), mdp, found.goals, starts, own)


def most_goals(prepared: Prepared) -> int:
    """How many candidate ends a world of this size allows."""
    return int(np.clip(MOST_STATES // prepared.mdp.n_states, FEWEST_GOALS, MOST_GOALS))


@dataclass(frozen=True, slots=True, eq=False)
class Towards:
    """A fit's ways to each of its G candidates, in single precision, for the choices that the class's paths make: used (U,), ascending.

    log_chance: (G, U) float32, nats, how likely each is on the way there, as far as it can be seen; None where the model judges a trip as
    a whole. believed: (G, U, R) float32, the same under each of its R beliefs where it does; None where that would be too much to keep.
    batch: which tracks are judged by it (``study.judged``).
    """

    parts: Parts
    found: Candidates
    model: Rationality
    prepared: Prepared
    used: np.ndarray
    log_chance: np.ndarray | None
    believed: np.ndarray | None
    batch: np.ndarray

    @property
    def at_hand(self) -> bool:
        """Whether a track is told at once: else every goal is solved anew for it."""
        return self.log_chance is not None or self.believed is not None

    @property
    def nbytes(self) -> int:
        """Of the chances that are kept."""
        return sum(one.nbytes for one in (self.log_chance, self.believed) if one is not None)

    def steps(self, path: Paths) -> np.ndarray | None:
        """(G, T) log chance of the steps of one path towards each candidate; None where nothing was kept that tells."""
        at = np.searchsorted(self.used, path.choices)
        if self.log_chance is not None:
            return self.log_chance[:, at].astype(np.float64)
        return None if self.believed is None else np.array([Replanned.steps_believed(one[at]) for one in self.believed])


@dataclass(frozen=True, slots=True, eq=False)
class Intent:
    """What one track seems to be after: the posterior over the goals ``names`` (n,), path ``index`` of ``paths``, and the candidates.

    own: the goal that it ended at; -1 where that is none of the candidates, or the track was cut off before."""

    posterior: GoalPosterior
    paths: Paths
    index: int
    found: Candidates
    own: int

    @property
    def names(self) -> tuple[str, ...]:
        """What the goals are called, one name each, in their order."""
        return self.found.names


def towards_study(project: Project, track: str, watch: Control | None = None) -> Towards:
    """The ways to every candidate, by features that are counted without this track where it was fitted to: the slow half."""
    index = int(find_ids(split_paths(project).paths.ids, [track])[0])
    ready = judged(project)
    parts, model, batches = ready.parts, ready.model, ready.batches
    batch = next((b for b in batches[1:] if index in b.index), batches[0])
    found = candidate_goals(parts, most_goals(batch.prepared), class_goals(project, parts))
    goals = [found.goals.of(k) for k in range(len(found.index))]
    used = np.unique(parts.paths.choices)
    kept = Towards(parts, found, model, batch.prepared, used, None, None, batch.index)
    if type(model).steps is Rationality.steps or not getattr(model, "persistent", True):
        chances = run_all(_log_chances, goals, watch, "goals", shared=(model, batch.prepared, used))
        return replace(kept, log_chance=np.array(chances))
    if isinstance(model, Replanned) and 4.0 * len(goals) * len(used) * model.draws <= MOST_BYTES:
        believed = run_all(_believed, goals, watch, "goals", shared=(model, batch.prepared, used))
        return replace(kept, believed=np.array(believed))
    return kept


def _log_chances(judge: tuple[Rationality, Prepared, np.ndarray], goal_states: np.ndarray) -> np.ndarray:
    """(U,) float32, nats, of the choices ``used`` (U,), the last that judge."""
    model, prepared, used = judge
    return log_seen(prepared, model.solve(prepared, goal_states))[used].astype(np.float32)


def _believed(judge: tuple[Replanned, Prepared, np.ndarray], goal_states: np.ndarray) -> np.ndarray:
    """(U, R) float32, the same under each belief."""
    model, prepared, used = judge
    return model.believed(prepared, model.solve(prepared, goal_states), used)


def intent_of(towards: Towards, index: int, watch: Control | None = None) -> Intent:
    """The posterior of one of the tracks ``towards`` is for, by its index into the class's paths."""
    parts, found, mdp = towards.parts, towards.found, towards.prepared.mdp
    path = parts.paths.take(np.array([index]))
    prior = prior_of(parts, mdp, found, np.array([index]))
    steps = towards.steps(path) if covering(towards.model, towards.prepared, path) is towards.prepared else None
    if steps is None:
        ends = goal_posteriors(towards.model, towards.prepared, path, found.goals, prior, control=watch)[0]
    else:
        ends = posterior_of_steps(steps, prior[0])
    mine = np.flatnonzero(found.index == parts.paths.goal[index])
    own = int(found.group[mine[0]]) if len(mine) else -1
    return Intent(of_groups(ends, found.group, len(found.names)), parts.paths, index, found, own)


def intent_study(project: Project, track: str) -> Intent:
    """Posterior over the goals along one track."""
    towards = towards_study(project, track)
    return intent_of(towards, int(find_ids(towards.parts.paths.ids, [track])[0]))


def intents_study(project: Project, indices: np.ndarray, watch: Control | None = None) -> tuple[list[GoalPosterior], tuple[str, ...]]:
    """Posteriors along many of the class's paths, and the goals' names (n,)."""
    ready = judged(project)
    parts, model, batches = ready.parts, ready.model, ready.batches
    indices, mdp = np.asarray(indices, np.int64), batches[0].prepared.mdp
    found = candidate_goals(parts, most_goals(batches[0].prepared), class_goals(project, parts))
    watch = watch or Control()
    told: dict[int, GoalPosterior] = {}
    for k, batch in enumerate(batches):
        mine = indices[np.isin(indices, batch.index)]
        if len(mine):
            posteriors = goal_posteriors(model, batch.prepared, parts.paths.take(mine), found.goals, prior_of(parts, mdp, found, mine),
                                         control=watch.part(k, len(batches), "goals") if len(batches) > 1 else watch)
            told.update(zip(mine.tolist(), posteriors, strict=True))
    return [of_groups(told[int(i)], found.group, len(found.names)) for i in indices], found.names


def onward_study(project: Project, paths: Paths, index: int, seen: int, goals: np.ndarray) -> list[np.ndarray]:
    """The likeliest way on from step ``seen`` of a path to each of ``goals`` ((n,) indices into ``paths.goals``), as
    choices; empty where there is none."""
    world, _ = need_world(project)
    ready = solved(project, index)
    model, prepared = ready.model, ready.prepared
    return ways_on(model, prepared, paths, int(paths.states(world.mdp, index)[seen]), goals)


def ways_on(model: Rationality, prepared: Prepared, paths: Paths, state: int, goals: np.ndarray) -> list[np.ndarray]:
    """The same from a state, with a fit that is ready."""
    return [way_to(prepared, model.solve(prepared, paths.goals.of(int(goal))), state) for goal in goals]
