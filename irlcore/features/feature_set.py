"""Specs into a matrix: all columns of a feature set, their coverage, and what is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from irlcore.budget import within
from irlcore.engine import checkpoint
from irlcore.errors import FeatureError, FormulaError
from irlcore.features.base import Context, FeatureSpec, kind_of
from irlcore.features.folds import fold_by_id
from irlcore.features.log_basis import of_log
from irlcore.features.refusals import as_feature_errors
from irlcore.quantities import sensible_amount
from irlcore.tracks.attributes import known_counts
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.worlds.mdp import Paths
from irlcore.worlds.staying import stay_seconds
from irlcore.worlds.world import World

FOLDS = 10
MANY, FOLDS_OF_MANY = 2000, 5  # each fold is solved for: with many tracks, a fifth less says nearly the same
MOST_SUGGESTED = 8


@dataclass(frozen=True, slots=True)
class FeatureMatrix:
    """names: (K,). values: (M, K) float64, Phi. coverage: (K,) share of choices where the feature is not 0.
    warnings: (feature, what, fix) for columns that are constant or equal."""

    names: tuple[str, ...]
    values: np.ndarray
    coverage: np.ndarray
    warnings: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PathFeatures:
    """The features by which some paths are judged, where not all are judged by the same.

    index: (n,) int64, which paths. phi: (M, K) float64.
    """

    index: np.ndarray
    phi: np.ndarray


def recounts(specs: Sequence[FeatureSpec], world: World, context: Context, paths: Paths, folds: int = 0) -> tuple[PathFeatures, ...]:
    """For features that are counted on tracks (class traffic): those of each of ``paths``, counted without the fold it belongs to.

    A path that is judged by counts it is part of looks more ordinary than it is, and the weight of such a feature comes out too
    large. The folds are those of ``context.training`` (paths are known by their ids), so a path is counted without the same others
    whatever ``paths`` are asked about. folds: 0 for as many as suit their number. Empty where no enabled feature counts tracks, or
    where none of ``paths`` is among those counted.
    """
    used = [spec for spec in specs if spec.enabled]
    training = context.training
    counted = [k for k, spec in enumerate(used) if kind_of(spec).counts_tracks(spec.params)]
    if training is None or len(training) < 2 or not counted:
        return ()
    n = len(training)
    folds = min(folds or (FOLDS if n <= MANY else FOLDS_OF_MANY), n)
    fold = fold_by_id(training.ids, folds)
    known = {str(name): k for name, k in zip(training.ids, fold, strict=True)}
    left_out = np.array([known.get(str(name), -1) for name in paths.ids], np.int64)
    if not (left_out >= 0).any():
        return ()
    whole, found = feature_matrix(used, world, context).values, []
    for k in np.unique(left_out[left_out >= 0]):
        others = replace(context, training=training.take(np.flatnonzero(fold != k)))
        found.append(PathFeatures(np.flatnonzero(left_out == k), counted_anew(specs, world, others, whole)))
    return tuple(found)


def counted_anew(specs: Sequence[FeatureSpec], world: World, context: Context, known: np.ndarray) -> np.ndarray:
    """``known`` (M, K), the columns of the enabled specs, with those that count tracks counted on ``context.training``."""
    phi = known.copy()
    for j, spec in enumerate([spec for spec in specs if spec.enabled]):
        if kind_of(spec).counts_tracks(spec.params):
            phi[:, j] = feature_column(spec, world, context)
    return phi


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
    cells = len(used) * world.mdp.n_choices
    with as_feature_errors():
        within("cells", cells, f"{len(used):,} features of {world.mdp.n_choices:,} choices are {cells:,} cells.", "Switch some off.")
    columns, problems = [], []
    twice = [name for name, count in Counter(spec.name for spec in used).items() if count > 1]
    if twice:
        problems.append(FeatureError(f"Two features are called {min(twice)!r}.", "Rename one."))
    for spec in used:
        checkpoint()
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
    first: dict[bytes, str] = {}
    for name, column in zip(names, values.T, strict=True):
        if len(column) and column.min() == column.max() == 0.0:
            found.append((name, f"{name} is 0 everywhere: nothing can be learned of it.", "Change it, or switch it off."))
        same = first.setdefault((column + 0.0).tobytes(), name)  # + 0 makes of -0 what it equals
        if same != name:
            found.append((name, f"{name} and {same} have the same values: their weights cannot be told apart.", "Switch one of them off."))
    return tuple(found)


def suggest_features(world: World) -> list[FeatureSpec]:
    """A start basis: length and step, kinds of turn where angles are known, and the values of the attribute of text
    that splits the places best (by entropy, at most five values). Of a log see ``log_basis``; of a world of a table what its
    choices are said to cost or bring, else the choices themselves."""
    if world.kind == "table":
        return _of_table(world)
    if world.kind == "log":
        return of_log(world)
    specs = []
    if np.isfinite(world.choice_length).all() and world.choice_length.max(initial=0.0) > 0.0:
        usual = float(np.median(world.choice_length[world.choice_length > 0.0]))
        per = 1000.0 if world.unit == "m" and sensible_amount(usual, "m") > 1.0 else 1.0  # indoors metres stay metres
        specs.append(FeatureSpec("length (km)" if per > 1 else "length", "length", {"per": per}, "negative"))
    specs.append(FeatureSpec("each step", "step", {}))
    if stay_seconds(world) > 0.0:
        specs.append(FeatureSpec("staying", "staying", {}))
    if np.isfinite(world.choice_turn).any():
        specs += [FeatureSpec("left turn", "turn", {"turn": "left"}), FeatureSpec("right turn", "turn", {"turn": "right"}),
                  FeatureSpec("u-turn", "turn", {"turn": "u-turn"})]
    return specs + _text_indicators(world)


def _of_table(world: World) -> list[FeatureSpec]:
    """The numbers of a table's choices that are known everywhere and differ; where there are none, which choice it is, but the first."""
    numbers = [name for name, values in world.choice_attributes.items() if values.dtype != object and np.isfinite(values).all()
               and values.min(initial=np.inf) < values.max(initial=-np.inf)]
    if numbers:
        return [FeatureSpec(name, "attribute", {"attribute": name}) for name in numbers[:MOST_SUGGESTED]]
    called = str(world.settings.get("choice_column", ""))
    names = list(known_counts(world.choice_attributes[called])) if called in world.choice_attributes else []
    return [FeatureSpec(f"{called}: {name}", "attribute", {"attribute": called, "equals": name}) for name in names[1:MOST_SUGGESTED]
            if len(called) + 2 + len(name) <= LONGEST_NAME]


def _text_indicators(world: World) -> list[FeatureSpec]:
    best: tuple[float, str, list[str]] = (0.0, "", [])
    for name, values in world.place_attributes.items():
        if values.dtype == object:
            texts = known_counts(values)
            share = np.array([*texts.values()]) / max(sum(texts.values()), 1)
            entropy = float(-(share * np.log(share)).sum())
            longest = len(name) + 2 + max(map(len, texts), default=0)
            if 2 <= len(texts) <= 8 and entropy > best[0] and longest <= LONGEST_NAME:
                best = (entropy, name, [*texts])
    return [FeatureSpec(f"{best[1]}: {value}", "attribute", {"attribute": best[1], "equals": value})
            for value in best[2][1:5]]
