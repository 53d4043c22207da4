"""What is fitted: a made-up metro network of any size, and a grid whose values leave floating point."""

from __future__ import annotations

import numpy as np

from benchmarks import fit_problem, town
from irlcore.fitting.problem import Problem
from irlcore.planning.graph import graph_of
from irlcore.planning.values import shortest_plan
from irlcore.rationality.base import Rationality
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp

SEED = 20150
BLOCKS, LONGEST = 40, 400
LIT = 0.2  # of the links
GRID_GOALS, GRID_TRIPS = 20, 200


def metro(links: int, trips: int, goals: int, model: Rationality) -> Problem:
    """A town of about so many links; its trips end at ``goals`` links. The sixth feature, traffic lights, means nothing to the agents."""
    rng = np.random.default_rng([SEED, links])
    made = town.build_town(links, rng)
    lights = (rng.random(made.mdp.n_states) < LIT).astype(np.float64)
    ends = rng.choice(made.mdp.n_states, min(goals, made.mdp.n_states), replace=False)
    paths = town.drive(made, trips, rng, ends, BLOCKS, LONGEST)
    return Problem(made.mdp, np.column_stack((made.phi, lights[made.mdp.successors])), (*town.NAMES, "lights"), paths, model)


def far_grid(side: int, model: Rationality) -> Problem:
    """A grid of side x side cells, moves to the four neighbours, with the features of ``fit_problem``.

    Trips from anywhere to cells anywhere, drawn from ``Boltzmann``.
    """
    rng = np.random.default_rng([SEED, side])
    cell = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate([np.column_stack((one.ravel(), other.ravel())) for one, other in ((cell[:, :-1], cell[:, 1:]),
                                                                                            (cell[:-1], cell[1:]))])
    mdp, order = build_mdp(side * side, pairs.ravel(), pairs[:, ::-1].ravel())
    features = fit_problem.features_of(side, rng)[pairs.ravel()[order]]
    ends = rng.choice(side * side, min(GRID_GOALS, side * side // 2), replace=False)
    return Problem(mdp, features, tuple(f"feature {k}" for k in range(features.shape[1])),
                   _walk(mdp, features @ fit_problem.WEIGHTS, ends, rng), model)


def _walk(mdp: MDP, reward: np.ndarray, ends: np.ndarray, rng: np.random.Generator) -> Paths:
    """As many trips to each end, by the hard value and an error in each step."""
    chosen, lengths, goals = [], [], []
    for k, end in enumerate(ends):
        value = shortest_plan(graph_of(mdp), reward, np.array([end])).value
        q = reward + value[mdp.successors]
        for start in rng.choice(np.delete(np.arange(mdp.n_states), end), GRID_TRIPS // len(ends)):
            at, trip = int(start), []
            while at != end:
                options = np.arange(mdp.choice_offsets[at], mdp.choice_offsets[at + 1])
                trip.append(int(options[np.argmax(q[options] + rng.gumbel(size=len(options)))]))
                at = int(mdp.successors[trip[-1]])
            chosen += trip
            lengths.append(len(trip))
            goals.append(k)
    ids = np.arange(len(lengths)).astype(str).astype(object)
    return Paths(ids, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64), np.array(chosen, np.int64), ends[goals].astype(np.int64),
                 np.array(goals, np.int64), build_goals(list(ends[:, None].astype(np.int64)), ends.astype(str).tolist()))
