"""Streets of a network: how great each is, and which links are the two directions of one."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from irlcore.worlds.world import World

SMALL, MAIN, GREAT = 0, 1, 2
CLASSES = ("highway", "fclass", "road_class", "roadclass", "class", "road_type", "roadtype", "road", "functional_class", "func_class",
           "funcclass", "frc", "type", "category", "kind")
"""Attributes that tell the class of a road, the likeliest first."""
MEASURES = ("lanes", "lanes_n", "n_lanes", "speed_kmh", "speed", "maxspeed", "speed_limit", "free_speed", "freespeed", "capacity")
WORDS = {**dict.fromkeys(("motorway", "trunk", "freeway", "expressway", "interstate", "autobahn"), GREAT),
         **dict.fromkeys(("primary", "secondary", "arterial", "major", "main", "avenue", "highway", "collector", "principal"), MAIN),
         **dict.fromkeys(("tertiary", "residential", "living", "unclassified", "service", "street", "local", "minor", "track", "path",
                          "footway", "cycleway", "pedestrian", "road", "lane", "alley", "rural", "access"), SMALL)}
"""Words of OpenStreetMap and of tables of road offices, and how great a road of that kind is."""
WORD = re.compile(r"[a-z]+")
FEW = 0.2  # of the links: a column that fewer have says nothing of the others
MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def greatness(world: World) -> np.ndarray:
    """(L,) uint8: 2 for great roads, 1 for main ones, 0 for others; all alike where no attribute tells.

    By the words of a class, by the numbers of a functional class (0 or 1 is the greatest), else by lanes or speed, whose largest third
    counts as great. Where there are main roads and no great ones the names stay as they are: widths compare maps of different towns.
    """
    columns = {name.lower().strip(): values for name, values in world.place_attributes.items()}
    for name in CLASSES:
        values = columns.get(name)
        if values is None:
            continue
        rank = _of_words(values) if values.dtype.kind in "OU" else _of_numbers(values)
        if rank is not None:
            return rank
    for name in MEASURES:
        values = columns.get(name)
        if values is not None and (rank := _of_size(_as_numbers(values))) is not None:
            return rank
    return np.zeros(world.n_places, np.uint8)


def _of_words(values: np.ndarray) -> np.ndarray | None:
    """Of the first word that is known in each value; None where few have one, or all are alike."""
    codes, distinct = pd.factorize(values)
    known = np.array([_word(str(one)) for one in distinct], np.int64)
    rank = known[codes]
    if not len(rank) or (rank >= 0).mean() < FEW:
        return None
    return np.maximum(rank, 0).astype(np.uint8) if len(set(rank[rank >= 0].tolist())) > 1 else None


def _word(text: str) -> int:
    return next((WORDS[word] for word in WORD.findall(text.lower()) if word in WORDS), -1)


def _of_numbers(values: np.ndarray) -> np.ndarray | None:
    """Functional classes as map makers number them: 0 to 8, the great roads first."""
    known = values[np.isfinite(values)]
    if not len(known) or (known != np.round(known)).any() or known.min() < 0 or known.max() > 8 or np.ptp(known) == 0.0:
        return None
    least = known.min()
    rank = np.where(values <= least, GREAT, np.where(values <= least + 2, MAIN, SMALL))
    return np.where(np.isfinite(values), rank, SMALL).astype(np.uint8)


def _as_numbers(values: np.ndarray) -> np.ndarray:
    """Numbers, or the first number of a text such as "50 km/h"."""
    if values.dtype.kind in "fiub":
        return np.asarray(values, np.float64)
    codes, distinct = pd.factorize(values)
    first = [re.search(r"\d+(?:\.\d+)?", str(one)) for one in distinct]
    return np.array([float(found[0]) if found else np.nan for found in first] or [np.nan], np.float64)[codes]


def _of_size(values: np.ndarray) -> np.ndarray | None:
    known = np.unique(values[np.isfinite(values)])
    if len(known) < 2 or np.isfinite(values).mean() < FEW:
        return None
    share = (values - known[0]) / (known[-1] - known[0])
    rank = np.where(share > 2.0 / 3.0, GREAT, np.where(share > 1.0 / 3.0, MAIN, SMALL))
    return np.where(np.isfinite(share), rank, SMALL).astype(np.uint8)


def one_a_street(xy: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """(L,) int64: for each line (``xy[offsets[i]:offsets[i + 1]]``) the first one that has the same corners, forwards or backwards.

    By a sum over the corners of a number that each makes, so that their order does not count.
    """
    bits = (np.ascontiguousarray(xy, np.float64) + 0.0).view(np.uint64).reshape(-1, 2)  # -0.0 is 0.0
    corner = _mixed(bits[:, 0] * MIX[0] + _mixed(bits[:, 1]))
    total = np.concatenate((np.zeros(1, np.uint64), np.cumsum(corner)))
    key = total[offsets[1:]] - total[offsets[:-1]] + np.diff(offsets).astype(np.uint64)
    key[np.diff(offsets) == 0] = _mixed(np.flatnonzero(np.diff(offsets) == 0).astype(np.uint64))  # what has no line is like nothing else
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return np.asarray(first[inverse], np.int64)


def _mixed(bits: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): numbers that differ in one bit give ones that differ in half of theirs."""
    bits = (bits ^ (bits >> np.uint64(30))) * MIX[1]
    bits = (bits ^ (bits >> np.uint64(27))) * MIX[2]
    return np.asarray(bits ^ (bits >> np.uint64(31)))
