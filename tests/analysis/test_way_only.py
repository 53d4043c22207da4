"""Whether a model knows only how long a way is, and whether another is clearly ahead of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.comparison import model_ahead
from irlcore.analysis.way_only import knows_only_the_way
from irlcore.features.base import FeatureSpec
from irlcore.features.checks import embedded
from irlcore.fitting.compare import Comparison
from irlcore.fitting.result import FitResult, Status
from irlcore.project.project import ComparisonRecord, FitRecord, Project
from irlcore.report.fit_cautions import ahead_words

LENGTH, STEP = FeatureSpec("length (km)", "length", {"per": 1000.0}), FeatureSpec("each step", "step")
MINUTES, TURN = FeatureSpec("minutes", "duration"), FeatureSpec("left turn", "turn", {"turn": "left"})


def combined(a: FeatureSpec, b: FeatureSpec) -> FeatureSpec:
    return FeatureSpec("both", "combine", {"first": embedded(a), "second": embedded(b), "how": "times"})


def formula(text: str) -> FeatureSpec:
    return FeatureSpec("f", "formula", {"formula": text})


@pytest.mark.parametrize(("features", "only"), [
    ((LENGTH,), True), ((STEP,), True), ((LENGTH, STEP, MINUTES), True), ((LENGTH, combined(LENGTH, STEP)), True),
    ((formula("length ** 2 + log(1 + step) * pi"),), True),
    ((), False), ((LENGTH, TURN), False), ((TURN,), False), ((LENGTH, combined(LENGTH, TURN)), False),
    ((formula("length * lanes"),), False), ((formula("turn"),), False), ((formula('length * inside("zone")'),), False),
    ((formula("length +"),), False),
    ((FeatureSpec("broken", "combine", {"first": 1}),), False), ((FeatureSpec("x", "unheard of"),), False)])
def test_a_model_of_lengths_durations_and_constants_alone_knows_only_the_way(features: tuple[FeatureSpec, ...], only: bool) -> None:
    assert knows_only_the_way(features) is only


def fitted_with(model: str) -> FitRecord:
    unknown, flat = np.full((1, 1), np.nan), np.zeros(1)
    result = FitResult(("length",), -np.ones(1), flat, flat, flat, unknown, np.zeros((30, 1)), -30.0, -40.0, -np.ones(30), -1.0, model, 1.0,
                       Status.CONVERGED, 1, 1, 0.1)
    return FitRecord(result, (LENGTH,), "")


def compared(behind: float, noise: float, models: tuple[str, ...] = ("maxent", "boltzmann"), trouble: str = "") -> ComparisonRecord:
    """The second model so far behind the first, by trip with so much noise around it."""
    drawn = np.random.default_rng(5).normal(size=30)
    drawn -= drawn.mean()
    second = np.full(30, np.nan) if trouble else -1.0 - behind + noise * drawn
    rows = np.stack([np.full(30, -1.0), second])
    found = Comparison(models, ("MaxEnt", "Boltzmann"), ("", trouble), np.arange(30) % 5, rows, 0.95, 0.1)
    return ComparisonRecord(found, (LENGTH,), "")


def project(fitted: str, record: ComparisonRecord | None) -> Project:
    return Project(fits=(fitted_with(fitted),), comparisons=() if record is None else (record,))


def test_a_model_that_is_clearly_ahead_of_the_one_fitted_is_named() -> None:
    ahead = model_ahead(project("boltzmann", compared(0.3, 0.1)))
    assert ahead is not None and (ahead.model, ahead.fitted, ahead.gamma) == ("maxent", "boltzmann", 0.95)
    assert ahead.nats == pytest.approx(0.3) and ahead.error == pytest.approx(0.1 * np.std(
        np.random.default_rng(5).normal(size=30), ddof=1) / np.sqrt(30))
    assert ahead_words(ahead) == ("MaxEnt explains these agents clearly better than Boltzmann, which this fit was made with: a track held "
                                  "out is 35 % likelier under it.")
    assert "2.72 times as likely" in ahead_words(replace(ahead, nats=1.0))
    assert "calls impossible" in ahead_words(replace(ahead, nats=np.inf, error=np.nan))


@pytest.mark.parametrize(("fitted", "record"), [
    ("maxent", compared(0.3, 0.1)),  # the best is the one fitted
    ("boltzmann", compared(0.01, 1.0)),  # cannot be told apart
    ("boltzmann", compared(0.0, 0.0)), ("boltzmann", None),
    ("noisy_value", compared(0.3, 0.1)),  # was not compared
    ("boltzmann", compared(0.3, 0.1, trouble="It broke.")),
    ("boltzmann", compared(0.3, 0.1, ("of another version", "boltzmann")))])
def test_no_model_is_ahead_where_that_is_not_known(fitted: str, record: ComparisonRecord | None) -> None:
    assert model_ahead(project(fitted, record)) is None
    assert model_ahead(Project(comparisons=() if record is None else (record,))) is None  # no fit


def test_a_model_that_calls_trips_impossible_is_behind_without_a_limit() -> None:
    record = compared(0.0, 0.1)
    rows = record.result.loglik.copy()
    rows[1, 3] = -np.inf
    ahead = model_ahead(project("boltzmann", replace(record, result=replace(record.result, loglik=rows))))
    assert ahead is not None and np.isinf(ahead.nats)
