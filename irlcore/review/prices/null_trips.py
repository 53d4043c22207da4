"""The null law of one agent's score test, simulated: what the tests would say of other agents of the class on the same errands.

Each draw is an agent with weights from the class's prior (``spread``), who goes from where the agent's trips began to where they went, by
the model. The p-value (1 + draws at least as strange) / (R + 1) is exact where the model and the prior are right (Barnard 1963; Davison and
Hinkley 1997, section 4.2), which calibration on normal agents does not ask for. It serves where too few of these are known.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.engine import Control
from irlcore.errors import Infeasible
from irlcore.fitting.problem import Problem
from irlcore.rationality.solution import Prepared, Solution
from irlcore.review.prices.evidence import Evidence, evidence_of
from irlcore.review.prices.spread import ClassPrices
from irlcore.worlds.goal_prior import unfinished
from irlcore.worlds.mdp import Paths, choices_between

DRAWS = 199
SEED = 20121
LONGER, LEAST = 4, 100  # a drawn trip may take so many times as many steps as the longest of the agent's, and so many at least
TRIES = 20  # draws of a trip that takes longer, or of weights that the model does not allow, halved each time


def can_simulate(problem: Problem) -> bool:
    """Whether trips like the agent's can be drawn: their goals are known, and where a step led says which choice was made."""
    return not (problem.mdp.choices_seen or bool(unfinished(problem.paths).any()))


def simulated(problem: Problem, prices: ClassPrices, draws: int = DRAWS, seed: int = SEED, control: Control | None = None) -> Evidence:
    """What ``draws`` other agents of the class would show, (draws,), at the class's weights. problem: the agent's own trips.

    An agent whose errand cannot be drawn within ``TRIES`` goes as the agent itself went, which makes a p-value no smaller.
    """
    control, rng = control or Control(), np.random.default_rng(seed)
    n, root = len(problem.paths), np.linalg.cholesky(prices.prior)
    trips: list[np.ndarray] = []
    last: list[int] = []
    for r in range(draws):
        control.step(r, draws, "drawing agents of the class")
        prepared = _someone(problem, prices, root @ rng.standard_normal(len(root)))
        ways: dict[int, Solution] = {}
        for i in range(n):
            choices, end = _errand(problem, prepared, ways, i, rng)
            trips.append(choices)
            last.append(end)
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in trips]))).astype(np.int64)
    paths = Paths(np.array([str(i) for i in range(len(trips))], object), offsets, np.concatenate(trips), np.array(last, np.int64),
                  np.tile(problem.paths.goal, draws), problem.paths.goals)
    point = np.append(prices.theta, prices.own)
    judged = []
    for batch in problem.batches():
        index = (np.arange(draws)[:, None] * n + batch.index).ravel()
        here = replace(problem, paths=paths, recounts=())
        judged.append((replace(batch, index=index), here.prepare(point, batch.phi)))
    found = evidence_of(problem.model, judged, paths, control)
    return found.summed([np.arange(r * n, (r + 1) * n) for r in range(draws)])


def _someone(problem: Problem, prices: ClassPrices, away: np.ndarray) -> Prepared:
    """The world for an agent whose weights lie ``away`` (K,) from the class's, nearer where the model does not allow that."""
    for _ in range(TRIES):
        theta = np.clip(prices.theta + away, prices.lower, prices.upper)
        try:
            return problem.prepare(np.append(theta, prices.own))
        except Infeasible:
            away = 0.5 * away
    return problem.prepare(np.append(prices.theta, prices.own))


def _errand(problem: Problem, prepared: Prepared, ways: dict[int, Solution], i: int, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """The choices of a trip like the agent's i-th, and where it ends."""
    paths, mdp = problem.paths, problem.mdp
    own = paths.choices[paths.offsets[i]:paths.offsets[i + 1]]
    goal, start = int(paths.goal[i]), int(mdp.choice_state[own[0]])
    states = paths.goals.of(goal)
    longest = len(own) if not len(states) else max(LONGER * len(own), LEAST)
    try:
        if goal not in ways:
            ways[goal] = problem.model.solve(prepared, states)
        for _ in range(TRIES):
            drawn = np.array(problem.model.sample(prepared, ways[goal], start, rng, longest), np.int64)
            if len(drawn) > 1:
                choices = choices_between(mdp, drawn[:-1], drawn[1:])
                if (choices >= 0).all():
                    return choices, int(drawn[-1])
    except Infeasible:
        pass
    return own, int(paths.last_state[i])
