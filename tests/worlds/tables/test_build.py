"""Tables of outcomes as worlds: what is read, what is refused and with which words."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import irlcore as ir
from irlcore.errors import DataError
from irlcore.worlds import world as world_module
from irlcore.worlds.tables import environment
from irlcore.worlds.tables.build import built_table, choice_names, ends_of
from irlcore.worlds.world import World

TABLE = pd.DataFrame({"state": ["a", "a", "a", "b", "b"], "choice": ["go", "go", "wait", "go", "jump"],
                      "next_state": ["a", "b", "a", "c", "c"], "probability": [0.25, 0.75, 1.0, 1.0, 1.0],
                      "cost": [1.0, 2.0, 0.0, 1.0, 5.0], "mode": ["foot", "foot", "none", "foot", "air"]})


def refused(**changed: object) -> str:
    with pytest.raises(DataError) as error:
        built_table(TABLE.assign(**changed))
    return error.value.what


def test_states_choices_and_outcomes_are_those_of_the_table() -> None:
    built = built_table(TABLE)
    world, mdp = built.world, built.world.mdp
    assert world.kind == "table" and mdp.choices_seen and not mdp.deterministic
    assert world.place_names.tolist() == ["a", "b", "c"] and choice_names(world).tolist() == ["go", "wait", "go", "jump"]
    np.testing.assert_allclose(mdp.transition_matrix().toarray(), [[0.25, 0.75, 0], [1, 0, 0], [0, 0, 1], [0, 0, 1]])
    np.testing.assert_allclose(world.choice_attributes["cost"], [1.75, 0.0, 1.0, 5.0])  # .25 * 1 + .75 * 2
    assert world.choice_attributes["mode"].tolist() == ["foot", "none", "foot", "air"]
    assert ends_of(world).tolist() == [2] and "1 state without a choice (c)" in built.said[1]


def test_choices_that_lead_alike_stay_two() -> None:
    mdp = built_table(TABLE).world.mdp
    assert mdp.successors[mdp.successor_offsets[2:4]].tolist() == [2, 2] and mdp.n_choices == 4


def test_without_probabilities_each_choice_leads_to_one_state() -> None:
    built = built_table(TABLE.drop(columns="probability").iloc[[1, 2, 3, 4]])
    assert built.world.mdp.deterministic and "no column of probabilities" in built.said[0]
    with pytest.raises(DataError, match=r"choice 'go' of state 'a' \(rows 2, 3\) leads to 2 states, and there is no column"):
        built_table(TABLE.drop(columns="probability"))


def test_the_order_of_rows_changes_names_and_numbers_alone() -> None:
    mixed = built_table(TABLE.iloc[[4, 2, 0, 3, 1]]).world
    rows = {(str(mixed.place_names[mixed.mdp.choice_state[m]]), str(name)): m for m, name in enumerate(choice_names(mixed))}
    to_b = mixed.mdp.transition_matrix().toarray()[:, mixed.place_names.tolist().index("b")]
    assert to_b[rows["a", "go"]] == 0.75 and mixed.choice_attributes["cost"][rows["a", "go"]] == 1.75
    assert set(mixed.mdp.ids) == set(built_table(TABLE).world.mdp.ids)


@pytest.mark.parametrize(("changed", "said"), [
    ({"probability": [0.25, 0.7, 1.0, 1.0, 1.0]}, "choice 'go' of state 'a' (rows 2, 3) sum to 0.95, not to 1"),
    ({"probability": [0.25, None, 1.0, 1.0, 1.0]}, "probability is no number in row 3"),
    ({"probability": [-0.25, 1.25, 1.0, 1.0, 1.0]}, "probability is below 0 in row 2. probability is above 1 in row 3"),
    ({"state": ["a", "a", "a", "", "b"]}, "state is empty in row 5"),
    ({"next_state": ["b", "b", "a", "c", "c"]}, "rows 2 and 3 are the same outcome, a, go, b"),
    ({"mode": ["foot", "air", "none", "foot", "air"]}, "mode is text and differs between outcomes of choice 'go' of state 'a' (rows 2, 3)"),
])
def test_what_cannot_be_is_said_with_row_and_cause(changed: dict[str, object], said: str) -> None:
    assert said in refused(**changed)


def test_all_that_is_wrong_is_said_at_once() -> None:
    what = refused(state=["a", "a", "", "b", "b"], probability=[0.25, 0.75, None, 1.0, 1.0])
    assert "state is empty in row 4" in what and "probability is no number in row 4" in what


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(DataError, match="no column for next_state"):
        built_table(TABLE.drop(columns="next_state"))
    with pytest.raises(DataError, match="has no rows"):
        built_table(TABLE.iloc[:0])


def test_an_outcome_without_a_chance_is_left_out_and_listed() -> None:
    built = built_table(TABLE.assign(probability=[0.0, 1.0, 1.0, 1.0, 1.0]))
    assert built.world.mdp.deterministic and built.problems[["row", "done"]].values.tolist() == [["2", "left out"]]


def test_a_table_of_states_brings_places_and_attributes_and_must_know_all_states() -> None:
    states = pd.DataFrame({"state": ["c", "b", "a", "d"], "x": [0.0, 3.0, 3.0, 9.0], "y": [0.0, 0.0, 4.0, 9.0], "rain": [1, 0, 0, 2]})
    world: World = ir.World.from_table(TABLE, states, unit="km")
    assert world.place_names.tolist() == ["c", "b", "a", "d"] and world.has_coordinates and world.unit == "km"
    lengths = dict(zip(choice_names(world), world.choice_length, strict=True))
    assert lengths["wait"] == 0.0 and lengths["jump"] == 3.0 and "rain" in world.place_attributes
    assert ends_of(world).tolist() == [0, 3]
    with pytest.raises(DataError, match="state is 'b' in rows 5, 6, and the table of states has no such"):
        ir.World.from_table(TABLE, states.iloc[[0, 2]])
    with pytest.raises(DataError, match=r"'c' stands in the table of states twice \(rows 2, 6\)"):
        ir.World.from_table(TABLE, pd.concat([states, states.iloc[:1]]))


def test_columns_of_other_names_are_picked() -> None:
    other = TABLE.rename(columns={"state": "s", "choice": "a", "next_state": "s2", "probability": "p"})
    picked = {"outcomes": {"state": "s", "choice": "a", "next_state": "s2", "probability": "p"}}
    world: World = ir.World.from_table(other, columns=picked)
    np.testing.assert_array_equal(world.mdp.probabilities, built_table(TABLE).world.mdp.probabilities)
    assert choice_names(world).tolist() == ["go", "wait", "go", "jump"]


def test_the_examples_of_the_python_face_hold() -> None:
    for module, many in ((world_module, 7), (environment, 5)):
        found = doctest.testmod(module)
        assert found.attempted >= many and not found.failed
    with pytest.raises(AttributeError, match="has no attribute 'Wrld'"):
        ir.Wrld  # noqa: B018


def test_the_example_of_the_docs_holds() -> None:
    found = doctest.testfile(str(Path(__file__).parents[3] / "docs" / "worlds.md"), module_relative=False)
    assert found.attempted > 12 and not found.failed
