"""Fits of scripts have the numbers of the pages; models and estimators may be names or objects; errors by agents, corrected or not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import irlcore as ir
from irlcore.analysis.ranking import review_study
from irlcore.analysis.study import fit_study
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.project.samples import sample_project
from irlcore.project.split import split_paths
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import MODELS
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.review.calibration.controls import FalseAlarmControl

pytestmark = pytest.mark.kernels


@pytest.fixture(scope="module")
def town() -> ir.Study:
    return ir.sample("town").of_class("truck")


@pytest.fixture(scope="module")
def fit(town: ir.Study) -> ir.Fit:
    return ir.fit(town, model="maxent")


def test_a_fit_and_its_review_are_those_of_the_pages(fit: ir.Fit) -> None:
    project = fit_study(replace(sample_project("town"), agent_class="truck"), "maxent")
    assert project.fit is not None
    assert fit.result.identity == project.fit.result.identity  # to the last bit, errors and held-out tracks among it
    theirs = review_study(project, FalseAlarmControl("share_of_flags", 0.1))
    ours = fit.review(0.1)
    assert ours.flagged["track"].tolist() == theirs.parts.paths.ids[theirs.order][theirs.flagged[theirs.order]].tolist()
    assert (ours.review.p == theirs.p).all() and len(ours) == int(theirs.flagged.sum()) > 0


def test_the_folder_gives_what_the_sample_gives(fit: ir.Fit) -> None:
    read = ir.read("sample_data/town").of_class("truck")
    assert set(read.project.zones) == {"old town"}
    again = ir.fit(read, features=fit.features, model="maxent")
    assert again.result.identity == fit.result.identity


def test_a_frame_of_a_fit_holds_its_numbers_and_p_agrees_with_the_interval(fit: ir.Fit) -> None:
    frame = fit.to_frame()
    assert frame["weight"].tolist() == fit.result.theta.tolist() == fit.weights.tolist()
    assert np.allclose(frame[["low", "high"]], fit.result.interval(), rtol=1e-12)
    for level in (0.5, 0.9, 0.95, 0.99):
        told = fit.to_frame(level)
        assert ((told["low"] > 0.0) | (told["high"] < 0.0)).tolist() == (told["p"] < 1.0 - level).tolist()
    edge = float(frame.loc["right turn", "p"])
    for level, inside in ((1.0 - edge + 1e-6, True), (1.0 - edge - 1e-6, False)):
        low, high = fit.result.interval(level)[fit.result.names.index("right turn")]
        assert (low <= 0.0 <= high) == inside


def test_a_summary_says_all_that_was_found(fit: ir.Fit) -> None:
    text = str(fit.summary())
    assert repr(fit.summary()) == text and max(map(len, text.splitlines())) <= 88
    for name in fit.result.names:
        assert name in text
    numbers = (f"{fit.result.loglik:,.2f}", f"{fit.result.held_out:.4f}", f"{fit.result.n_paths}")
    for said in ("MaxEnt", "Maximum likelihood", "[0.025", "0.975]", "truck", *numbers):
        assert said in text


def test_a_summary_has_the_model_s_own_numbers_and_warnings(town: ir.Study) -> None:
    study = town.with_features("length (km)", ir.feature("length", "length (m)"))  # which cannot be told apart
    found = ir.fit(study, model="noisy_value")
    text = str(found.summary())
    assert "The model's own" in text and "sigma2" in text and found.to_frame().loc["sigma2", "of"] == "model"
    assert not found.to_frame().loc["sigma2", "low"] < 0.0  # which it cannot be
    assert found.result.warnings and found.result.warnings[0].what.split()[0] in text


def test_models_and_estimators_may_be_objects(town: ir.Study, fit: ir.Fit) -> None:
    assert ir.fit(town, model=MaxEnt(), estimator=ESTIMATORS["maximum_likelihood"]).result.identity == fit.result.identity
    with pytest.raises(ir.MotiveError, match="Another model is called 'noisy_value' already"):
        ir.fit(town, model=NoisyValue(draws=16))
    mine = NoisyValue(draws=16)
    mine.name = "few_draws"
    try:
        found = ir.fit(town, model=mine)
        assert found.result.rationality == "few_draws" and np.isfinite(found.score())
    finally:
        MODELS.pop("few_draws", None)


def test_an_estimator_s_settings_are_heeded(town: ir.Study) -> None:
    found = ir.fit(town, model="boltzmann", estimator="value_basis", settings={"replannings": 0})
    assert found.result.estimator == "value_basis" and found.result.settings["replannings"] == 0


def with_drivers(study: ir.Study, many: int) -> ir.Study:
    """The same tracks, each of one of so many drivers."""
    tracks = study.project.tracks
    assert tracks is not None
    drivers = tracks.attributes.assign(driver=[f"d{k % many}" for k in range(len(tracks))])
    return ir.Study(replace(study.project, tracks=replace(tracks, attributes=drivers)))


def test_errors_by_agents_and_with_or_without_the_correction_for_few(town: ir.Study, fit: ir.Fit) -> None:
    study = with_drivers(town, 6)
    by_driver = ir.fit(study, model="maxent", clusters="driver")
    plain = ir.fit(study, model="maxent", clusters="driver", small_sample=False)
    assert (by_driver.result.agents, by_driver.result.agent_column) == (6, "driver") and "6 (by driver)" in str(by_driver.summary())
    assert np.allclose(by_driver.result.theta, fit.result.theta) and by_driver.result.theta.tolist() == plain.result.theta.tolist()
    # without: the sandwich of Liang and Zeger times G / (G - 1), by hand
    agent = np.array([f"d{k}" for k in range(6)])
    rows = {track: driver for track, driver in zip(study.tracks["track"], study.tracks["driver"], strict=True)}
    parts_ids = ids_fitted(study)
    summed = np.array([plain.result.scores[[rows[i] == one for i in parts_ids]].sum(axis=0) for one in agent])
    inverse = plain.result.hessian_covariance
    expected = inverse @ summed.T @ summed @ inverse * 6 / 5
    assert np.allclose(plain.result.covariance, expected, rtol=1e-6)
    assert set(plain.result.freedom.tolist()) == {5.0} and (by_driver.result.freedom < 5.0).any()


def ids_fitted(study: ir.Study) -> list[str]:
    parts = split_paths(study.project)
    return [str(i) for i in parts.paths.ids[parts.fit]]


def test_a_saved_fit_opens_as_it_was(fit: ir.Fit, tmp_path: Path) -> None:
    opened = ir.open(fit.save(tmp_path / "trucks.motive"))
    assert isinstance(opened, ir.Fit) and opened.result.identity == fit.result.identity
    pd.testing.assert_frame_equal(opened.to_frame(), fit.to_frame())
    assert [path.name for path in tmp_path.iterdir()] == ["trucks.motive"]


def test_reprs_are_one_short_line(fit: ir.Fit, town: ir.Study) -> None:
    for one in (town, fit, fit.review(), fit.intent("truck-001")):
        assert "\n" not in repr(one) and len(repr(one)) < 120 and repr(one).startswith(f"<{type(one).__name__}: ")


def test_progress_is_heard_and_a_fit_of_other_features_says_so(town: ir.Study) -> None:
    heard: list[tuple[int, int, str]] = []
    found = ir.fit(town, features=["length (km)"], model="maxent", progress=lambda done, total, said: heard.append((done, total, said)))
    assert heard and all(0 <= done <= total for done, total, _ in heard)
    assert "have changed" not in found.summary()
    assert "The features have changed since this fit." in ir.Fit(found.with_features("u-turn").project).summary()
