"""What is kept of the points of a matched track once it is a track of links: when it starts, how long it takes, how many they were."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.tracks.tracks import Tracks
from irlcore.worlds.matching.decoding import Decoded
from irlcore.worlds.matching.parts import Parts
from irlcore.worlds.matching.times import seconds_of
from irlcore.worlds.start_times import SECONDS, START, seconds_since_1970

CONFIDENCE = "match confidence"
DURATION, POINTS = "match duration (s)", "matched points"


def attributes_of(tracks: Tracks, found: Decoded, parts: Parts) -> pd.DataFrame:
    """The attributes of each part: those of its track, its confidence, its points, and its start and duration where points have times.

    A start is a date in ISO text (UTC where the points named a zone), or seconds as the points had them.
    """
    out = tracks.attributes.iloc[parts.of].reset_index(drop=True)
    out[CONFIDENCE] = np.round(parts.sure, 3)
    out[POINTS] = parts.count
    if not tracks.timed:
        return out
    first, last = tracks.t[parts.first], tracks.t[parts.last]
    since = seconds_since_1970(first)
    out[DURATION] = np.round((last - first) / seconds_of(tracks), 3)
    if since is None:
        out[SECONDS] = first
    else:
        dates = pd.to_datetime(np.round(since * 1e3).astype(np.int64), unit="ms")
        out[START] = dates.strftime("%Y-%m-%dT%H:%M:%S.%f").str[:-3].to_numpy(object)
    return out
