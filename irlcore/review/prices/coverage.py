"""Of which models one agent's weights have intervals: of those whose intervals were measured to hold (``python -m benchmarks prices``).

Made-up agents whose weights are known go by each model, and the intervals that a card would tell of them hold their weights or do not.
Where they were found to miss too often, or were not measured, none is worked out and none is said: the weight itself is, as "about".
A card tells the weights that differ, and of weights picked for being far off more than 5 % of plain 95 % intervals would miss. So R
intervals of K weights that were looked at are each of level 1 - .05 R / K: of all that are told 5 % miss (Benjamini and Yekutieli 2005).
"""

from __future__ import annotations

from irlcore.rationality.base import Rationality

MISS = 0.05
"""Share of the intervals that are told that may miss."""
HOLD = ("maxent", "boltzmann")
"""Names of models; the study measures each of them every time (``by_model``) and so says where one no longer belongs here. Of 271 intervals
told under Boltzmann 94.5 % held. Under NoisyValue, by the curvature at the top of the likelihood, 90.9 % of 254 did: too few."""
UNSURE = "How sure {these} cannot be said under this model of the agent's choices."
"""In words, where no interval is."""
UNKNOWN = "How sure {these} cannot be said, since this fit does not tell how sure the weights of the class are."
"""The same where that is for the fit."""


def intervals_hold(model: Rationality) -> bool:
    """Whether intervals of one agent's weights hold under ``model``."""
    return model.name in HOLD


def level_of(told: int, looked_at: int) -> float:
    """The level of each of ``told`` intervals, where so many weights were looked at."""
    return 1.0 - MISS * told / max(looked_at, told, 1)


def unsure(many: int, known: bool = True) -> str:
    """That so many amounts, one or more, have no interval. known: whether the fit tells how sure the class's weights are."""
    return (UNSURE if known else UNKNOWN).format(these="this is" if many == 1 else "these are")
