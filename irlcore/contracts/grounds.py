"""Small made-up worlds of every shape that Motive knows: what kinds of feature and worlds are checked in where nobody gives another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.clock import Bands, with_clock
from irlcore.worlds.grid import build_grid
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.classifier import HourOf, ValueOf
from irlcore.worlds.network import build_network
from irlcore.worlds.staying import with_staying
from irlcore.worlds.world import World

SEQUENCES = ("abcab", "abb", "cab", "aacb")


def town(places: bool = True, tables: bool = True) -> World:
    """Streets both ways round and through a square of 100 m blocks, 3 x 3 crossings. places: with coordinates; tables: with attributes."""
    ends = [(n, n + step) for n in range(9) for step in ((1,) if n % 3 < 2 else ()) + ((3,) if n < 6 else ())]
    u, v = np.array(ends + [(b, a) for a, b in ends]).T
    links = pd.DataFrame({"link": [f"{a}-{b}" for a, b in zip(u, v, strict=True)], "u": u, "v": v})
    if tables:
        links = links.assign(speed_kmh=30.0 + 10.0 * (u % 3), road=np.where(u % 2, "main", "lane"))
    row, column = np.divmod(np.arange(9), 3)
    nodes = pd.DataFrame({"node": range(9), "x": 100.0 * column, "y": 100.0 * row})
    return build_network(links, None, nodes if places else None)


def grid(heading: bool = False, slip: float = 0.0) -> World:
    """6 x 4 cells of 50 m."""
    return build_grid(0, 0, 300, 200, 50, "m", heading=heading, slip=slip)


def without_coordinates(world: World) -> World:
    """The same where nobody knows where places lie."""
    return replace(world, place_xy=np.full_like(world.place_xy, np.nan))


def log_of(sequences: Sequence[str], times: bool = False) -> LinkTracks:
    """A log of one-letter events; times: a second apart."""
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in sequences]))).astype(np.int64)
    links = np.array([e for one in sequences for e in one], object)
    ids = np.array([f"s{k}" for k in range(len(sequences))], object)
    stamps = np.concatenate([np.arange(len(one), dtype=float) for one in sequences]) if times else None
    return LinkTracks(ids, offsets, links, pd.DataFrame(index=range(len(sequences))), times=stamps)


def a_log(remembered: tuple[str, ...] = ()) -> World:
    """The world of a few short sequences."""
    return build_history(log_of(SEQUENCES), Memory(2, 1, remembered))


def a_log_of_kinds() -> World:
    """A log whose events are told apart by the hour and by who did them."""
    log = log_of(SEQUENCES)
    times = 5.0 * 3600.0 * np.arange(len(log.links))
    log = replace(log, times=times, of_events=pd.DataFrame({"who": ["x", "y"] * (len(times) // 2) + ["x"] * (len(times) % 2)}))
    return build_history(log, Memory(2, 1, ("b",), 2, (HourOf(Bands((6.0, 22.0)), ("day", "night")), ValueOf("who", ("x", "y")))))


@cache
def worlds() -> Mapping[str, World]:
    """Every shape of world by its name, made once."""
    return {
        "town": town(), "town without coordinates": town(places=False), "town without tables": town(tables=False),
        "grid": grid(), "slippery grid with headings": grid(heading=True, slip=0.1),
        "grid without coordinates": without_coordinates(grid()),
        "town with a clock": with_clock(town(), Bands((6.0, 22.0), "weekday and weekend")),
        "slippery grid where one may stay": with_staying(grid(slip=0.1), 600.0),
        "slippery grid with a clock": with_clock(grid(slip=0.1), Bands((0.0, 8.0, 16.0))),
        "log that remembers": a_log(("b",)), "log": a_log(), "log of kinds of events": a_log_of_kinds(),
    }
