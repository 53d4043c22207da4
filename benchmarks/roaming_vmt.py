"""The VMT vehicles once as trips to where they end, once as walks of agents without a destination."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.roaming_walks import scored_apart
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix
from irlcore.review.separation import auc
from irlcore.tracks.cells import names
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.aims import NOWHERE, TO_ITS_END
from irlcore.worlds.grid import grid_over, map_tracks

CELL_PX, GAMMA = 10.0, 0.95
FEATURES = (FeatureSpec("length", "length"), FeatureSpec("left turn", "turn", {"turn": "left"}),
            FeatureSpec("right turn", "turn", {"turn": "right"}), FeatureSpec("used", "traffic", {"of": "turn share"}))


def labelled(folder: Path) -> tuple[Tracks, np.ndarray]:
    """The tracks, and (N,) bool which are labelled as strange."""
    points, labels = read_table(folder / "points.csv.gz"), read_table(folder / "tracks.csv")
    tracks = read_points(points, guess_columns(points, "points"), "px").tracks
    assert isinstance(tracks, Tracks)
    label = dict(zip(names(labels["traj_id"]), labels["anomaly"].astype(int), strict=True))
    return tracks, np.array([label[i] == 1 for i in tracks.ids])


def vehicles(folder: Path) -> dict[str, Any]:
    """Tracks and labelled anomalies kept, and the scores' areas under the curve, both ways; beside them that of the number of points, which
    knows nothing of the way. Traffic is counted on a quarter of the normal tracks, that have no other part."""
    tracks, strange = labelled(folder)
    size = np.diff(tracks.offsets)
    found: dict[str, Any] = {"tracks": len(tracks), "anomalies": int(strange.sum()),
                             "number_of_points": round(auc(size[~strange], size[strange]), 3)}
    world = grid_over(tracks, CELL_PX, heading=True)
    for name, aim, gamma in (("to their ends", TO_ITS_END, 1.0), ("nowhere", NOWHERE, GAMMA)):
        mapped = map_tracks(world, tracks, np.full(len(tracks), aim))
        kept = np.isin(tracks.ids, mapped.paths.ids)
        bad = strange[kept]
        rng = np.random.default_rng(0)
        counted = rng.permutation(np.flatnonzero(~bad))[:int((~bad).sum()) // 4]
        phi = feature_matrix(FEATURES, world, Context(training=mapped.paths.take(counted))).values
        rest = np.setdiff1d(np.arange(len(bad)), counted)
        cut = mapped.problems.iloc[:, 2].astype(str).str.contains("passes its own goal").sum()
        scored = scored_apart(world.mdp, phi, tuple(s.name for s in FEATURES), mapped.paths.take(rest), bad[rest], gamma, rng)
        found[name] = {"kept": int(kept.sum()), "anomalies_kept": int(bad.sum()), "cut_short": int(cut),
                       **{key: round(value, 3) for key, value in scored.items()}}
    return found
