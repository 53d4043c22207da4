"""How strange a track is that was cut off before it arrived, over all goals that it may have had.

With w_g the posterior of goal g given the whole track, P_g its chance on the way to g and E_g, Var_g the mean and variance of -log P_g over
the model's own trips to g from the same start that have gone as many steps (``before_arrival``):

    surprise = sum_g w_g (-log P_g - E_g) / sqrt(sum_g w_g Var_g)

Over the model's own trips, cut off after n steps whatever they do, its mean is 0, and its variance at most about 1. In terms of the track's
own chance, -log P = sum_g w_g (-log P_g) + KL(w || prior), so that what is expected is sum_g w_g E_g + KL(w || prior). A step's surprise is
-log P(step | steps before), the goals weighed by the steps before. The utility gap is the posterior's mean of what was lost so far.

Goals with a posterior below ``NEXT_TO_NONE`` are left out of the sums over w: as -log P_g = -log P + log(prior_g / w_g), G of them change
the surprise's numerator by less than G times that times (-log P + 28) nats.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from irlcore.engine import Control, run_all
from irlcore.fitting.mixed_goals import logliks_under
from irlcore.rationality.base import Rationality
from irlcore.rationality.seen import log_seen
from irlcore.rationality.solution import Group, Prepared
from irlcore.rationality.unfinished import Mixture, cut_trips, groups_of, known_and_cut
from irlcore.review.before_arrival import moments_before_arrival
from irlcore.review.utility_gaps import utility_gaps
from irlcore.worlds.goal_prior import candidate_goals, unfinished
from irlcore.worlds.mdp import Paths

NEXT_TO_NONE = 1e-12
MOST_NUMBERS = 4_000_000  # chances of steps, in memory at once


@dataclass(frozen=True, slots=True)
class Cut:
    """Of n unfinished paths with C steps in all: index (n,) int64 of the paths; steps (C,) nats; expected, deviation, gap (n,)."""

    index: np.ndarray
    steps: np.ndarray
    expected: np.ndarray
    deviation: np.ndarray
    gap: np.ndarray


def score_unfinished(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> Cut:
    """The scores of the paths that were cut off; each goal is solved twice at most, the second time if it is likely enough."""
    _, groups = known_and_cut(all_groups := groups_of(prepared.mdp, prepared.gamma, paths, every=True))
    index, control = cut_trips(all_groups), control or Control()
    offsets, n = groups[0].offsets, len(index)
    ahead, joint = Mixture(int(offsets[-1])), np.empty((len(groups), n))

    done = 0
    for some in _in_turn(groups, int(offsets[-1])):
        for found in run_all(_walked, some, control, shared=(model, prepared)):
            ahead.add(np.arange(len(found)), found)
            joint[done] = found[offsets[1:] - 1]
            done += 1
        control.step(done, 2 * len(groups), "goals tried")
    steps = _surprises(ahead.log, offsets)
    total = np.where(np.isfinite(joint).any(axis=0), ahead.log[offsets[1:] - 1], 0.0)
    start, last = paths.first_state(prepared.mdp)[index], paths.last_state[index]

    likely_ones = [(group, np.flatnonzero(own > total + np.log(NEXT_TO_NONE))) for group, own in zip(groups, joint, strict=True)]
    means = Mixture(n, (), (), (), ())
    for which, (likely, mean, variance, gap) in enumerate(
            run_all(_judged, likely_ones, control, "goals weighed", shared=(model, prepared, start, last))):
        assert groups[which].log_prior is not None
        apart = (joint[which] - total - groups[which].log_prior)[likely]  # log(w / prior)
        means.add(likely, joint[which][likely], mean, variance, gap, apart)
    possible = np.isfinite(means.log)
    return Cut(index, steps, np.where(possible, means.mean(0) + means.mean(3), np.nan), np.where(possible, np.sqrt(means.mean(1)), np.nan),
               np.where(possible, means.mean(2), np.inf))


def _walked(judge: tuple[Rationality, Prepared], group: Group) -> np.ndarray:
    model, prepared = judge
    return _along(model.log_steps(prepared, group), group)


def _judged(judge: tuple[Rationality, Prepared, np.ndarray, np.ndarray],
            asked: tuple[Group, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of the trips ``likely`` (m,) of a group, by their place in it: which, mean and variance of -log P, and utility gaps."""
    (model, prepared, start, last), (group, likely) = judge, asked
    if not len(likely):
        return likely, np.zeros(0), np.zeros(0), np.zeros(0)
    mine, solution = group.only(np.isin(np.arange(len(group.index)), likely)), model.solve(prepared, group.goal_states)
    log_q = log_seen(prepared, solution)
    cost = np.where(np.isfinite(log_q), -log_q, 0.0)[:, None]
    mean, variance = moments_before_arrival(prepared.mdp, solution, cost, start[likely], np.diff(mine.offsets))
    return likely, mean[:, 0], variance[:, 0], utility_gaps(prepared, mine, last[likely])


def _along(steps: np.ndarray, group: Group) -> np.ndarray:
    """(C,) log prior + log chance of all steps up to each, of trips whose steps have the log chances (C,); -inf from where one cannot be
    made."""
    barred = ~np.isfinite(steps)
    owner = np.repeat(np.arange(len(group.index)), np.diff(group.offsets))
    summed = np.concatenate(([0.0], np.cumsum(np.where(barred, 0.0, steps))))
    lost = np.concatenate(([0], np.cumsum(barred)))
    first = group.offsets[:-1][owner]
    assert group.log_prior is not None
    return np.where(lost[1:] > lost[first], -np.inf, summed[1:] - summed[first] + group.log_prior[owner])


def _surprises(log_chance: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """(C,) nats of every step, from the log chance of all steps up to each: inf at the first that no goal explains, 0 behind it."""
    before = np.concatenate(([0.0], log_chance[:-1]))
    before[offsets[:-1]] = 0.0
    known = np.isfinite(before)
    return np.where(known, np.maximum(np.where(known, before, 0.0) - log_chance, 0.0), 0.0)


def _in_turn(groups: list[Group], steps: int) -> Iterator[list[Group]]:
    size = max(1, MOST_NUMBERS // max(steps, 1))
    return (groups[k:k + size] for k in range(0, len(groups), size))


def with_likeliest_goals(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> tuple[Paths, np.ndarray]:
    """The same paths, where one was cut off with the goal that its steps make the likeliest, and how likely that goal is, (N,): 1 where it
    is known, 0 where no goal explains the steps (then the one that most go to from there). For sentences and pictures, which need one."""
    cut = np.flatnonzero(unfinished(paths))
    share = np.ones(len(paths))
    if not len(cut):
        return paths, share
    goals = candidate_goals(paths, prepared.mdp)
    _, groups = known_and_cut(groups_of(prepared.mdp, prepared.gamma, paths, every=True))
    total, joint = logliks_under(model, prepared, groups, cut, control)
    prior = np.array([group.log_prior for group in groups])
    possible = np.isfinite(total)
    top = np.where(possible, np.argmax(joint, axis=0), np.argmax(prior, axis=0))
    chance = np.take_along_axis(np.array(joint), top[None, :], axis=0)[0]
    share[cut] = np.where(possible, np.exp(np.where(possible, chance - np.where(possible, total, 0.0), 0.0)), 0.0)
    goal = paths.goal.copy()
    goal[cut] = goals[top]
    return replace(paths, goal=goal), share

