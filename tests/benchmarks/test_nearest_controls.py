"""The controls by nearest neighbours, against their definitions; and the kinds of shape on labelled vehicles, where these are there."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks.nearest_controls import HAUSDORFF_POINTS, at_equal_ways, conformal_neighbours, directed_hausdorff, mean_distances
from irlcore.review.parts.nearest import StretchDistance
from irlcore.review.parts.shape import Turning
from irlcore.review.parts.table import measured
from irlcore.review.separation import auc
from irlcore.tracks.cells import names
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import Tracks, find_ids
from irlcore.worlds.grid import grid_over, map_tracks
from tests.review.parts.classes import lanes, material

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("MOTIVE_DATA", ROOT.parent / "shared" / "data")) / "vmt"


def test_distances_are_those_of_points_at_equal_ways() -> None:
    tracks = lanes(6, 1)
    far = directed_hausdorff(tracks)
    points = [at_equal_ways(one, HAUSDORFF_POINTS) for one in tracks]
    for i in range(6):
        for j in range(6):
            assert far[i, j] == pytest.approx(max(min(np.hypot(*(p - q)) for q in points[j]) for p in points[i]))
    nearest = mean_distances(tracks)
    twelve = [at_equal_ways(one, 12) for one in tracks]
    for i in range(6):
        assert nearest[i] == pytest.approx(min(np.hypot(*(twelve[i] - twelve[j]).T).mean() for j in range(6) if j != i))


def test_who_is_far_from_all_has_the_least_p_value() -> None:
    tracks = [*lanes(19, 2), np.column_stack((np.linspace(0.0, 80.0, 30), np.linspace(0.0, 80.0, 30)))]
    far, p = conformal_neighbours(tracks)
    assert np.argmax(far) == 19 and p[19] == p.min() == pytest.approx(1.0 / 20.0) and p.max() == 1.0
    assert np.argmax(mean_distances(tracks)) == 19


@pytest.mark.skipif(not (FOLDER / "points.csv.gz").is_file(),
                    reason=f"the labelled vehicles are not in {FOLDER}; say where they are in MOTIVE_DATA")
def test_the_stretch_that_is_farthest_tells_labelled_vehicles_apart() -> None:
    """Unsupervised: each against the others. The nearest whole track, by the best of its forms, has .934 of area under the curve."""
    table, labels = read_table(FOLDER / "points.csv.gz"), read_table(FOLDER / "tracks.csv")
    tracks = read_points(table, guess_columns(table, "points"), "px").tracks
    assert isinstance(tracks, Tracks)
    world = grid_over(tracks, 10.0)
    paths = map_tracks(world, tracks).paths
    own = material(world, paths, tracks.take(find_ids(tracks.ids, [str(one) for one in paths.ids])))
    label = dict(zip(names(labels["traj_id"]), labels["anomaly"].astype(int), strict=True))
    strange = np.array([label[str(one)] == 1 for one in paths.ids])
    for kind, least in ((StretchDistance(), 0.97), (Turning(), 0.96)):
        values = np.nan_to_num(measured(kind, own, np.arange(len(paths))).values, nan=-np.inf)
        assert auc(values[~strange], values[strange]) >= least
        assert strange[np.argsort(-values, kind="stable")[:30]].mean() >= 0.5
