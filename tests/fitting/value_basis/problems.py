"""Made-up problems: trips on grids and networks, and sequences in a prefix tree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp
from tests.rationality.worlds import grid_mdp, walk

THETA = np.array([-1.5, -1.0, -0.5])
GOALS = (24, 20, 3)


def features(mdp: MDP, seed: int = 0) -> np.ndarray:
    """A cost per step and two others."""
    rng = np.random.default_rng(seed)
    return np.column_stack((np.ones(mdp.n_choices), rng.random(mdp.n_choices), (rng.random(mdp.n_states) < 0.4)[mdp.likeliest]))


def problem_of(model: Rationality, slip: float = 0.0, gamma: float = 1.0, n: int = 60, seed: int = 1, theta: np.ndarray = THETA,
               mdp: MDP | None = None) -> Problem:
    """Trips that the model itself makes on a small grid, to three goals."""
    mdp = mdp or grid_mdp(5, 5, slip)
    phi, rng = features(mdp), np.random.default_rng(seed)
    agent = Boltzmann() if isinstance(model, ConditionalLogit) else model
    prepared = agent.prepare(mdp, phi @ theta, gamma)
    goals, starts = rng.choice(GOALS, n), rng.choice([0, 6, 12, 18, 2, 10], n)
    policies = {g: agent.solve(prepared, np.array([g])).log_policy for g in GOALS}
    return Problem(mdp, phi, ("step", "rough", "mud"), walk(mdp, policies, starts, goals, rng), model, gamma)


def tree_problem(sequences: Sequence[str], times: Sequence[int]) -> Problem:
    """Sequences, each seen so many times, as paths in the tree of their prefixes to one end; one weight for each choice."""
    prefixes = sorted({one[:i] for one in sequences for i in range(len(one))})
    number = {prefix: k for k, prefix in enumerate(prefixes)}
    end = len(prefixes)
    pairs = sorted({(one[:i], one[i]) for one in sequences for i in range(len(one))})
    after = [number.get(prefix + event, end) for prefix, event in pairs]
    mdp, order = build_mdp(end + 1, np.array([number[prefix] for prefix, _ in pairs]), np.array(after))
    mdp = MDP(mdp.choice_offsets, mdp.successor_offsets, mdp.successors, mdp.probabilities, mdp.choice_state, choices_seen=True)
    choice = {pairs[row]: m for m, row in enumerate(order)}
    walks = [[choice[one[:i], one[i]] for i in range(len(one))] for one, n in zip(sequences, times, strict=True) for _ in range(n)]
    offsets = np.concatenate(([0], np.cumsum([len(w) for w in walks]))).astype(np.int64)
    n = len(walks)
    paths = Paths(np.array([str(i) for i in range(n)], object), offsets, np.concatenate(walks), np.full(n, end), np.zeros(n, np.int64),
                  build_goals([np.array([end])], ["end"]))
    return Problem(mdp, np.eye(mdp.n_choices), tuple(f"{p}>{e}" for p, e in (pairs[row] for row in order)), paths, ConditionalLogit())


def chances(problem: Problem, theta: np.ndarray) -> np.ndarray:
    """(N,) chance of each path under a conditional logit."""
    solution = problem.model.solve(problem.model.prepare(problem.mdp, problem.phi @ theta), problem.paths.goals.of(0))
    return np.exp(np.add.reduceat(solution.log_policy[problem.paths.choices], problem.paths.offsets[:-1]))
