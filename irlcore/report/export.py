"""Review and intent as tables, CSV and GeoJSON, with the numbers of the screen."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from irlcore.analysis.onward import intents_study
from irlcore.analysis.study import Review
from irlcore.project.project import Project
from irlcore.projection import GEOGRAPHIC, moved
from irlcore.report.text import as_csv
from irlcore.worlds.world import World

AFTER = {"a quarter": 0.25, "half": 0.5, "three quarters": 0.75}


def review_table(project: Project, review: Review) -> pd.DataFrame:
    """One row a reviewed track, strangest first."""
    order, scores = review.order, review.scores
    ids = review.parts.paths.ids[order]
    place = "share as strange" if review.control.kind == "strangest" else "p-value"
    return pd.DataFrame({
        "track": ids, "flagged": review.flagged[order], place: review.p[order], "surprise (sd)": scores.surprise[order],
        "improbability (nats)": scores.improbability[order], "extra cost (utility)": scores.utility_gap[order],
        "worst stretch (nats)": scores.worst_stretch[order],
        "goal": review.parts.paths.goals.names[review.parts.paths.goal[order]],
        "verdict": [project.verdicts[str(i)].outcome if str(i) in project.verdicts else "" for i in ids],
        "reason": [project.verdicts[str(i)].reason if str(i) in project.verdicts else "" for i in ids]})


def intent_table(project: Project, review: Review, indices: np.ndarray) -> pd.DataFrame:
    """What each of the paths ``indices`` (n,) seemed to be after when a quarter, half and three quarters were seen, and
    from which step on that was certain; a goal's probability stands beside it."""
    paths = review.parts.paths
    posteriors, names = intents_study(project, indices)
    rows = []
    for i, found in zip(indices, posteriors, strict=True):
        steps = len(found.probability) - 1
        row: dict[str, object] = {"track": str(paths.ids[i]), "steps": steps}
        for said, share in AFTER.items():
            at = int(share * steps)
            best = int(found.top[at])
            row[f"after {said}"] = str(names[best]) if best >= 0 else "none of the candidates"
            row[f"probability ({said})"] = float(found.probability[at].max())
        row["certain from step"] = "" if found.certain_step < 0 else str(found.certain_step)
        rows.append({**row, "ended at": str(paths.goals.names[paths.goal[i]])})
    return pd.DataFrame(rows)


def review_csv(project: Project, review: Review) -> str:
    """The table as CSV that no spreadsheet runs (``text.as_csv``)."""
    return as_csv(review_table(project, review))


def review_geojson(project: Project, review: Review, world: World) -> str:
    """The reviewed tracks as lines with their numbers; lon / lat where the world has a projection."""
    table = review_table(project, review)
    features = []
    for row, i in zip(table.to_dict("records"), review.order, strict=True):
        xy = world.place_xy[world.place_of_state[review.parts.paths.states(world.mdp, int(i))]]
        xy = xy[np.isfinite(xy).all(axis=1)]
        if world.crs and len(xy):
            xy = moved(xy, world.crs, GEOGRAPHIC)
            xy = xy[np.isfinite(xy).all(axis=1)]  # a place of a world by hand may have none on the globe
        geometry = {"type": "LineString", "coordinates": np.round(xy, 6).tolist()} if len(xy) > 1 else None
        clean = {str(k): (v if not isinstance(v, float) or np.isfinite(v) else None) for k, v in row.items()}
        features.append({"type": "Feature", "geometry": geometry, "properties": clean})
    return json.dumps({"type": "FeatureCollection", "features": features}, default=str)
