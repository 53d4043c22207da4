"""Control: an isolation forest (Liu, Ting and Zhou 2008) on features of whole trips.

It sees what ``trip_features`` says: lengths, turns, links used twice, transitions, ends; with times also duration, pace, longest step, step
of the slowest pace and longest silence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.detours.chain import MarkovChain
from irlcore.simulation.planted.sources import Ordinary
from irlcore.tracks.trips.dark_gaps import LONGEST_H

TREES, SAMPLE, SEED = 200, 256, 4
EULER = 0.5772156649


@dataclass(frozen=True, slots=True)
class Node:
    """A split of a tree, or where ``feature`` is -1 a leaf that ``size`` samples came to."""

    feature: int
    at: float
    size: int
    left: Node | None = None
    right: Node | None = None


class IsolationForest:
    """Trees that split samples of the past trips' features (n, K) at random."""

    def __init__(self, past: np.ndarray) -> None:
        rng = np.random.default_rng(SEED)
        self.many = min(SAMPLE, len(past))
        deep = int(np.ceil(np.log2(max(self.many, 2))))
        self.trees = [grown(past[rng.choice(len(past), self.many, replace=False)], rng, deep) for _ in range(TREES)]

    def scores(self, features: np.ndarray) -> np.ndarray:
        """(N,) float64 in (0, 1), higher = easier to set apart."""
        depth = np.zeros(len(features))
        for tree in self.trees:
            add_depths(tree, features, np.arange(len(features)), 0, depth)
        return np.asarray(2.0 ** (-depth / TREES / expected_depth(self.many)))


def grown(rows: np.ndarray, rng: np.random.Generator, deep: int) -> Node:
    """A tree of at most ``deep`` splits above each leaf."""
    if deep == 0 or len(rows) < 2:
        return Node(-1, 0.0, len(rows))
    low, high = rows.min(axis=0), rows.max(axis=0)
    usable = np.flatnonzero(high > low)
    if not len(usable):
        return Node(-1, 0.0, len(rows))
    feature = int(rng.choice(usable))
    at = float(rng.uniform(low[feature], high[feature]))
    left = rows[:, feature] < at
    return Node(feature, at, len(rows), grown(rows[left], rng, deep - 1), grown(rows[~left], rng, deep - 1))


def expected_depth(n: int) -> float:
    """Of an unsuccessful search in a binary tree of n."""
    return 2.0 * (np.log(n - 1.0) + EULER) - 2.0 * (n - 1.0) / n if n > 2 else float(n == 2)


def add_depths(node: Node, features: np.ndarray, index: np.ndarray, depth: int, out: np.ndarray) -> None:
    """Add to ``out`` how deep each of the rows ``index`` comes to lie."""
    if node.feature < 0 or node.left is None or node.right is None:
        out[index] += depth + expected_depth(node.size)
        return
    left = features[index, node.feature] < node.at
    for side, mine in ((node.left, index[left]), (node.right, index[~left])):
        if len(mine):
            add_depths(side, features, mine, depth + 1, out)


def trip_features(trips: Ordinary, chain: MarkovChain) -> np.ndarray:
    """(N, K) float64: length, links, straightness, turns, links used twice, log transitions (sum, mean, worst), where it begins and ends;
    of trips with times their duration, pace, longest step and longest silence."""
    world, paths = trips.world, trips.paths
    mdp, first = world.mdp, paths.offsets[:-1]
    start, end = (world.place_xy[world.place_of_state[s]] for s in (paths.first_state(mdp), paths.last_state))
    length = np.add.reduceat(world.choice_length[paths.choices], first)
    away = np.hypot(*(end - start).T)
    turn = np.abs(np.nan_to_num(world.choice_turn[paths.choices]))
    nats = chain.nats[paths.choices]
    again = paths.lengths - np.array([len(np.unique(paths.choices[a:b])) for a, b in zip(first, paths.offsets[1:], strict=True)])
    columns = [length, paths.lengths, away / np.maximum(length, 1.0), length - away, np.add.reduceat(turn, first),
               np.maximum.reduceat(turn, first), again, np.add.reduceat(nats, first), np.add.reduceat(nats, first) / paths.lengths,
               np.maximum.reduceat(nats, first), start[:, 0], start[:, 1], end[:, 0], end[:, 1]]
    if trips.spent is not None:
        took = np.where(np.isfinite(trips.spent), trips.spent, 0.0)
        pace = took / np.maximum(world.choice_length[paths.choices], 1.0)
        total = np.add.reduceat(took, first)
        columns += [total, total / np.maximum(length, 1.0), np.maximum.reduceat(took, first), np.maximum.reduceat(pace, first),
                    np.nan_to_num(trips.facts[LONGEST_H])]
    return np.column_stack(columns).astype(np.float64)
