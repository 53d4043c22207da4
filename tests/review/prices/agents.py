"""A class on a small grid whose agents' weights are known, for the tests of prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.prices_agents import Setting, agents, setting
from irlcore.engine import Control
from irlcore.features.feature_set import PathFeatures
from irlcore.fitting.problem import Problem
from irlcore.review.prices.evidence import Evidence, evidence_of
from irlcore.review.prices.own_weights import OneAgent
from irlcore.review.prices.spread import ClassPrices
from irlcore.worlds.mdp import Paths

GRID = setting("grid", 3)


def problem_of(n: int, tracks: int, seed: int, times: float = 1.0, where: Setting = GRID) -> Problem:
    """The trips of ``n`` agents."""
    return replace(where.problem, paths=agents(where, n, tracks, times, np.random.default_rng(seed))[0])


def known_class(spread: float = 0.1, where: Setting = GRID) -> ClassPrices:
    """The class as it is, of which nothing needs to be estimated. spread: variance of each weight."""
    k = len(where.theta)
    return ClassPrices(where.theta, np.zeros(0), np.full(k, -np.inf), np.full(k, np.inf), where.problem.units(), np.full(k, spread),
                       np.zeros((k, k)), 100)


def judged(problem: Problem, theta: np.ndarray) -> Evidence:
    """What each trip says at the weights ``theta`` (K,)."""
    paths: Paths = problem.paths
    return evidence_of(problem.model, [(PathFeatures(np.arange(len(paths)), problem.phi), problem.prepare(theta))], paths)


def one_agent(problem: Problem, prices: ClassPrices) -> OneAgent:
    return OneAgent(problem, prices, problem.groups(), Control())
