"""The settings of a project make the same project of the same files: world, paths, split and features, bit for bit."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from irlcore.analysis.study import asked_problem, hash_of
from irlcore.errors import DataError
from irlcore.features.base import FeatureSpec
from irlcore.project.importing.sources import Source
from irlcore.project.loading import with_aims, with_grid, with_time_bands
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.samples import FOLDER, sample_project
from irlcore.project.settings.of_project import known_reading, settings_of_project
from irlcore.project.settings.repeat import made_from
from irlcore.project.settings.settings import Reading, Settings
from irlcore.project.settings.settings_file import read_settings, settings_text
from irlcore.project.staying import with_stays
from irlcore.worlds.clock import Bands
from irlcore.worlds.staying import stay_seconds


def files(folder: Path) -> list[Source]:
    return [Source(one.name, one.stat().st_size, (one.name,), one) for one in sorted(folder.iterdir())]


def hashed(project: Project) -> str:
    """Of all that a fit rests on."""
    assert project.world is not None
    asked = asked_problem(project, "conditional_logit" if project.world.kind == "log" else "maxent")
    return hash_of(project, asked.parts, asked.matrix, asked.problem.model.name)


def again(project: Project, folder: Path) -> Project:
    return made_from(files(folder), read_settings(settings_text(settings_of_project(load_project(save_project(project)))))).project


def ring(project: Project) -> np.ndarray:
    assert project.world is not None
    x, y = project.world.place_xy.mean(axis=0)
    return np.array([[x - 500.0, y - 500.0], [x + 500.0, y - 500.0], [x + 500.0, y + 500.0], [x - 500.0, y - 500.0]])


def zoned(project: Project) -> Project:
    return replace(project, zones={"the middle": ring(project)},
                   features=(*project.features, FeatureSpec("in the middle", "zone", {"zone": "the middle"}, "negative")))


CHANGED = {
    "town": zoned, "anchorage": zoned, "fishing": lambda project: project, "tickets": lambda project: project,
    "anchorage on hexagons": lambda project: zoned(with_grid(project, 130.0, False, 0.0, [ring(project)], "hexagons")),
    "anchorage with headings and slips": lambda project: with_grid(project, 200.0, True, 0.1, []),
    "anchorage with stays": lambda project: with_stays(project, 600.0),
    "town where known stops are goals": lambda project: with_aims(zoned(project), {"": "stops"}, {"commuter-001": "unfinished"}),
    "town of another class": lambda project: replace(project, agent_class="truck", heeded={"truck-001": "discarded"}),
}


@pytest.mark.parametrize("name", list(CHANGED))
def test_the_settings_of_a_project_make_it_again(name: str) -> None:
    sample = name.split()[0]
    project = CHANGED[name](sample_project(sample))
    made = again(project, FOLDER / sample)
    assert hashed(made) == hashed(project)
    assert made.tracks is not None and project.tracks is not None and list(made.tracks.ids) == list(project.tracks.ids)
    assert made.world is not None and project.world is not None and made.world.settings == project.world.settings


@pytest.mark.parametrize("sample", ["town", "anchorage", "tickets"])
def test_without_settings_it_is_what_the_app_suggests_and_says_what_was_assumed(sample: str) -> None:
    made = made_from(files(FOLDER / sample), Settings())
    assert made.project.paths is not None and len(made.project.paths) > 100 and made.said
    assert hashed(again(made.project, FOLDER / sample)) == hashed(made.project)


def dated(folder: Path) -> Path:
    """Points with dates: 30 tracks that begin an hour apart and wait on the way, in two classes."""
    rows = ["id,when,x,y,type"]
    for k in range(30):
        start = np.datetime64("2026-03-02T00:00") + np.timedelta64(k, "h")
        for step in range(12):
            at = start + np.timedelta64((step + 30 * (step > 6)) * 60, "s")
            rows.append(f"v{k},{at},{100 * step},{50 * ((k + step) % 3)},{'van' if k % 2 else 'car'}")
    (folder / "points.csv").write_text("\n".join(rows))
    return folder


@pytest.mark.parametrize("stays_last", [True, False])
def test_a_clock_and_stays_are_made_again_whichever_came_first(stays_last: bool, tmp_path: Path) -> None:
    project = made_from(files(dated(tmp_path)), Settings()).project
    bands = Bands((6.0, 18.0), "weekday and weekend")
    changed = with_stays(with_time_bands(project, bands, "", 1.5), 120.0) if stays_last else \
        with_time_bands(with_stays(project, 120.0), bands, "", 1.5)
    made = again(changed, tmp_path)
    assert made.world is not None and made.world.n_bands == 4 and stay_seconds(made.world) == 120.0
    assert hashed(made) == hashed(changed) and [s.name for s in made.features] == [s.name for s in changed.features]


def test_points_that_were_matched_to_a_network_are_matched_again(tmp_path: Path) -> None:
    town = sample_project("town")
    assert town.world is not None and town.paths is not None
    rows = ["track,t,x,y"]
    for i in range(30):
        xy = town.world.place_xy[town.world.place_of_state[town.paths.states(town.world.mdp, i)]]
        rows += [f"{town.paths.ids[i]},{20 * k},{x:.1f},{y:.1f}" for k, (x, y) in enumerate(xy.tolist())]
    (tmp_path / "points.csv").write_text("\n".join(rows))
    for name in ("links.csv", "nodes.csv"):
        (tmp_path / name).write_bytes((FOLDER / "town" / name).read_bytes())
    made = made_from(files(tmp_path), Settings())
    reading = known_reading(made.project)
    assert reading is not None and reading.matched and reading.read_as == "points" and "Points are matched" in " ".join(made.said)
    assert made.project.world is not None and made.project.world.kind == "network"
    assert hashed(again(made.project, tmp_path)) == hashed(made.project)
    with pytest.raises(DataError, match="matched to a network, and none is among the files"):
        asked = settings_of_project(made.project)
        assert asked.reading is not None
        made_from(files(tmp_path), replace(asked, reading=replace(asked.reading, files={"points.csv": "points"})))


def test_a_file_that_is_not_there_is_named() -> None:
    settings = settings_of_project(sample_project("town"))
    with pytest.raises(DataError, match=r"links\.csv is not among the files.*Files found: paths\.csv"):
        made_from([one for one in files(FOLDER / "town") if one.name == "paths.csv"], settings)


def test_a_project_does_not_tell_where_its_files_lay(tmp_path: Path) -> None:
    lay = tmp_path / "somebody's own"
    lay.mkdir()
    for one in (FOLDER / "town").glob("*.csv"):
        (lay / one.name).write_bytes(one.read_bytes())
    asked = Settings(reading=replace(known_reading(sample_project("town")) or Reading("paths", {}, {}), folder=str(lay)))
    for settings in (Settings(), asked):
        project = made_from(files(lay), settings).project
        assert project.reading and "somebody" not in project.reading
        told = zipfile.ZipFile(io.BytesIO(save_project(project))).read("project.json").decode()
        assert tmp_path.name not in told and "paths.csv" in told


def test_the_folder_in_a_file_of_an_earlier_version_is_let_go() -> None:
    project = sample_project("town")
    kept = replace(project, reading=project.reading.replace("[reading]\n", '[reading]\nfolder = "/srv/secret \\"quoted\\" data"\n', 1))
    assert "/srv/secret" in kept.reading and "/srv/secret" in zipfile.ZipFile(io.BytesIO(save_project(kept))).read("project.json").decode()
    opened = load_project(save_project(kept))
    assert opened.reading == project.reading and known_reading(opened) == known_reading(project) and hashed(opened) == hashed(project)
    assert load_project(save_project(project)).reading == project.reading
    for text in ('[reading\nfolder = "/srv"', '[fit]\nmodel = "folder"\n'):  # nothing that could be used either way
        assert not load_project(save_project(replace(project, reading=text))).reading


def test_a_project_that_does_not_tell_how_it_was_read_has_settings_for_its_project_file() -> None:
    for text in ("", "[reading\n", "[reading]\nread_as = \"points\"\nnothing = 1\n"):
        project = replace(sample_project("town"), reading=text)
        assert known_reading(project) is None and settings_of_project(project).reading is None
        assert settings_of_project(project).world is None
