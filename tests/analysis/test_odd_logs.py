"""Logs as people may have them: one sequence, one kind of event, all alike, all equally long, events that nothing was fitted to."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from irlcore.analysis.comparison import compare_study
from irlcore.analysis.ranking import Review, review_study
from irlcore.analysis.reasons import apart_study, headlines, reasons_study
from irlcore.analysis.study import fit_record, fit_study, judged, judged_without, with_fit
from irlcore.errors import FitError, WorldError
from irlcore.features.feature_set import feature_matrix, suggest_features
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.split import context_of, need_world
from irlcore.rationality.models import MODELS
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import problem_table
from irlcore.worlds.history.build import Memory, build_history
from tests.logs import log_of, log_project

pytestmark = pytest.mark.kernels

SEED = 20121


def words(many: int, least: int, most: int) -> list[list[str]]:
    rng = np.random.default_rng(SEED)
    return [[str(one) for one in rng.choice(list("abcd"), int(rng.integers(least, most + 1)))] for _ in range(many)]


LOGS = {"one sequence": ([list("abcab")], False), "two": ([list("ab"), list("ba")], False),
        "one kind": ([["a"] * (1 + k % 5) for k in range(40)], True), "one event each": (words(40, 1, 1), True),
        "one event in all": ([["a"]] * 40, True), "equal": ([list("abcab")] * 40, True), "equally long": (words(40, 5, 5), True),
        "long": (words(6, 3000, 3000), False), "new events": ([*words(40, 2, 8), list("abz"), list("zzz")], True)}


def odd_project(found: list[list[str]], reference: bool, memory: Memory | None = None) -> Project:
    """The log with its start basis; of the reference period are all but the last quarter, and at least the last two are not."""
    log = log_of(found, 0)
    many = len(found) - max(len(found) // 4, min(2, len(found) - 1))
    log = replace(log, attributes=log.attributes.assign(part=["normal" if k < many else "new" for k in range(len(found))]))
    world = build_history(log, memory)
    project = with_world(Project(), Imported(log, problem_table([]), len(log.links), 0, len(log), 0), world)
    project = replace(project, class_column="", features=tuple(suggest_features(world)))
    return replace(project, period_column="part", reference_value="normal") if reference else project


def reviewed(project: Project, reference: bool) -> Review:
    return review_study(project, FalseAlarmControl("share_of_normal", 0.1) if reference else FalseAlarmControl("strangest", 0.1))


@pytest.mark.parametrize("name", LOGS)
def test_an_odd_log_goes_through_a_review_and_its_file(name: str) -> None:
    found, reference = LOGS[name]
    project = fit_study(odd_project(found, reference))
    assert project.fit is not None and np.isfinite(project.fit.result.theta).all() and np.isfinite(project.fit.result.loglik)
    review = reviewed(project, reference)
    assert np.isfinite(review.scores.loglik).all() and np.isfinite(review.scores.surprise).all()
    told = apart_study(project, review)
    assert len(headlines(project, review, told)) == len(review.order) and reasons_study(project, review, int(review.order[0]), told)
    opened = load_project(save_project(project))
    again = reviewed(opened, reference)
    assert again.scored.table.names == review.scored.table.names
    assert np.array_equal(again.scored.table.values, review.scored.table.values, equal_nan=True) and np.array_equal(again.p, review.p)


def test_a_log_without_events_is_refused() -> None:
    with pytest.raises(WorldError, match="no events"):
        build_history(log_of(words(1, 1, 1), 0).take(np.zeros(0, np.int64)))


def test_the_order_of_the_sequences_changes_nothing() -> None:
    project = odd_project(words(60, 2, 8), True, Memory(2, 1, ("a",)))
    assert project.tracks is not None
    order = np.random.default_rng(SEED).permutation(60)
    log = project.tracks.take(order)
    turned = with_world(project, Imported(log, problem_table([]), len(log.links), 0, len(log), 0),  # type: ignore[union-attr]
                        build_history(log, Memory(2, 1, ("a",))))  # type: ignore[arg-type]
    turned = replace(turned, features=project.features, class_column="", period_column="part", reference_value="normal")
    one, other = (reviewed(fit_study(each), True) for each in (project, turned))
    ids = [one.parts.paths.ids.astype(str), other.parts.paths.ids.astype(str)]
    at = [np.argsort(each, kind="stable") for each in ids]
    assert np.allclose(one.scored.table.values[at[0]], other.scored.table.values[at[1]], rtol=1e-6, atol=1e-7, equal_nan=True)
    assert np.array_equal(one.flagged[at[0]], other.flagged[at[1]])


@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_estimator_fits_a_log_or_says_why_not(name: str) -> None:
    project = log_project(fitted=False)
    if ESTIMATORS[name].plans:
        with pytest.raises(FitError, match="plan nothing"):
            fit_record(project, estimator=name)
    else:
        assert reviewed(with_fit(project, fit_record(project, estimator=name)), True).order.size


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if model.plans])
def test_models_that_plan_are_refused_on_a_log(name: str) -> None:
    project = log_project(fitted=False)
    with pytest.raises(FitError, match="log of events"):
        fit_record(project, name)
    with pytest.raises(FitError, match="log of events"):
        compare_study(project, [name, "conditional_logit"])


def test_the_list_names_the_same_least_expected_event_as_the_card() -> None:
    project = fit_study(odd_project(*LOGS["equally long"]))
    review = reviewed(project, True)
    lines, seen = headlines(project, review), 0
    for line, i in zip(lines, review.order.tolist(), strict=True):
        a, b = review.parts.paths.offsets[i:i + 2]
        names = ["the start", *(f'"{one}"' for one in need_world(project)[0].place_names[
            need_world(project)[0].choice_place[review.parts.paths.choices[a:b - 1]]]), "the end"]
        if line.startswith("Least expected"):
            seen += 1
            line = line.replace('"event ', '"')  # as events of one letter are called
            assert any(f"{after} after {before}" in line for before, after in pairwise(names)), (line, names)
    assert seen >= 3


def test_features_counted_anew_without_a_group_are_those_of_the_others_alone() -> None:
    project = odd_project(words(60, 2, 8), True)
    project = replace(fit_study(project))
    ready = judged(project)
    parts, matrix = ready.parts, ready.matrix
    group = parts.fit[:4]
    context = context_of(project, parts)
    others = replace(context, training=parts.paths.take(parts.fit[4:]))
    expected = feature_matrix(project.features, need_world(project)[0], others).values
    found = judged_without(project, group).features.phi
    assert np.array_equal(found, expected) and not np.array_equal(found, matrix.values)
