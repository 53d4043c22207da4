"""A network as a world: a state is a link driven one way, a choice is the next link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from irlcore.tracks.columns import guess_columns
from irlcore.tracks.options import Options
from irlcore.tracks.plain_text import plain_text
from irlcore.tracks.problems import sentences
from irlcore.tracks.sources import Role, plain_name
from irlcore.tracks.tracks import problem_table
from irlcore.worlds.links.follows import Follows, by_nodes, by_table, rules_of
from irlcore.worlds.links.notes import Notes, count, numbers_in
from irlcore.worlds.links.plane import placed, plane_steps
from irlcore.worlds.links.shapes import drawn_rows, line_lengths, middles, turned, turns
from irlcore.worlds.links.table import attributes, lengths_in, read_links, settled_lengths
from irlcore.worlds.links.values import column_values
from irlcore.worlds.mdp import build_mdp
from irlcore.worlds.state_ids import ids_of
from irlcore.worlds.world import World

RADIANS = 6.3  # beyond it a turn is given in degrees


@dataclass(frozen=True, slots=True)
class Built:
    """A world made of tables, the rows of them that were dropped or changed, and what was understood, sentences for the analyst."""

    world: World
    problems: pd.DataFrame
    said: tuple[str, ...]


def build_network(links: pd.DataFrame, transitions: pd.DataFrame | None = None, nodes: pd.DataFrame | None = None) -> World:
    """The world alone of ``build``, with columns as they are guessed."""
    return build(links, transitions, nodes).world


def build(links: pd.DataFrame, transitions: pd.DataFrame | None = None, nodes: pd.DataFrame | None = None,
          columns: Mapping[str, Mapping[str, str]] | None = None, options: Options | None = None) -> Built:
    """A world from tables of links, transitions (else: every link v follows a link that ends where it starts) and nodes.

    Geometry comes from a wkt column, from the ends' coordinates or from the nodes' table; degrees are projected to metres. A table of
    transitions that only forbids turns takes them out of those by nodes. Links that only the transitions name (dummy destinations)
    become places without choices. A link that may be used both ways is two places, "1" and "1 (back)". Columns of the tables become
    attributes. columns: role -> part -> column, guessed where a role is not there. options: ``crs`` is that of the coordinates.

    Raises DataError naming what is missing or twice there; rows that can be done without are listed in ``problems``.
    """
    notes = Notes(said=list(dict.fromkeys(one for table in (links, transitions, nodes) if table is not None for one in sentences(table))))
    part = _parts(links, "links", columns)
    rules = rules_of(transitions) if transitions is not None else np.empty(0, object)
    joined = transitions is None or bool((rules != "").all())
    found = read_links(links, part, joined, notes)
    turn_part = _parts(transitions, "transitions", columns)
    if transitions is None or joined:
        follow = by_nodes(found, links, part, transitions, turn_part, rules, notes)
    else:
        follow = by_table(found, transitions, turn_part, rules, notes)
    mdp, order = build_mdp(len(follow.names), follow.state, follow.after, ids_of(follow.names))
    extra = len(follow.names) - len(found.ids)
    own = lengths_in(links, part.get("length"), notes)
    raw, rows, crs, degrees = drawn_rows(links, part, nodes, _parts(nodes, "nodes", columns), notes)
    there = placed(raw, rows, (options.crs if options else "") or crs, degrees, own, notes)
    globe = line_lengths(plane_steps(raw), rows) if there.degrees else None
    length = settled_lengths(links, part.get("length"), own, line_lengths(there.steps, rows), globe, notes, there.crs is not None)
    at, offsets = turned(there.xy, rows, found.row, found.back)
    xy = there.xy[at]
    offsets = np.concatenate((offsets, np.full(extra, offsets[-1])))
    lengths = np.concatenate((length[found.row], np.zeros(extra)))
    turn = _turns(follow, turn_part, transitions is not None and not joined, notes)
    turn = turns(xy, offsets, follow.state, follow.after) if turn is None else turn
    skip = set(part.values()) - {part.get(kept) for kept in ("length", "oneway")}
    place_attributes = attributes(links, skip, found.row, extra, notes, part.get("length", ""))
    if "length" in part:
        place_attributes[plain_text(part["length"])] = lengths  # not the bad ones of the table
    choice_attributes = {plain_text(str(c)): column_values(follow.columns[c], notes, "transitions")[order] for c in follow.columns}
    settings = {"links": len(found.ids), "transitions": mdp.n_choices}
    settings |= ({"two_way": found.two_way} if found.two_way else {}) | ({"made_ids": 1} if found.made else {})
    world = World("network", mdp, "m" if there.crs or np.isfinite(length).any() else "", np.arange(len(follow.names)), follow.names,
                  middles(xy, offsets), xy, offsets, lengths[mdp.successors], turn[order], place_attributes, choice_attributes, there.crs,
                  settings)
    _tell_parts(world, notes)
    return Built(world, problem_table(notes.problems), tuple(notes.said))


def _parts(table: pd.DataFrame | None, role: Role, columns: Mapping[str, Mapping[str, str]] | None) -> dict[str, str]:
    """Which column plays which part: as picked, else as guessed."""
    if table is None:
        return {}
    return dict(columns[role]) if columns and role in columns else guess_columns(table, role)


def _turns(follow: Follows, part: Mapping[str, str], given: bool, notes: Notes) -> np.ndarray | None:
    """(M,) turns of the table of transitions in radians, right positive; None where it has none."""
    column = part.get("turn")
    if not given or column is None or column not in follow.columns:
        return None
    turn = numbers_in(follow.columns, column, "transitions", notes)
    degrees = "deg" in plain_name(column)
    if not degrees and "rad" not in plain_name(column) and np.nanmax(np.abs(turn), initial=0.0) > RADIANS:
        degrees = True
        notes.said.append(f"{column} of the transitions is in degrees, as its numbers say.")
    if "angle_known" in follow.columns:
        turn = np.where(numbers_in(follow.columns, "angle_known", "transitions", notes) == 0, np.nan, turn)
    return np.deg2rad(turn) if degrees else turn


def _tell_parts(world: World, notes: Notes) -> None:
    """Say where the network falls into parts that no way leads between."""
    n, mdp = world.mdp.n_states, world.mdp
    joined = coo_array((np.ones(mdp.n_choices), (mdp.choice_state, mdp.successors)), shape=(n, n))
    many, label = connected_components(joined, directed=False)
    if many > 1:
        most = int(np.bincount(label).max())
        notes.said.append(f"The network falls into {count(int(many), 'part')} that no way leads between; the largest has {most:,} of "
                          f"{n:,} links.")
