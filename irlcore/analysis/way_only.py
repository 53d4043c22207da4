"""Whether a model knows only how long a way is: the usual first fit, whose list of abnormal tracks says little yet."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from irlcore.errors import FeatureError
from irlcore.features.base import FeatureSpec
from irlcore.features.checks import embedded_spec
from irlcore.features.formula.functions import FUNCTIONS
from irlcore.features.formula.syntax import parse_formula

WAY_KINDS = ("length", "duration", "step")
"""Kinds of features that say how long a way is: in length, in time, in steps (a constant for each)."""

WAY_NAMES = {"length", "step", "pi"}


def knows_only_the_way(features: Sequence[FeatureSpec]) -> bool:
    """Whether all of a fit's features together say no more than how long a way is: length, duration, a constant per step, and formulas
    and combinations of these alone. False where there is no feature.

    Under such a model a track is abnormal where it is longer than need be, and nothing else: it knows no road, place, turn or time that
    the class likes or shuns.
    """
    return bool(features) and all(_of_the_way(spec) for spec in features)


def _of_the_way(spec: FeatureSpec) -> bool:
    if spec.kind in WAY_KINDS:
        return True
    try:
        if spec.kind == "combine":
            return all(_of_the_way(embedded_spec(spec.params.get(part), part)) for part in ("first", "second"))
        if spec.kind == "formula":
            tree = parse_formula(spec.params.get("formula", "step")).tree
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            texts = any(isinstance(node, ast.Constant) and isinstance(node.value, str) for node in ast.walk(tree))
            return not texts and names <= WAY_NAMES | FUNCTIONS.keys()
    except FeatureError:  # it cannot be read, so nobody can say what it knows
        pass
    return False
