"""The same points through fastmm (C++, after Yang and Gidofalvi 2018), where it is installed."""

from __future__ import annotations

import importlib
import importlib.util
import tempfile

import numpy as np

from irlcore.tracks.tracks import Tracks
from irlcore.worlds.world import World

FARTHEST_M = 1200.0
"""Ways that it works out beforehand: three times the widest spacing of points, as its manual asks for."""

CANDIDATES, RADIUS_M, SIGMAS = 16, 50.0, 4.0


def installed() -> bool:
    return importlib.util.find_spec("fastmm") is not None


class Fast:
    """A network of its own."""

    def __init__(self, world: World, ends: np.ndarray) -> None:
        """ends: (S, 2) the nodes at both ends of each state's link."""
        self._made = importlib.import_module("fastmm")
        network = self._made.Network()
        for state, (u, v) in enumerate(ends.tolist()):
            first, last = world.shape_offsets[state:state + 2]
            network.add_edge(state, source=u, target=v, geom=list(map(tuple, world.shape_xy[first:last].tolist())))
        network.finalize()
        self._network = network  # its matcher does not hold it, and would read what is gone
        with tempfile.TemporaryDirectory() as folder:
            self._matcher = self._made.FastMapMatch(network, self._made.TransitionMode.SHORTEST,
                                                    max_distance_between_candidates=FARTHEST_M, cache_dir=folder)

    def matched(self, tracks: Tracks, sigma: float) -> list[set[int]]:
        """The states of each track; of one that it splits, of all pieces."""
        out = []
        for i in range(len(tracks)):
            points = slice(tracks.offsets[i], tracks.offsets[i + 1])
            found = self._matcher.match(
                self._made.Trajectory.from_xy_tuples(list(zip(tracks.x[points].tolist(), tracks.y[points].tolist(), strict=True))),
                max_candidates=CANDIDATES, candidate_search_radius=max(RADIUS_M, SIGMAS * sigma), gps_error=sigma)
            out.append({int(edge.edge_id) for piece in found.subtrajectories if piece.error_code == self._made.MatchErrorCode.SUCCESS
                        for segment in piece.segments for edge in segment.edges})
        return out
