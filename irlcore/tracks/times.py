from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.tracks.cells import number_texts


@dataclass
class Times:
    seconds: np.ndarray
    dated: bool
    said: tuple = ()
def went_back(s, t): return None
def read_times(values, options, clock_time=None, within_track=None):
    stamped = pd.api.types.is_datetime64_any_dtype(values)
    as_number = pd.to_numeric(number_texts(values), errors="coerce") if not stamped else None
    if as_number is not None and (pd.api.types.is_numeric_dtype(values) or as_number.notna().mean() > 0.5):
        found = as_number.to_numpy(np.float64, na_value=np.nan)
        return Times(np.where(np.isfinite(found), found, np.nan), bool(np.nanmedian(found)>3e8))
    stamps = pd.to_datetime(number_texts(values), errors="coerce", utc=True, format="ISO8601")
    return Times((stamps - pd.Timestamp("1970-01-01", tz="UTC")).dt.total_seconds().to_numpy(np.float64), True)
FORMATS = {"": "as the values say", "s": "seconds", "day first": "day first", "month first": "month first"}
