"""Neighbouring ends as one goal: against the definition told slowly, in any order and unit; groups as well calibrated as ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.intent.goals import GoalPosterior, of_groups
from irlcore.intent.grouping import group_ends, reach_of
from irlcore.project.samples import sample_project
from irlcore.project.split import split_paths
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World


@pytest.fixture(scope="module", params=["anchorage", "town"])
def sample(request: pytest.FixtureRequest) -> tuple[World, Paths]:
    project = sample_project(request.param)
    assert project.world is not None
    return project.world, split_paths(project).paths


def random_ends(world: World, rng: np.random.Generator, n: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ends that lie close together round a few places, as terminals do."""
    middles = rng.choice(world.n_places, 6, replace=False)
    far = np.min([np.hypot(*(world.place_xy - world.place_xy[m]).T) for m in middles], axis=0)
    ends = np.argsort(far, kind="stable")[:n]
    return ends, rng.integers(1, 20, n), world.place_names[ends].astype(str)


def slowly(world: World, reach: float, ends: np.ndarray, counts: np.ndarray, names: np.ndarray) -> list[int]:
    """Who leads each end, by the words of the docstring."""
    xy = world.place_xy[ends]
    far = np.round(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) / reach, 6)
    density = [int(counts[far[k] <= 1.0].sum()) for k in range(len(ends))]
    order = sorted(range(len(ends)), key=lambda k: (-density[k], -counts[k], names[k]))
    leaders: list[int] = []
    for k in order:
        if all(far[k, one] > 1.0 for one in leaders):
            leaders.append(k)
    return [min(leaders, key=lambda one: (far[k, one], order.index(one))) for k in range(len(ends))]


@pytest.mark.parametrize("seed", range(4))
def test_groups_are_those_of_the_definition(sample: tuple[World, Paths], seed: int) -> None:
    world, paths = sample
    ends, counts, names = random_ends(world, np.random.default_rng(seed))
    found = group_ends(world, paths, ends, counts, names)
    assert found.peak[found.group].tolist() == slowly(world, found.reach, ends, counts, names)
    assert 1 < len(found.peak) < len(ends)
    used = np.bincount(found.group, counts)
    assert (np.diff(used) <= 0).all()


def as_sets(names: np.ndarray, group: np.ndarray) -> set[frozenset[str]]:
    return {frozenset(names[group == k].tolist()) for k in range(group.max() + 1)}


@pytest.mark.parametrize("seed", range(4))
def test_neither_the_order_of_ends_nor_the_unit_counts(sample: tuple[World, Paths], seed: int) -> None:
    world, paths = sample
    rng = np.random.default_rng(seed)
    ends, counts, names = random_ends(world, rng)
    here = group_ends(world, paths, ends, counts, names)
    turned = rng.permutation(len(ends))
    there = group_ends(world, paths, ends[turned], counts[turned], names[turned])
    assert as_sets(names, here.group) == as_sets(names[turned], there.group)
    settings = {k: v / 1000.0 if k == "cell" else v for k, v in world.settings.items()}
    in_km = replace(world, unit="km", place_xy=world.place_xy / 1000.0, settings=settings)
    assert as_sets(names, group_ends(in_km, paths, ends, counts, names).group) == as_sets(names, here.group)
    assert reach_of(in_km, paths) == pytest.approx(reach_of(world, paths) / 1000.0)


def test_without_coordinates_ends_are_grouped_by_steps() -> None:
    project = sample_project("town")
    world = project.world
    assert world is not None
    blind = replace(world, place_xy=np.full_like(world.place_xy, np.nan))
    paths = split_paths(project).paths
    after = int(world.mdp.successors[world.mdp.choice_offsets[100]])
    far = int(np.argmax(np.hypot(*(world.place_xy - world.place_xy[100]).T)))
    found = group_ends(blind, paths, np.array([100, after, far]), np.array([5, 3, 4]), np.array(["a", "b", "c"]))
    assert found.group.tolist() == [0, 0, 1] and found.peak.tolist() == [0, 2]


def test_one_end_is_one_group_and_no_end_is_none(sample: tuple[World, Paths]) -> None:
    world, paths = sample
    assert group_ends(world, paths, np.array([3]), np.array([1]), np.array(["a"])).group.tolist() == [0]
    assert not len(group_ends(world, paths, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, str)).group)


def test_a_group_has_the_probability_of_all_its_ends() -> None:
    rng = np.random.default_rng(0)
    probability = rng.dirichlet(np.ones(6), 20)
    probability[15:] = [0.45, 0.45, 0.02, 0.02, 0.03, 0.03]  # two ends of one goal, neither of them certain
    ends = GoalPosterior(probability, np.zeros(20), probability.argmax(axis=1), 0.8, -1)
    group = np.array([0, 0, 1, 1, 2, 2])
    found = of_groups(ends, group, 3)
    expected = np.column_stack([probability[:, group == k].sum(axis=1) for k in range(3)])
    np.testing.assert_allclose(found.probability, expected)
    np.testing.assert_allclose(found.entropy, -(expected * np.log(expected)).sum(axis=1))
    assert found.top[-1] == 0 and 0 < found.certain_step <= 15
    assert (found.probability[found.certain_step:, 0] >= 0.8).all() and found.probability[found.certain_step - 1, 0] < 0.8
