"""Which model lies within which, and which is near: where a search may begin, and what it must not end below."""

from __future__ import annotations

from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.guided.guided import Guided
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned

FEW = 32  # draws


def contained(model: Rationality) -> Rationality | None:
    """The model that this one is where all its own parameters are 0; None where there is none."""
    if isinstance(model, Guided):
        return contained(model.plan) or model.plan
    return Boltzmann() if isinstance(model, NoisyValue | Replanned) else None


def sketch(model: Rationality) -> Rationality:
    """The same model with fewer draws, where it has many: enough to see where its weights lie."""
    if isinstance(model, Guided):
        return model.planning_with(sketch(model.plan))
    if isinstance(model, Replanned):
        return Replanned(model.persistent, min(model.draws, FEW))
    if isinstance(model, NoisyValue):
        return NoisyValue(model.covariance, model.persistent, min(model.draws, FEW))
    return model


def neighbour(model: Rationality) -> Rationality | None:
    """A model that is easier to fit and whose weights are a good start: the form with an error a step for one with an error a trip, and
    for ``Boltzmann``, whose likelihood has kinks, the one that has none."""
    if isinstance(model, Boltzmann):
        return MaxEnt()
    if isinstance(model, NoisyValue) and model.persistent:
        return NoisyValue(model.covariance)
    return Replanned(draws=model.draws) if isinstance(model, Replanned) and model.persistent else None
