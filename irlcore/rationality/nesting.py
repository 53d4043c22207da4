"""Which model lies within which: one without noise is ``Boltzmann``, and a lasting error has a fresh one beside it."""

from __future__ import annotations

from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned


def contained(model: Rationality) -> Rationality | None:
    """The model that this one is where all its own parameters are 0; None where there is none."""
    return Boltzmann() if isinstance(model, NoisyValue | Replanned) else None


def fresh_form(model: Rationality) -> Rationality | None:
    """The model with an error a step, for one with an error a trip: cheaper to fit, and its weights are a good start."""
    if isinstance(model, NoisyValue) and model.persistent:
        return NoisyValue(model.covariance)
    return Replanned(draws=model.draws) if isinstance(model, Replanned) and model.persistent else None
