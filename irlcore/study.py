"""One turn of the analysis, as the pages call it: choose the class, fit, review, ask what a track is after."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.engine import Control as Watch
from irlcore.errors import DataError, FitError, MotiveError, WorldError
from irlcore.features.feature_set import FeatureMatrix, feature_matrix
from irlcore.fitting.likelihood import path_logliks, residual_map
from irlcore.fitting.maximum_likelihood import Problem, fit
from irlcore.intent.goals import GoalPosterior, goal_posterior, goal_posteriors, goal_prior
from irlcore.project import FitRecord, Project, remember
from irlcore.rationality.base import Prepared, Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.routes import likeliest_path
from irlcore.review.calibration import Control, conformal_p, flag, rank_share
from irlcore.review.reasons import Reasons, Yardstick, explain_path
from irlcore.review.scores import Scores, score_paths
from irlcore.split import Parts, context_of, data_hash, matrix_of, need_world, split_paths
from irlcore.tracks import find_ids
from irlcore.worlds.mdp import Goals, Paths, build_goals

MODELS: dict[str, Rationality] = {model.name: model for model in (MaxEnt(), Boltzmann())}
SCORES = {"surprise": "Surprise", "utility_gap": "Extra cost paid", "worst_stretch": "Worst stretch"}
FEWEST_GOALS, MOST_GOALS, MOST_STATES = 60, 400, 200_000
"""How many goals are candidates: as many as can be solved while the analyst waits, states in all."""


@dataclass(frozen=True, slots=True)
class Review:
    """Scores of the class's paths; p (N,) p-values (places in the list where the control
    is "strangest"), flagged (N,) bool, order (n,) of the reviewed ones, strangest first."""

    parts: Parts
    scores: Scores
    p: np.ndarray
    flagged: np.ndarray
    order: np.ndarray
    score: str
    control: Control


def fit_record(project: Project, model_name: str = "maxent", gamma: float = 1.0, watch: Watch | None = None) -> FitRecord:
    """A fit of the class under study; held-out likelihood on the calibration tracks."""
    world, _ = need_world(project)
    parts = split_paths(project)
    matrix, model = matrix_of(project, parts), MODELS[model_name]
    used = tuple(s for s in project.features if s.enabled)
    problem = Problem(world.mdp, matrix.values, matrix.names, parts.paths.take(parts.fit), model, gamma)
    result = fit(problem, [s.sign for s in used], control=watch, data_hash=data_hash(project, parts, matrix))
    if parts.has_reference:
        prepared = model.prepare(world.mdp, matrix.values @ result.theta, gamma)
        held = path_logliks(model, prepared, parts.paths.take(parts.calibration), watch)
        result = replace(result, held_out=float(held.mean()))
    return FitRecord(result, used, project.agent_class)


def with_fit(project: Project, record: FitRecord) -> Project:
    """The project with one more fit, whatever has changed in it since the fit began."""
    result = record.result
    said = (f"Fitted {len(record.features)} features with {MODELS[result.rationality].name} to {result.n_paths} tracks: "
            f"log-likelihood {result.loglik:,.1f}")
    return remember(replace(project, fits=(*project.fits, record)), said)


def fit_study(project: Project, model_name: str = "maxent", gamma: float = 1.0, watch: Watch | None = None) -> Project:
    """The project with one more fit of the class under study."""
    return with_fit(project, fit_record(project, model_name, gamma, watch))


def fit_again(project: Project, record: FitRecord) -> Project:
    """Back to an earlier fit: it becomes the newest, and its features the ones in use."""
    names = {s.name for s in record.features}
    others = tuple(replace(s, enabled=False) for s in project.features if s.name not in names)
    fits = (*(f for f in project.fits if f is not record), record)
    return remember(replace(project, fits=fits, features=(*record.features, *others)), f"Returned to the fit of {record.result.made}")


def staleness(project: Project) -> str:
    """What has changed since the newest fit, one sentence; empty where nothing has, or where there is no fit."""
    if project.fit is None:
        return ""
    if project.fit.features != tuple(s for s in project.features if s.enabled):
        return "The features have changed since this fit."
    world, _ = need_world(project)
    try:
        parts = split_paths(project)
        matrix = feature_matrix(project.fit.features, world, context_of(project, parts))
    except MotiveError as error:
        return f"This fit can no longer be used: {error.what}"
    if data_hash(project, parts, matrix) != project.fit.result.data_hash:
        return "The tracks, a zone, or which tracks are normal, have changed since this fit."
    return ""


def solved(project: Project) -> tuple[Parts, FeatureMatrix, Rationality, Prepared]:
    """The newest fit, ready to be asked; FitError where there is none."""
    world, _ = need_world(project)
    if project.fit is None:
        raise FitError("There is no fit of this class yet.", "Press Fit on the Fit page.")
    parts, result = split_paths(project), project.fit.result
    matrix = feature_matrix(project.fit.features, world, context_of(project, parts))
    model = MODELS[result.rationality]
    return parts, matrix, model, model.prepare(world.mdp, matrix.values @ result.theta, result.gamma)


def score_study(project: Project, watch: Watch | None = None) -> tuple[Parts, Scores]:
    """Scores of every track of the class under study: the slow half of a review."""
    parts, _, model, prepared = solved(project)
    return parts, score_paths(model, prepared, parts.paths, watch)


def review_study(project: Project, control: Control, score: str = "surprise",
                 watch: Watch | None = None) -> Review:
    """Scores, p-values and flags of the class under study."""
    return rank(*score_study(project, watch), control, score)


def rank(parts: Parts, scores: Scores, control: Control, score: str) -> Review:
    """p-values, flags and order from scores: cheap, so that the control can be moved freely.

    Without a reference p holds places in the list, and only the control "strangest" is possible: DataError for others.
    """
    if not parts.has_reference and control.kind != "strangest":
        raise DataError("No tracks are named as normal, so false alarms cannot be limited.",
                        "Name a reference on the Tracks page, or list the strangest tracks.")
    values = np.nan_to_num(getattr(scores, score), nan=0.0, posinf=1e9)
    p, flagged = np.ones(len(values)), np.zeros(len(values), bool)
    if control.kind != "strangest":
        p[parts.review] = conformal_p(values[parts.calibration], values[parts.review])
    else:
        p[parts.review] = rank_share(values[parts.review])
    flagged[parts.review] = flag(p[parts.review], control)
    order = parts.review[np.lexsort((-values[parts.review], p[parts.review]))]
    return Review(parts, scores, p, flagged, order, score, control)


def yardstick_of(project: Project) -> Yardstick | None:
    """The unit that utility is told in: the first length or duration with a cost, where the newest fit has one."""
    world, _ = need_world(project)
    if project.fit is None:
        return None
    for spec, weight in zip(project.fit.features, project.fit.result.theta, strict=True):
        if spec.kind in ("length", "duration") and weight < 0.0:
            per = float(spec.params.get("per", 1.0)) if spec.kind == "length" else 1.0
            return Yardstick(spec.kind, float(weight) / per, "min" if spec.kind == "duration" else world.unit)
    return None


def reasons_study(project: Project, review: Review, index: int) -> Reasons:
    """Why one path of the review stands out."""
    world, _ = need_world(project)
    _, matrix, model, prepared = solved(project)
    return explain_path(model, prepared, world, review.parts.paths, review.scores, index, matrix.names, matrix.values,
                        yardstick_of(project))


def headlines(project: Project, review: Review) -> list[str]:
    """One line for each reviewed path, in the review's order: where it is least expected and what it lost."""
    world, _ = need_world(project)
    yardstick, scores, paths = yardstick_of(project), review.scores, review.parts.paths
    first, last = (paths.choices[paths.offsets[:-1] + at] for at in (scores.worst_start, scores.worst_end - 1))
    before, after = world.place_names[world.choice_from[first]], world.place_names[world.choice_place[last]]
    lines = []
    for i in review.order:
        gap = scores.utility_gap[i]
        where = f"from {before[i]} to {after[i]}"
        if not np.isfinite(scores.worst_stretch[i]):
            lines.append(f"a choice without a way to the goal, {where}")
        elif yardstick is not None and np.isfinite(gap) and gap > 1e-9:
            lines.append(f"{yardstick.said(gap)} too much; oddest {where}")
        else:
            lines.append(f"oddest {where}")
    return lines


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


def residual_study(project: Project) -> np.ndarray:
    """Residual by place, (L,): positive where the class goes more than the model expects."""
    world, _ = need_world(project)
    parts, _, model, prepared = solved(project)
    by_choice = residual_map(model, prepared, parts.paths.take(parts.fit))
    return np.bincount(world.choice_place, weights=by_choice, minlength=world.n_places)


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
