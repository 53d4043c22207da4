"""Another name for a zone: every feature that calls it goes along, and measures what it measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.errors import FeatureError
from irlcore.features.base import FeatureSpec
from irlcore.features.checks import embedded
from irlcore.features.feature_set import feature_matrix
from irlcore.features.measured import measured
from irlcore.features.renaming import with_place_renamed
from irlcore.project.project import Project
from irlcore.project.renaming import place_renamed
from irlcore.project.samples import sample_project
from irlcore.project.split import context_of, split_paths

RING = np.array([[900.0, 1500.0], [1800.0, 1400.0], [1900.0, 2200.0], [1000.0, 2300.0], [900.0, 1500.0]])
INSIDE = FeatureSpec("in it", "zone", {"zone": "old"})
SPECS = (INSIDE, FeatureSpec("near", "near", {"places": ["old", "gate"], "reach": 300.0}),
         FeatureSpec("typed", "formula", {"formula": 'exp(-distance( "old")/300) * inside(\'old\') * (road == "street")'}),
         FeatureSpec("both", "combine", {"first": embedded(INSIDE), "how": "and", "second": embedded(INSIDE)}))


def project() -> Project:
    return replace(sample_project("town"), zones={"old": RING, "other": RING + 300.0}, spots={"gate": RING[0]}, features=SPECS)


@pytest.mark.parametrize("new", ["old town", 'the "old" town', "street", "été"])
def test_every_feature_measures_what_it_measured(new: str) -> None:
    before = project()
    after = place_renamed(before, "old", new)
    assert list(after.zones) == [new, "other"], "colours go by the order"
    assert before.world is not None
    for one in (before, after):
        named = [s for s in one.features if s.kind != "formula"]
        assert [measured(s, one.zones, one.spots) for s in named] == [measured(s, before.zones, before.spots) for s in SPECS
                                                                      if s.kind != "formula"]
    values = [feature_matrix(one.features, before.world, context_of(one, split_paths(one))).values for one in (before, after)]
    np.testing.assert_array_equal(*values)
    assert after.history[-1].what == f"Renamed old to {new}"


def test_a_value_of_a_column_that_reads_like_the_zone_stays() -> None:
    text = '(road == "old") * inside("old")'
    spec = with_place_renamed(FeatureSpec("f", "formula", {"formula": text}), "old", "new")
    assert spec.params["formula"] == '(road == "old") * inside("new")'


def test_a_name_that_cannot_be_given_is_refused_in_words() -> None:
    before = project()
    for old, new in (("old", "gate"), ("old", "other"), ("old", ""), ("nowhere", "x"), ("old", "a\\b"), ("old", "'\"")):
        with pytest.raises(FeatureError):
            place_renamed(before, old, new)
    odd = replace(before, features=(FeatureSpec("odd", "of the future", {"a": "old"}),))
    with pytest.raises(FeatureError, match="of the future"):
        place_renamed(odd, "old", "new")


def test_a_feature_that_does_not_use_it_is_let_be() -> None:
    spec = FeatureSpec("length", "length", {"per": 1.0})
    assert with_place_renamed(spec, "old", "new") is spec
