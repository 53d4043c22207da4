"""Trips that are the same step by step: where there are many, what a model says of one is said of all."""

from __future__ import annotations

import numpy as np

from irlcore.tracks.tracks import blocks_of, take_flat
from irlcore.worlds.mdp import MDP, Paths

FEWEST = 1000  # paths, below which looking costs more than it saves
MOST_OWN = 0.5  # of the paths may be unlike all others, for the rest to be worth the numbers that are moved
BLOCK = 1 << 20  # steps that are looked at together


def alike_paths(paths: Paths) -> np.ndarray | None:
    """(N,) int64: the first path that goes the same way to the same goal, of each; None where too few are alike, or a goal is not known.

    Found by a number of 64 bits that is made of each way, and looked through step by step, so that no two ways are ever taken for one.
    """
    return None if (paths.goal < 0).any() else alike_ways(paths)


def alike_ways(paths: Paths) -> np.ndarray | None:
    """The same where goals need not be known: then those are alike of which none is."""
    n = len(paths)
    if n < FEWEST:
        return None
    way = np.empty(n, np.uint64)
    for i, j in blocks_of(paths.offsets, BLOCK):
        way[i:j] = _numbers(paths, i, j)
    _, first, of = np.unique(way, return_index=True, return_inverse=True)
    if len(first) > MOST_OWN * n:
        return None
    same = first[of]
    return same if _are_the_same(paths, same) else None


def alike_in(mdp: MDP, paths: Paths) -> np.ndarray | None:
    """The same, looked for once where the same paths are asked for again."""
    memory = mdp.derived(_last_asked)
    choices, goal, found = memory[0]
    if choices is not paths.choices or goal is not paths.goal:
        found = alike_paths(paths)
        memory[0] = paths.choices, paths.goal, found  # one record at once: another thread sees all of the old or all of the new
    return found


def _last_asked(mdp: MDP) -> list[tuple[np.ndarray | None, np.ndarray | None, np.ndarray | None]]:
    """The choices and goals of the paths asked about last, and which of these are alike."""
    return [(None, None, None)]


def _numbers(paths: Paths, i: int, j: int) -> np.ndarray:
    """(j - i,) uint64: what each of the paths ``i:j`` comes to."""
    begin = paths.offsets[i:j]
    step = np.arange(paths.offsets[i], paths.offsets[j]) - np.repeat(begin, np.diff(paths.offsets[i:j + 1]))
    steps = _mixed(paths.choices[paths.offsets[i]:paths.offsets[j]].astype(np.uint64) << np.uint64(32) | step.astype(np.uint64))
    ends = _mixed(paths.goal[i:j].astype(np.uint64) << np.uint64(32) | paths.last_state[i:j].astype(np.uint64))
    sums = np.add.reduceat(np.append(steps, np.uint64(0)), begin - begin[0])
    return np.asarray(_mixed(ends + np.where(np.diff(paths.offsets[i:j + 1]) > 0, sums, np.uint64(0))))  # one may have no step


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Each number (n,) uint64 as one in which all bits hang on all (Steele, Lea and Flood 2014, SplitMix64)."""
    out = numbers + np.uint64(0x9E3779B97F4A7C15)
    out = (out ^ (out >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    out = (out ^ (out >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(out ^ (out >> np.uint64(31)))


def _are_the_same(paths: Paths, same: np.ndarray) -> bool:
    """Whether each path is the one that ``same`` (N,) names."""
    if any(not np.array_equal(of_path, of_path[same]) for of_path in (paths.lengths, paths.goal, paths.last_state)):
        return False
    for i, j in blocks_of(paths.offsets, BLOCK):
        _, flat = take_flat(paths.offsets, same[i:j])
        if not np.array_equal(paths.choices[paths.offsets[i]:paths.offsets[j]], paths.choices[flat]):
            return False
    return True

