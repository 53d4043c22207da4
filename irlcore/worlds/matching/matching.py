"""Tracks of points become tracks of links."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from irlcore.engine import Control, run_all
from irlcore.errors import DataError
from irlcore.tracks.tracks import LinkTracks, Tracks, problem_table
from irlcore.worlds.matching.attributes import attributes_of
from irlcore.worlds.matching.decoding import Decoded, Model, decoded, model_of
from irlcore.worlds.matching.meeting import on_one_plane
from irlcore.worlds.matching.noise import estimated_sigma
from irlcore.worlds.matching.parts import parts_of
from irlcore.worlds.matching.roads import Roads, prepare
from irlcore.worlds.matching.telling import sentences_of, told
from irlcore.worlds.matching.times import entered
from irlcore.worlds.world import World

CHUNK = 10_000  # points that are matched between two looks for a stop
LONGEST = 100_000  # points in one piece, each with some hundred numbers
GAP_M, GAP_STEPS = 2000.0, 20.0
"""A gap is bridged that is no longer than this, or than so many usual steps: longer ones are not filled as if they had been travelled."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Tracks of links, a part each where a track had to be split. problems: what was dropped, split or is doubtful. said: sentences.

    of: (N,) int64, the track of points that each comes from. sigma: metres, the noise. sure: (P,) the probability that the link
    of each point was driven, NaN where it has none. state: (P,) int64, the state of the world at each point, -1 where it has none.
    """

    tracks: LinkTracks
    problems: pd.DataFrame
    said: tuple[str, ...]
    of: np.ndarray
    sigma: float
    sure: np.ndarray
    state: np.ndarray


def match(world: World, tracks: Tracks, sigma: float | None = None, choice_cost: np.ndarray | None = None, roads: Roads | None = None,
          watch: Control | None = None) -> Matched:
    """The links that each track most probably drove (see ``decoding``), the parts of it where it was on the network.

    sigma: metres, the noise of each coordinate; estimated where None. choice_cost: (M,) nats for each choice, above 0, which then stand in
    place of the costs of length and turns: minus the reward of a fitted MaxEnt model, say, whose paths are as likely as e to their rewards.
    roads: ``prepare(world)`` where it was made before. The answer hangs neither on the order of links nor on that of tracks. DataError
    where points and links are not on one plane, or far from each other.
    """
    watch = watch or Control()
    roads = roads if roads is not None else prepare(world)
    placed = on_one_plane(tracks, world)
    most_gap = _most_gap(placed)
    watch.step(0, 1, "estimating the noise")
    sigma = estimated_sigma(roads, placed, most_gap) if sigma is None else sigma
    model = model_of(roads, sigma, choice_cost)
    pieces = _pieces(placed.offsets)
    made = run_all(_one, pieces, watch, "matching points", shared=(roads, model, placed.offsets, placed.x, placed.y, most_gap))
    found = _joined(made)
    parts = parts_of(placed, found)
    problems = told(placed, found, parts, roads, model.reach, {first for first, _ in pieces} - set(placed.offsets.tolist()))
    if not len(parts.of):
        raise DataError(f"No track could be matched: none has two links of the network in reach of {model.reach:.0f} m.",
                        "Check that points and network belong together, and the projection that each is in.")
    names = world.place_names[world.place_of_state[roads.state]]
    times = entered(placed, found, roads)
    links = LinkTracks(parts.ids, parts.offsets, names[parts.links], attributes_of(placed, found, parts),
                       times=None if times is None else times[parts.whole])
    here = np.full(len(placed.x), -1)
    here[found.placed] = roads.state[found.links[found.link_offsets[1:][found.placed] - 1]]
    return Matched(links, problem_table(problems), sentences_of(placed, found, parts, sigma), parts.of, sigma, found.sure, here)


def _most_gap(tracks: Tracks) -> float:
    steps = np.hypot(np.diff(tracks.x), np.diff(tracks.y))
    own = np.ones(len(steps), bool)
    own[tracks.offsets[1:-1] - 1] = False
    return max(GAP_M, GAP_STEPS * float(np.median(steps[own]))) if own.any() else GAP_M


def _pieces(offsets: np.ndarray) -> list[tuple[int, int]]:
    """Ranges of points that are matched at once: whole tracks, and a track that is too long in several."""
    out: list[tuple[int, int]] = []
    start = 0
    for end in offsets[1:]:
        while end - start > LONGEST:
            out.append((start, start + LONGEST))
            start += LONGEST
        if end - start >= CHUNK or end == offsets[-1]:
            out.append((start, int(end)))
            start = int(end)
    return [piece for piece in out if piece[1] > piece[0]]


def _one(asked: tuple[Roads, Model, np.ndarray, np.ndarray, np.ndarray, float], piece: tuple[int, int]) -> Decoded:
    (roads, model, ends, x, y, most_gap), (first, last) = asked, piece
    inner = ends[(ends > first) & (ends < last)]
    offsets = np.concatenate(([first], inner, [last])) - first
    return decoded(roads, model, offsets, x[first:last], y[first:last], most_gap)


def _joined(made: list[Decoded]) -> Decoded:
    if len(made) == 1:
        return made[0]
    counts = np.concatenate([np.diff(one.link_offsets) for one in made])
    begins, placed, near, off, links, along, sure, link_sure = (np.concatenate([getattr(one, name) for one in made]) for name in
                                                     ("begins", "placed", "near", "off", "links", "along", "sure", "link_sure"))
    return replace(made[0], begins=begins, placed=placed, near=near, off=off, links=links, along=along, sure=sure, link_sure=link_sure,
                   link_offsets=np.concatenate(([0], np.cumsum(counts))).astype(np.int64))
