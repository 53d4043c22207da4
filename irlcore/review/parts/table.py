"""All scores of a class's tracks side by side, and each kind measured without the track that it judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.review.parts.base import Material, Measured, PartKind

FOLDS = 10
SEED = 20121


@dataclass(frozen=True, slots=True, eq=False)
class PartTable:
    """K scores of N tracks. names: (K,) keys. values: (N, K) float64, higher = stranger, NaN where a track gives nothing to measure."""

    names: tuple[str, ...]
    values: np.ndarray

    def of(self, name: str) -> np.ndarray:
        """(N,) float64 of one score. DataError where it was not measured."""
        if name not in self.names:
            raise DataError(f"The score {name!r} was not measured on these tracks.", f"Choose one of {', '.join(self.names)}.")
        return np.asarray(self.values[:, self.names.index(name)])

    def beside(self, name: str, values: np.ndarray) -> PartTable:
        """The table with one more score (N,)."""
        return PartTable((*self.names, name), np.column_stack((self.values, values)))


@dataclass(frozen=True, slots=True, eq=False)
class InFolds:
    """What was found in several batches of N tracks. batch, place: (N,) int64, the batch of each and its place there, -1 where none."""

    found: Sequence[Measured]
    batch: np.ndarray
    place: np.ndarray

    @property
    def values(self) -> np.ndarray:
        """(N,) float64."""
        out = np.full(len(self.batch), np.nan)
        for k, one in enumerate(self.found):
            mine = self.batch == k
            out[mine] = one.values[self.place[mine]]
        return out

    def words(self, at: int) -> str:
        """Of track ``at``."""
        return self.found[self.batch[at]].words(int(self.place[at])) if self.batch[at] >= 0 else ""


def measured(kind: PartKind, material: Material, learn: np.ndarray, control: Control | None = None) -> InFolds:
    """Every track against the usual of ``learn`` (m,) int64: those outside against all of them, each of those against the others' folds."""
    n, learn, control = len(material.paths), np.sort(learn), control or Control()
    fold = np.random.default_rng(SEED).permutation(np.arange(len(learn)) % min(FOLDS, max(len(learn), 1)))
    rest = np.setdiff1d(np.arange(n), learn)
    asked = [(learn, rest), *((learn[fold != k], learn[fold == k]) for k in range(int(fold.max(initial=-1)) + 1))]
    batch, place = np.full(n, -1), np.full(n, -1)
    found: list[Measured] = []
    for k, (usual, index) in enumerate(asked):
        control.step(k, len(asked), kind.title.lower())
        if len(usual) and len(index):
            batch[index], place[index] = len(found), np.arange(len(index))
            found.append(kind.measure(material, usual, index))
    return InFolds(found, batch, place)
