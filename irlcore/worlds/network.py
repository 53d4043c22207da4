"""A network as a world: a state is a directed link, a choice is the next link."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from irlcore.budget import within
from irlcore.errors import DataError
from irlcore.projection import GEOGRAPHIC, moved, utm_of
from irlcore.tracks.bounds import FARTHEST_CORNER, LONGEST_NAME
from irlcore.tracks.cells import names, numbers, shown, too_long
from irlcore.tracks.columns import guess_columns, need
from irlcore.tracks.plain_text import plain_text, plain_texts
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.lines import FIRST_ROW, read_lines
from irlcore.worlds.mapping import Mapped, paths_from_states
from irlcore.worlds.mdp import build_mdp, ids_of
from irlcore.worlds.world import World

MOST_DEGREES = 0.2  # of a link's extent; about 20 km


def build_network(links: pd.DataFrame, transitions: pd.DataFrame | None = None,
                  nodes: pd.DataFrame | None = None) -> World:
    """A world from tables of links, transitions (else: every link v follows a link that ends where it starts) and nodes.

    Geometry comes from a wkt column, from the ends' coordinates or from the nodes' table, lon / lat projected to
    UTM metres. Links that only the transitions name (dummy destinations) become places without choices.
    Columns of the tables become attributes. Raises DataError naming what is missing or twice there.
    """
    part = guess_columns(links, "links")
    need(links, part, ("link",), "links")
    ids = _ids(links, part["link"], "links")
    if len(set(ids)) < len(ids):
        twice = pd.Series(ids)[pd.Series(ids).duplicated()].iloc[0]
        raise DataError(f"Link {twice} is listed twice.", "Keep one row for each link.")
    pairs = _pairs(links, part, transitions)
    known = pd.Index(ids)
    extra = pd.Index(pairs[["from", "to"]].to_numpy().ravel()).unique().difference(known)
    if len(extra) > 0.5 * len(known):
        raise DataError(f"{len(extra)} links of the transitions, {extra[0]} first, are not in the table of links.",
                        "Check that both tables number the links alike.")
    place_names = np.concatenate((ids, extra.to_numpy(dtype=object)))
    index = pd.Index(place_names)
    state, after = index.get_indexer(pairs["from"]), index.get_indexer(pairs["to"])
    mdp, order = build_mdp(len(place_names), state, after, ids_of(place_names))
    shape_xy, shape_offsets, crs = _shapes(links, part, nodes, len(extra))
    length = _lengths(links, part, shape_xy, shape_offsets, len(extra))
    attributes = _attributes(links, set(part.values()) - {part.get("length")}, len(extra))
    own = pairs.drop(columns=["from", "to"]).iloc[order].reset_index(drop=True)
    turn = _turns(own, shape_xy, shape_offsets, state[order], after[order])
    choice_attributes = {plain_text(str(c)): _column(own[c]) for c in own.columns}
    return World("network", mdp, "m" if crs or np.isfinite(length).any() else "", np.arange(len(place_names)), place_names,
                 _middles(shape_xy, shape_offsets), shape_xy, shape_offsets, length[mdp.successors], turn,
                 attributes, choice_attributes, crs, {"links": len(ids), "transitions": mdp.n_choices})


def _pairs(links: pd.DataFrame, part: dict[str, str], transitions: pd.DataFrame | None) -> pd.DataFrame:
    """Transitions as columns from, to and their attributes, each pair once."""
    if transitions is not None:
        found = guess_columns(transitions, "transitions")
        need(transitions, found, ("from_link", "to_link"), "transitions")
        for turn in {"turn_angle", "turn_deg"} & set(transitions.columns):
            _near(transitions, turn, "transitions")
        pairs = transitions.drop(columns=[found["from_link"], found["to_link"]])
        pairs = pairs.rename(columns={"from": "from_", "to": "to_"})
        pairs.insert(0, "from", _ids(transitions, found["from_link"], "transitions"))
        pairs.insert(1, "to", _ids(transitions, found["to_link"], "transitions"))
        empty = np.flatnonzero((pairs["from"] == "") | (pairs["to"] == ""))
        if len(empty):
            raise DataError(f"Row {empty[0] + 2} of the transitions names no link in one of its columns.",
                            "Fill it in, or remove the row.")
        return pairs.drop_duplicates(["from", "to"]).reset_index(drop=True)
    need(links, part, ("u", "v"), "links (needed where there is no table of transitions)")
    ends = pd.DataFrame({"link": names(links[part["link"]]), "u": names(links[part["u"]]), "v": names(links[part["v"]])})
    into, out = ends["v"].value_counts(), ends["u"].value_counts()
    many = float((into * out.reindex(into.index).fillna(0)).sum())
    within("transitions", many, f"The links follow one another in {many:,.0f} ways: some node has very many of them.",
           "Give the table of transitions, or look for a node that stands for missing ones.")
    joined = ends.merge(ends, left_on="v", right_on="u", suffixes=("", "_next"))
    return pd.DataFrame({"from": joined["link"], "to": joined["link_next"]})


def _shapes(links: pd.DataFrame, part: dict[str, str], nodes: pd.DataFrame | None,
            extra: int) -> tuple[np.ndarray, np.ndarray, str | None]:
    """Line of each link: xy (V, 2) and offsets (L + 1,), and the projection where there is one."""
    crs, geographic = None, True
    if "wkt" in part:
        xy, counts = read_lines(links[part["wkt"]])
        owner = np.repeat(np.arange(len(links)), counts)
        again = np.append(False, (np.diff(xy, axis=0) == 0.0).all(axis=1) & (np.diff(owner) == 0))
        xy, owner = xy[~again], owner[~again]  # a vertex twice has no direction
        counts = np.bincount(owner, minlength=len(links))
        first = (np.cumsum(counts) - counts)[counts > 0]
        extent = np.maximum.reduceat(xy, first) - np.minimum.reduceat(xy, first) if len(xy) else xy
        # degrees are small numbers and links of degrees are short ones; a local plane of metres has the first alone
        geographic = bool(len(xy)) and bool((np.abs(xy) <= [180.0, 90.0]).all()) and bool(
            np.median(extent.max(axis=1)) < MOST_DEGREES)
    elif {"lon0", "lat0", "lon1", "lat1"} <= set(part) or {"x0", "y0", "x1", "y1"} <= set(part):
        geographic = "lon0" in part
        ends = ("lon0", "lat0", "lon1", "lat1") if geographic else ("x0", "y0", "x1", "y1")
        xy = np.column_stack([_near(links, part[e], "links") for e in ends]).reshape(-1, 2)
        counts = np.full(len(links), 2)
    elif nodes is not None and {"u", "v"} <= set(part):
        xy, geographic = _node_ends(links, part, nodes)
        counts = np.full(len(links), 2)
    else:
        return np.empty((0, 2)), np.zeros(len(links) + extra + 1, np.int64), None
    known = np.isfinite(xy).all(axis=1)
    if geographic and known.any():
        lon, lat = np.median(xy[known], axis=0).tolist()
        crs = utm_of(lon, lat, "the links")
        xy = moved(xy, GEOGRAPHIC, crs)
        xy[~np.isfinite(xy)] = np.nan  # pyproj makes an unknown place infinite
    offsets = np.concatenate(([0], np.cumsum(np.concatenate((counts, np.zeros(extra, np.int64)))))).astype(np.int64)
    return xy, offsets, crs


def _node_ends(links: pd.DataFrame, part: dict[str, str], nodes: pd.DataFrame) -> tuple[np.ndarray, bool]:
    found = guess_columns(nodes, "nodes")
    geographic = "x" not in found
    need(nodes, found, ("node", "lon", "lat") if geographic else ("node", "x", "y"), "nodes")
    at = pd.Index(names(nodes[found["node"]]))
    where = np.column_stack([_near(nodes, found[p], "nodes") for p in (("lon", "lat") if geographic else ("x", "y"))])
    rows = []
    for end in ("u", "v"):
        index = at.get_indexer(names(links[part[end]]))
        if (index < 0).any():
            row = int(np.argmax(index < 0))
            raise DataError(f"Row {row + 2} of the links names the node {links[part[end]].iloc[row]}, which is not in the "
                            "table of nodes.", "Add the node, or remove the link.")
        rows.append(where[index])
    return np.stack(rows, axis=1).reshape(-1, 2), geographic


def _lengths(links: pd.DataFrame, part: dict[str, str], xy: np.ndarray, offsets: np.ndarray, extra: int) -> np.ndarray:
    """(L,) length of each link: the table's, else the line's; 0 for dummy destinations, NaN where unknown."""
    if "length" in part:
        own = _near(links, part["length"], "links")
    elif len(xy):
        step = np.append(np.hypot(*np.diff(xy, axis=0).T), 0.0)
        step[offsets[1:len(links) + 1] - 1] = 0.0
        own = np.add.reduceat(step, np.minimum(offsets[:len(links)], len(step) - 1))
        own = np.where(np.diff(offsets[:len(links) + 1]) > 0, own, np.nan)
    else:
        own = np.full(len(links), np.nan)
    return np.concatenate((own, np.zeros(extra)))


def _middles(xy: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """(L, 2) point half way along each line; NaN where there is none."""
    out = np.full((len(offsets) - 1, 2), np.nan)
    count = np.diff(offsets)
    known = np.isfinite(xy).all(axis=1)
    whole = count > 0
    whole[np.repeat(np.arange(len(count)), count)[~known]] = False
    out[whole & (count == 1)] = xy[offsets[:-1][whole & (count == 1)]]
    lines = np.flatnonzero(whole & (count > 1))
    mine = np.isin(np.repeat(np.arange(len(count)), count), lines)
    if len(lines):
        drawn = shapely.linestrings(xy[mine], indices=np.repeat(np.arange(len(lines)), count[lines]))
        out[lines] = shapely.get_coordinates(shapely.line_interpolate_point(drawn, 0.5, normalized=True))
    return out


def _ids(table: pd.DataFrame, column: str, what: str) -> np.ndarray:
    """A column of links' ids, (n,) str objects; DataError where one is longer than a project keeps them."""
    ids = names(table[column])
    if (wrong := too_long(ids)).any():
        row = int(np.argmax(wrong))
        raise DataError(f"Row {row + FIRST_ROW} of the {what} has a text of {len(ids[row]):,} characters in the column {shown(column)}.",
                        f"Give links names of at most {LONGEST_NAME:,}.")
    return ids


def _near(table: pd.DataFrame, column: str, what: str) -> np.ndarray:
    """A column as (n,) float64, NaN where it is no number; DataError where one is larger than a place, a length or a turn can be."""
    found = numbers(table, column)
    if (wrong := np.abs(found) > FARTHEST_CORNER).any():
        row = int(np.argmax(wrong))
        raise DataError(f"Row {row + FIRST_ROW} of the {what} has {found[row]:g} in the column {shown(column)}, and nothing there may be "
                        f"beyond {FARTHEST_CORNER:g}.", "Mend it, or leave the cell empty.")
    return found


def _column(values: pd.Series) -> np.ndarray:
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(np.float64, na_value=np.nan)
    out = np.empty(len(values), object)
    out[:] = [text.strip() for text in plain_texts(values.astype("string").fillna("").to_list())]
    return out


def _attributes(links: pd.DataFrame, skip: set[str], extra: int) -> dict[str, np.ndarray]:
    """Every other column of the links; dummy destinations have 0, or no text."""
    out = {}
    for name in links.columns:
        if name not in skip:
            own = _column(links[name])
            pad = np.zeros(extra) if own.dtype != object else np.full(extra, "", dtype=object)
            out[plain_text(str(name))] = np.concatenate((own, pad))
    return out


def _turns(own: pd.DataFrame, xy: np.ndarray, offsets: np.ndarray, state: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(M,) turn in radians, right positive: the table's (turn_angle in radians, turn_deg in degrees), else from the lines."""
    if "turn_angle" in own.columns:
        turn = numbers(own, "turn_angle")
        return np.where(numbers(own, "angle_known") == 0, np.nan, turn) if "angle_known" in own.columns else turn
    if "turn_deg" in own.columns:
        return np.deg2rad(numbers(own, "turn_deg"))
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


def map_link_tracks(world: World, tracks: LinkTracks) -> Mapped:
    """Paths of link ids; tracks with an unknown link or a missing transition are listed."""
    states = pd.Index(world.place_names).get_indexer(tracks.links).astype(np.int64)
    owner = np.repeat(np.arange(len(tracks)), np.diff(tracks.offsets))
    unknown = np.flatnonzero(states < 0)
    first = unknown[np.unique(owner[unknown], return_index=True)[1]]
    problems: list[tuple[object, object, str, str]] = [
        ("", tracks.ids[owner[p]], f"step {p - tracks.offsets[owner[p]] + 1}: link {tracks.links[p]} is not in the network",
         "dropped") for p in first]
    good = np.ones(len(tracks), bool)
    good[owner[first]] = False
    return paths_from_states(world, tracks.ids, tracks.offsets, np.where(states < 0, 0, states), good, None, problems,
                             "transition")
