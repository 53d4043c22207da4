"""How often a fit expects each event to follow where the sequences of a log were: what process maps and the page of features show."""

from __future__ import annotations

import numpy as np

from irlcore.analysis.study import judged
from irlcore.project.project import Project
from irlcore.worlds.goal_prior import with_the_one_goal


def expected_steps(project: Project, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(M,) how often each choice is expected from the states that the class's paths ``index`` (n,) were in, and its variance, each path by
    features that are counted without it. FitError where there is no fit."""
    ready = judged(project)
    parts, model, batches = ready.parts, ready.model, ready.batches
    mdp = batches[0].prepared.mdp
    mean, variance = np.zeros(mdp.n_choices), np.zeros(mdp.n_choices)
    for batch in batches:
        some = with_the_one_goal(parts.paths, mdp).take(np.intersect1d(index, batch.index))
        for goal in np.unique(some.goal[some.goal >= 0]).tolist():
            mine = some.take(np.flatnonzero(some.goal == goal))
            visits = np.bincount(mdp.choice_state[mine.choices], minlength=mdp.n_states)
            policy = np.exp(model.solve(batch.prepared, mine.goals.of(goal)).log_policy)
            mean += visits[mdp.choice_state] * policy
            variance += visits[mdp.choice_state] * policy * (1.0 - policy)
    return mean, variance
