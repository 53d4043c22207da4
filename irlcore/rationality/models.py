"""Every model of rationality by its name: what fits, pages and project files refer to."""

from __future__ import annotations

from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt

MODELS: dict[str, Rationality] = {model.name: model for model in (MaxEnt(), Boltzmann())}
