"""Made-up grids whose weights are known: what Motive and its peers are asked to fit in ``benchmarks fit``.

Nothing but numpy and scipy is needed here, so that a peer can be measured in an environment of its own. A state is a cell; each
has the four moves, and one into the wall stays where it is, since peers want the same number of actions in every state. Features
belong to the state that is left and are 0 in the goal; the first is 1, so that every step costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from scipy.ndimage import gaussian_filter
from scipy.sparse.linalg import splu

ACTIONS = 4
TRIPS = 200
WEIGHTS = np.array([-1.7, -1.0, -0.6, -0.4, -0.8, -0.5, -1.2, -0.3])
START = np.array([-2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])  # where peers begin: the least that keeps the soft value finite


@dataclass(frozen=True, slots=True)
class GridProblem:
    """after: (S, 4) int64, where each move leads. features: (S, 8) float64. goal: a state. train, held_out: trips, one after the
    other as rows (trip, state, action), (C, 3) int64, without the goal's own row."""

    after: np.ndarray
    features: np.ndarray
    goal: int
    train: np.ndarray
    held_out: np.ndarray

    @property
    def n_states(self) -> int:
        """S, the number of cells."""
        return len(self.after)

    @property
    def longest(self) -> int:
        """Steps of the longest training trip."""
        return int(np.bincount(self.train[:, 0]).max())

    def save(self, path: Path) -> None:
        """Write all arrays to one file."""
        np.savez(path, after=self.after, features=self.features, goal=self.goal, train=self.train, held_out=self.held_out)


def load_problem(path: Path) -> GridProblem:
    """Read what ``save`` wrote."""
    with np.load(path) as held:
        return GridProblem(held["after"], held["features"], int(held["goal"]), held["train"], held["held_out"])


def simulate(size: int, seed: int = 0, trips: int = TRIPS) -> GridProblem:
    """A grid of size x size cells with the goal in its middle, and as many trips to fit as to hold out, from random cells."""
    rng = np.random.default_rng([seed, size])
    cell = np.arange(size * size).reshape(size, size)
    after = np.stack([np.pad(cell, 1, mode="edge")[1 + dy:size + 1 + dy, 1 + dx:size + 1 + dx].ravel()
                      for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0))], axis=1)
    goal = int(cell[size // 2, size // 2])
    features = features_of(size, rng)
    features[goal] = 0.0
    policy = soft_policy(after, features @ WEIGHTS, goal)
    drawn = [_draw(after, policy, goal, trips, rng) for _ in range(2)]
    return GridProblem(after, features, goal, *drawn)


def features_of(size: int, rng: np.random.Generator) -> np.ndarray:
    """(S, 8) of the cells: 1, four smooth fields from 0 to 1, three that are 0 or 1."""
    smooth = [gaussian_filter(rng.normal(size=(size, size)), size / width, mode="reflect") for width in (4, 8, 12, 16)]
    columns = [np.ones(size * size)]
    columns += [((field - field.min()) / np.ptp(field)).ravel() for field in smooth]
    columns += [(rng.random(size * size) < share).astype(np.float64) for share in (0.1, 0.2, 0.3)]
    return np.column_stack(columns)


def _draw(after: np.ndarray, policy: np.ndarray, goal: int, trips: int, rng: np.random.Generator) -> np.ndarray:
    """All trips at once, a step of every one that is still on its way at a time."""
    at = rng.choice(np.delete(np.arange(len(after)), goal), trips)
    trip, rows = np.arange(trips), []
    while len(trip):
        action = (rng.random(len(trip))[:, None] > np.cumsum(policy[at], axis=1)[:, :-1]).sum(axis=1)
        rows.append(np.column_stack((trip, at, action)))
        at = after[at, action]
        trip, at = trip[at != goal], at[at != goal]
    steps = np.concatenate(rows)
    return np.asarray(steps[np.argsort(steps[:, 0], kind="stable")])


def soft_value(after: np.ndarray, reward: np.ndarray, goal: int) -> np.ndarray | None:
    """V (S,) of MaxEnt at gamma = 1 for rewards (S,) of the state that is left; None where it is infinite."""
    n = len(after)
    weight = np.where(np.arange(n) == goal, 0.0, np.exp(np.minimum(reward, 50.0)))
    links = sp.csc_array((np.repeat(weight, ACTIONS), (np.repeat(np.arange(n), ACTIONS), after.ravel())), shape=(n, n))
    arrived = np.zeros(n)
    arrived[goal] = 1.0
    try:
        factors = splu(sp.csc_array(sp.eye_array(n) - links))
    except RuntimeError:
        return None
    z, certificate = factors.solve(arrived), factors.solve(np.ones(n))
    return np.log(z) if z.min() > 0.0 and certificate.min() > 0.0 else None


def soft_policy(after: np.ndarray, reward: np.ndarray, goal: int) -> np.ndarray:
    """(S, 4) chances of each move under MaxEnt."""
    value = soft_value(after, reward, goal)
    assert value is not None
    chance = np.exp(reward[:, None] + value[after] - value[:, None])
    return np.asarray(chance / chance.sum(axis=1, keepdims=True))


def held_out_per_step(problem: GridProblem, theta: np.ndarray) -> float:
    """Mean log-likelihood of a held-out step in nats under weights (8,); -inf where the soft value is infinite.

    A trip's log-likelihood is its reward less V at its start.
    """
    reward = problem.features @ theta
    value = soft_value(problem.after, reward, problem.goal) if np.isfinite(theta).all() else None
    if value is None:
        return -np.inf
    trip, state = problem.held_out[:, 0], problem.held_out[:, 1]
    starts = state[np.unique(trip, return_index=True)[1]]
    return float((reward[state].sum() - value[starts].sum()) / len(state))
