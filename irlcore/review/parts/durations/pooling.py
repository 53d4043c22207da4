"""Partial pooling: what is usual in each of many groups, some of which were hardly seen, at several levels at once.

y_v = centre + slope x_v + sum over levels of a_l[group of v] + s_v e_v, a_l ~ N(0, tau_l^2), e ~ Student t with ``tails`` degrees of
freedom. The effects are found by going round the levels, each the shrunk mean of what the others leave (backfitting: Buja, Hastie and
Tibshirani 1989); t errors come in as weights that go down with the distance (Lange, Little and Taylor 1989), so that tracks that are
themselves strange teach little. tau_l^2 is estimated by moments (empirical Bayes, as the credibility of Bühlmann and Straub 1970): a level
that does not matter gets 0, and all its effects are 0 then. Tracks cross places: what one of the two is thought to explain would be missing
in the moments of the other, so there it is left in and counts as noise (Henderson 1953, method I). The spread s_v is pooled alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

TAILS = (2.0, 3.0, 4.0, 6.0, 10.0)
"""Degrees of freedom that errors may have: heavier tails than 2 have no spread that one could tell, lighter ones than 10 are never sure."""

ROUNDS, FIRST_ROUNDS = 6, 2
"""How often the levels are gone round, and after how many rounds one that does not matter is left out of the others."""

PRIOR_SPREAD, PRIOR_COUNT = 0.25, 3.0
"""Before anything is seen a step takes a quarter more or less than usual; that counts as much as so many observations."""

LOOKED_AT = 20_000  # errors that tell how heavy tails are
CLIP = 2.5
"""Spreads beyond which an error counts as so many, where one error more or less must not decide."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """G groups. effects: (G,) float64. unsure: (G,) float64, variance of what is not known of each effect: tau^2 of a group never seen.
    between: tau^2, how much groups differ."""

    effects: np.ndarray
    unsure: np.ndarray
    between: float


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """What is usual. slope: of what is known of each visit beside its groups. levels: name -> its effects. spreads: name -> (G,) factors of
    the spread, as variances. spread: of the class. tails: degrees of freedom of errors. carry: how many times the variance of a mean of
    steps of one track is that of independent ones, >= 1."""

    centre: float
    slope: float
    levels: Mapping[str, Level]
    spreads: Mapping[str, np.ndarray]
    spread: float
    tails: float
    carry: float

    def mean(self, codes: Mapping[str, np.ndarray], x: np.ndarray | float = 0.0) -> np.ndarray:
        """(V,) float64, what is usual for visits of these groups."""
        own = [_at(level.effects, codes[name]) for name, level in self.levels.items() if name in codes]
        return np.asarray(self.centre + self.slope * x + sum(own))

    def variance(self, codes: Mapping[str, np.ndarray]) -> np.ndarray:
        """(V,) float64, squared spread of one visit about ``mean``, with what is not known of the mean."""
        own = np.full(len(next(iter(codes.values()))), self.spread**2)
        for name, factors in self.spreads.items():
            own *= _at(factors, codes[name], 1.0)
        for name, level in self.levels.items():
            if name in codes:
                own += _at(level.unsure, codes[name], level.between)
        return own


def pool(y: np.ndarray, codes: Mapping[str, np.ndarray], sizes: Mapping[str, int], spread_by: tuple[str, ...] = (),
         track: str = "", x: np.ndarray | None = None) -> Pooled:
    """What is usual of ``y`` (V,), at least one. codes: level -> (V,) int64 groups, -1 for none; sizes: level -> how many groups.

    x: (V,) float64, what is known of each beside; nothing is where None.
    spread_by: levels that the spread is pooled by, the wider first. track: the level that crosses the others, whose visits follow one
    another in ``y`` and carry errors from one to the next; its groups then count for less.
    """
    centre, slope = (float(np.median(y)), 0.0) if x is None else _line(y, x)
    levels = {name: Level(np.zeros(sizes[name]), np.zeros(sizes[name]), 0.0) for name in codes}
    spreads = {name: np.ones(sizes[name]) for name in spread_by}
    left, factor = y - centre - (0.0 if x is None else slope * x), np.ones(len(y))
    of_tracks = np.zeros(len(y))
    spread, tails, carry = _floored(len(y), float(np.median(np.abs(left))) * 1.4826), 4.0, 1.0
    for k in range(ROUNDS):
        weight = (tails + 1.0) / (tails + left**2 / (spread**2 * factor)) / (spread**2 * factor)
        spent, ground = 0.0, np.zeros(len(y))
        for name, code in codes.items():
            if k >= FIRST_ROUNDS and levels[name].between <= 0.0:
                continue
            crossed = ground if name == track else of_tracks
            others = sum(level.between for one, level in levels.items() if track and (one == track) != (name == track))
            left += _at(levels[name].effects, code)
            levels[name], freedom = _level(left, crossed, weight / (carry if name == track else 1.0), 1.0 + others / spread**2, code,
                                           sizes[name])
            effects = _at(levels[name].effects, code)
            left -= effects
            spent += freedom
            if name == track:
                of_tracks = effects
            else:
                ground += effects
        shift = float((weight * left).sum() / weight.sum())
        centre, left = centre + shift, left - shift
        errors = left / np.sqrt(factor)
        tails = _tails(errors) if k % 2 else tails
        spread = _spread(errors, tails, min(spent, 0.9 * len(y)), spread)
        if spread_by:
            spreads, factor = _spreads(errors_of(left, spread, tails), codes, sizes, spread_by)
        carry = _carry(left / (spread * np.sqrt(factor)), codes[track]) if track else 1.0
    return Pooled(centre, slope, levels, spreads, spread, tails, carry)


def _line(y: np.ndarray, x: np.ndarray) -> tuple[float, float]:
    """Centre and slope of y on x (V,) each, those far off weighed down. Where all y are alike the slope is 0, to the last digit."""
    centre, slope = float(np.median(y)), 0.0
    for _ in range(ROUNDS):
        left = y - centre - slope * x
        scale = _floored(len(y), 1.4826 * float(np.median(np.abs(left))))
        weight = 1.0 / (4.0 + (left / scale) ** 2)
        middle = float((weight * x).sum() / weight.sum())
        varies = float((weight * (x - middle) ** 2).sum() / weight.sum())
        rise = float((weight * (x - middle) * left).sum() / weight.sum()) / varies if varies > 1e-12 else 0.0
        centre += float((weight * left).sum() / weight.sum()) - rise * middle
        slope += rise
    return centre, slope


def _at(values: np.ndarray, code: np.ndarray, otherwise: float = 0.0) -> np.ndarray:
    """(V,) of groups ``code``, ``otherwise`` where there is none (-1)."""
    return np.append(values, otherwise)[code]


def errors_of(left: np.ndarray, spread: float, tails: float) -> np.ndarray:
    """(V,) float64: squared errors in spreads, those far out weighed down, so that their mean is 1."""
    squared = (left / spread) ** 2
    return np.asarray((tails + 1.0) * squared / (tails + squared))


def _level(left: np.ndarray, crossed: np.ndarray, weight: np.ndarray, noise: float, code: np.ndarray, groups: int) -> tuple[Level, float]:
    """Shrunk means of what is ``left`` (V,) to a level, and how many parameters they are worth. crossed: (V,) what a level that crosses it
    explains, which makes ``noise`` times the variance."""
    within = code + 1  # visits of no group go to one more, which is dropped
    total, sums, other = (np.bincount(within, one, groups + 1)[1:] for one in (weight, weight * left, weight * crossed))
    whole = sums + other
    seen, known = total > 0.0, float(total.sum())
    safe = np.where(seen, total, 1.0)
    if int(seen.sum()) < 2:
        return Level(np.zeros(groups), np.zeros(groups), 0.0), 0.0
    # E[sum W m^2] = sum W tau^2 + noise for each group, less what the mean of all takes away
    middle = float(whole.sum()) / known
    moment = float((total * (whole / safe - middle) ** 2).sum()) - noise * (int(seen.sum()) - 1)
    between = moment / (known - float((total**2).sum()) / known)
    if between <= 0.0:
        return Level(np.zeros(groups), np.zeros(groups), 0.0), 0.0
    unsure = 1.0 / (total + 1.0 / between)
    effects = unsure * sums
    effects[seen] -= effects[seen].mean()  # 0 at the solution; what they share is the centre's, which finds it slowly otherwise
    return Level(effects, unsure, between), float((total * unsure).sum())


def _tails(errors: np.ndarray) -> float:
    """The degrees of freedom, of ``TAILS``, by which ``errors`` (V,) are the likeliest."""
    sample = np.sort(errors)
    if len(sample) > LOOKED_AT:  # evenly through the ranks, so that it hangs on no order
        sample = sample[np.linspace(0, len(sample) - 1, LOOKED_AT).round().astype(np.int64)]
    fits, spread = [], 1.4826 * float(np.median(np.abs(sample)))
    for tails in TAILS:
        spread = _spread(sample, tails, 0.0, _floored(len(sample), spread))
        fits.append(float(student.logpdf(sample / spread, tails).sum() - len(sample) * np.log(spread)))
    return TAILS[int(np.argmax(np.asarray(fits) + 1e-6 * np.arange(len(TAILS))))]


def _spread(errors: np.ndarray, tails: float, spent: float, scale: float) -> float:
    """The scale of t errors (V,) by maximum likelihood, ``spent`` of which went into means; from a first guess."""
    squared = errors**2
    for _ in range(5):
        weighted = float(((tails + 1.0) * squared / (tails + squared / scale**2)).sum())
        scale = _floored(len(errors), float(np.sqrt(weighted / max(len(errors) - spent, 1.0))))
    return scale


def _floored(n: int, spread: float) -> float:
    """A spread told by ``n`` errors that is never 0, however alike or few they are."""
    return float(np.sqrt((n * spread**2 + PRIOR_COUNT * PRIOR_SPREAD**2) / (n + PRIOR_COUNT)))


def _spreads(squared: np.ndarray, codes: Mapping[str, np.ndarray], sizes: Mapping[str, int],
             by: tuple[str, ...]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Factors of the squared spread by level, and (V,) their product. squared: (V,) float64, errors in spreads of the class."""
    out, factor = {}, np.ones(len(squared))
    for name in by:
        within = codes[name] + 1
        count = np.bincount(within, minlength=sizes[name] + 1)[1:]
        ratio = np.bincount(within, squared / factor, sizes[name] + 1)[1:] / np.maximum(count, 1)
        known = count.sum()
        noise = float(np.var(squared / factor))
        middle = float((count * ratio).sum() / max(known, 1))
        excess = (float((count * (ratio - middle) ** 2).sum()) - (int((count > 0).sum()) - 1) * noise) / max(known, 1)
        trust = count / (count + noise / excess) if excess > 0.0 else np.zeros(len(count))
        out[name] = np.clip(1.0 + trust * (ratio / max(middle, 1e-12) - 1.0), 1e-4, 1e4)
        factor *= _at(out[name], codes[name], 1.0)
    return out, factor


def _carry(errors: np.ndarray, track: np.ndarray) -> float:
    """How many times the variance of a mean over many steps of one track is that of independent ones, by how much an error carries over to
    the next step (autoregressive of order one): (1 + rho) / (1 - rho), at least 1."""
    clipped = np.clip(errors, -CLIP, CLIP)
    follows = track[1:] == track[:-1]
    if not follows.any():
        return 1.0
    rho = float((clipped[1:] * clipped[:-1])[follows].mean() / max(float((clipped**2).mean()), 1e-12))
    rho = min(max(rho, 0.0), 0.9)
    return (1.0 + rho) / (1.0 - rho)
