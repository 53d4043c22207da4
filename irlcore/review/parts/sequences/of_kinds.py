"""How rare the kinds of a sequence's events are: at which hour they were, after which wait, by whom, given that they are these events.

Nats per event: the mean of -log of the share of each kind among the times that its event comes in normal sequences (Witten and Bell 1991,
``features.ngrams.witten_bell``). What happened and in which order makes no difference: other scores look at that.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.features.ngrams.witten_bell import kind_shares
from irlcore.review.parts.base import Family, Material
from irlcore.review.parts.once import same_way
from irlcore.review.parts.sequences.material import missing_log
from irlcore.review.parts.told import Told
from irlcore.review.words import sequences as words
from irlcore.review.words.places import place_token
from irlcore.worlds.history.classes import NO_KINDS, aspects_of, class_count, class_of_choice, world_classes

DIGITS = 9
NOTABLE = 2.0  # times that a label must be rarer among normal sequences to be named,
SAID_FROM = float(np.log(20.0))  # and nats that all its times together must be worth


class RareKinds:
    """Nats per event of its kind."""

    name = "rare_kinds"
    family: Family = "route"
    title = "Unusual kinds of events"
    unit = "nats"
    sentence = "How improbable the hour, the wait or the values of each event are on average, by when normal sequences have the same event."

    def missing(self, material: Material) -> str:
        """Only a log whose events are told apart has kinds of them."""
        return missing_log(material) or ("" if aspects_of(material.world) else NO_KINDS)

    def same(self, material: Material) -> np.ndarray | None:
        """Tracks that go the same way."""
        return same_way(material)

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Told:
        """The kinds of the events of ``index`` by those of the same events in ``learn``."""
        world = material.world
        classes, many = world_classes(world), class_count(world)
        codes = {name: pd.factorize(one, sort=True) for name, one in classes.labels.items()}
        label = [one.astype(np.int64) for one, _ in codes.values()]
        usual = class_of_choice(world, material.paths.take(learn).choices)
        asked = material.paths.take(index)
        kind = class_of_choice(world, asked.choices)
        usual, inner = usual[usual < many], kind < many
        owner, kind = asked.owner[inner], kind[inner]
        nats = -np.log(kind_shares(classes.event, label, usual))
        count = np.bincount(owner, minlength=len(index))
        values = np.round(np.bincount(owner, nats[kind], len(index)) / np.maximum(count, 1), DIGITS)
        by_label = {name: _of_label(classes.event, one, usual) for name, one in zip(codes, label, strict=True)}
        starts = np.concatenate(([0], np.cumsum(count))).astype(np.int64)

        def say(at: int) -> str:
            own = kind[starts[at]:starts[at + 1]]
            best: tuple[float, str] = (0.0, "")
            for name, shares in by_label.items():
                pair, times = np.unique(classes.event[own] * len(codes[name][1]) + codes[name][0][own], return_counts=True)
                event, which = np.divmod(pair, len(codes[name][1]))
                could = np.bincount(classes.event[own], minlength=world.n_places)[event]
                usually = shares[event, which]
                worth = np.round(times * np.log(times / could / usually), DIGITS)
                k = int(np.argmax(worth))
                if times[k] >= NOTABLE * usually[k] * could[k] and worth[k] > max(best[0], SAID_FROM):
                    best = float(worth[k]), words.rare_kind(place_token(int(event[k])), name, str(codes[name][1][which[k]]),
                                                            int(times[k]), int(could[k]), float(usually[k]))
            return best[1]

        return Told(values, say)


def _of_label(event: np.ndarray, label: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """(E, V) float64: the share of each label among the times that an event comes in what was counted, (P,) int64 kinds; NaN where no kind
    of the event has it."""
    out = np.full((int(event.max()) + 1, int(label.max()) + 1), np.nan)
    _, first, which = np.unique(event * (int(label.max()) + 1) + label, return_index=True, return_inverse=True)
    out[event[first], label[first]] = kind_shares(event[first], [label[first]], which[usual])
    return out
