"""One score made of many, by a rule that is learned from tracks which are neither calibrated on nor reviewed."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from irlcore.review.parts.table import PartTable


class Rule(Protocol):
    """How scores become one."""

    def combine(self, table: PartTable) -> np.ndarray:
        """(N,) float64, higher = stranger."""
