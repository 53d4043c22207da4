"""What is most worth a look first: strange tracks, but not ten of the same oddity one after another.

Tracks that are strange in the same way teach the same: a verdict on one of them tells what to think of the others. So the strangest are
put into groups by *how* they are strange, the rarity of each of their scores side by side, and the strangest of each group comes first,
then the second of each. Two tracks are strange in the same way where the angle between their profiles is small (leader clustering,
Hartigan 1975, chapter 3, led by the strangest): a track that is as much too slow as another, but twice as rare, is of its group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.errors import DataError

ALIKE = 0.8  # cosine of the angle between profiles
DIGITS = 9
TELLING = 3.0  # nats: a score of one track in 20 is not what a track is strange by
NAMED = 2


@dataclass(frozen=True, slots=True)
class OddGroup:
    """Tracks that are strange in the same way: members (k,) int64, strangest first, and what they have in common, in words."""

    members: np.ndarray
    said: str


@dataclass(frozen=True, slots=True)
class Worth:
    """order (n,) int64, tracks as they are worth a look; groups by their strangest. sentence: what the order is."""

    order: np.ndarray
    groups: tuple[OddGroup, ...]
    sentence: str


def worth_a_look(strange: np.ndarray, values: np.ndarray, scores: np.ndarray, titles: Sequence[str]) -> Worth:
    """The tracks ``strange`` (n,) of N by what they teach. values (N,): what ranks them, higher = stranger. scores (N, J): all of them,
    NaN where there is nothing to measure, called ``titles`` (J,). DataError where one to look at has no value."""
    lost = strange[np.isnan(values[strange])]
    if len(lost):
        raise DataError(f"Track {lost[0]} (counted from 0) has no value to rank it by.", "Choose a score that exists for every track.")
    rarity = rarities(scores)
    ranked = strange[np.lexsort((-rarity[strange].sum(axis=1).round(DIGITS), -values[strange]))]
    profile = rarity[ranked] / np.maximum(np.linalg.norm(rarity[ranked], axis=1), 1e-300)[:, None]
    group, leaders = np.zeros(len(ranked), np.int64), list[int]()
    for i in range(len(ranked)):
        near = np.round(profile[leaders] @ profile[i], DIGITS)
        if len(near) and near.max() >= ALIKE:
            group[i] = int(np.argmax(near))
        else:
            group[i] = len(leaders)
            leaders.append(i)
    turn = np.zeros(len(ranked), np.int64)  # which one of its group a track is
    for k in range(len(leaders)):
        turn[group == k] = np.arange(int((group == k).sum()))
    groups = tuple(OddGroup(ranked[group == k], _common(rarity[ranked[group == k]], titles)) for k in range(len(leaders)))
    return Worth(ranked[np.lexsort((group, turn))], groups, _sentence(groups))


def rarities(scores: np.ndarray) -> np.ndarray:
    """(N, J) float64, nats: -log of the share of tracks that score at least as high, 0 where there is nothing to measure."""
    out = np.zeros(scores.shape)
    for j, column in enumerate(scores.T):
        known = np.flatnonzero(~np.isnan(column))
        if len(known):
            ordered = np.sort(column[known])
            out[known, j] = -np.log((len(known) - np.searchsorted(ordered, column[known], "left")) / len(known))
    return out


def _common(rarity: np.ndarray, titles: Sequence[str]) -> str:
    """By what the tracks of a group (k, J) are strange."""
    mean = rarity.mean(axis=0)
    most = [j for j in np.argsort(-mean, kind="stable")[:NAMED] if mean[j] >= TELLING]
    if not most:
        return "A little strange in several ways."
    return " and ".join(f"{titles[j]} as in 1 of {round(float(np.exp(mean[j]))):,}" for j in most) + "."


def _sentence(groups: Sequence[OddGroup]) -> str:
    many = sum(len(one.members) for one in groups)
    if not many:
        return "No track is strange enough to be looked at."
    if len(groups) == many:
        return "Each of these tracks is strange in a way of its own: the strangest comes first."
    ways = f"{len(groups):,} way{'' if len(groups) == 1 else 's'}"
    return (f"{many:,} tracks are strange in {ways}: the strangest of each way comes first, "
            "then the second of each. One verdict tells much about the others of its way.")
