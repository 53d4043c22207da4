"""A whole sequence of events in one cell: "register > check ticket > decide", "open; read; close", "6 6 63 42", "['a', 'b']"."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from irlcore.budget import Clock, within
from irlcore.tracks.path_texts import A_LINK, NO_PATH, PathTexts, read_texts
from irlcore.tracks.plain_text import plain_text

SIGNS = (("->|\u2192|>", "arrows"), (r"\|", "bars"), (";", "semicolons"), (r"\t", "tabs"), (",", "commas"))
"""Signs between events whose names may have blanks in them, the surest first."""
_LISTS = re.compile(r"\s*(?:(?:np\.)?array\()?[\[({]")


def read_events_texts(column: pd.Series, clock: Clock) -> PathTexts:
    """The events of all sequences of a column: parted by the first sign of ``SIGNS`` that stands in any, else by blanks; lists as paths are
    written. Names keep the blanks and underscores in them; where all are numbers and underscores ("6_54_140"), as system calls are
    written, these part them."""
    texts = column.astype("string").fillna("")
    bare = texts[~texts.str.match(_LISTS.pattern).fillna(False).astype(bool)]
    found = next(((sign, called) for sign, called in SIGNS if bare.str.contains(sign, regex=True).any()), None)
    if found is None and len(bare) < len(texts):
        return read_texts(column, clock)
    sign, called = found or (("_", "underscores") if _numbers(bare) else (r"\s+", "blanks"))
    parted, ids, ends = re.compile(sign), dict[str, str](), np.zeros(len(texts) + 1, np.int64)
    flat: list[str] = []
    for k, text in enumerate(texts.to_numpy(object)):
        if k % 1000 == 0:
            clock.check()
            within("unpacked", float(A_LINK * len(flat)), f"The sequences have {len(flat):,} events or more.", "Read them in parts.")
        if plain_text(text).strip().lower() not in NO_PATH:
            flat += [ids.setdefault(one, one) for part in parted.split(text) if (one := plain_text(part).strip())]
        ends[k + 1] = len(flat)
    within("unpacked", float(A_LINK * len(flat)), f"The sequences have {len(flat):,} events.", "Read them in parts.")
    return PathTexts(*pd.factorize(np.array(flat, dtype=object)), np.diff(ends), [f"Events are parted by {called}."])


def _numbers(texts: pd.Series) -> bool:
    """Whether all that stands there is whole numbers with underscores between, somewhere at least two of them."""
    some = texts[texts.str.strip() != ""]
    return bool(some.str.fullmatch(r"\s*\d+(?:_\d+)*\s*").all() and some.str.contains("_", regex=False).any())
