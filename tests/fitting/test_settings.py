"""Settings of estimators: what may be chosen, what means something where, and that a fit is made with them and says so."""

from __future__ import annotations

import inspect
from dataclasses import replace

import numpy as np
import pytest

from irlcore.errors import FitError
from irlcore.fitting.estimators import ESTIMATORS, check_settings, made_by, settings_of
from irlcore.fitting.settings import Setting
from irlcore.fitting.value_basis.estimate import fit_value_basis
from irlcore.fitting.value_basis.settings import L2, LAM, REPLANNINGS
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.rationality.maxent import MaxEnt
from tests.fitting.value_basis.problems import problem_of
from tests.rationality.worlds import grid_mdp

VALUE_BASIS = ESTIMATORS["value_basis"]


@pytest.mark.parametrize("name", ESTIMATORS)
def test_what_an_estimator_declares_its_function_takes(name: str) -> None:
    one = ESTIMATORS[name]
    if one.settings:
        taken = inspect.signature(one.fit).parameters
        assert {s.name: taken[s.name].default for s in one.settings} == {s.name: s.usual for s in one.settings}
    for setting in one.settings:
        assert setting.checked(setting.usual) == setting.usual and setting.help.endswith(".")
        assert setting.read(f" {setting.usual:g} ") == setting.usual


@pytest.mark.parametrize(("setting", "wrong"), [(LAM, -0.1), (LAM, float("nan")), (LAM, 1001.0), (L2, float("inf")), (L2, True),
                                                (REPLANNINGS, 1.5), (REPLANNINGS, -1), (REPLANNINGS, 101), (LAM, "0.1")])
def test_what_cannot_be_is_refused_by_name(setting: Setting, wrong: float) -> None:
    with pytest.raises(FitError, match=f"^{setting.title} cannot be") as caught:
        setting.checked(wrong)
    assert "from 0 to" in caught.value.fix and ("whole" in caught.value.fix) == setting.whole


def test_what_is_typed_is_read_with_a_point_or_a_comma() -> None:
    assert LAM.read("0,01") == LAM.read(" 1e-2 ") == 0.01
    assert REPLANNINGS.read("2") == 2 and isinstance(REPLANNINGS.read("2"), int)
    for text, said in (("abc", 'Lambda: "abc" is no number.'), ("", "Lambda: nothing was entered."), ("-1", "Lambda cannot be -1."),
                       ("nan", "Lambda cannot be nan.")):
        with pytest.raises(FitError) as caught:
            LAM.read(text)
        assert caught.value.what == said


def test_settings_of_nobody_are_refused() -> None:
    problem = problem_of(Boltzmann(), n=10)
    with pytest.raises(FitError, match='no setting "lambda"') as caught:
        VALUE_BASIS.run(problem, settings={"lambda": 0.1})
    assert "replannings, lam and l2" in caught.value.fix
    with pytest.raises(FitError, match="Maximum likelihood has no setting"):
        ESTIMATORS["maximum_likelihood"].run(problem, settings={"lam": 0.1})
    with pytest.raises(FitError, match='no estimator "guess"'):
        check_settings({"guess": {}})


def test_only_what_means_something_is_offered() -> None:
    assert VALUE_BASIS.offered(MaxEnt(), grid_mdp(3, 3)) == (REPLANNINGS, LAM, L2)
    assert VALUE_BASIS.offered(MaxEnt(), grid_mdp(3, 3, 0.2)) == (REPLANNINGS, L2)
    assert VALUE_BASIS.offered(ConditionalLogit(), grid_mdp(3, 3)) == (LAM, L2)
    assert VALUE_BASIS.asked({"replannings": 3, "lam": 0.1}, ConditionalLogit()) == {"lam": 0.1, "l2": 0.0}
    assert VALUE_BASIS.asked({"replannings": 3.0}, MaxEnt(), grid_mdp(3, 3, 0.2)) == {"replannings": 3, "l2": 0.0}


@pytest.mark.kernels
def test_a_fit_is_made_with_them_and_says_so() -> None:
    problem = problem_of(MaxEnt())
    told = {"lam": 0.05, "l2": 0.001, "replannings": 2}
    found, direct = VALUE_BASIS.run(problem, settings=told), fit_value_basis(problem, lam=0.05, l2=0.001, replannings=2)
    np.testing.assert_array_equal(found.theta, direct.theta)
    assert found.settings == settings_of(found) == told == direct.settings
    assert made_by(found) == "Value basis, 2 replannings, lambda 0.05, L2 0.001"
    usual = VALUE_BASIS.run(problem)
    assert made_by(usual) == "Value basis, 1 replanning" and not np.array_equal(usual.theta, found.theta)
    assert made_by(VALUE_BASIS.run(problem, settings={"replannings": 0})) == "Value basis, no replanning"


@pytest.mark.kernels
def test_settings_are_part_of_what_tells_fits_apart() -> None:
    found = VALUE_BASIS.run(problem_of(MaxEnt()))
    assert replace(found, settings={**found.settings, "lam": 0.1}).identity != found.identity
    assert replace(found, settings=dict(reversed(found.settings.items()))).identity == found.identity
    before = replace(found, settings={})  # as files of before have it
    assert made_by(before) == made_by(found)
    assert settings_of(replace(before, rationality="conditional_logit")) == {"lam": 0.0, "l2": 0.0}
    assert settings_of(replace(before, estimator="maximum_likelihood")) == {}
