"""How far back a log's states look, chosen by how likely that makes sequences which were held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.features.folds import fold_by_id
from irlcore.features.ngrams.held_out import held_out_nats, shortest_as_good
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.history.build import Memory, event_names, usual_memory
from irlcore.worlds.history.classifier import Part
from irlcore.worlds.history.offered import normal_part

MOST_BACK = 6
FEWEST = 20
"""Sequences, below which none is held out: nothing is then known of how far back tells more."""
DIGITS = 3
MOST_EVENTS = 100_000
"""Of a larger log so many events are looked at, in whole sequences: a page waits for it."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """orders: events that n-grams look back. nats: (len(orders),) float64, an event, held out. of: how many sequences. normal: whether
    these are those of the reference period alone. best: the shortest order that is as good as any, but for what is chance
    (``ngrams.held_out.shortest_as_good``); the usual one where too few sequences tell nothing."""

    orders: tuple[int, ...]
    nats: np.ndarray
    of: int
    normal: bool
    best: int

    @property
    def said(self) -> str:
        """The curve in a sentence."""
        if not len(self.nats):
            return f"With fewer than {FEWEST} sequences nothing says how far back to look."
        told = ", ".join(f"{order}: {nats:.{DIGITS}f}" for order, nats in zip(self.orders, self.nats.tolist(), strict=True))
        which = f"{self.of:,} sequences{' of the reference period' if self.normal else ''}"
        last = "last event tells" if self.best == 1 else f"last {self.best} events tell"
        return (f"Held out of {which}, the {last} as much as more would, but for chance. Nats an event by the number of last events, lower "
                f"is better: {told} (n-grams with modified Kneser-Ney smoothing).")


def held_out_orders(tracks: LinkTracks) -> HeldOut:
    """How well the last 1, 2 ... events tell the next one, on whole sequences that were not counted. Only sequences of the reference period
    are looked at where there is one, so that what is to be judged has no say."""
    index, normal = normal_part(tracks)
    orders = tuple(range(1, MOST_BACK + 1))
    if len(index) < FEWEST:
        return HeldOut(orders, np.zeros(0), len(index), normal, usual_memory(tracks).order)
    lengths = np.diff(tracks.offsets)[index]
    parts = int(-(-lengths.sum() // MOST_EVENTS))
    if parts > 1:
        index = index[fold_by_id(tracks.ids[index], parts) == 0]
    own = tracks.take(index)
    names, events = event_names(own)
    nats, lengths = held_out_nats(own.offsets, events, len(names), own.ids, orders)
    return HeldOut(orders, nats.sum(axis=0) / lengths.sum(), len(index), normal, orders[shortest_as_good(nats)])


def chosen_memory(tracks: LinkTracks, told_apart: tuple[Part, ...] = (), fewest: int = 1, held_out: HeldOut | None = None) -> Memory:
    """What the states of a log keep: as many last events as tell most of held-out sequences, and fewer where that world would be too
    large."""
    best = (held_out or held_out_orders(tracks)).best
    return usual_memory(tracks, range(best, 0, -1), told_apart, fewest)
