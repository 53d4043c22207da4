"""What tells the events of a log apart beside their names: the time of day, the time since another event, columns of the file.

An event with its bands and values is a *classified* event (the event classifier of the XES standard, IEEE 1849-2016, 5.6.2): "export, at
night". Each part gives every event one of a few labels, and says how in plain JSON, so that a world can classify new sequences as it did
the first. What is not known is a label of its own, and so is whatever a part does not know by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from irlcore.errors import WorldError
from irlcore.quantities import plain
from irlcore.tracks.attributes import MISSING, column_of, value_labels
from irlcore.tracks.cells import shown
from irlcore.tracks.logs.rare import RARE
from irlcore.tracks.logs.waits import SO_FAR, WAIT, counted_from, duration_text, waits
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.clock import HOUR_S, Bands

UNKNOWN, FIRST = "(unknown time)", "(first event)"
HOUR = "hour"
MOST_EDGES, MOST_VALUES = 12, 50
"""Bands of an amount, and values of a column that stand for themselves."""


@dataclass(frozen=True, slots=True)
class HourOf:
    """The band of the day, and of the week, in which an event was. called: names of the bands in their order, ``Bands.labels`` where
    empty. shift_h: hours added to the times first."""

    bands: Bands
    called: tuple[str, ...] = ()
    shift_h: float = 0.0
    name: str = HOUR

    @property
    def values(self) -> tuple[str, ...]:
        """All labels that it may give, but for what is not known."""
        return self.called or tuple(f"{one} h" if self.bands.days == "all" else one for one in self.bands.labels)

    def labels(self, tracks: LinkTracks) -> np.ndarray:
        """(P,) str objects."""
        if tracks.times is None:
            return np.full(len(tracks.links), UNKNOWN, object)
        band = self.bands.band_of(tracks.times + HOUR_S * self.shift_h)
        return np.array([*self.values, UNKNOWN], object)[band]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; ``part_of`` reads them back."""
        return {"name": self.name, "edges": list(self.bands.edges), "days": self.bands.days, "called": list(self.called),
                "shift_h": self.shift_h}


@dataclass(frozen=True, slots=True)
class WaitOf:
    """How long after another event an event came: the last one called ``since``, where that is given; the first of its sequence, by the
    name ``SO_FAR``; else the one before it. edges: seconds, rising, at which the next band begins."""

    edges: tuple[float, ...]
    name: str = WAIT
    since: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """All labels that it may give, but for what is not known."""
        return (*(self._told(one) for one in _bands(self.edges, duration_text)), self.none)

    @property
    def none(self) -> str:
        """The label of an event that has no such event before it."""
        return f"before any {self.since}" if self.since else FIRST

    def labels(self, tracks: LinkTracks) -> np.ndarray:
        """(P,) str objects."""
        begun = counted_from(tracks, self.name, self.since)
        at = _band_at(waits(tracks, begun), self.edges)
        out = np.array([*self.values[:-1], UNKNOWN], object)[at]
        out[begun < 0] = self.none
        return out

    def _told(self, band: str) -> str:
        return f"{band} after {self.since}" if self.since else f"{band} from the start" if self.name == SO_FAR else band

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; ``part_of`` reads them back."""
        return {"name": self.name, "edges": list(self.edges), "since": self.since}


def since_event(event: str, edges: tuple[float, ...]) -> WaitOf:
    """How long after the last event called so."""
    return WaitOf(edges, f"time since {event}", event)


@dataclass(frozen=True, slots=True)
class ValueOf:
    """A column of events. kept: the values that stand for themselves, others are rare; none where it is numbers in bands that begin at
    ``edges``, rising."""

    name: str
    kept: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """All labels that it may give, but for what is not known."""
        return _bands(self.edges, plain) if self.edges else self.kept

    def labels(self, tracks: LinkTracks) -> np.ndarray:
        """(P,) str objects."""
        column = None if tracks.of_events is None else column_of(tracks.of_events, self.name)
        if column is None:
            return np.full(len(tracks.links), MISSING, object)
        if self.edges:
            at = _band_at(pd.to_numeric(column, errors="coerce").to_numpy(np.float64), self.edges)
            return np.array([*self.values, MISSING], object)[at]
        labels = value_labels(column)
        return np.where(pd.Series(labels).isin((*self.kept, MISSING)).to_numpy(), labels, RARE)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; ``part_of`` reads them back."""
        return {"name": self.name, "column": True, "kept": list(self.kept), "edges": list(self.edges)}


Part = HourOf | WaitOf | ValueOf


def _bands(edges: Sequence[float], say: Any) -> tuple[str, ...]:
    told = [say(one) for one in edges]
    return (f"under {told[0]}", *(f"{a} to {b}" for a, b in pairwise(told)), f"{told[-1]} or more")


def _band_at(values: np.ndarray, edges: Sequence[float]) -> np.ndarray:
    """(P,) int64: the number of the band of each value, one more than the last where it is NaN."""
    return np.where(np.isnan(values), len(edges) + 1, np.searchsorted(np.asarray(edges, np.float64), values, side="right"))


def part_of(value: object) -> Part:
    """A part from its JSON. WorldError where it is none."""
    if isinstance(value, Mapping):
        try:
            edges, name = tuple(float(one) for one in value.get("edges", ())), str(value["name"])
            if set(value) == {"name", "edges", "days", "called", "shift_h"}:
                return checked(HourOf(Bands(edges, value["days"]), tuple(map(str, value["called"])), float(value["shift_h"]), name))
            if set(value) == {"name", "edges", "since"}:
                return checked(WaitOf(edges, name, str(value["since"])))
            if set(value) == {"name", "column", "kept", "edges"}:
                return checked(ValueOf(name, tuple(map(str, value["kept"])), edges))
        except (TypeError, ValueError, KeyError, OverflowError):
            pass
    raise WorldError(f"{str(value)[:80]} is nothing that tells events apart.", "Name a time of day, a wait, or a column of events.")


def checked(part: Part) -> Part:
    """The part itself. WorldError where it makes no bands, or the same label of two."""
    if isinstance(part, HourOf):
        wrong = "" if not part.called or len(part.called) == part.bands.n_bands else \
            f"{len(part.called)} names for {part.bands.n_bands} bands of time"
        wrong = wrong or ("" if np.isfinite(part.shift_h) else f"{part.shift_h} hours to add")
    else:
        edges = np.asarray(part.edges, np.float64)
        good = bool(np.isfinite(edges).all()) and bool((np.diff(edges) > 0.0).all()) and len(edges) <= MOST_EDGES
        if isinstance(part, WaitOf):
            good = good and len(edges) > 0 and bool(edges[0] > 0.0)
        wrong = "" if good else f"bands of {shown(part.name)} that begin at {', '.join(f'{one:g}' for one in edges) or 'no value'}"
        wrong = wrong or (f"{len(part.kept):,} values of {shown(part.name)}" if isinstance(part, ValueOf)
                          and len(part.kept) > MOST_VALUES else "")
    twice = "" if wrong or len(set(part.values)) == len(part.values) else f"two bands of {shown(part.name)} with one name"
    if wrong or twice:
        raise WorldError(f"Events cannot be told apart by {wrong or twice}.",
                         f"Give values that rise, at most {MOST_EDGES}, each band a name of its own; of texts at most {MOST_VALUES}.")
    return part


@dataclass(frozen=True, slots=True)
class Classes:
    """A classified events of a log of E events, in the order of these and then of their labels. event: (A,) int64. labels: name of a part
    -> (A,) str objects."""

    event: np.ndarray
    labels: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.event)

    def numbers(self, event: np.ndarray, labels: Mapping[str, np.ndarray]) -> np.ndarray:
        """(P,) int64: which class each event (P,), -1 for none, with its labels is; where it is none the rare one of its event, -1 where
        there is none of these either."""
        mine = _index(self.event, self.labels)
        found = mine.get_indexer(_index(event, labels))
        lost = np.flatnonzero((found < 0) & (event >= 0))
        if len(lost) and self.labels:
            found[lost] = mine.get_indexer(_index(event[lost], {name: np.full(len(lost), RARE, object) for name in self.labels}))
        return np.asarray(found, np.int64)


def _index(event: np.ndarray, labels: Mapping[str, np.ndarray]) -> pd.Index:
    if not labels:
        return pd.Index(event)
    return pd.MultiIndex.from_arrays([event, *labels.values()])


def classes_of(event: np.ndarray, n_events: int, labels: Mapping[str, np.ndarray], fewest: int) -> tuple[Classes, np.ndarray]:
    """The classes of P events (P,) int64 with their labels, and how often each was seen, (A,) int64. What was seen less than ``fewest``
    times becomes the rare class of its event. Without labels each event is its own class."""
    if not labels:
        return Classes(np.arange(n_events)), np.bincount(event, minlength=n_events)
    frame = pd.DataFrame({"event": event, **{f"by {k}": one for k, one in enumerate(labels.values())}})
    keys = list(frame.columns)
    seen = frame.groupby(keys, sort=True).size().rename("times").reset_index()
    seen.loc[seen["times"] < fewest, keys[1:]] = RARE
    seen = seen.groupby(keys, sort=True)["times"].sum().reset_index()
    made = {name: seen[key].to_numpy(object) for name, key in zip(labels, keys[1:], strict=True)}
    return Classes(seen["event"].to_numpy(np.int64), made), seen["times"].to_numpy(np.int64)


def labels_of(parts: Sequence[Part], tracks: LinkTracks) -> dict[str, np.ndarray]:
    """Name -> (P,) str objects, the labels of the events of a log. WorldError where two parts have one name, or that of the event."""
    names = [part.name for part in parts]
    taken = next((one for k, one in enumerate(names) if one in names[:k] or one == "event"), None)
    if taken is not None:
        raise WorldError(f"Events are to be told apart by two things called {shown(taken)!r}.", "Rename the column.")
    return {part.name: checked(part).labels(tracks) for part in parts}
