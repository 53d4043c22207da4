"""The speed check per class of agents: what a ferry does is a jump for a fishing boat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.tracks.attributes import MISSING, column_names, column_of, known_counts, value_labels
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.regroup import owners
from irlcore.tracks.trips.speed_check import jumps, suggested_limit

CLASS_NAMES = ("class", "type", "kind", "agent_class", "vessel_type", "ship type", "ship_type", "vesseltype", "mode", "category")
MOST_CLASSES = 20
FEWEST_TRACKS = 3  # of a class that tells its own limit
Limits = tuple[tuple[str, float], ...]
"""Class -> the speed above which its steps are jumps, in the tracks' units a second."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A class in the table of the speed check. name: its label; tracks: how many it has. limit: as it is now. jumps: steps above it."""

    name: str
    tracks: int
    limit: float
    jumps: int


def class_columns(tracks: Tracks) -> list[str]:
    """The attributes that may tell classes: those with a few labels, in the order of the table; those that are called so come first."""
    found = [name for name in column_names(tracks.attributes) if 2 <= len(known_counts(_column(tracks, name))) <= MOST_CLASSES]
    return sorted(found, key=lambda name: name.lower() not in CLASS_NAMES)


def guessed_class(tracks: Tracks) -> str:
    """The attribute that is the class of agents by its name; empty where there is none."""
    return next((name for name in class_columns(tracks) if name.lower() in CLASS_NAMES), "")


def suggested_limits(tracks: Tracks, column: str, otherwise: float) -> Limits:
    """A limit for each class of an attribute, the commonest class first. otherwise: that of all, for classes of a few tracks."""
    labels = value_labels(_column(tracks, column))
    found = []
    for name, many in known_counts(labels).items():
        own = suggested_limit(tracks.take(np.flatnonzero(labels == name))) if many >= FEWEST_TRACKS else np.inf
        found.append((name, own if np.isfinite(own) else otherwise))
    return tuple(found)


def limits_of_tracks(tracks: Tracks, column: str, limits: Limits, otherwise: float) -> float | np.ndarray:
    """(N,) float64, the limit of each track by its class; ``otherwise`` where it has none, or there is no such attribute."""
    if not column or column_of(tracks.attributes, column) is None:
        return otherwise
    known = dict(limits)
    return np.array([known.get(label, otherwise) for label in value_labels(_column(tracks, column)).tolist()])


def checked_classes(tracks: Tracks, column: str, limits: Limits, otherwise: float) -> tuple[Checked, ...]:
    """Each class with its limit and how many steps are above it; tracks without a class last, where there are any."""
    labels = value_labels(_column(tracks, column))
    of_track = owners(tracks)[jumps(tracks, limits_of_tracks(tracks, column, limits, otherwise))]
    above = np.bincount(of_track, minlength=len(tracks))
    rows = [*limits, *([(MISSING, otherwise)] if (labels == MISSING).any() else [])]
    return tuple(Checked(name, int((labels == name).sum()), limit, int(above[labels == name].sum())) for name, limit in rows)


def _column(tracks: Tracks, name: str) -> pd.Series:
    column = column_of(tracks.attributes, name)
    assert column is not None
    return column
