"""Which tracks a rule that silences fits: where they passed and when at once for all, what they did or used by a look at each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.analysis.listing import places_in_zone, within_hours
from irlcore.analysis.memory import kept
from irlcore.analysis.ranking import Review
from irlcore.analysis.reasons import telling_of
from irlcore.analysis.study import judged
from irlcore.engine import Control
from irlcore.project.project import Project
from irlcore.project.silencing import FAR_SD, Days, Silencing, Use
from irlcore.project.split import need_world
from irlcore.review.apart import Found, find
from irlcore.tracks.tracks import find_ids
from irlcore.worlds.clock import DAY_S, HOUR_S, WEEKEND
from irlcore.worlds.mdp import Paths
from irlcore.worlds.start_times import StartTimes, start_times

THURSDAY = 3  # of the week that begins on Monday: 1 January 1970


@dataclass(frozen=True, slots=True)
class Offered:
    """What rules could be made of, from one track: zones that it passed, each with the hour of the day at which it came there (NaN where
    that is not known); the hour at which it started, and on what days; (kind, place) of what it did; (feature, more or less, standard
    deviations) that it used."""

    zones: tuple[tuple[str, float], ...]
    hour: float
    days: Days
    did: tuple[tuple[str, str], ...]
    used: tuple[tuple[str, Use, float], ...]


def fitting(project: Project, review: Review, rule: Silencing, index: np.ndarray, known: Mapping[int, Found] | None = None,
            watch: Control | None = None) -> np.ndarray:
    """(m,) bool: which of the paths ``index`` (m,) a rule fits. What it names and is gone, or was never known of a track, fits none."""
    paths = review.parts.paths.take(index)
    keep = _passing(project, paths, rule)
    if rule.days != "any day":
        weekend = _weekend(project, paths)
        keep &= weekend == 1.0 if rule.days == "weekend" else weekend == 0.0
    if rule.hours and not (rule.zone and told_when(project, review.parts.paths)):
        keep &= within_hours(_start(project, paths)[0], *rule.hours)
    if rule.looks_closer and keep.any():
        found = look(project, review, index[keep], known, watch)
        keep[keep] = [_fits(rule, found[i]) for i in index[keep].tolist()]
    return keep


def look(project: Project, review: Review, index: np.ndarray, known: Mapping[int, Found] | None = None,
         watch: Control | None = None) -> Mapping[int, Found]:
    """What each of the paths ``index`` (m,) did and used, each looked at once a fit. known: of paths that were looked at elsewhere."""
    have: dict[int, Found] = kept(project, "tracks looked at", dict, (project.fit, project.map_files, project.goals))
    have.update(known or {})
    missing = np.array([i for i in index.tolist() if i not in have], np.int64)
    if len(missing):
        same, watch = (project.fit, project.map_files, project.goals), watch or Control()
        told = kept(project, "telling for rules", lambda: telling_of(project, review), same)
        ready = judged(project)
        parts, matrix, model, batches = ready.parts, ready.matrix, ready.model, ready.batches
        for k, batch in enumerate(batches):
            mine = np.intersect1d(missing, batch.index)
            if len(mine):
                have.update(find(model, batch.prepared, told.spots, parts.paths, mine, matrix.names, batch.features.phi, told.known,
                                 told.said, watch.part(k, len(batches), "tracks looked at")))
    return have


def offered(project: Project, review: Review, index: int, known: Mapping[int, Found] | None = None) -> Offered:
    """What there is to silence of path ``index``."""
    world, _ = need_world(project)
    one = np.array([index])
    paths = review.parts.paths.take(one)
    found = look(project, review, one, known)[index]
    seconds, _ = _start(project, paths)
    hour, weekend = float(seconds[0] % DAY_S / HOUR_S), float(_weekend(project, paths)[0])
    zones = []
    for name in project.zones if world.has_coordinates else ():
        there, at = _in_zone(project, paths, name)
        if there.any():
            known_at = at[there & np.isfinite(at)]
            zones.append((name, float(known_at[0] % DAY_S / HOUR_S) if len(known_at) else float("nan")))
    did = tuple(dict.fromkeys((one.kind, one.where) for one in found.findings if one.placed))
    uses: Sequence[tuple[str, Use, float]] = [(use.name, "more" if use.z > 0.0 else "less", abs(use.z)) for use in found.uses
                                              if abs(use.z) >= FAR_SD]
    return Offered(tuple(zones), hour, "any day" if np.isnan(weekend) else "weekend" if weekend else "weekdays", did, tuple(uses))


def told_when(project: Project, paths: Paths) -> bool:
    """Whether the data tell when a track is where: its start as a time of the day, and the time of each step."""
    return paths.times is not None and bool(np.isfinite(_start(project, paths)[0]).any())


def _fits(rule: Silencing, found: Found) -> bool:
    did = not rule.did or any(one.kind == rule.did and rule.place in ("", one.where) for one in found.findings)
    sign = 1.0 if rule.use == "more" else -1.0
    used = not rule.feature or any(use.name == rule.feature and sign * use.z >= rule.beyond for use in found.uses)
    return did and used


def _passing(project: Project, paths: Paths, rule: Silencing) -> np.ndarray:
    """(n,) bool: which paths pass the rule's zone, at its hours where these are known."""
    if not rule.zone:
        return np.ones(len(paths), bool)
    if rule.zone not in project.zones:
        return np.zeros(len(paths), bool)
    there, at = _in_zone(project, paths, rule.zone)
    if rule.hours and told_when(project, paths):
        there &= within_hours(at, *rule.hours)
    return np.bincount(_owner(paths)[there], minlength=len(paths)) > 0


def _owner(paths: Paths) -> np.ndarray:
    """(C + n,) int64: the path of each choice, and of each end."""
    return np.append(np.repeat(np.arange(len(paths)), paths.lengths), np.arange(len(paths)))


def _in_zone(project: Project, paths: Paths, name: str) -> tuple[np.ndarray, np.ndarray]:
    """(C + n,) of each choice and each end: whether it is made in a zone, and when (seconds, NaN where not known); when the end was come to
    is not known, so it has the time of the last choice."""
    world, _ = need_world(project)
    inside = kept(project, "places in a zone", lambda: places_in_zone(project, world, name), (), (name,), 16)
    states = np.append(world.mdp.choice_state[paths.choices], paths.last_state)
    return inside[world.place_of_state[states]], _at(project, paths)


def _at(project: Project, paths: Paths) -> np.ndarray:
    if paths.times is None:
        return np.full(len(paths.choices) + len(paths), np.nan)
    since = paths.times - np.repeat(paths.times[paths.offsets[:-1]], paths.lengths)
    at: np.ndarray = np.append(since, since[paths.offsets[1:] - 1]) + _start(project, paths)[0][_owner(paths)]
    return at


def _start(project: Project, paths: Paths) -> tuple[np.ndarray, bool]:
    """(n,) seconds at which each path's track began, since 1970 or midnight, NaN where that is not known; whether they are dates."""
    assert project.tracks is not None
    tracks = project.tracks
    found = kept(project, "start times", lambda: start_times(tracks))
    if not isinstance(found, StartTimes):
        return np.full(len(paths), np.nan), False
    return found.seconds[find_ids(tracks.ids, [str(i) for i in paths.ids])], found.dated


def _weekend(project: Project, paths: Paths) -> np.ndarray:
    """(n,) float64: 1 of tracks that start at a weekend, 0 of others, NaN where no date is known."""
    seconds, dated = _start(project, paths)
    if not dated:
        return np.full(len(paths), np.nan)
    return np.where(np.isfinite(seconds), ((np.floor(seconds / DAY_S) + THURSDAY) % 7 >= WEEKEND).astype(np.float64), np.nan)
