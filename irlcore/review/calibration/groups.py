"""p-values within groups of tracks that are alike beforehand: each is compared with the normal ones of its own group.

If tracks are exchangeable within their group, P(p <= a | group) <= a in each group, though the groups may differ in how strange their
normal tracks are (Mondrian conformal prediction: Vovk, Gammerman and Shafer 2005, section 4.5). Where the groups lie is learned from
tracks that neither calibrate nor are reviewed: bounds moved until each group has enough calibration tracks would favour some.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from irlcore.review.calibration.p_values import conformal_p

FEWEST = 50
"""Normal tracks that a group should have to learn from, so that some hundred calibrate it (``project.split``)."""
HOURS = 24
UNKNOWN = "not known"


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """of: (N,) int64, the group of each track. titles: (G,) what each is, as "under 1,200 m". said: how many there are, and why no more."""

    of: np.ndarray
    titles: tuple[str, ...]
    said: str


def by_distance(distance: np.ndarray, learn: np.ndarray, unit: str, fewest: int = FEWEST) -> Groups:
    """Groups of about as many of the tracks ``learn`` (m,) int64 each, at least ``fewest``, by distance (N,); NaN is a group of its own."""
    known = np.sort(distance[learn][np.isfinite(distance[learn])])
    parts = max(len(known) // fewest, 1)
    edges = np.unique(known[[len(known) * k // parts for k in range(1, parts)]]) if len(known) else np.zeros(0)
    edges = edges[edges > known[0]] if len(known) else edges  # else nothing would lie below
    of = np.searchsorted(edges, distance, side="right").astype(np.int64)
    told = [f"{edge:,.4g} {unit}".strip() for edge in edges]
    titles = ["any distance"] if not told else [f"under {told[0]}", *(f"{a} to {b}" for a, b in pairwise(told)),
                                                f"{told[-1]} and more"]
    return _with_unknown(of, titles, ~np.isfinite(distance), "distance from start to end", fewest)


def by_hour(hour: np.ndarray, learn: np.ndarray, fewest: int = FEWEST) -> Groups:
    """Groups of neighbouring hours of the day, hour (N,) in [0, 24), each with at least ``fewest`` of the tracks ``learn`` (m,) int64."""
    known = hour[learn][np.isfinite(hour[learn])]
    count = np.bincount(known.astype(np.int64) % HOURS, minlength=HOURS)
    starts, held = [0], 0
    for h in range(HOURS):
        if held >= fewest and count[h:].sum() >= fewest:
            starts.append(h)
            held = 0
        held += int(count[h])
    of = np.searchsorted(starts, np.where(np.isfinite(hour), hour, 0.0), side="right") - 1
    ends = [*starts[1:], HOURS]
    titles = ["any hour"] if len(starts) == 1 else [f"{a:02d}:00 to {b:02d}:00" for a, b in zip(starts, ends, strict=True)]
    return _with_unknown(of, titles, ~np.isfinite(hour), "hour of the day", fewest)


def by_ended(ended: np.ndarray, calibration: np.ndarray) -> Groups:
    """Two groups: the sequences that have ended, (N,) bool, and those that were still running when the log was taken. calibration: (n,)
    int64, which is told of."""
    still = int((~ended[calibration]).sum())
    return Groups(np.where(ended, 0, 1).astype(np.int64), ("ended", "still running"),
                  f"Sequences that have ended are compared with such normal ones ({len(calibration) - still:,}), those still running with "
                  f"such ({still:,}){'; of these nothing can be said, since no normal one is known' if not still else ''}.")


def _with_unknown(of: np.ndarray, titles: list[str], unknown: np.ndarray, what: str, fewest: int) -> Groups:
    """The groups, those of which nothing is known apart."""
    if len(titles) == 1:
        said = f"There are too few normal tracks to part them by {what}: all are compared with all."
    else:
        said = (f"Each track is compared with normal ones of the same {what}, in {len(titles)} groups; smaller ones were merged with their "
                f"neighbours until {fewest:,} normal tracks of the fit lay in each.")
    if unknown.any() and not unknown.all():
        of, titles = np.where(unknown, len(titles), of), [*titles, UNKNOWN]
    return Groups(of, tuple(titles), said)


def grouped_p(calibration: np.ndarray, scores: np.ndarray, calibration_groups: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Conformal p-values (N,) of ``scores`` (N,) of ``groups`` (N,) int64, each against those of ``calibration`` (n,) in its group: 1 where
    that has none, so that nothing is said of it."""
    p = np.ones(len(scores))
    for one in np.unique(groups):
        normal, mine = calibration[calibration_groups == one], groups == one
        if len(normal):
            p[mine] = conformal_p(normal, scores[mine])
    return p
