"""Specs into a matrix: all columns of a feature set, their coverage, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

import irlcore.features  # noqa: F401  (registers every kind)
from irlcore.errors import FeatureError, FormulaError
from irlcore.features.base import Context, FeatureSpec, kind_of
from irlcore.worlds.world import World


@dataclass(frozen=True, slots=True)
class FeatureMatrix:
    """names: (K,). values: (M, K) float64, Phi. coverage: (K,) share of choices where the feature is not 0.
    warnings: (feature, what, fix) for columns that are constant or equal."""

    names: tuple[str, ...]
    values: np.ndarray
    coverage: np.ndarray
    warnings: tuple[tuple[str, str, str], ...]


def feature_column(spec: FeatureSpec, world: World, context: Context) -> np.ndarray:
    """One feature's values, (M,) float64, with the feature's name in any error."""
    try:
        column = kind_of(spec).column(world, context, spec.params)
    except FormulaError as error:
        raise FormulaError(f"Feature {spec.name!r}: {error.what}", error.fix, error.formula, error.position) from error
    except FeatureError as error:
        raise FeatureError(f"Feature {spec.name!r}: {error.what}", error.fix) from error
    if not np.isfinite(column).all():
        raise FeatureError(f"Feature {spec.name!r} is not a finite number at {int((~np.isfinite(column)).sum())} choices.",
                           "Mend the column it is made from, or choose another.")
    return column


def feature_matrix(specs: Sequence[FeatureSpec], world: World, context: Context) -> FeatureMatrix:
    """The matrix of all enabled specs. Raises one FeatureError that lists every problem."""
    used = [spec for spec in specs if spec.enabled]
    columns, problems = [], []
    twice = {s.name for s in used if sum(o.name == s.name for o in used) > 1}
    if twice:
        problems.append(FeatureError(f"Two features are called {sorted(twice)[0]!r}.", "Rename one."))
    for spec in used:
        try:
            columns.append(feature_column(spec, world, context))
        except FeatureError as error:
            problems.append(error)
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise FeatureError(" ".join(e.what for e in problems), " ".join(dict.fromkeys(e.fix for e in problems)))
    values = np.column_stack(columns) if columns else np.empty((world.mdp.n_choices, 0))
    names = tuple(spec.name for spec in used)
    return FeatureMatrix(names, np.ascontiguousarray(values), (values != 0.0).mean(axis=0), _warnings(names, values))


def _warnings(names: tuple[str, ...], values: np.ndarray) -> tuple[tuple[str, str, str], ...]:
    found = []
    for k, name in enumerate(names):
        column = values[:, k]
        if len(column) and column.min() == column.max() == 0.0:
            found.append((name, f"{name} is 0 everywhere: nothing can be learned of it.", "Change it, or switch it off."))
        for j in range(k):
            if np.array_equal(values[:, j], column):
                found.append((name, f"{name} and {names[j]} have the same values: their weights cannot be told apart.",
                              "Switch one of them off."))
    return tuple(found)


def suggest_features(world: World) -> list[FeatureSpec]:
    """A start basis: length and step, kinds of turn where angles are known, and the values of the attribute of text
    that splits the places best (by entropy, at most five values)."""
    specs = []
    if np.isfinite(world.choice_length).all() and world.choice_length.max(initial=0.0) > 0.0:
        per = 1000.0 if world.unit == "m" else 1.0
        specs.append(FeatureSpec("length (km)" if per > 1 else "length", "length", {"per": per}, "negative"))
    specs.append(FeatureSpec("each step", "step", {}))
    if np.isfinite(world.choice_turn).any():
        specs += [FeatureSpec("left turn", "turn", {"turn": "left"}), FeatureSpec("right turn", "turn", {"turn": "right"}),
                  FeatureSpec("u-turn", "turn", {"turn": "u-turn"})]
    return specs + _text_indicators(world)


def _text_indicators(world: World) -> list[FeatureSpec]:
    best: tuple[float, str, list[str]] = (0.0, "", [])
    for name, values in world.place_attributes.items():
        if values.dtype == object:
            texts, counts = np.unique(values[values != ""].astype(str), return_counts=True)
            share = counts / max(counts.sum(), 1)
            entropy = float(-(share * np.log(share)).sum())
            if 2 <= len(texts) <= 8 and entropy > best[0]:
                best = (entropy, name, [str(t) for t in texts[np.argsort(-counts)]])
    return [FeatureSpec(f"{best[1]}: {value}", "attribute", {"attribute": best[1], "equals": value})
            for value in best[2][1:5]]
