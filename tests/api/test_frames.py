"""Folders, files, frames and lists into studies, out again as frames, and in once more: nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import irlcore as ir
from irlcore.project.split import need_world
from irlcore.worlds.mdp import Paths

ROOT = Path(__file__).resolve().parents[2]
TOWN = ROOT / "sample_data" / "town"
WAYS = {"a": ["home", "main", "work"], "b": ["home", "lane", "work"], "c": ["home", "main", "work"]}
BUSES = pd.DataFrame({"state": ["old", "old", "new", "new"], "choice": ["keep", "replace", "keep", "keep"],
                      "next_state": ["old", "new", "new", "old"], "probability": [1.0, 1.0, 0.8, 0.2], "cost": [3.0, 9.0, 1.0, 1.0]})
SEEN = pd.DataFrame({"track": ["a", "a", "a", "b", "b", "b"], "step": [1, 2, 3, 1, 2, 3],
                     "state": ["new", "old", "new", "old", "old", "new"], "choice": ["keep", "replace", "keep", "keep", "replace", "keep"]})


def paths_of(study: ir.Study) -> Paths:
    return need_world(study.project)[1]


def assert_same_paths(ours: ir.Study, theirs: ir.Study) -> None:
    a, b = paths_of(ours), paths_of(theirs)
    for name in ("ids", "offsets", "choices", "last_state", "goal"):
        assert getattr(a, name).tolist() == getattr(b, name).tolist(), name


@pytest.mark.parametrize("name", ["town", "anchorage", "fishing", "tickets"])
def test_the_paths_of_a_study_are_read_again_as_they_were(name: str) -> None:
    study = ir.sample(name)
    if name == "fishing":  # cells that follow themselves are stays, which a list of cells tells by the clock alone
        assert study.paths["track"].nunique() == len(study.tracks)
        return
    again = ir.read(paths=study.paths, world=study.world)
    assert_same_paths(again, study)
    pd.testing.assert_frame_equal(again.paths, study.paths)


def test_a_folder_its_files_and_frames_of_them_are_one() -> None:
    folder = ir.read(TOWN)
    files = ir.read([TOWN / "links.csv", str(TOWN / "nodes.csv"), TOWN / "paths.csv"])
    text = {"node": str, "u": str, "v": str, "link": str}
    frames = ir.read(links=pd.read_csv(TOWN / "links.csv", dtype=text), nodes=TOWN / "nodes.csv", paths=pd.read_csv(TOWN / "paths.csv"))
    for other in (files, frames):
        assert_same_paths(other, folder)
        assert other.world.place_names.tolist() == folder.world.place_names.tolist()
    assert "planted" in folder.tracks and "planted" not in files.tracks  # of labels.csv


def test_lists_of_places_are_paths_on_what_was_seen() -> None:
    study = ir.read(paths=WAYS)
    assert study.paths.groupby("track")["link"].agg(list).to_dict() == WAYS
    unnamed = ir.read(paths=[*WAYS.values()])
    assert unnamed.tracks["track"].tolist() == ["1", "2", "3"] and unnamed.tracks["goal"].tolist() == ["work"] * 3


def test_lists_of_events_are_a_log() -> None:
    logs = {f"case {k}": ["open", "look", *(["ask"] if k % 3 else []), "close"] for k in range(30)}
    study = ir.read(events=logs)
    assert study.world.kind == "log" and study.paths.groupby("track")["event"].agg(list).to_dict() == logs


def test_tables_of_states_and_choices_are_a_world() -> None:
    study = ir.read(choices=SEEN, outcomes=BUSES)
    assert study.world.kind == "table" and [one.name for one in study.features] == ["cost"]
    own = ir.read(choices=SEEN, world=ir.World.from_table(BUSES))
    assert_same_paths(own, study)
    again = ir.read(choices=study.paths, world=study.world)
    assert_same_paths(again, study)


def test_points_go_on_a_grid_of_the_size_asked_for() -> None:
    rng = np.random.default_rng(3)
    frame = pd.concat([pd.DataFrame({"track": f"t{k}", "t": np.arange(30.0), "x": 1000.0 + np.arange(30.0) * 10.0 + rng.uniform(-2, 2, 30),
                                     "y": 50.0 + rng.uniform(-2, 2, 30)}) for k in range(5)])
    study = ir.read(frame, cell=25.0, clean=False)
    assert study.world.kind == "grid" and study.world.settings["cell"] == 25.0 and len(study.tracks) == 5
    renamed = ir.read(points=frame.rename(columns={"track": "who"}), columns={"points": {"track": "who", "t": "t", "x": "x", "y": "y"}},
                      cell=25.0, clean=False)
    assert_same_paths(renamed, study)


def test_zones_and_spots_are_named_by_features() -> None:
    study = ir.read(TOWN)
    ring = study.project.zones["old town"]
    typed = ir.sample("town").with_zones({"old town": ring[:-1].tolist()}).with_spots({"harbour": (0.0, 0.0)})
    assert typed.project.zones["old town"].shape[1] == 2 and typed.project.spots["harbour"].tolist() == [0.0, 0.0]
    found = typed.with_features(ir.feature("zone", "old town", zone="old town"), "length")
    assert [one.name for one in found.features] == ["old town", "length"]
    assert set(ir.sample("town").with_zones(TOWN / "zones.geojson").project.zones) == {"old town"}


def test_classes_and_what_is_normal_are_chosen_by_name() -> None:
    study = ir.read(TOWN)
    assert study.of_class("truck").project.agent_class == "truck"
    everyone = study.of_class("", normal="")
    assert everyone.project.agent_class == "" and everyone.project.reference_value == ""
    by_hand = everyone.of_class("courier", column="class", normal="reference", period="period")
    assert (by_hand.project.period_column, by_hand.project.reference_value) == ("period", "reference")
