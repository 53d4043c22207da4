"""Labelled strange vehicles, found without a label: all 1,500 tracks of the VMT set, 24 of them labelled, none named as normal.

``motive`` is what the product does with such a file: points read, cells of ``CELL_PX`` pixels with the heading, each track taken to go to
its end, trimmed likelihood, every kind of score that can be measured, each track against the others, and the score to rank by that the
evidence supports. A track that could not be mapped counts as the least strange. Beside it every score by itself, and controls that know
no wants: the nearest neighbour by mean distance, the conformal nearest-neighbour detector of Laxhammar and Falkman, and the number of
points. Labels are used to count, for nothing else. auc: area under the curve; ap: average precision; p30: share of labelled ones among
the first 30.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.nearest_controls import conformal_neighbours, mean_distances
from benchmarks.roaming_vmt import CELL_PX, FEATURES, labelled
from irlcore.analysis.ranking import review_study
from irlcore.analysis.study import fit_record, with_fit
from irlcore.project.project import Project
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.calibration.p_values import as_ordinary
from irlcore.review.separation import auc, average_precision, precision_of_first
from irlcore.tracks.tracks import Tracks, find_ids
from irlcore.worlds.grid import grid_over, map_tracks

FIRST = 30
MODEL, ESTIMATOR = "maxent", "trimmed_likelihood"


def run(folder: Path) -> dict[str, Any]:
    """Motive, its single scores and the controls on the set in ``folder``."""
    begun = time.monotonic()
    tracks, strange = labelled(folder)
    points = [np.column_stack((tracks.x[a:b], tracks.y[a:b])) for a, b in zip(tracks.offsets[:-1], tracks.offsets[1:], strict=True)]
    found: dict[str, Any] = {"tracks": len(tracks), "labelled": int(strange.sum())}
    found |= motive(tracks, strange)
    found["nearest_neighbour"] = measured(mean_distances(points), strange)
    found["conformal_nearest_neighbour"] = measured(conformal_neighbours(points)[0], strange)
    found["points"] = measured(np.diff(tracks.offsets).astype(np.float64), strange)
    print(f"{'':<30}{'AUC':>7}{'AP':>7}{'P' + str(FIRST):>7}")
    for name, one in {**found, **found["scores"]}.items():
        if isinstance(one, dict) and "auc" in one:
            print(f"{name:<30}{one['auc']:>7.3f}{one['ap']:>7.3f}{one['p30']:>7.2f}")
    print(f"{found['left_out']} tracks left out of the fit, {found['left_out_labelled']} of them labelled; ranked by {found['ranked_by']}")
    found["seconds"] = round(time.monotonic() - begun, 1)
    return found


def motive(tracks: Tracks, strange: np.ndarray) -> dict[str, Any]:
    """The product's own way with tracks none of which is known to be normal: what ranks, and every score by itself."""
    world = grid_over(tracks, CELL_PX, heading=True)
    project = Project(tracks=tracks, world=world, paths=map_tracks(world, tracks).paths, features=FEATURES)
    record = fit_record(project, MODEL, 1.0, estimator=ESTIMATOR)
    review = review_study(with_fit(project, record), FalseAlarmControl("strangest", FIRST / len(tracks)))
    rows = find_ids(tracks.ids, [str(i) for i in review.parts.paths.ids])
    left = np.isin(tracks.ids.astype(str), record.result.left_out)

    def of_all(values: np.ndarray) -> dict[str, float]:
        whole = np.full(len(tracks), -np.inf)
        whole[rows] = as_ordinary(values)
        return measured(whole, strange)

    table = review.scored.table
    return {"motive": of_all(review.values), "ranked_by": review.score, "mapped": len(rows), "left_out": int(left.sum()),
            "left_out_labelled": int((left & strange).sum()), "scores": {name: of_all(table.of(name)) for name in table.names}}


def measured(values: np.ndarray, strange: np.ndarray) -> dict[str, float]:
    """Of scores (N,), higher = stranger; which are truly strange (N,) bool. Equal scores share their places."""
    values = np.nan_to_num(values, posinf=1e300, neginf=-1e300)
    usual, odd = values[~strange], values[strange]
    return {"auc": round(auc(usual, odd), 3), "ap": round(average_precision(usual, odd), 3),
            "p30": round(precision_of_first(usual, odd, FIRST), 3)}
