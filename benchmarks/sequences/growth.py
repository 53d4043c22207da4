"""How the time to learn from a log, and to score it, grows with its events: made-up logs of ten thousand to a million."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from benchmarks.sequences.judged import wants_of
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.history.build import build_history
from irlcore.worlds.history.observed import map_log

SIZES = (10_000, 100_000, 1_000_000)
EVENTS, LONG = 20, 50
SEED = 20121


def made_up(n_events: int, seed: int = SEED) -> LinkTracks:
    """A log of ``n_events`` events in sequences of ``LONG``, each event drawn by the last two."""
    rng = np.random.default_rng(seed)
    chances = np.cumsum(rng.dirichlet(np.full(EVENTS, 0.2), (EVENTS, EVENTS)), axis=2)
    n = n_events // LONG
    out = np.zeros((n, LONG), np.int64)
    out[:, :2] = rng.integers(EVENTS, size=(n, 2))
    for k in range(2, LONG):
        out[:, k] = np.minimum((rng.random(n)[:, None] > chances[out[:, k - 2], out[:, k - 1]]).sum(axis=1), EVENTS - 1)
    names = np.array([f"event {k}" for k in range(EVENTS)], object)
    return LinkTracks(np.array([f"s{k}" for k in range(n)], object), np.arange(n + 1) * LONG, names[out.ravel()],
                      pd.DataFrame(index=range(n)))


def seconds_of(log: LinkTracks) -> float:
    """Seconds to make a world of a log, count what is usual, fit, and score every sequence."""
    begun = time.perf_counter()
    world = build_history(log)
    paths = map_log(world, log).paths
    wants_of(world, paths).scores(paths)
    return time.perf_counter() - begun


def run_growth(sizes: tuple[int, ...] = SIZES) -> float:
    """The slope of log seconds over log events."""
    seconds_of(made_up(min(sizes)))  # compiled once before it counts
    seconds = [seconds_of(made_up(size)) for size in sizes]
    slope = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    told = ", ".join(f"{size:,} events {took:.1f} s" for size, took in zip(sizes, seconds, strict=True))
    print(f"Growth: {told}; slope {slope:.2f}")
    return round(slope, 3)
