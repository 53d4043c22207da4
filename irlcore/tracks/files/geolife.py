"""GeoLife's trajectories (.plt): six lines of words, then latitude, longitude, 0, altitude in feet, days since 1899, date, time."""

from __future__ import annotations

import pandas as pd

FIRST = "geolife trajectory"
LINES = 6
NAMES = ("lat", "lon", "zero", "altitude_ft", "days", "date", "time")
NEEDLESS = ("zero", "days")  # the days say again what date and time say
UNKNOWN = -777  # an altitude that is none
SAID = ("GeoLife: the columns are named as its guide has them, and the track is called as the file.",)


def as_named(table: pd.DataFrame, track: str) -> pd.DataFrame:
    """The columns that say something, with the track's id before them; altitudes that are none are missing."""
    kept = table.drop(columns=list(NEEDLESS))
    kept["altitude_ft"] = kept["altitude_ft"].mask(kept["altitude_ft"] == UNKNOWN)
    kept.insert(0, "track", track)
    return kept
