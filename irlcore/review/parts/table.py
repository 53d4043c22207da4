"""All scores of a class's tracks side by side, and each kind measured without the track that it judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.features.folds import fold_by_id
from irlcore.review.parts.base import Material, Measured, PartKind
from irlcore.review.parts.once import once

FOLDS = 10


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

    def first(self, n: int) -> InFolds:
        """Of the first n tracks alone."""
        return InFolds(self.found, self.batch[:n], self.place[:n])

    def words(self, at: int) -> str:
        """Of track ``at``."""
        return self.found[self.batch[at]].words(int(self.place[at])) if self.batch[at] >= 0 else ""


def measured(kind: PartKind, material: Material, learn: np.ndarray, control: Control | None = None,
             made_of: np.ndarray | None = None) -> InFolds:
    """Every track against the usual of ``learn`` (m,) int64: those outside against all of them, each of those against the others' folds.

    made_of: (k,) int64, for the last k tracks of the material, which track each was made of: it is measured along with that one, against
    what was learned without it."""
    learn, control = np.sort(learn), control or Control()
    made_of = np.zeros(0, np.int64) if made_of is None else made_of
    n = len(material.paths) - len(made_of)
    fold = fold_by_id(material.paths.ids[learn], min(FOLDS, max(len(learn), 1)))
    group = np.full(n, -1)
    group[learn] = fold
    group = np.append(group, group[made_of])
    batch, place = np.full(len(group), -1), np.full(len(group), -1)
    found: list[Measured] = []
    same = kind.same(material)
    asked = range(-1, int(fold.max(initial=-1)) + 1)
    for k in asked:
        control.step(k + 1, len(asked), kind.title.lower())
        usual, index = learn[fold != k], np.flatnonzero(group == k)
        if len(usual) and len(index):
            different, place[index] = (index, np.arange(len(index))) if same is None else _each_once(same, index)
            batch[index] = len(found)
            found.append(kind.measure(material, usual, different))
    return InFolds(found, batch, place)


def _each_once(same: np.ndarray, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different ones of the tracks ``index`` (n,), and which of them each is."""
    found, back = once(same, index)
    return found.index, back
