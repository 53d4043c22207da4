"""Made-up tracks with times: straight ways through a field of cells, each cell with its usual time, each track with its own pace."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.review.parts.base import Material
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mdp import Paths, build_goals, choices_between
from irlcore.worlds.world import World

SIDE, CELL_M = 20, 100.0
USUAL_S = 60.0
PLACES, TRACKS, STEPS = 0.3, 0.15, 0.3
"""How much places, tracks and single steps differ: standard deviations of logs of times."""


def field() -> World:
    """20 x 20 cells."""
    return build_grid(0.0, 0.0, SIDE * CELL_M, SIDE * CELL_M, CELL_M, "m")


def way(rng: np.random.Generator) -> list[tuple[int, int]]:
    """The cells of a way from one random cell to another, far off, diagonal as long as it can be."""
    while True:
        (x, y), (u, v) = rng.integers(0, SIDE, (2, 2)).tolist()
        if max(abs(u - x), abs(v - y)) >= SIDE // 2:
            break
    cells = [(x, y)]
    while (x, y) != (u, v):
        x, y = x + int(np.sign(u - x)), y + int(np.sign(v - y))
        cells.append((x, y))
    return cells


def paths_by(world: World, ways: list[list[tuple[int, int]]]) -> Paths:
    """Paths by the cells they pass."""
    number = {name: k for k, name in enumerate(world.place_names.tolist())}
    states = [np.array([number[f"{x},{y}"] for x, y in one]) for one in ways]
    choices = [choices_between(world.mdp, one[:-1], one[1:]) for one in states]
    last = np.array([one[-1] for one in states])
    ends, goal = np.unique(last, return_inverse=True)
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in choices]))).astype(np.int64)
    return Paths(np.array([f"track {k}" for k in range(len(ways))], object), offsets, np.concatenate(choices), last, goal,
                 build_goals([np.array([e]) for e in ends], [str(world.place_names[e]) for e in ends]))


def timed(world: World, paths: Paths, seed: int, hours: float = 0.0, tails: float = np.inf) -> Material:
    """Times for all choices of the paths. hours: how much longer steps take from 16 to 20 h, in logs. tails: of the errors of steps."""
    rng = np.random.default_rng(seed)
    places = np.random.default_rng(1).normal(0.0, PLACES, world.n_places)  # the same ground whatever the tracks
    n = len(paths)
    began = rng.uniform(0.0, 86_400.0, n)
    error = rng.normal(0.0, STEPS, len(paths.choices))
    if np.isfinite(tails):
        error *= np.sqrt(tails / rng.chisquare(tails, len(error)))
    log = places[world.choice_from[paths.choices]] + rng.normal(0.0, TRACKS, n)[paths.owner] + error
    rush = (began // 3600 >= 16) & (began // 3600 < 20)
    log = log + hours * rush[paths.owner] + np.log(world.choice_length[paths.choices] / CELL_M)
    return Material(world, paths, began, USUAL_S * np.exp(log))


def made(n: int, seed: int, hours: float = 0.0, tails: float = np.inf) -> Material:
    """``n`` tracks with times."""
    world, rng = field(), np.random.default_rng(seed)
    return timed(world, paths_by(world, [way(rng) for _ in range(n)]), seed + 1, hours, tails)


def slowed(material: Material, track: int, factor: float, first: int = 0, end: int | None = None) -> Material:
    """The material with the steps [first, end) of one track taking ``factor`` times as long."""
    assert material.spent is not None
    spent, begin = material.spent.copy(), int(material.paths.offsets[track])
    stop = int(material.paths.offsets[track + 1]) if end is None else begin + end
    spent[begin + first:stop] *= factor
    return replace(material, spent=spent)
