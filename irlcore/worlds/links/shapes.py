"""Where links lie: lines of the table, or its ends' coordinates, or the places of nodes; and lengths, middles and turns that follow."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from irlcore.errors import DataError
from irlcore.projection import is_code
from irlcore.tracks.cells import shown
from irlcore.tracks.columns import need
from irlcore.tracks.problems import FIRST_ROW
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.links.lines import read_lines, srid_of
from irlcore.worlds.links.notes import Notes, count, ids_in, numbers_in

ON_GLOBE, ON_PLANE = ("lon0", "lat0", "lon1", "lat1"), ("x0", "y0", "x1", "y1")


def drawn_rows(links: pd.DataFrame, part: Mapping[str, str], nodes: pd.DataFrame | None, node_part: Mapping[str, str],
               notes: Notes) -> tuple[np.ndarray, np.ndarray, str, bool | None]:
    """The line of each row of the table: xy (V, 2) as it stands there, offsets (n + 1,), the projection that it names ("" for none), and
    whether names say that these are degrees (None where they do not).

    Rows without a line of their own are drawn between their nodes, where those are known.
    """
    xy, counts = np.empty((0, 2)), np.zeros(len(links), np.int64)
    crs, degrees = links.attrs.get("crs", ""), None
    crs = crs if is_code(crs) else ""
    if "wkt" in part:
        column = links[part["wkt"]]
        blank = column.isna().all()
        if not blank:
            xy, counts = read_lines(column)
            if (points := int((counts == 1).sum())):
                notes.said.append(f"{count(points, 'link')} drawn as a single point in {shown(column.name)}: no length and no direction.")
            xy, counts = _once(xy, counts)
            srid = srid_of(column)
            crs = f"EPSG:{srid}" if srid else crs
    elif set(ON_GLOBE) <= set(part) or set(ON_PLANE) <= set(part):
        degrees = True if "lon0" in part else None
        ends = [numbers_in(links, part[end], "links", notes, "kept without a line") for end in (ON_GLOBE if degrees else ON_PLANE)]
        xy, counts = np.column_stack(ends).reshape(-1, 2), np.full(len(links), 2)
    if nodes is not None and {"u", "v"} <= set(part) and not counts.all():
        ends_xy, degrees_of_nodes = _node_ends(links, part, nodes, node_part, counts == 0, notes)
        degrees = degrees_of_nodes if not counts.any() else degrees
        xy, counts = _filled(xy, counts, ends_xy)
    if counts.any():
        notes.rows(np.flatnonzero(counts == 0), "links", "no line, and others have one", "kept without a line")
    return xy, np.concatenate(([0], np.cumsum(counts))).astype(np.int64), crs, degrees


def turned(xy: np.ndarray, offsets: np.ndarray, rows: np.ndarray, back: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lines of ``rows`` ((L,) int64), those of ``back`` ((L,) bool) from their end to their beginning: positions (V,) of their vertices
    and offsets (L + 1,)."""
    out, flat = take_flat(offsets, rows)
    owner = np.repeat(np.arange(len(rows)), np.diff(out))
    mirrored = (offsets[rows] + offsets[rows + 1] - 1)[owner] - flat
    return np.where(back[owner], mirrored, flat), out


def _once(xy: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lines without a vertex that is the one before it: it has no direction."""
    owner = np.repeat(np.arange(len(counts)), counts)
    again = np.append(False, (np.diff(xy, axis=0) == 0.0).all(axis=1) & (np.diff(owner) == 0))[:len(xy)]
    return xy[~again], np.bincount(owner[~again], minlength=len(counts))


def _filled(xy: np.ndarray, counts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lines with those that have none drawn between their ends (n, 4); unknown ends are NaN."""
    empty = counts == 0
    owner = np.concatenate((np.repeat(np.arange(len(counts)), counts), np.repeat(np.flatnonzero(empty), 2)))
    order = np.argsort(owner, kind="stable")
    return np.concatenate((xy, ends[empty].reshape(-1, 2)))[order], np.where(empty, 2, counts)


def _node_ends(links: pd.DataFrame, part: Mapping[str, str], nodes: pd.DataFrame, found: Mapping[str, str], wanted: np.ndarray,
               notes: Notes) -> tuple[np.ndarray, bool | None]:
    """(n, 4) places of both ends of each row, NaN where not known or not ``wanted``; and whether names say that they are degrees."""
    degrees = "x" not in found
    need(nodes, found, ("node", "lon", "lat") if degrees else ("node", "x", "y"), "nodes")
    ids = ids_in(nodes[found["node"]])
    notes.rows(np.flatnonzero(ids == ""), "nodes", "no id", "dropped")
    again = pd.Series(ids).duplicated().to_numpy() & (ids != "")
    if again.any():
        notes.rows(np.flatnonzero(again), "nodes", [f"the node {shown(one)} stands there before" for one in ids[again]], "dropped")
    places = [numbers_in(nodes, found[p], "nodes", notes, "kept without a place") for p in (("lon", "lat") if degrees else ("x", "y"))]
    where = np.column_stack(places)
    unplaced = ~np.isfinite(where).all(axis=1)
    if unplaced.any():
        notes.said.append(f"{count(int(unplaced.sum()), 'node')} without a place.")
    keep = ~again & (ids != "")
    at, where = pd.Index(ids[keep]), where[keep]
    out = []
    for end in ("u", "v"):
        named = ids_in(links[part[end]])
        index = at.get_indexer(named)
        if (missing := (index < 0) & (named != "") & wanted).any():
            row = int(np.argmax(missing))
            raise DataError(f"Row {row + FIRST_ROW} of the links names the node {shown(named[row])}, which is not in the table of nodes "
                            f"({count(int(missing.sum()), 'such row')}).", "Add the node, or remove the link.")
        here = np.full((len(links), 2), np.nan)
        here[index >= 0] = where[index[index >= 0]]
        out.append(here)
    return np.column_stack(out), True if degrees else None


def middles(xy: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """(L, 2) point half way along each line; NaN where there is none."""
    out = np.full((len(offsets) - 1, 2), np.nan)
    many = np.diff(offsets)
    known = np.isfinite(xy).all(axis=1)
    whole = many > 0
    whole[np.repeat(np.arange(len(many)), many)[~known]] = False
    out[whole & (many == 1)] = xy[offsets[:-1][whole & (many == 1)]]
    lines = np.flatnonzero(whole & (many > 1))
    mine = np.isin(np.repeat(np.arange(len(many)), many), lines)
    if len(lines):
        drawn = shapely.linestrings(xy[mine], indices=np.repeat(np.arange(len(lines)), many[lines]))
        out[lines] = shapely.get_coordinates(shapely.line_interpolate_point(drawn, 0.5, normalized=True))
    return out


def line_lengths(steps: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """(L,) sums of ``steps`` (V,), from each vertex to the next, along each line; NaN where there is none."""
    many = np.diff(offsets)
    if not len(steps):
        return np.full(len(many), np.nan)
    inner = steps.copy()
    inner[offsets[1:][many > 0] - 1] = 0.0
    sums = np.add.reduceat(np.append(inner, 0.0), np.minimum(offsets[:-1], len(inner)))
    return np.where(many > 0, sums, np.nan)


def turns(xy: np.ndarray, offsets: np.ndarray, state: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(M,) turn in radians, right positive, from the line of ``state`` to that of ``after`` (both (M,) int64); NaN where not known."""
    if not len(xy):
        return np.full(len(state), np.nan)
    has = np.diff(offsets) >= 2
    start, end = offsets[:-1], offsets[1:]
    out_bearing, in_bearing = np.full(len(has), np.nan), np.full(len(has), np.nan)
    leave = xy[np.minimum(start + 1, len(xy) - 1)] - xy[np.minimum(start, len(xy) - 1)]
    arrive = xy[np.maximum(end - 1, 0)] - xy[np.maximum(end - 2, 0)]
    out_bearing[has] = np.arctan2(leave[has, 0], leave[has, 1])
    in_bearing[has] = np.arctan2(arrive[has, 0], arrive[has, 1])
    raw = out_bearing[after] - in_bearing[state]
    return np.asarray((raw + np.pi) % (2.0 * np.pi) - np.pi)
