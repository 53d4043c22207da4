"""``check_feature_kind`` catches what it says: for each part a kind that breaks this part, and no part before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from irlcore.contracts.feature_kind import PARTS, check_feature_kind
from irlcore.contracts.grounds import town, without_coordinates
from irlcore.errors import ContractBroken
from irlcore.features.base import KINDS, Context, FeatureKind, FeatureParameter
from irlcore.worlds.world import World
from tests.contracts.broken_kinds import (
    ByNumber,
    Counting,
    Flighty,
    Gap,
    Lender,
    NoDefault,
    NoFix,
    NoSuchOption,
    NotOnly,
    NoUnit,
    OddValue,
    Sound,
    Taken,
    TakesAnything,
    Unsaid,
    Whole,
    WithGaps,
)


def stays_ahead(kind: FeatureKind, part: str) -> None:
    """No part that is looked at before is broken."""
    if part != next(iter(PARTS)):
        check_feature_kind(kind, parts=list(PARTS)[:list(PARTS).index(part)])


BROKEN: dict[str, list[tuple[type[FeatureKind], str]]] = {
    "it has what its card shows": [(Unsaid, "does not end with a full stop"), (Taken, "another kind of feature is called 'zone'")],
    "a parameter left out is its default": [(NoDefault, "parameter 'per' left out")],
    "every option of a parameter works": [(NoSuchOption, "not finite where 'gap' is 'yes'")],
    "a wrong value is an error with a fix": [(TakesAnything, "per = 'many' goes through, and should raise FeatureError")],
    "it is described with its unit": [(NoUnit, "names no unit")],
    "a description is complete without a unit": [(Gap, "a gap where there is no unit")],
    "it is available exactly where its column can be computed": [(NotOnly, "it raises ValueError: nothing known"), (NoFix, "has no fix")],
    "a column is one finite number a choice, the same each time": [(WithGaps, "column is nan at choice 0"), (Flighty, "computed once more"),
                                                                   (Whole, "int64, not of float64")],
    "a column is the caller's own": [(Lender, "choice_length of the world changes with the column")],
    "the order of states changes no column": [(ByNumber, "states in the order of seed 0")],
    "it says which columns are counted on tracks": [(Counting, r"counts_tracks\(\) is False")],
}
FILES = ["it goes through JSON and comes back", "it goes through a file of features and comes back",
         "it goes through a project file and comes back"]


@pytest.mark.parametrize(("part", "kind", "words"), [(part, *one) for part, all_of_it in BROKEN.items() for one in all_of_it],
                         ids=[one[0].__name__ for all_of_it in BROKEN.values() for one in all_of_it])
def test_what_breaks_a_part_is_caught_there(part: str, kind: type[FeatureKind], words: str) -> None:
    known = dict(KINDS)
    with pytest.raises(ContractBroken, match=words) as caught:
        check_feature_kind(kind)
    assert caught.value.part == part
    stays_ahead(kind(), part)
    assert known == KINDS


@pytest.mark.parametrize(("part", "value"), list(zip(FILES, (float("nan"), ("a", "b"), 7), strict=True)))
def test_parameters_that_no_file_gives_back_are_caught(part: str, value: object) -> None:
    class Odd(OddValue):
        """Its picked value does not come back."""

        parameters = (*Sound.parameters, FeatureParameter("odd", "Odd", "text", value))

        def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
            return Sound.column(self, world, context, params)

    with pytest.raises(ContractBroken, match=r"comes back|does not take it") as caught:
        check_feature_kind(Odd, parts=[part])
    assert caught.value.part == part


def test_a_class_of_which_no_object_can_be_made_or_without_a_name_is_told() -> None:
    class Half(FeatureKind):
        """Has no column."""

        def describe(self, params: Mapping[str, Any], unit: str) -> str:
            return ""

    class Nameless(Half):
        """Has no name."""

        def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
            return np.zeros(world.mdp.n_choices)

    with pytest.raises(ContractBroken, match="no object can be made of it"):
        check_feature_kind(Half)  # type: ignore[type-abstract]
    with pytest.raises(ContractBroken, match=r"its name \(kind\) is None"):
        check_feature_kind(Nameless, parts=["a parameter left out is its default"])


def test_every_part_is_broken() -> None:
    assert {*BROKEN, *FILES} == set(PARTS)


def test_two_numbers_are_told_where_numbers_should_agree() -> None:
    with pytest.raises(ContractBroken) as caught:
        check_feature_kind(ByNumber)
    found, expected = caught.value.found, caught.value.expected
    assert found is not None and expected is not None and abs(found - expected) >= 1.0
    assert f"is {found:.10g}, and should be {expected:.10g}" in caught.value.what and "town" in caught.value.case


def test_a_sound_kind_is_told_where_it_works() -> None:
    found = check_feature_kind(Sound)
    assert found.parts == tuple(PARTS) and len(found.cases) == 12
    assert found.notes[0].startswith("It works in: town, ") and "sound" not in KINDS
    assert check_feature_kind(Sound(), town(), {"per": 5.0}).notes == ("It works in: the given network.",)
    with pytest.raises(ValueError, match="no parameter 'size'"):
        check_feature_kind(Sound, parameters={"size": 1})
    assert check_feature_kind(Sound, without_coordinates(town(places=False))).notes == ("It works in: .",)


def test_a_kind_that_works_nowhere_is_asked_for_a_world() -> None:
    class Nowhere(Sound):
        """Works in no world."""

        def available(self, world: World) -> str:
            return "Never."

    with pytest.raises(ContractBroken, match="Give a world in which it works"):
        check_feature_kind(Nowhere)
