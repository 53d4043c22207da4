"""What an analyst is told of a match: what was left out, where tracks were split, and where the match is doubtful."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from irlcore.tracks.problems import MOST_LISTED, Problems
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.splitting import far
from irlcore.tracks.trips.splitting import told as duration
from irlcore.worlds.matching.decoding import Decoded
from irlcore.worlds.matching.parts import Parts
from irlcore.worlds.matching.roads import Roads

DOUBT = 0.5
"""A link is doubtful that was driven with less than this probability: more likely it was not."""

ROUNDABOUT, ROUNDABOUT_M = 3.0, 300.0
"""A way is doubtful that is so many times the line between its points, and so many metres longer."""


def told(tracks: Tracks, found: Decoded, parts: Parts, roads: Roads, reach: float, cuts: Collection[int]) -> Problems:
    """The rows of a table of problems: points off the network, gaps, parts of one link, doubtful stretches and roundabout ways. cuts:
    points before which a track was cut because it is so long."""
    out: Problems = [*_off(tracks, found, parts, reach), *_gaps(tracks, found, parts, cuts)]
    out += [(_row(tracks, parts, p, p), tracks.ids[parts.owner[p]], "a part of one link", "dropped") for p in parts.short[:MOST_LISTED]]
    out += _doubts(tracks, found, parts, roads)
    return out + _roundabout(tracks, found, parts, roads)


def doubtful(found: Decoded) -> np.ndarray:
    """(P,) bool: points up to which a link is doubtful that was driven since the point before."""
    low = np.concatenate(([0], np.cumsum(found.link_sure < DOUBT)))[found.link_offsets]
    return np.asarray((np.diff(low) > 0) | (found.sure < DOUBT))


def sentences_of(tracks: Tracks, found: Decoded, parts: Parts, sigma: float) -> tuple[str, ...]:
    """What was done, in short."""
    lost, unsure = int((~found.placed).sum()), int(doubtful(found).sum())
    return (f"{len(tracks.x):,} points of {len(tracks):,} tracks were matched to the network, as {len(parts.of):,} ways; their noise is "
            f"about {sigma:.2g} m. Points left out: {lost:,}; doubtful ones: {unsure:,}. Confidence is an attribute of each track.",)


def _row(tracks: Tracks, parts: Parts, first: int, last: int) -> str:
    start = tracks.offsets[parts.owner[first]] - 1
    return f"point {first - start}" if first == last else f"points {first - start} to {last - start}"


def _runs(mark: np.ndarray, owner: np.ndarray) -> list[tuple[int, int]]:
    """First and last of the points in a row, of one track, that are marked."""
    at = np.flatnonzero(mark)
    if not len(at):
        return []
    new = np.append(True, (np.diff(at) > 1) | (owner[at[1:]] != owner[at[:-1]]))
    starts = np.flatnonzero(new)
    return [(int(at[a]), int(at[b])) for a, b in zip(starts, np.append(starts[1:], len(at)) - 1, strict=True)][:MOST_LISTED]


def _off(tracks: Tracks, found: Decoded, parts: Parts, reach: float) -> Problems:
    out: Problems = []
    steps = np.append(np.hypot(np.diff(tracks.x), np.diff(tracks.y)), 0.0)
    for a, b in _runs(~found.near, parts.owner):
        long = f" for {steps[a:b].sum():,.0f} m" + (f" and {duration(tracks.t[b] - tracks.t[a])}" if tracks.timed else "") if b > a else ""
        inside = a > tracks.offsets[parts.owner[a]] and b + 1 < tracks.offsets[parts.owner[a] + 1]
        out.append((_row(tracks, parts, a, b), tracks.ids[parts.owner[a]], f"off the network{long}: no link within {reach:.0f} m",
                    "dropped, and split there" if b > a and inside else "dropped"))
    apart = np.flatnonzero(found.near & ~found.placed)
    return out + [(_row(tracks, parts, p, p), tracks.ids[parts.owner[p]], "no way past it fits the points before and after", "dropped")
                  for p in apart[:MOST_LISTED]]


def _gaps(tracks: Tracks, found: Decoded, parts: Parts, cuts: Collection[int]) -> Problems:
    """Where a part begins right behind another one, though both points have places."""
    out: Problems = []
    at = np.flatnonzero(found.begins[1:] & found.placed[:-1] & (parts.owner[1:] == parts.owner[:-1]))
    for p in at[:MOST_LISTED]:
        long = float(np.hypot(tracks.x[p + 1] - tracks.x[p], tracks.y[p + 1] - tracks.y[p]))
        time = f"{duration(tracks.t[p + 1] - tracks.t[p])} and " if tracks.timed else ""
        what = f"a gap of {time}{long:,.0f} m behind it that no way of the network within bounds closes"
        out.append((_row(tracks, parts, p, p), tracks.ids[parts.owner[p]],
                    "more points than can be matched at once" if p + 1 in cuts else what, "split"))
    return out


def _doubts(tracks: Tracks, found: Decoded, parts: Parts, roads: Roads) -> Problems:
    """A row for each stretch: from the last point before it to the last on it, the length of its links, and how likely they are."""
    out: Problems = []
    marked = doubtful(found)
    marked |= ~found.placed & np.append(False, marked[:-1]) & np.append(marked[1:], False)  # a point left out parts no stretch
    for a, b in _runs(marked, parts.owner):
        own = slice(found.link_offsets[a], found.link_offsets[b + 1])
        low = found.link_sure[own] < DOUBT
        metres, sure = roads.length[found.links[own]][low], found.link_sure[own][low]
        out.append((_row(tracks, parts, a if found.begins[a] else a - 1, b), tracks.ids[parts.owner[a]],
                    f"other ways fit as well for {far(float(metres.sum()), 'm')} (confidence {sure.mean():.2f})", "kept: doubtful"))
    return out


def _roundabout(tracks: Tracks, found: Decoded, parts: Parts, roads: Roads) -> Problems:
    at = np.flatnonzero(found.placed)
    if len(at) < 2:
        return []
    driven = np.concatenate(([0.0], np.cumsum(roads.length[found.links])))[found.link_offsets]
    before, after = at[:-1], at[1:]
    last = found.links[found.link_offsets[1:][at] - 1]
    end = driven[at + 1] - roads.length[last] + found.along[at]  # metres driven since the first link, up to each point
    way = np.diff(end)
    line = np.hypot(tracks.x[after] - tracks.x[before], tracks.y[after] - tracks.y[before])
    long = (parts.owner[before] == parts.owner[after]) & ~found.begins[after] & (way > ROUNDABOUT * line + ROUNDABOUT_M)
    return [(_row(tracks, parts, before[k], after[k]), tracks.ids[parts.owner[before[k]]],
             f"the way between them is {way[k]:,.0f} m for {line[k]:,.0f} m in a straight line", "kept: doubtful")
            for k in np.flatnonzero(long)[:MOST_LISTED]]
