"""Every model of rationality by its name: what fits, pages and project files refer to."""

from __future__ import annotations

from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import UNSURE, NoisyValue
from irlcore.rationality.replanned import Replanned

NOISY = [NoisyValue(covariance, persistent) for persistent in (False, True) for covariance in UNSURE]
MODELS: dict[str, Rationality] = {model.name: model for model in (
    NOISY[0], Boltzmann(), MaxEnt(), *NOISY[1:], Replanned(), Replanned(persistent=True))}
"""The default first."""
DEFAULT = next(iter(MODELS))
