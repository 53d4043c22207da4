"""The total of a feature along a track is told in the unit that it counts."""

from __future__ import annotations

import pytest

from irlcore.features.base import KINDS, FeatureSpec
from irlcore.features.totals import STEPS, TIMES, Total, total_of
from tests.review.streets import town

TOWN = town()


@pytest.mark.parametrize(("spec", "total"), [
    (FeatureSpec("length (km)", "length", {"per": 1000.0}), Total("m", 1000.0)), (FeatureSpec("length", "length"), Total("m")),
    (FeatureSpec("time", "duration"), Total("min")), (FeatureSpec("each step", "step"), Total(STEPS)),
    (FeatureSpec("left", "turn", {"turn": "left"}), Total(TIMES)), (FeatureSpec("old town", "zone", {"zone": "old town"}), Total(STEPS)),
    (FeatureSpec("arterial", "attribute", {"attribute": "road", "equals": "arterial"}), Total(STEPS)),
    (FeatureSpec("toll", "attribute", {"attribute": "toll"}), Total()), (FeatureSpec("stays", "staying"), Total(TIMES)),
    (FeatureSpec("stays", "staying", {"counted": "minutes"}), Total("min")), (FeatureSpec("formula", "formula"), Total())],
    ids=lambda one: one.name if isinstance(one, FeatureSpec) else "")
def test_each_kind_has_its_unit(spec: FeatureSpec, total: Total) -> None:
    assert spec.kind in KINDS and total_of(spec, TOWN) == total
