"""A made-up town of any size, trips of local length in it, and what a fit to these costs: ``python -m benchmarks.town LINKS TRIPS``.

Streets form a square lattice, driven both ways; links differ in length, every fifth street is a main road. Agents drive towards an end some
blocks away: at each link they weigh what the links ahead cost and how far the end then is, and slip. All trips take their steps at once.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import dataclass

import numpy as np

from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult
from irlcore.fitting.value_basis.estimate import fit_value_basis
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.worlds.mdp import MDP, Paths, build_goals

SEED = 20121
BLOCKS = 12  # most blocks to the end of a trip, either way
LONGEST = 120
NAMES = ("length", "main road", "left turn", "right turn", "u-turn")
WEIGHTS = np.array([-4.0, 1.0, -0.8, -0.4, -3.0])
"""Of a block (100 m) of length; a main road takes off, a turn adds."""
EAST, NORTH, WEST, SOUTH = range(4)


@dataclass(frozen=True, slots=True)
class Town:
    """side: streets each way. mdp: states are links, by the corner that they leave and their heading. phi: (M, 5). corner: (S,) where
    each link leads. heading: (S,)."""

    side: int
    mdp: MDP
    phi: np.ndarray
    corner: np.ndarray
    heading: np.ndarray


def build_town(links: int, rng: np.random.Generator) -> Town:
    """A town of about so many links."""
    side = max(3, round((links / 4.0) ** 0.5))
    corner = np.arange(side * side)
    x, y = corner % side, corner // side
    dx, dy = np.array([1, 0, -1, 0]), np.array([0, 1, 0, -1])
    to_x, to_y = x[:, None] + dx, y[:, None] + dy
    there = (to_x >= 0) & (to_x < side) & (to_y >= 0) & (to_y < side)
    number = np.full((side * side, 4), -1)
    number[there] = np.arange(int(there.sum()))
    tail, heading = np.nonzero(there)
    head = (to_y * side + to_x)[there]
    main = np.where(heading % 2 == 0, y[tail] % 5 == 0, x[tail] % 5 == 0)
    length = rng.uniform(0.6, 1.4, len(tail))
    after = number[head]
    counts = (after >= 0).sum(axis=1)
    state = np.repeat(np.arange(len(tail)), counts)
    successors = after[after >= 0]
    offsets, m = np.concatenate(([0], np.cumsum(counts))), len(successors)
    turn = (heading[successors] - heading[state]) % 4
    phi = np.column_stack((length[successors], main[successors] * length[successors], turn == 1, turn == 3, turn == 2)).astype(np.float64)
    mdp = MDP(offsets.astype(np.int64), np.arange(m + 1), successors.astype(np.int64), np.ones(m), state.astype(np.int64))
    return Town(side, mdp, phi, head, heading)


def drive(town: Town, trips: int, rng: np.random.Generator, ends: np.ndarray | None = None, blocks: int = BLOCKS,
          longest: int = LONGEST) -> Paths:
    """So many trips, each from a link to another at most ``blocks`` away, either way, that some trip could end at; or to one of the links
    ``ends`` (n,), from a link as near. Trips that take more than ``longest`` links are left out."""
    mdp, side, n = town.mdp, town.side, 2 * trips
    x, y = town.corner % side, town.corner // side
    start = rng.integers(0, mdp.n_states, n) if ends is None else ends[rng.integers(0, len(ends), n)]
    near = [np.clip(at[start] + rng.integers(-blocks, blocks + 1, n), 0, side - 1) for at in (x, y)]
    into = np.argsort(town.corner, kind="stable")
    firsts = np.searchsorted(town.corner[into], near[1] * side + near[0])
    goal = into[firsts + rng.integers(0, 2, n)]  # every corner has at least two links that lead to it
    if ends is not None:
        start, goal = goal, start
    tail_x, tail_y = x[goal] - np.array([1, 0, -1, 0])[town.heading[goal]], y[goal] - np.array([0, 1, 0, -1])[town.heading[goal]]
    reward = town.phi @ WEIGHTS
    at, chosen = start.copy(), np.full((n, longest), -1)
    live = at != goal
    for step in range(longest):
        who = np.flatnonzero(live)
        if not len(who):
            break
        options = mdp.choice_offsets[at[who], None] + np.arange(4)
        possible = options < mdp.choice_offsets[at[who] + 1, None]
        options = np.where(possible, options, 0)
        ahead = mdp.successors[options]
        left = np.abs(x[ahead] - tail_x[who, None]) + np.abs(y[ahead] - tail_y[who, None])
        value = reward[options] - np.where(ahead == goal[who, None], 0.0, 3.6 * (left + 1.0))
        value = np.where(possible, value + rng.gumbel(size=value.shape), -np.inf)
        best = value.argmax(axis=1)
        chosen[who, step] = options[np.arange(len(who)), best]
        at[who] = ahead[np.arange(len(who)), best]
        live[who] = at[who] != goal[who]
    lengths = (chosen >= 0).sum(axis=1)
    kept = np.flatnonzero(~live & (lengths > 0))[:trips]
    ends, index = np.unique(goal[kept], return_inverse=True)
    taken = chosen[kept]
    return Paths(np.arange(len(kept)).astype(str).astype(object), np.concatenate(([0], np.cumsum(lengths[kept]))).astype(np.int64),
                 taken[taken >= 0], goal[kept], index.astype(np.int64), build_goals(list(ends[:, None]), ends.astype(str).tolist()))


def problem_of(links: int, trips: int) -> Problem:
    """A town and its trips as a fit is asked."""
    rng = np.random.default_rng(SEED)
    town = build_town(links, rng)
    return Problem(town.mdp, town.phi, NAMES, drive(town, trips, rng), Boltzmann())


def measured(links: int, trips: int) -> dict[str, float]:
    """What a fit with one replanning takes; what is made of the world alone, once for all fits, is counted."""
    signs = ["negative", "free", "free", "free", "free"]
    fit_value_basis(problem_of(100, 50), signs)  # kernels are compiled
    problem = problem_of(links, trips)
    begun, worked = time.perf_counter(), time.process_time()
    found: FitResult = fit_value_basis(problem, signs)
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024.0 if sys.platform != "darwin" else 1024.0**2)
    return {"links": problem.mdp.n_states, "trips": len(problem.paths), "goals": len(problem.paths.goals),
            "steps": len(problem.paths.choices), "seconds": round(seconds, 3), "processor_seconds": round(worked, 3), "mb": round(peak, 1),
            "loglik_per_trip": round(found.loglik / found.n_paths, 5)}


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))
