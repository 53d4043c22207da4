"""How often 95 % intervals cover the weights that agents were made with, and what naming the agents does to the errors.

Every replication has a world of its own (a grid with mud here and there), agents drawn from the model that is fitted (MaxEnt or
Boltzmann in turn), and a fit with intervals. A weight without a limit has no interval and is not counted; how many there were is told. With
r replications of 2 weights, which hang together, the standard error of a share near .95 is at most sqrt(.05 x .95 / r): .008 with
``REPLICATIONS``.

For the cluster ratio each of ten drivers makes one trip 20 times over, which says no more than ten trips. The standard error that a fit
with named drivers reports is held against the spread of the weights over the replications in which both have a limit: 1 where it is
right, 1 over the root of 20 = .22 where every trip counts as another driver's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp

SEED = 95
TRIPS = (5, 10, 40, 200)
REPLICATIONS = 800
SIDE, MUDDY = 7, 0.3
TRUTH = np.array([-2.0, -1.0])
NAMES = ("step", "mud")
GOALS = (SIDE * SIDE - 1, SIDE - 1, SIDE * SIDE // 2)
DRIVERS, EACH = 10, 20
CLUSTERED = 400

Trip = tuple[int, list[int]]
"""A goal and the choices made on the way there."""


@dataclass(frozen=True, slots=True)
class Covered:
    """share: of the intervals that cover the truth. unlimited: share of weights without one. warned: share of fits that say that their
    intervals are unsure."""

    share: float
    unlimited: float
    warned: float


def grid(rng: np.random.Generator) -> tuple[MDP, np.ndarray]:
    """Four moves on a square of cells and the features (M, 2): each step, and mud in the cell that it leads to."""
    cell = np.arange(SIDE * SIDE)
    x, y = cell % SIDE, cell // SIDE
    moves = [(cell[ok], cell[ok] + dx + SIDE * dy) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))
             for ok in [(x + dx >= 0) & (x + dx < SIDE) & (y + dy >= 0) & (y + dy < SIDE)]]
    mdp, _ = build_mdp(SIDE * SIDE, np.concatenate([a for a, _ in moves]), np.concatenate([b for _, b in moves]))
    mud = rng.random(SIDE * SIDE) < MUDDY
    return mdp, np.column_stack((np.ones(mdp.n_choices), mud[mdp.successors].astype(np.float64)))


def drawn(mdp: MDP, phi: np.ndarray, theta: np.ndarray, n: int, model: Rationality, rng: np.random.Generator) -> list[Trip]:
    """n trips as (goal, choices) by agents of weights ``theta``, from anywhere to one of ``GOALS``."""
    prepared = model.prepare(mdp, phi @ theta)
    policies = {g: model.solve(prepared, np.array([g])).policy for g in GOALS}
    trips: list[Trip] = []
    while len(trips) < n:
        goal, at = int(rng.choice(GOALS)), int(rng.integers(mdp.n_states))
        choices: list[int] = []
        while at != goal:
            first, last = mdp.choice_offsets[at], mdp.choice_offsets[at + 1]
            choices.append(int(rng.choice(np.arange(first, last), p=policies[goal][first:last])))
            at = int(mdp.successors[choices[-1]])
        if choices:
            trips.append((goal, choices))
    return trips


def as_problem(mdp: MDP, phi: np.ndarray, trips: list[Trip], model: Rationality) -> Problem:
    """Trips as a problem to be fitted."""
    goal = np.array([GOALS.index(g) for g, _ in trips])
    paths = Paths(np.array([str(i) for i in range(len(trips))], dtype=object), np.concatenate(([0], np.cumsum([len(c) for _, c in trips]))),
                  np.concatenate([c for _, c in trips]), np.array([g for g, _ in trips]), goal,
                  build_goals([np.array([g]) for g in GOALS], [str(g) for g in GOALS]))
    return Problem(mdp, phi, NAMES, paths, model)


def covered(n: int, replications: int, seed: int = SEED) -> Covered:
    """Fits to ``n`` trips, ``replications`` times."""
    models: tuple[Rationality, ...] = (MaxEnt(), Boltzmann())
    hit, known, warned = 0, 0, 0
    for r in range(replications):
        rng = np.random.default_rng((seed, n, r))
        mdp, phi = grid(rng)
        model = models[r % 2]
        found = fit(as_problem(mdp, phi, drawn(mdp, phi, TRUTH, n, model, rng), model))
        low, high = found.interval().T
        limited = np.isfinite(found.se)
        known += int(limited.sum())
        hit += int(((low <= TRUTH) & (high >= TRUTH))[limited].sum())
        warned += any("unsure themselves" in w.details for w in found.warnings)
    return Covered(hit / max(known, 1), 1.0 - known / (2.0 * replications), warned / replications)


def coverage(replications: int = REPLICATIONS) -> dict[str, float]:
    """number of trips -> share of 95 % intervals that cover the truth."""
    out = {}
    for n in TRIPS:
        found = covered(n, replications)
        out[str(n)] = round(found.share, 4)
        print(f"{n:>4} tracks: {found.share:.1%} of the intervals cover the truth; {found.unlimited:.1%} of the weights have none, "
              f"{found.warned:.0%} of the fits warn")
    return out


def cluster_ratio(replications: int = CLUSTERED, named: bool = True) -> float:
    """Root mean square of the reported errors over the true spread, both weights together. named: whether fits know the drivers."""
    each = [_drivers(r, named) for r in range(replications)]
    found = [one for one in each if np.isfinite(one.se).all()]
    reported = np.mean([one.se_robust**2 for one in found], axis=0)
    true = np.var([one.theta for one in found], axis=0, ddof=1)
    ratio = float(np.sqrt(np.mean(reported / true)))
    print(f"{DRIVERS} drivers with {EACH} equal trips each: errors {ratio:.2f} times the true spread"
          f"{'' if named else ' where each trip counts as another driver'} ({len(found)} of {replications} with limits)")
    return round(ratio, 4)


def _drivers(r: int, named: bool) -> FitResult:
    """A fit to the trips of ten drivers. The world is the same in all replications: what is asked is how the weights spread."""
    rng, model = np.random.default_rng((SEED, 1, r)), MaxEnt()
    mdp, phi = grid(np.random.default_rng(SEED))
    trips = [trip for trip in drawn(mdp, phi, TRUTH, DRIVERS, model, rng) for _ in range(EACH)]
    labels = np.repeat(np.arange(DRIVERS), EACH).astype(str) if named else None
    return fit(replace(as_problem(mdp, phi, trips, model), clusters=labels))
