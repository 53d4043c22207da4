"""A start for MaxEnt in a world of some size: weights that a conditional logit finds under plans of best ways.

What lies ahead on the best ways is found by searches that end where trips need no more (``value_basis.ahead``): weights found under a few
such plans cost less than one likelihood of MaxEnt. They are some standard errors off its own, and on the safe side of the edge where
wandering gets too cheap more often than costs alone are: next to it, an evaluation takes several times as long.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.fitting.demonstrations import with_known_goals, with_paths
from irlcore.fitting.problem import Batch, Problem
from irlcore.fitting.value_basis.likelihood import Term
from irlcore.fitting.value_basis.rounds import Rounds
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.goal_prior import with_the_one_goal

FEW = 1_000  # states: up to so many, these plans take about as long as the evaluations that they save (towns of 440 to 8,000 links)
PLANS = 4
SETTLED = 1.0  # nats still to be had under one more plan: MaxEnt's own weights are farther than that


def of_best_ways(problem: Problem, batches: list[Batch], lower: np.ndarray, upper: np.ndarray, control: Control) -> np.ndarray | None:
    """Weights (K,) within ``lower`` and ``upper`` (K,) of the paths in ``batches``; None where another model is fitted, the world is small,
    or such weights cannot be found."""
    model, mdp = problem.model, problem.mdp
    if not isinstance(model, MaxEnt) or model.parameters or problem.gamma < 1.0 or not mdp.deterministic or mdp.n_states <= FEW:
        return None
    index = np.unique(np.concatenate([group.index for batch in batches for group in batch.groups]))
    some = with_paths(replace(problem, model=Boltzmann()), index)
    try:
        some = with_known_goals(replace(some, paths=with_the_one_goal(some.paths, mdp)))
        rounds = Rounds(some, lower, upper, Term(), control)
        planned = rounds.first(None)
        for _ in range(PLANS):
            planned, _ = rounds.onward(rounds.fit(planned))
            if rounds.gain(planned) < SETTLED:
                break
    except FitError:
        return None
    return np.asarray(planned.weights)
