"""Suggestions in a log name the event and what came before it, and the score test finds the one that was planted."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.elicitation.library import single_candidates
from irlcore.elicitation.suggestions import Unexplained, suggest
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.checks import spec_problems
from irlcore.features.feature_set import feature_column, feature_matrix
from irlcore.fitting.likelihood import residual_matrix
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.observed import map_log
from tests.worlds.history.test_contexts import log_of, random_log


def test_every_candidate_is_sound_named_once_and_has_a_column() -> None:
    world = build_history(log := log_of(random_log(1, 60)), Memory(2, 1, ("d",)))
    context = Context(training=map_log(world, log).paths)
    found = single_candidates(world, context)
    assert len({spec.name for spec in found}) == len(found) > 20
    assert not [problem for spec in found for problem in spec_problems(spec)]
    for spec in found:
        assert feature_column(spec, world, context).any(), spec.name
    assert {"b right after a", "c once d has happened", "d once more", "usual after 2 events"} <= {spec.name for spec in found}


@pytest.mark.kernels
def test_the_pattern_that_the_fit_does_not_know_is_the_first_suggestion() -> None:
    """c comes right after b three times as often as by itself; one log in a thousand would not tell so."""
    rng = np.random.default_rng(5)
    texts = []
    for _ in range(150):
        out = ""
        for _ in range(int(rng.integers(6, 18))):
            out += rng.choice(list("abc"), p=[0.25, 0.25, 0.5] if out.endswith("b") else [0.45, 0.4, 0.15])
        texts.append(out)
    world = build_history(log := log_of(texts), Memory(1, 1))
    paths = map_log(world, log).paths
    context = Context(training=paths)
    basis = [FeatureSpec("b", "sequel", {"event": "b"}), FeatureSpec("c", "sequel", {"event": "c"}), FeatureSpec("the end", "sequel")]
    matrix = feature_matrix(basis, world, context)
    problem = Problem(world.mdp, matrix.values, matrix.names, paths, ConditionalLogit())
    result = fit(problem, quick=True)
    residuals = np.zeros((len(paths), world.mdp.n_choices), np.float32)
    residual_matrix(problem.model, problem.prepare(result.theta), paths, residuals, np.arange(len(paths)))
    left = Unexplained(problem, result.theta, np.ones(3, bool), residuals, result.scores)
    library = [spec for spec in single_candidates(world, context) if spec.kind == "sequel"]
    best = suggest(left, world, context, library, basis).best
    assert best[0].spec.name == "c right after b" and best[0].weight > 0.8
