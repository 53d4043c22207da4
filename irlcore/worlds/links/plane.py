"""Lines of links on a plane: whether their numbers are degrees, which projection suits them, and how long they are on the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.errors import DataError
from irlcore.projection import GEOGRAPHIC, LEAST_LON, MOST_LON, is_degrees, is_known, metres_between, moved, plane_of
from irlcore.tracks.cells import shown
from irlcore.tracks.coordinates import OWN_PLANE
from irlcore.tracks.problems import FIRST_ROW, MOST_LISTED
from irlcore.tracks.units import METRES
from irlcore.worlds.links.notes import Notes

MOST_DEGREES = 0.2  # of a link's extent, about 20 km: links of degrees are short ones
LONGEST_DEGREES = 15.0  # of a lane across the sea
MOST_OF_A_TURN = 250.0  # in degrees: lanes round the world
ALIKE = 2.0  # a road is up to so many times as long as the straight line between its ends
UNITS_M = tuple(METRES[unit] for unit in ("m", "km", "mi", "nmi", "ft"))  # of a column of lengths
MOST_LOST = 0.05  # of all vertices may be beyond the globe where the rest are degrees
TRUE = 0.05  # so far may lengths on a named plane be from those on the ground


@dataclass(frozen=True, slots=True)
class Placed:
    """Lines on a plane. xy: (V, 2). steps: (V,) float64, from each vertex to the next, on the ground where that is known. crs: None
    where the numbers are the data's own. degrees: whether they were degrees."""

    xy: np.ndarray
    steps: np.ndarray
    crs: str | None
    degrees: bool = False


def placed(xy: np.ndarray, offsets: np.ndarray, crs: str, degrees: bool | None, lengths: np.ndarray, notes: Notes) -> Placed:
    """Lines (V, 2) with offsets (L + 1,) on a plane.

    crs: what they are in, a code, or ``OWN_PLANE`` where they are no degrees; "" where nobody said. degrees: what the columns' names say,
    None where they do not; where crs is empty, too, the numbers have to tell. lengths: (L,) of the table, NaN where it has none. DataError
    where the code is not known, or these are said to be degrees and cannot be.
    """
    own = crs == OWN_PLANE
    crs = "" if own else crs
    if crs and not is_known(crs):
        raise DataError(f"The links are given in {shown(crs)}, which is no projection that is known.",
                        'Name it by its code, such as "EPSG:32631".')
    known = np.isfinite(xy).all(axis=1)
    if not known.any():
        return Placed(xy, plane_steps(xy), None)
    if crs and not is_degrees(crs):
        return _in_projection(xy, crs, notes)
    told = bool(crs) or degrees is True
    here = known & _on_globe(xy)
    if own or (not told and not are_degrees(xy[known], _chords(xy, offsets), lengths)):
        if here[known].all() and not own:
            notes.said.append("x and y of the network are taken as a plane's, not as degrees, though they could be both: then "
                              f"name the projection {GEOGRAPHIC}.")
        return Placed(xy, plane_steps(xy), None)
    away = here & (np.abs(xy) > 1.0).any(axis=1)
    nowhere = here & (xy == 0.0).all(axis=1) & (away.sum() > 0.5 * here.sum())  # "no fix", where the rest lies elsewhere
    xy = _without_lost(xy, offsets, (known & ~here) | nowhere, notes)
    known = np.isfinite(xy).all(axis=1)
    lon = xy[:, 0].copy()
    plane, lon[known] = plane_of(xy[known, 0], xy[known, 1], "the links")
    notes.said.append(f"The network is given in degrees{'' if told else ', as its numbers say'}; it is drawn in {plane}, in metres.")
    globe = np.column_stack((lon, xy[:, 1]))
    flat = moved(globe, GEOGRAPHIC, plane)
    flat[~np.isfinite(flat).all(axis=1)] = np.nan  # what has no image, and unknown places, which pyproj makes infinite
    ground = _ground(globe)
    _tell_far(flat, ground, offsets, known, notes)
    return Placed(flat, ground, plane, True)


def _tell_far(flat: np.ndarray, ground: np.ndarray, offsets: np.ndarray, known: np.ndarray, notes: Notes) -> None:
    """List links that have no image on the plane, and tell where it is much larger or smaller than the ground."""
    gone = known & np.isnan(flat).any(axis=1)
    if gone.any():
        owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        notes.rows(np.unique(owner[gone]), "links", "too far from the other links to be on one map with them", "kept without a place")
    drawn = plane_steps(flat)
    inner = np.ones(len(flat), bool)
    inner[offsets[1:][np.diff(offsets) > 0] - 1] = False
    usable = inner & (ground > 0.0) & np.isfinite(drawn)
    if usable.any() and np.abs(drawn[usable] / ground[usable] - 1.0).max() > TRUE:
        notes.said.append("The network is so wide that its map is distorted; lengths are those on the ground.")


def are_degrees(xy: np.ndarray, chords: np.ndarray, lengths: np.ndarray) -> bool:
    """Whether numbers are longitudes and latitudes. xy: (V, 2), all known. chords: (L, 4), x and y of the ends of each line. lengths: (L,)
    as the table has them.

    Hardly a number may be beyond the globe. Then lengths tell, where there are some that are those on a plane, or those on the globe, in
    one unit. Else links in degrees are short, or they are long and lie far from where planes have their zero, next to (0, 0).
    """
    if _on_globe(xy).mean() < 1.0 - MOST_LOST:
        return False
    xy = xy[_on_globe(xy)]
    chords = np.where((_on_globe(chords[:, :2]) & _on_globe(chords[:, 2:]))[:, None], chords, np.nan)
    start, end = chords[:, :2], chords[:, 2:]
    plane = np.hypot(*(end - start).T)
    span, nearest = np.ptp(xy, axis=0), np.abs(xy).min(axis=0)
    far = bool((nearest > span).any())
    usable = (plane > 0.0) & (lengths > 0.0) & np.isfinite(plane)
    if usable.any():
        globe = metres_between(start[usable], end[usable])
        ratio = float(np.median(lengths[usable] / np.maximum(globe, 1e-3)))
        if any(1.0 / ALIKE < ratio * unit < ALIKE for unit in UNITS_M):
            return True
        if 1.0 / ALIKE < float(np.median(lengths[usable] / plane[usable])) < ALIKE and not far:
            return False  # far from zero lengths may be in degrees, too
    extent = np.abs(end - start).max(axis=1)
    usual = float(np.nanmedian(extent)) if np.isfinite(extent).any() else 0.0
    if 0.0 < usual < MOST_DEGREES:
        return True
    whole = bool((xy == np.rint(xy)).all())
    around = span[0] > MOST_OF_A_TURN
    return not whole and bool((far and usual < LONGEST_DEGREES) or (around and usual < 0.5 * span[0]))


def _on_globe(xy: np.ndarray) -> np.ndarray:
    """(V,) bool: whether they could be a longitude and a latitude."""
    return np.asarray((xy[:, 0] >= LEAST_LON) & (xy[:, 0] <= MOST_LON) & (np.abs(xy[:, 1]) <= 90.0))


def _without_lost(xy: np.ndarray, offsets: np.ndarray, lost: np.ndarray, notes: Notes) -> np.ndarray:
    """Lines in degrees without those that have a vertex beyond the globe, which are listed. DataError where none is left."""
    if not lost.any():
        return xy
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    rows, first = np.unique(owner[lost], return_index=True)
    at = np.flatnonzero(lost)[first]
    kept = np.where(np.isin(owner, rows)[:, None], np.nan, xy)
    if not np.isfinite(kept).all(axis=1).any():
        if _on_globe(xy[lost][:, ::-1]).mean() > 0.5:
            raise DataError(f"The links go beyond 90 degrees of latitude ({xy[at[0], 1]:g}, row {rows[0] + FIRST_ROW}).",
                            "Longitude and latitude seem swapped: write longitude first.")
        plane_of(xy[lost, 0], xy[lost, 1], "the links")  # which refuses them
    notes.rows(rows, "links", [f"longitude {a:g} and latitude {b:g} are no place" for a, b in xy[at[:MOST_LISTED]]], "kept without a line")
    return kept


def _in_projection(xy: np.ndarray, crs: str, notes: Notes) -> Placed:
    """Lines on a named plane; on another one where a metre of it is none on the ground: feet, or a plane of the whole world."""
    known = np.isfinite(xy).all(axis=1)
    globe = moved(xy, crs, GEOGRAPHIC)
    globe[~(np.isfinite(globe).all(axis=1) & known)] = np.nan
    ground, flat = _ground(globe), plane_steps(xy)
    usable = (flat > 0.0) & np.isfinite(ground)
    if not usable.any():
        raise DataError(f"The places of the links are none in {crs}.", "Name the projection that they are in.")
    if abs(float(np.median(ground[usable] / flat[usable])) - 1.0) <= TRUE:
        notes.said.append(f"The network is given in {crs}.")
        return Placed(xy, flat, crs)
    seen = np.isfinite(globe).all(axis=1)
    plane, lon = plane_of(globe[seen, 0], globe[seen, 1], "the links")
    flat_xy = np.full(xy.shape, np.nan)
    flat_xy[seen] = moved(np.column_stack((lon, globe[seen, 1])), GEOGRAPHIC, plane)
    notes.said.append(f"The network is given in {crs}, whose unit is no metre on the ground there; it is drawn in {plane}.")
    return Placed(flat_xy, ground, plane)


def plane_steps(xy: np.ndarray) -> np.ndarray:
    """(V,) from each vertex to the next on the plane; 0 after the last."""
    return np.append(np.hypot(*np.diff(xy, axis=0).T), 0.0) if len(xy) else np.zeros(0)


def _ground(globe: np.ndarray) -> np.ndarray:
    """The same in metres on the ground, of longitudes and latitudes (V, 2)."""
    return np.append(metres_between(globe[:-1], globe[1:]), 0.0)


def _chords(xy: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """(L, 4) first and last vertex of each line, NaN where it has none."""
    out = np.full((len(offsets) - 1, 4), np.nan)
    drawn = np.diff(offsets) > 0
    out[drawn, :2], out[drawn, 2:] = xy[offsets[:-1][drawn]], xy[offsets[1:][drawn] - 1]
    return out
