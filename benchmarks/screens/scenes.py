"""Made-up maps of any size: a town of bent streets with names, flow, tracks and goals, to measure and to test the canvas with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.maps.scene import Areas, Cells, Dots, Key, Layer, Lines, Moves, Names, Scale, Scene, Style

ORIGIN = np.array([351_000.0, 3_450_000.0])
"""Somewhere in a UTM zone: coordinates as large as real ones."""
BLOCK = 150.0  # metres between crossings
START = 1.7e9  # seconds: a November evening
ROADS = (Style("road", 1.2), Style("road main", 2.0), Style("road great", 3.0))
KEYS = (Key("Streets", ROADS[0]), Key("Ordinary traffic", Style("flow", 4.0, 0.75)), Key("Flagged", Style("flagged", 2.0)),
        Key("Selected", Style("selected", 3.5, halo=True)), Key("Likelier way", Style("likelier", 3.0, dash=True)),
        Key("Goal", Style("class 0"), "star"))


@dataclass(frozen=True, slots=True)
class Town:
    """links: both directions of every street. names: of the streets. corners: (R, R, 2), the crossings."""

    links: Lines
    names: Names
    corners: np.ndarray


def town(links: int, vertices: int, seed: int = 0) -> Town:
    """About ``links`` links with ``vertices`` vertices in all, at least 2 a link."""
    rng = np.random.default_rng(seed)
    side = max(int(np.ceil((1.0 + np.sqrt(1.0 + links)) / 2.0)), 3)
    at = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1) * BLOCK
    bend = np.stack([np.sin(at[..., 1] / 900.0), np.cos(at[..., 0] / 1100.0)], axis=-1) * 120.0
    corners = ORIGIN + at + bend + rng.normal(0.0, 14.0, at.shape)
    east = np.stack([corners[:-1].reshape(-1, 2), corners[1:].reshape(-1, 2)], axis=1)
    north = np.stack([corners[:, :-1].reshape(-1, 2), corners[:, 1:].reshape(-1, 2)], axis=1)
    ranks = np.concatenate([_rank(np.tile(np.arange(side), side - 1)), _rank(np.repeat(np.arange(side), side - 1))])
    ends = np.concatenate([east, north])
    ends, ranks = np.concatenate([ends, ends[:, ::-1]]), np.concatenate([ranks, ranks])
    each = max(int(round(vertices / len(ends))), 2)
    share = np.linspace(0.0, 1.0, each)[:, None]
    across = (ends[:, 1] - ends[:, 0])[:, ::-1] * (1.0, -1.0)
    xy = ends[:, None, 0] * (1.0 - share) + ends[:, None, 1] * share + across[:, None] * (0.06 * np.sin(np.pi * share))
    ids = tuple(f"L{k}" for k in range(len(ends)))
    lines = Lines("ground", xy.reshape(-1, 2), np.arange(len(ends) + 1) * each, ROADS, ranks.astype(np.uint8), ids=ids)
    half = len(east)
    named = np.flatnonzero(np.arange(2 * half) % 7 == 0)
    step = (ends[:, 1] - ends[:, 0])[named]
    texts = tuple(f"{'East' if k < half else 'North'} {_row(int(k), half, side)}th Street" for k in named)
    return Town(lines, Names("names", ends[named].mean(axis=1), texts, np.arctan2(step[:, 1], step[:, 0]).astype(np.float32),
                             ranks[named].astype(np.float32)), corners)


def _rank(rows: np.ndarray) -> np.ndarray:
    return np.where(rows % 20 == 0, 2, np.where(rows % 6 == 0, 1, 0))


def _row(k: int, half: int, side: int) -> int:
    return k % side if k < half else (k - half) // (side - 1)


def tracks(made: Town, count: int, steps: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Walks over crossings: xy (count * (steps + 1), 2) and offsets."""
    rng = np.random.default_rng(seed)
    side = len(made.corners)
    place, xy = rng.integers(0, side, (count, 2)), np.empty((count, steps + 1, 2))
    along = rng.integers(0, 4, count)
    for k in range(steps + 1):
        xy[:, k] = made.corners[place[:, 0], place[:, 1]]
        along = np.where(rng.random(count) < 0.25, rng.integers(0, 4, count), along)
        place = np.clip(place + np.array([(1, 0), (0, 1), (-1, 0), (0, -1)])[along], 0, side - 1)
    return xy.reshape(-1, 2), np.arange(count + 1) * (steps + 1)


def town_scene(made: Town, layers: tuple[Layer, ...] = (), ground: str = "town") -> Scene:
    """The town, ``layers`` and its names above them."""
    low, high = made.corners.min(axis=(0, 1)), made.corners.max(axis=(0, 1))
    return Scene((*low.tolist(), *high.tolist()), "m", ground, (made.links, *layers, made.names), KEYS, alt="A made-up town")


def flow(made: Town, seed: int = 2) -> Lines:
    """Traffic on a third of the links, in five widths."""
    rng = np.random.default_rng(seed)
    links = made.links
    each = int(links.offsets[1])
    used = np.flatnonzero((links.style > 0) & (rng.random(len(links.style)) < 0.8))
    xy = links.xy.reshape(-1, each, 2)[used].reshape(-1, 2)
    level = np.minimum(links.style[used] * 2 - rng.integers(0, 3, len(used)) % 2, 4)
    return Lines("flow", xy, np.arange(len(used) + 1) * each, tuple(Style("flow", 1.2 + 1.2 * k, 0.35 + 0.13 * k) for k in range(5)),
                 level.astype(np.uint8), ids=tuple(links.ids[k] for k in used), texts=tuple(f"{k % 97} tracks" for k in used), shift_px=3.0)


def track_layers(made: Town, selected: int, count: int = 30) -> tuple[Layer, ...]:
    """Flagged tracks and one of them selected, as the Review page shows them."""
    xy, offsets = tracks(made, count, 40)
    each = int(offsets[1])
    begun = START + 2700.0 * np.arange(count)
    flagged = Lines("flagged", xy, offsets, (Style("flagged", 2.0, 0.9),), np.zeros(count, np.uint8), "track",
                    tuple(f"T{k}" for k in range(count)), tuple(f"T{k}: a made-up track" for k in range(count)), begun=begun)
    own = xy[selected * each:(selected + 1) * each]
    one = Lines("selected", own, np.array([0, each]), (Style("selected", 3.5, halo=True),), np.zeros(1, np.uint8), ids=(f"T{selected}",),
                arrows=True)
    worst = Lines("worst", own[12:18], np.array([0, 6]), (Style("worst", 5.0, halo=True),), np.zeros(1, np.uint8))
    likelier = Lines("likelier", np.vstack([own[12], (own[12, 0], own[17, 1]), own[17]]), np.array([0, 3]),
                     (Style("likelier", 3.0, dash=True),), np.zeros(1, np.uint8))
    goals = Dots("goals", own[[0, -1]], np.array([6.0, 8.0], np.float32), (Style("class 0", halo=True),), np.zeros(2, np.uint8), "star",
                 "place", ("3", "7"), ("Start 62 %", "Ferry terminal 98 %"), ("Start", "Ferry terminal"))
    return flagged, one, worst, likelier, goals


def moves(made: Town, count: int = 200, timed: bool = True) -> Moves:
    """``count`` tracks that begin in the course of a day."""
    xy, offsets = tracks(made, count, 40)
    start = np.repeat(np.linspace(0.0, 6 * 3600.0, count), int(offsets[1]))
    t = START + start + np.tile(np.arange(int(offsets[1])) * 15.0, count)
    return Moves("tracks", xy, t, offsets, tuple(f"T{k}" for k in range(count)), Style("flagged", 2.0), timed)


def moves_of(all_moves: Moves, k: int) -> Moves:
    """The track ``k`` alone."""
    part = slice(int(all_moves.offsets[k]), int(all_moves.offsets[k + 1]))
    offsets = np.array([0, part.stop - part.start])
    return Moves("tracks", all_moves.xy[part], all_moves.t[part], offsets, (f"T{k}",), all_moves.style, all_moves.timed)


def grid_scene(side: int = 60, y_down: bool = True, seed: int = 3) -> Scene:
    """Cells with values, zones and a scale of colours, as a picture's coordinates lie."""
    rng = np.random.default_rng(seed)
    xy = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * 20.0 + 10.0
    value = np.hypot(*(xy - 600.0).T)
    level = np.clip(8 - (value / 90.0).astype(int) + rng.integers(0, 2, len(xy)), 0, 8)
    cells = Cells("values", xy, 20.0, tuple(Style(f"value {k}", 0.0, 0.9) for k in range(9)), level.astype(np.uint8), "place",
                  tuple(str(k) for k in range(len(xy))), tuple(f"{v:.0f} px from the door" for v in value))
    ring = np.array([[300.0, 300.0], [620.0, 260.0], [700.0, 640.0], [340.0, 600.0], [300.0, 300.0]])
    zone = Areas("zones", ring, np.array([0, 5]), (Style("zone 0", 2.0, 0.18),), np.zeros(1, np.uint8), "", ("market",), ("market",))
    names = Names("zone names", ring[:4].mean(axis=0)[None], ("market",), np.zeros(1, np.float32), np.ones(1, np.float32), "zone 0")
    bounds = (0.0, 0.0, side * 20.0, side * 20.0)
    return Scene(bounds, "px", "picture", (cells, zone, names), (Key("Zone", Style("zone 0", 2.0, 0.18), "area"),),
                 Scale("What a cell is worth", "value", "little", "much"), "Cells of a picture", y_down)
