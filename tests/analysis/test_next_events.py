"""What is likely next in a sequence, and what a fit expects of its steps, against sums by hand."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.analysis.next_events import next_events_study
from irlcore.analysis.process import expected_steps
from irlcore.analysis.study import solved
from irlcore.project.project import Project
from tests.logs import log_project

pytestmark = pytest.mark.kernels


@pytest.fixture(scope="module")
def project() -> Project:
    return log_project()


def test_chances_are_those_of_the_fit_and_sum_to_one(project: Project) -> None:
    asked = next_events_study(project, 5, 1, 3)
    ready = solved(project, 5)
    parts, model, prepared = ready.parts, ready.model, ready.prepared
    log_policy = model.solve(prepared, parts.paths.goals.of(0)).log_policy
    own = parts.paths.choices[parts.paths.offsets[5]:parts.paths.offsets[6]]
    assert np.allclose(asked.nats, -log_policy[own]) and asked.chance.sum() == pytest.approx(1.0)
    assert (np.diff(asked.chance) <= 1e-12).all() and own[1] in asked.choices
    for k, choice in enumerate(own):
        here = np.flatnonzero(prepared.mdp.choice_state == prepared.mdp.choice_state[choice])
        assert asked.rank[k] == 1 + (log_policy[here] > log_policy[choice] + 1e-8).sum()
        assert asked.likely[k] == pytest.approx(np.exp(log_policy[here].max()))
    assert 1 <= len(asked.ways) <= 3 and asked.ways[0].chance >= asked.ways[-1].chance
    assert (np.diff(asked.ended) >= -1e-12).all() and 0.0 <= asked.ended[-1] <= 1.0


def test_a_sequence_that_has_ended_has_nothing_to_come(project: Project) -> None:
    steps = int(solved(project, 5).parts.paths.lengths[5])
    asked = next_events_study(project, 5, steps, 3)
    assert not len(asked.choices) and asked.ways == [] and asked.ended[-1] == 1.0


def test_what_is_expected_is_summed_over_the_states_that_were_passed(project: Project) -> None:
    index = np.array([3, 5, 70, 200])
    mean, variance = expected_steps(project, index)
    slow = np.zeros((2, len(mean)))
    for i in index.tolist():
        ready = solved(project, i)
        parts, model, prepared = ready.parts, ready.model, ready.prepared
        policy = np.exp(model.solve(prepared, parts.paths.goals.of(0)).log_policy)
        for choice in parts.paths.choices[parts.paths.offsets[i]:parts.paths.offsets[i + 1]].tolist():
            here = prepared.mdp.choice_state == prepared.mdp.choice_state[choice]
            slow[0] += here * policy
            slow[1] += here * policy * (1.0 - policy)
    assert np.allclose(mean, slow[0]) and np.allclose(variance, slow[1])
