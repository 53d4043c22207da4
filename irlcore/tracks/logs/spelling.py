"""Events that may be one written in several ways: "Pick goods", "PICK GOODS", "pick-goods"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from irlcore.tracks.cells import shown
from irlcore.tracks.tracks import LinkTracks

_BETWEEN = re.compile(r"[\s_\-]+")
MOST_TOLD = 3


def bare(name: object) -> str:
    """An event without what its spellings differ in; empty where it has nothing but such signs."""
    return _BETWEEN.sub(" ", str(name)).strip().casefold()


@dataclass(frozen=True, slots=True)
class Spellings:
    """Events of a log that differ from another only in upper and lower case, blanks, hyphens or underscores. as_one: event -> the
    commonest of its spellings, the first in the alphabet of equals; those alone that are not it. said: how many there are and which, a
    sentence; empty where there are none."""

    as_one: dict[str, str]
    said: str = ""


def spellings(tracks: LinkTracks) -> Spellings:
    """What of a log's events may be one. Names that have nothing but such signs stand for themselves."""
    codes, names = pd.factorize(tracks.links)
    many = np.bincount(codes)
    groups: dict[str, list[int]] = {}
    for k in sorted(range(len(names)), key=lambda k: (-many[k], str(names[k]))):
        if plain := bare(names[k]):
            groups.setdefault(plain, []).append(k)
    several = [group for group in groups.values() if len(group) > 1]
    as_one = {str(names[k]): str(names[group[0]]) for group in several for k in group[1:]}
    if not several:
        return Spellings({})
    first = [str(names[k]) for k in several[0]]
    told = ", ".join(map(shown, first[:MOST_TOLD])) + (" ..." if len(first) > MOST_TOLD else "")
    written = "1 event is" if len(several) == 1 else f"{len(several):,} events are"
    return Spellings(as_one, f"{written} written in several ways ({told}{'' if len(several) == 1 else ', say'}).")


def spelled_as_one(tracks: LinkTracks, as_one: dict[str, str]) -> LinkTracks:
    """The log with each event in its commonest spelling."""
    if not as_one:
        return tracks
    codes, names = pd.factorize(tracks.links)
    return replace(tracks, links=np.array([as_one.get(str(name), str(name)) for name in names], object)[codes])
