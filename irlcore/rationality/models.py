"""Every model of rationality by its name: what fits, pages and project files refer to."""

from __future__ import annotations

from irlcore.errors import FitError
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.conditional_logit import ConditionalLogit
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


def suited(world: World, name: str) -> Rationality:
    """A model by name. FitError where it makes no sense in the world: one that plans, where nobody can."""
    model = MODELS[name]
    if model.plans and world.kind == "log":
        raise FitError(f"{model.title.split(':')[0]} is for agents that plan their way over a ground, and this is a log of events, where "
                       "nobody plans one.", f"Choose {ConditionalLogit.title.split(':')[0].lower()}.")
    return model


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
