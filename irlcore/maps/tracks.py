"""Tracks on the map: as lines along their places, and the selected one as it was read and as the path that it became."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.maps.drawn import Drawn
from irlcore.maps.flow import flow
from irlcore.maps.kept import digest, of_paths, once
from irlcore.maps.lines import path_lines, place_lines, thin_out
from irlcore.maps.moves import began, moves
from irlcore.maps.scene import Dots, Key, Layer, Lines, Picks, Style
from irlcore.project.project import Project
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

__all__ = ["alike", "began", "choices_lines", "extent_of", "flow", "moves", "path_lines_layer", "points_as_read", "selected"]

MOST_DRAWN = 60_000  # vertices of tracks in one layer
MOST_POINTS = 4000  # dots of one track
READ_LINE, READ_DOT = Style("read", 1.0, 0.6), Style("read", 1.0, 1.0)
ALL_LINES, ALL_DOTS = Style("read", 0.8, 0.22), Style("read", 1.0, 0.4)
PATH = Style("selected", 3.0, 1.0, halo=True)
WORST = Style("worst", 11.0, 0.9)
LIKELIER = Style("likelier", 3.5, 1.0, dash=True, halo=True)
ALIKE = Style("class 3", 2.2, 0.95, dash=True)
START, END = Style("selected", 2.5, 1.0, halo=True), Style("selected", 2.0, 1.0, halo=True)


def path_lines_layer(world: World, paths: Paths, indices: np.ndarray, name: str, style: Style, picks: Picks = "track",
                     begun: np.ndarray | None = None) -> Drawn:
    """The paths at ``indices`` (n,) as lines along their places; every k-th where they have more than 60,000 vertices (``drawn_of``).

    A click selects the track. begun: (N,) of ``began``, so that the filter by time can leave some out.
    """
    indices = np.asarray(indices, np.int64)
    began_at = np.zeros(0) if begun is None or not len(begun) else begun
    key = (digest(indices, began_at), name, style, picks)
    return once("paths", of_paths(world, paths), key, lambda: _paths(world, paths, indices, name, style, picks, began_at))


def drawn_of(world: World, paths: Paths, indices: np.ndarray) -> np.ndarray:
    """Those of the paths at ``indices`` (n,) that ``path_lines_layer`` draws."""
    return thin_out(world, paths, np.asarray(indices, np.int64), MOST_DRAWN)


def _paths(world: World, paths: Paths, indices: np.ndarray, name: str, style: Style, picks: Picks, begun: np.ndarray) -> Drawn:
    chosen = drawn_of(world, paths, indices)
    if not len(chosen):
        return Drawn()
    xy, owner = path_lines(world, paths, chosen)
    offsets = np.searchsorted(owner, np.arange(len(chosen) + 1)).astype(np.int64)
    ids = tuple(map(str, paths.ids[chosen]))
    layer = Lines(name, xy, offsets, (style,), np.zeros(len(chosen), np.uint8), picks, ids, ids,
                  begun=begun[chosen] if len(begun) else np.zeros(0))
    return Drawn((layer,), (Key(name, replace(style, opacity=max(style.opacity, 0.7), width=max(style.width, 2.0))),))


def choices_lines(world: World, choices: np.ndarray, name: str, style: Style, from_start: bool = True) -> Drawn:
    """A chain of choices (n,) as one line; from_start False leaves out the place in which the first of them is made. Empty without any."""
    choices = np.asarray(choices, np.int64)
    if not len(choices) or not world.has_coordinates:
        return Drawn()
    places = np.append(world.choice_from[choices[:1]], world.choice_place[choices])[0 if from_start else 1:]
    line = _line(world, places, name, style)
    return Drawn((line,), (Key(name, style),)) if line else Drawn()


def selected(project: Project, paths: Paths, index: int, worst: np.ndarray, likelier: np.ndarray) -> Drawn:
    """One track: its points as they were read, the path that it became with its direction, a ring where it starts and a square where it
    ends; its worst stretch bright under it and the likelier way dashed.

    worst, likelier: (n,) choices of the world, empty where there are none.
    """
    world = project.world
    if world is None or not world.has_coordinates:
        return Drawn()
    own = str(paths.ids[index])
    places = _places_of(world, paths, index)
    path = _line(world, places, "selected", PATH, own)
    if path is None:
        return Drawn()
    found = choices_lines(world, worst, "worst stretch", WORST, from_start=False)
    found += choices_lines(world, likelier, "likelier way", LIKELIER)
    read = _as_read(project, own)
    found += Drawn((replace(path, arrows=True),), (Key("selected track", PATH),)) + read
    return found + Drawn(_ends(path.xy))


def alike(world: World, paths: Paths, nearest: np.ndarray) -> Drawn:
    """The ordinary tracks (k,) that a track is most like, thin and dashed."""
    return path_lines_layer(world, paths, nearest, "most alike", ALIKE) if world.has_coordinates and len(nearest) else Drawn()


def _places_of(world: World, paths: Paths, index: int) -> np.ndarray:
    chosen = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
    return world.place_of_state[np.append(world.mdp.choice_state[chosen], paths.last_state[index])]


def _line(world: World, places: np.ndarray, name: str, style: Style, track: str = "") -> Lines | None:
    """Places one after the other as one line, None where none of them lies anywhere."""
    xy, _ = place_lines(world, places)
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return None
    ids = (track,) if track else ()
    return Lines(name, xy, np.array([0, len(xy)], np.int64), (style,), np.zeros(1, np.uint8), "track" if track else "", ids,
                 ids or (name,))


def _ends(xy: np.ndarray) -> tuple[Layer, ...]:
    zero, size = np.zeros(1, np.uint8), np.full(1, 7.0, np.float32)
    return (Dots("start", xy[:1], size, (START,), zero, "ring", texts=("start",), labels=("start",)),
            Dots("end", xy[-1:], size * 0.85, (END,), zero, "square", texts=("end",), labels=("end",)))


def _as_read(project: Project, track: str) -> Drawn:
    """The points of a track as small dots on a thin line; nothing where links were read."""
    tracks = project.tracks
    if not isinstance(tracks, Tracks):
        return Drawn()
    row = np.flatnonzero(tracks.ids == track)
    if not len(row):
        return Drawn()
    return points_as_read(tracks, row, "points as read")


def points_as_read(tracks: Tracks, rows: np.ndarray, name: str, picks: Picks = "") -> Drawn:
    """The points of the tracks at ``rows`` (n,) as they were read, joined by a thin line; of many every k-th track, of one all.

    Of a single track with more than 4,000 points every k-th has a dot; the line goes through all.
    """
    rows = np.asarray(rows, np.int64)
    return once("read", (tracks.ids, tracks.offsets, tracks.x, tracks.y), (digest(rows), name, picks),
                lambda: _points(tracks, rows, name, picks))


def _points(tracks: Tracks, rows: np.ndarray, name: str, picks: Picks) -> Drawn:
    total = int((tracks.offsets[rows + 1] - tracks.offsets[rows]).sum())
    rows = rows[::max(1, -(-total // MOST_DRAWN))]
    taken = tracks.take(rows)
    xy, ids = np.column_stack((taken.x, taken.y)), tuple(map(str, taken.ids))
    alone = len(rows) == 1
    lines = Lines(name, xy, taken.offsets, (READ_LINE if alone else ALL_LINES,), np.zeros(len(rows), np.uint8), picks,
                  ids if picks else (), ids)
    kept = slice(None, None, max(1, -(-len(xy) // (MOST_POINTS if alone else MOST_DRAWN))))
    at = xy[kept]
    radius, style = (2.2, READ_DOT) if alone else (1.0, ALL_DOTS)
    dots = Dots(f"{name}, dots", at, np.full(len(at), radius, np.float32), (style,), np.zeros(len(at), np.uint8))
    return Drawn((lines, dots), (Key(name, READ_DOT, "circle"),))


def extent_of(drawn: Drawn) -> tuple[float, ...]:
    """x and y of the lowest and highest corner of what is drawn, for ``Scene.focus``; empty where nothing is."""
    xy = [layer.xy for layer in drawn.layers if len(layer.xy)]
    if not xy:
        return ()
    low, high = np.min([one.min(axis=0) for one in xy], axis=0), np.max([one.max(axis=0) for one in xy], axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
