"""Ways that come back to where they were: round a loop, to and fro, and a stretch that is gone over again."""

from __future__ import annotations

import numpy as np

from irlcore.simulation.planted.ground import NO_WAY, pieced
from irlcore.simulation.planted.sources import Made, One, Sources

FEWEST, FARTHEST = 4, 5  # places that a loop has beside the one where it begins, steps that it goes away before it turns
STRETCH = 0.3
ROUNDS = 2
TRIES = 10


def loop(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """Somewhere on its way it goes round a loop, of ``FEWEST`` other places at least and none of them twice."""
    ground, n = sources.ground, len(one.states) - 1
    for _ in range(TRIES if n >= 1 else 0):
        at = int(rng.integers(0, n))
        here = int(one.states[at])
        out = [here]
        for _ in range(int(rng.integers(2, FARTHEST + 1))):
            onward = ground.onward(out[-1])
            onward = onward[~np.isin(ground.places(onward), ground.places(np.array(out))) & ~np.isin(onward, one.goal_states)]
            if not len(onward):
                break
            out.append(int(rng.choice(onward)))
        if len(out) < 3:
            continue
        way = np.array(out, np.int64)
        barred = np.union1d(ground.others(way, way[[0, -1]]), one.goal_states)
        back = ground.shortest(out[-1], here, barred)
        if len(way) + len(back) - 3 >= FEWEST:
            return Made(pieced(one.states, [(0, at), np.concatenate((way, back[1:])), (at, n)]), one.goal)
    return None


def to_and_fro(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """It goes back to where it was some places ago by the shortest way, and on again, ``ROUNDS`` times."""
    n = len(one.states) - 1
    for _ in range(TRIES if n >= 3 else 0):
        long = int(rng.integers(2, max(3, min(n, FARTHEST + 1))))
        a = int(rng.integers(0, n - long))
        b = a + long
        back = sources.ground.shortest(int(one.states[b]), int(one.states[a]), one.goal_states)
        if len(back) > 1:
            rounds: list[tuple[int, int] | np.ndarray] = [back, (a, b)]
            return Made(pieced(one.states, [(0, b), *(rounds * ROUNDS), (b, n)]), one.goal)
    return None


def repeat(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """A stretch of ``STRETCH`` of its places is gone over twice: it comes back to where that begins by another way where there is one."""
    ground, n = sources.ground, len(one.states) - 1
    long = max(2, round(STRETCH * n))
    for _ in range(TRIES if n > long else 0):
        a = int(rng.integers(0, n - long))
        b = a + long
        ends = one.states[[a, b]]
        other = ground.shortest(int(ends[1]), int(ends[0]), np.union1d(ground.others(one.states[a:b + 1], ends), one.goal_states))
        back = other if len(other) else ground.shortest(int(ends[1]), int(ends[0]), np.union1d(NO_WAY, one.goal_states))
        if len(back) > 1:
            return Made(pieced(one.states, [(0, b), back, (a, b), (b, n)]), one.goal)
    return None
