"""Attributes of links with gaps: "(missing)" can be asked for, empty cells are no value of their own, and nothing hangs on the type."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from irlcore.elicitation.library import single_candidates
from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, Context
from irlcore.features.feature_set import suggest_features
from irlcore.features.formula.names import formula_words
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.tracks.attributes import MISSING, value_labels
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

NOTHING = Context()
RING = pd.DataFrame({"link": list("abcdef"), "u": range(6), "v": [1, 2, 3, 4, 5, 0], "length": 10.0})
COLUMNS: dict[str, pd.Series] = {
    "blank": pd.Series([np.nan] * 6), "text": pd.Series(["x", None, "y", " ", "x", "y"]), "number": pd.Series([2, np.nan, 7, 2, 7, 7.5]),
    "nullable": pd.Series([1, None, 2, 1, 2, 2], dtype="Int64"), "category": pd.Series(["p", None, "q", "p", "p", "q"], dtype="category"),
    "yes": pd.Series([True, False, True, True, False, True]), "maybe": pd.Series([True, None, True, True, False, True], dtype="boolean"),
    "date": pd.Series(pd.to_datetime(["2026-01-02", None, "2026-01-03"] * 2)),
    "infinite": pd.Series([1.0, np.inf, -np.inf, 1.0, 2.0, 1.0])}


def ring(name: str) -> World:
    return build_network(RING.assign(kind=COLUMNS[name].to_numpy() if name in ("blank", "number") else COLUMNS[name]))


def where(world: World, wanted: str) -> np.ndarray:
    params: dict[str, Any] = {"attribute": "kind", "equals": wanted}
    return KINDS["attribute"].column(world, NOTHING, params) == 1.0


@pytest.mark.parametrize("name", COLUMNS)
def test_every_value_of_a_column_of_any_type_can_be_asked_for_and_missing_too(name: str) -> None:
    world = ring(name)
    labels = value_labels(world.place_attributes["kind"])[world.choice_place]
    assert (labels == MISSING).sum() == value_labels(COLUMNS[name]).tolist().count(MISSING)
    for label in {*labels, MISSING}:
        assert (where(world, label) == (labels == label)).all()


@pytest.mark.parametrize("name", COLUMNS)
def test_a_start_set_a_library_and_words_can_be_made_of_a_column_of_any_type(name: str) -> None:
    world = ring(name)
    specs = [*suggest_features(world), *single_candidates(world, NOTHING)]
    for spec in specs:
        assert np.isfinite(KINDS[spec.kind].column(world, NOTHING, spec.params)).all()
    asked = [spec.params["equals"] for spec in specs if spec.kind == "attribute" and "equals" in spec.params]
    assert not {"", "nan", "None", MISSING} & set(asked)
    assert not [word for word in formula_words(world, NOTHING)["columns of text"] if MISSING in word or '""' in word]


def test_objects_that_no_table_would_bring_are_values_like_others_and_survive_the_project_file() -> None:
    """A world made in Python may carry None and NaN among its texts."""
    plain = ring("text")
    world = replace(plain, place_attributes={"kind": np.array(["x", None, np.nan, "", 3, "x"], dtype=object)})
    assert where(world, MISSING).sum() == 3 and where(world, "x").sum() == 2 and where(world, "3").sum() == 1
    assert [spec.params["equals"] for spec in suggest_features(world) if spec.kind == "attribute"] == ["3"]
    table = pd.DataFrame({"track": ["t"], "path": ["a b c"]})
    tracks = read_paths(table, guess_columns(table, "paths")).tracks
    project = Project(tracks=tracks, world=world, paths=map_link_tracks(world, tracks).paths)
    again = load_project(save_project(project)).world
    assert again is not None
    assert value_labels(again.place_attributes["kind"]).tolist() == value_labels(world.place_attributes["kind"]).tolist()


def test_in_a_formula_missing_and_the_empty_text_are_the_same() -> None:
    world = ring("text")
    one, other = (KINDS["formula"].column(world, NOTHING, {"formula": f'kind == "{text}"'}) for text in (MISSING, ""))
    assert one.sum() == 2.0 and (one == other).all()
    assert (KINDS["formula"].column(world, NOTHING, {"formula": f'kind != "{MISSING}"'}) == 1.0 - one).all()


def test_what_is_no_number_is_told_with_the_way_to_ask_for_gaps() -> None:
    with pytest.raises(FeatureError, match="not a number") as caught:
        where(ring("number"), "fast")
    assert MISSING in caught.value.fix
