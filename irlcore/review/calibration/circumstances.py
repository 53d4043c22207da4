"""What is known of tracks before they behave: where and when they start, how far they have to go; and whether two sets differ in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SEED = 20121
SHUFFLES = 999
MOST_NUMBERS = 40_000_000
"""Random numbers that a test draws at most: of more tracks it takes a sample."""
LEVEL = 0.01
"""Below this chance two sets are said to differ: one in a hundred that do not is taken to."""
START, DISTANCE, HOUR, ENDED = "where they start", "how far they go", "the hour they start at", "whether they have ended"


@dataclass(frozen=True, slots=True, eq=False)
class Circumstances:
    """Of N tracks; None where the data does not tell. start: (N, 2) float64 in ``unit``. distance: (N,) float64 in ``unit``, from start to
    end. hour: (N,) float64 in [0, 24), NaN where unknown. ended: (N,) bool, the sequences of a log that came to an end before it was taken,
    None where all did."""

    start: np.ndarray | None = None
    distance: np.ndarray | None = None
    hour: np.ndarray | None = None
    unit: str = ""
    ended: np.ndarray | None = None

    def columns(self) -> dict[str, np.ndarray]:
        """What it is called -> (N, c) float64 numbers that tell it smoothly, of mean 0 and spread 1: positions and distance with their
        squares, so that a wider spread counts as a difference too, the hour as a point on a circle. Unknown ones count as the mean."""
        found: dict[str, np.ndarray] = {}
        for name, values in ((START, self.start), (DISTANCE, None if self.distance is None else np.log1p(self.distance))):
            if values is not None:
                plain = _standard(values.reshape(len(values), -1))
                found[name] = np.column_stack((plain, _standard(plain**2)))
        if self.hour is not None:
            angle = self.hour * (2.0 * np.pi / 24.0)
            found[HOUR] = _standard(np.column_stack((np.sin(angle), np.cos(angle))))
        if self.ended is not None:
            found[ENDED] = _standard(self.ended[:, None].astype(np.float64))
        return {name: values for name, values in found.items() if values.any()}


@dataclass(frozen=True, slots=True)
class Shift:
    """Whether two sets of tracks differ in their circumstances. p: of the permutation test of all together; 1 where nothing is known.
    compared: what could be compared. differs: what of it differs most clearly, none unless p is below ``LEVEL``."""

    p: float
    compared: tuple[str, ...]
    differs: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Whether the sets were found to differ."""
        return self.p <= LEVEL


def shift_between(circumstances: Circumstances, calibration: np.ndarray, review: np.ndarray, groups: np.ndarray | None = None,
                  seed: int = SEED) -> Shift:
    """Test of whether the tracks ``calibration`` (n,) int64 and ``review`` (m,) int64 may be two random parts of one set: the distance
    between their means in units of the joint covariance (Hotelling 1931), against that of random parts, so that its level is exact. groups:
    (N,) int64 of all tracks, where only what differs within a group counts; the parts are then drawn within each."""
    columns = circumstances.columns()
    rng = np.random.default_rng(seed)
    if not columns or not len(calibration) or not len(review):
        return Shift(1.0, (), ())
    most = MOST_NUMBERS // SHUFFLES
    if len(calibration) + len(review) > most:
        share = most / (len(calibration) + len(review))
        calibration, review = (rng.choice(one, max(int(share * len(one)), 1), replace=False) for one in (calibration, review))
    both, first = np.concatenate((calibration, review)), np.arange(len(calibration) + len(review)) < len(calibration)
    order = np.lexsort(np.column_stack([*columns.values()])[both].T)  # so that parts are drawn alike in whatever order the tracks stand
    both, first = both[order], first[order]
    of = np.zeros(len(both), np.int64) if groups is None else np.unique(groups[both], return_inverse=True)[1]
    taken = np.zeros((SHUFFLES + 1, len(both)), np.float32)
    taken[0, first] = 1.0
    for one in (np.flatnonzero(of == g) for g in range(int(of.max()) + 1)):
        k = int(first[one].sum())
        for row in taken[1:]:
            row[rng.permutation(one)[:k]] = 1.0
    each = {name: _distances(values[both], of, taken) for name, values in columns.items()}
    together = _chance(_distances(np.column_stack([*columns.values()])[both], of, taken))
    single = {name: _chance(values) for name, values in each.items()}
    differs = tuple(name for name, p in single.items() if p <= max(LEVEL, min(single.values()))) if together <= LEVEL else ()
    return Shift(together, tuple(columns), differs)


def _distances(values: np.ndarray, of: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """(B,) squared distance of the sum over the tracks ``taken`` (B, N) from what is expected of it, by the covariance of ``values`` (N, c)
    within the groups ``of`` (N,)."""
    count = np.bincount(of)
    mean = np.stack([np.bincount(of, column) / count for column in values.T], axis=1)
    values = values - mean[of]
    scale, axes = np.linalg.eigh(values.T @ values / len(values))
    kept = scale > 1e-9 * max(scale.max(initial=0.0), 1e-300)
    apart = taken @ (values @ axes[:, kept] / np.sqrt(scale[kept])).astype(np.float32)
    found: np.ndarray = (apart.astype(np.float64) ** 2).sum(axis=1)
    return found


def _chance(distances: np.ndarray) -> float:
    """The p-value of the first of (B + 1,), in (0, 1]; what is larger by rounding alone counts as equal."""
    return float((distances >= distances[0] * (1.0 - 1e-6)).mean())


def _standard(values: np.ndarray) -> np.ndarray:
    """Columns of mean 0 and spread 1, unknown ones 0; a column that never varies is 0 throughout."""
    known = np.isfinite(values)
    count = np.maximum(known.sum(axis=0), 1)
    values = np.where(known, values, 0.0)
    away = np.where(known, values - values.sum(axis=0) / count, 0.0)
    spread = np.sqrt((away**2).sum(axis=0) / count)
    found: np.ndarray = away / np.where(spread > 1e-9 * np.abs(values).max(axis=0, initial=1e-300), spread, np.inf)
    return found
