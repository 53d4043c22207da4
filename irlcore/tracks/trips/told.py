"""What was done to points, in sentences for the analyst."""

from __future__ import annotations

import numpy as np

from irlcore.tracks.problems import Problems
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.splitting import told
from irlcore.tracks.trips.trips import Trips


def said_of(before: Tracks, jumped: Problems, limit: float | None, found: Trips) -> list[str]:
    """A sentence each on jumps, splits, stops and dark gaps, where there are any. limit: of speed; None where each class has its own."""
    said = []
    if jumped:
        fast = "faster than their class can be" if limit is None else f"of more than {limit:.3g} {before.unit}/s"
        said.append(f"{len(jumped):,} {'track has' if len(jumped) == 1 else 'tracks have'} steps {fast}: what cannot be reached was "
                    "left out, or told apart as another agent.")
    if found.gaps or (found.rules.split and len(found.stops)):
        said.append(_split(before, found))
    if len(found.stops):
        said.append(_stops(before, found))
    if found.dark:
        said.append(f"{found.dark:,} {'gap' if found.dark == 1 else 'gaps'} within tracks {'is' if found.dark == 1 else 'are'} much longer "
                    "than usual for them: kept as facts of each track; a grid joins their ends by a straight line. A cut at gaps would "
                    "split there.")
    return said


def _split(before: Tracks, found: Trips) -> str:
    rules, tracks, ids = found.rules, found.tracks, found.parted
    at = [told(rules.gap)] if before.timed and np.isfinite(rules.gap) else []
    at += [f"{rules.distance:,.3g} {before.unit}"] if np.isfinite(rules.distance) else []
    where = [f"at gaps of more than {' or '.join(at)}" if at else "at gaps"] if found.gaps else []
    where += ["at stops"] if rules.split and len(found.stops) else []
    how = " and ".join(where)
    all_ = ids == len(before) and len(tracks) > ids
    said = (f"{ids:,} id{'s were' if ids > 1 else ' was'} split into {len(tracks):,} trips {how}." if all_ else
            f"{ids:,} id{'s' * (ids > 1)} of {len(before):,} {'were' if ids > 1 else 'was'} split {how}: "
            f"{len(tracks):,} trip{'s' * (len(tracks) != 1)} in all.")
    return f"{said} Nothing is filled in there as if it had been travelled." if found.gaps else said


def _stops(before: Tracks, found: Trips) -> str:
    rules, stops = found.rules, found.stops
    points = int((stops.last - stops.first + 1).sum())
    spread = float(np.sort(stops.spread)[int(0.9 * (len(stops) - 1))])
    stay = told(rules.min_duration) if before.timed else f"{rules.min_duration:,.3g} steps"
    long = f", {told(float((stops.end - stops.begin).sum()))} in all" if before.timed else ""
    many = f"{len(stops):,} stop{'s' * (len(stops) > 1)} of {found.stopping:,} id{'s' * (found.stopping > 1)}"
    jitter = f" at rest, which spread over up to {spread:,.3g} {before.unit} (nine in ten stops)," if spread > 0.0 else " at rest"
    done = "belong to no trip" if rules.split else "became one position a stop, held from its start to its end"
    return f"{many} (within {rules.max_diameter:,.3g} {before.unit} for at least {stay}{long}): {points:,} points{jitter} {done}."
