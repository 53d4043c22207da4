"""Road networks whose best MaxEnt weights lie at the edge of what the model allows, and few long routes through them.

A long strip of crossings, each street cut into many links; off the routes lies an old town of short links, where wandering gets
too cheap long before the routes would mind. Agents are drawn on the strip alone, at weights that the old town forbids.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.engine import run_all
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp, choices_between

NAMES = ("length", "step", "turn", "back")
WANTS = np.array([-0.5, 0.01, -0.8, -3.0])
ROUTES, TRIPS_A_ROUTE = 180, 5
LONGEST = 5000
TOWN, TOWN_LENGTH, FAR = 5, 0.3, 500.0  # crossings across the old town, length of its links and of the one street to it


@dataclass(frozen=True, slots=True)
class EdgeWorld:
    """name, mdp, phi (M, 4) features ``NAMES`` of every turn from one link to the next, paths."""

    name: str
    mdp: MDP
    phi: np.ndarray
    paths: Paths


def build_edge_world(columns: int, rows: int, pieces: int, goals: int, seed: int, wants: np.ndarray = WANTS) -> EdgeWorld:
    """``columns`` x ``rows`` crossings, streets of ``pieces`` links, ``goals`` places that ``ROUTES`` routes end at."""
    rng = np.random.default_rng([seed, columns])
    node, ends = _streets(columns, rows)
    place = np.stack((node % columns, node // columns), axis=1) * float(pieces) + rng.uniform(-0.2, 0.2, (len(node), 2)) * pieces
    one, two, length, heading = _cut(ends, place, pieces, rng)
    column = np.tile(np.repeat(ends[:, 0] % columns, pieces), 2)
    one, two, length, heading = _with_town(one, two, length, heading, rng)
    state, after = _turns(one, two)
    mdp, order = build_mdp(len(one), state, after)
    state, after = state[order], after[order]
    bend = np.abs((heading[after] - heading[state] + np.pi) % (2.0 * np.pi) - np.pi)
    back = one[state] == two[after]
    phi = np.column_stack((length[after], np.ones(len(after)), (bend > np.pi / 4) & ~back, back)).astype(np.float64)
    paths = _routes(state, after, phi, column / columns, goals, rng, wants, mdp)
    return EdgeWorld(f"{len(one)} links, seed {seed}", mdp, phi, paths)


def _streets(columns: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    node = np.arange(columns * rows)
    east = np.stack((node, node + 1), axis=1)[node % columns < columns - 1]
    north = np.stack((node, node + columns), axis=1)[node // columns < rows - 1]
    return node, np.concatenate((east, north))


def _cut(ends: np.ndarray, place: np.ndarray, pieces: int,
         rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Directed links both ways: from node, to node, length, heading. Points along a street count on from the crossings."""
    n, streets = len(place), len(ends)
    inner = n + np.arange(streets * (pieces - 1)).reshape(streets, pieces - 1)
    chain = np.column_stack((ends[:, 0], inner, ends[:, 1]))
    share = rng.dirichlet(np.full(pieces, 4.0), streets)
    way = place[ends[:, 1]] - place[ends[:, 0]]
    length = (np.linalg.norm(way, axis=1) * rng.uniform(1.0, 1.2, streets))[:, None] * share
    heading = np.repeat(np.arctan2(way[:, 1], way[:, 0]), pieces)
    one, two = chain[:, :-1].ravel(), chain[:, 1:].ravel()
    return (np.concatenate((one, two)), np.concatenate((two, one)), np.tile(length.ravel(), 2),
            np.concatenate((heading, heading + np.pi)))


def _with_town(one: np.ndarray, two: np.ndarray, length: np.ndarray, heading: np.ndarray,
               rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The old town beside crossing 0, joined to it by one street."""
    node, ends = _streets(TOWN, TOWN)
    place = np.stack((node % TOWN, node // TOWN), axis=1) * TOWN_LENGTH
    a, b, town_length, town_heading = _cut(ends, place, 1, rng)
    first = int(max(one.max(), two.max())) + 1
    joint = np.array([first, 0]), np.array([0, first]), np.full(2, FAR), np.array([0.0, np.pi])
    return (np.concatenate((one, a + first, joint[0])), np.concatenate((two, b + first, joint[1])),
            np.concatenate((length, town_length, joint[2])), np.concatenate((heading, town_heading, joint[3])))


def _turns(one: np.ndarray, two: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of links that follow each other; back where one came from only at crossings and dead ends."""
    order = np.argsort(one, kind="stable")
    degree = np.bincount(one, minlength=int(max(one.max(), two.max())) + 1)
    first = np.concatenate(([0], np.cumsum(degree)))
    width = degree[two]
    state = np.repeat(np.arange(len(one)), width)
    after = order[np.arange(width.sum()) - np.repeat(np.cumsum(width) - width, width) + np.repeat(first[two], width)]
    kept = (two[after] != one[state]) | (degree[two[state]] != 2)
    return state[kept], after[kept]


def _routes(state: np.ndarray, after: np.ndarray, phi: np.ndarray, along: np.ndarray, goals: int, rng: np.random.Generator,
            wants: np.ndarray, mdp: MDP) -> Paths:
    """Routes from one end of the strip to the other, drawn from MaxEnt on the strip's own links, whose places ``along`` it are
    from 0 to 1; each is travelled ``TRIPS_A_ROUTE`` times."""
    links = len(along)
    own = np.flatnonzero((state < links) & (after < links))
    strip, order = build_mdp(links, state[own], after[own])
    choice_of = own[order]
    model = MaxEnt()
    prepared = model.prepare(strip, phi[choice_of] @ wants)
    places = rng.choice(np.flatnonzero(along > 0.85), goals, replace=False)
    starts = rng.choice(np.flatnonzero(along < 0.1), (goals, -(-ROUTES // goals)))

    def to(goal: int) -> list[list[int]]:
        draws = np.random.default_rng([int(places[goal]), goal])
        solved = model.solve(prepared, np.array([places[goal]]))
        return [model.sample(prepared, solved, int(start), draws, LONGEST) for start in starts[goal]]

    trips, goal_of = [], []
    for goal, found in enumerate(run_all(to, list(range(goals)))):
        trips += found
        goal_of += [goal] * len(found)
    return _paths(trips, goal_of, places, mdp)


def _paths(trips: list[list[int]], goal_of: list[int], places: np.ndarray, mdp: MDP) -> Paths:
    trips = [trip for trip in trips for _ in range(TRIPS_A_ROUTE)]
    before, after = (np.concatenate([part(np.array(trip)) for trip in trips]) for part in (lambda t: t[:-1], lambda t: t[1:]))
    offsets = np.concatenate(([0], np.cumsum([len(trip) - 1 for trip in trips])))
    goals = build_goals([np.array([place]) for place in places], [str(place) for place in places])
    return Paths(np.array([str(i) for i in range(len(trips))], dtype=object), offsets, choices_between(mdp, before, after),
                 np.array([trip[-1] for trip in trips]), np.repeat(goal_of, TRIPS_A_ROUTE), goals)
