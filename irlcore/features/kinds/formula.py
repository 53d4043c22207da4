"""A column that the analyst writes as a formula: ``exp(-distance("gate") / 300) * (hour >= 22)``.

The grammar stands in ``formula_syntax``, what its signs and functions compute in ``formula_functions``, what its names
mean in ``formula_names``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.formula.syntax import parse_formula
from irlcore.features.formula.tokens import plain
from irlcore.features.formula.values import formula_values
from irlcore.worlds.world import World

_LONGEST_SHOWN = 120


@register
class Formula(FeatureKind):
    """What the formula comes to at each choice; a condition is 1 where it holds and 0 elsewhere."""

    kind = "formula"
    title = "Formula"
    sentence = 'What you write, such as exp(-distance("gate") / 300) or (road == "main") * length.'
    parameters = (FeatureParameter("formula", "Formula", "text", "step",
                            help="Columns by name, + - * / **, comparisons, and, or, not, x if c else y, and functions."),)

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        return formula_values(parse_formula(params.get("formula", "step")), world, context)

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        text = " ".join(plain(str(params.get("formula", "step"))).split())
        shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN - 1] + "\u2026"
        return f"{shown}, with lengths and distances in {unit or 'map units'} (no unit of its own)."
