"""The likeliest way past the points of tracks, as a hidden Markov model (Newson and Krumm 2009), with three changes (ours).

A state is a place on a link driven one way; places lie closer together than the noise, and an agent only moves on, so points that noise
throws back make no loops. A point z at a place x costs |z - x|^2 / (2 sigma^2), at most ``MOST``, for a fix may be wrong altogether. A way
costs ``per_metre`` for each metre, and more for turns, or what the analyst's own model of choices says. Newson and Krumm ask for
|route - straight|; the straight part is the same for all ways from one point to the next, so only the route counts. Thus costs add up
along the links, and one search from all places of a point finds the best way to every place of the next, where they need one from each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.worlds.matching.kernels import decode
from irlcore.worlds.matching.near.kernels import places_near
from irlcore.worlds.matching.roads import Roads
from irlcore.worlds.matching.sure.kernels import visits_of
from irlcore.worlds.matching.ways.kernels import driven

MOST = 6.0
"""Nats: what a point costs that is four sigma off, or more."""

LEFT_OUT = 12.0
"""Nats for leaving out a single point, since its fix may be wrong altogether; twice the most that a point costs, for real ways round are
commoner than wrong fixes where points are far apart (8 took 1 per cent of the links of such tracks)."""

REACH = 4.0
"""Places within so many sigma of a point are looked at."""

LEAST_REACH_M = 25.0
STEP = 0.75
"""Places on a link are at most so many sigma apart: then the nearest costs 0.07 nats more than the best there is."""

LEAST_STEP_M = 2.0
METRE = 1.0 / 1.5
"""Nats for a metre of way, in units of 1 / sigma. Measured on made-up noise of 5 to 30 m and points 30 to 400 m apart on one city's trips
(every other trip): the best was between 1 / 2 and 1 in all of them, where fixed numbers of metres were good in some alone."""

TURN = 1.0
"""Nats for turning by half a circle, in proportion for less: of two ways of one length people take the one with fewer turns."""

U_TURN = 4.0
"""Nats for turning back: one in fifty or so is not straight on."""

BEAM = 8.0
"""Nats: a place to which the best way is so much less likely than that to another (a millionth or so) is given up."""

DETOUR, DETOUR_M = 4.0, 1000.0
"""A way between two points may cost as many nats as one of this many times the distance, and metres more, and ``LEAST_BOUND``."""

LEAST_BOUND = 20.0

COUNTED = 6.0
"""Nats: ways that are so much less likely than the best to a point (one in 400) do not count for how sure the match is. With
4 some ways were told as impossible that were chosen in the end."""


@dataclass(frozen=True, slots=True)
class Model:
    """What a way costs. sigma: metres, the noise of one coordinate of a point. per_metre: nats. link_cost: (E,) nats of each step of
    ``Roads.out_to``. turn_cost: (L,) nats of a turn on a link. typical: nats that a metre costs about, which bounds the searches."""

    sigma: float
    per_metre: float
    link_cost: np.ndarray
    turn_cost: np.ndarray
    typical: float

    @property
    def reach(self) -> float:
        """Metres round a point in which it is looked for places."""
        return max(REACH * self.sigma, LEAST_REACH_M)


def model_of(roads: Roads, sigma: float, choice_cost: np.ndarray | None = None, per_metre: float | None = None) -> Model:
    """The model for a noise of sigma metres. choice_cost: (M,) nats for each choice, in place of those for metres and turns."""
    before = np.repeat(np.arange(len(roads)), np.diff(roads.out_offsets))
    back = roads.out_to == roads.turned[before]
    if choice_cost is None:
        metre = METRE / sigma if per_metre is None else per_metre
        turn = np.where(back, U_TURN, TURN / np.pi * np.abs(np.nan_to_num(roads.out_turn)))
        return Model(sigma, metre, turn, np.full(len(roads), U_TURN), metre)
    cost = np.asarray(choice_cost, np.float64)
    turn_cost = np.where(roads.turned >= 0, cost[roads.turned_choice], 0.0) + U_TURN
    own = cost[roads.out_choice]
    metres = float(roads.length[roads.out_to].sum())
    return Model(sigma, 0.0, own, turn_cost, max(float(own.sum()) / max(metres, 1.0), 1e-3 * METRE / sigma))


@dataclass(frozen=True, slots=True)
class Decoded:
    """Ways past P points. begins: (P,) bool, where a part begins. placed: (P,) bool, whether the point has a place. near: (P,) bool,
    whether any link is in reach of it. off: (P,) metres from
    it. link_offsets: (P + 1,), the links added by each point. links: their numbers in ``Roads``. along: (P,) metres from the start of the
    link. link_sure: the probability that each of ``links`` was driven, given all points. sure: (P,) that of the link a point is on, NaN
    where it has no place."""

    begins: np.ndarray
    placed: np.ndarray
    near: np.ndarray
    off: np.ndarray
    link_offsets: np.ndarray
    links: np.ndarray
    along: np.ndarray
    sure: np.ndarray
    link_sure: np.ndarray


def decoded(roads: Roads, model: Model, offsets: np.ndarray, x: np.ndarray, y: np.ndarray, most_gap: float, lonely: int = 1,
            narrow: bool = False) -> Decoded:
    """The best ways past the points (P,) of tracks (offsets from 0). most_gap: metres between points that are bridged at most. lonely: so
    many points in a row may be without a place, and left out, before nothing is bridged. narrow: quicker, with half the beam, and without
    how sure it is."""
    sigma, reach = model.sigma, model.reach
    x, y = np.array(x, np.float64), np.array(y, np.float64)  # whatever their layout, the kernels are compiled once
    at, link, along, cost = places_near(
        x, y, reach, max(STEP * sigma, LEAST_STEP_M), sigma, MOST, roads.corner, roads.cell, roads.columns, roads.rows, roads.cell_keys,
        roads.cell_segments, roads.segment_link, roads.segment_xy, roads.segment_span, roads.length, np.full(len(roads.segment_link), -1))
    point_of = np.repeat(np.arange(len(x)), np.diff(at))
    bounds = (0.5 * BEAM if narrow else BEAM, most_gap, model.typical * DETOUR, model.typical * DETOUR_M + LEAST_BOUND, LEFT_OUT,
              -1.0 if narrow else COUNTED)
    per_metre = np.full(len(roads), model.per_metre)
    network = (roads.out_offsets, roads.out_to.view(np.uint32), model.link_cost, per_metre, roads.length, roads.turned, model.turn_cost,
               roads.end_xy, roads.dull)
    chosen, begins, value, _, kept_from, kept_to, kept, sources, end_offsets, ends, costs = decode(
        offsets, x, y, _cuts(at, lonely), at, point_of, (link, along, cost), network, bounds, (model.per_metre * roads.straight, reach),
        _marks(len(roads)))
    link_offsets, links = driven(chosen, begins, kept_from, kept_to, kept, link)
    link_sure, sure = np.full(len(links), np.nan), np.full(len(x), np.nan)
    placed = chosen >= 0
    if not narrow:
        link_sure = visits_of(offsets, begins, at, (link, along, cost), value, sources, end_offsets, ends, costs, network, link_offsets,
                              links, LEFT_OUT, _sums(len(roads)))
        sure[placed] = link_sure[link_offsets[1:][placed] - 1]
    off = np.where(placed, np.sqrt(2.0 * cost[chosen]) * sigma, np.nan) if len(cost) else np.full(len(x), np.nan)
    here = np.where(placed, along[chosen], np.nan) if len(cost) else off
    return Decoded(begins, placed, np.diff(at) > 0, off, link_offsets, links, here, sure, link_sure)


def _cuts(place_offsets: np.ndarray, lonely: int) -> np.ndarray:
    """(P,) bool: points before which too many in a row have no place."""
    without = np.diff(place_offsets) == 0
    seen = np.cumsum(without)
    run = seen - np.maximum.accumulate(np.where(without, 0, seen))  # of points without a place, up to each
    out = np.zeros(len(without), bool)
    out[1:] = ~without[1:] & (run[:-1] > lonely)
    return out


def _sums(n: int) -> tuple[np.ndarray, ...]:
    """What ``visits_of`` keeps of each link."""
    return (np.full(n, np.inf), np.full(n, np.inf), *(np.zeros(n) for _ in range(5)), np.zeros(n, np.bool_))


def _marks(n: int) -> tuple[np.ndarray, ...]:
    """What the searches keep of each link: cost at its start and its end, the link before, how its end was reached, the place that it was
    reached from, the cost of its start that helps, and what its places add at least."""
    return (np.full(n, np.inf), np.full(n, np.inf), np.full(n, -1, np.int32), np.zeros(n, np.int8), np.full(n, -1), np.full(n, -np.inf),
            np.zeros(n))
