"""A result is taken where the ground is the same, as the same objects or as what was read anew from the store; nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.job_results import same_ground
from irlcore.project.loading import with_grid, with_time_bands
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.samples import sample_project
from irlcore.worlds.clock import Bands
from tests.project.test_project_file import on_a_grid
from tests.project.test_soundness import DEPARTURES


@pytest.mark.parametrize("project", [sample_project("town"), on_a_grid()], ids=["links", "points"])
def test_what_a_reloaded_page_has_read_from_the_store_is_the_same_ground(project: Project) -> None:
    again = load_project(save_project(replace(project, notes="meanwhile")))
    assert again.tracks is not project.tracks and same_ground(again, project) and same_ground(project, again)


def test_other_tracks_and_other_worlds_are_not() -> None:
    grid, town = on_a_grid(), sample_project("town")
    assert not same_ground(grid, town) and not same_ground(Project(), grid) and same_ground(Project(), Project())
    assert not same_ground(with_grid(grid, 0.5, False, 0.0, []), grid)
    assert not same_ground(with_time_bands(DEPARTURES, Bands((6.0, 22.0))), DEPARTURES)
    moved = replace(grid.tracks, x=np.asarray(grid.tracks.x) + 0.001)  # type: ignore[union-attr, type-var, call-arg]
    assert not same_ground(replace(grid, tracks=moved), grid)
