"""Projections: which ones a file may name, and points from one to another. Nothing is fetched for it.

PROJ, underneath, reads much more than a name: pipelines, paths of grid files, addresses. And told so by the environment
(``PROJ_NETWORK=ON``) it fetches grids from the net. So that is switched off here for the whole process, and what comes from a file
must be an authority's code. All of Motive that moves points does it through this file, and no other imports pyproj.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from pyproj import CRS, Geod, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info
from pyproj.exceptions import CRSError, ProjError
from pyproj.network import set_network_enabled

from irlcore.errors import DataError

GEOGRAPHIC = "EPSG:4326"
SURE = 70  # per cent: so much of a description must be as the authority has it
LEAST_LON, MOST_LON = -180.0, 360.0  # some count east to 360
UTM_SOUTH, UTM_NORTH = -80.0, 84.0
POLAR = {True: "EPSG:5041", False: "EPSG:5042"}  # universal polar stereographic, in the north and in the south
_CODE = re.compile(r"(?:EPSG|ESRI):[0-9]{1,7}", re.ASCII)

_EARTH = Geod(ellps="WGS84")

set_network_enabled(False)


def is_code(crs: object) -> bool:
    """Whether it is an authority's code, such as "EPSG:32631": all that a file may name a projection by."""
    return isinstance(crs, str) and _CODE.fullmatch(crs) is not None


@lru_cache(maxsize=64)
def is_known(crs: str) -> bool:
    """Whether a code is of a projection, or of degrees, in two dimensions."""
    try:
        found = CRS.from_user_input(crs) if is_code(crs) else None
    except CRSError:
        return False
    return found is not None and bool(found.is_projected or found.is_geographic) and len(found.axis_info) == 2


@lru_cache(maxsize=64)
def is_degrees(crs: str) -> bool:
    """Whether a known code is of longitude and latitude, and not of a plane."""
    return bool(CRS.from_user_input(crs).is_geographic)


def code_of_wkt(text: str) -> str | None:
    """The code of the projection that a text in WKT describes, as a .prj file has it; None where none is like it.

    Only the code is used: what else the text says (grids of a datum, ways of PROJ) is not.
    """
    try:
        found = CRS.from_wkt(text).to_authority(min_confidence=SURE)
    except CRSError:
        return None
    code = ":".join(found) if found else ""
    return code if is_known(code) else None


def plane_of(lon: np.ndarray, lat: np.ndarray, what: str) -> tuple[str, np.ndarray]:
    """A plane of metres for places in degrees, (n,) each, as a code such as "EPSG:32631"; and the longitudes, all within half a turn of
    their middle, so that those on both sides of the antimeridian, or from 0 to 360, are neighbours. what: what lies there, for a message.

    The UTM zone round their middle (medians: one place far off moves nothing); beyond 84 north and 80 south, where UTM ends, the polar
    stereographic plane of the same authority. DataError where the middle is no place in degrees.
    """
    known = (lon >= LEAST_LON) & (lon <= MOST_LON) & (np.abs(lat) <= 90.0)
    if not known.any():
        raise DataError(f"The middle of {what}, longitude {np.median(lon):.6g} and latitude {np.median(lat):.6g}, is no place in degrees.",
                        "Give longitude and latitude in degrees; or x and y, in metres.")
    middle, north = _middle(lon[known]), float(np.median(lat[known]))
    near = middle + (lon - middle + 180.0) % 360.0 - 180.0
    if not UTM_SOUTH <= north <= UTM_NORTH:
        return POLAR[north > 0.0], near
    east = (middle + 180.0) % 360.0 - 180.0
    found = query_utm_crs_info("WGS 84", AreaOfInterest(east, north, east, north))
    return f"EPSG:{CRS.from_authority(found[0].auth_name, found[0].code).to_epsg()}", near


def _middle(lon: np.ndarray) -> float:
    """The median of longitudes on the circle: from -180 to 180, or from 0 to 360 where they lie closer together so."""
    turned = [(lon + 180.0) % 360.0 - 180.0, lon % 360.0]
    middles = [float(np.median(one)) for one in turned]
    apart = [float(np.median(np.abs(one - middle))) for one, middle in zip(turned, middles, strict=True)]
    return middles[int(apart[1] < 0.5 * apart[0])]


def moved(points: np.ndarray, source: str, target: str) -> np.ndarray:
    """Points (V, 2) from one projection to another; infinite where they have no image. DataError where a projection is not known."""
    for crs in (source, target):
        if not is_code(crs):
            raise DataError(f"The projection {crs[:40]!r} is no code of an authority.", 'Name it by its code, such as "EPSG:32631".')
    try:
        return np.column_stack(_transformer(source, target).transform(points[:, 0], points[:, 1]))
    except ProjError as error:
        raise DataError(f"Points cannot be moved from {source} to {target} ({str(error)[:200]}).",
                        'Name a projection of a plane, such as "EPSG:32631".') from error


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> Transformer:
    """Kept, since to look projections up takes as long as to move thousands of points; safe in threads (pyproj keeps one for each)."""
    return Transformer.from_crs(source, target, always_xy=True)


def metres_between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(n,) metres along the ground from places in degrees to others, both (n, 2) longitude and latitude; NaN where one is not known."""
    known = np.isfinite(start).all(axis=1) & np.isfinite(end).all(axis=1)
    out = np.full(len(start), np.nan)
    if known.any():
        out[known] = _EARTH.inv(*start[known].T, *end[known].T)[2]
    return out
