"""Logs of very many different events: the rare ones as one; and names that a world has a meaning of its own for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from irlcore.tracks.tracks import LinkTracks

RARE = "(rare)"
OWN = ("(start)", "(end)", RARE)
"""What a world of a log calls what is no event of it."""
MOST_EVENTS = 1000
"""Different events that are taken as they are: contexts of the last one alone then make a million choices."""


@dataclass(frozen=True, slots=True)
class Together:
    """tracks: with the rare events as one. said: what was done, sentences. distinct: how many different events there are now."""

    tracks: LinkTracks
    distinct: int
    said: tuple[str, ...] = ()


def usual_fewest(tracks: LinkTracks) -> int:
    """How often an event must be seen to stand for itself: once, unless there are more than ``MOST_EVENTS``; then so often that no more
    than these are left beside the rare ones."""
    many = np.sort(np.bincount(pd.factorize(tracks.links)[0]))[::-1]
    return 1 if len(many) <= MOST_EVENTS else int(many[MOST_EVENTS - 1]) + int(many[MOST_EVENTS - 1] == many[MOST_EVENTS])


def rare_together(tracks: LinkTracks, fewest: int) -> Together:
    """The log with all events seen less than ``fewest`` times as one, ``RARE``. An event that is called as one of ``OWN`` gets another
    name."""
    codes, names = pd.factorize(tracks.links)
    many = np.bincount(codes)
    called, said = np.array(names, object), []
    for k in np.flatnonzero(np.isin(called, OWN)):
        given, n = f"{called[k]} as event", 2
        while given in called:
            given, n = f"{called[k]} as event {n}", n + 1
        said.append(f"The event {called[k]} is called {given} here.")
        called[k] = given
    rare = many < fewest
    if rare.any():
        called[rare] = RARE
        which = "1 event" if rare.sum() == 1 else f"{int(rare.sum()):,} of {len(names):,} different events"
        said.append(f"{which} seen less than {fewest:,} times {'is' if rare.sum() == 1 else 'are'} taken as one, {RARE}: "
                    f"{int(many[rare].sum()):,} of {len(codes):,} rows.")
    if not said:
        return Together(tracks, len(names))
    return Together(replace(tracks, links=called[codes]), int((~rare).sum()) + int(rare.any()), tuple(said))
