"""Ordinary traffic: how often tracks pass each link or cell, as width and shade. Thousands of tracks are a few hundred lines."""

from __future__ import annotations

import numpy as np

from irlcore.maps.cells import cells_layer
from irlcore.maps.drawn import Drawn
from irlcore.maps.kept import digest, of_paths, once
from irlcore.maps.roads import one_a_street
from irlcore.maps.scene import Key, Layer, Lines, Style
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

STEPS = 6
WIDTHS = (0.9, 1.4, 2.1, 3.0, 4.1, 5.4)  # pixels
SHADES = (0.40, 0.52, 0.64, 0.76, 0.88, 1.0)
CELL_SHADES = (0.10, 0.20, 0.32, 0.46, 0.62, 0.80)


def flow(world: World, paths: Paths, indices: np.ndarray, name: str = "ordinary traffic", colour: str = "flow") -> Drawn:
    """How often the paths at ``indices`` (n,) pass each place: six steps, wider and darker.

    name: in the legend; colour: of ``palette.COLOURS``. The two directions of a street lie side by side. The same object for the same
    paths, whatever array names them.
    """
    indices = np.asarray(indices, np.int64)
    return once("flow", of_paths(world, paths), (digest(indices), name, colour), lambda: _flow(world, paths, indices, name, colour))


def passes(world: World, paths: Paths, indices: np.ndarray) -> np.ndarray:
    """(L,) int64: how often the paths at ``indices`` (n,) pass each place; a path that comes twice counts twice."""
    chosen = paths.take(np.asarray(indices, np.int64))
    left = np.bincount(world.mdp.choice_state[chosen.choices], minlength=world.mdp.n_states)
    states = left + np.bincount(chosen.last_state, minlength=world.mdp.n_states)
    return np.bincount(world.place_of_state, states, world.n_places).astype(np.int64)


def steps_of(counts: np.ndarray) -> np.ndarray:
    """(n,) uint8: the step, 0 to 5, of counts (n,) int64 above 0: the k-th begins at k^2 / 36 of the largest.

    By the root, for in a city a few streets have ten times the traffic of most: in equal steps those would be the only ones to be seen,
    and by the logarithm all but the quietest would be wide.
    """
    if not len(counts):
        return np.zeros(0, np.uint8)
    share = np.sqrt(counts / float(counts.max()))
    return np.minimum(np.floor(share * STEPS + 1e-9), STEPS - 1).astype(np.uint8)


def _flow(world: World, paths: Paths, indices: np.ndarray, name: str, colour: str) -> Drawn:
    counts = passes(world, paths, indices)
    used = np.flatnonzero((counts > 0) & np.isfinite(world.place_xy).all(axis=1))
    if not len(used):
        return Drawn()
    step = steps_of(counts[used])
    texts = np.array([f"{world.place_names[k]}: passed {times(int(counts[k]))}" for k in used], object)
    key = Key(f"{name} (most: {int(counts[used].max()):,} passes)", Style(colour, WIDTHS[3], SHADES[3]))
    if world.kind == "grid":
        styles = tuple(Style(colour, 0.0, shade) for shade in CELL_SHADES)
        layer = cells_layer(world, name, used, styles, step, texts=tuple(texts))
        return Drawn((layer,), (Key(f"{name} (most: {int(counts[used].max()):,} passes)", styles[4], "area"),))
    return Drawn(_by_width(world, used, step, texts, name, colour), (key,))


def _by_width(world: World, used: np.ndarray, step: np.ndarray, texts: np.ndarray, name: str, colour: str) -> tuple[Layer, ...]:
    """One layer for each step, since the two directions of a street are as far apart as they are wide; the widest on top."""
    lined = np.diff(world.shape_offsets)[used] > 1 if len(world.shape_xy) else np.zeros(len(used), bool)
    used, step, texts = used[lined], step[lined], texts[lined]
    first = one_a_street(np.where(np.isfinite(world.shape_xy), world.shape_xy, 0.0), world.shape_offsets) if len(used) else used
    both = len(used) > 0 and bool((first != np.arange(len(first))).any())
    layers = []
    for k in range(STEPS):
        mine = np.flatnonzero(step == k)
        if len(mine):
            offsets, flat = take_flat(world.shape_offsets, used[mine])
            layers.append(Lines(f"{name} {k}", world.shape_xy[flat], offsets, (Style(colour, WIDTHS[k], SHADES[k]),),
                                np.zeros(len(mine), np.uint8), texts=tuple(texts[mine]), shift_px=0.5 * WIDTHS[k] + 0.3 if both else 0.0))
    return tuple(layers)


def times(n: int) -> str:
    """How often, in words."""
    return "once" if n == 1 else "twice" if n == 2 else f"{n:,} times"
