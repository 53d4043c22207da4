"""The model that agents were made with explains them best on trips held out; the standard error is that of paired differences."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from irlcore.engine import Control
from irlcore.errors import Cancelled, FitError, Infeasible
from irlcore.features.feature_set import PathFeatures
from irlcore.fitting.compare import Comparison, compare_models, explained_best
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.solution import Prepared
from irlcore.worlds.mdp import MDP, Paths
from tests.fitting.test_maximum_likelihood import simulated

MODELS: list[Rationality] = [Boltzmann(), MaxEnt()]


class Refused(Boltzmann):
    """A model that can solve nothing."""

    name, title = "refused", "Refused: solves nothing"

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                phi: np.ndarray | None = None) -> Prepared:
        raise Infeasible("The mill stands still.")


@cache
def compared(name: str) -> Comparison:
    """On 2,400 trips, where the truth was 11 to 13 standard errors ahead: to be less than 2 ahead takes a sample in 1e18."""
    return compare_models(simulated(next(m for m in MODELS if m.name == name), n=2400), MODELS)


def made(loglik: np.ndarray, titles: tuple[str, ...] = ("A", "B", "C"), trouble: tuple[str, ...] = ("", "", "")) -> Comparison:
    """A comparison with given held-out log-likelihoods (R, N)."""
    r, n = loglik.shape
    return Comparison(titles[:r], titles[:r], trouble[:r], np.arange(n) % 5, loglik, 1.0, 0.1)


@pytest.mark.parametrize("truth", MODELS, ids=lambda m: m.name)
def test_agents_are_explained_best_by_the_model_they_were_made_with(truth: Rationality) -> None:
    found = compared(truth.name)
    assert found.models[found.best] == truth.name
    [other] = [r for r in range(2) if r != found.best]
    difference, error = found.difference()[other]
    assert difference < -2.0 * error < 0.0
    assert found.unclear() == ()
    assert f"explained best by {found.titles[found.best]}: {-difference:.3f} nats a trip better" in explained_best(found)[0]


def test_mean_difference_and_standard_error_agree_with_the_hand() -> None:
    found = made(np.array([[-1.0, -2.0, -4.0, -3.0], [-2.0, -2.5, -4.0, -3.5]]))
    np.testing.assert_allclose(found.mean, [-2.5, -3.0])
    assert found.best == 0
    # differences -1, -.5, 0, -.5: mean -.5, squared deviations .25 + .25, over 3, over 4
    np.testing.assert_allclose(found.difference(), [[0.0, 0.0], [-0.5, np.sqrt(0.5 / 3.0 / 4.0)]])
    assert found.table()["model"].tolist() == ["A", "B"]


def test_every_trip_is_held_out_once_and_judged_by_weights_of_the_others() -> None:
    problem = simulated(MaxEnt(), n=60)
    found = compare_models(problem, MODELS, folds=4, seed=1)
    assert np.bincount(found.fold).tolist() == [15, 15, 15, 15]
    assert found.folds == 4
    assert (compare_models(problem, MODELS[:1], folds=4, seed=2).fold != found.fold).any()
    for r, model in enumerate(MODELS):
        part = replace(problem, model=model, paths=problem.paths.take(np.flatnonzero(found.fold != 2)))
        own = path_logliks(model, part.prepare(fit(part).theta), problem.paths.take(np.flatnonzero(found.fold == 2)))
        np.testing.assert_allclose(found.loglik[r, found.fold == 2], own, atol=0.05)  # nats; where the searches began differs


def test_features_counted_on_trips_never_see_those_held_out() -> None:
    problem, seen = simulated(MaxEnt(), n=30), []

    def features(training: Paths) -> tuple[np.ndarray, tuple[PathFeatures, ...]]:
        seen.append(set(training.ids))
        return problem.phi, ()

    found = compare_models(problem, MODELS, folds=3, features=features)
    ids = problem.paths.ids
    assert seen == [set(ids) - set(ids[found.fold == k]) for k in range(3)]


def test_the_number_of_workers_does_not_change_a_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = simulated(Boltzmann(), n=80)
    results = []
    for count in ("1", "4"):
        monkeypatch.setenv("MOTIVE_WORKERS", count)
        results.append(compare_models(problem, MODELS, folds=2).loglik)
    assert (results[0] == results[1]).all()


def test_one_bar_moves_over_all_folds_and_models_and_never_back() -> None:
    heard: list[tuple[int, int, str]] = []
    compare_models(simulated(MaxEnt(), n=40), MODELS, folds=3, control=Control(lambda *said: heard.append(said)))
    done = [d for d, _, _ in heard]
    assert done == sorted(done) and done[0] == 0
    assert {total for _, total, _ in heard} == {6000}
    assert done[-1] > 5000
    for title in ("Boltzmann", "MaxEnt"):
        assert any(said.startswith(f"{title}, fold 3 of 3") for _, _, said in heard)


def test_a_comparison_stops_within_a_second() -> None:
    begun: list[float] = []

    def report(done: int, total: int, message: str) -> None:
        if done > 0:
            begun.append(time.monotonic())
            control.cancel.set()

    control = Control(report)
    with pytest.raises(Cancelled):
        compare_models(simulated(MaxEnt(), n=100), MODELS, control=control)
    assert len(begun) == 1
    assert time.monotonic() - begun[0] < 1.0


def test_a_trip_that_a_model_calls_impossible_counts_against_it_and_is_named() -> None:
    likelihoods = -np.ones((3, 40))
    likelihoods[0] = -0.5
    likelihoods[0, 3] = -np.inf
    likelihoods[2, :20] = -1.2
    found = made(likelihoods)
    assert found.best == 1
    assert np.isneginf(found.mean[0])
    assert found.impossible.tolist() == [1, 0, 0]
    assert np.isneginf(found.difference()[0, 0]) and np.isnan(found.difference()[0, 1])
    said = explained_best(found)
    assert said[0].startswith("This class of agents is explained best by B: 0.100 nats a trip better than C")
    assert "A calls 1 of 40 trips impossible." in said
    alone = explained_best(made(likelihoods[:2]))
    assert alone[0] == "This class of agents is explained best by B, the only one to allow for every trip that was seen."


def test_models_that_call_as_many_trips_impossible_are_judged_on_the_others() -> None:
    likelihoods = np.array([[-1.0] * 39 + [-np.inf], [-np.inf] + [-2.0] * 39])
    found = made(likelihoods)
    assert found.best == 0
    np.testing.assert_allclose(found.difference(), [[0.0, 0.0], [-1.0, 0.0]])


def test_a_difference_within_two_standard_errors_is_said_not_to_tell() -> None:
    rng = np.random.default_rng(0)
    first = rng.normal(-4.0, 1.0, 100)
    found = made(np.stack((first, first - 0.01 + rng.normal(0.0, 0.2, 100), first - 1.0)))
    said = explained_best(found)
    assert len(found.unclear()) == 1
    assert "cannot be told apart from" in said[0] and "C" not in said[0]
    assert any("Further back: C" in s for s in said)
    same = made(np.stack((first, first)))
    assert same.unclear() == (1,)


def test_few_trips_are_said_to_be_few() -> None:
    assert "10 trips are few" in explained_best(made(-np.ones((2, 10)) * [[1.0], [2.0]]))[-1]


def test_a_model_that_cannot_be_fitted_is_named_and_the_others_go_on() -> None:
    problem = simulated(MaxEnt(), n=30)
    found = compare_models(problem, [Refused(), *MODELS], folds=2)
    assert np.isnan(found.loglik[0]).all() and np.isfinite(found.loglik[1:]).all()
    assert "The mill stands still." in found.trouble[0]
    assert found.best != 0
    assert any(s.startswith("Refused could not be fitted") for s in explained_best(found))
    assert found.table()["model"].tolist()[-1] == "Refused"
    assert "nothing to compare" in explained_best(compare_models(problem, [Refused(), MaxEnt()], folds=2))[0]


def test_what_cannot_be_compared_is_refused_with_advice() -> None:
    problem: Problem = simulated(MaxEnt(), n=4)
    with pytest.raises(FitError, match="4 trips cannot be held out in 5 folds"):
        compare_models(problem, MODELS)
    with pytest.raises(FitError, match="The mill stands still"):
        compare_models(problem, [Refused()], folds=2)
    with pytest.raises(FitError, match="no model"):
        compare_models(problem, [], folds=2)
