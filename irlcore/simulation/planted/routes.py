"""Ways that are not the class's: a detour, a switch to others' way, an end that is not for those from here, and a walk at random."""

from __future__ import annotations

import numpy as np

from irlcore.simulation.planted.detours import detoured
from irlcore.simulation.planted.ground import NO_WAY, Way, pieced
from irlcore.simulation.planted.sources import Made, One, Sources

STRETCH = 0.3
TRIES = 10


def detour(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """``STRETCH`` of its places taken by another way; on a grid one that keeps off the cells beside its own too, as a way one cell aside is
    the same way."""
    ground = sources.ground
    beside = ground.beside(one.states) if ground.world.kind == "grid" else NO_WAY
    way = detoured(ground, one.states, rng, STRETCH, one.goal_states, beside)
    return None if way is None else Made(way, one.goal)


def switch(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """It leaves its way where another track, to another goal, goes on elsewhere, follows that for ``STRETCH`` of its own length, and comes
    back by the shortest way to where it was going."""
    ground, n = sources.ground, len(one.states) - 1
    long = max(2, round(STRETCH * n))
    goals = sources.ordinary.paths.goal
    for _ in range(TRIES if n >= 2 else 0):
        at = int(rng.integers(0, n))
        found = sources.through(int(one.states[at]))
        owners = sources.owner(found)
        found, owners = found[goals[owners] != one.goal], owners[goals[owners] != one.goal]
        if not len(found):
            continue
        k = int(rng.integers(len(found)))
        followed = sources.states[found[k]:min(found[k] + long + 1, int(sources.first[owners[k] + 1]))]
        if np.isin(followed, one.goal_states).any() or not (~np.isin(ground.places(followed), ground.places(one.states))).any():
            continue
        walked = np.concatenate((one.states[:at + 1], followed))
        back = ground.shortest(int(followed[-1]), int(one.states[-1]), np.setdiff1d(np.union1d(
            ground.others(walked, followed[-1:]), one.goal_states), one.states[-1:]))
        if len(back):
            return Made(pieced(one.states, [(0, at), followed, back]), one.goal)
    return None


def wrong_end(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """It goes where others go, but nobody from here: on its own way first, then by the shortest way, or along with one who goes there."""
    ground, paths, n = sources.ground, sources.ordinary.paths, len(one.states) - 1
    begun = int(ground.places(one.states[0]))
    for _ in range(TRIES if n >= 2 else 0):
        other = int(rng.integers(len(paths)))
        goal = int(paths.goal[other])
        if goal < 0 or goal == one.goal or (begun, goal) in sources.homes or not len(paths.goals.of(goal)):
            continue
        theirs, barred = sources.of(other), paths.goals.of(goal)
        at = int(rng.integers(1, max(n, 2)))
        kept = one.states[:at + 1]
        if np.isin(kept, barred).any():
            continue
        last = int(theirs.states[-1])
        onward = ground.shortest(int(kept[-1]), last, np.setdiff1d(np.union1d(ground.others(kept, kept[-1:]), barred), [last]))
        if len(onward) > 1:
            return Made(pieced(one.states, [(0, at), onward]), goal)
    return None


def random_walk(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """From where it began it goes anywhere for as many steps as it had, not straight back where there is another way on; then, where it has
    a destination, there by the shortest way, if it is not there by then."""
    ground, n = sources.ground, len(one.states) - 1
    walked, before = [int(one.states[0])], -1
    barred = set(one.goal_states.tolist())
    for _ in range(n):
        onward = ground.onward(walked[-1])
        away = onward[ground.places(onward) != before]
        if not len(onward):
            return None
        before = int(ground.places(np.array(walked[-1])))
        walked.append(int(rng.choice(away if len(away) else onward)))
        if walked[-1] in barred:
            break
    states = np.array(walked, np.int64)
    if not barred or walked[-1] in barred:
        return Made(Way(states, np.full(len(states) - 1, -1)), one.goal)
    home = ground.shortest(walked[-1], int(one.states[-1]), np.setdiff1d(one.goal_states, one.states[-1:]))
    return Made(pieced(states, [states, home]), one.goal) if len(home) else None


