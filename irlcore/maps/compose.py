"""A scene of a project: what lies under everything, the given layers, and the names above them.

Cheap to ask for again: what lies under and above is made once for a world, and handed back as the same objects.
"""

from __future__ import annotations

from collections.abc import Sequence

from irlcore.maps.drawn import Drawn
from irlcore.maps.ground import bounds_of, ground, identity_of, is_y_down, names_of_streets
from irlcore.maps.scene import Key, Layer, Scale, Scene
from irlcore.maps.zones import map_files, names_of_files, spots, zone_names, zones
from irlcore.project.project import Project

__all__ = ["Drawn", "scene"]


def scene(project: Project, layers: Sequence[Layer] | Drawn, keys: Sequence[Key] = (), scale: Scale | None = None, alt: str = "",
          focus: Sequence[float] = ()) -> Scene:
    """Map files, ground and zones of the project below, ``layers`` above them, then spots and names.

    layers: from the lowest to the highest, or what a builder of this folder drew; ``keys`` come after those that it has. alt: what the map
    shows, for those who do not see it. focus: x and y of the lowest and highest corner of what a change of selection should bring into
    view. A project without a world, or whose world has no coordinates, gives the layers alone.
    """
    given = layers if isinstance(layers, Drawn) else Drawn(tuple(layers))
    given += Drawn((), tuple(keys), scale)
    world = project.world
    if world is None:
        return Scene((0.0, 0.0, 1.0, 1.0), "", "", given.layers, given.keys, given.scale, alt, False, tuple(focus))
    y_down, over = is_y_down(world), any(file.kind in ("land", "water") for file in project.map_files)
    below = map_files(project.map_files) + ground(world, over) + zones(project.zones)
    seen = bounds_of(world)
    above = spots(project.spots) + zone_names(project.zones, y_down) + names_of_files(project.map_files, seen) + names_of_streets(world)
    whole = below + given + above
    return Scene(seen, world.unit, identity_of(world), whole.layers, whole.keys, whole.scale, alt, y_down, tuple(focus))
