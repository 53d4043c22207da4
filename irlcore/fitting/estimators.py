"""Every way to fit: its name, when to use it and when not, and one function with the same arguments and result.

The sentences are shown beside the choice on the Fit page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.fitting.apprenticeship import max_margin, projection
from irlcore.fitting.demonstrations import Demonstrations, planned_features
from irlcore.fitting.direction import Direction, FindDirection, fit_direction
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.observed_choices import weights_of_choices
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult
from irlcore.fitting.reward_limits import Limits
from irlcore.fitting.settings import Setting, Values, check_values, complete, words_of
from irlcore.fitting.trajectory_programme import weights_of_trips
from irlcore.fitting.trimmed import NAME, fit_trimmed
from irlcore.fitting.value_basis.estimate import NAME as VALUE_BASIS
from irlcore.fitting.value_basis.estimate import fit_value_basis
from irlcore.fitting.value_basis.held_out import Choice, choose_lam
from irlcore.fitting.value_basis.settings import SETTINGS
from irlcore.rationality.base import Rationality
from irlcore.rationality.models import named
from irlcore.worlds.mdp import MDP

Fit = Callable[..., FitResult]
"""(problem, signs, start, control, data_hash, **settings) -> result; raises FitError or Cancelled."""


@dataclass(frozen=True, slots=True)
class Estimator:
    """One way to fit. title: its name on screen. when, when_not: one sentence each. intervals: whether it tells how sure
    the weights are. plans: whether it is for agents that plan, and so for no log of events. single_steps: whether
    it takes each step for a choice of its own, and so is not for agents who keep one error for a whole trip. settings: what it can be
    told; choose: finds the best lam and discount on held-out tracks (arguments of ``choose_lam``), where it has such."""

    name: str
    title: str
    when: str
    when_not: str
    fit: Fit
    intervals: bool = False
    plans: bool = False
    single_steps: bool = False
    settings: tuple[Setting, ...] = ()
    choose: Callable[..., Choice] | None = None

    def offered(self, model: Rationality, mdp: MDP | None = None) -> tuple[Setting, ...]:
        """The settings that mean something to agents of a model; in a world, where one is given."""
        return tuple(one for one in self.settings if one.applies(model, mdp))

    def asked(self, given: Values, model: Rationality, mdp: MDP | None = None) -> dict[str, float]:
        """The values that a fit is made with: those given, or the usual ones, of the settings that mean something there. FitError where one
        cannot be, or is of no setting."""
        check_values(self.settings, given, self.title)
        return complete(self.offered(model, mdp), given)

    def run(self, problem: Problem, signs: Sequence[str] | None = None, start: np.ndarray | None = None, control: Control | None = None,
            data_hash: str = "", settings: Values | None = None) -> FitResult:
        """``fit`` with these settings, the usual ones where none are given."""
        return self.fit(problem, signs, start, control, data_hash, **self.asked(settings or {}, problem.model, problem.mdp))


def _choices(d: Demonstrations, limits: Limits, first: np.ndarray, control: Control) -> Direction:
    return Direction(*weights_of_choices(d, limits, first, control=control))


def _trips(d: Demonstrations, limits: Limits, first: np.ndarray, control: Control) -> Direction:
    return Direction(*weights_of_trips(d.expert, partial(planned_features, d, control=control), limits, first, control=control))


def _max_margin(d: Demonstrations, limits: Limits, first: np.ndarray, control: Control) -> Direction:
    found = max_margin(d.expert, partial(planned_features, d, control=control), limits, first, control=control)
    return Direction(found.weights, len(found.margins), found.converged)


def _projection(d: Demonstrations, limits: Limits, first: np.ndarray, control: Control) -> Direction:
    found = projection(d.expert, partial(planned_features, d, control=control), limits, first, control=control)
    return Direction(found.weights, len(found.margins), found.converged)


def _of_direction(name: str, title: str, when: str, when_not: str, find: FindDirection) -> Estimator:
    return Estimator(name, title, when, when_not, partial(fit_direction, name, title, find), plans=True)


ESTIMATORS: dict[str, Estimator] = {one.name: one for one in (
    Estimator("maximum_likelihood", "Maximum likelihood",
              "Use it first: it takes slips for what they are and says how sure every weight is.",
              "Not where tracks never slip: then the weights grow without end, and only how they compare means anything.",
              fit, True),
    Estimator(NAME, "Trimmed likelihood",
              "Use it where no tracks are known to be normal: it leaves out those that are stranger than the model makes its own, as many "
              "as there are, so that abnormal tracks do not teach it what is normal.",
              "Not where the features do not yet explain most tracks: then it may leave out ordinary ones that a feature is missing for.",
              fit_trimmed, True),
    Estimator(VALUE_BASIS, "Value basis",
              "Use it for large networks, many tracks or long logs: it plans beforehand and not inside the fit, which takes seconds where "
              "maximum likelihood takes minutes.",
              "Not for agents who keep one error for a whole trip, nor where the last digit counts: then maximum likelihood is better.",
              fit_value_basis, True, single_steps=True, settings=SETTINGS, choose=choose_lam),
    _of_direction("linear_programme", "Linear programme, choice by choice (Ng and Russell)",
                  "Use it where many tracks pass the same places and nearly all take the best way on: each choice seen is held against "
                  "the others there.",
                  "Not where most places were passed once or twice: a single slip then counts as what agents want there.", _choices),
    _of_direction("sampled_linear_programme", "Linear programme, trip by trip (Ng and Russell)",
                  "Use it for few tracks that are whole trips by agents who plan well: it holds their totals against the best trips under "
                  "other weights.",
                  "Not where agents slip: it tends to put nearly all weight on the one feature in which they slip least.", _trips),
    _of_direction("max_margin", "Widest margin (Abbeel and Ng)",
                  "Use it for agents who plan well and seldom slip, to learn which weights make their trips lose least against the best "
                  "ones; it leans to small, even weights where several do.",
                  "Not where agents slip often or differ from each other: it takes every loss for a want.", _max_margin),
    _of_direction("projection", "Projection (Abbeel and Ng)",
                  "Use it as a check on the widest margin: another search for the same weights, by steps toward the features of the trips.",
                  "Not for many features or goals: it takes more rounds, and each plans every trip anew.", _projection),
)}
"""name -> estimator, in the order in which they are offered."""


def settings_of(result: FitResult) -> dict[str, float]:
    """What a fit was made with; the usual values in files of before there were others."""
    return dict(result.settings) or ESTIMATORS[result.estimator].asked({}, named(result.rationality))


def settings_words(result: FitResult) -> list[str]:
    """The same in words, each setting that did something: "1 replanning", "lambda 0.01"."""
    return words_of(ESTIMATORS[result.estimator].settings, settings_of(result))


def made_by(result: FitResult) -> str:
    """How the weights of a fit were found: "Value basis, 1 replanning, lambda 0.01"."""
    return ", ".join([ESTIMATORS[result.estimator].title, *settings_words(result)])


def check_settings(given: Mapping[str, Values]) -> None:
    """FitError where settings, by the names of their estimators, are none or cannot be."""
    for name, values in given.items():
        if name not in ESTIMATORS:
            raise FitError(f'There is no estimator "{name}".', f"Choose one of {', '.join(ESTIMATORS)}.")
        check_values(ESTIMATORS[name].settings, values, ESTIMATORS[name].title)
