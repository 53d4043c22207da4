"""Where the points of a table lie: in degrees, in a projection that is named, or on a plane of their own.

Degrees are known by the names of their columns or, where those say nothing, by their values. What is assumed is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.projection import GEOGRAPHIC, LEAST_LON, MOST_LON, is_degrees, is_known, moved, plane_of
from irlcore.tracks.bounds import FARTHEST_POINT
from irlcore.tracks.cells import number_texts, numbers, shown
from irlcore.tracks.columns import need
from irlcore.tracks.degrees import from_zones, read_degrees
from irlcore.tracks.files.named_crs import CRS
from irlcore.tracks.options import Options
from irlcore.tracks.units import metres_in

OWN_PLANE = "plane"
"""The choice of ``Options.crs`` that says: x and y are no degrees."""

_POINT = r"(?i)^\s*(?:SRID=(?P<srid>\d{1,7});)?\s*POINT\s*(?:Z|M|ZM)?\s*\(\s*(?P<x>[-+.\deE]+)[\s,]+(?P<y>[-+.\deE]+)"
EARTH_M = 6_371_000.0
FALSE_EAST_M = 500_000.0  # of the middle of a UTM zone
TOLD_SCALE = 0.02
LEAST_FALSE = 100_000.0  # projections have their places hundreds of kilometres from 0, so that none is below it
FEW_SPANS = 3.0  # a middle so many extents from 0 is no plane's of its own, which begin near 0


@dataclass(frozen=True, slots=True)
class Coordinates:
    """x, y: (n,) float64, NaN where a cell holds no number; longitude and latitude where ``geographic``. crs: of the plane, where it was
    named. names: the columns they come from. said: what was assumed."""

    x: np.ndarray
    y: np.ndarray
    geographic: bool
    crs: str | None
    names: tuple[str, str]
    said: tuple[str, ...] = ()

    def faults(self) -> list[tuple[str, str, np.ndarray]]:
        """Column, what is wrong in it ("" where that is no usable number), and in which rows, (n,) bool."""
        if not self.geographic:
            return [(name, "", ~(np.abs(v) <= FARTHEST_POINT)) for name, v in zip(self.names, (self.x, self.y), strict=True)]
        found = [(self.names[0], "", ~((self.x >= LEAST_LON) & (self.x <= MOST_LON))), (self.names[1], "", ~(np.abs(self.y) <= 90.0))]
        _check_degrees(self, found[0][2] | found[1][2])
        good = ~(found[0][2] | found[1][2])
        nowhere = (self.x == 0.0) & (self.y == 0.0)
        if good.any() and np.hypot(np.median(self.x[good]), np.median(self.y[good])) > 1.0:
            found.append((self.names[0], "no fix: longitude and latitude are 0", nowhere))
        return found


def read_coordinates(table: pd.DataFrame, columns: Mapping[str, str], options: Options, unit: str) -> Coordinates:
    """The coordinates of a table's rows. columns: part -> column (lon and lat, x and y, or point: WKT). DataError for a column that is
    not there or a projection that is not known."""
    if options.crs not in ("", OWN_PLANE) and not is_known(options.crs):
        raise DataError(f"The projection {shown(options.crs)!r} is not known.", 'Name it by its code, such as "EPSG:32631".')
    named = options.crs or str(table.attrs.get(CRS, ""))
    if "point" in columns and not ({"x", "y"} <= set(columns) or {"lon", "lat"} <= set(columns)):
        need(table, columns, ("point",), "points")
        name = columns["point"]
        x, y, own = _points(table[name])
        return _placed(x, y, (name, name), named or own, unit)
    parts = ("lon", "lat") if "x" not in columns and "lon" in columns else ("x", "y")
    need(table, columns, parts, "points")
    names = columns[parts[0]], columns[parts[1]]
    if parts[0] == "lon" and named in ("", GEOGRAPHIC):
        read = read_degrees(table, *names)
        return Coordinates(read.x, read.y, True, None, names, read.said)
    x, y = numbers(table, names[0]), numbers(table, names[1])
    if not named and (zoned := from_zones(table, x, y)) is not None:
        return Coordinates(zoned.x, zoned.y, True, None, names, zoned.said)
    x, y, said = _in_unit(x, y, names, unit)
    found = _placed(x, y, names, named or (GEOGRAPHIC if parts[0] == "lon" else ""), unit)
    return replace(found, said=(*said, *found.said))


def _in_unit(x: np.ndarray, y: np.ndarray, names: tuple[str, str], unit: str) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The numbers in metres, where these are asked for and the columns' names say another unit, "x [km]"."""
    east, north = (metres_in(name) for name in names)
    if unit != "m" or east is None or north is None or east == north == 1.0:
        return x, y, ()
    return x * east, y * north, (f"{shown(names[0])} and {shown(names[1])} are taken in metres, from the units in their names.",)


def _placed(x: np.ndarray, y: np.ndarray, names: tuple[str, str], crs: str, unit: str) -> Coordinates:
    """crs: what is known of them, by their names, their text or the analyst."""
    if crs not in ("", OWN_PLANE):
        return Coordinates(x, y, is_degrees(crs), None if is_degrees(crs) else crs, names)
    pair = f"{shown(names[0])} is" if names[0] == names[1] else f"{shown(names[0])} and {shown(names[1])} are"
    looks = "" if crs == OWN_PLANE else _look(x, y)
    if looks == "degrees":
        said = f"{pair} taken for longitude and latitude, in degrees, by their values. Name a projection if they are not."
        return Coordinates(x, y, True, None, names, (said,))
    said = (f"{pair} taken for {unit} on a plane. They could be degrees: then name the projection {GEOGRAPHIC}."
            if looks else "")
    if not said and crs == "" and unit == "m" and _far(x, y):
        said = (f"{pair} taken for metres on a plane of their own. If they belong to a projection (UTM, web Mercator, a national grid), "
                "name it: in some of them lengths are not those on the ground.")
    return Coordinates(x, y, False, None, names, (said,) if said else ())


def _far(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether points lie so far from 0, for their extent, as those of a projection do."""
    known = np.isfinite(x) & np.isfinite(y)
    with np.errstate(over="ignore"):  # of a place beyond all others
        return bool(known.any()) and any(abs(np.median(v[known])) > max(FEW_SPANS * np.ptp(v[known]), LEAST_FALSE) for v in (x, y))


def _look(x: np.ndarray, y: np.ndarray) -> str:
    """ "degrees" where values under a name that says nothing are surely that, "either" where they could be, else ""."""
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if not len(x) or x.min() < LEAST_LON or x.max() > MOST_LON or np.abs(y).max() > 90.0:
        return ""
    fine = np.mean([(np.abs(100.0 * v - np.rint(100.0 * v)) > 1e-6).mean() for v in (x, y)])
    if fine < 0.25:  # degrees of moving things have more than two digits behind the point
        return ""
    spans = [np.ptp(np.percentile(v, [1.0, 99.0])) for v in (x, y)]
    away = any(abs(np.median(v)) > FEW_SPANS * span for v, span in zip((x, y), spans, strict=True))
    return "degrees" if away and max(spans) > 0.0 else "either"


def _points(column: pd.Series) -> tuple[np.ndarray, np.ndarray, str]:
    """Of texts POINT (x y): both numbers, NaN where there is none, and the projection that they name alike."""
    found = number_texts(column).astype("string").str.extract(_POINT)
    srids = found["srid"].dropna().unique()
    if len(srids) > 1:
        raise DataError(f"The points in {shown(column.name)} name several projections ({', '.join(srids[:3])}).", "Bring them to one.")
    x, y = (pd.to_numeric(found[axis], errors="coerce").to_numpy(np.float64, na_value=np.nan) for axis in ("x", "y"))
    return x, y, f"EPSG:{srids[0]}" if len(srids) else ""


def _check_degrees(at: Coordinates, wrong: np.ndarray) -> None:
    """DataError with the true cause where most of what should be degrees is not."""
    known = np.isfinite(at.x) & np.isfinite(at.y)
    if not known.any() or (wrong & known).sum() <= 0.5 * known.sum():
        return
    row = int(np.argmax(wrong & known))
    lon, lat = at.names
    turned = known & (np.abs(at.x) <= 90.0) & (at.y >= LEAST_LON) & (at.y <= MOST_LON)
    if turned.sum() > 0.5 * known.sum():
        raise DataError(f"The column {shown(lat)} goes beyond 90 degrees ({at.y[row]:g}), and {shown(lon)} does not.",
                        "Longitude and latitude seem swapped: pick them the other way round.")
    raise DataError(f"The columns {shown(lon)} and {shown(lat)} hold no degrees ({at.x[row]:g}, {at.y[row]:g}).",
                    _no_degrees(at, known))


def _no_degrees(at: Coordinates, known: np.ndarray) -> str:
    """What to do with numbers under the names of degrees that are none."""
    if (at.x[known] % 1.0 == 0.0).all() and (at.y[known] % 1.0 == 0.0).all():
        return ("They may be degrees times a million or ten million, or AIS's minutes times 10,000: divide them, so that they are degrees. "
                "If they are metres, pick them as x and y, or name their projection.")
    return "Pick them as x and y, or name their projection."


def on_plane(at: Coordinates, good: np.ndarray) -> tuple[np.ndarray, np.ndarray, str | None, tuple[str, ...]]:
    """x and y in a plane's units, infinite where a point has no image; its projection; and what is to be told. good: (n,) bool, the rows
    whose degrees are known."""
    if not good.any():
        return at.x, at.y, at.crs, at.said
    if not at.geographic:
        return at.x, at.y, at.crs, (*at.said, *_where(at.x[good], at.y[good], at.crs))
    crs, lon = plane_of(at.x[good], at.y[good], "the points")
    x, y = np.full(len(at.x), np.inf), np.full(len(at.y), np.inf)
    x[good], y[good] = moved(np.column_stack((lon, at.y[good])), GEOGRAPHIC, crs).T
    far = float(np.abs(x[np.isfinite(x)] - FALSE_EAST_M).max(initial=0.0)) if crs.startswith(("EPSG:326", "EPSG:327")) else 0.0
    scale = 0.5 * (far / EARTH_M) ** 2  # of the transverse Mercator projection, to second order
    said = (f"The tracks reach {far / 1000.0:,.0f} km from the middle of the map; lengths there are about {scale:.0%} too long.",) \
        if scale > TOLD_SCALE else ()
    return x, y, crs, (*at.said, *_where(x[good], y[good], crs), *said)


def _where(x: np.ndarray, y: np.ndarray, crs: str | None) -> tuple[str, ...]:
    """Where on the globe the middle of points on a plane is, so that what was swapped, or is of another projection, is seen at a glance."""
    known = np.isfinite(x) & np.isfinite(y)
    if crs is None or not known.any():
        return ()
    (lon, lat), = moved(np.array([[np.median(x[known]), np.median(y[known])]]), crs, GEOGRAPHIC)
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return ()
    return (f"The tracks lie around {abs(lat):.4g}\u00b0 {'N' if lat >= 0.0 else 'S'}, {abs(lon):.4g}\u00b0 {'E' if lon >= 0.0 else 'W'}.",)
