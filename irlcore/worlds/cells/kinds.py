"""Which cells a grid has: squares unless its settings say hexagons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from irlcore.worlds.cells.hexagons import Hexagons
from irlcore.worlds.cells.lattice import Lattice
from irlcore.worlds.cells.squares import Squares

Cells = Literal["squares", "hexagons"]
CELLS: dict[Cells, type[Lattice]] = {"squares": Squares, "hexagons": Hexagons}
SETTING = "cells"
"""The setting of a grid that says so; a grid of squares has none."""


def cells_of(settings: Mapping[str, Any]) -> Cells:
    """By the settings of a grid."""
    return "hexagons" if settings.get(SETTING) == "hexagons" else "squares"


def lattice_of(settings: Mapping[str, Any]) -> Lattice:
    """The cells of a grid with these settings (``World.settings``)."""
    return CELLS[cells_of(settings)](float(settings["x0"]), float(settings["y0"]), float(settings["cell"]))
