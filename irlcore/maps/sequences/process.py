"""A log as a graph of its events: how often each came, what came right after what, and how often a model expects it to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.quantities import counted, plain
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

MOST_EVENTS = 18
SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Of the sequences: how often a step must come to be drawn."""
USUAL_SHARE = 0.05
MOST_STEPS = 80
"""Steps that are drawn at most."""
LEAST = 0.5
"""How often a step must be expected to be told where it never came."""
SURE = 1.96
"""Standard deviations from which a step comes more, or less, often than expected."""


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """Of ``sequences`` sequences. names: (L,) of events, the start and the end last. often: (L,) how often each came. tail, head: (E,)
    int64, the places of a step; count: (E,) how often it came. expected, spread: (E,) float64, how often a model expects it from where the
    sequences were, and the standard deviation of that; NaN without a model."""

    names: tuple[str, ...]
    sequences: int
    often: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    count: np.ndarray
    expected: np.ndarray
    spread: np.ndarray

    @property
    def start(self) -> int:
        """The place where every sequence begins."""
        return len(self.names) - 2

    @property
    def end(self) -> int:
        """The place where every sequence ends."""
        return len(self.names) - 1

    @property
    def beyond(self) -> np.ndarray:
        """(E,) float64: by how many standard deviations a step came more often than expected; 0 where that is less than sure, or nobody
        expects anything."""
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.where(self.spread > 0.0, (self.count - self.expected) / self.spread, 0.0)
        return np.where(np.isfinite(z) & (np.abs(z) >= SURE), z, 0.0)


def process_of(world: World, paths: Paths, index: np.ndarray, expected: np.ndarray | None = None,
               variance: np.ndarray | None = None) -> Process:
    """Of the paths ``index`` (n,). expected, variance: (M,) how often a model expects each choice (``analysis.process``)."""
    some, wide = paths.take(index), np.int64(world.n_places)
    codes = world.choice_from * wide + world.choice_place
    steps = np.bincount(some.choices, minlength=world.mdp.n_choices).astype(np.float64)
    there = np.flatnonzero((steps > 0.0) if expected is None else (steps > 0.0) | (expected > 0.0))
    pair, at = np.unique(codes[there], return_inverse=True)
    count, mean, var = (np.bincount(at, one[there], len(pair)) if one is not None else np.full(len(pair), np.nan)
                        for one in (steps, expected, variance))
    told = (count > 0.0) | (mean >= LEAST)  # what hardly anybody expects, and nobody did, is no step
    pair, count, mean, var = pair[told], count[told], mean[told], var[told]
    often = np.bincount(world.choice_place[some.choices], minlength=world.n_places)
    often[world.n_places - 2] = len(some)
    return Process(tuple(map(str, world.place_names)), len(some), often, pair // wide, pair % wide, np.rint(count).astype(np.int64), mean,
                   np.sqrt(var))


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What of a process is drawn. events: (k,) int64 places, ascending, the start and the end among them. steps: (e,) int64 into its edges.
    said: what is left out, in words."""

    events: np.ndarray
    steps: np.ndarray
    said: str


def shown_part(process: Process, share: float = USUAL_SHARE, path: np.ndarray | None = None, most: int = MOST_EVENTS) -> Shown:
    """The commonest events, and of the steps between them those that came by ``share`` of the sequences or more, and of each event the
    commonest step to it and from it. Where a model expects something, what differs from that for sure counts too. path: (n,) places of a
    sequence all of whose steps are drawn."""
    ends = np.array([process.start, process.end])
    own = np.zeros(0, np.int64) if path is None else np.unique(path)
    inner = np.setdiff1d(np.flatnonzero(process.often), ends)
    order = inner[np.lexsort((inner, -process.often[inner], ~np.isin(inner, own)))]
    events = np.sort(np.concatenate((order[:most], ends)))
    between = np.isin(process.tail, events) & np.isin(process.head, events)
    heavy = between & (process.count > 0) & (process.count >= share * process.sequences)
    strange = between & (process.beyond != 0.0) & (np.maximum(process.count, np.nan_to_num(process.expected)) >= share * process.sequences)
    of_each = np.zeros(len(process.count), bool)
    for side in (process.tail, process.head):
        of_each[_commonest(side, process.count, between)] = True
    keep = heavy | strange | of_each
    order = np.lexsort((np.arange(len(keep)), -process.count, ~of_each))  # or long sequences would leave their start without a way on
    order = order[keep[order]][:max(MOST_STEPS, int(of_each.sum()))]
    if path is not None and len(path) > 1:
        code, wide = process.tail * len(process.names) + process.head, len(process.names)
        order = np.union1d(order, np.flatnonzero(np.isin(code, path[:-1] * wide + path[1:]) & between))
    return Shown(events, np.sort(order), _said(process, events, np.sort(order), share, len(inner)))


def _commonest(side: np.ndarray, count: np.ndarray, between: np.ndarray) -> np.ndarray:
    """Of each place of one side of the steps the commonest that leads between places that are drawn; the first of equals."""
    there = np.flatnonzero(between & (count > 0))
    order = there[np.lexsort((there, -count[there], side[there]))]
    return order[np.unique(side[order], return_index=True)[1]] if len(order) else order


def _said(process: Process, events: np.ndarray, steps: np.ndarray, share: float, inner: int) -> str:
    all_steps, drawn = int((process.count > 0).sum()), int((process.count[steps] > 0).sum())
    shown = len(events) - 2
    said = [f"All {counted(inner, 'event')} are drawn" if shown == inner > 1 else
            f"{shown:,} of {counted(inner, 'event')} {'is' if shown == 1 else 'are'} drawn{', the commonest' if shown < inner else ''}"]
    if drawn < all_steps:
        least = f"{plain(100.0 * share, 2)} % of the {counted(process.sequences, 'sequence')}" if share > 0.0 else "none"
        rule = f": those as frequent as {least} and each event's commonest" if share > 0.0 else ", the commonest"
        said.append(f"{drawn:,} of {counted(all_steps, 'step')} from one event to the next{rule}")
    else:
        said.append(f"all {counted(all_steps, 'step')} from one event to the next" if all_steps > 1 else "the one step there is")
    return f"{', and '.join(said)}."


def with_expected(process: Process, usual: Process) -> Process:
    """The process beside another one of the same world: of each step, how often it would come if it followed its first event as often as it
    does there, and the standard deviation of that, with what is not known of few visits in it (a beta distribution over a uniform one)."""
    wide = len(process.names)
    codes = np.union1d(process.tail * wide + process.head, usual.tail * wide + usual.head)
    mine, theirs = (_counts(one, codes) for one in (process, usual))
    tail = codes // wide
    visits, known = (np.bincount(tail, one, wide)[tail] for one in (mine, theirs))
    options = np.bincount(tail, minlength=wide)[tail].astype(np.float64)
    a = theirs + 1.0 / options
    share = a / (known + 1.0)
    expected = visits * share
    spread = np.sqrt(visits * share * (1.0 - share) * (visits + known + 1.0) / (known + 2.0))
    return replace(process, tail=tail, head=codes % wide, count=mine.astype(np.int64), expected=expected, spread=spread)


def _counts(process: Process, codes: np.ndarray) -> np.ndarray:
    """(c,) float64: how often each step came, by codes tail * L + head, ascending."""
    out = np.zeros(len(codes))
    out[np.searchsorted(codes, process.tail * len(process.names) + process.head)] = process.count
    return out
