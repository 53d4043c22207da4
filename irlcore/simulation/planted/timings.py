"""Ordinary ways at an unusual pace: a stop, too fast, too slow, and a stretch on which nothing was heard."""

from __future__ import annotations

import numpy as np

from irlcore.simulation.planted.ground import Way
from irlcore.simulation.planted.sources import Made, One, Sources
from irlcore.tracks.trips.dark_gaps import HOUR, LONGEST_H, MANY

STOPPED = (0.5, 1.5)  # of all the time that the track took
FAST, SLOW = (0.3, 0.5), (2.0, 3.0)  # times as long as it took
DARK = (0.3, 0.6)  # of all the time that the track took
LONGER = (1.5, 5.0)  # times as long as the longest gaps of ordinary tracks
USUAL = 0.9  # of ordinary tracks with gaps have no longer one


def _own(one: One) -> Way:
    return Way(one.states, np.arange(len(one.states) - 1))


def stop(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """It rests somewhere on its way."""
    if one.spent is None or not (known := np.flatnonzero(np.isfinite(one.spent))).size:
        return None
    spent = one.spent.copy()
    spent[rng.choice(known)] += rng.uniform(*STOPPED) * np.nansum(one.spent)
    return Made(_own(one), one.goal, spent)


def _paced(one: One, factor: float) -> Made | None:
    if one.spent is None or not np.isfinite(one.spent).any():
        return None
    return Made(_own(one), one.goal, one.spent * factor)


def too_fast(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """The same way in a fraction of the time."""
    return _paced(one, float(rng.uniform(*FAST)))


def too_slow(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """The same way in twice or three times the time."""
    return _paced(one, float(rng.uniform(*SLOW)))


def gap(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """Nothing is heard of it for longer than of others. Where the tracks carry no facts of gaps there is nothing to see it by."""
    known = sources.ordinary.facts.get(LONGEST_H)
    if known is None:
        return None
    usual = known[np.isfinite(known)]
    took = 0.0 if one.spent is None else float(np.nansum(one.spent))
    if len(usual):
        hours = float(rng.uniform(*LONGER) * np.quantile(usual, USUAL))
    elif took > 0.0:
        hours = float(rng.uniform(*DARK)) * took / HOUR
    else:
        return None
    before = one.facts.get(MANY, np.nan)
    facts = {LONGEST_H: hours, MANY: 1.0 if np.isnan(before) else before + 1.0}
    if one.spent is None or not (at := np.flatnonzero(np.isfinite(one.spent))).size:
        return Made(_own(one), one.goal, None, facts)
    spent = one.spent.copy()
    k = int(rng.choice(at))
    spent[k] = max(spent[k], hours * HOUR)
    return Made(_own(one), one.goal, spent, facts)
