"""Walks of made-up agents without a destination, and how well scores tell some of them from others."""

from __future__ import annotations

import numpy as np
from scipy.stats import betabinom

from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.maxent import MaxEnt
from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.scores import score_paths
from irlcore.review.separation import auc
from irlcore.simulation.simulate import walks
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mdp import MDP, Paths
from irlcore.worlds.staying import stays_of, with_staying
from irlcore.worlds.world import World

ASKED = 0.05
ATTRIBUTE = "shoal"
WANTS = {"length": -0.3, "staying": 0.5, "ground": 0.8, ATTRIBUTE: -1.2}
SHORTEST, LONGEST = 30, 80


def small_world() -> tuple[World, np.ndarray]:
    """A grid of 10 x 10 cells in which one may stay, and its features (M, 4): length, staying, inside a zone, an attribute of cells."""
    world = with_staying(build_grid(0.0, 0.0, 10.0, 10.0, 1.0, "m"), 600.0)
    x, y = world.place_xy.T
    ground, shoal = (x > 5.0) & (y < 4.0), np.exp(-((x - 3.0) ** 2 + (y - 6.0) ** 2) / 6.0)
    into = world.choice_place
    return world, np.column_stack((world.choice_length, stays_of(world), ground[into], shoal[into])).astype(np.float64)


def draw_walks(mdp: MDP, reward: np.ndarray, gamma: float, n: int, rng: np.random.Generator) -> Paths:
    """``n`` walks of agents after ``reward`` (M,), from anywhere, of ``SHORTEST`` to ``LONGEST`` steps."""
    starts, lengths = rng.integers(0, mdp.n_states, n), rng.integers(SHORTEST, LONGEST, n)
    return walks(MaxEnt(), MaxEnt().prepare(mdp, reward, gamma), starts, lengths, rng)


def scored_apart(mdp: MDP, phi: np.ndarray, names: tuple[str, ...], paths: Paths, strange: np.ndarray, gamma: float,
                 rng: np.random.Generator) -> dict[str, float]:
    """A fit to a third of the normal paths, calibrated on another: area under the curve of each score over the rest and the ``strange``
    ones (N,) bool, the share of strange ones flagged at ``ASKED``, and that of normal ones."""
    normal = rng.permutation(np.flatnonzero(~strange))
    fitted, calibration, rest = np.array_split(normal, 3)
    problem = Problem(mdp, phi, names, paths.take(fitted), MaxEnt(), gamma)
    prepared = problem.prepare(fit(problem, quick=True).theta)
    scores = score_paths(MaxEnt(), prepared, paths)
    found, bad = {}, np.flatnonzero(strange)
    for score in ("surprise", "improbability", "utility_gap", "worst_stretch"):
        values = np.nan_to_num(getattr(scores, score), nan=np.inf)
        found[score] = auc(values[rest], values[bad])
        p = conformal_p(values[calibration], values[np.concatenate((rest, bad))])
        found[f"{score}: caught"] = float((p[len(rest):] <= ASKED).mean())
        found[f"{score}: false alarms"] = float((p[:len(rest)] <= ASKED).mean())
    return found


def ranges(runs: int, calibration: int, review: int, rate: float) -> tuple[float, float]:
    """Where 95 % of shares of false alarms lie by chance, over so many ``runs`` of ``review`` walks each with ``calibration`` of their own:
    in one run the k-th largest of the calibration scores is the threshold, so its number of false alarms is beta-binomial (k, n + 1 - k)
    (Vovk, "Conditional validity of inductive conformal predictors", 2012)."""
    k = int(np.floor(rate * (calibration + 1)))
    one = betabinom(review, k, calibration + 1 - k)
    middle, spread = one.mean() / review, np.sqrt(one.var() / runs) / review
    return round(float(middle - 1.96 * spread), 4), round(float(middle + 1.96 * spread), 4)
