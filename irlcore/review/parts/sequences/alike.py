"""How far a sequence is from the normal one most like it: by which events, or pairs of neighbours, both have, and by their shares.

    unshared = 1 - |A and B| / |A or B|, A and B the different events (pairs) of the two (Jaccard 1901);
    mix = root of 1 - sum over events of the root of p q, p and q the shares of each event (Hellinger 1909).

Of one that was still running when the log was taken, only what it has and the other lacks counts, 1 - |A and B| / |A|, since what it lacks
may still come; and it has no mix yet. The least over normal sequences counts. Neither hangs on how long a sequence is, so one that goes on
and on with what is usual is no stranger for it, and a few foreign events are not thinned out by many ordinary ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from irlcore.engine import checkpoint
from irlcore.review.parts.base import Family, Material
from irlcore.review.parts.once import same_way
from irlcore.review.parts.sequences.material import Sequences, by_name, missing_log, sequences_of, stretches
from irlcore.review.words import sequences as words
from irlcore.review.words.places import place_token

AT_ONCE = 4_000_000  # pairs of sequences compared in one piece, for the sake of memory
DIGITS = 9
MOST_NAMED = 4


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """What was found of n sequences: values (n,) float64; nearest (n,) int64, the track most like each; say: what is said of one."""

    values: np.ndarray
    nearest: np.ndarray
    say: Callable[[int], str]

    def words(self, at: int) -> str:
        """Of sequence ``at`` of the n."""
        return self.say(at)


def nearest(likeness: Callable[[slice], np.ndarray], n: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    """The largest likeness (n,) of each of n to any of m, and to which (n,) int64, the first of several. likeness: of some of the n, all m
    at once."""
    best, which = np.empty(n), np.empty(n, np.int64)
    few = max(1, AT_ONCE // max(m, 1))
    for begin in range(0, n, few):
        checkpoint()
        part = slice(begin, min(begin + few, n))
        found = np.round(likeness(part), DIGITS)
        which[part] = found.argmax(axis=1)
        best[part] = found[np.arange(len(found)), which[part]]
    return best, which


def _both(material: Material, learn: np.ndarray, index: np.ndarray) -> Sequences:
    return sequences_of(material, np.concatenate((learn, index)))


class Unshared:
    """Different events, or pairs of neighbours, that are not those of the nearest normal sequence."""

    family: Family = "shape"
    unit = "%"

    def __init__(self, length: int, name: str, title: str, sentence: str) -> None:
        self.length, self.name, self.title, self.sentence = length, name, title, sentence

    def missing(self, material: Material) -> str:
        """Only sequences are compared so."""
        return missing_log(material)

    def same(self, material: Material) -> np.ndarray | None:
        """Tracks that go the same way."""
        return same_way(material)

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Near:
        """The sequences ``index`` against the nearest of ``learn``."""
        learn = by_name(material, learn)
        sequences = _both(material, learn, index)
        owner, code, _ = stretches(sequences, self.length)
        n_codes = int(code.max(initial=0)) + 1
        pairs = np.unique(owner * n_codes + code)
        has = sp.csr_array((np.ones(len(pairs)), (pairs // n_codes, pairs % n_codes)), shape=(len(sequences), n_codes))
        many, usual, own = np.diff(has.indptr).astype(np.float64), has[:len(learn)].T.tocsr(), has[len(learn):]
        mine, ended = many[len(learn):], sequences.ended[len(learn):]

        def likeness(part: slice) -> np.ndarray:
            shared = (own[part] @ usual).toarray()
            lacking = np.where(ended[part][:, None], many[None, :len(learn)] - shared, 0.0)
            return np.asarray(shared / (mine[part][:, None] + lacking))

        best, which = nearest(likeness, len(index), len(learn))

        def say(at: int) -> str:
            own_events, theirs = sequences.of(len(learn) + at), sequences.of(int(which[at]))
            return _lacking(own_events, theirs, material.paths.ids[learn[which[at]]], bool(ended[at])) if best[at] < 1.0 else ""

        return Near(np.round(100.0 * (1.0 - best), DIGITS - 2), learn[which], say)


def _lacking(mine: np.ndarray, theirs: np.ndarray, other: object, ended: bool) -> str:
    """Which events only one of the two has, the commonest first; of one that has not ended, which only that has."""
    own, count = np.unique(mine, return_counts=True)
    new = own[np.lexsort((own, -count))]
    new = new[~np.isin(new, theirs)]
    gone, many = np.unique(theirs[~np.isin(theirs, mine) & ended], return_counts=True)
    gone = gone[np.lexsort((gone, -many))]
    return words.unlike_events(str(other), [place_token(int(e)) for e in new[:MOST_NAMED]], len(new), len(own),
                               [place_token(int(e)) for e in gone[:MOST_NAMED]], len(gone))


class Mix:
    """Shares of events that are not those of any normal sequence."""

    name = "event_mix"
    family: Family = "shape"
    title = "Mix of events"
    unit = ""
    sentence = "How far the shares of its events are from those of the normal sequence most like it: 0 the same, 1 nothing in common."

    def missing(self, material: Material) -> str:
        """Only sequences have events."""
        return missing_log(material)

    def same(self, material: Material) -> np.ndarray | None:
        """Tracks that go the same way."""
        return same_way(material)

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Near:
        """The sequences ``index`` against the nearest of ``learn``."""
        learn = by_name(material, learn)
        sequences = _both(material, learn, index)
        owner, code, _ = stretches(sequences, 1)
        counts = sp.csr_array((np.ones(len(owner)), (owner, code)), shape=(len(sequences), int(code.max(initial=0)) + 1))
        counts.sum_duplicates()
        many = np.bincount(owner, minlength=len(sequences)).astype(np.float64)
        counts.data = np.sqrt(counts.data / np.repeat(many, np.diff(counts.indptr)))
        usual, own = counts[:len(learn)].T.tocsr(), counts[len(learn):]
        best, which = nearest(lambda part: (own[part] @ usual).toarray(), len(index), len(learn))
        first, last = sequences.offsets[:-1], sequences.offsets[1:]

        def say(at: int) -> str:
            mine, theirs = len(learn) + at, int(which[at])
            if best[at] >= 1.0:
                return ""
            a, b = (np.bincount(sequences.events[first[k]:last[k]], minlength=sequences.n_events) / max(last[k] - first[k], 1)
                    for k in (mine, theirs))
            most = int(np.argmax(np.round((np.sqrt(a) - np.sqrt(b)) ** 2, DIGITS)))
            return words.other_share(place_token(most), float(a[most]), float(b[most]), str(material.paths.ids[learn[theirs]]))

        values = np.round(np.sqrt(np.maximum(1.0 - best, 0.0)), DIGITS - 2)
        return Near(np.where(sequences.ended[len(learn):], values, np.nan), learn[which], say)


EVENTS = Unshared(1, "unshared_events", "Events that no like sequence has",
                  "The share of different events that only one of a sequence and the normal sequence most like it has.")
PAIRS = Unshared(2, "unshared_pairs", "Pairs of events that no like sequence has",
                 "The share of different pairs of neighbours that only one of a sequence and the normal sequence most like it has.")
