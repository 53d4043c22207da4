"""What trips meet on their way to a goal, by sweeps over the states that they come to.

Trips begin at few states and hardly leave the ways between these and the goal, so expected visits are followed from there, and features to
go are solved for where they come to. The information is the covariance of what each step brings, by visits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.rationality.sweeps.outwards import MOST_SWEEPS, Outwards
from irlcore.rationality.sweeps.visits import kernels

SETTLED_TO_GO = 1e-13  # of what is met on the way
SELDOM = 1e-14  # expected visits, next to nothing beside the trip that is sure to be made
LEAST = 1e-16  # what is not followed of them
AWAY = 1e-13  # trips that may go by what is left out of the world


@dataclass(frozen=True, slots=True)
class Ahead:
    """to_go: (k, K) expected features from each start to the goal. information: (K, K), of all of them, minus the second derivative of the
    log-likelihood of trips from there."""

    to_go: np.ndarray
    information: np.ndarray


def features_ahead(found: Outwards, column: int, starts: np.ndarray, columns: np.ndarray, counts: np.ndarray | None = None) -> Ahead | None:
    """What trips from the states ``starts`` (k,) meet on their way to one of the goals, by features ``columns`` (M, K); None where sweeps
    do not settle, or trips may go by what was left out. counts: (k,), how many trips each start stands for in the information; None where
    each is one."""
    ranks, ends, visits = found.rank[starts], np.ascontiguousarray(found.ends[:, column]), np.zeros(len(found.offsets) - 1)
    steps = found.offsets, found.after, found.weight, found.z
    begun = ranks if counts is None else np.repeat(ranks, counts)
    if not kernels.push_visits(*steps, column, ends, begun, LEAST, MOST_SWEEPS, visits):
        return None
    if found.lost(column, visits) > AWAY:
        return None
    visited = np.flatnonzero(visits > SELDOM).astype(np.uint32)
    most, width = int((found.offsets[visited + 1] - found.offsets[visited]).sum()), columns.shape[1]
    offsets, after, choice = np.empty(len(visited) + 1, np.uint32), np.empty(most, np.uint32), np.empty(most, np.uint32)
    chance, now = np.empty(most), np.zeros((len(visited), -(-width // 8) * 8))
    count = kernels.steps_among(found.offsets, found.after, found.choice, found.weight, found.z, column, ends, visited, columns,
                                offsets, after, choice, chance, now)
    x = np.zeros_like(now)
    for k in range(0, width, 8):
        part = np.zeros((len(visited), 8))
        if not kernels.features_to_go(offsets, after[:count], chance[:count], visits[visited], np.ascontiguousarray(now[:, k:k + 8]),
                                      MOST_SWEEPS, SETTLED_TO_GO, part):
            return None
        x[:, k:k + 8] = part
    lower = np.zeros((width, width))
    kernels.add_information(offsets, after[:count], choice[:count], chance[:count], visits[visited], x, columns, lower)
    return Ahead(x[np.searchsorted(visited, ranks), :width], lower + np.tril(lower, -1).T)
