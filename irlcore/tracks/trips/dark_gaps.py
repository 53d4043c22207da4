"""Dark gaps as facts: how long nothing was heard of an agent before a track begins, and within it. Nothing is filled in there.

They are attributes of the track, so that they go with it everywhere: into the table of tracks, the card of a reviewed track, its exports.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from irlcore.tracks.attributes import column_of
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.tracks.trips.regroup import owners
from irlcore.tracks.trips.speed_check import sorted_within
from irlcore.tracks.trips.splitting import far, gaps, told

FEWEST = 8  # points of a track that tell what is usual
USUAL = 0.9  # of a track's intervals
LONG = 5.0  # a dark gap is so many times as long as nine in ten of them
HOUR = 3600.0
BEFORE_H, MANY, LONGEST_H, STOP_H = "gap before (h)", "gaps", "longest gap (h)", "stop before (h)"


def before_way(unit: str) -> str:
    """The attribute that tells how far away from its predecessor a track begins."""
    return "gap before (km)" if unit == "m" else f"gap before ({unit})"


def dark(tracks: Tracks, at_rest: np.ndarray | None = None) -> np.ndarray:
    """(D,) int64: points behind which nothing is heard for long, as the track's own intervals go: five times what nine in ten are under.

    at_rest: (P,) bool, points behind which the agent rests, where that is known. A vessel in port is heard less often than one under way,
    so what is usual under way is told by the others, where there are enough.
    """
    many = np.diff(tracks.offsets) - 1
    if not tracks.timed or not (many >= FEWEST - 1).any():
        return np.empty(0, np.int64)
    time, _ = gaps(tracks)
    owner = owners(tracks)
    own = np.flatnonzero(np.isfinite(time))
    usual = _usual(tracks, time)[owner[own]]
    if at_rest is not None and at_rest.any():
        on_way = _usual(tracks, np.where(at_rest[:-1], np.nan, time))[owner[own]]
        usual = np.where(at_rest[own] | ~np.isfinite(on_way), usual, on_way)
    return own[time[own] > LONG * usual]


def _usual(tracks: Tracks, time: np.ndarray) -> np.ndarray:
    """(N,) float64: what nine in ten of a track's intervals (P - 1,) are under, those that are NaN left out; infinite where there are
    few."""
    known = np.append(np.isfinite(time), False)
    ranked = sorted_within(np.where(known, np.append(time, np.inf), np.inf), tracks.offsets)  # those left out stand last
    many = np.add.reduceat(known.astype(np.int64), tracks.offsets[:-1])
    usual = np.full(len(tracks), np.inf)
    tells = many >= FEWEST - 1
    usual[tells] = ranked[tracks.offsets[:-1][tells] + np.floor(USUAL * (many[tells] - 1)).astype(np.int64)]
    return usual


def gap_facts(tracks: Tracks, before: np.ndarray, way: np.ndarray, within: np.ndarray, lengths: np.ndarray) -> dict[str, np.ndarray]:
    """What is known of gaps, attribute by attribute, (N,) each; none where there is nothing to tell.

    before, way: (N,) float64, seconds and distance from the id's last point to a track's first one where a gap parted them, else NaN.
    within: (D,) int64, the track of each dark gap that did not part it. lengths: (D,) float64, seconds.
    """
    found: dict[str, np.ndarray] = {}
    if np.isfinite(before).any() and tracks.timed:
        found[BEFORE_H] = before / HOUR
    if np.isfinite(way).any():
        found[before_way(tracks.unit)] = way / 1000.0 if tracks.unit == "m" else way
    if len(within):
        longest = np.zeros(len(tracks))
        np.maximum.at(longest, within, lengths)
        found[MANY] = np.bincount(within, minlength=len(tracks))
        found[LONGEST_H] = np.where(longest > 0.0, longest / HOUR, np.nan)
    return found


def with_facts(tracks: Tracks, found: dict[str, np.ndarray]) -> Tracks:
    """The tracks with such attributes, in place of those that are called so."""
    if not found:
        return tracks
    frame = tracks.attributes
    kept = frame[[name for name in frame.columns if name not in found]]
    return replace(tracks, attributes=pd.concat([kept, pd.DataFrame(found, index=kept.index)], axis=1))


def silences(tracks: Tracks | LinkTracks) -> np.ndarray:
    """(N,) float64: the longest gap before or within each track in hours, 0 where none is known."""
    known = [one for one in (fact(tracks, BEFORE_H), fact(tracks, LONGEST_H)) if one is not None]
    found: np.ndarray = np.fmax.reduce([np.zeros(len(tracks)), *known])
    return found


def gap_words(tracks: Tracks | LinkTracks, index: int) -> str:
    """What is known of the gaps of the track at ``index``, as a sentence; empty where nothing is."""
    unit = tracks.unit if isinstance(tracks, Tracks) else "m"
    facts = [fact(tracks, one) for one in (BEFORE_H, before_way(unit), MANY, LONGEST_H)]
    hours, way, many, longest = (np.nan if one is None else float(one[index]) for one in facts)
    said = [told(HOUR * hours)] if np.isfinite(hours) else []
    said += [far(1000.0 * way if unit == "m" else way, unit)] if np.isfinite(way) else []
    sentences = [f"A gap of {' and '.join(said)} before this track."] if said else []
    if many >= 1.0:
        inside = f"Nothing was heard for up to {told(HOUR * longest)} within it" if np.isfinite(longest) else "Gaps within it"
        sentences.append(f"{inside} ({many:,.0f} {'gap' if many == 1.0 else 'gaps'}).")
    return " ".join(sentences)


def fact(tracks: Tracks | LinkTracks, name: str) -> np.ndarray | None:
    """An attribute of numbers, (N,) float64; None where there is none."""
    column = column_of(tracks.attributes, name)
    if column is None or not pd.api.types.is_numeric_dtype(column):
        return None
    return column.to_numpy(np.float64, na_value=np.nan)
