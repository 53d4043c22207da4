"""Every normal track fitted to and calibrated with: one fit for each fold of the reference, and the p-values that all of them give.

A split uses a third of the reference to fit and the rest to calibrate. Where few tracks are known as normal, K fits to all but a K-th of
them leave none out, at the cost of K fits, begun at the weights of the present one, and K scorings, and of a promise half as strong
(``calibration.cross``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.analysis.compared import crossed_ground
from irlcore.analysis.memory import kept
from irlcore.analysis.scored import Scored
from irlcore.analysis.study import fit_key
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.features.feature_set import feature_matrix, recounts
from irlcore.features.folds import fold_by_id
from irlcore.fitting.estimators import ESTIMATORS, settings_of
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.project.project import Project
from irlcore.project.split import Parts, context_of, need_world, split_paths
from irlcore.project.value_ground import model_on
from irlcore.rationality.confined import confined
from irlcore.review.calibration.cross import CrossConformal, cross_conformal
from irlcore.review.calibration.p_values import as_ranked
from irlcore.review.calibration.promise import Crossed
from irlcore.review.parts.kinds import ROUTE
from irlcore.review.scores import score_paths
from irlcore.worlds.goal_prior import with_past

FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class CrossStudy:
    """found: p-values of the reviewed tracks by ``score``, in the order of ``parts.review``. thetas: (K, F) weights of each fit."""

    parts: Parts
    found: CrossConformal
    thetas: np.ndarray
    score: str

    def promise(self, rate: float, scored: Scored) -> Crossed:
        """What may be said of normal tracks with a p-value of ``rate`` or less. scored: the same tracks, which tell whether the reviewed
        ones differ from the normal ones beforehand."""
        kept = as_ranked(scored.values(self.score))[scored.parts.calibration]
        return Crossed(crossed_ground(scored, self.found, kept), rate, self.found.folds)


def cross_study(project: Project, score: str = "surprise", folds: int = FOLDS, watch: Control | None = None) -> CrossStudy:
    """Cross-conformal p-values of the reviewed tracks by one of the model's scores of their way, once a fit. DataError without a reference,
    or for a score that is not of the way; FitError without a fit, or where a fold cannot be fitted to."""
    if score not in ROUTE:
        raise DataError(f"The score {score!r} is not made by the model alone, so it is not fitted anew.",
                        f"Choose one of {', '.join(ROUTE)}.")
    fit_key(project)
    return kept(project, "cross-conformal", lambda: _cross_study(project, score, folds, watch or Control()), (project.fit,), (score, folds))


def _cross_study(project: Project, score: str, folds: int, watch: Control) -> CrossStudy:
    parts = split_paths(project)
    if not parts.has_reference:
        raise DataError("No tracks are named as normal, so nothing can be calibrated.", "Name a reference on the Tracks page.")
    known = np.union1d(parts.fit, parts.calibration)
    if not 2 <= folds <= len(known):
        raise DataError(f"{len(known)} normal tracks cannot be parted into {folds} folds.", "Choose 2 folds or more, none of them empty.")
    fold = fold_by_id(parts.paths.ids[known], folds)
    normal, reviewed, thetas = [], [], []
    for k in range(folds):
        one = _without(project, parts, known[fold != k], known[fold == k])
        theta, values = _scored(project, one, score, watch.part(k, folds, f"fit {k + 1} of {folds}"))
        thetas.append(theta)
        normal.append(values[one.calibration])
        reviewed.append(values[one.review])
    return CrossStudy(parts, cross_conformal(normal, np.array(reviewed)), np.array(thetas), score)


def _without(project: Project, parts: Parts, rest: np.ndarray, fold: np.ndarray) -> Parts:
    """The split of one turn: fitted to the ``rest``, calibrated on the ``fold``. What goals cut tracks may have had is told by the rest."""
    world, _ = need_world(project)
    return replace(parts, paths=with_past(parts.paths, parts.paths.take(rest), world.mdp), fit=rest, calibration=fold)


def _scored(project: Project, parts: Parts, score: str, watch: Control) -> tuple[np.ndarray, np.ndarray]:
    """Weights of a fit to ``parts.fit`` that begins where the project's ended, and the score (N,) of the paths that calibrate and are
    reviewed, NaN of others; -inf where there is nothing to measure, as in a ranking."""
    world, _ = need_world(project)
    assert project.fit is not None
    result, used = project.fit.result, project.fit.features
    context, fitted = context_of(project, parts), parts.paths.take(parts.fit)
    matrix = feature_matrix(used, world, context)
    problem = Problem(world.mdp, matrix.values, matrix.names, fitted, model_on(project, parts, result.rationality), result.gamma,
                      recounts(used, world, context, fitted))
    signs, start, made = [s.sign for s in used], np.append(result.theta, result.own), ESTIMATORS[result.estimator]
    if made.settings:  # lambda or L2 may have drawn its weights elsewhere than the likelihood does
        found = made.run(problem, signs, start, watch.part(0, 2, ""), settings=settings_of(result))
    else:
        found = fit(problem, signs, start, watch.part(0, 2, ""), quick=True)
    model, phi, asked = problem.model, matrix.values, np.concatenate((parts.calibration, parts.review))
    prepared = confined(model, model.prepare(world.mdp, phi @ found.theta, result.gamma, found.own, phi * found.theta), parts.paths)
    told = getattr(score_paths(model, prepared, parts.paths.take(asked), watch.part(1, 2, "scores")), score)
    values = np.full(len(parts.paths), np.nan)
    values[asked] = as_ranked(told)
    return found.theta, values
