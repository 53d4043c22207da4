"""What agents that plan nothing are expected to do, given the states they were in: mean 0 and variance 1 on the model's own sequences."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.rationality.sampling import draw_path
from irlcore.review.scores import score_paths
from irlcore.worlds.history.build import Memory, build_history, start_state
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.mdp import Paths, choices_between
from tests.worlds.history.test_contexts import log_of, random_log

pytestmark = pytest.mark.kernels
N = 2000


def test_surprise_of_the_models_own_sequences_has_mean_zero_and_variance_one() -> None:
    """Of 2,000 sequences the mean lies within 4 standard errors of 0 but once in 16,000 draws, and so for the variance."""
    log = log_of(random_log(0, 60))
    world = build_history(log, Memory(2, 1))
    mdp, own = world.mdp, map_log(world, log).paths
    rng = np.random.default_rng(20121)
    model = ConditionalLogit()
    prepared = model.prepare(mdp, rng.normal(size=mdp.n_choices))
    end = np.array([mdp.n_states - 1])
    policy = model.solve(prepared, end).policy
    states = [np.array(draw_path(mdp, policy, start_state(world), end, rng)) for _ in range(N)]
    choices = [choices_between(mdp, one[:-1], one[1:]) for one in states]
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in choices]))).astype(np.int64)
    paths = Paths(np.arange(N).astype(str).astype(object), offsets, np.concatenate(choices), np.full(N, end[0]), np.zeros(N, np.int64),
                  own.goals)
    found = score_paths(model, prepared, paths)
    off = -found.loglik - found.expected
    assert abs(off.mean()) < 4.0 * off.std() / np.sqrt(N)
    square = off**2 - found.deviation**2
    assert abs(square.mean()) < 4.0 * square.std() / np.sqrt(N)
    assert np.isnan(found.utility_gap).all()
