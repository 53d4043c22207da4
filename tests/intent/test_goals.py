"""Goal posteriors against Bayes' rule written out, and ranks of many paths against one path at a time."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.intent.goals import goal_posterior, goal_posteriors, goal_ranks
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.solution import Prepared
from irlcore.worlds.goal_prior import goal_prior, origin_prior
from irlcore.worlds.mdp import Goals, Paths, build_goals
from tests.rationality.worlds import grid_mdp, walk

MODELS: list[Rationality] = [Boltzmann(), MaxEnt()]
ENDS = (3, 12, 15, 5)
PRIOR = np.array([0.4, 0.3, 0.2, 0.1])


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
    policies = [model.solve(prepared, np.array([g])).policy for g in ENDS]
    for index in (0, 7, 21):
        found = goal_posterior(model, prepared, paths, index, goals, PRIOR)
        choices = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
        assert found.probability.shape == (len(choices) + 1, 4)
        for t in range(len(choices) + 1):
            joint = PRIOR * [np.prod(policy[choices[:t]]) for policy in policies]
            expected = joint / joint.sum()
            np.testing.assert_allclose(found.probability[t], expected, atol=1e-10)
            some = expected[expected > 0.0]
            assert found.entropy[t] == pytest.approx(-(some * np.log(some)).sum(), abs=1e-8)
            assert found.top[t] == np.argmax(expected)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_ranks_of_many_paths_equal_one_path_at_a_time(model: Rationality) -> None:
    prepared, paths, goals = town(model)
    fractions = (0.0, 0.3, 0.5, 1.0)
    truth = np.array([ENDS.index(int(s)) for s in paths.last_state])
    ranks = goal_ranks(model, prepared, paths, goals, PRIOR, truth, fractions)
    for i in range(len(paths)):
        alone = goal_posterior(model, prepared, paths, i, goals, PRIOR).probability
        for f, fraction in enumerate(fractions):
            row = alone[int(fraction * paths.lengths[i])]
            assert ranks[i, f] == 1 + (row > row[truth[i]] * (1.0 + 1e-6)).sum()


def test_passing_a_goal_rules_it_out() -> None:
    model = MaxEnt()
    prepared, paths, goals = town(model, 200)
    states = [paths.states(prepared.mdp, i) for i in range(len(paths))]
    passing = next(i for i, visited in enumerate(states) if 5 in visited[:-1])  # 0.26 of them: none of 200 in 3e-27 of samples
    found = goal_posterior(model, prepared, paths, passing, goals, np.ones(4))
    after = int(np.flatnonzero(states[passing] == 5)[0]) + 1
    assert (found.probability[after:, 3] == 0.0).all()
    assert found.probability[after - 1, 3] > 0.0


@pytest.mark.parametrize("certain", [0.5, 0.8, 0.95])
def test_certainty_lasts_to_the_end_and_starts_no_sooner(certain: float) -> None:
    model = Boltzmann()
    prepared, paths, goals = town(model)
    for index in range(len(paths)):
        found = goal_posterior(model, prepared, paths, index, goals, PRIOR, certain=certain)
        chance = found.probability[:, found.top[-1]]
        lasting = [t for t in range(len(chance)) if (chance[t:] >= certain).all()]
        assert found.certain_step == (lasting[0] if lasting else -1)


def test_prior_counts_ends_and_shares_the_smoothing() -> None:
    _, paths, goals = town(MaxEnt())
    counts = np.array([(paths.last_state == g).sum() for g in ENDS])
    np.testing.assert_allclose(goal_prior(paths, goals, 0.0), counts / counts.sum())
    np.testing.assert_allclose(goal_prior(paths, goals, 2.0), (counts + 0.5) / (counts.sum() + 2.0))


def test_a_prefix_that_no_candidate_explains_has_no_posterior_and_ranks_last() -> None:
    model = MaxEnt()
    mdp = grid_mdp(4, 4)
    prepared = model.prepare(mdp, np.full(mdp.n_choices, -2.0))
    goals = build_goals([np.array([3])], ["3"])
    n = 400  # 3 is passed in 0.0645 of 2,000 trips: none of so many would pass it in 3e-12 of samples
    paths = walk(mdp, {15: model.solve(prepared, np.array([15])).log_policy}, np.full(n, 0), np.full(n, 15), np.random.default_rng(1))
    passing = next(i for i in range(n) if 3 in paths.states(mdp, i)[1:-1])
    found = goal_posterior(model, prepared, paths, passing, goals, np.ones(1))
    after = int(np.flatnonzero(paths.states(mdp, passing) == 3)[0]) + 1
    assert (found.probability[:after] == 1.0).all() and (found.top[:after] == 0).all()
    assert (found.probability[after:] == 0.0).all() and (found.top[after:] == -1).all()
    assert np.isnan(found.entropy[after:]).all() and found.certain_step == -1

    two = build_goals([np.array([3]), np.array([12])], ["3", "12"])
    ranks = goal_ranks(model, prepared, paths, two, np.array([0.5, 0.5]), np.zeros(n, np.int64), (1.0,))
    assert ranks[passing, 0] == 2


def test_prior_by_origin_is_counts_from_there_drawn_towards_all_counts() -> None:
    prepared, paths, goals = town(MaxEnt())
    mdp, strength = prepared.mdp, 7.0
    starts = np.array([0, 4, 9])  # nobody starts in 9
    prior = origin_prior(paths, mdp, goals, starts, strength=strength)
    base = np.array([(paths.last_state == g).sum() + 0.25 for g in ENDS])
    for row, start in zip(prior, starts, strict=True):
        here = np.array([((paths.first_state(mdp) == start) & (paths.last_state == g)).sum() for g in ENDS])
        expected = (here + strength * base / base.sum()) / (here.sum() + strength)
        np.testing.assert_allclose(row, expected)


def test_a_path_does_not_count_for_itself() -> None:
    prepared, paths, goals = town(MaxEnt())
    own = np.array([ENDS.index(int(s)) for s in paths.last_state])
    starts = paths.first_state(prepared.mdp)
    together = origin_prior(paths, prepared.mdp, goals, starts, own)
    for i in (0, 11, 30):
        others = paths.take(np.delete(np.arange(len(paths)), i))
        alone = origin_prior(others, prepared.mdp, goals, starts[i:i + 1])
        np.testing.assert_allclose(together[i], alone[0])


def test_a_prior_for_each_path_is_used_for_that_path() -> None:
    prepared, paths, goals = town(MaxEnt())
    each = origin_prior(paths, prepared.mdp, goals, paths.first_state(prepared.mdp))
    truth = np.array([ENDS.index(int(s)) for s in paths.last_state])
    ranks = goal_ranks(MaxEnt(), prepared, paths, goals, each, truth, (0.0, 0.5))
    together = goal_posteriors(MaxEnt(), prepared, paths, goals, each)
    for i in (0, 5, 17):
        alone = goal_posterior(MaxEnt(), prepared, paths, i, goals, each[i]).probability
        np.testing.assert_allclose(together[i].probability, alone, atol=1e-14)
        for f, fraction in enumerate((0.0, 0.5)):
            row = alone[int(fraction * paths.lengths[i])]
            assert ranks[i, f] == 1 + (row > row[truth[i]] * (1.0 + 1e-9)).sum()
