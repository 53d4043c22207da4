"""Which of the reviewed tracks are listed: by verdict, place, time and score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from irlcore.analysis.ranking import Review
from irlcore.features.base import Context
from irlcore.features.kinds.zone import inside_zone
from irlcore.project.project import Project
from irlcore.tracks.tracks import find_ids
from irlcore.tracks.trips.dark_gaps import silences
from irlcore.worlds.clock import DAY_S, HOUR_S
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list. shown: "flagged" (without those understood), "undecided", "understood", "silenced" or "all". outcomes: only tracks with
    one of these verdicts, any where empty. places: (L,) bool, only tracks that pass one of them. hours: from and to, of the day in which a
    track starts, to below from over midnight. least: only scores from there on. silent: only tracks with a gap of so many hours, before or
    within. silenced: (n,) bool of the review's order, which ones a rule takes as understood (``silencing``), None for none."""

    shown: str = "flagged"
    outcomes: tuple[str, ...] = ()
    places: np.ndarray | None = None
    hours: tuple[float, float] | None = None
    least: float = -np.inf
    silent: float = 0.0
    silenced: np.ndarray | None = None


def listed(project: Project, review: Review, asked: Filter, began: np.ndarray | None = None) -> np.ndarray:
    """(n,) bool: which of ``review.order`` are listed. began: (N,) seconds at which each path starts, since 1970 or midnight, NaN where
    that is not known; such a track passes no filter by time."""
    order, paths = review.order, review.parts.paths
    verdict = outcomes_of(project, review)
    silenced = np.zeros(len(order), bool) if asked.silenced is None else asked.silenced
    if asked.shown == "flagged":
        keep = review.flagged[order] & (verdict != "understood") & ~silenced
    elif asked.shown == "undecided":
        keep = (verdict == "") & ~silenced
    elif asked.shown == "silenced":
        keep = silenced.copy()
    elif asked.shown == "understood":
        keep = verdict == "understood"
    else:
        keep = np.ones(len(order), bool)
    if asked.outcomes:
        keep &= np.isin(verdict, np.array(asked.outcomes, str))
    if np.isfinite(asked.least):
        keep &= review.values[order] >= asked.least
    if asked.hours is not None and began is not None:
        keep &= within_hours(began[order], *asked.hours)
    if asked.silent > 0.0 and project.tracks is not None:
        keep &= silences(project.tracks)[find_ids(project.tracks.ids, [str(i) for i in paths.ids[order]])] >= asked.silent
    if asked.places is not None and project.world is not None:
        keep &= passing(project.world, paths, asked.places)[order]
    return keep


def within_hours(began: np.ndarray, first: float, last: float) -> np.ndarray:
    """Where times (n,), in seconds, lie from one hour of the day up to another, which may be over midnight; never where they are NaN."""
    hour = np.mod(began, DAY_S) / HOUR_S
    inside: np.ndarray = (hour >= first) & (hour < last) if first <= last else (hour >= first) | (hour < last)
    return inside


def outcomes_of(project: Project, review: Review) -> np.ndarray:
    """(n,) str: the outcome decided for each of ``review.order``, "" where none was."""
    verdicts = project.verdicts
    if not verdicts:
        return np.full(len(review.order), "", "<U17")
    ids = review.parts.paths.ids[review.order]
    return np.array([verdicts[i].outcome if (i := str(one)) in verdicts else "" for one in ids], "<U17")


def passing(world: World, paths: Paths, places: np.ndarray) -> np.ndarray:
    """(N,) bool: which paths come through one of the places (L,) bool."""
    visited = places[world.place_of_state[world.mdp.choice_state[paths.choices]]]
    found: np.ndarray = places[world.place_of_state[paths.last_state]]
    found[np.repeat(np.arange(len(paths)), paths.lengths)[visited]] = True
    return found


def places_in_zone(project: Project, world: World, name: str) -> np.ndarray:
    """(L,) bool: the places that a zone meets: those with their middle in it, and links that lead through it. FeatureError where it is no
    polygon."""
    inside = inside_zone(world, Context(project.zones, project.spots, None), name)
    if world.kind != "network" or not len(world.shape_xy):
        return inside
    area = shapely.Polygon(project.zones[name])
    owner = np.repeat(np.arange(world.n_places), np.diff(world.shape_offsets))
    kept = np.isfinite(world.shape_xy).all(axis=1)
    several = np.bincount(owner[kept], minlength=world.n_places) > 1
    kept &= several[owner]
    lines = shapely.linestrings(world.shape_xy[kept], indices=np.unique(owner[kept], return_inverse=True)[1])
    shapely.prepare(area)
    met = np.zeros(world.n_places, bool)
    met[np.unique(owner[kept])] = shapely.intersects(area, lines)
    return inside | met
