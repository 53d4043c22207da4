"""How rare what a sequence does next is, and how many of its short stretches nobody normal has.

Nats per event: the mean of -log of the chance of each next event, by what normal sequences do after the last ones (modified Kneser-Ney).
Unseen stretches: the share of all stretches of 1 to ``WINDOW`` events that no normal sequence has (Forrest, Hofmeyr, Somayaji and
Longstaff, *A sense of self for Unix processes*, 1996, take those of one length). Whatever is longer than a stretch that was never seen, and
ends with it, was never seen either: so an event that nobody normal has counts for more than two that never met, and these for more than six
whose pairs and threes are all known, of which there are many wherever few sequences are known. Both are means over a sequence, as sequences
of any length are as normal as others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.features.ngrams.counts import count_ngrams
from irlcore.features.ngrams.kneser_ney import KneserNey
from irlcore.review.parts.base import Family, Material
from irlcore.review.parts.once import same_way
from irlcore.review.parts.sequences.material import Sequences, known_lengths, missing_log, sequences_of
from irlcore.review.parts.told import Told
from irlcore.review.words import sequences as words
from irlcore.review.words.places import place_token

WINDOW = 6
DIGITS = 9
NOTABLE = 2.0  # times that a pair must be rarer among normal sequences to be named


@dataclass(frozen=True, slots=True, eq=False)
class _Rare:
    """What is said of pairs of neighbours. pairs: chances (A + 1, A + 1) of each event and the end after each event, the start last."""

    sequences: Sequences
    chances: np.ndarray

    def say(self, at: int) -> str:
        """The pair that counts most: how often it came, where it could, against how often it does."""
        events, n = self.sequences.of(at), self.sequences.n_events
        before, after = np.concatenate(([n], events)), np.concatenate((events, [n]))
        if not self.sequences.ended[at]:
            before, after = before[:-1], after[:-1]
        pairs, times = np.unique(before * (n + 1) + after, return_counts=True)
        before, after = np.divmod(pairs, n + 1)
        could = np.bincount(before, times, n + 1)[before]
        usual = self.chances[before, after]
        worth = np.round(times * np.log(times / could / usual), DIGITS)
        k = int(np.argmax(worth))
        if times[k] / could[k] < NOTABLE * usual[k]:
            return ""
        here = "" if before[k] == n else place_token(int(before[k]))
        return words.rare_pair(here, "" if after[k] == n else place_token(int(after[k])), int(times[k]), int(could[k]), float(usual[k]))


class RareNext:
    """How improbable the events of a sequence are on average, in nats, by what usually follows the same last events."""

    name = "nats_per_event"
    family: Family = "route"
    title = "Improbability per event"
    unit = "nats"
    sentence = "How improbable each next event is on average, by what normal sequences do after the same last events."

    def missing(self, material: Material) -> str:
        """Only a log has events."""
        return missing_log(material)

    def same(self, material: Material) -> np.ndarray | None:
        """Tracks that go the same way."""
        return same_way(material)

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Told:
        """The sequences ``index`` by what followed what in ``learn``."""
        usual, asked = sequences_of(material, learn), sequences_of(material, index)
        order = int(material.world.settings["order"])
        counts = count_ngrams(usual.offsets, usual.events, usual.n_events, order, usual.ended)
        steps = KneserNey(counts, order).log_steps(asked.offsets, asked.events, asked.ended)
        offsets = asked.offsets + np.concatenate(([0], np.cumsum(asked.ended)))
        values = np.round(-np.add.reduceat(steps, offsets[:-1]) / np.diff(offsets), DIGITS) if len(index) else np.zeros(0)
        after_one = KneserNey(counts, 1).chances(np.arange(usual.n_events + 1)[:, None])
        return Told(values, _Rare(asked, after_one).say)


class UnseenStretches:
    """Share of short stretches that no normal sequence has."""

    name = "unseen_stretches"
    family: Family = "route"
    title = "Stretches never seen"
    unit = "%"
    sentence = f"The share of a sequence's stretches of 1 to {WINDOW} events that no normal sequence has."

    def missing(self, material: Material) -> str:
        """Only a log has stretches of events."""
        return missing_log(material)

    def same(self, material: Material) -> np.ndarray | None:
        """Tracks that go the same way."""
        return same_way(material)

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Told:
        """The stretches of ``index`` that none of ``learn`` has."""
        both = sequences_of(material, np.concatenate((learn, index)))
        known = known_lengths(both, len(learn), WINDOW)
        offsets, marked = both.marked()
        first = int(offsets[len(learn)])
        starts = offsets[len(learn):] - first
        known, own = known[first:], marked[first:]
        longest = np.minimum(np.arange(len(own)) - np.repeat(starts[:-1], np.diff(starts)) + 1, WINDOW)
        many, new = (np.add.reduceat(one, starts[:-1]) if len(index) else np.zeros(0, np.int64) for one in (longest, longest - known))

        def say(at: int) -> str:
            inside = slice(int(starts[at]), int(starts[at + 1]))
            lacking = longest[inside] - known[inside]
            if not lacking.any():
                return ""
            length = np.where(lacking > 0, known[inside] + 1, WINDOW + 1)  # of the shortest stretch there that nobody has
            last = int(np.argmin(length))
            stretch = own[inside][last + 1 - int(length[last]):last + 1].tolist()
            named = [place_token(int(e)) for e in stretch if e < both.n_events]
            return words.unseen(int(new[at]), int(many[at]), WINDOW, named, stretch[0] == both.n_events, stretch[-1] == both.n_events + 1)

        return Told(np.round(100.0 * new / np.maximum(many, 1), DIGITS), say)
