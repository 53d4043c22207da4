"""Of which models one agent's weights have intervals: of those whose intervals were measured to hold (``python -m benchmarks prices``).

Made-up agents whose weights are known go by each model in a town and on a grid, and the interval of a weight holds it or does not. Where it
was found to miss too often, or was not measured, no interval is worked out and none is said: the weight itself is, as "about".
"""

from __future__ import annotations

from irlcore.rationality.base import Rationality

HOLD = frozenset({"maxent", "boltzmann", "noisy_value"})
"""Names of models; all are asked of the study each time (``coverage_by_model``), which says where one no longer belongs here."""
UNSURE = "How sure {these} cannot be said under this model of the agent's choices."
"""In words, where no interval is."""


def intervals_hold(model: Rationality) -> bool:
    """Whether 95 % intervals of one agent's weights hold under ``model``."""
    return model.name in HOLD


def unsure(many: int) -> str:
    """That so many amounts, one or more, have no interval."""
    return UNSURE.format(these="this is" if many == 1 else "these are")
