"""Small random worlds for the tests of planners and fits."""

from __future__ import annotations

import numpy as np

from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp
from irlcore.worlds.slip import with_slip


def grid_mdp(width: int, height: int, slip: float = 0.0) -> MDP:
    """Four moves on a rectangle of cells."""
    state, after = [], []
    for y in range(height):
        for x in range(width):
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                if 0 <= x + dx < width and 0 <= y + dy < height:
                    state.append(y * width + x)
                    after.append((y + dy) * width + x + dx)
    return with_slip(build_mdp(width * height, np.array(state), np.array(after))[0], slip)


def recorded(mdp: MDP, choice: int, after: int) -> int:
    """The choice that a step to ``after`` is taken for: what was meant cannot be seen, only where it led."""
    state = mdp.choice_state[choice]
    here = range(mdp.choice_offsets[state], mdp.choice_offsets[state + 1])
    return choice if mdp.deterministic else next((c for c in here if mdp.likeliest[c] == after), choice)


def walk(mdp: MDP, log_policies: dict[int, np.ndarray], starts: np.ndarray, goals: np.ndarray,
         rng: np.random.Generator) -> Paths:
    """Paths drawn from one policy a goal, until the goal is reached."""
    names = sorted(log_policies)
    choices, lengths = [], []
    for start, goal in zip(starts, goals, strict=True):
        at, count = int(start), 0
        while at != goal:
            first, last = mdp.choice_offsets[at], mdp.choice_offsets[at + 1]
            m = int(rng.choice(np.arange(first, last), p=np.exp(log_policies[int(goal)][first:last])))
            ends = slice(mdp.successor_offsets[m], mdp.successor_offsets[m + 1])
            at = int(rng.choice(mdp.successors[ends], p=mdp.probabilities[ends]))
            choices.append(recorded(mdp, m, at))
            count += 1
        lengths.append(count)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    index = np.searchsorted(names, goals)
    ids = np.array([str(i) for i in range(len(starts))], dtype=object)
    return Paths(ids, offsets, np.array(choices), goals, index,
                 build_goals([np.array([g]) for g in names], [str(g) for g in names]))
