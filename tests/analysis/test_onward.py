"""What tracks are after, on both samples: posteriors of goals, the ways on, what is kept for the next track."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.analysis import onward, study
from irlcore.analysis.goals import class_goals
from irlcore.intent.goals import goal_posterior, of_groups
from tests.analysis.test_study import both_samples, fitted, stated


@both_samples
def test_the_posterior_over_goals_sums_to_one_and_ends_at_the_true_one(sample: str, kind: str) -> None:
    project = fitted(sample, kind)
    parts = study.split_paths(project)
    track = str(parts.paths.ids[parts.review[0]])
    asked = onward.intent_study(project, track)
    probability = asked.posterior.probability
    np.testing.assert_allclose(probability.sum(axis=1), 1.0)
    assert asked.paths.ids[asked.index] == track and probability.shape == (asked.paths.lengths[asked.index] + 1, len(asked.names))
    assert asked.posterior.top[-1] == asked.own and len(set(asked.names)) == len(asked.names)


@both_samples
@pytest.mark.parametrize("model", ["noisy_value_replanned_persistent", "boltzmann"])
def test_what_is_kept_gives_the_posterior_of_one_track_alone(sample: str, kind: str, model: str) -> None:
    project = study.fit_study(stated(sample, kind), model)
    parts = study.split_paths(project)
    index = int(parts.review[3])
    towards = onward.towards_study(project, str(parts.paths.ids[index]))
    kept = towards.log_chance if model == "boltzmann" else towards.believed
    assert kept is not None and towards.at_hand and kept.shape[:2] == (len(towards.found.index), len(np.unique(parts.paths.choices)))
    assert kept.dtype == np.float32 and towards.nbytes == kept.nbytes
    asked = onward.intent_of(towards, index)
    ready = study.solved(project, index)
    rationality, prepared = ready.model, ready.prepared
    prior = onward.prior_of(parts, prepared.mdp, towards.found, np.array([index]))[0]
    ends = goal_posterior(rationality, prepared, parts.paths, index, towards.found.goals, prior)
    alone = of_groups(ends, towards.found.group, len(towards.found.names))
    np.testing.assert_allclose(asked.posterior.probability, alone.probability, atol=1e-5)  # chances are kept in single precision


def test_the_goals_considered_are_the_commonest_ends_of_known_tracks() -> None:
    project = stated("town", "courier")
    parts = study.split_paths(project)
    used = np.bincount(parts.paths.goal[np.concatenate((parts.fit, parts.calibration))])
    found = onward.candidate_goals(parts, 2, class_goals(project, parts))
    assert sorted(used[found.index]) == sorted(used)[-2:]
    prior = onward.prior_of(parts, stated("town", "courier").world.mdp, found, parts.review[:3])
    np.testing.assert_allclose(prior.sum(axis=1), 1.0)


@both_samples
def test_ways_on_begin_where_the_track_is_and_end_at_their_goals(sample: str, kind: str) -> None:
    project = fitted(sample, kind)
    mdp, paths = project.world.mdp, study.split_paths(project).paths
    states = paths.states(mdp, 0)
    seen = len(states) // 2
    goals = np.unique(paths.goal)[:4]
    for goal, way in zip(goals, onward.onward_study(project, paths, 0, seen, goals), strict=True):
        visited = [int(states[seen]), *mdp.successors[way].tolist()]
        assert mdp.choice_state[way].tolist() == visited[:-1]
        assert visited[-1] in paths.goals.of(int(goal))
