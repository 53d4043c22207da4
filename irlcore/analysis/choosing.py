"""Settings chosen on tracks that were held out, for the class under study: asked as a fit of it would be, and taken into the project."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.analysis.roaming import MOST_GAMMA, has_roamers, usual_gamma
from irlcore.analysis.study import asked_problem, hash_of
from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.features.base import FeatureSpec
from irlcore.fitting.demonstrations import with_known_goals
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.value_basis.held_out import Choice
from irlcore.project.project import Project, now, remember
from irlcore.project.split import need_world
from irlcore.worlds.called import called

GAMMAS = (0.9, 0.95, 0.99, 1.0)
"""Discounts that are tried beside the one asked for: about 10, 20 and 100 steps ahead, and the whole way."""


@dataclass(frozen=True, slots=True)
class ChosenRecord:
    """What was chosen for fits by an estimator. steps: a track, on average, of those that were judged. model: of ``MODELS``; data_hash,
    features: what it was chosen on. made: ISO time."""

    estimator: str
    model: str
    choice: Choice
    steps: float
    features: tuple[FeatureSpec, ...]
    data_hash: str
    made: str

    @property
    def a_step(self) -> np.ndarray:
        """(gammas, lams) nats a step, held out; -inf where a discount has no plan."""
        return np.asarray(self.choice.held_out / self.steps)

    @property
    def chosen(self) -> np.ndarray:
        """(lams,) the same at the discount that was chosen."""
        return np.asarray(self.a_step[self.choice.gammas.index(self.choice.gamma)])

    @property
    def best(self) -> float:
        """Nats a step under what was chosen."""
        return float(self.chosen[self.choice.lams.index(self.choice.lam)])


def gammas_to_try(project: Project, gamma: float) -> tuple[float, ...]:
    """The discounts that make sense for the class; that one alone in a log of events, where nobody plans."""
    world, _ = need_world(project)
    if world.kind == "log":
        return (gamma,)
    most = MOST_GAMMA if has_roamers(project) else 1.0
    return tuple(sorted({one for one in (*GAMMAS, gamma) if one <= most}))


def choose_study(project: Project, estimator: str, model_name: str = "", gamma: float | None = None, watch: Control | None = None
                 ) -> ChosenRecord:
    """lam and gamma for an estimator, on the tracks that a fit of the class would be made on; arguments as of ``fit_record``. Its other
    settings are as the project has them. FitError where there is nothing to choose, or nothing to choose by."""
    one, gamma = ESTIMATORS[estimator], usual_gamma(project) if gamma is None else gamma
    if one.choose is None:
        raise FitError(f"{one.title} has no settings that held-out tracks could choose.", "Fit with it as it is.")
    ready = asked_problem(project, model_name, gamma)
    problem, parts, matrix = ready.problem, ready.parts, ready.matrix
    used = tuple(s for s in project.features if s.enabled)
    asked = one.asked(project.settings.get(estimator, {}), problem.model, problem.mdp)
    found = one.choose(problem, [s.sign for s in used], gammas=gammas_to_try(project, gamma), l2=asked["l2"], control=watch)
    judged = with_known_goals(problem).paths
    name = problem.model.name
    return ChosenRecord(estimator, name, found, len(judged.choices) / len(judged), used, hash_of(project, parts, matrix, name), now())


def with_choice(project: Project, record: ChosenRecord) -> Project:
    """The project with what was chosen as its settings. The discount is asked for at each fit, and so no part of it."""
    found, words = record.choice, called(need_world(project)[0])
    settings = {**project.settings, record.estimator: {**project.settings.get(record.estimator, {}), "lam": found.lam}}
    chosen = f"lambda {found.lam:g}" + (f" and gamma {found.gamma:g}" if len(found.gammas) > 1 else "")
    said = f"{ESTIMATORS[record.estimator].title}: chose {chosen} on held-out {words.tracks}"
    return remember(replace(project, settings=settings), said, numbers=f"{record.best:.4f} {words.say('nats a step held out')}",
                    made=record.made)


def with_setting(project: Project, estimator: str, name: str, value: float) -> Project:
    """The project with one setting of an estimator. FitError where it cannot be."""
    one = next(s for s in ESTIMATORS[estimator].settings if s.name == name)
    value = one.checked(value)
    settings = {**project.settings, estimator: {**project.settings.get(estimator, {}), name: value}}
    return remember(replace(project, settings=settings), f"{ESTIMATORS[estimator].title}: {one.title} is {value:g}")
