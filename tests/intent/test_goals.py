"""Goal posteriors against Bayes' rule written out, and the stream over goals against one path at a time."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import DataError
from irlcore.intent.goals import certainty_step, goal_posterior, goal_prior, match_goals, posterior_at
from irlcore.rationality.base import Prepared, Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import Goals, Paths, build_goals
from tests.rationality.worlds import grid_mdp, walk

MODELS: list[Rationality] = [Boltzmann(), MaxEnt()]
ENDS = (3, 12, 15, 5)


def town(model: Rationality, n: int = 40) -> tuple[Prepared, Paths, Goals]:
    mdp = grid_mdp(4, 4)
    rng = np.random.default_rng(0)
    prepared = model.prepare(mdp, -rng.uniform(1.5, 3.0, mdp.n_choices))
    policies = {g: model.solve(prepared, np.array([g])).log_policy for g in ENDS}
    paths = walk(mdp, policies, rng.choice([0, 1, 4], n), rng.choice(ENDS, n), rng)
    return prepared, paths, build_goals([np.array([g]) for g in ENDS], [str(g) for g in ENDS])


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_posterior_is_bayes_rule(model: Rationality) -> None:
    prepared, paths, goals = town(model)
    prior = np.array([0.4, 0.3, 0.2, 0.1])
    policies = [model.solve(prepared, np.array([g])).policy for g in ENDS]
    for index in (0, 7, 21):
        found = goal_posterior(model, prepared, paths, index, goals, prior)
        choices = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
        for t in range(len(choices) + 1):
            joint = prior * [np.prod(policy[choices[:t]]) for policy in policies]
            expected = joint / joint.sum()
            np.testing.assert_allclose(found.probability[t], expected, atol=1e-12)
            some = expected[expected > 0.0]
            assert found.entropy[t] == pytest.approx(-(some * np.log(some)).sum(), abs=1e-9)
            assert found.top[t] == np.argmax(expected)
        np.testing.assert_allclose(found.probability[0], prior)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_stream_equals_one_path_at_a_time(model: Rationality) -> None:
    prepared, paths, goals = town(model)
    prior, fractions = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.0, 0.3, 0.5, 1.0])
    found = posterior_at(model, prepared, paths, goals, prior, fractions)
    truth = match_goals(paths, goals)
    for i in range(len(paths)):
        alone = goal_posterior(model, prepared, paths, i, goals, prior)
        for f, fraction in enumerate(fractions):
            row = alone.probability[int(np.floor(fraction * paths.lengths[i] + 1e-9))]
            assert found.probability[i, f] == pytest.approx(row[truth[i]], abs=1e-9)
            assert found.rank[i, f] == 1 + (row > row[truth[i]] * (1.0 + 1e-9)).sum()
            assert found.top[i, f] == np.argmax(row)


def test_goals_are_matched_by_their_states_and_unknown_ones_have_no_rank() -> None:
    prepared, paths, _ = town(Boltzmann())
    fewer = build_goals([np.array([15]), np.array([3])], ["north-east", "south-east"])
    truth = match_goals(paths, fewer)
    end = {15: 0, 3: 1}
    assert truth.tolist() == [end.get(int(s), -1) for s in paths.last_state]
    found = posterior_at(Boltzmann(), prepared, paths, fewer, np.ones(2), [0.5])
    assert ((found.rank[:, 0] == 0) == (truth < 0)).all()
    assert (found.probability[truth < 0, 0] == 0.0).all()


def test_passing_a_goal_rules_it_out() -> None:
    model = MaxEnt()
    prepared, paths, goals = town(model, 200)
    states = [paths.states(prepared.mdp, i) for i in range(len(paths))]
    passing = [i for i, visited in enumerate(states) if 5 in visited[:-1]]
    assert passing
    found = goal_posterior(model, prepared, paths, passing[0], goals, np.ones(4))
    after = int(np.flatnonzero(states[passing[0]] == 5)[0]) + 1
    assert (found.probability[after:, 3] == 0.0).all()
    assert found.probability[after - 1, 3] > 0.0


def test_prefix_that_no_candidate_explains() -> None:
    model = Boltzmann()
    prepared, paths, _ = town(model)
    start = int(paths.first_state(prepared.mdp)[0])
    only = build_goals([np.array([start])], ["where it started"])
    found = goal_posterior(model, prepared, paths, 0, only, np.ones(1))
    assert found.probability[0, 0] == 1.0
    assert np.isnan(found.probability[1:]).all()
    assert (found.top[1:] == -1).all()
    assert found.certainty_step == -1
    batch = posterior_at(model, prepared, paths.take(np.array([0])), only, np.ones(1), [0.0, 1.0])
    assert batch.top.tolist() == [[0, -1]]
    assert np.isnan(batch.probability[0, 1])


@pytest.mark.parametrize(("top_chance", "step"), [
    ([0.9, 0.5, 0.8, 0.9], 2), ([0.9, 0.9, 0.9, 0.7], -1), ([0.8, 0.8], 0), ([0.1, 0.85], 1)])
def test_certainty_must_last_to_the_end(top_chance: list[float], step: int) -> None:
    probability = np.column_stack((top_chance, 1.0 - np.array(top_chance)))
    assert certainty_step(probability, np.argmax(probability, axis=1), 0.8) == step


def test_prior_counts_and_smooths() -> None:
    _, paths, goals = town(MaxEnt())
    counts = np.array([(paths.last_state == g).sum() for g in ENDS])
    np.testing.assert_allclose(goal_prior(paths, goals, 0.0), counts / counts.sum())
    np.testing.assert_allclose(goal_prior(paths, goals, 2.0), (counts + 2.0) / (counts.sum() + 8.0))


def test_bad_questions_are_refused() -> None:
    prepared, paths, goals = town(MaxEnt())
    with pytest.raises(DataError, match="4 numbers"):
        goal_posterior(MaxEnt(), prepared, paths, 0, goals, np.ones(3))
    with pytest.raises(DataError, match="outside 0 to 1"):
        posterior_at(MaxEnt(), prepared, paths, goals, np.ones(4), [1.5])
    with pytest.raises(DataError, match="negative"):
        goal_prior(paths, goals, -1.0)
