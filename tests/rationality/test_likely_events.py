"""The likeliest ways on, and when it ends, against every way there is."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.rationality.likely_events import by_where_it_leads, ended_by, likely_ways_on
from irlcore.rationality.seen import drawn_alike, first_alike
from irlcore.worlds.history.build import Memory, build_history, start_state
from irlcore.worlds.world import World
from tests.logs import log_of, sequences
from tests.worlds.history.test_classifier import PARTS, timed

STEPS = 4


def world_and_policy(seed: int) -> tuple[World, np.ndarray]:
    """A small log and a random policy over its choices, one of which is impossible."""
    world = build_history(log_of(sequences(60), 10), Memory(2, 3))
    rng = np.random.default_rng(seed)
    q = rng.normal(0.0, 2.0, world.mdp.n_choices)
    q[3] = -np.inf
    total = np.log(np.bincount(world.mdp.choice_state, np.exp(q)))
    return world, q - total[world.mdp.choice_state]


def every_way(world: World, log_policy: np.ndarray, state: int, steps: int) -> list[tuple[float, tuple[int, ...]]]:
    """Slow and obvious: all ways on of so many steps, or to the end."""
    mdp = world.mdp
    here = range(mdp.choice_offsets[state], mdp.choice_offsets[state + 1])
    if steps == 0 or not len(here):
        return [(0.0, ())]
    return [(float(log_policy[m]) + rest, (m, *way)) for m in here if np.isfinite(log_policy[m])
            for rest, way in every_way(world, log_policy, int(mdp.likeliest[m]), steps - 1)]


@pytest.mark.parametrize("seed", range(4))
def test_the_likeliest_ways_are_found_in_their_order(seed: int) -> None:
    world, log_policy = world_and_policy(seed)
    start = start_state(world)
    found = likely_ways_on(world.mdp, log_policy, start, STEPS, 8)
    slow = sorted(every_way(world, log_policy, start, STEPS), key=lambda one: -one[0])[:8]
    assert [tuple(one.choices.tolist()) for one in found] == [way for _, way in slow]
    assert np.allclose([one.chance for one in found], np.exp([nats for nats, _ in slow]), rtol=1e-12)
    assert all(np.allclose(one.chances, np.exp(log_policy[one.choices])) for one in found)


@pytest.mark.parametrize("seed", range(4))
def test_the_chance_to_have_ended_is_that_of_all_ways_that_end(seed: int) -> None:
    world, log_policy = world_and_policy(seed)
    start, end = start_state(world), world.mdp.n_states - 1
    told = ended_by(world.mdp, np.exp(log_policy), start, STEPS)
    for k in range(1, STEPS + 1):
        slow = sum(np.exp(nats) for nats, way in every_way(world, log_policy, start, k) if world.mdp.likeliest[way[-1]] == end)
        assert told[k - 1] == pytest.approx(slow, abs=1e-12)


def test_equally_likely_ways_go_by_the_number_of_their_choices() -> None:
    world, _ = world_and_policy(0)
    many = np.diff(world.mdp.choice_offsets)[world.mdp.choice_state]
    alike = -np.log(many.astype(float)) * (1.0 + 1e-13 * np.random.default_rng(1).normal(size=len(many)))
    found = likely_ways_on(world.mdp, alike, start_state(world), 2, 3)
    first = [tuple(one.choices.tolist()) for one in found]
    assert len(first[0]) == 1 and first[1:] == sorted(first[1:])  # to end at once is one step, and so likelier


def test_nothing_follows_where_it_has_ended() -> None:
    world, log_policy = world_and_policy(0)
    end = world.mdp.n_states - 1
    assert likely_ways_on(world.mdp, log_policy, end, 3, 2) == []
    assert ended_by(world.mdp, np.exp(log_policy), end, 2).tolist() == [1.0, 1.0]


@pytest.mark.parametrize("seed", range(3))
def test_choices_that_lead_alike_count_together(seed: int) -> None:
    world, log_policy = world_and_policy(seed)
    found, first = by_where_it_leads(world.mdp, log_policy)
    assert found is log_policy and np.array_equal(first, np.arange(world.mdp.n_choices))  # no two lead alike here
    kinds = build_history(timed(seed), Memory(2, 3, (), 1, PARTS))
    mdp = kinds.mdp
    q = np.random.default_rng(seed).normal(0.0, 3.0, mdp.n_choices)
    q[5] = -np.inf
    log_policy = q - np.log(np.bincount(mdp.choice_state, np.exp(q)))[mdp.choice_state]
    found, first = by_where_it_leads(mdp, log_policy)
    for m in range(0, mdp.n_choices, 7):
        alike = np.flatnonzero((mdp.choice_state == mdp.choice_state[m]) & (mdp.successors == mdp.successors[m]))
        assert first[m] == alike[0] and found[alike[0]] == pytest.approx(np.log(np.exp(log_policy[alike]).sum()))
        assert not np.isfinite(found[alike[1:]]).any()
    np.testing.assert_allclose(np.bincount(mdp.choice_state, np.exp(found)), 1.0)


def test_kinds_are_drawn_as_often_as_the_policy_says() -> None:
    """Binomial bounds of 5 standard deviations: one kind in two million fails by chance."""
    kinds = build_history(timed(1), Memory(1, 3, (), 1, PARTS))
    mdp, n = kinds.mdp, 20_000
    rng = np.random.default_rng(20121)
    policy = rng.dirichlet(np.ones(int(mdp.choice_offsets[1])), mdp.n_states - 1).ravel()
    first = first_alike(mdp)[0]
    drawn = drawn_alike(mdp, policy, np.full(n, first), rng)
    alike = np.flatnonzero(first_alike(mdp) == first)
    share = policy[alike] / policy[alike].sum()
    counts = np.array([(drawn == m).sum() for m in alike])
    assert counts.sum() == n and (np.abs(counts - n * share) <= 5.0 * np.sqrt(n * share * (1.0 - share)) + 1e-9).all()
