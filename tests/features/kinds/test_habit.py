"""Habits hold a fit in their parameters: what lies in it is checked, moved and listed as any other feature."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from irlcore.contracts.filled_forms import SQUARE, context
from irlcore.contracts.grounds import grid, town
from irlcore.elicitation.expected_use import expected
from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, Context, FeatureSpec
from irlcore.features.checks import DEEPEST, embedded, names_used, spec_problems
from irlcore.features.exchange import features_from_json, features_to_json
from irlcore.features.feature_set import feature_column

ZONE = FeatureSpec("in", "zone", {"zone": "square"})
BUMP = FeatureSpec("at", "bump", {"x": 100.0, "y": 100.0, "radius": 80.0})


def habit(*features: FeatureSpec, **parts: Any) -> FeatureSpec:
    fit = {"features": [embedded(f) for f in features], "weights": [-1.0] * len(features), "own": [], "model": "maxent", "gamma": 1.0}
    return FeatureSpec("habit", "habit", {"of": "turn", "fit": {**fit, **parts}})


def test_the_zones_of_its_fit_are_names_that_it_uses() -> None:
    assert names_used(habit(ZONE)) == {"square"}
    inner = FeatureSpec("both", "combine", {"first": embedded(habit(ZONE)), "how": "times", "second": embedded(BUMP)})
    assert names_used(habit(inner)) == {"square"}
    world = town()
    file = json.loads(features_to_json([habit(ZONE)], {"square": SQUARE, "other": SQUARE + 1.0}, {}, world))
    assert list(file["zones"]) == ["square"]


def test_points_in_its_fit_are_moved_with_the_rest() -> None:
    here, there = replace(grid(), crs="EPSG:32633"), replace(grid(), crs="EPSG:32634")
    far = FeatureSpec("at", "bump", {"x": 500_000.0, "y": 5_000_000.0, "radius": 80.0})
    plain, within = features_from_json(features_to_json([far, habit(far)], {}, {}, here), there).specs
    assert plain.params["x"] != 500_000.0
    assert within.params["fit"]["features"][0]["params"] == plain.params


WRONG: dict[str, dict[str, Any]] = {
    "features are words": {"features": ["a"]}, "features are a word": {"features": "abc"}, "features are a number": {"features": 5},
    "too few weights": {"weights": []}, "a huge weight": {"weights": [10**400]}, "a weight that is no number": {"weights": [None]},
    "own is a number": {"own": 3}, "gamma above 1": {"gamma": 2.0}, "gamma is not a number": {"gamma": float("nan")},
    "model is a number": {"model": 7}}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_garbled_fit_is_an_error_and_can_still_be_described(wrong: str) -> None:
    spec = habit(ZONE, **WRONG[wrong])
    assert spec_problems(spec)
    with pytest.raises(FeatureError) as caught:
        feature_column(spec, town(), context(town()))
    assert caught.value.fix
    assert KINDS["habit"].describe(spec.params, "m").endswith("(no unit).")


@pytest.mark.parametrize("parts", [{"model": "telepathy"}, {"model": "noisy_value", "own": []}, {"own": [1.0]}])
def test_a_model_that_is_not_known_or_not_complete_is_an_error_once_it_is_asked(parts: dict[str, Any]) -> None:
    world = town()
    asked = Context(context(world).zones, {}, context(world).training, expected)
    with pytest.raises(FeatureError, match="expected"):
        feature_column(habit(FeatureSpec("step", "step"), **parts), world, asked)


def test_habits_of_fits_of_habits_end_somewhere() -> None:
    spec = habit(FeatureSpec("step", "step"))
    for _ in range(DEEPEST - 1):
        assert not spec_problems(spec)
        spec = habit(spec)
    assert not spec_problems(spec)
    assert any("deep" in problem for problem in spec_problems(habit(spec)))
