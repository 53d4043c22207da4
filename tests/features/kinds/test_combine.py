"""Features made of two others, and what can be said of a spec without a world."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from irlcore.contracts.filled_forms import context
from irlcore.contracts.grounds import grid, town
from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, FeatureSpec
from irlcore.features.checks import DEEPEST, embedded, embedded_spec, names_used, spec_problems
from irlcore.features.feature_set import feature_column

INSIDE = FeatureSpec("inside", "zone", {"zone": "square"})
SPEED = FeatureSpec("speed", "attribute", {"attribute": "speed_kmh"})
BROKEN = FeatureSpec("lost", "zone", {"zone": "nowhere"})


def combined(first: FeatureSpec, how: str, second: FeatureSpec, name: str = "both") -> FeatureSpec:
    return FeatureSpec(name, "combine", {"first": embedded(first), "how": how, "second": embedded(second)})


def values(spec: FeatureSpec) -> np.ndarray:
    return feature_column(spec, town(), context(town()))


def tower(height: int, foot: FeatureSpec = INSIDE) -> FeatureSpec:
    """A combination of a combination of ..., ``height`` of them."""
    spec = foot
    for level in range(height):
        spec = combined(spec, "or", INSIDE, f"level {level}")
    return spec


def test_each_way_to_combine_two_columns() -> None:
    a, b = values(INSIDE), values(SPEED)
    turned = FeatureSpec("left", "turn", {"turn": "left"})
    c = values(turned)
    assert 0.0 < a.mean() < 1.0 and 0.0 < c.mean() < 1.0 and (a * c).mean() > 0.0
    np.testing.assert_array_equal(values(combined(INSIDE, "and", turned)), np.minimum(a, c))
    np.testing.assert_array_equal(values(combined(INSIDE, "or", turned)), np.maximum(a, c))
    np.testing.assert_array_equal(values(combined(INSIDE, "times", SPEED)), a * b)
    np.testing.assert_array_equal(values(combined(SPEED, "minus", INSIDE)), b - a)


def test_both_and_either_ask_whether_a_value_is_not_nought_whatever_its_sign() -> None:
    negative = combined(FeatureSpec("step", "step"), "minus", combined(FeatureSpec("step", "step"), "or", INSIDE))
    np.testing.assert_array_equal(values(negative), 0.0)
    below = combined(INSIDE, "minus", FeatureSpec("step", "step"))
    assert values(below).min() == -1.0
    np.testing.assert_array_equal(values(combined(below, "and", FeatureSpec("step", "step"))), 1.0 - values(INSIDE))
    np.testing.assert_array_equal(values(combined(below, "or", INSIDE)), 1.0)


def test_combinations_nest_as_deep_as_they_may_and_no_deeper() -> None:
    np.testing.assert_array_equal(values(tower(DEEPEST)), values(INSIDE))
    assert spec_problems(tower(DEEPEST)) == []
    with pytest.raises(FeatureError) as caught:
        values(tower(DEEPEST + 1))
    assert str(DEEPEST) in caught.value.what and caught.value.fix
    assert len(spec_problems(tower(DEEPEST + 1))) > 0
    KINDS["combine"].describe(tower(40).params, "m")  # a card of it is drawn all the same


def test_an_error_of_a_nested_feature_names_it_and_those_around_it() -> None:
    with pytest.raises(FeatureError) as caught:
        values(combined(SPEED, "times", combined(INSIDE, "and", BROKEN, "inner"), "outer"))
    assert all(name in caught.value.what for name in ("outer", "inner", "lost", "nowhere")) and caught.value.fix


def test_a_combination_is_a_copy_that_shares_nothing_with_the_original() -> None:
    params: dict[str, Any] = {"places": ["home"], "reach": 50.0}
    spec = combined(FeatureSpec("near", "near", params), "and", INSIDE)
    before = values(spec)
    params["places"][0] = "nowhere"
    np.testing.assert_array_equal(values(spec), before)
    assert FeatureSpec(**spec.to_json()) == spec and embedded_spec(embedded(spec)).params == spec.params


def test_a_description_says_what_the_copies_are() -> None:
    text = KINDS["combine"].describe(combined(INSIDE, "and", FeatureSpec("way", "length")).params, "furlong")
    assert text == ("1 where inside and way are both not 0, else 0 (no unit); inside: 1 for each step inside square (no unit); "
                    "way: Length of the step, in furlong.")
    assert KINDS["combine"].describe({"first": 7}, "m").endswith(".")


PROBLEMS = {
    "kind": FeatureSpec("a", "smell"), "parameter": FeatureSpec("a", "step", {"size": 1}),
    "number": FeatureSpec("a", "length", {"per": "1"}), "truth": FeatureSpec("a", "length", {"per": True}),
    "minimum": FeatureSpec("a", "length", {"per": -1.0}), "option": FeatureSpec("a", "turn", {"turn": ["left"]}),
    "missing": FeatureSpec("a", "zone"), "name": FeatureSpec("a", "distance", {"place": 3}),
    "text": FeatureSpec("a", "attribute", {"attribute": "x", "equals": 3}), "list": FeatureSpec("a", "near", {"places": "home"}),
    "empty list": FeatureSpec("a", "near", {"places": []}), "huge": FeatureSpec("a", "bump", {"x": 10**400}),
    "nested": FeatureSpec("a", "combine", {"first": embedded(INSIDE), "second": {"name": "a", "kind": "smell", "params": {}}}),
}


@pytest.mark.parametrize("what", PROBLEMS)
def test_a_spec_with_one_thing_wrong_has_one_problem(what: str) -> None:
    (problem,) = spec_problems(PROBLEMS[what])
    assert "'a'" in problem and problem.endswith(".")


def test_a_spec_may_leave_out_what_has_a_default_and_has_all_its_problems_listed() -> None:
    assert spec_problems(FeatureSpec("a", "distance", {"place": "home"})) == []
    assert len(spec_problems(FeatureSpec("a", "distance", {"place": 1, "reach": 0, "size": 2}))) == 3


def test_names_used_are_those_of_zones_and_spots_however_deep() -> None:
    near = FeatureSpec("near", "near", {"places": ["home", "pier"]})
    assert names_used(INSIDE) == {"square"}
    assert names_used(FeatureSpec("d", "distance", {"place": "home"})) == {"home"}
    assert names_used(combined(combined(INSIDE, "or", SPEED), "and", near)) == {"square", "home", "pier"}
    assert names_used(FeatureSpec("t", "turn", {"turn": "left"}), ["left"]) == set()


def test_names_in_quotes_in_a_text_count_where_they_are_known() -> None:
    text = FeatureSpec("a", "attribute", {"attribute": "gate", "equals": "distance(\"gate\") + inside('old town') * pier"})
    assert names_used(text) == set()
    assert names_used(text, ["gate", "old town", "pier", "town"]) == {"gate", "old town"}


def test_garbled_features_refer_to_nothing_and_unknown_kinds_to_what_they_name() -> None:
    assert names_used(FeatureSpec("a", "combine", {"first": 7, "second": {"name": "b"}})) == set()
    assert names_used(FeatureSpec("a", "near", {"places": [3, None]})) == set()
    assert names_used(FeatureSpec("a", "smell", {"of": "pier", "much": 3}), ["pier", "home"]) == {"pier"}


def test_a_combination_works_where_its_parts_do() -> None:
    assert feature_column(combined(INSIDE, "and", INSIDE), grid(), context(grid())).any()
