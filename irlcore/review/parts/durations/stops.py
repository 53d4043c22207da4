"""Stops: how much longer a track spent in one place than it would at its own pace, in seconds and not in shares.

Waits add to the time that a step takes, and do not multiply it: a light that holds up a step of 5 s for a minute is nothing, and a rest of
ten minutes on a link that takes three is. So how much longer is held against how much longer one in twenty visits of the class takes where
as much is expected, a + b x (expected), fitted to that quantile over bands of visits (``Waits``); more where times differ more than
usual, or the place is hardly known. How rare a multiple of it is is told by all visits of the class, and far out by a generalised Pareto
tail (``review.tails``): no law is believed that would take a rest of an hour for a light that was red for long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls
from scipy.stats import t as student

from irlcore.review.parts.base import Material
from irlcore.review.parts.durations.learned import Against, against, others_pace
from irlcore.review.parts.durations.pooling import PRIOR_COUNT, PRIOR_SPREAD
from irlcore.review.parts.durations.visits import visits_of
from irlcore.review.tails import Tail, tail_of

ONE_IN = 20.0  # visits: the longest of so many is what others are told by
BANDS, OF_EACH = 10, 100  # bands of visits by what is expected of them, at most, and visits in one, at least
LEAST = 0.01  # of what is usual: no wait is shorter
BELIEVED_WAIT = float(student.ppf(1.0 - 1.0 / ONE_IN, 4.0))  # in spreads of one visit, before any is seen
BELIEVED = student.ppf((np.arange(ONE_IN) + 0.5) / ONE_IN, 4.0) / BELIEVED_WAIT
"""How far visits lie from what is expected, in waits, before any is seen: it counts as so many visits."""


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """What is usual. fixed: in the material's clock, and share: of what is expected, add up to the wait that one in twenty visits has.
    usual: what is expected of a usual visit. tail: of all visits, in such waits."""

    fixed: float
    share: float
    usual: float
    tail: Tail

    def of(self, expected: np.ndarray) -> np.ndarray:
        """(V,) float64, in the material's clock, of visits of which so much is expected."""
        return wait(self.fixed, self.share, self.usual, expected)


def wait(fixed: float, share: float, usual: float, expected: np.ndarray) -> np.ndarray:
    """The wait that one in twenty visits has, (V,) float64 in the material's clock, where so much is ``expected`` of a visit."""
    return np.maximum(fixed + share * expected, LEAST * (usual + expected))


def longer(material: Material, found: Against) -> tuple[np.ndarray, np.ndarray]:
    """How much longer each visit took than expected of this track by its other visits, over how much more visits differ there than is
    usual, and what was expected, (V,) float64 each: at the pace of the class, so that who is slow all along has no stops for that."""
    visits, pooled = material.derived(visits_of), found.usual.pooled
    pace, unsure = others_pace(found, visits.sure[found.visits])
    expected = found.times(found.expected + found.load * pace)
    unsteady = np.sqrt(found.variance + unsure * found.load**2) / pooled.spread
    own = np.exp(pace)
    took = np.round((visits.spent[found.visits] - expected) / own / unsteady, 9)
    return took, expected / own


def waits_of(material: Material, learn: np.ndarray) -> Waits | None:
    """What the tracks ``learn`` (m,) int64 teach; None where the time of none of their visits is known."""
    found = material.derived(against, learn, learn)
    if found is None:
        return None
    took, expected = longer(material, found)
    sure = material.derived(visits_of).sure[found.visits]
    took, expected = took[sure], expected[sure]
    usual = float(np.median(expected)) or found.usual.started
    order = np.lexsort((took, expected))
    bands = np.array_split(order, int(np.clip(len(order) // OF_EACH, 1, BANDS)))
    most = np.array([max(float(np.quantile(took[band], 1.0 - 1.0 / ONE_IN)), LEAST * usual) for band in bands])
    middle = np.array([float(expected[band].mean()) for band in bands])
    count = np.sqrt([len(band) for band in bands])
    believed = PRIOR_SPREAD * BELIEVED_WAIT
    rows = np.vstack((np.column_stack((np.full(len(bands), usual), middle)) * (count / most)[:, None],
                      np.eye(2) * np.sqrt(PRIOR_COUNT) / believed))
    fixed, share = nnls(rows, np.concatenate((count, np.full(2, np.sqrt(PRIOR_COUNT)))))[0]
    waits = took / wait(float(fixed) * usual, float(share), usual, expected)
    return Waits(float(fixed) * usual, float(share), usual, tail_of(np.concatenate((waits, BELIEVED))))


def stops(material: Material, learn: np.ndarray, found: Against) -> tuple[np.ndarray, np.ndarray]:
    """How long each visit of ``found`` lasted beyond what is expected, in waits (V,), and how rare the longest of each track is, (n,) nats;
    NaN for a track of which no visit is known."""
    learned = material.derived(waits_of, learn)
    assert learned is not None  # as there is something to hold against
    took, expected = longer(material, found)
    waits = took / learned.of(expected)
    most = np.full(len(found.own), -np.inf)
    np.maximum.at(most, found.track, waits)
    one = np.exp(-learned.tail.nats(np.where(found.steps > 0, most, np.nan)))
    nats = -np.log(-np.expm1(np.maximum(found.steps, 1) * np.log1p(-one)))
    return waits, np.where(found.steps > 0, nats, np.nan)
