"""Paths given as link ids on a network: which way each link is taken, and what could not be found."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.budget import Clock
from irlcore.errors import WorldError
from irlcore.tracks.cells import shown
from irlcore.tracks.problems import MOST_LISTED, Problems, more
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.links.oneway import BACK
from irlcore.worlds.mapping import BLOCK, Mapped, paths_from_states
from irlcore.worlds.mdp import choices_between
from irlcore.worlds.staying import stays_of
from irlcore.worlds.world import World

EXAMPLES = 3
MOST_UNKNOWN = 0.5  # of the steps between what may be nodes


def map_link_tracks(world: World, tracks: LinkTracks, aims: np.ndarray | None = None) -> Mapped:
    """Paths of link ids; tracks with an unknown link or a missing transition are listed.

    A link that leads both ways is taken the way that the links before and after it ask for. Where the links had no ids of their own,
    paths may be lists of nodes. aims: (N,) what each track is after (``worlds.aims``). WorldError where no link of any path is in the
    network.
    """
    index = pd.Index(world.place_names, dtype=object)  # as arrow's texts all links would be copied, there and back
    made = bool(world.settings.get("made_ids"))
    states = _states_of(index, tracks.links)
    if made and (states < 0).any():
        states = _with_or_without_key(index, tracks.links, states)
    problems: Problems = []
    if made and (states < 0).all():
        by_nodes = _of_nodes(index, tracks)
        if by_nodes is not None:
            tracks, states = by_nodes
            problems.append(("", "", "the paths are lists of nodes", "read so"))
    if made and (states < 0).all():
        states = _of_rows(world, tracks, states, problems)
    if (states < 0).all():
        theirs, ours = (", ".join(shown(one) for one in some) for some in (list(dict.fromkeys(tracks.links[:100]))[:EXAMPLES],
                                                                           world.place_names[:EXAMPLES]))
        raise WorldError(f"No link of the paths is in the network: the paths name {theirs}, and the links are called {ours}.",
                         "Give the paths the links' own ids, or lists of nodes." if made else
                         "Give the paths the links' own ids, or pick another column for the ids of the links.")
    if world.settings.get("two_way"):
        states = _ways_taken(world, index, states, tracks.offsets)
    tracks, states = _once(world, tracks, states, problems)
    unknown = np.flatnonzero(states < 0)
    owner, begin = np.unique(np.searchsorted(tracks.offsets, unknown, side="right") - 1, return_index=True)
    problems += [
        ("", tracks.ids[i], f"step {p - tracks.offsets[i] + 1}: link {tracks.links[p]} is not in the network",
         "dropped") for i, p in zip(owner[:MOST_LISTED], unknown[begin], strict=False)]
    more(len(owner), "a link that is not in the network", "dropped", problems)
    good = np.ones(len(tracks), bool)
    good[owner] = False
    states[unknown] = 0
    return paths_from_states(world, tracks.ids, tracks.offsets, states, good, tracks.times, problems, "transition", aims)


def _states_of(index: pd.Index, links: np.ndarray) -> np.ndarray:
    """(P,) int64: the states of links (P,) by their names, -1 where there is none."""
    states = np.empty(len(links), np.int64)
    for start in range(0, len(links), BLOCK):  # the table that names are looked up in stays where it is fast to reach
        states[start:start + BLOCK] = index.get_indexer(pd.Index(links[start:start + BLOCK], dtype=object))
    return states


def _once(world: World, tracks: LinkTracks, states: np.ndarray, problems: Problems) -> tuple[LinkTracks, np.ndarray]:
    """Paths in which a link does not follow itself, unless the network has that turn: matched points name their link each time."""
    again = np.zeros(len(states), bool)
    again[1:] = (states[1:] == states[:-1]) & (states[1:] >= 0)
    again[tracks.offsets[:-1]] = False
    at = np.flatnonzero(again)
    itself = choices_between(world.mdp, states[at], states[at])
    again[at] = (itself < 0) | stays_of(world)[itself]  # without times nobody knows who stayed
    if not again.any():
        return tracks, states
    many = np.add.reduceat(again, tracks.offsets[:-1], dtype=np.int64)
    problems += [("", tracks.ids[i], f"{many[i]:,} links that stand right after themselves", "repaired: counted once")
                 for i in np.flatnonzero(many)[:MOST_LISTED]]
    more(int((many > 0).sum()), "links that stand right after themselves", "repaired: counted once", problems)
    offsets = np.concatenate(([0], np.cumsum(np.diff(tracks.offsets) - many))).astype(np.int64)
    times = None if tracks.times is None else tracks.times[~again]
    return LinkTracks(tracks.ids, offsets, tracks.links[~again], tracks.attributes, times=times), states[~again]


def _with_or_without_key(index: pd.Index, links: np.ndarray, states: np.ndarray) -> np.ndarray:
    """States of links that are called "u_v" here and "u_v_0" there, or the other way round."""
    out = states.copy()
    unknown = np.flatnonzero(states < 0)
    names = pd.Series(links[unknown], dtype=object)
    for other in (names + "_0", names.str.removesuffix("_0")):
        found = index.get_indexer(pd.Index(other, dtype=object))
        out[unknown] = np.where(out[unknown] < 0, found, out[unknown])
    return out


def _of_nodes(index: pd.Index, tracks: LinkTracks) -> tuple[LinkTracks, np.ndarray] | None:
    """Paths that are lists of nodes as paths of the links between them, and their states; None where they are no such lists."""
    inside = np.ones(len(tracks.links), bool)
    inside[tracks.offsets[1:] - 1] = False
    at = np.flatnonzero(inside)
    links = np.array([f"{a}_{b}" for a, b in zip(tracks.links[at], tracks.links[at + 1], strict=True)], object)
    states = _states_of(index, links)
    states = _with_or_without_key(index, links, states)
    if (states < 0).any():  # a link that leads both ways is called by the nodes as the table has them
        turned = np.array([f"{b}_{a}" for a, b in zip(tracks.links[at], tracks.links[at + 1], strict=True)], object)
        found = _with_or_without_key(index, turned, _states_of(index, turned))
        states = np.where(states < 0, found, states)
    if not len(states) or (states < 0).mean() > MOST_UNKNOWN:
        return None
    lengths = np.diff(tracks.offsets) - 1
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    if (lengths < 1).any():
        return None
    return LinkTracks(tracks.ids, offsets, links, tracks.attributes, times=None if tracks.times is None else tracks.times[at]), states


def _of_rows(world: World, tracks: LinkTracks, states: np.ndarray, problems: Problems) -> np.ndarray:
    """States of links that paths name by the number of their row, from 0 or from 1: where each step exists then, and only then. Told."""
    numbers = pd.to_numeric(pd.Series(tracks.links).where(pd.Series(tracks.links).str.fullmatch(r"[0-9]{1,9}")), errors="coerce").to_numpy()
    rows = int(world.settings["links"]) - int(world.settings.get("two_way", 0))
    inside = np.ones(len(states), bool)
    inside[tracks.offsets[1:] - 1] = False
    at = np.flatnonzero(inside)
    fits = []
    for first in (0, 1):
        found = numbers - first
        if not len(at) or not ((found >= 0) & (found < rows)).all():
            continue
        ways = _both_ways(world, pd.Index(world.place_names, dtype=object), found.astype(np.int64))
        leads = [choices_between(world.mdp, ways[at, a], ways[at + 1, b]) >= 0 for a in range(2) for b in range(2)]
        if np.any(leads, axis=0).all():
            fits.append((first, ways[:, 0]))
    if len(fits) != 1:
        return states
    problems.append(("", "", f"the paths name links by the number of their row, from {fits[0][0]}", "read so"))
    return fits[0][1]


def _both_ways(world: World, index: pd.Index, states: np.ndarray) -> np.ndarray:
    """(P, 2) states of links along their line and against it, -1 where there is none."""
    if not world.settings.get("two_way"):
        return np.column_stack((states, np.full(len(states), -1)))
    back = index.get_indexer(pd.Index([f"{name}{BACK}" for name in world.place_names]))
    return np.column_stack((states, np.where(states >= 0, back[states], -1)))


def _ways_taken(world: World, index: pd.Index, states: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """(P,) states of the links of all paths, each the way that lets the whole path be driven; along its line where both do, or none. A link
    that stands right after itself is driven the same way, unless the path goes on only after turning round in it. -1 stays.

    From the end of each path to its beginning: from which way of a link is the rest open. Then forward, the first way that is open from
    the one before. All paths at once, step by step.
    """
    ways = _both_ways(world, index, states)
    same = np.append(False, (states[1:] == states[:-1]) & (states[1:] >= 0))[:len(states)]
    last = len(states) - 1
    leads = np.zeros((len(states), 2, 2), bool)  # from a way of this link to one of the next
    for a in range(2):
        for b in range(2):
            here, there = ways[:-1, a], ways[1:, b]
            known = (here >= 0) & (there >= 0)
            leads[:last, a, b][known] = choices_between(world.mdp, here[known], there[known]) >= 0
    leads[:last, 0, 0] |= same[1:]
    leads[:last, 1, 1] |= same[1:] & (ways[1:, 1] >= 0)
    open_from = ways >= 0
    order = np.argsort(-np.diff(offsets), kind="stable")
    length, begin = np.diff(offsets)[order], offsets[:-1][order]
    taken = np.zeros(len(states), np.int64)
    longest = int(length.max(initial=0))
    active = np.searchsorted(-length, -np.arange(1, longest + 1), side="right")  # paths with more than so many links before the last
    clock = Clock("Finding which way the links of the paths were taken")
    for step in range(longest - 2, -1, -1):
        if step % 1000 == 0:
            clock.check()
        at = begin[:active[step + 1]] + step
        onward = (leads[at] & open_from[at + 1][:, None, :]).any(axis=2)
        open_from[at] &= onward
    taken[begin] = np.where(open_from[begin, 0] | ~open_from[begin, 1], 0, 1)
    for step in range(1, longest):
        if step % 1000 == 0:
            clock.check()
        at = begin[:active[step]] + step
        can = leads[at - 1, taken[at - 1]] & open_from[at]
        stays = same[at] & can[np.arange(len(at)), taken[at - 1]]
        taken[at] = np.where(stays, taken[at - 1], np.where(can[:, 0] | ~can[:, 1], 0, 1))
    return np.asarray(ways[np.arange(len(states)), taken])
