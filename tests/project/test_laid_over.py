"""Author, region, map files and goals are saved, opened and refused like everything else of a project."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.hostile.opened import written
from benchmarks.hostile.rich_projects import COAST, grid_project, street_project
from irlcore.budget import VARIABLE, TooLarge
from irlcore.errors import ProjectError
from irlcore.project.encoding import MANY
from irlcore.project.laid_over import MOST_FILES, with_known_ends
from irlcore.project.loading import with_grid, with_time_bands, without_time_bands
from irlcore.project.project import GoalGroup, MapFile, Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.samples import sample_project
from irlcore.worlds.clock import Bands
from tests.project.test_project_file import differences, on_a_grid


@pytest.mark.parametrize("made", [grid_project, street_project])
def test_they_come_back_as_they_were(made: object) -> None:
    project: Project = made()  # type: ignore[operator]
    again = load_project(save_project(project))
    assert again.author and again.region and again.map_files and again.goals
    for name in ("author", "region", "map_files", "goals"):
        assert not differences(getattr(project, name), getattr(again, name))


def roads(n: int, each: int, names: tuple[str, ...]) -> MapFile:
    xy = np.cumsum(np.random.default_rng(0).normal(size=(n * each, 2)), 0)
    return MapFile("roads", "roads", xy, np.arange(0, n * each + 1, each), names)


def test_the_names_of_many_roads_stand_apart_and_a_wrong_one_is_found() -> None:
    names = tuple(f"street {k % 9}" for k in range(2 * MANY))
    project = replace(sample_project("town"), map_files=(roads(len(names), 2, names),))
    again = load_project(save_project(project))
    assert again.map_files[0].names == names and type(again.map_files[0].names[0]) is str
    long = replace(project.map_files[0], names=(*names[:-1], "x" * 20_000))
    with pytest.raises(ProjectError, match=rf"map_files\[0\].names\[{len(names) - 1}\]"):
        load_project(written(replace(project, map_files=(long,))))
    short = replace(project.map_files[0], names=names[:-1])
    with pytest.raises(ProjectError, match="map_files"):
        save_project(replace(project, map_files=(short,)))


def test_a_long_coast_is_saved_soon() -> None:
    """0.13 s on two cores of 2026 with the sample itself, 0.23 s for 40,000 named roads of as many corners."""
    coast = MapFile("coast", "coast", np.cumsum(np.random.default_rng(0).normal(size=(200_000, 2)), 0), np.array([0, 200_000]), ("",))
    project = replace(sample_project("town"), map_files=(coast,))
    save_project(project)
    begun = time.monotonic()
    data = save_project(project)
    assert time.monotonic() - begun < 3.0  # a loaded machine
    assert np.array_equal(load_project(data).map_files[0].xy, coast.xy)


def test_more_map_files_or_corners_than_can_be_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    project = replace(on_a_grid(), map_files=(COAST,) * (MOST_FILES + 1))
    with pytest.raises(ProjectError, match="101"):
        save_project(project)
    monkeypatch.setenv(VARIABLE, "points=9")
    save_project(replace(project, map_files=(COAST,)))
    with pytest.raises((TooLarge, ProjectError), match="10 corners"):
        save_project(replace(project, map_files=(COAST, COAST)))


def test_groups_go_where_their_ends_are_goals_no_longer() -> None:
    project = on_a_grid()
    assert project.paths is not None
    ends = [str(name) for name in project.paths.goals.names]
    grouped = replace(project, goals={"": (GoalGroup("east", tuple(ends[:2])),)})
    assert load_project(save_project(grouped)).goals == grouped.goals
    fewer = {"": (GoalGroup("east", (ends[0], "gone")), GoalGroup("west", ("gone",))), "van": (GoalGroup("south", ("gone",)),)}
    assert with_known_ends(fewer, project.paths) == {"": (GoalGroup("east", (ends[0],)),)}
    other = with_grid(grouped, 0.5, False, 0.0, [])
    assert other.goals == {} and load_project(save_project(other)).goals == {}


def test_groups_outlive_a_clock() -> None:
    project = grid_project()
    for changed in (without_time_bands(project), with_time_bands(project, Bands((3.0, 12.0)))):
        assert changed.paths is not None
        known = set(changed.paths.goals.names.tolist())
        assert all(end in known for groups in changed.goals.values() for group in groups for end in group.ends)
        assert [group.name for group in changed.goals.get("car", ())] == ["ferry terminal", "gate"]
        save_project(changed)
