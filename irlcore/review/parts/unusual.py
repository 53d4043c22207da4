"""How unusual each family of a track's scores is beside normal tracks, in words: "route ordinary, pace 1 in 2,000"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.parts.base import FAMILIES, Family
from irlcore.review.parts.table import PartTable

ORDINARY = 0.05
"""A family is called ordinary where more than this share of normal tracks are as strange in it."""


@dataclass(frozen=True, slots=True)
class Unusual:
    """One family of one track. p: the smallest p-value of its scores, times their number, so that many scores are no more often unusual
    than one; 1 at most. floor: no p-value can be below it. score: whose p is the smallest. measured: False where nothing was."""

    family: Family
    p: float
    floor: float
    score: str
    measured: bool = True

    @property
    def ordinary(self) -> bool:
        """Whether nothing is unusual in it."""
        return not self.measured or self.p > ORDINARY

    @property
    def words(self) -> str:
        """ "ordinary", "1 in 2,000", or "fewer than 1 in 214" where no normal track is as strange."""
        if not self.measured:
            return "not measured"
        if self.ordinary:
            return "ordinary"
        often = f"1 in {int(np.floor(1.0 / self.p + 1e-9)):,}"
        return f"fewer than {often}" if self.p <= self.floor * (1.0 + 1e-9) else often


def p_of_columns(table: PartTable, names: Sequence[str], calibration: np.ndarray) -> np.ndarray:
    """(N, K) float64: conformal p-value of each of ``names`` against the tracks ``calibration`` (n,) int64; NaN where a track gives nothing
    to measure, and everywhere where nothing calibrates. A calibration track that gives nothing is as ordinary as can be, and those at
    ``calibration`` are told against themselves."""
    out = np.full((len(table.values), len(names)), np.nan)
    for k, name in enumerate(names if len(calibration) else ()):
        values = table.of(name)
        known = ~np.isnan(values)
        usual = np.where(known, values, -np.inf)[calibration]
        out[known, k] = conformal_p(usual, values[known])
    return out


def unusual_of(p: np.ndarray, names: Sequence[str], families: Mapping[str, str], n_calibration: int) -> list[Unusual]:
    """Family by family, in the order of ``FAMILIES``, those that some score of is there: from the p-values (K,) of one track's
    ``names``."""
    found = []
    for family in FAMILIES:
        mine = [k for k, name in enumerate(names) if families.get(name) == family]
        known = [k for k in mine if np.isfinite(p[k])]
        if not mine:
            continue
        if not known:
            found.append(Unusual(family, 1.0, 1.0, "", False))
            continue
        least = min(known, key=lambda k: (p[k], k))
        floor = len(known) / (n_calibration + 1.0)
        found.append(Unusual(family, float(min(1.0, len(known) * p[least])), min(1.0, floor), names[least]))
    return found


def sentence(found: Sequence[Unusual]) -> str:
    """ "Route ordinary, pace 1 in 2,000." Families that were not measured are left out; empty where none was."""
    said = [f"{FAMILIES[one.family].lower()} {one.words}" for one in found if one.measured]
    return f"{', '.join(said).capitalize()}." if said else ""
