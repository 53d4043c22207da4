"""How far the probabilities of goals can be believed, by trips drawn from a known model towards known ends: those of grouped goals are as
well calibrated as those of ends, and a posterior that is too sure of itself is found out.

A trip counts once, after SEEN steps, so that trips are independent of each other. What was seen after as many steps says nothing of what is
to come, so the true posterior is calibrated whatever the trips' lengths. Each claim about a mean fails by luck once in 10^7 runs at most
(tests/draws.py), each bin of the reliability check by Bernstein's bound (1946), which holds for any number of trips.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from irlcore.intent.goals import goal_posteriors, of_groups
from irlcore.intent.grouping import group_ends
from irlcore.project.samples import sample_project
from irlcore.project.split import split_paths
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import build_goals
from irlcore.worlds.world import World
from sample_data.generate import ROAD_WEIGHTS, road_reward
from tests.draws import LUCK, mean_agrees
from tests.rationality.worlds import walk

SEEDS, TRIPS, SEEN = range(4), 400, 5
PLACES, ENDS_EACH = 5, 3
EDGES = np.array([0.0, 0.4, 0.6, 0.8, 1.0 + 1e-9])
both_samples = pytest.mark.parametrize("sample", ["town", "anchorage"])


@dataclass(frozen=True)
class Told:
    """Of n trips: the posterior over the G goals (n, G), and the goal (n,) that each was on its way to."""

    probability: np.ndarray
    truth: np.ndarray

    def sharper(self, power: float) -> Told:
        """As one who takes every step for more than it tells."""
        raised = self.probability**power
        return Told(raised / raised.sum(axis=1, keepdims=True), self.truth)

    def log_scores(self) -> np.ndarray:
        """(n,) nats: how much better the true goal was foretold than the posterior itself expects; of mean 0 where it is calibrated."""
        p = np.maximum(self.probability, 1e-300)
        return np.log(p[np.arange(len(p)), self.truth]) - (self.probability * np.log(p)).sum(axis=1)

    def bins_agree(self) -> bool:
        """Whether the likeliest goal was the true one as often as its probability says, in each bin of that probability."""
        top, sure = self.probability.argmax(axis=1), self.probability.max(axis=1)
        off = (top == self.truth) - sure
        for low, high in pairwise(EDGES):
            mine = (sure >= low) & (sure < high)
            spread, log_luck = float((sure * (1.0 - sure))[mine].sum()), np.log(2.0 * (len(EDGES) - 1) / LUCK)
            if abs(off[mine].sum()) > log_luck / 3.0 + np.sqrt(log_luck**2 / 9.0 + 2.0 * log_luck * spread):
                return False
        return True


def model_of(sample: str, world: World) -> tuple[Rationality, np.ndarray]:
    if sample == "town":
        return MaxEnt(), road_reward(world, ROAD_WEIGHTS["courier"])
    return Boltzmann(), -6.0 * world.choice_length / 1000.0 - 0.8


def trips(sample: str, seed: int) -> tuple[Told, Told]:
    """Told by ends and by groups of them: places with several ends each, as terminals have."""
    project, rng = sample_project(sample), np.random.default_rng(seed)
    world = project.world
    assert world is not None
    model, reward = model_of(sample, world)
    prepared = model.prepare(world.mdp, reward)
    xy = world.place_xy[world.place_of_state]
    middles = rng.choice(len(xy), PLACES, replace=False)
    ends = np.unique([np.argsort(np.hypot(*(xy - xy[m]).T), kind="stable")[:ENDS_EACH] for m in middles])
    solved = {int(end): model.solve(prepared, np.array([end])) for end in ends}
    reached = np.isfinite([one.value for one in solved.values()]).all(axis=0)
    starts = rng.choice(np.setdiff1d(np.flatnonzero(reached), ends), TRIPS)
    prior = rng.dirichlet(np.full(len(ends), 2.0))
    paths = walk(world.mdp, {end: one.log_policy for end, one in solved.items()}, starts, rng.choice(ends, TRIPS, p=prior), rng)
    goals = build_goals([np.array([end]) for end in ends], [str(end) for end in ends])
    paths = paths.take(np.flatnonzero(paths.lengths >= SEEN))
    truth = np.searchsorted(ends, paths.last_state)
    counts = np.bincount(truth, minlength=len(ends))
    group = group_ends(world, split_paths(project).paths, world.place_of_state[ends], counts, np.array(goals.names, str)).group
    assert group.max() + 1 < len(ends)
    told = goal_posteriors(model, prepared, paths, goals, prior)
    grouped = [of_groups(one, group, int(group.max()) + 1) for one in told]
    return (Told(np.array([one.probability[SEEN] for one in told]), truth),
            Told(np.pad(np.array([one.probability[SEEN] for one in grouped]), ((0, 0), (0, len(ends) - group.max() - 1))), group[truth]))


@cache
def drawn(sample: str) -> tuple[Told, Told]:
    """All seeds together: by ends, and by groups."""
    each = [trips(sample, seed) for seed in SEEDS]
    wide = max(one.probability.shape[1] for pair in each for one in pair)
    ends, groups = (Told(np.vstack([np.pad(pair[k].probability, ((0, 0), (0, wide - pair[k].probability.shape[1]))) for pair in each]),
                         np.concatenate([pair[k].truth for pair in each])) for k in (0, 1))
    return ends, groups


@both_samples
@pytest.mark.parametrize("kind", [0, 1], ids=["ends", "groups"])
def test_the_true_goal_is_foretold_as_well_as_the_posterior_expects(sample: str, kind: int) -> None:
    told = drawn(sample)[kind]
    assert len(told.truth) > 1000
    assert mean_agrees(told.log_scores(), 0.0)
    assert not mean_agrees(told.sharper(2.0).log_scores(), 0.0)


@both_samples
@pytest.mark.parametrize("kind", [0, 1], ids=["ends", "groups"])
def test_the_likeliest_goal_is_the_true_one_as_often_as_is_said(sample: str, kind: int) -> None:
    told = drawn(sample)[kind]
    assert told.bins_agree()
    assert not told.sharper(4.0).bins_agree()


@both_samples
def test_groups_are_foretold_better_than_their_ends(sample: str) -> None:
    ends, groups = (one.probability[np.arange(len(one.truth)), one.truth] for one in drawn(sample))
    assert (groups >= ends - 1e-12).all() and np.log(groups).mean() > np.log(ends).mean() + 0.1
