"""Files of the analyst's own that lie under the map: coast, land, water, roads, places, from GeoJSON or a shapefile.

Of a file only what lies about the world is kept: the coast of a continent has millions of corners, and a map shows a bay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal, get_args

import numpy as np

from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.maps.file_parts import opened
from irlcore.maps.file_shapes import Form, Shapes, Thing
from irlcore.maps.ground import bounds_of
from irlcore.maps.outlines import Box, bridged, clipped_line, clipped_ring, thinned, unbridged
from irlcore.project.project import MapFile
from irlcore.projection import GEOGRAPHIC, moved
from irlcore.worlds.world import World

Kind = Literal["land", "water", "coast", "roads", "places"]
KINDS: tuple[Kind, ...] = get_args(Kind)
AROUND = 1.0  # of the larger side of the world: how much of a file is kept beyond it, for those who zoom out
FINEST = 8000  # parts of that side: corners nearer to each other than one are one
MANY = 20_000  # corners: files of fewer are kept as they are
MOST_CORNERS = 400_000  # what a map can draw and a project keep beside everything else
WORDS: dict[Kind, tuple[str, ...]] = {
    "roads": ("road", "street", "highway", "ways", "rail"), "coast": ("coast", "shore"), "places": ("place", "cities", "city", "town"),
    "water": ("water", "lake", "sea", "ocean", "river", "bay", "harbour", "harbor", "dock"), "land": ("land", "island", "country", "admin")}
DEGREES = np.array([180.0, 90.0])


def read_map_file(files: Mapping[str, bytes], world: World, kind: Kind | None = None, watch: Control | None = None) -> MapFile:
    """One map file, in the coordinates of the world. files: its parts by name: one GeoJSON, a zip, or what belongs to one shapefile.

    kind: what it shows, where the analyst says it; else it is guessed. Where the world has no projection the file's own coordinates are
    taken as they are. DataError that names the file and the feature; ``TooLarge`` where it is over the budget.
    """
    watch = watch or Control()
    watch.step(0, 2, "reading")
    shapes = opened(files)
    watch.step(1, 2, "cutting it to the map")
    kind = kind or guessed(shapes)
    if not shapes.things:
        raise DataError(f"{shapes.label} holds nothing that has a place.", "Choose a file with points, lines or areas.")
    parts, names = _fitting(shapes, kind)
    if not parts:
        raise DataError(f"{shapes.label} holds no {_needed(kind)}, and that is what {kind} are made of.", "Choose another kind.")
    return _in_world(shapes, parts, names, kind, world)


def guessed(shapes: Shapes) -> Kind:
    """What a file shows, by its name, the fields and values that tell, and what most of its things are."""
    forms: dict[Form, int] = {form: sum(thing.form == form for thing in shapes.things) for form in ("points", "lines", "areas")}
    form = max(forms, key=lambda one: forms[one])
    said = shapes.label.lower()
    may: tuple[Kind, ...] = {"points": ("places",), "lines": ("roads", "coast"), "areas": ("water", "land")}[form]  # type: ignore[assignment]
    for words in ({said}, shapes.words):
        for kind in may:
            if any(word in text for word in WORDS[kind] for text in words):
                return kind
    return {"points": "places", "lines": "coast", "areas": "land"}[form]  # type: ignore[return-value]


def kinds_for(file: MapFile) -> tuple[Kind, ...]:
    """What a file that has been read can be shown as: only closed lines can be land or water."""
    if (np.diff(file.offsets) == 1).all():
        return ("places",)
    closed = (file.xy[file.offsets[:-1]] == file.xy[file.offsets[1:] - 1]).all()
    return KINDS if closed else ("coast", "roads", "places")


def with_kind(file: MapFile, kind: Kind) -> MapFile:
    """The same file shown as another kind, one of ``kinds_for``: the rings of an area part by part where lines are wanted."""
    if kind not in ("coast", "roads") or file.kind not in ("land", "water"):
        return replace(file, kind=kind)
    rings, names = [], []
    for part, name in zip(np.split(file.xy, file.offsets[1:-1]), file.names, strict=True):
        found = unbridged(part)
        rings += found
        names += [name] * len(found)
    return replace(file, kind=kind, xy=np.concatenate(rings), offsets=_offsets(rings), names=tuple(names))


def lies_elsewhere(file: MapFile, world: World) -> str:
    """One sentence where nothing of the file lies in what the map shows at first; empty where something does."""
    if not world.has_coordinates:
        return ""
    box = bounds_of(world)
    low, high = file.xy.min(axis=0), file.xy.max(axis=0)
    if low[0] <= box[2] and high[0] >= box[0] and low[1] <= box[3] and high[1] >= box[1]:
        return ""
    return (f"Nothing of {file.name} lies where the tracks are: it reaches from {low[0]:.6g}, {low[1]:.6g} to {high[0]:.6g}, "
            f"{high[1]:.6g}, the tracks from {box[0]:.6g}, {box[1]:.6g} to {box[2]:.6g}, {box[3]:.6g}.")


def _needed(kind: Kind) -> str:
    return {"land": "areas", "water": "areas", "coast": "lines", "roads": "lines", "places": "points"}[kind]


def _fitting(shapes: Shapes, kind: Kind) -> tuple[list[tuple[np.ndarray, ...]], list[str]]:
    """Of each thing that can be shown as the kind its parts, and its name. Closed lines are areas, outlines of areas lines, and the middle
    of anything a place, where there are no points."""
    wanted = {"land": "areas", "water": "areas", "coast": "lines", "roads": "lines", "places": "points"}[kind]
    chosen = [thing for thing in shapes.things if thing.form == wanted]
    if not chosen and wanted == "areas":
        chosen = [thing for thing in shapes.things if thing.form == "lines" and all(_is_closed(part) for part in thing.parts)]
    if not chosen and wanted == "lines":
        chosen = [thing for thing in shapes.things if thing.form == "areas"]
    if not chosen and wanted == "points":
        chosen = [Thing("points", (_middle(thing.parts)[None],), thing.name, thing.number) for thing in shapes.things]
    return [thing.parts for thing in chosen], [thing.name for thing in chosen]


def _is_closed(line: np.ndarray) -> bool:
    return len(line) > 3 and bool((line[0] == line[-1]).all())


def _middle(parts: Sequence[np.ndarray]) -> np.ndarray:
    together = np.concatenate(parts)
    return np.asarray(0.5 * (together.min(axis=0) + together.max(axis=0)))


def _in_world(shapes: Shapes, parts: list[tuple[np.ndarray, ...]], names: list[str], kind: Kind, world: World) -> MapFile:
    """Cut in the file's own coordinates first, since what lies far off has no place in a projection; then moved, and thinned."""
    crs = shapes.crs
    if crs is None and world.crs is not None and all((np.abs(one) <= DEGREES).all() for part in parts for one in part):
        crs = GEOGRAPHIC  # a shapefile without .prj
    move = crs is not None and world.crs is not None and crs != world.crs
    around = _around(world, crs if move else None, shapes.label)
    things: list[np.ndarray] = []
    said: list[str] = []
    total = sum(len(one) for part in parts for one in part)
    step = float(max(np.ptp(np.array(bounds_of(world)).reshape(2, 2), axis=0).max(), 1e-9)) / FINEST if total > MANY else 0.0
    for part, name in zip(parts, names, strict=True):
        cut = [one for one in _cut(part, kind, around) if len(one)]
        if move:
            assert crs is not None and world.crs is not None
            cut = [moved(one, crs, world.crs) for one in cut]
        cut = [one for one in (thinned(one, step) if step else one for one in cut) if np.isfinite(one).all()]
        found = [bridged(cut)] if kind in ("land", "water") and cut else cut
        things += found
        said += [name] * len(found)
    if not things:
        raise DataError(f"Nothing of {shapes.label} lies on or near the map.", _hint(shapes, world))
    if sum(map(len, things)) > MOST_CORNERS:
        raise DataError(f"{shapes.label} has {sum(map(len, things)):,} corners about the map, and {MOST_CORNERS:,} can be drawn.",
                        "Simplify it, or take a part of it.")
    return MapFile(shapes.label, kind, np.concatenate(things), _offsets(things), tuple(said))


def _hint(shapes: Shapes, world: World) -> str:
    if world.crs is None:
        return "The tracks have no projection, so the file must be in their own coordinates."
    return f"The tracks are in {world.crs}, the file is in {shapes.crs or 'coordinates that it does not name'}: check both."


def _around(world: World, crs: str | None, label: str) -> Box | None:
    """What of a file is kept, in its projection (None: that of the world); None where all is, the world having no coordinates."""
    if not world.has_coordinates:
        return None
    low, high = np.array(bounds_of(world)).reshape(2, 2)
    margin = AROUND * float(max((high - low).max(), 1e-9))
    low, high = low - margin, high + margin
    if crs is not None and world.crs is not None:
        share = np.linspace(0.0, 1.0, 9)[:, None]
        corners = np.array([low, [high[0], low[1]], high, [low[0], high[1]], low])
        edge = np.concatenate([a + share * (b - a) for a, b in pairwise(corners)])
        there = moved(edge, world.crs, crs)
        there = there[np.isfinite(there).all(axis=1)]
        if not len(there):
            raise DataError(f"The map has no place in {crs}, the projection of {label}.", "Save the file in degrees (EPSG:4326).")
        low, high = there.min(axis=0), there.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _cut(parts: Sequence[np.ndarray], kind: Kind, box: Box | None) -> list[np.ndarray]:
    if box is None:
        return list(parts)
    if kind == "places":
        return [one for one in parts if (one >= box[:2]).all() and (one <= box[2:]).all()]
    found: list[np.ndarray] = []
    for one in parts:
        low, high = one.min(axis=0), one.max(axis=0)
        if (low > box[2:]).any() or (high < box[:2]).any():
            continue
        found += [clipped_ring(one, box)] if kind in ("land", "water") else clipped_line(one, box)
    return found


def _offsets(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate(([0], np.cumsum([len(part) for part in parts]))).astype(np.int64)
