"""Layers with what the legend says of them."""

from __future__ import annotations

from dataclasses import dataclass

from irlcore.maps.scene import Key, Layer, Scale


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Layers from the lowest to the highest, entries of the legend and a bar of colours; ``+`` lays another on top."""

    layers: tuple[Layer, ...] = ()
    keys: tuple[Key, ...] = ()
    scale: Scale | None = None

    def __add__(self, other: Drawn) -> Drawn:
        return Drawn(self.layers + other.layers, self.keys + other.keys, other.scale or self.scale)
