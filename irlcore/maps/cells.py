"""The cells of a grid as a layer: squares as such, hexagons as areas."""

from __future__ import annotations

import numpy as np

from irlcore.maps.scene import Areas, Cells, Picks, Style
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.cells.kinds import cells_of
from irlcore.worlds.world import World


def cells_layer(world: World, name: str, places: np.ndarray, styles: tuple[Style, ...], style: np.ndarray, picks: Picks = "",
                ids: tuple[str, ...] = (), texts: tuple[str, ...] = ()) -> Areas | Cells:
    """The cells ``places`` (n,) of a grid; style: (n,) uint8 into ``styles``, of which the opacity counts: cells have no rims."""
    if cells_of(world.settings) == "squares":
        return Cells(name, world.place_xy[places], float(world.settings["cell"]), styles, style, picks, ids, texts)
    offsets, flat = take_flat(world.shape_offsets, places)
    bare = tuple(Style(one.colour, 0.0, one.opacity) for one in styles)
    return Areas(name, world.shape_xy[flat], offsets, bare, style, picks, ids, texts)
