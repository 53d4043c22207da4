"""The models side by side on the class under study: run, kept in the project, and marked once it no longer holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from irlcore.analysis.roaming import usual_gamma
from irlcore.analysis.study import hash_of, what_changed
from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.features.feature_set import PathFeatures, feature_matrix, recounts
from irlcore.fitting.compare import FOLDS, compare_models, explained_best
from irlcore.fitting.problem import Problem
from irlcore.project.project import ComparisonRecord, Project, remember
from irlcore.project.split import context_of, matrix_of, need_world, split_paths
from irlcore.project.value_ground import model_on
from irlcore.rationality.models import is_named
from irlcore.worlds.mdp import Paths


def compare_study(project: Project, models: Sequence[str], gamma: float | None = None, folds: int = FOLDS,
                  watch: Control | None = None) -> ComparisonRecord:
    """Models of ``MODELS`` side by side on the tracks that a fit of the class would be made on. gamma: the usual one where None.

    Tracks kept for calibration are not asked: a model chosen on them would make their false-alarm rates too good. Features
    counted on tracks (class traffic) are counted anew in every fold, without the trips held out.
    """
    gamma = usual_gamma(project) if gamma is None else gamma
    if not models:
        raise FitError("No model was chosen.", "Choose two models or more.")
    world, _ = need_world(project)
    parts = split_paths(project)
    matrix = matrix_of(project, parts)
    used = tuple(s for s in project.features if s.enabled)
    chosen = [model_on(project, parts, name) for name in models]
    context = context_of(project, parts)

    def features(training: Paths) -> tuple[np.ndarray, tuple[PathFeatures, ...]]:
        seen = replace(context, training=training)
        return feature_matrix(used, world, seen).values, recounts(used, world, seen, training)

    problem = Problem(world.mdp, matrix.values, matrix.names, parts.paths.take(parts.fit), chosen[0], gamma)
    found = compare_models(problem, chosen, folds, signs=[s.sign for s in used], control=watch, features=features,
                    data_hash=hash_of(project, parts, matrix, *models))
    return ComparisonRecord(found, used, project.agent_class)


def with_comparison(project: Project, record: ComparisonRecord) -> Project:
    """The project with this comparison in the place of an earlier one of the same class."""
    others = tuple(c for c in project.comparisons if c.agent_class != record.agent_class)
    return remember(replace(project, comparisons=(*others, record)), f"Compared models. {explained_best(record.result)[0]}",
                    made=record.result.made)


def comparison_staleness(project: Project) -> str:
    """What has changed since the class's comparison, one sentence; empty where nothing has, or where there is none."""
    if project.comparison is None:
        return ""
    record = project.comparison
    return what_changed(project, record.features, record.result.data_hash, "comparison", *record.result.models)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A model that explains the class better than the one fitted. model, fitted: names in ``MODELS``. nats: how far ahead, a held-out
    trip, inf where the fitted one calls trips impossible that it can explain. error: the standard error of that, NaN where it has none.
    gamma: the discount that they were compared with."""

    model: str
    fitted: str
    nats: float
    error: float
    gamma: float


def model_ahead(project: Project) -> Ahead | None:
    """The best model of the class's comparison where it is clearly ahead (by more than two standard errors) of the one that the newest fit
    was made with. None where it is not, where the fitted model was not compared or there is no fit. Whether the comparison still holds is
    ``comparison_staleness``'s to say."""
    if project.comparison is None or project.fit is None:
        return None
    compared, fitted = project.comparison.result, project.fit.result.rationality
    best = compared.models[compared.best]
    if best == fitted or not is_named(best) or fitted not in compared.models:
        return None
    row = compared.models.index(fitted)
    behind, error = compared.difference()[row]
    if compared.trouble[row] or row in compared.unclear() or not behind < 0.0:
        return None
    return Ahead(best, fitted, float(-behind), float(error), compared.gamma)
