"""What the places of a world are called by the data itself: streets by a column of names, places by names that are words."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from irlcore.worlds.world import World

COLUMNS = ("name", "street", "street_name", "streetname", "road_name", "roadname", "st_name", "strname", "osm_name", "label", "road")
"""Attributes of links that may hold what a street is called, the likeliest first."""

OFTEN_CLASSES = ("road", "label", "street")
"""Columns of these names hold classes of roads as often as names: few values, which then name no street."""

MOST_CLASSES = 20
WORD = re.compile(r"[^\W\d_]{3}")
FIRST_OF_EAST_ASIA = "\u2e80"  # from here on one sign is a word or a syllable, and two are a name


def street_names(world: World) -> np.ndarray | None:
    """(L,) str objects: what the street of each link, or the place itself, is called, "" for none; None where no column and no name of a
    place tells: ids, numbers and "column,row" are no names."""
    columns = {name.lower().strip(): values for name, values in world.place_attributes.items()}
    for name in COLUMNS:
        values = columns.get(name)
        if values is None or values.dtype.kind not in "OU" or not _are_names(values):
            continue
        if name not in OFTEN_CLASSES or len(set(map(str, values))) > MOST_CLASSES:
            codes, distinct = pd.factorize(values, use_na_sentinel=False)
            return np.array([one if is_name(one) else "" for one in map(str, distinct)], object)[codes]
    if _are_names(world.place_names) and not any(letter.isdigit() for one in world.place_names for letter in str(one)):
        return world.place_names.astype(object)
    return None


def is_name(text: str) -> bool:
    """Whether a text has a word of three letters, or two signs of a script that writes words with one or two."""
    return bool(WORD.search(text)) or sum(letter >= FIRST_OF_EAST_ASIA for letter in text) > 1


def _are_names(values: Iterable[object]) -> bool:
    """Whether more than half of the texts that are not empty are names."""
    texts = [text for text in map(str, values) if text.strip()]
    return bool(texts) and sum(map(is_name, texts)) > 0.5 * len(texts)
