"""Worlds small enough to list every path, for the tests of scores and reasons."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from irlcore.rationality.solution import Solution
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp
from irlcore.worlds.slip import with_slip
from irlcore.worlds.world import World
from tests.rationality.worlds import recorded


def one_way_mdp(width: int, height: int, slip: float = 0.0) -> MDP:
    """Right or up only: no path can come back, so all of them can be listed."""
    state, after = [], []
    for y in range(height):
        for x in range(width):
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < width and y + dy < height:
                    state.append(y * width + x)
                    after.append((y + dy) * width + x + dx)
    return with_slip(build_mdp(width * height, np.array(state), np.array(after))[0], slip)


def all_paths(mdp: MDP, solution: Solution, start: int) -> Iterator[tuple[float, list[int]]]:
    """Every path from ``start`` to the goal as it can be seen, with its probability, by plain recursion; the world has no
    cycles on the way."""
    if start in solution.goal_states:
        yield 1.0, []
        return
    seen: dict[int, float] = {}
    for m in range(mdp.choice_offsets[start], mdp.choice_offsets[start + 1]):
        for k in range(mdp.successor_offsets[m], mdp.successor_offsets[m + 1]):
            step = m if mdp.deterministic else recorded(mdp, m, int(mdp.successors[k]))
            seen[step] = seen.get(step, 0.0) + float(solution.policy[m] * mdp.probabilities[k])
    for step, chance in seen.items():
        if chance > 0.0 and np.isfinite(solution.value[mdp.likeliest[step]]):
            for onward, rest in all_paths(mdp, solution, int(mdp.likeliest[step])):
                yield chance * onward, [step, *rest]


def make_paths(mdp: MDP, choices: list[list[int]], last: list[int]) -> Paths:
    """Paths given by their choices, each going to where it was last seen."""
    offsets = np.concatenate(([0], np.cumsum([len(c) for c in choices]))).astype(np.int64)
    ends = sorted(set(last))
    ids = np.array([f"track {i}" for i in range(len(choices))], dtype=object)
    return Paths(ids, offsets, np.concatenate([np.array(c, np.int64) for c in choices]), np.array(last),
                 np.searchsorted(ends, last), build_goals([np.array([e]) for e in ends], [f"place {e}" for e in ends]))


def as_world(mdp: MDP) -> World:
    """A world whose places are its states, named "place 0", "place 1" ..."""
    n, m = mdp.n_states, mdp.n_choices
    names = np.array([f"place {i}" for i in range(n)], dtype=object)
    return World("network", mdp, "m", np.arange(n), names, np.full((n, 2), np.nan), np.zeros((0, 2)),
                 np.zeros(n + 1, np.int64), np.ones(m), np.zeros(m))
