"""Maps as plain layers, against slow and obvious references."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.maps.scene import Areas, Lines, Moves
from irlcore.project.project import Project
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World
from tests.report import plain_streets

# vertices of the links' lines, as plain_streets lays them
LINES = {"a": [(0, 0), (10, 0)], "b": [(10, 0), (20, 0)], "c": [(10, 0), (10, 10)], "d": [(20, 0), (30, 0)]}


def lines_of(layer: Lines | Areas | Moves) -> list[list[tuple[float, float]]]:
    """The corners of each thing of a layer."""
    return [[(float(x), float(y)) for x, y in layer.xy[a:b]] for a, b in zip(layer.offsets[:-1], layer.offsets[1:], strict=True)]


def with_attributes(world: World, **columns: object) -> World:
    """The world with attributes of its places."""
    return replace(world, place_attributes={name: np.array(values, object if isinstance(values[0], str) else np.float64)  # type: ignore[index]
                                            for name, values in columns.items()})


def streets_project() -> tuple[Project, World, Paths]:
    """The four plain streets as a project."""
    world, paths = plain_streets()
    return Project(world=world, paths=paths), world, paths
