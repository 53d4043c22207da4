"""What the rows of a design tell apart, and the weights that they set no limit to.

The rows are a conditional logit, so both are plain: nothing tells d where psi d is the same for all choices of every state (flat), and the
likelihood never falls along d where no choice has more of psi d than the one made (Albert and Anderson 1984). Where the search ended there,
d has lost its information: the states that tell it apart have become certain. So only where information fell far below the spread are
programmes solved. All rows together may be many more than a linear programme takes, so it begins with some and adds those that what was
found goes against. With many weights, as n-grams have, only directions of one weight are looked for.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from irlcore.fitting.recession import Programme, rising_directions
from irlcore.fitting.separation import COLLAPSED, DataLimits, free_flat, limits_beside
from irlcore.fitting.value_basis.design import Design
from irlcore.fitting.ways import Ways

NOTHING = 1e-10  # as in fitting.ways: of the features to go, what sums lose to rounding
DEPENDENT = 1e-9
FIRST, ADDED, ROUNDS = 1_000, 1_000, 20  # rows of a programme; rounds of adding those that are gone against
AGAINST = 1e-7  # of a contrast
MANY = 40  # weights


def ways_of(design: Design) -> Ways:
    """Flat directions, scale and spread of the rows (``fitting.ways``)."""
    width, k = np.diff(design.offsets), design.psi.shape[1]
    possible = np.isfinite(design.offset)
    count = np.maximum(np.add.reduceat(possible.astype(np.float64), design.offsets[:-1]), 1.0)
    mean = np.add.reduceat(design.psi, design.offsets[:-1], axis=0) / count[:, None]
    apart = np.where(possible[:, None], design.psi - np.repeat(mean, width, axis=0), 0.0)
    size = np.abs(design.psi).max(axis=0, initial=0.0)
    length = np.sqrt((apart**2).sum(axis=0))
    told = length > NOTHING * size * np.sqrt(len(apart))
    scale = np.where(told, length, np.where(size > 0.0, size, 1.0))
    flat = np.eye(k)[:, ~told]
    if told.any():
        triangle = np.linalg.qr(apart[:, told] / scale[told], mode="r")
        _, values, rows = np.linalg.svd(triangle)
        null = np.append(values, np.zeros(len(rows) - len(values))) <= DEPENDENT * values[0]
        together = np.zeros((k, int(null.sum())))
        together[told] = rows[null].T
        flat = np.column_stack((flat, together))
    share = np.repeat(design.visits / count, width)
    spread = (apart * share[:, None]).T @ apart / np.outer(scale, scale)
    return Ways(scale, flat, spread, int((count[design.block] > 1).sum()))


def first_of(ways: Ways, k: int) -> Ways:
    """What is told of the first K numbers alone, the weights of features."""
    return replace(ways, scale=ways.scale[:k], flat=ways.flat[:k], spread=ways.spread[:k, :k])


def rows_limits(design: Design, ways: Ways, information: np.ndarray, inside: np.ndarray, lower: np.ndarray, upper: np.ndarray,
                bounded: bool) -> DataLimits:
    """What has no limit among the weights that are ``inside`` (K,) bool their bounds (K,). information: (K, K) where the search ended.

    bounded: something beside the likelihood limits them (``Term.holds``); what the curvature does not tell even so, ``uncertainty`` sees.
    """
    k = len(ways.scale)
    if bounded:
        return DataLimits(np.eye(k)[:, inside], np.zeros(k, bool), np.zeros(k, bool), np.zeros(k))
    asked = design.seen is None and _collapsed(ways, information, inside)
    found = _rising(design, ways, inside, lower, upper) if asked else np.zeros((k, 0))
    return limits_beside(free_flat(ways.flat, inside), found, np.flatnonzero(inside), ways.scale)


def _collapsed(ways: Ways, information: np.ndarray, inside: np.ndarray) -> bool:
    """Whether there is a direction that has lost its information."""
    values, vectors = np.linalg.eigh(ways.spread[np.ix_(inside, inside)])
    told = values > 1e-9 * max(float(values.max(initial=0.0)), 1e-300)
    root = vectors[:, told] / np.sqrt(values[told])
    scaled = (information / np.outer(ways.scale, ways.scale))[np.ix_(inside, inside)]
    return bool(np.linalg.eigvalsh(root.T @ scaled @ root).min(initial=1.0) < COLLAPSED)


def _rising(design: Design, ways: Ways, inside: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """(K, D) in x = w * scale: directions along which no choice gets ahead of those made."""
    contrasts = _contrasts(design, ways)
    if len(ways.scale) > MANY:
        return _alone(contrasts, ways, inside, lower, upper)
    rows = contrasts[::max(1, len(contrasts) // FIRST)]
    for _ in range(ROUNDS):
        at_most, k = sp.csr_array(rows), len(ways.scale)
        found = rising_directions(Programme(at_most, sp.csr_array((0, k)), True), ways, lower, upper, inside)
        if not found.shape[1]:
            return found
        ahead = (contrasts @ found).max(axis=1)
        against = np.flatnonzero(ahead > AGAINST)
        if not len(against):
            return found
        rows = np.concatenate((rows, contrasts[against[np.argsort(-ahead[against], kind="stable")[:ADDED]]]))
    return np.zeros((len(ways.scale), 0))  # as good as never: then intervals tell how little is known


def _alone(contrasts: np.ndarray, ways: Ways, inside: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """(K, D) in x: single weights that no choice made speaks against."""
    up = inside & ~np.isfinite(upper) & (contrasts.max(axis=0, initial=0.0) <= AGAINST) & ~ways.alone
    down = inside & ~np.isfinite(lower) & (contrasts.min(axis=0, initial=0.0) >= -AGAINST) & ~ways.alone
    found = np.diag(up.astype(np.float64) - (down & ~up))
    return np.asarray(found[:, up | down])


def _contrasts(design: Design, ways: Ways) -> np.ndarray:
    """(n, K) in x: what each other choice has more than the one made, once for each choice that was made in a state; of size 1 at most."""
    made = np.unique(np.column_stack((design.block, design.steps)), axis=0)
    width = np.diff(design.offsets)[made[:, 0]]
    first = np.repeat(np.cumsum(width) - width, width)
    others = np.arange(int(width.sum())) - first + np.repeat(design.offsets[made[:, 0]], width)
    chosen = np.repeat(made[:, 1], width)
    kept = (others != chosen) & np.isfinite(design.offset[others])
    out = (design.psi[others[kept]] - design.psi[chosen[kept]]) / ways.scale
    size = np.abs(out).max(axis=1, initial=0.0)
    return np.asarray(out[size > 0.0] / size[size > 0.0, None])
