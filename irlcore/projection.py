"""Projections: which ones a file may name, and points from one to another. Nothing is fetched for it.

PROJ, underneath, reads much more than a name: pipelines, paths of grid files, addresses. And told so by the environment
(``PROJ_NETWORK=ON``) it fetches grids from the net. So that is switched off here for the whole process, and what comes from a file
must be an authority's code. All of Motive that moves points does it through this file, and no other imports pyproj.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info
from pyproj.exceptions import CRSError, ProjError
from pyproj.network import set_network_enabled

from irlcore.errors import DataError

GEOGRAPHIC = "EPSG:4326"
SURE = 70  # per cent: so much of a description must be as the authority has it
_CODE = re.compile(r"(?:EPSG|ESRI):[0-9]{1,7}", re.ASCII)

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


def utm_of(lon: float, lat: float, what: str) -> str:
    """The UTM zone around a place in degrees, as "EPSG:32631". what: what lies round it, for the sentence ("the links").

    DataError where no zone is there: these are no degrees, or the place is beyond 84 north or 80 south, where UTM ends.
    """
    found = query_utm_crs_info("WGS 84", AreaOfInterest(lon, lat, lon, lat)) if abs(lon) <= 180.0 and abs(lat) <= 90.0 else []
    if not found:
        raise DataError(f"The middle of {what}, longitude {lon:.6g} and latitude {lat:.6g}, lies in no UTM zone.",
                        "Give longitude and latitude in degrees, from 80 south to 84 north; or give x and y, in metres.")
    return f"EPSG:{CRS.from_authority(found[0].auth_name, found[0].code).to_epsg()}"


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
