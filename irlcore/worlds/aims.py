"""What a track is taken to be after: the place where it ends, nothing in particular, or a goal that was not seen."""

from __future__ import annotations

import numpy as np

from irlcore.errors import WorldError

TO_ITS_END, NOWHERE, UNFINISHED = 0, 1, 2
"""A trip ends where it arrives and the end is its goal; an agent that roams (a patrol, a vessel that fishes, a round trip) has none and
nothing ends its walk; a track that is cut off, by the edge of what is observed or of a day, was on its way to a goal nobody saw."""

NOWHERE_NAME = "nowhere in particular"
"""The name of the goal without a state that all roaming paths share."""


def aims_of(n: int, aims: np.ndarray | None) -> np.ndarray:
    """(N,) int8, one of the three for each track; all go to their ends where None. WorldError where there are others, or too few."""
    if aims is None:
        return np.zeros(n, np.int8)
    if len(aims) != n or not np.isin(aims, (TO_ITS_END, NOWHERE, UNFINISHED)).all():
        raise WorldError(f"{len(aims)} aims for {n} tracks, or aims of another kind.", "Give every track one of the three kinds of aim.")
    return np.asarray(aims, np.int8)
