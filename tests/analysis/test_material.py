"""What tracks are scored on beside the model: their own points, in the order of the paths, where they were points."""

from __future__ import annotations

import numpy as np

from irlcore.analysis.scored import material_of
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.project.split import split_paths
from irlcore.review.parts.base import Material
from irlcore.review.parts.kinds import KINDS
from irlcore.tracks.tracks import Tracks


def made_of(project: Project) -> Material:
    return material_of(project, split_paths(project))


def test_points_go_with_the_paths_that_were_made_of_them() -> None:
    project = sample_project("anchorage")
    own = made_of(project)
    assert own.points is not None and isinstance(project.tracks, Tracks)
    assert own.points.ids.tolist() == own.paths.ids.tolist()
    first = own.world.place_xy[own.world.place_of_state[own.paths.first_state(own.world.mdp)]]
    begin = own.points.offsets[:-1]
    apart = np.hypot(own.points.x[begin] - first[:, 0], own.points.y[begin] - first[:, 1])
    assert (apart <= own.world.settings["cell"]).all()


def test_tracks_of_links_have_none() -> None:
    assert made_of(sample_project("town")).points is None


def test_who_roams_is_scored_by_shape_and_not_by_goal() -> None:
    own = made_of(sample_project("fishing"))
    family = {kind.family for kind in KINDS.values() if not kind.missing(own)}
    assert "shape" in family and "goal" not in family
