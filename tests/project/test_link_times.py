"""Times of links go into a project's file and come back, and a file in which they fall is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.scored import material_of
from irlcore.errors import ProjectError
from irlcore.project.ground import check_tracks
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.split import split_paths
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.network import build_network


def project() -> Project:
    """Two drives over three links, with the time at which each was come to."""
    links = pd.DataFrame({"link": [*"abc"], "u": [0, 1, 2], "v": [1, 2, 3], "length": [100.0, 200.0, 100.0]})
    rows = pd.DataFrame({"track": [*"pppqqq"], "link": [*"abcabc"],
                         "time": [f"2024-03-04 08:00:{s:02d}" for s in (0, 10, 30, 5, 25, 55)]})
    imported = read_paths(rows, {"track": "track", "step": "time", "link": "link"})
    return with_world(Project(name="times"), imported, build_network(links))


def test_times_come_back_and_tell_how_long_each_step_took() -> None:
    made = project()
    again = load_project(save_project(made))
    for one in (made, again):
        assert isinstance(one.tracks, LinkTracks) and one.tracks.times is not None
        material = material_of(one, split_paths(one))
        assert material.spent is not None and material.spent.tolist() == [10.0, 20.0, 20.0, 30.0]
        assert np.isfinite(material.began).all() and material.clock == "s"
    assert isinstance(made.tracks, LinkTracks) and isinstance(again.tracks, LinkTracks)
    assert np.array_equal(made.tracks.times, again.tracks.times)  # type: ignore[arg-type]


def test_times_that_fall_are_refused() -> None:
    tracks = project().tracks
    assert isinstance(tracks, LinkTracks) and tracks.times is not None
    check_tracks(tracks)
    with pytest.raises(ProjectError, match="falls at link 2, of the track 'p'"):
        check_tracks(replace(tracks, times=tracks.times - np.array([0.0, 0.0, 100.0, 0.0, 0.0, 0.0])))
