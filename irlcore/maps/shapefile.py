"""Shapefiles of maps as shapes: what each record is, its rings the right way round, and its name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from irlcore.budget import Clock, within
from irlcore.maps.file_shapes import NAME_FIELDS, Form, Shapes, Thing, shortened
from irlcore.maps.outlines import turned
from irlcore.tracks.files.shapefile import Dbf, crs_of, read_dbf, records, shape_of


def shapefile_shapes(files: Mapping[str, bytes], label: str) -> Shapes:
    """The features of a shapefile. files: its parts by their endings, of which "shp" must be there; "dbf" has names, "prj" the projection,
    "cpg" how texts are written. label: the file's name, for sentences.

    DataError that names the record; ``TooLarge`` where it has too many corners.
    """
    shp = files["shp"]
    table = read_dbf(files.get("dbf", b""), files.get("cpg", b""), label)
    names = _names(table)
    clock, things, points = Clock(f"Reading {label}"), [], 0
    for number, content in records(shp, label):
        if number % 500 == 0:
            clock.check()
        name = names[number - 1] if number <= len(names) else ""
        what = f"Record {number}{f' ({name[:40]!r})' if name else ''} of {label}"
        form, parts = _rings(*shape_of(content, what))
        points += sum(map(len, parts))
        within("points", points, f"{label} has {points:,} corners or more.", "Take a part of it.")
        if parts:
            things.append(Thing(form, tuple(parts), name, number))
    return Shapes(label, tuple(things), crs_of(files.get("prj"), label),
                  frozenset(field.name.lower() for field in table.fields))


def _rings(form: Form, parts: list[np.ndarray]) -> tuple[Form, list[np.ndarray]]:
    """Outer rings run clockwise here, holes the other way: kept apart by running each the other way round."""
    if form != "areas":
        return form, parts
    rings = [part if (part[0] == part[-1]).all() else np.concatenate((part, part[:1])) for part in parts]
    alone = len(rings) == 1
    return form, [turned(ring, left=True) if alone else ring[::-1] for ring in rings]


def _names(table: Dbf) -> list[str]:
    """The name of each record; none where no field holds names."""
    known = {field.name.lower(): field for field in table.fields}
    field = next((known[name] for name in NAME_FIELDS if name in known), None)
    return [shortened(table.text(k, field)) for k in range(table.count)] if field is not None else []
