"""One id into trips: at gaps and at stops, with what is known of both kept beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.engine import Control
from irlcore.tracks.problems import MOST_LISTED, Problems
from irlcore.tracks.problems import more as list_more
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.dark_gaps import HOUR, STOP_H, dark, gap_facts, with_facts
from irlcore.tracks.trips.regroup import owners
from irlcore.tracks.trips.splitting import gap_cuts, gaps, listed, parted, told
from irlcore.tracks.trips.stops import Stops, find_stops, held


@dataclass(frozen=True, slots=True)
class Rules:
    """Where a trip ends: at gaps of more than gap (seconds or steps) and distance (units), infinite for none; at stops within max_diameter
    (units, 0 for none) for at least min_duration, if ``split``; else a stop is held in one place."""

    gap: float
    distance: float
    max_diameter: float
    min_duration: float
    split: bool


@dataclass(frozen=True, slots=True)
class Trips:
    """The tracks, and what was done, in the list of problems and in numbers. rules: what was asked. gaps, dark: how many gaps part tracks,
    and how many long ones do not. stops: where tracks stay; stopping: how many ids do. parted: how many ids are split."""

    tracks: Tracks
    problems: Problems
    rules: Rules
    gaps: int
    dark: int
    stops: Stops
    stopping: int
    parted: int


def starts_behind(tracks: Tracks, where: np.ndarray) -> np.ndarray:
    """(K + 1,) int64: the first points of pieces that end behind the points ``where`` or with their track, and the end of all."""
    return np.union1d(tracks.offsets, where + 1)


def into_trips(tracks: Tracks, rules: Rules, watch: Control | None = None) -> Trips:
    """Tracks split by rules. Gaps and stops are told in the list of problems, gaps also as attributes (``dark_gaps``)."""
    cuts = gap_cuts(tracks, rules.gap, rules.distance)
    stops = find_stops(tracks, rules.max_diameter, rules.min_duration, starts_behind(tracks, cuts), watch)
    long = np.setdiff1d(dark(tracks, stops.rests(len(tracks.t))), cuts)
    if not len(cuts) and not len(stops) and not len(long):
        return Trips(tracks, [], rules, 0, 0, stops, 0, 0)
    time, way = gaps(tracks)
    moved, kept = held(tracks, stops) if len(stops) else (tracks, None)
    where = np.union1d(cuts, stops.first) if rules.split else cuts
    made, begins, alone = parted(moved, where, kept) if len(where) or kept is not None else (tracks, tracks.offsets[:-1], [])
    owner = owners(tracks)
    before, far, stay = np.full((3, len(made)), np.nan)
    by_gap = np.isin(begins - 1, cuts)
    before[by_gap], far[by_gap] = time[begins[by_gap] - 1], way[begins[by_gap] - 1]
    if rules.split:
        by_stop = np.isin(begins - 1, stops.first)
        stay[by_stop] = (stops.end - stops.begin)[np.searchsorted(stops.first, begins[by_stop] - 1)]
        at = np.searchsorted(stops.first, long, side="right") - 1  # gaps at rest between two trips are in neither
        long = long[(at < 0) | (long >= np.append(stops.last, -1)[at])] if len(stops) else long
    within = np.searchsorted(begins, long, side="right") - 1
    facts = gap_facts(made, before, far, within, time[long])
    if np.isfinite(stay).any() and tracks.timed:
        facts[STOP_H] = stay / HOUR
    problems = [*listed(tracks, cuts), *alone, *_told(tracks, stops, owner, rules)]
    if rules.split:
        gone = np.setdiff1d(np.unique(owner[stops.first]), owner[begins])
        problems += [("points", tracks.ids[i], "nothing is left of it but stops", "dropped") for i in gone]
    return Trips(with_facts(made, facts), problems, rules, len(cuts), len(long), stops, len(np.unique(owner[stops.first])),
                 len(np.unique(owner[where])))


def _told(tracks: Tracks, stops: Stops, owner: np.ndarray, rules: Rules) -> Problems:
    """A line for each track that stops: how often, for how long, and how many points at rest."""
    if not len(stops):
        return []
    of, first, many = np.unique(owner[stops.first], return_index=True, return_counts=True)
    stays = np.add.reduceat(stops.end - stops.begin, first)
    points = np.add.reduceat(stops.last - stops.first + 1, first)
    done = "split" if rules.split else "repaired: held in one place"
    problems: Problems = []
    for i, n, stay, rest in list(zip(of, many, stays, points, strict=True))[:MOST_LISTED]:
        long = f", {told(float(stay))} in all" if tracks.timed else ""
        what = f"{n:,} {'stop' if n == 1 else 'stops'} within {rules.max_diameter:,.3g} {tracks.unit}{long}: {rest:,} points at rest"
        problems.append(("points", tracks.ids[i], what, done))
    list_more(len(of), "stops", done, problems)
    return problems
