"""Two worlds small enough to know every vertex by heart, and a review of made-up numbers, for the tests of reports."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.analysis.ranking import Review
from irlcore.analysis.scored import by_route
from irlcore.analysis.study import Parts
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.scores import Scores
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.grid import build_grid
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.mdp import Paths
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

EVIL = "<script>alert(1)</script>"
ENDS = {"a": (0, 1), "b": (1, 2), "c": (1, 3), "d": (2, 4)}
ROUTES = {EVIL: "abd", "north": "ac", "short": "ab", "long": "abd"}


def streets(nodes: list[tuple[float, float]], lon_lat: bool) -> tuple[World, Paths]:
    """Links a, b and d in a row and c off the end of a; four tracks. nodes: where the five nodes lie."""
    x0, y0, x1, y1 = ("lon0", "lat0", "lon1", "lat1") if lon_lat else ("x0", "y0", "x1", "y1")
    rows = [{"link": name, "u": u, "v": v, x0: nodes[u][0], y0: nodes[u][1], x1: nodes[v][0], y1: nodes[v][1]}
            for name, (u, v) in ENDS.items()]
    world = build_network(pd.DataFrame(rows))
    offsets = np.concatenate(([0], np.cumsum([len(r) for r in ROUTES.values()])))
    tracks = LinkTracks(np.array(list(ROUTES), object), offsets, np.array(list("".join(ROUTES.values())), object),
                        pd.DataFrame(index=range(len(ROUTES))))
    return world, map_link_tracks(world, tracks).paths


def plain_streets() -> tuple[World, Paths]:
    """Links of 10 m, in the data's own coordinates."""
    return streets([(0, 0), (10, 0), (20, 0), (10, 10), (30, 0)], lon_lat=False)


def projected_streets() -> tuple[World, Paths]:
    """Links of a hundredth of a degree near Munich."""
    return streets([(11.00, 48.00), (11.01, 48.00), (11.02, 48.00), (11.01, 48.01), (11.03, 48.00)], lon_lat=True)


def cells() -> World:
    """Three columns and two rows of cells of 10 m, the upper right one blocked."""
    corner = np.array([[20, 10], [30, 10], [30, 20], [20, 20], [20, 10.0]])
    return build_grid(0.0, 0.0, 30.0, 20.0, 10.0, "m", blocked=[corner])


def made_review(paths: Paths) -> Review:
    """The last track calibrates, the others are reviewed; the first is impossible, the second has no hard value."""
    surprise = np.array([np.inf, 1.25, -0.5, 0.1])
    gap = np.array([np.inf, np.nan, 0.75, 0.0])
    nothing, first = np.zeros(4), np.zeros(4, np.int64)
    scores = Scores(surprise, gap, np.array([np.inf, 3.5, 0.25, 0.2]), first, first + 1, np.zeros(len(paths.choices)),
                    nothing, nothing, nothing)
    parts = Parts(paths, np.array([3]), np.array([3]), np.array([0, 1, 2]), True)
    flagged = np.array([True, False, False, False])
    return Review(by_route(parts, scores), np.array([0.01, 0.2, 0.6, 1.0]), flagged, np.array([0, 1, 2]), "surprise",
                  FalseAlarmControl("share_of_normal", 0.05))
