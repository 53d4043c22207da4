"""What was just done on a map, as the pages hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Tool = Literal["move", "lasso", "polygon", "rectangle"]


@dataclass(frozen=True, slots=True, eq=False)
class Touched:
    """Given back once. ring: (V, 2) float64, the corners of what was drawn, in the world's coordinates, closed; None where nothing was.
    place: the number of the place clicked, -1 for none. A click on a track has selected it already."""

    ring: np.ndarray | None = None
    place: int = -1
