"""Zones, spots and what comes from map files: what the analyst laid on the ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from irlcore.maps.drawn import Drawn
from irlcore.maps.kept import once
from irlcore.maps.outlines import Box
from irlcore.maps.palette import ZONES
from irlcore.maps.scene import Areas, Dots, Lines, Names, Style
from irlcore.project.project import MapFile

FILL, RIM = 0.16, 1.8
HIGH = 0.02  # of a zone's height: corners that near to its top are its top
ZONE_RANK, SPOT_RANK, PLACE_RANK = 1000.0, 900.0, 800.0  # before the names of streets
SPOT = 6.0  # pixels
FILES = {"land": Style("land", 0.8, 1.0), "water": Style("water", 0.8, 1.0), "coast": Style("coast", 1.4), "roads": Style("road", 1.2),
         "places": Style("text", 1.0)}
BELOW = ("land", "water", "coast", "roads", "places")
"""Kinds of map files from the lowest to the highest."""


def zone_style(k: int) -> Style:
    """The colour that the k-th zone of a project has everywhere."""
    return Style(f"zone {k % len(ZONES)}", RIM, FILL)


def zones(rings: Mapping[str, np.ndarray], y_down: bool = False) -> Drawn:
    """Zones (rings (V, 2) by name) tinted each in a colour of its own, with a rim; the names come in ``zone_names``."""
    if not rings:
        return Drawn()
    return once("zones", list(rings.values()), tuple(rings), lambda: Drawn((Areas(
        "zones", np.concatenate([np.asarray(r, np.float64) for r in rings.values()]), _offsets(list(rings.values())),
        tuple(zone_style(k) for k in range(min(len(rings), len(ZONES)))), (np.arange(len(rings)) % len(ZONES)).astype(np.uint8),
        texts=tuple(rings)),)))


def zone_names(rings: Mapping[str, np.ndarray], y_down: bool = False) -> Drawn:
    """The names of zones on their upper rims, each in its zone's colour, so that the streets inside stay to be seen."""
    if not rings:
        return Drawn()
    return once("zone names", list(rings.values()), (tuple(rings), y_down), lambda: _zone_names(rings, y_down))


def _zone_names(rings: Mapping[str, np.ndarray], y_down: bool) -> Drawn:
    tops = np.array([top_of(np.asarray(ring, np.float64), y_down) for ring in rings.values()])
    texts, layers = list(rings), []
    for k in range(min(len(rings), len(ZONES))):
        mine = np.arange(k, len(rings), len(ZONES))
        layers.append(Names(f"zone names {k}", tops[mine], tuple(texts[i] for i in mine), np.zeros(len(mine), np.float32),
                            np.full(len(mine), ZONE_RANK, np.float32), f"zone {k}"))
    return Drawn(tuple(layers))


def top_of(ring: np.ndarray, y_down: bool) -> np.ndarray:
    """The middle (2,) of the uppermost part of a ring (V, 2), as it is seen."""
    up = -ring[:, 1] if y_down else ring[:, 1]
    high = ring[up >= up.max() - HIGH * max(float(np.ptp(up)), 1e-12)]
    return np.array([0.5 * (high[:, 0].min() + high[:, 0].max()), high[:, 1].min() if y_down else high[:, 1].max()])


def spots(at: Mapping[str, np.ndarray]) -> Drawn:
    """Places that the analyst marked, as stars with their names."""
    if not at:
        return Drawn()
    xy = np.array([np.asarray(one, np.float64) for one in at.values()]).reshape(-1, 2)
    names, style = tuple(at), (Style("text", 1.0, 1.0, halo=True),)
    return once("spots", (), (names, xy.tobytes()), lambda: Drawn((Dots(
        "spots", xy, np.full(len(xy), SPOT, np.float32), style, np.zeros(len(xy), np.uint8), "star", texts=names, labels=names),)))


def map_files(files: Sequence[MapFile]) -> Drawn:
    """What lies under the map, land and water lowest; points of places as small dots. Their names come in ``names_of_files``."""
    found = Drawn()
    for kind in BELOW:
        for file in files:
            if file.kind == kind and len(file.offsets) > 1:
                found += once("map file", (file.xy, file.offsets), (file.kind, file.name, file.names), partial(_file, file))
    return found


def _file(file: MapFile) -> Drawn:
    count, style = np.diff(file.offsets), FILES[file.kind]
    many = np.zeros(len(count), np.uint8)
    if file.kind in ("land", "water"):
        return Drawn((Areas(f"map {file.kind}", file.xy.copy(), file.offsets.copy(), (style,), many),))
    if file.kind == "places" or (count == 1).all():
        at = _middles(file)
        return Drawn((Dots("map places", at, np.full(len(at), 2.0, np.float32), (style,), many, texts=_texts(file)),))
    return Drawn((Lines(f"map {file.kind}", file.xy.copy(), file.offsets.copy(), (style,), many),))


def names_of_files(files: Sequence[MapFile], seen: Box) -> Drawn:
    """The names of what map files hold, areas' and places' in the middle of what of them is seen at first."""
    found = Drawn()
    for file in files:
        if file.kind in ("places", "land", "water") and any(file.names):
            found += once("map file names", (file.xy, file.offsets), (file.kind, file.names, seen),
                          partial(_file_names, file, seen))
    return found


def _file_names(file: MapFile, seen: Box) -> Drawn:
    at = _middles(file, seen)
    some = np.array([bool(name) for name in file.names], bool)
    # the largest areas first: of islands the mainland's name is the one to be read
    area = np.array([np.ptp(part, axis=0).prod() for part in np.split(file.xy, file.offsets[1:-1])])
    rank = PLACE_RANK + area / (area.max() + 1e-300)
    names = tuple(name for name, one in zip(file.names, some, strict=True) if one)
    return Drawn((Names(f"names of {file.kind}", at[some], names, np.zeros(len(names), np.float32), rank[some].astype(np.float32)),))


def _middles(file: MapFile, seen: Box | None = None) -> np.ndarray:
    """(n, 2): a point itself, else the middle of the box round a thing, of that part of it which is seen where one is."""
    parts = np.split(file.xy, file.offsets[1:-1])
    low = np.array([part.min(axis=0) for part in parts]).reshape(-1, 2)
    high = np.array([part.max(axis=0) for part in parts]).reshape(-1, 2)
    if seen is not None:
        inner = np.maximum(low, seen[:2]), np.minimum(high, seen[2:])
        some = (inner[0] <= inner[1]).all(axis=1)[:, None]
        low, high = np.where(some, inner[0], low), np.where(some, inner[1], high)
    return np.asarray(0.5 * (low + high))


def _texts(file: MapFile) -> tuple[str, ...]:
    return file.names if any(file.names) else ()


def _offsets(rings: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate(([0], np.cumsum([len(ring) for ring in rings]))).astype(np.int64)
