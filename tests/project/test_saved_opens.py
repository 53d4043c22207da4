"""Whatever comes in through a door can be saved, and what is saved opens again as it was: no work is lost that was said to be kept."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from irlcore.budget import VARIABLE
from irlcore.errors import DataError, FeatureError, ProjectError, WorldError
from irlcore.features.base import FeatureSpec
from irlcore.features.exchange import FORMAT, features_from_json
from irlcore.features.zones import zones_from_geojson
from irlcore.project import archive
from irlcore.project.loading import with_world
from irlcore.project.project import Project, Verdict, now, remember
from irlcore.project.project_file import check_savable, load_project, save_project
from irlcore.tracks.attributes import value_label
from irlcore.tracks.bounds import (
    FAR,
    FARTHEST_CORNER,
    FARTHEST_POINT,
    LATEST,
    LEAST_CELL,
    LONGEST_NAME,
    LONGEST_UNIT,
    LONGEST_WORDS,
    MOST_EDGES,
)
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import read_table
from irlcore.worlds.clock import Bands
from irlcore.worlds.grid import build_grid, grid_over, suggest_cell
from irlcore.worlds.network import build_network
from tests.project.test_project_file import SQUARE, differences, on_a_grid, on_a_network

HIDDEN = "\x00\x07\x1b\x1c\x1f\x7f"
LINKS = {"link": ["x", "y", "z"], "u": ["0", "1", "2"], "v": ["1", "2", "0"], "length": [1.0, 2.0, 3.0]}
WAYS = {"track": ["1", "2", "3"], "path": ["x y", "y z", "x y z"]}


def of_points(unit: str = "m", **columns: Any) -> Project:
    """Three tracks of four points over a grid, with other columns where given."""
    table = {"track": np.repeat(["a", "b", "c"], 4), "t": np.tile(np.arange(4.0), 3), "x": np.tile([0.0, 10.0, 20.0, 30.0], 3),
             "y": np.repeat([0.0, 5.0, 9.0], 4)}
    return from_points(pd.DataFrame(table | columns), unit)


def from_points(table: pd.DataFrame, unit: str = "m") -> Project:
    imported = read_points(table, guess_columns(table, "points"), unit)
    return with_world(Project(), imported, grid_over(imported.tracks, suggest_cell(imported.tracks)))  # type: ignore[arg-type]


def from_paths(links: dict[str, Any], ways: dict[str, Any], transitions: dict[str, Any] | None = None) -> Project:
    table = pd.DataFrame(ways)
    world = build_network(pd.DataFrame(links), pd.DataFrame(transitions) if transitions else None)
    return with_world(Project(), read_paths(table, guess_columns(table, "paths")), world)


def kept(project: Project) -> Project:
    """The project as it opens again, which is as it was."""
    loaded = load_project(save_project(project))
    assert differences(project, loaded) == []
    return loaded


def problems(project: Project) -> str:
    return " | ".join(project.problems["what"])


def test_doors_are_no_wider_than_the_rules_of_a_file() -> None:
    assert max(LATEST, FARTHEST_POINT, FARTHEST_CORNER) <= FAR


def test_a_time_beyond_the_end_of_the_world_is_dropped_in_words() -> None:
    made = kept(of_points(t=[0, 1, 2, 3, 0, 1, 2, 2e120, 0, 1, 2, LATEST]))
    assert "t is '2e+120', not a usable number" in problems(made)
    assert made.tracks is not None and made.tracks.offsets.tolist() == [0, 4, 7, 11]


def test_a_unit_is_as_long_as_a_file_takes_it() -> None:
    kept(of_points("u" * LONGEST_UNIT))
    with pytest.raises(DataError, match="unit of x and y is a text of 101 characters"):
        of_points("u" * (LONGEST_UNIT + 1))


def test_a_name_of_a_column_is_as_long_as_a_file_takes_it() -> None:
    long = "c" * LONGEST_NAME
    kept(of_points(**{long: "x"}))
    with pytest.raises(DataError, match=r"Column 5 of the table of points has a name of 10,001 characters, ccc"):
        of_points(**{f"{long}c": "x"})
    csv = pd.DataFrame({"track": ["a"], f"{long}c": [1]}).to_csv(index=False).encode()
    with pytest.raises(DataError, match=r"Column 2 of some.csv has a name of 10,001"):
        read_table(csv, "some.csv")


@pytest.mark.parametrize("cell", ["\x1fA", "A\x1f", "\x1c", "A\x00", "\x00A\x00B", " \x07", "A\x85"], ids=ascii)
def test_a_class_is_called_the_same_when_it_is_read_and_when_it_is_opened(cell: str) -> None:
    made = kept(of_points(**{"class": [cell] * 8 + ["B"] * 4}))
    assert made.agent_class == value_label(cell) and not set(made.agent_class) & set(HIDDEN)


def test_a_column_of_long_texts_is_left_out_and_listed() -> None:
    long = "A" * (LONGEST_NAME + 1)
    for made in (of_points(**{"class": [long] * 8 + ["B"] * 4}), from_paths(LINKS, WAYS | {"class": [long, "b", "c"]})):
        opened = kept(made)
        assert "the column class holds a text of 10,001 characters, and it can have 10,000" in problems(opened)
        assert opened.class_column == "" and list(opened.tracks.attributes.columns) == []  # type: ignore[union-attr]
    assert kept(of_points(**{"class": long[:-1]})).agent_class == long[:-1]


def test_ids_that_are_too_long_are_dropped_or_refused_and_named() -> None:
    long, link = "i" * (LONGEST_NAME + 1), "z" * (LONGEST_NAME + 1)
    assert "an id of more than 10,000 characters" in problems(kept(of_points(track=["a"] * 4 + [long] * 4 + ["c"] * 4)))
    made = kept(from_paths(LINKS, {"track": ["1", long, "3"], "path": ["x y", "y z", f"x {link}"]}))
    assert problems(made).count("an id of more than 10,000") == 2 and len(made.tracks) == 1  # type: ignore[arg-type]
    with pytest.raises(DataError, match="Row 4 of the links has a text of 10,001 characters in the column link"):
        from_paths(LINKS | {"link": ["x", "y", link]}, WAYS)
    with pytest.raises(DataError, match="Row 3 of the transitions has a text of 10,001 characters in the column to_link"):
        from_paths(LINKS, WAYS, {"from_link": ["x", "y"], "to_link": ["y", link]})


FAR_AWAY = {"length": {"length": [1.0, 1e150, 3.0]},
            "x0": {"x0": [0.0, 1e150, 1.0], "y0": [0.0, 1, 2], "x1": [1.0, 2, 3], "y1": [1.0, 2, 3]}}


@pytest.mark.parametrize("column", FAR_AWAY)
def test_a_number_of_a_network_that_no_file_takes_is_refused_and_named(column: str) -> None:
    with pytest.raises(DataError, match=rf"Row 3 of the links has 1e\+150 in the column {column}"):
        from_paths(LINKS | FAR_AWAY[column], WAYS)
    with pytest.raises(DataError, match=r"Row 2 of the transitions has 1e\+300 in the column turn_deg"):
        from_paths(LINKS, WAYS, {"from_link": ["x", "y"], "to_link": ["y", "z"], "turn_deg": [1e300, 0.0]})
    kept(from_paths(LINKS | {"length": [1.0, FARTHEST_CORNER, np.inf]}, WAYS))


def test_grids_and_clocks_that_no_file_takes_are_not_built() -> None:
    for cell, slip in ((1e-10, 0.0), (1.0, 0.95), (1.0, np.nan)):
        with pytest.raises(WorldError):
            build_grid(0.0, 0.0, 1e-8 if cell < 1.0 else 3.0, 1e-8 if cell < 1.0 else 3.0, cell, "m", slip=slip)
    with pytest.raises(WorldError, match="cannot be told apart"):
        build_grid(1e15, 0.0, 1e15 + 4.0, 4.0, 0.1, "m")
    with pytest.raises(WorldError, match="1,441 hours"):
        Bands(tuple(np.linspace(0.0, 23.0, MOST_EDGES + 1).tolist()))
    still = read_points(pd.DataFrame({"track": "a", "t": [0, 1], "x": 7.0, "y": 5.0}), {part: part for part in ("track", "t", "x", "y")})
    assert suggest_cell(still.tracks) >= LEAST_CELL  # type: ignore[arg-type]


@pytest.mark.parametrize("spot", [[0.0, 1e150], [10**400, 0]], ids=["far", "long"])
def test_a_file_of_features_brings_nothing_that_cannot_be_kept(spot: list[Any]) -> None:
    made = on_a_grid()
    assert made.world is not None
    good = {"name": "f", "kind": "step", "params": {}}
    for features, spots in (([good | {"name": "f" * (LONGEST_NAME + 1)}], {}), ([good | {"version": 2**60}], {}),
                            ([good | {"made": "yesterday"}], {}), ([good | {"kind": "zone", "params": {"zone": 2**70}}], {}),
                            ([good], {"s": spot}), ([good], {"s" * (LONGEST_NAME + 1): [0.0, 0.0]})):
        with pytest.raises(FeatureError):
            features_from_json(json.dumps({"format": FORMAT, "version": 1, "unit": "km", "crs": None, "features": features, "zones": {},
                                           "spots": spots}), made.world)
    found = features_from_json(json.dumps({"format": FORMAT, "version": 1, "unit": "km", "crs": None, "features": [
        {"name": "f\x07", "kind": "distance", "params": {"place": "s\x1f", "reach": 1.0}}], "zones": {}, "spots": {"s\x1f": [1.0, 1.0]}}),
        made.world)
    kept(replace(made, features=found.specs, spots=found.spots))


def test_a_zone_of_a_file_is_called_as_it_will_be() -> None:
    area = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    text = json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": area} for name in ("a\x07", "a\u2407")]})
    zones = zones_from_geojson(text, None)
    assert list(zones) == ["a\u2407", "a\u2407 (2)"]
    kept(replace(on_a_grid(), zones=zones))


def test_what_an_analyst_may_write_is_kept_at_its_full_length() -> None:
    made, words, name = on_a_grid(), "w" * LONGEST_WORDS, "n" * LONGEST_NAME
    spec = FeatureSpec(name, "step", {}, reason=words, made=now())
    kept(replace(made, notes=words, name=name, features=(spec,), verdicts={"a": Verdict("understood", words, now())}))
    kept(remember(made, f"Edited {name} (v2)", words))


SPOILT: tuple[dict[str, Any], ...] = (
    {"notes": "w" * (LONGEST_WORDS + 1)}, {"name": "n" * (LONGEST_NAME + 1)}, {"agent_class": "van"}, {"period_column": "none"},
    {"spots": {"far": np.array([0.0, 1e150])}}, {"zones": {"a\x07": SQUARE, "a\u2407": SQUARE}})


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda one: next(iter(one)))
def test_what_could_not_be_opened_is_not_saved_and_says_what_it_is(spoil: dict[str, Any]) -> None:
    made = replace(on_a_network(), class_column="kind", **spoil)
    for ask in (save_project, check_savable):
        with pytest.raises(ProjectError, match=f"The project cannot be saved: {next(iter(spoil))}"):
            ask(made)
    with pytest.raises(ProjectError, match=r"The project cannot be saved: .*half of a character"):
        save_project(Project(notes="\ud800"))


def test_paths_of_many_links_are_opened_within_the_budget_that_they_were_read_within(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousandth of the budget: 15,000 links were read within it, and took 2.04e6 bytes to open."""
    names = [f"{k:06d}" for k in range(60)]
    links = {"link": names, "u": [str(k) for k in range(60)], "v": [str((k + 1) % 60) for k in range(60)]}
    ways = {"track": [str(k) for k in range(300)], "path": [" ".join(names[:50])] * 300}
    monkeypatch.setenv(VARIABLE, "unpacked=1.5e6")
    made = kept(from_paths(links, ways))
    assert len(made.tracks.links) == 15_000 and len(set(map(id, made.tracks.links))) == 50  # type: ignore[union-attr]
    monkeypatch.setenv(VARIABLE, "unpacked=2e5")
    with pytest.raises(DataError, match="limit is 200,000 bytes"):
        from_paths(links, ways)


@pytest.mark.parametrize("where", ["attribute", "place", "problem"])
def test_one_long_text_among_many_takes_no_memory_out_of_proportion(where: str) -> None:
    """Numpy's texts give each of 2,000 rows the room of the longest, four bytes a letter, and there were three copies of that."""
    n = 2000
    long = "x" * (LONGEST_NAME if where == "attribute" else 150_000)
    nodes = [str(k) for k in range(n)]
    links = {"link": nodes, "u": nodes, "v": [*nodes[1:], "0"], "road": [long if where == "place" else "r", *["r"] * (n - 1)]}
    ways = {"track": nodes, "path": [f"{k} {(k + 1) % n}" for k in range(n)],
            "kind": [long if where == "attribute" else "k", *["k"] * (n - 1)],
            "note": [long if where == "problem" else "", *[""] * (n - 1)]}
    made = from_paths(links, ways)
    tracemalloc.start()
    data = save_project(made)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5e7
    assert differences(made, load_project(data)) == []


def test_what_packs_too_well_is_not_taken_for_a_bomb_when_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FREE", 1e4)
    monkeypatch.setenv(VARIABLE, "ratio=2")
    kept(of_points(**{f"c{k}": 0 for k in range(50)}))
