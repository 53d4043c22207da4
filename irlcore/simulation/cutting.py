"""Trips cut off before they arrive, as the edge of what is observed, or of a day, cuts them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.worlds.mdp import MDP, Paths


def cut_after(paths: Paths, mdp: MDP, steps: np.ndarray) -> Paths:
    """The same paths, each with at most ``steps`` (N,) int64 of its steps, 1 at least; what those with fewer than they had were on their
    way to is then not known."""
    cut = steps < paths.lengths
    kept = np.minimum(steps, paths.lengths)
    owner = paths.owner
    inside = np.arange(len(owner)) - paths.offsets[owner] < kept[owner]
    last = paths.last_state.copy()
    last[cut] = mdp.choice_state[paths.choices[paths.offsets[:-1][cut] + kept[cut]]]
    return replace(paths, offsets=np.concatenate(([0], np.cumsum(kept))).astype(np.int64), choices=paths.choices[inside], last_state=last,
                   goal=np.where(cut, -1, paths.goal), times=None if paths.times is None else paths.times[inside])


def cut_at_random(paths: Paths, mdp: MDP, which: np.ndarray, rng: np.random.Generator) -> Paths:
    """The same paths, those marked by ``which`` (N,) bool cut after a number of steps drawn evenly from 1 to one less than they have. A
    path of one step stays whole."""
    steps = paths.lengths.copy()
    cut = which & (steps > 1)
    steps[cut] = rng.integers(1, steps[cut])
    return cut_after(paths, mdp, steps)
