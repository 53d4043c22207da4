"""What a kind of score found of n tracks, and what it says of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


def nothing(at: int) -> str:
    """The words of a score that has nothing to say of track ``at``."""
    return ""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """values: (n,) float64, higher = stranger. say: what is said of a track that has a value."""

    values: np.ndarray
    say: Callable[[int], str] = nothing

    def words(self, at: int) -> str:
        """Of track ``at`` of the n."""
        return "" if np.isnan(self.values[at]) else self.say(at)
