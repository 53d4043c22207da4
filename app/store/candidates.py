"""Which candidate features were looked at, for each set of tracks and class: what chances by luck are corrected for.

The counts of a project are held by what saves it (``app.store.saver``), so that all its windows count together, and stand in a small file
beside its states: a reload, a closed tab or a new server does not wipe them. They only ever grow; undo does not take a look back.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.store.files import read_plain, write_over
from app.store.store import folder_of
from irlcore.tracks.tracks import LinkTracks, Tracks

FILE = "tried.json"
MOST_BYTES = 30_000_000  # read of it
MOST_TOLD_APART = 200_000  # of a class; what comes after them is counted each time
DIGITS = 16


@dataclass(slots=True)
class _Looks:
    """before: how many the project said when counting began. named: digests of those that the analyst named; suggested: of those that a
    machine tried."""

    before: int = 0
    named: set[str] = field(default_factory=set)
    suggested: set[str] = field(default_factory=set)


class Candidates:
    """The counts of one project. unsaved: whether there are some that the store may not have."""

    def __init__(self) -> None:
        self.unsaved = False
        self._of: dict[tuple[str, str], _Looks] = {}
        self._lock = threading.Lock()

    def begin(self, data: str, agent_class: str, before: int) -> None:
        """Count for these tracks (``digest_of``) and this class from here on. before: how many the project says; what it says beyond
        those that are known here was looked at where this count was not kept, as in a file of another machine."""
        with self._lock:
            looks = self._of.setdefault((data, agent_class), _Looks())
            looks.before += max(0, before - _number(looks))

    def add(self, data: str, agent_class: str, candidates: Iterable[Hashable]) -> bool:
        """Count each once: a text is named by the analyst, anything else was tried by a machine. Whether there was a new one."""
        found = [(isinstance(one, str), _digest(one)) for one in candidates]
        with self._lock:
            looks = self._of.setdefault((data, agent_class), _Looks())
            before = _number(looks)
            for named, digest in found:
                told_apart = looks.named if named else looks.suggested
                if digest in told_apart:
                    continue
                if len(told_apart) < MOST_TOLD_APART:
                    told_apart.add(digest)
                else:
                    looks.before += 1
            grown = _number(looks) > before
            self.unsaved = self.unsaved or grown
            return grown

    def number(self, data: str, agent_class: str, suggested: bool = True) -> int:
        """How many there are; without those that are known to have been tried by a machine where not ``suggested``.

        Those of before count as the analyst's own. A project's file has one number a class, which does not say who named them: if they
        were left out, what was named in earlier sessions would be forgotten and a chance by luck be told too small; so it is told too
        large rather, by a machine's candidates of earlier sessions.
        """
        with self._lock:
            looks = self._of.get((data, agent_class), _Looks())
            return _number(looks) if suggested else looks.before + len(looks.named)

    def numbers(self, data: str) -> dict[str, int]:
        """How many there are for each class that has been counted for on these tracks."""
        with self._lock:
            return {of: _number(looks) for (tracks, of), looks in self._of.items() if tracks == data}

    def has(self, data: str, agent_class: str, candidate: Hashable) -> bool:
        """Whether it has been counted."""
        with self._lock:
            looks = self._of.get((data, agent_class), _Looks())
            return _digest(candidate) in (looks.named if isinstance(candidate, str) else looks.suggested)

    def take(self, others: Candidates, stored: bool = False) -> None:
        """Count those of others too: of the store, which has them then, or of the project that this one is a copy of."""
        if others is self:
            return
        with others._lock:
            known = {key: _Looks(one.before, set(one.named), set(one.suggested)) for key, one in others._of.items()}
        with self._lock:
            for key, theirs in known.items():
                mine = self._of.setdefault(key, _Looks())
                if theirs.before > mine.before or theirs.named - mine.named or theirs.suggested - mine.suggested:
                    self.unsaved = self.unsaved or not stored
                mine.before = max(mine.before, theirs.before)
                mine.named |= theirs.named
                mine.suggested |= theirs.suggested

    def plain(self) -> list[dict[str, Any]]:
        """For JSON; ``of_plain`` reads it back."""
        with self._lock:
            return [{"data": data, "class": of, "before": one.before, "named": sorted(one.named), "suggested": sorted(one.suggested)}
                    for (data, of), one in self._of.items()]

    @classmethod
    def of_plain(cls, found: Any) -> Candidates:
        """What ``plain`` made. ValueError, TypeError or LookupError where it is not that."""
        made = cls()
        for one in found:
            looks = _Looks(int(one["before"]), set(map(str, one["named"])), set(map(str, one["suggested"])))
            if looks.before < 0:
                raise ValueError("fewer than none")
            made._of[str(one["data"]), str(one["class"])] = looks
        return made


@dataclass(frozen=True, slots=True)
class Tried:
    """The candidates looked at for one class, to be added to. note: what saves them."""

    candidates: Candidates
    data: str
    agent_class: str
    note: Callable[[], None]

    def add(self, candidate: Hashable) -> None:
        """Count one, once: by what it measures (``irlcore.features.measured``) where the analyst named it."""
        self.update([candidate])

    def update(self, candidates: Iterable[Hashable]) -> None:
        """Count each of them once."""
        if self.candidates.add(self.data, self.agent_class, candidates):
            self.note()

    def __len__(self) -> int:
        return self.candidates.number(self.data, self.agent_class)

    def __contains__(self, candidate: Hashable) -> bool:
        return self.candidates.has(self.data, self.agent_class, candidate)


def digest_of(tracks: Tracks | LinkTracks | None) -> str:
    """Of what was observed, without its attributes: to add a column is no new look at new data."""
    digest = hashlib.sha256()
    if tracks is not None:
        parts = [tracks.ids, tracks.offsets]
        parts += [tracks.links] if isinstance(tracks, LinkTracks) else [tracks.t, tracks.x, tracks.y]
        for part in parts:
            texts = part.dtype.kind in "OU"
            digest.update("\0".join(map(str, part.tolist())).encode("utf-8", "surrogatepass") if texts else np.ascontiguousarray(part).data)
            digest.update(b"|")
    return digest.hexdigest()[:DIGITS]


def stored(visitor: str, key: str) -> Candidates:
    """The counts that the store has of a project; none where it has none, or they cannot be read."""
    try:
        found = Candidates.of_plain(json.loads(read_plain(folder_of(visitor, key) / FILE, MOST_BYTES)))
    except (OSError, ValueError, LookupError, TypeError, RecursionError, OverflowError):
        return Candidates()
    return found


def store(visitor: str, key: str, candidates: Candidates) -> None:
    """Bring the counts into the store, with those that another server brought there meanwhile. OSError where that cannot be done."""
    candidates.take(stored(visitor, key))
    folder = folder_of(visitor, key)
    part = folder / f".1-{secrets.token_hex(4)}.part"  # swept up with what was left behind, as a label's
    candidates.unsaved = False  # before it is read: what is added meanwhile is unsaved again
    try:
        write_over(folder / FILE, part, json.dumps(candidates.plain()).encode())
    except BaseException:
        candidates.unsaved = True
        raise


def _number(looks: _Looks) -> int:
    return looks.before + len(looks.named) + len(looks.suggested)


def _digest(candidate: Hashable) -> str:
    return hashlib.sha256(repr(candidate).encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
