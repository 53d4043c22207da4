"""A candidate is what it measures: names do not make another one of it, corners and parameters do."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from irlcore.features.base import KINDS, Context, FeatureSpec
from irlcore.features.checks import embedded
from irlcore.features.measured import measured, measured_in
from irlcore.project.samples import sample_project
from irlcore.project.split import need_world

RING = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]])
AT = np.array([1.0, 1.5])
IN = FeatureSpec("in zone 1", "zone", {"zone": "zone 1"})
NEAR = FeatureSpec("near", "near", {"places": ["gate", "zone 1"], "reach": 2.0})
ZONES, SPOTS = {"zone 1": RING}, {"gate": AT}


def renamed(params: dict[str, object]) -> dict[str, object]:
    """The same with the zone called quay and the place called door."""
    found: dict[str, object] = json.loads(json.dumps(params).replace("zone 1", "quay").replace("gate", "door"))
    return found


CASES = (IN, NEAR, FeatureSpec("d", "distance", {"place": "gate", "reach": 3.0}),
         FeatureSpec("f", "formula", {"formula": 'length * inside("zone 1")'}),
         FeatureSpec("both", "combine", {"first": embedded(IN), "how": "or", "second": embedded(NEAR)}),
         FeatureSpec("habit", "habit", {"of": "turn", "fit": {"features": [embedded(IN)], "weights": [1.0], "own": [], "model": "maxent",
                                                               "gamma": 1.0}}))


@pytest.mark.parametrize("spec", CASES, ids=lambda spec: spec.kind)
def test_another_name_makes_no_other_candidate(spec: FeatureSpec) -> None:
    first = measured(spec, ZONES, SPOTS)
    assert measured(replace(spec, name="x", reason="because", sign="negative", version=7, made="2026"), ZONES, SPOTS) == first
    assert measured(replace(spec, params=renamed(dict(spec.params))), {"quay": RING}, {"door": AT}) == first
    assert measured(spec, {**ZONES, "other": RING + 9.0}, {**SPOTS, "else": AT}) == first


@pytest.mark.parametrize("spec", CASES, ids=lambda spec: spec.kind)
def test_other_corners_make_another(spec: FeatureSpec) -> None:
    assert measured(spec, {"zone 1": RING + 1e-9}, {"gate": AT + 1e-9}) != measured(spec, ZONES, SPOTS)


def test_parameters_make_another_and_defaults_written_out_do_not() -> None:
    for spec, params in ((NEAR, {"reach": 2.5}), (CASES[2], {"reach": 4.0}), (CASES[3], {"formula": "length"}), (CASES[4], {"how": "and"})):
        assert measured(replace(spec, params={**spec.params, **params}), ZONES, SPOTS) != measured(spec, ZONES, SPOTS)
    plain = FeatureSpec("a", "step", {})
    whole = {p.name: p.default for p in KINDS["step"].parameters}
    assert measured(plain, {}, {}) == measured(replace(plain, params=whole), {}, {}) != measured(FeatureSpec("a", "turn", {}), {}, {})
    assert measured(replace(NEAR, params={**NEAR.params, "reach": 2}), ZONES, SPOTS) == measured(NEAR, ZONES, SPOTS)
    spaced = replace(CASES[3], params={"formula": 'length  *  inside("zone 1") '})
    assert measured(spaced, ZONES, SPOTS) == measured(CASES[3], ZONES, SPOTS)


def test_a_name_that_is_no_zone_stands_as_it_is() -> None:
    assert measured(IN, {}, {}) != measured(IN, ZONES, {})
    assert measured(IN, {}, {}) != measured(replace(IN, params={"zone": "zone 2"}), {}, {})


TRAFFIC = FeatureSpec("traffic", "traffic", {"of": "place"})


@pytest.mark.parametrize(("spec", "on_tracks"), [
    (IN, False), (NEAR, False), (TRAFFIC, True), (CASES[-1], True),
    (FeatureSpec("both", "combine", {"first": embedded(IN), "how": "times", "second": embedded(TRAFFIC)}), True)],
    ids=["zone", "near", "traffic", "habit", "pair"])
def test_what_is_counted_on_other_tracks_is_another_candidate_and_what_is_not_is_the_same(spec: FeatureSpec, on_tracks: bool) -> None:
    _, paths = need_world(sample_project("town"))
    some, others = paths.take(np.arange(4)), paths.take(np.arange(1, 5))
    first = measured_in(Context(ZONES, SPOTS, some))(spec)
    assert measured_in(Context({"quay": RING}, {"door": AT}, paths.take(np.arange(4))))(
        replace(spec, name="x", params=renamed(dict(spec.params)))) == first
    assert (measured_in(Context(ZONES, SPOTS, others))(spec) != first) is on_tracks
    assert (measured(spec, ZONES, SPOTS) == first) is not on_tracks
