"""Points and a network brought to one plane, where they must meet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.errors import DataError
from irlcore.projection import GEOGRAPHIC, moved
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.world import World

FAR_M = 1000.0


def on_one_plane(tracks: Tracks, world: World) -> Tracks:
    """The tracks on the plane of the network, in metres. DataError where that is not possible, or they lie nowhere near each other."""
    if (tracks.crs is None) != (world.crs is None):
        bare, known = ("points", "network") if tracks.crs is None else ("network", "points")
        raise DataError(f"The {known} are in {tracks.crs or world.crs}, and the {bare} on a plane of their own: nothing says how they lie "
                        "to each other.", "Give both in degrees, or name the projection of x and y.")
    if tracks.crs is not None and world.crs is not None and tracks.crs != world.crs:
        x, y = moved(np.column_stack((tracks.x, tracks.y)), tracks.crs, world.crs).T
        if not (np.isfinite(x) & np.isfinite(y)).all():
            raise _apart(tracks, world)
        tracks = replace(tracks, x=x, y=y, crs=world.crs)
    if tracks.unit != "m":
        raise DataError(f"The points are in {tracks.unit}: they can be matched to a network in metres only.", "Give x and y in metres.")
    low, high = _extent(world.shape_xy)
    if not ((tracks.x > low[0] - FAR_M) & (tracks.x < high[0] + FAR_M) & (tracks.y > low[1] - FAR_M) & (tracks.y < high[1] + FAR_M)).any():
        raise _apart(tracks, world)
    return tracks


def _extent(xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = xy[np.isfinite(xy).all(axis=1)]
    return known.min(axis=0), known.max(axis=0)


def _apart(tracks: Tracks, world: World) -> DataError:
    points = _said(np.column_stack((tracks.x, tracks.y)), tracks.crs)
    return DataError(f"No point is near the network: the points lie at {points}, the links at {_said(world.shape_xy, world.crs)}.",
                     "Load the network of the place where the tracks are, or name the projection that each is in.")


def _said(xy: np.ndarray, crs: str | None) -> str:
    """From where to where points reach, in degrees where that is known."""
    if crs is not None:
        xy = moved(xy, crs, GEOGRAPHIC)
    (a, b), (c, d) = _extent(xy)
    if crs is not None:
        return f"longitude {a:.3f} to {c:.3f} and latitude {b:.3f} to {d:.3f}"
    return f"x {a:,.0f} to {c:,.0f} and y {b:,.0f} to {d:,.0f}"
