"""Settings chosen on held-out tracks: what is tried, what is taken into the project, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.choosing import GAMMAS, ChosenRecord, choose_study, gammas_to_try, with_choice
from irlcore.analysis.cross_conformal import cross_study
from irlcore.analysis.study import asked_problem, fit_study
from irlcore.engine import Control
from irlcore.errors import Cancelled, FitError
from irlcore.fitting.value_basis.held_out import LAMS, choose_lam
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.report.held_out_curve import choice_sentences, curve_figure
from irlcore.worlds.called import CALLED

pytestmark = pytest.mark.kernels


@pytest.fixture(scope="module")
def town() -> Project:
    return sample_project("town")


@pytest.fixture(scope="module")
def chosen(town: Project) -> ChosenRecord:
    return choose_study(town, "value_basis", "maxent")


def test_it_is_the_choice_on_the_tracks_that_a_fit_is_made_on(town: Project, chosen: ChosenRecord) -> None:
    problem = asked_problem(town, "maxent").problem
    signs = [s.sign for s in town.features if s.enabled]
    direct = choose_lam(problem, signs, gammas=GAMMAS)
    np.testing.assert_array_equal(direct.held_out, chosen.choice.held_out)
    assert (direct.lam, direct.gamma) == (chosen.choice.lam, chosen.choice.gamma)
    np.testing.assert_allclose(chosen.a_step, direct.held_out * len(problem.paths) / len(problem.paths.choices))
    assert chosen.best == pytest.approx(chosen.a_step.max(), abs=1e-8) and chosen.a_step.shape == (len(GAMMAS), len(LAMS))


def test_it_is_taken_into_the_project_and_its_history(town: Project, chosen: ChosenRecord) -> None:
    set_by_hand = replace(town, settings={"value_basis": {"lam": 0.5, "replannings": 2}})
    found = with_choice(set_by_hand, chosen)
    assert found.settings == {"value_basis": {"lam": chosen.choice.lam, "replannings": 2}}
    assert f"chose lambda {chosen.choice.lam:g} and gamma {chosen.choice.gamma:g} on held-out" in found.history[-1].what
    assert "nats a step held out" in found.history[-1].numbers


def test_what_is_tried_makes_sense_for_the_class(town: Project) -> None:
    assert gammas_to_try(town, 1.0) == GAMMAS and gammas_to_try(town, 0.97) == (0.9, 0.95, 0.97, 0.99, 1.0)
    assert max(gammas_to_try(sample_project("fishing"), 0.95)) < 1.0
    assert gammas_to_try(sample_project("tickets"), 1.0) == (1.0,)


def test_in_a_log_lambda_alone_is_chosen() -> None:
    found = choose_study(sample_project("tickets"), "value_basis")
    assert found.choice.gammas == (1.0,) and found.model == "conditional_logit"
    first, *more = choice_sentences(found, CALLED["log"])
    assert f"lambda {found.choice.lam:g}, with" in first and "nats an event" in first and "gamma" not in first
    assert "some of the sequences" in " ".join(more)
    assert "gamma" not in with_choice(sample_project("tickets"), found).history[-1].what


def test_the_figure_shows_every_discount_with_a_plan_and_what_was_chosen(chosen: ChosenRecord) -> None:
    figure = curve_figure(chosen, CALLED["network"])
    assert [line.name for line in figure.data] == [*(f"{gamma:g}" for gamma in GAMMAS), "chosen"]
    np.testing.assert_allclose(figure.data[0].y, chosen.a_step[0])
    assert figure.data[-1].y[0] == chosen.best
    table = chosen.choice.held_out.copy()
    table[0] = -np.inf  # a discount without a plan
    without = replace(chosen, choice=replace(chosen.choice, held_out=table))
    assert next(line.name for line in curve_figure(without, CALLED["network"]).data) == "0.95"
    assert "No plan was found at gamma 0.9." in choice_sentences(without, CALLED["network"])


def test_it_can_be_cancelled_and_says_what_it_cannot_choose(town: Project) -> None:
    watch = Control()
    watch.cancel.set()
    with pytest.raises(Cancelled):
        choose_study(town, "value_basis", "maxent", watch=watch)
    with pytest.raises(FitError, match="no settings that held-out tracks could choose"):
        choose_study(town, "maximum_likelihood", "maxent")


def test_cross_conformal_fits_are_made_as_the_fit_was(town: Project) -> None:
    """A lambda that draws weights to 0 must not be forgotten by the fits to parts of the tracks."""
    plain, held = (fit_study(town, "maxent", estimator="value_basis", settings={"lam": lam}) for lam in (0.0, 100.0))
    sizes = []
    for project in (plain, held):
        assert project.fit is not None
        found = cross_study(project, folds=2).thetas
        np.testing.assert_allclose(np.abs(found).sum(axis=1), np.abs(project.fit.result.theta).sum(), rtol=0.6)
        sizes.append(np.abs(found).sum())
    assert sizes[1] < 0.7 * sizes[0], sizes
