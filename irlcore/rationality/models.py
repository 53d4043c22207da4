"""Every model of rationality by its name: what fits, pages and project files refer to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from irlcore.errors import FitError, MotiveError, did_you_mean
from irlcore.features.described_fit import BESIDE
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.rationality.guided.guided import Guided
from irlcore.rationality.guided.value_features import ValueSpec, read
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import UNSURE, NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.worlds.world import World

NOISY = [NoisyValue(covariance, persistent) for persistent in (False, True) for covariance in UNSURE]
MODELS: dict[str, Rationality] = {model.name: model for model in (
    Replanned(persistent=True), NOISY[0], Boltzmann(), MaxEnt(), *NOISY[1:], Replanned(), ConditionalLogit())}
"""The default first."""
DEFAULT = next(iter(MODELS))
LARGE = 10_000
"""States from which the default takes minutes: 229 trips to 208 ends on 32,490 links took NoisyValue 38 s, the default over 140."""


def models_of(world: World | None) -> list[str]:
    """The names of the models that make sense in a world, the registry's order: in a log of events, where a state is what has happened so
    far, nobody plans a way; elsewhere, and where there is no world yet, agents know the ground and go somewhere on it."""
    return [name for name, model in MODELS.items() if model.plans != (world is not None and world.kind == "log")]


@lru_cache(256)
def named(name: str) -> Rationality:
    """A model by its name: of ``MODELS``, or one of these with value features beside it, which is no more than words until it is ``on`` a
    world (``suited``). FitError where there is none."""
    plan, *words = name.split(BESIDE)
    if plan not in MODELS:
        raise FitError(f"No model is called {plan!r}.", f"{did_you_mean(plan, MODELS)} Known ones: {', '.join(MODELS)}.".strip())
    return Guided(MODELS[plan], [read(word) for word in words]) if words else MODELS[plan]


def is_named(name: str) -> bool:
    """Whether there is a model of this name."""
    try:
        return named(name).name == name
    except MotiveError:
        return False


def plan_name(name: str) -> str:
    """The name of the model in ``MODELS`` that a model plans by."""
    return name.split(BESIDE)[0]


def value_specs(name: str) -> tuple[ValueSpec, ...]:
    """The value features of a model by its name; none where it has none."""
    model = named(name)
    return model.specs if isinstance(model, Guided) else ()


def suited(world: World, name: str, zones: Mapping[str, np.ndarray] | None = None,
           features: Mapping[str, np.ndarray] | None = None) -> Rationality:
    """A model by name, ready for a world. zones: name -> ring, features: name -> (M,), of what value features may be. FitError where it
    makes no sense in the world: one that plans, where nobody can; FeatureError where its value features do not."""
    model = named(name)
    if model.plans and world.kind == "log":
        raise FitError(f"{model.title.split(':')[0]} is for agents that plan their way over a ground, and this is a log of events, where "
                       "nobody plans one.", f"Choose {ConditionalLogit.title.split(':')[0].lower()}.")
    return model.on(world, zones, features) if isinstance(model, Guided) else model


def usual_model(world: World, gamma: float = 1.0) -> str:
    """The name of the model to begin with in a world: the default, which explains held-out trips best on most data (README); where chance
    moves too, each belief is a plan of its own and not one of many side by side, and in large worlds every one of many beliefs takes a
    while: so there ``NoisyValue``. Where gamma is below 1, as for agents without a destination, ``MaxEnt``: 2.5 s on the sample town, where
    ``NoisyValue`` took 162 and the default 258. In a log of events ``ConditionalLogit``."""
    if world.kind == "log":
        return ConditionalLogit.name
    if gamma < 1.0:
        return MaxEnt.name
    return DEFAULT if world.mdp.deterministic and world.mdp.n_states <= LARGE else NOISY[0].name
