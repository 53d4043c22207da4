"""Where and when the class's tracks start and how far they go, as calibration asks it: what can differ before they behave at all."""

from __future__ import annotations

import numpy as np

from irlcore.analysis.roaming import roaming
from irlcore.review.calibration.circumstances import Circumstances
from irlcore.review.parts.base import Material
from irlcore.worlds.clock import DAY_S, HOUR_S
from irlcore.worlds.goal_prior import unfinished


def circumstances_of(material: Material) -> Circumstances:
    """Of the N tracks of ``material``. Distances are straight, and unknown of tracks that were cut off or have no destination: where those
    end is what they did."""
    world, paths = material.world, material.paths
    of_day = np.where(np.isfinite(material.began), material.began % DAY_S, np.nan) / HOUR_S
    hour = of_day if np.isfinite(of_day).any() else None
    cut = unfinished(paths)
    if world.kind == "log":  # a sequence is cut off by when it began, and not by where it went
        return Circumstances(hour=hour, ended=~cut if cut.any() else None)
    if not world.has_coordinates or not len(paths):
        return Circumstances(hour=hour, unit=world.unit)
    start, end = (world.place_xy[world.place_of_state[states]] for states in (paths.first_state(world.mdp), paths.last_state))
    distance = np.where(roaming(paths) | cut, np.nan, np.hypot(*(end - start).T))
    return Circumstances(start, distance if np.isfinite(distance).any() else None, hour, world.unit)
