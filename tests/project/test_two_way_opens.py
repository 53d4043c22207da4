"""A network with links that lead both ways, and one whose links are called by their nodes, are the same once saved and opened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.study import fit_study
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.network import build
from tests.project.test_project_file import differences

# A square A B C D with a diagonal A C, each street one row
STREETS: dict[str, Any] = {"u": list("ABCDA"), "v": list("BCDAC"), "length": [100.0, 110.0, 120.0, 130.0, 250.0], "oneway": "no"}
NAMED = {"link": ["ab", "bc", "cd", "da", "ac"]} | STREETS
WAYS = ["ab bc", "bc ab da", "ac cd", "cd bc ab", "da ab bc cd", "ab bc", "ab bc", "ac cd"]
NODES = ["A B C", "C B A D", "A C D", "D C B A", "D A B C D", "A B C", "A B C", "A C D"]


@pytest.mark.parametrize(("links", "paths"), [(NAMED, WAYS), (STREETS, NODES)], ids=["by ids", "by nodes"])
def test_paths_find_their_ways_again_in_an_opened_project(links: dict[str, Any], paths: list[str]) -> None:
    table = pd.DataFrame({"track": range(len(paths)), "path": paths})
    made = with_world(Project(), read_paths(table, {"track": "track", "path": "path"}), build(pd.DataFrame(links)).world)
    loaded = load_project(save_project(made))
    assert differences(made, loaded) == []
    assert loaded.world is not None and loaded.paths is not None and isinstance(loaded.tracks, LinkTracks)
    again = map_link_tracks(loaded.world, loaded.tracks).paths
    np.testing.assert_array_equal(again.choices, loaded.paths.choices)
    assert len(again) == len(paths)


def test_the_start_features_can_be_fitted() -> None:
    table = pd.DataFrame({"track": range(len(WAYS)), "path": WAYS})
    made = with_world(Project(), read_paths(table, {"track": "track", "path": "path"}), build(pd.DataFrame(NAMED)).world)
    fitted = fit_study(made)
    assert fitted.fit is not None and np.isfinite(fitted.fit.result.loglik)
