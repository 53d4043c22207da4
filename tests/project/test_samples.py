"""The sample projects: they open, every track is a path, labels stay apart, and the generator makes them again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.project.loading import with_grid
from irlcore.project.project import Project
from irlcore.project.project_file import save_project
from irlcore.project.samples import FOLDER, SAMPLES, sample_project
from irlcore.project.split import matrix_of, split_paths
from irlcore.worlds.grid import map_tracks
from sample_data.generate import SEED, make_anchorage, make_fishing, make_tickets, make_town

PER_CLASS = {"town": {"commuter": 228, "truck": 228, "courier": 228},
             "anchorage": {"ferry": 188, "cargo": 188, "fishing": 188}, "fishing": {"vessel": 174},
             "tickets": {"desk": 315, "field": 169, "data": 116}}
CLASS = {"tickets": "team"}
"""What names who it was, where that is no class of its own."""
PLANTED = {"town": 24, "anchorage": 24, "fishing": 8, "tickets": 15}


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> tuple[str, Project]:
    return request.param, sample_project(request.param)


def test_every_track_is_a_path_and_nothing_was_dropped(sample: tuple[str, Project]) -> None:
    name, project = sample
    assert project.tracks is not None
    assert project.paths is not None
    assert project.paths.ids.tolist() == project.tracks.ids.tolist()
    assert project.tracks.attributes[CLASS.get(name, "class")].value_counts().to_dict() == PER_CLASS[name]
    assert not (project.problems["done"] == "dropped").any()


def test_every_path_follows_choices_from_its_start_to_its_goal(sample: tuple[str, Project]) -> None:
    name, project = sample
    assert project.world is not None
    assert project.paths is not None
    mdp, paths = project.world.mdp, project.paths
    for i in range(len(paths)):
        states = paths.states(mdp, i)
        chosen = paths.choices[paths.offsets[i]:paths.offsets[i + 1]]
        assert (mdp.choice_state[chosen] == states[:-1]).all()
        assert (mdp.successors[chosen] == states[1:]).all()
        if name == "fishing":
            assert paths.goals.nowhere[paths.goal[i]]
            continue
        assert states[-1] in paths.goals.of(int(paths.goal[i]))
        assert not np.isin(states[:-1], paths.goals.of(int(paths.goal[i]))).any()


def test_a_sample_is_ready_for_a_first_fit(sample: tuple[str, Project]) -> None:
    _, project = sample
    parts = split_paths(project)
    assert parts.has_reference
    assert min(len(parts.fit), len(parts.calibration), len(parts.review)) >= 40
    matrix = matrix_of(project, parts)
    assert len(matrix.names) >= 2
    assert not matrix.warnings


def test_labels_of_planted_tracks_stay_out_of_the_project(sample: tuple[str, Project]) -> None:
    name, project = sample
    assert project.tracks is not None
    assert list(project.tracks.attributes.columns) == [CLASS.get(name, "class"), "period"]
    with zipfile.ZipFile(io.BytesIO(save_project(project))) as file:
        assert b"planted" not in file.read("project.json")
    labels = pd.read_csv(FOLDER / name / "labels.csv")
    assert sorted(labels["track"]) == sorted(project.tracks.ids)
    labels = labels.set_index("track").loc[project.tracks.ids]
    assert labels["planted"].sum() == PLANTED[name]
    reference = (project.tracks.attributes["period"] == "reference").to_numpy()
    assert not labels["planted"].to_numpy()[reference].any()


@pytest.mark.parametrize(("name", "make"), [("town", make_town), ("anchorage", make_anchorage), ("fishing", make_fishing),
                                                   ("tickets", make_tickets)])
def test_the_generator_makes_the_committed_files_again(name: str, make: Callable[[Path, np.random.Generator], None],
                                                           tmp_path: Path) -> None:
    make(tmp_path / name, np.random.default_rng(SEED))
    made = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
    assert made == {path.name: path.read_bytes() for path in (FOLDER / name).iterdir()}


def test_an_unknown_sample_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(DataError) as caught:
        sample_project("atlantis")
    assert "atlantis" in caught.value.what
    assert all(name in caught.value.fix for name in SAMPLES)


def test_another_grid_keeps_the_tracks_and_the_files_problems_and_drops_the_fits() -> None:
    project = sample_project("anchorage")
    of_the_file = pd.DataFrame({"row": [7], "track": ["x"], "what": ["no track id"], "done": ["dropped"]})
    old = replace(project, problems=pd.concat([of_the_file, project.problems], ignore_index=True))
    land = [np.asarray(ring) for ring in old.world.settings["blocked"]]
    made = with_grid(old, 200.0, True, 0.0, land)
    assert made.tracks is old.tracks and made.fits == ()
    assert made.world.settings["cell"] == 200.0 and made.world.settings["heading"]
    assert made.world.mdp.n_states == 8 * made.world.n_places
    assert made.problems["row"].astype(str).tolist().count("7") == 1
    direct = map_tracks(made.world, old.tracks)
    assert (made.paths.choices == direct.paths.choices).all()
    assert len(made.problems) == 1 + len(direct.problems)
    again = with_grid(old, float(old.world.settings["cell"]), False, 0.0, land)
    assert (again.paths.choices == old.paths.choices).all()
    open_sea = with_grid(old, 100.0, False, 0.0, [])
    assert open_sea.world.n_places > again.world.n_places


def test_link_ids_cannot_be_put_on_a_grid() -> None:
    with pytest.raises(DataError, match="link ids"):
        with_grid(sample_project("town"), 100.0, False, 0.0, [])
