"""A town of straight streets, and ways through it by its crossings."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from irlcore.worlds.mdp import Paths, build_goals, choices_between
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

SIDE, BLOCK = 6, 100.0  # crossings along a side, metres between them


def town() -> World:
    """Streets in both directions between the crossings of a square, called "row 2", "column 3"."""
    rows = []
    for j in range(SIDE):
        for i in range(SIDE):
            rows += [(j * SIDE + i, j * SIDE + i + 1, f"row {'abcdef'[j]}")] if i + 1 < SIDE else []
            rows += [(j * SIDE + i, j * SIDE + i + SIDE, f"column {'abcdef'[i]}")] if j + 1 < SIDE else []
    rows += [(v, u, name) for u, v, name in rows]
    table = pd.DataFrame(rows, columns=["u", "v", "name"])
    table.insert(0, "link", [f"{u}-{v}" for u, v, _ in rows])
    for end in ("u", "v"):
        table[f"x{'uv'.index(end)}"] = BLOCK * (table[end] % SIDE)
        table[f"y{'uv'.index(end)}"] = BLOCK * (table[end] // SIDE)
    return build_network(table)


def choices_by(world: World, crossings: list[int]) -> np.ndarray:
    """The choices (n,) of a drive by these crossings."""
    names = {name: k for k, name in enumerate(world.place_names.tolist())}
    states = np.array([names[f"{u}-{v}"] for u, v in pairwise(crossings)])
    found = choices_between(world.mdp, states[:-1], states[1:])
    assert (found >= 0).all()
    return found


def drives(world: World, crossings: list[list[int]]) -> Paths:
    """Paths by their crossings, each to where it ends."""
    choices = [choices_by(world, one) for one in crossings]
    last = np.array([int(world.mdp.successors[one[-1]]) for one in choices])
    ends, goal = np.unique(last, return_inverse=True)
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in choices]))).astype(np.int64)
    return Paths(np.array([f"drive {k}" for k in range(len(choices))], object), offsets, np.concatenate(choices), last, goal,
                 build_goals([np.array([e]) for e in ends], [str(world.place_names[e]) for e in ends]))
