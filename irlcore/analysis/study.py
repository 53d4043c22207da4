"""One turn of the analysis, as the pages call it: choose the class, fit, review, ask what a track is after."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.analysis.judging import AskedFit, Judged, JudgedClass, SolvedFit
from irlcore.analysis.memory import kept
from irlcore.analysis.roaming import usual_gamma
from irlcore.engine import Control
from irlcore.errors import FitError, MotiveError
from irlcore.features.base import FeatureSpec
from irlcore.features.feature_set import FeatureMatrix, PathFeatures, counted_anew, feature_matrix, recounts
from irlcore.fitting.compare import short_title
from irlcore.fitting.estimators import ESTIMATORS, settings_of, settings_words
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.problem import Problem
from irlcore.fitting.settings import Values, changes_of
from irlcore.project.heeding import outdated
from irlcore.project.project import FitRecord, Project, remember
from irlcore.project.split import Parts, agents_of_paths, context_of, data_hash, matrix_of, need_world, split_paths
from irlcore.project.value_ground import counted_ahead, model_on, value_arrays
from irlcore.rationality.confined import confined
from irlcore.rationality.models import named, usual_model, value_specs
from irlcore.review.reasons import Yardstick
from irlcore.worlds.called import called


def asked_problem(project: Project, model_name: str = "", gamma: float | None = None, small_sample: bool = True) -> AskedFit:
    """What a fit of the class under study is asked, as ``fit_record`` has it."""
    world, _ = need_world(project)
    parts = split_paths(project)
    gamma = usual_gamma(project) if gamma is None else gamma
    matrix, model = matrix_of(project, parts), model_on(project, parts, model_name or usual_model(world, gamma))
    used = tuple(s for s in project.features if s.enabled)
    fitted = parts.paths.take(parts.fit)
    problem = Problem(world.mdp, matrix.values, matrix.names, fitted, model, gamma,
                      recounts(used, world, context_of(project, parts), fitted), agents_of_paths(project, fitted), small_sample)
    return AskedFit(problem, parts, matrix)


def fit_record(project: Project, model_name: str = "", gamma: float | None = None, watch: Control | None = None,
               estimator: str = "maximum_likelihood", settings: Values | None = None,
               small_sample: bool = True) -> FitRecord:
    """A fit of the class under study; held-out likelihood on the calibration tracks. model_name: of ``MODELS``, the usual one for the
    world where empty. gamma: the usual one of the class where None (``roaming.usual_gamma``). settings: of the estimator, as the project
    has them where None. small_sample: whether standard errors are put right for few tracks or agents."""
    ready = asked_problem(project, model_name, gamma, small_sample)
    problem, parts, matrix = ready.problem, ready.parts, ready.matrix
    used = tuple(s for s in project.features if s.enabled)
    settings = project.settings.get(estimator, {}) if settings is None else settings
    hashed = hash_of(project, parts, matrix, problem.model.name)
    result = ESTIMATORS[estimator].run(problem, [s.sign for s in used], None, watch, hashed, settings)
    if parts.has_reference:
        prepared = problem.prepare(np.append(result.theta, result.own))
        held = path_logliks(problem.model, prepared, parts.paths.take(parts.calibration), watch)
        result = replace(result, held_out=float(held.mean()))
    if result.agents:
        result = replace(result, agent_column=project.agent_column)
    return FitRecord(result, used, project.agent_class)


def with_fit(project: Project, record: FitRecord) -> Project:
    """The project with one more fit, whatever has changed in it since the fit began."""
    result = record.result
    tracks = called(project.world).tracks if project.world is not None else "tracks"
    said = f"Fitted {len(record.features)} features with {short_title(named(result.rationality))} to {result.n_paths} {tracks}"
    if told := settings_words(result):
        said += f" by {ESTIMATORS[result.estimator].title.lower()}: {', '.join(told)}"
    return remember(replace(project, fits=(*project.fits, record)), said, numbers=f"log-likelihood {result.loglik:,.1f}", made=result.made)


def fit_study(project: Project, model_name: str = "", gamma: float | None = None, watch: Control | None = None,
              estimator: str = "maximum_likelihood", settings: Values | None = None,
              small_sample: bool = True) -> Project:
    """The project with one more fit of the class under study; arguments as of ``fit_record``."""
    return with_fit(project, fit_record(project, model_name, gamma, watch, estimator, settings, small_sample))


def features_in_use(project: Project, record: FitRecord) -> tuple[FeatureSpec, ...]:
    """The features of a fit, and behind them all others of the project, switched off: a model's value features may be of these."""
    names = {s.name for s in record.features}
    return (*record.features, *(replace(s, enabled=False) for s in project.features if s.name not in names))


def fit_again(project: Project, record: FitRecord) -> Project:
    """Back to an earlier fit: it becomes the newest, and its features and settings the ones in use."""
    fits = (*(f for f in project.fits if f.identity != record.identity), record)
    settings = {**project.settings, record.result.estimator: told} if (told := settings_of(record.result)) else project.settings
    made = f"{record.result.made[:16].replace('T', ' ')} UTC"
    back = replace(project, fits=fits, features=features_in_use(project, record), settings=settings)
    return remember(back, f"Returned to the fit of {made}")


def hash_of(project: Project, parts: Parts, matrix: FeatureMatrix, *models: str) -> str:
    """The data hash of a fit with a model by its name, or of a comparison of several."""
    return data_hash(project, parts, matrix, [array for model in models for array in value_arrays(project, parts, model)])


def hash_now(project: Project, features: tuple[FeatureSpec, ...], *models: str) -> str:
    """The data hash that a fit of these features with a model by its name, or a comparison of several, would have if it were made now."""
    def work() -> str:
        world, _ = need_world(project)
        parts = split_paths(project)
        return hash_of(project, parts, feature_matrix(features, world, context_of(project, parts)), *models)

    return kept(project, "data hash", work, equal=(features, tuple(value_specs(one) for one in models), counted_ahead(project, *models)),
                most=4)


def fit_key(project: Project) -> tuple[object, ...]:
    """What scores depend on: the newest fit, and the data as they are now. FitError where there is no fit."""
    if project.fit is None:
        raise FitError("There is no fit of this class yet.", "Press Fit on the Fit page.")
    return (project.fit.identity, hash_now(project, project.fit.features, project.fit.result.rationality))


def staleness(project: Project) -> str:
    """What has changed since the newest fit, one sentence; empty where nothing has, or where there is no fit."""
    if project.fit is None:
        return ""
    result = project.fit.result
    changed = what_changed(project, project.fit.features, result.data_hash, "fit", result.rationality)
    return changed or _settings_since(project, project.fit) or _verdicts_since(project)


def _settings_since(project: Project, record: FitRecord) -> str:
    """What the estimator of the newest fit would be told otherwise now."""
    result, (world, _) = record.result, need_world(project)
    one, model = ESTIMATORS[result.estimator], named(result.rationality)
    then, now = (one.asked(given, model, world.mdp) for given in (settings_of(result), project.settings.get(one.name, {})))
    changed = changes_of(one.offered(model, world.mdp), then, now)
    return f"Settings have changed since this fit: {'; '.join(changed)}." if changed else ""


def _verdicts_since(project: Project) -> str:
    """That verdicts have changed since they were last heeded, where they are."""
    since = outdated(project)
    if not since:
        return ""
    words = called(need_world(project)[0])
    many = f"The verdict on 1 {words.track} has" if len(since) == 1 else f"The verdicts on {len(since):,} {words.tracks} have"
    return f"{many} changed since verdicts were last heeded: this fit goes by those of then."


def what_changed(project: Project, features: tuple[FeatureSpec, ...], hashed: str, what: str, *models: str) -> str:
    """What has changed since a ``what`` (fit, comparison) of ``features``, with these models by their names, on data with the hash
    ``hashed``, one sentence or none."""
    if features != tuple(s for s in project.features if s.enabled):
        return f"The features have changed since this {what}."
    try:
        now = hash_now(project, features, *models)
    except MotiveError as error:
        return f"This {what} can no longer be used: {error.what}"
    if now != hashed:
        if project.heeded and hash_now(replace(project, heeded={}), features, *models) == hashed:
            return f"Verdicts are heeded that this {what} does not know of."
        return f"{changed_data(project)} since this {what}."
    return ""


def changed_data(project: Project) -> str:
    """That what a fit rests on has changed, as a sentence begins."""
    if need_world(project)[0].kind == "log":
        return "The sequences, where they end, or which of them are normal, have changed"
    return "The tracks, a zone, or which tracks are normal, have changed"


def solved(project: Project, index: int | None = None) -> SolvedFit:
    """The newest fit, ready to be asked: of the class's path ``index`` where given, by features that are counted without it.
    FitError where there is no fit."""
    ready = judged(project, index is not None)
    batch = next((b for b in ready.batches[1:] if index in b.index), ready.batches[0])
    return SolvedFit(ready.parts, replace(ready.matrix, values=batch.features.phi), ready.model, batch.prepared)


def judged(project: Project, without_itself: bool = True) -> JudgedClass:
    """The newest fit and every path of the class as it is to be judged, those that no feature is counted on first: one batch, unless
    some feature is counted on the tracks that were fitted to. Made once a fit, however often it is asked (``memory.kept``)."""
    if project.fit is None:
        raise FitError("There is no fit of this class yet.", "Press Fit on the Fit page.")
    return kept(project, "judged", lambda: _judged(project, without_itself), (project.fit,), (without_itself,))


def _judged(project: Project, without_itself: bool) -> JudgedClass:
    world, _ = need_world(project)
    assert project.fit is not None
    parts, result, used = split_paths(project), project.fit.result, project.fit.features
    context = context_of(project, parts)
    matrix, model = feature_matrix(used, world, context), model_on(project, parts, result.rationality)
    parted = recounts(used, world, context, parts.paths.take(parts.fit)) if without_itself else ()
    rest = np.setdiff1d(np.arange(len(parts.paths)), np.concatenate([parts.fit[p.index] for p in parted])) if parted else np.arange(
        len(parts.paths))

    def ready(index: np.ndarray, phi: np.ndarray) -> Judged:
        prepared = model.prepare(world.mdp, phi @ result.theta, result.gamma, result.own, phi * result.theta)
        return Judged(PathFeatures(index, phi), confined(model, prepared, parts.paths))

    return JudgedClass(parts, matrix, model, (ready(rest, matrix.values), *(ready(parts.fit[p.index], p.phi) for p in parted)))


def judged_without(project: Project, group: np.ndarray) -> Judged:
    """The class's paths ``group`` (n,) int64 as they are judged where features are counted without any of them."""
    world, _ = need_world(project)
    assert project.fit is not None
    parts, result, used = split_paths(project), project.fit.result, project.fit.features
    context, model = context_of(project, parts), model_on(project, parts, result.rationality)
    if context.training is not None:
        others = np.flatnonzero(~np.isin(context.training.ids, parts.paths.ids[group]))
        context = replace(context, training=context.training.take(others))
    phi = counted_anew(used, world, context, judged(project).matrix.values)
    prepared = model.prepare(world.mdp, phi @ result.theta, result.gamma, result.own, phi * result.theta)
    return Judged(PathFeatures(group, phi), confined(model, prepared, parts.paths))


def yardstick_of(project: Project) -> Yardstick | None:
    """The unit that utility is told in: the first length or duration that surely costs, where the newest fit
    has one: an unsure weight is no measure."""
    world, _ = need_world(project)
    if project.fit is None:
        return None
    result = project.fit.result
    for spec, weight, highest in zip(project.fit.features, result.theta, result.interval()[:, 1], strict=True):
        if spec.kind in ("length", "duration") and highest < 0.0:
            per = float(spec.params.get("per", 1.0)) if spec.kind == "length" else 1.0
            return Yardstick(spec.kind, float(weight) / per, "min" if spec.kind == "duration" else world.unit)
    return None
