"""One turn of elicitation, as the pages call it: what the model misses, a feature before it is accepted, and what a refit changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from irlcore.analysis import residuals
from irlcore.analysis.ranking import Review, by_one_fit, rank
from irlcore.analysis.study import changed_data, fit_record, hash_of, judged
from irlcore.elicitation.expected_use import described
from irlcore.elicitation.follow import Followed, follow, followed
from irlcore.elicitation.library import single_candidates
from irlcore.elicitation.score_test import examine
from irlcore.elicitation.suggestions import Suggestion, Suggestions, Unexplained, candidate_problem, suggest, suggestion
from irlcore.engine import Control
from irlcore.errors import FeatureError, FitError
from irlcore.features.base import FeatureSpec
from irlcore.features.feature_set import feature_column, recounts
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import bounds_of
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult
from irlcore.fitting.ways import compare_ways
from irlcore.project.project import FitRecord, Project, remember
from irlcore.project.split import context_of, need_world, split_paths
from irlcore.worlds.called import called

SAMPLE = 32  # tracks by which it is judged how many such entries there will be
MOST_TOLD = 200  # flagged tracks that a preview tells of
MOST_ASKED = 20_000  # tracks whose likelihood a preview asks for


@dataclass(frozen=True, slots=True)
class Preview:
    """A feature before it is accepted.

    correlation: with each feature of the fit, over the choices, the closest first. test: what it promises. explained: (track, nats
    gained, whether it would leave the flagged list) for each flagged track, the most explained first. n_trips: those it is judged on.
    """

    spec: FeatureSpec
    correlation: tuple[tuple[str, float], ...]
    test: Suggestion
    explained: tuple[tuple[str, float, bool], ...]
    n_trips: int


def unexplained_study(project: Project, watch: Control | None = None) -> Unexplained:
    """The residual matrix of the newest fit on the tracks it was fitted to: its entries alone where it is large, of tracks that are evenly
    thinned out where these would not fit into memory either."""
    world, _ = need_world(project)
    ready = judged(project)
    parts, matrix, model, batches = ready.parts, ready.matrix, ready.model, ready.batches
    assert project.fit is not None
    result, used = project.fit.result, project.fit.features
    if hash_of(project, parts, matrix, result.rationality) != result.data_hash:
        raise FitError(f"{changed_data(project)} since this fit, so it cannot say what it misses.",
                       "Fit again on the Fit page.")
    m, n = world.mdp.n_choices, len(parts.fit)
    kept = np.arange(n)
    if n * m > residuals.MOST_NUMBERS:  # a place and a number each, as many as a few tracks have
        sample = _evenly(n, SAMPLE)
        each = max(residuals.rows_of_residuals(parts.fit[sample], model, batches, parts, m).nnz / len(sample), 1.0)
        kept = _evenly(n, max(int(residuals.MOST_NUMBERS / (2.0 * each)), 1))
    chosen = parts.fit[kept]
    out = residuals.residual_matrix_of(chosen, model, batches, parts, m, watch)
    trips = parts.paths.take(chosen)
    problem = Problem(world.mdp, matrix.values, matrix.names, trips, model, result.gamma,
                      recounts(used, world, context_of(project, parts), trips))
    free = free_weights(result, used)
    free[:len(used)] &= ~compare_ways(problem, watch).alone  # what nothing tells has scores of rounding alone
    return Unexplained(problem, np.append(result.theta, result.own), free, out, result.scores[kept])


def _evenly(n: int, some: int) -> np.ndarray:
    """At most ``some`` of n numbers from 0, evenly apart."""
    return np.unique(np.linspace(0, n - 1, min(some, n)).astype(np.int64))


def free_weights(result: FitResult, features: Sequence[FeatureSpec]) -> np.ndarray:
    """(K + P,) bool: the weights and own parameters that a refit may move, those at a bound left out."""
    lower, upper = bounds_of([spec.sign for spec in features])
    inside = (result.theta > lower) & (result.theta < upper)
    return np.append(inside, np.isfinite(result.own_se))


def suggest_study(project: Project, left: Unexplained, most: int = 8, tried: int = 0, watch: Control | None = None,
                  known: Callable[[str], bool] = lambda measured: False) -> Suggestions:
    """The best of everything that could be named in this world. tried, known: see ``suggest``."""
    world, _ = need_world(project)
    assert project.fit is not None
    context = context_of(project, split_paths(project))
    library = single_candidates(world, context, described(project.fit.result, project.fit.features, project.features))
    return suggest(left, world, context, library, project.fit.features, most, tried, watch, known)


def preview_study(project: Project, left: Unexplained, spec: FeatureSpec, review: Review | None = None, tried: int = 1,
                  watch: Control | None = None) -> Preview:
    """What a feature would bring, without a refit. Raises FeatureError where it has no column here, or says nothing new."""
    world, _ = need_world(project)
    context = context_of(project, split_paths(project))
    column = feature_column(spec, world, context)
    if column.min() == column.max() == 0.0:
        raise FeatureError(f"{spec.name} is 0 everywhere, so it can explain nothing.", "Draw it larger, or choose other values.")
    named = replace(spec, name=spec.name if spec.name not in left.problem.names else f"{spec.name} (new)")
    candidate = candidate_problem(left.problem, [named], world, context)
    found = examine(left.problem, candidate, left.point, left.free, tried, watch)
    steps = follow(left.problem, candidate, left.point, left.free, found, watch)
    near = _correlation(column, left.problem)
    explained = () if review is None else _explained(project, left.problem, steps, named, review)
    return Preview(spec, near, followed(suggestion(spec, found, 0), steps), explained, len(left.problem.paths))


def _correlation(column: np.ndarray, problem: Problem) -> tuple[tuple[str, float], ...]:
    rows = []
    for name, other in zip(problem.names, problem.phi.T, strict=True):
        spread = column.std() * other.std()
        rows.append((name, float(((column - column.mean()) * (other - other.mean())).mean() / spread) if spread > 0.0 else 0.0))
    return tuple(sorted(rows, key=lambda row: -abs(row[1])))


def _explained(project: Project, problem: Problem, steps: Followed, spec: FeatureSpec,
               review: Review) -> tuple[tuple[str, float, bool], ...]:
    """Nats that each flagged track would gain, and whether it would leave the list, whose other tracks and whose normal ones gain too.

    Where the tracks are too many to ask them all, the flagged ones alone are taken to gain. Ranked by what it cost or by its worst
    stretch, no track is said to leave.
    """
    review = by_one_fit(review)
    flagged = np.flatnonzero(review.flagged)
    flagged = flagged[np.argsort(-review.scores.surprise[flagged])][:MOST_TOLD]
    if not len(flagged) or steps.weight == 0.0:
        return ()
    n, scores = len(review.parts.paths), review.scores
    asked = np.arange(n) if n <= MOST_ASKED else flagged
    gained = np.zeros(n)
    gained[asked] = _gains(project, problem, steps, spec, review, asked)
    room = np.isfinite(scores.deviation) & (scores.deviation > 0.0)
    surprise = scores.surprise - np.where(room, gained / np.where(room, scores.deviation, 1.0), 0.0)
    after = rank(review.scored.with_route(replace(scores, surprise=surprise, loglik=scores.loglik + gained)), review.control, review.score)
    order = flagged[np.argsort(-gained[flagged], kind="stable")]
    return tuple((str(review.parts.paths.ids[i]), float(gained[i]), not after.flagged[i]) for i in order)


def _gains(project: Project, problem: Problem, steps: Followed, spec: FeatureSpec, review: Review, index: np.ndarray) -> np.ndarray:
    """Nats (n,) that the class's paths ``index`` gain under the weights that the preview's steps lead to, against the fit. Where features
    are counted on tracks, each is judged by counts without itself. What is impossible under the fit or there gains nothing."""
    assert project.fit is not None
    world, _ = need_world(project)
    paths, context, used = review.parts.paths, context_of(project, review.parts), project.fit.features
    trips = paths.take(index)
    theirs = replace(problem, paths=trips, recounts=recounts(used, world, context, trips))
    both = theirs.beside(candidate_problem(theirs, [spec], world, context))
    before, after = review.scores.loglik[index], np.zeros(len(index))
    for part in both.batches():
        after[part.index] = path_logliks(both.model, both.prepare(steps.point, part.phi), trips.take(part.index))
    known = np.isfinite(before) & np.isfinite(after)
    return np.where(known, np.where(known, after, 0.0) - np.where(known, before, 0.0), 0.0)


def accept_record(project: Project, spec: FeatureSpec, watch: Control | None = None) -> FitRecord:
    """A refit with one feature more, by the model and discount of the newest fit; by maximum likelihood, which is what was promised."""
    assert project.fit is not None
    last = project.fit.result
    return fit_record(replace(project, features=(*project.features, spec)), last.rationality, last.gamma, watch)


def with_accepted(project: Project, spec: FeatureSpec, record: FitRecord, promised: float, tried: int,
                  begun: FitRecord | None = None) -> Project:
    """The project with a feature accepted and the fit that it led to: one step, which undo takes back whole.

    begun: the fit that the refit began from, where it may no longer be the newest.
    """
    if any(spec.name == other.name for other in project.features):
        raise FeatureError(f"A feature called {spec.name!r} was added meanwhile.", "Accept it again under another name.")
    last = begun or project.fit
    before = last.result if last is not None else None
    gained = f"{record.result.loglik - before.loglik:+,.1f} nats (promised {promised:+,.1f}), " if before is not None else ""
    numbers = (f"{gained}log-likelihood {record.result.loglik:,.1f} on {record.result.n_paths:,} {called(need_world(project)[0]).tracks}, "
               f"{tried:,} candidate{'' if tried == 1 else 's'} looked at so far")
    counted = {**project.tried, record.agent_class: max(tried, project.tried.get(record.agent_class, 0))}
    return remember(replace(project, features=(*project.features, spec), fits=(*project.fits, record), tried=counted),
                    f"Accepted {spec.name} and refitted", spec.reason, numbers, record.result.made)
