"""How near places are to each other, as a weight: a place next door counts nearly as the place itself, so that what is rare but next to
what is usual is not strange.

The weight is Student's kernel, (1 + d^2 / r^2)^-2: 1 at the place, a quarter at the reach r, and never 0, so that of two places nobody
goes to the one farther off weighs less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra
from scipy.spatial.distance import cdist

from irlcore.review.parts.base import Material
from irlcore.review.parts.once import once, same_way
from irlcore.review.shapes.lines import places_of
from irlcore.tracks.tracks import blocks_of
from irlcore.worlds.world import World

SHARE = 0.1  # of the size of a usual track's bounding box; between 5 and 20 % ends of held-out trips are told equally well
STEP = 1.5  # cells of a grid, usual links of a network, at least: neighbours are near
BLOCK = 1 << 20  # places that are looked at together, for the sake of memory
STEPS, FARTHEST = 2.0, 8.0  # the reach without coordinates, and from where on nothing is near


@dataclass(frozen=True, slots=True, eq=False)
class Thereabouts:
    """reach: in the world's unit, in steps where it has no coordinates."""

    world: World
    reach: float

    def weights(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """(A, B) float64: how near each of the places ``a`` (A,) is to each of ``b`` (B,)."""
        return np.asarray((1.0 + self.distances(a, b) ** 2) ** -2.0)

    def distances(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """(A, B) float64, in reaches; inf where there is no way, or a place has no coordinates."""
        from_, row = np.unique(a, return_inverse=True)
        to, column = np.unique(b, return_inverse=True)
        if self.world.has_coordinates:
            xy = self.world.place_xy
            far = np.nan_to_num(cdist(xy[from_], xy[to]), nan=np.inf) / self.reach
            far[from_[:, None] == to[None, :]] = 0.0
        else:
            far = self._steps(from_)[:, to] / self.reach
        return np.asarray(far[row][:, column])

    def _steps(self, places: np.ndarray) -> np.ndarray:
        """(A, L) float64: steps in either direction from each place to every other, inf beyond ``FARTHEST``."""
        world = self.world
        mdp, n = world.mdp, world.n_places
        graph = sp.csr_array((np.ones(len(mdp.successors)), (world.choice_from[mdp.outcome_choice], world.place_of_state[mdp.successors])),
                             shape=(n, n))
        return np.asarray(dijkstra(graph, directed=False, indices=places, unweighted=True, limit=FARTHEST))


def thereabouts(material: Material, index: np.ndarray) -> Thereabouts:
    """By the size of the tracks ``index`` (n,)."""
    world = material.world
    if not world.has_coordinates:
        return Thereabouts(world, STEPS)
    size = material.derived(_sizes)[index]
    size = size[np.isfinite(size) & (size > 0.0)]
    steps = world.choice_length[world.choice_length > 0.0]  # none of those that are not known
    step = float(np.median(steps)) if len(steps) else 0.0
    reach = max(SHARE * float(np.median(size)) if len(size) else 0.0, STEP * step)
    return Thereabouts(world, reach if reach > 0.0 else 1.0)


def _sizes(material: Material) -> np.ndarray:
    """(N,) float64: the diagonal of the box round the places that each track passed, NaN where none is known."""
    different, back = once(same_way(material), np.arange(len(material.paths)))
    out = np.full(len(different.index), np.nan)
    for i, j in blocks_of(np.append(0, np.cumsum(material.paths.lengths[different.index] + 1)), BLOCK):
        place, offsets = places_of(material, different.index[i:j])
        xy = material.world.place_xy[place]
        with np.errstate(invalid="ignore"):
            out[i:j] = np.hypot(*(np.fmax.reduceat(xy, offsets[:-1]) - np.fmin.reduceat(xy, offsets[:-1])).T)
    return np.asarray(out[back])
