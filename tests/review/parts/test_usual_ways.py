"""Unusual way: what like tracks did, against a plain count; what is usual; and that planted detours stand out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from benchmarks.detours import rerouted
from irlcore.errors import DataError
from irlcore.review.parts.base import Material
from irlcore.review.parts.kinds import KINDS
from irlcore.review.parts.table import measured
from irlcore.review.parts.usual.alike import BY_GOAL, BY_TURNS, BY_USE, FARTHEST, UNSEEN, Alike, alike
from irlcore.review.parts.usual.ways import UsualWays
from irlcore.worlds.mdp import Goals, Paths
from irlcore.worlds.world import World
from tests.elicitation.worlds import COST, drawn, grid

pytestmark = pytest.mark.kernels


@pytest.fixture(scope="module")
def world() -> World:
    return grid(9)


@pytest.fixture(scope="module")
def paths(world: World) -> Paths:
    return drawn(world.mdp, COST * world.choice_length / 100.0, 240, seed=7)


def material(world: World, paths: Paths) -> Material:
    return Material(world, paths, np.full(len(paths), np.nan))


def plainly(world: World, paths: Paths, learn: np.ndarray, i: int) -> Alike:
    """Track ``i`` beside the others, one track at a time."""
    mdp, place = world.mdp, world.place_of_state
    near = sp.csr_array((np.ones(mdp.n_choices), (place[mdp.choice_state], world.choice_place)), shape=(world.n_places,) * 2)
    away = dijkstra(near, directed=False, unweighted=True)
    first, last, others = place[paths.first_state(mdp)], place[paths.last_state], [j for j in learn if j != i]
    ways = {j: paths.choices[paths.offsets[j]:paths.offsets[j + 1]] for j in [*others, i]}

    def weight(a: int, b: int) -> float:
        return 0.5 ** away[a, b] if away[a, b] <= FARTHEST else 0.0

    goal = {j: weight(last[i], last[j]) for j in others}
    both = {j: goal[j] * weight(first[i], first[j]) for j in others}
    turn, used, by_goal = [], [], []
    for c in ways[i]:
        s, p = mdp.choice_state[c], world.choice_place[c]
        made = {j: int((ways[j] == c).sum()) for j in others}
        there = {j: int((mdp.choice_state[ways[j]] == s).sum()) for j in others}
        width = mdp.choice_offsets[s + 1] - mdp.choice_offsets[s]
        chance = (sum(made.values()) + UNSEEN) / (sum(there.values()) + UNSEEN * width)
        for held, by in ((BY_TURNS, goal), (BY_GOAL, both)):
            chance = (sum(by[j] * made[j] for j in others) + held * chance) / (sum(by[j] * there[j] for j in others) + held)
        passing = {j: bool((world.choice_place[ways[j]] == p).any()) for j in others}
        share = (sum(passing.values()) + 0.5) / (len(others) + 1)
        turn.append(chance)
        used.append((sum(both[j] for j in others if passing[j]) + BY_USE * share) / (sum(both.values()) + BY_USE))
        by_goal.append((sum(goal[j] * there[j] for j in others), sum(goal[j] * made[j] for j in others)))
    return Alike(np.array(turn), np.array(used), np.array(by_goal), np.array([sum(goal.values())]), np.array([sum(both.values())]))


def test_what_like_tracks_did_is_what_a_plain_count_gives(world: World, paths: Paths) -> None:
    """Of tracks outside and of tracks among those learned from, which are left out of what they are beside."""
    learn, index = np.arange(0, 160), np.array([3, 200, 17, 239, 159, 160])
    found, at = alike(world, paths, learn, index), 0
    for k, i in enumerate(index):
        plain = plainly(world, paths, learn, int(i))
        part = slice(at, at := at + len(plain.turn))
        for name in ("turn", "place", "by_goal"):
            np.testing.assert_allclose(getattr(found, name)[part], getattr(plain, name), rtol=1e-12, err_msg=f"{name} of {i}")
        assert (found.to_goal[k], found.like[k]) == (plain.to_goal[0], plain.like[0])


def test_the_order_of_tracks_is_nothing(world: World, paths: Paths) -> None:
    """Weights are halves of halves, so that sums do not even round differently."""
    learn, index = np.arange(160), np.arange(160, 240)
    shuffled = np.random.default_rng(3).permutation(240)
    back = np.argsort(shuffled)
    one, other = alike(world, paths, learn, index), alike(world, paths.take(shuffled), back[learn], back[index])
    for name in ("turn", "place", "by_goal", "to_goal", "like"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_ordinary_tracks_lie_about_nothing_and_planted_detours_above(world: World, paths: Paths) -> None:
    """Where some ground is dear and the class knows it; over 5 sets of detours, straight across, 17 of 20 pairs of a detour and an
    ordinary track are told apart, where chance tells 10."""
    dear = np.random.default_rng(1).exponential(1.5, world.n_places)[world.choice_place]
    surer = drawn(world.mdp, COST * (1.0 + 3.0 * dear) * world.choice_length / 100.0, 240, seed=7)
    learn, kind = np.arange(160), UsualWays()
    normal = kind.measure(material(world, surer), learn, np.arange(160, 240))
    assert abs(float(np.mean(normal.values))) < 3.0 * float(np.std(normal.values)) / np.sqrt(80.0) + 1.0
    for seed in range(5):
        strange = rerouted(world, surer.take(np.arange(160, 240)), np.random.default_rng(seed), 0.6)
        both = joined(surer.take(learn), strange)
        found = kind.measure(material(world, both), learn, np.arange(160, len(both)))
        assert float((found.values[:, None] > normal.values[None, :]).mean()) > 0.85
        worst = int(np.argmax(found.values))
        said = found.words(worst)
        assert said[0].isupper() and ("fewer than 1 in 20 tracks" in said or "hardly any track" in said.lower()) and said.endswith(".")
        ordinary = normal.words(int(np.argmin(normal.values)))
        assert ordinary == "It went nowhere as fewer than 1 in 20 tracks between such places are expected to."


def joined(one: Paths, other: Paths) -> Paths:
    offsets = np.concatenate((one.offsets, one.offsets[-1] + other.offsets[1:]))
    return replace(one, ids=np.array([f"t{k}" for k in range(len(offsets) - 1)], object), offsets=offsets,
                   choices=np.concatenate((one.choices, other.choices)), last_state=np.concatenate((one.last_state, other.last_state)),
                   goal=np.concatenate((one.goal, other.goal)))


def test_tracks_learned_from_score_as_those_outside_do(world: World, paths: Paths) -> None:
    """Each without itself, by folds: their mean differs from that of others by less than 3.3 standard errors (1 in 1,000 fails)."""
    values = measured(KINDS["usual_ways"], material(world, paths), np.arange(160)).values
    inside, outside = values[:160], values[160:]
    error = np.sqrt(inside.var() / 160 + outside.var() / 80)
    assert np.isfinite(values).all() and abs(inside.mean() - outside.mean()) < 3.3 * error


def test_what_cannot_be_measured_is_said(world: World, paths: Paths) -> None:
    kind = KINDS["usual_ways"]
    nowhere = Goals(np.zeros(2, np.int64), np.zeros(0, np.int64), np.array(["nowhere"]))
    roaming = replace(paths, goal=np.zeros(len(paths), np.int64), goals=nowhere)
    assert "no track" in kind.missing(material(world, roaming)).lower() and not kind.missing(material(world, paths))
    cut_off = replace(paths, goal=np.where(np.arange(len(paths)) == 200, -1, paths.goal))
    found = kind.measure(material(world, cut_off), np.arange(160), np.arange(198, 203))
    assert np.isnan(found.values[2]) and np.isfinite(np.delete(found.values, 2)).all() and not found.words(2)
    with pytest.raises(DataError, match="learned from itself"):
        kind.measure(material(world, paths), np.arange(10), np.arange(9, 12))
    assert np.isfinite(kind.measure(material(world, paths), np.arange(1), np.arange(9, 12)).values).all()
