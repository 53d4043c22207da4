"""CSV and GeoJSON hold the numbers of the review, and lie where the tracks lie."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.reasons import headlines, telling_of
from irlcore.project.project import Project, Verdict
from irlcore.report.export import reasoned_table, review_csv, review_geojson, review_table
from irlcore.report.findings import Finding, Findings
from irlcore.review.reasons import Reasons
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World
from tests.report import EVIL, made_review, plain_streets, projected_streets

NUMBERS = ["p-value", "surprise (sd)", "extra cost (utility)", "worst stretch (nats)"]
JUDGED = Project(verdicts={"north": Verdict("understood", "a ferry, \"really\"", "2024-01-01")})
NOTHING = np.zeros(0, np.int64)
REASONS = Reasons(EVIL, ("It circled the block.", "It lost much."), NOTHING, NOTHING, (), "It circled the block.")


def judged(world: World, paths: Paths) -> Project:
    return replace(JUDGED, world=world, paths=paths)


def found(world: World, paths: Paths) -> Findings:
    told = telling_of(judged(world, paths), made_review(paths))
    return Findings("", told, "", {0: Finding(0, EVIL, REASONS, "")}, {})


def no_constant(name: str) -> float:
    raise AssertionError(f"{name} is not JSON")


def loaded(world: World, paths: Paths) -> list[dict[str, object]]:
    text = review_geojson(judged(world, paths), made_review(paths), world, found(world, paths))
    collection = json.loads(text, parse_constant=no_constant)
    assert collection["type"] == "FeatureCollection"
    return list(collection["features"])


def test_the_table_has_the_reviewed_tracks_in_order_with_their_own_numbers() -> None:
    _, paths = plain_streets()
    table = review_table(JUDGED, made_review(paths))
    assert table["track"].tolist() == [EVIL, "north", "short"]
    assert table["flagged"].tolist() == [True, False, False]
    assert table["goal"].tolist() == ["d", "c", "b"]
    assert table["verdict"].tolist() == ["", "understood", ""]
    assert table["reason"].tolist() == ["", "a ferry, \"really\"", ""]
    np.testing.assert_array_equal(table[NUMBERS], [[0.01, np.inf, np.inf, np.inf], [0.2, 1.25, np.nan, 3.5],
                                                   [0.6, -0.5, 0.75, 0.25]])


def test_every_score_has_a_column_with_its_p_value() -> None:
    """Single scores have p-values, the combined one has none of its own; a track that gives nothing to measure has neither."""
    _, paths = plain_streets()
    review = made_review(paths)
    more = review.scored.table.beside("stop", np.array([4.0, np.nan, 1.0, 2.0])).beside("combined", np.array([3.0, 2.0, 1.0, 0.5]))
    wide = replace(review, scored=replace(review.scored, table=more))
    table = review_table(JUDGED, wide)
    np.testing.assert_array_equal(table["stop (nats)"], [4.0, np.nan, 1.0])
    np.testing.assert_array_equal(table["all together"], [3.0, 2.0, 1.0])
    np.testing.assert_array_equal(table["p stop"], [0.5, np.nan, 1.0])  # against the one track that calibrates
    np.testing.assert_array_equal(table["p surprise"], [0.5, 0.5, 1.0])
    assert "p extra cost" in table and "p all together" not in table
    alone = replace(wide.scored, parts=replace(wide.parts, has_reference=False))
    assert not [name for name in review_table(JUDGED, replace(wide, scored=alone)) if str(name).startswith("p ")]


def test_the_order_of_the_review_is_kept() -> None:
    _, paths = plain_streets()
    review = made_review(paths)
    review.order[:] = [2, 0, 1]
    assert review_table(JUDGED, review)["track"].tolist() == ["short", EVIL, "north"]
    assert review_table(JUDGED, review)["p-value"].tolist() == [0.6, 0.01, 0.2]


def test_the_table_with_reasons_has_one_line_for_all_and_sentences_for_those_that_were_found() -> None:
    world, paths = plain_streets()
    review = made_review(paths)
    project = judged(world, paths)
    table = reasoned_table(project, review, found(world, paths))
    assert table["why"].tolist() == headlines(project, review)
    assert table["reasons"].tolist() == ["It circled the block. It lost much.", "", ""]
    assert table["note"].tolist() == ["", "a ferry, \"really\"", ""] and "reason" not in table


def test_the_csv_read_again_is_the_table() -> None:
    world, paths = plain_streets()
    table = reasoned_table(judged(world, paths), made_review(paths), found(world, paths))
    text = review_csv(judged(world, paths), made_review(paths), found(world, paths))
    again = pd.read_csv(io.StringIO(text), keep_default_na=False, na_values={n: [""] for n in NUMBERS})
    assert again.columns.tolist() == table.columns.tolist()
    np.testing.assert_array_equal(again[NUMBERS], table[NUMBERS])
    for column in ("track", "flagged", "why", "reasons", "goal", "verdict", "note"):
        assert again[column].tolist() == table[column].tolist()


def test_the_csv_keeps_names_with_commas_quotes_and_line_ends_apart() -> None:
    world, paths = plain_streets()
    odd = ["a,b", 'say "c"', "two\nlines"]
    paths.ids[:3] = odd
    again = pd.read_csv(io.StringIO(review_csv(judged(world, paths), made_review(paths), None)))
    assert again["track"].tolist() == odd


@pytest.mark.parametrize("make", [plain_streets, projected_streets])
def test_geojson_holds_the_numbers_of_the_table_and_null_for_what_is_none(make: object) -> None:
    world, paths = make()
    table = reasoned_table(judged(world, paths), made_review(paths), found(world, paths))
    features = loaded(world, paths)
    assert len(features) == 3
    for feature, row in zip(features, table.to_dict("records"), strict=True):
        for name, value in row.items():
            expected = None if isinstance(value, float) and not math.isfinite(value) else value
            assert feature["properties"][name] == expected


def test_lines_of_a_plain_world_run_through_the_middles_of_its_links() -> None:
    lines = [feature["geometry"]["coordinates"] for feature in loaded(*plain_streets())]
    assert lines == [[[5.0, 0.0], [15.0, 0.0], [25.0, 0.0]], [[5.0, 0.0], [10.0, 5.0]], [[5.0, 0.0], [15.0, 0.0]]]


def test_lines_of_a_projected_world_are_in_longitude_and_latitude() -> None:
    lines = [feature["geometry"]["coordinates"] for feature in loaded(*projected_streets())]
    np.testing.assert_allclose(lines[0], [[11.005, 48.0], [11.015, 48.0], [11.025, 48.0]], atol=2e-6)
    np.testing.assert_allclose(lines[1], [[11.005, 48.0], [11.01, 48.005]], atol=2e-6)


def test_a_place_that_has_none_on_the_globe_is_left_out() -> None:
    world, paths = projected_streets()
    world.place_xy[3] = 1e9
    lines = [feature["geometry"] for feature in loaded(world, paths)]
    assert [None if line is None else len(line["coordinates"]) for line in lines] == [2, 2, 2]


def test_a_track_without_coordinates_has_no_geometry_but_its_numbers() -> None:
    world, paths = plain_streets()
    world.place_xy[:] = np.nan
    features = loaded(world, paths)
    assert [feature["geometry"] for feature in features] == [None, None, None]
    assert features[1]["properties"]["surprise (sd)"] == 1.25
