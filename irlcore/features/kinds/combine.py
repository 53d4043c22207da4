"""Two features combined: both, either, times, minus. Each may be a combination itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, Context, FeatureKind, FeatureParameter, kind_of, register
from irlcore.features.checks import embedded_spec
from irlcore.features.feature_set import feature_column
from irlcore.worlds.world import World

IN_WORDS = {"and": "1 where {} and {} are both not 0, else 0", "or": "1 where {} or {} is not 0, else 0", "times": "{} times {}",
            "minus": "{} minus {}"}


@register
class Combine(FeatureKind):
    """Column of one feature and, or, times or minus that of another; it holds copies of both."""

    kind = "combine"
    title = "Two features combined"
    sentence = "Two of your features as they are now: 1 where both or either apply, or one times or minus the other."
    parameters = (FeatureParameter("first", "First", "feature"),
                  FeatureParameter("how", "Combined by", "choice", "and", options=tuple(IN_WORDS),
                            help="and, or: 1 where both, or either, are not 0. times, minus: of their values."),
                  FeatureParameter("second", "Second", "feature", help="A copy: later changes of that feature do not change this one."))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        how = self.option(params, "how")
        specs = [embedded_spec(params.get(part), part) for part in ("first", "second")]
        a, b = (feature_column(spec, world, context) for spec in specs)
        if how in ("and", "or"):
            both = np.logical_and if how == "and" else np.logical_or
            return np.asarray(both(a != 0.0, b != 0.0), np.float64)
        return np.asarray(a * b if how == "times" else a - b)

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        words = IN_WORDS.get(str(params.get("how", "and")), "{} with {}")
        try:
            specs = [embedded_spec(params.get(part), part) for part in ("first", "second")]
        except FeatureError as error:
            return f"Two features, but they cannot be read (no unit). {error.what}"
        parts = [f"{spec.name}: {KINDS[spec.kind].describe(spec.params, unit).removesuffix('.')}" for spec in specs]
        return f"{words.format(*(spec.name for spec in specs))} (no unit); {'; '.join(parts)}."

    def counts_tracks(self, params: Mapping[str, Any]) -> bool:
        specs = [embedded_spec(params.get(part), part) for part in ("first", "second")]
        return any(kind_of(spec).counts_tracks(spec.params) for spec in specs)
