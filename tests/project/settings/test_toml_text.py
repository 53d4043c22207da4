"""What is written as TOML is read back by the standard library as the very same."""

from __future__ import annotations

import math
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from irlcore.project.settings.toml_text import toml_text

LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN = st.one_of(st.booleans(), st.integers(-2**63, 2**63 - 1), st.floats(allow_nan=False), LETTERS)
NESTED = st.recursive(PLAIN, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(LETTERS, inner, max_size=4)),
                      max_leaves=20)


@given(st.dictionaries(LETTERS, NESTED, max_size=5))
def test_tables_come_back_as_they_were(table: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(table)) == table


def test_floats_come_back_to_the_last_bit_and_without_an_end() -> None:
    numbers = [0.1 + 0.2, 1e-308, 5e-324, 1.7976931348623157e308, -0.0, math.inf, -math.inf]
    again = tomllib.loads(toml_text({"numbers": numbers}))["numbers"]
    assert [one.hex() for one in again] == [one.hex() for one in numbers]
    assert math.isnan(tomllib.loads(toml_text({"none": math.nan}))["none"])


def test_it_is_laid_out_to_be_read() -> None:
    text = toml_text({"version": 1, "fit": {"model": "maxent", "settings": {"value_basis": {"lam": 0.5}}},
                      "features": [{"name": "left turn", "params": {"turn": "left"}}]})
    assert text == ('version = 1\n\n[fit]\nmodel = "maxent"\n\n[fit.settings.value_basis]\nlam = 0.5\n\n[[features]]\n'
                    'name = "left turn"\nparams = {turn = "left"}\n')


def test_half_a_pair_of_letters_does_not_make_a_file_that_nobody_can_read() -> None:
    assert tomllib.loads(toml_text({"name": "a\ud800b"})) == {"name": "a?b"}
