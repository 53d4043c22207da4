"""Map matching the slow, obvious way: every place of a point with every place of the next, by scipy's shortest paths."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from irlcore.worlds.matching.decoding import LEAST_STEP_M, LEFT_OUT, MOST, STEP, Model
from irlcore.worlds.matching.roads import Roads
from irlcore.worlds.world import World

Spot = tuple[int, float]  # link, metres along it


class Reference:
    """Costs of places and of ways between them."""

    def __init__(self, world: World, roads: Roads, model: Model) -> None:
        self.roads, self.model = roads, model
        before = np.repeat(np.arange(len(roads)), np.diff(roads.out_offsets))
        n = len(roads)
        step = coo_array((model.link_cost + model.per_metre * roads.length[roads.out_to] + 1e-12, (before, roads.out_to)), shape=(n, n))
        ends = dijkstra(step.tocsr())  # from the end of a link to the end of another
        self.starts = np.full((n, n), np.inf)  # from the end of a link to the start of another
        for a, b, cost in zip(before, roads.out_to, model.link_cost, strict=True):
            self.starts[:, b] = np.minimum(self.starts[:, b], ends[:, a] + cost)
        offsets = world.shape_offsets
        self.lines = [world.shape_xy[offsets[s]:offsets[s + 1]] for s in world.place_of_state[roads.state]]
        self.spots: list[Spot] = []
        step_m = max(STEP * model.sigma, LEAST_STEP_M)
        for a in range(n):
            many = max(int(np.ceil(roads.length[a] / step_m)), 1)
            self.spots += [(a, (k + 0.5) * roads.length[a] / many) for k in range(many)]
        self.xy = np.array([self._at(*spot) for spot in self.spots])

    def _at(self, a: int, here: float) -> list[float]:
        line = self.lines[a]
        along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
        return [float(np.interp(here * along[-1] / self.roads.length[a], along, line[:, k])) for k in range(2)]

    def near(self, x: float, y: float) -> list[tuple[Spot, float]]:
        """Places in reach, and what they cost."""
        off = np.hypot(*(self.xy - (x, y)).T)
        return [(self.spots[k], min(float(off[k]) ** 2 / (2.0 * self.model.sigma ** 2), MOST))
                for k in np.flatnonzero(off <= self.model.reach)]

    def way(self, start: Spot, end: Spot) -> float:
        """The least cost of a way from a place to another."""
        (a, here), (b, there) = start, end
        metre, length = self.model.per_metre, self.roads.length
        out = metre * (length[a] - here) + self.starts[a, b] + metre * there
        if a == b and there >= here - 1e-6:
            out = min(out, metre * (there - here))
        back = int(self.roads.turned[a])
        if back >= 0:
            turned = self.model.turn_cost[a] + metre * here + self.starts[back, b] + metre * there
            out = min(out, turned)
            if b == back and there >= length[a] - here - 1e-6:
                out = min(out, self.model.turn_cost[a] + metre * (there - (length[a] - here)))
        return float(out)

    def least(self, x: np.ndarray, y: np.ndarray) -> float:
        """The cost of the best way past all points."""
        prior: list[tuple[Spot, float]] = []
        last = self.near(x[0], y[0])
        for px, py in zip(x[1:], y[1:], strict=True):
            known = [*last, *((place, cost + LEFT_OUT) for place, cost in prior)]
            found = [(spot, cost + min(before + self.way(place, spot) for place, before in known)) for spot, cost in self.near(px, py)]
            prior, last = last, found
        return min(cost for _, cost in last)

    def of(self, x: np.ndarray, y: np.ndarray, spots: list[Spot | None]) -> float:
        """The cost of the best way past the points that goes through these places; None for a point that is left out."""
        costs = []
        for px, py, spot in zip(x, y, spots, strict=True):
            costs += [cost for (a, here), cost in self.near(px, py) if spot is not None and a == spot[0] and abs(here - spot[1]) < 1e-6]
        used = [spot for spot in spots if spot is not None]
        assert len(costs) == len(used)
        return sum(costs) + sum(self.way(a, b) for a, b in pairwise(used)) + LEFT_OUT * (len(spots) - len(used))
