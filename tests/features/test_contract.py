"""Every registered kind of feature keeps the public contract, in a town, on grids and in logs, with and without coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from irlcore.contracts.checking import check_part
from irlcore.contracts.feature_kind import AT_HOME, IN_EACH, PARTS, home
from irlcore.contracts.filled_forms import Form, registered
from irlcore.contracts.grounds import worlds
from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, FeatureKind, FeatureSpec, kind_of
from irlcore.worlds.world import World

EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@EACH_KIND
@pytest.mark.parametrize("world", worlds().values(), ids=worlds())
@pytest.mark.parametrize("part", IN_EACH)
def test_in_each_world(kind: FeatureKind, world: World, part: str) -> None:
    check_part(part, IN_EACH[part], kind, Form(world, {}), world.kind)


@EACH_KIND
@pytest.mark.parametrize("part", AT_HOME)
def test_at_home(kind: FeatureKind, part: str) -> None:
    check_part(part, AT_HOME[part], kind, Form(home(kind), {}), "where it works")


@EACH_KIND
@pytest.mark.parametrize("part", [part for part in AT_HOME if "described" in part or "description" in part or "JSON" in part])
def test_in_town_too(kind: FeatureKind, part: str) -> None:
    """A feature is described, and kept, where it has nothing to be computed from as well."""
    check_part(part, AT_HOME[part], kind, Form(worlds()["town"], {}), "a town")


def test_kinds_are_registered_by_their_names() -> None:
    assert all(KINDS[kind.kind] is kind for kind in KINDS.values())
    assert set(PARTS) == {*IN_EACH, *AT_HOME}


def test_a_kind_is_registered_for_as_long_as_it_is_checked() -> None:
    other = type("Other", (type(KINDS["step"]),), {"kind": "other"})()
    with registered(other):
        assert KINDS["other"] is other
        with registered(KINDS["step"]):
            assert set(KINDS) > {"other", "step"}
    assert "other" not in KINDS and "step" in KINDS


def test_a_kind_that_is_not_known_is_an_error_that_lists_the_known_ones() -> None:
    params: Mapping[str, Any] = {}
    with pytest.raises(FeatureError) as caught:
        kind_of(FeatureSpec("mine", "smell", params))
    assert "mine" in caught.value.what and "smell" in caught.value.what
    assert all(known in caught.value.fix for known in KINDS)
