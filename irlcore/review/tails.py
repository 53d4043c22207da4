"""A score in nats: how rare it is, among ordinary tracks, to be so strange. So scores of any unit compare, and add up.

-log of the share of the ordinary values at least as high, up to the highest tenth of them; beyond, a generalised Pareto tail (Pickands
1975), whose shape is at least that of an exponential one, so that a score far outside all that is known still says how far. Where fewer
than two tenths have more than the least, as of what most tracks have none of, the tail begins at the middle of these: from nothing to
something is a step and no tail. A change of the score's unit changes nothing. At most ``MOST`` nats, which what is impossible has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

TAIL = 0.1
HEAVIEST = 0.5  # shape of the tail
MOST = 40.0
SAME, FINEST = 1e-9, 2.0**52  # of the middle four fifths of the ordinary scores, what makes no difference; steps that a number can hold


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """What is ordinary of one score. values: (n,) float64, rising, all finite. above: where the tail begins, share: of the values, beyond
    it. spread, shape: of its excesses, spread 0 where there is no tail to learn from. usual: nats that ordinary tracks have on average,
    also given where nothing is known. step: scores that differ by less are equal: the last bit of a sum tells nobody apart."""

    values: np.ndarray
    above: float
    share: float
    spread: float
    shape: float
    usual: float
    step: float = 0.0

    def nats(self, scores: np.ndarray) -> np.ndarray:
        """(N,) float64 of scores (N,), higher = stranger."""
        n = len(self.values)
        out = np.full(len(scores), self.usual)
        known = ~np.isnan(scores)
        if not n or not known.any():
            return out
        out[known] = _capped(self._rarity(stepped(np.minimum(scores[known], np.finfo(np.float64).max), self.step)))
        out[np.isposinf(scores)] = MOST
        return out

    def _rarity(self, x: np.ndarray) -> np.ndarray:
        n = len(self.values)
        low, high = (np.searchsorted(self.values, x, side) for side in ("left", "right"))
        rank = -np.log((n - 0.5 * (low + high) + 0.5) / (n + 1.0))  # equal ones share the middle of their places
        if self.spread <= 0.0:
            return rank
        beyond = np.maximum(x - self.above, 0.0) / self.spread
        begins = -np.log(self.share)
        tail = begins + (np.log1p(self.shape * beyond) / self.shape if self.shape > 1e-6 else beyond)
        return np.where(x > self.above, np.maximum(tail, begins), np.minimum(rank, begins))


def _capped(nats: np.ndarray) -> np.ndarray:
    """Rising all the way to ``MOST``, and nearly unchanged where something can be told from ordinary tracks."""
    return np.asarray(MOST * -np.expm1(-nats / MOST))


def stepped(values: np.ndarray, step: float) -> np.ndarray:
    """Values (n,) rounded to whole steps, but where these are finer than the values are; as they are where the step is 0."""
    fine = np.abs(values) < FINEST * step
    out = values.copy()
    out[fine] = np.rint(values[fine] / step) * step if step > 0.0 else values[fine]
    return out


def step_of(ordinary: np.ndarray) -> float:
    """By what scores (n,) differ where that is more than rounding; 0 where most are equal."""
    known = ordinary[np.isfinite(ordinary)]
    apart = float(np.subtract(*np.quantile(known, (1.0 - TAIL, TAIL)))) if len(known) else 0.0
    return SAME * apart if 0.0 < apart < np.inf else 0.0


def tail_of(ordinary: np.ndarray) -> Tail:
    """What is ordinary, from the scores (n,) of tracks; NaN says nothing, and what is impossible is no measure."""
    values = np.sort(ordinary[np.isfinite(ordinary)])
    step = step_of(values)
    values = stepped(values, step)
    if len(values) < 2:
        return Tail(values, np.inf, TAIL, 0.0, 0.0, 1.0)
    above, share = float(np.quantile(values, 1.0 - TAIL)), TAIL
    some = values[values > values[0]]
    if 2 < len(some) < 2.0 * TAIL * len(values):
        above = float(np.median(some))
        share = max(float((some > above).mean()), 0.5 / len(some)) * len(some) / len(values)
    spread, shape = _pareto(values[values > above] - above)
    plain = Tail(values, above, share, spread, shape, 1.0, step)
    return replace(plain, usual=float(plain.nats(values).mean()))


def _pareto(excess: np.ndarray) -> tuple[float, float]:
    """Spread and shape by probability-weighted moments (Hosking and Wallis 1987), the shape kept between 0 and ``HEAVIEST``; an
    exponential tail of the same mean where few excesses are known."""
    n = len(excess)
    if n < 2 or not excess.max() > 0.0:
        return 0.0, 0.0
    mean = float(excess.mean())
    ranked = np.sort(excess)
    weighted = float((ranked * (1.0 - (np.arange(1, n + 1) - 0.35) / n)).mean())
    away = mean - 2.0 * weighted
    shape = 2.0 - mean / away if away > 0.0 else HEAVIEST
    shape = float(np.clip(shape, 0.0, HEAVIEST))
    return mean * (1.0 - shape), shape
