"""What to be careful about after a fit: what it means, the next step, and the details for those who know the mathematics."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse.csgraph import connected_components

from irlcore.fitting.result import FitWarning
from irlcore.fitting.separation import NAMED
from irlcore.fitting.uncertainty import Uncertainty
from irlcore.fitting.ways import Ways
from irlcore.quantities import listed

NEARLY_COLLINEAR = 1e-8
FEW_AGENTS, FEW_FREEDOM = 10, 4.0  # fewer tracks or agents, or degrees of freedom: an interval is itself a rough estimate


def fit_warnings(phi: np.ndarray, names: tuple[str, ...], choices: np.ndarray, inside: np.ndarray, hessian: np.ndarray,
                 silent: np.ndarray | None = None) -> tuple[FitWarning, ...]:
    """Warnings on weights at a bound, features that never vary or that no track meets, and near-collinearity.

    phi: (M, K). choices: (C,) the choices made. inside: (K,). hessian: (K, K). silent: (K,) bool, weights of which more is said
    elsewhere.
    """
    silent = np.zeros(len(names), bool) if silent is None else silent
    found: list[FitWarning] = []
    for k, name in enumerate(names):
        column = phi[:, k]
        if column.min() == column.max() == 0.0:
            found.append(FitWarning(name, f"{name} applies nowhere in this world, so these tracks can tell nothing about it.",
                                    "Switch it off, or change its zone or attribute.", f"{name} is 0 at every choice."))
        elif not inside[k]:
            found.append(FitWarning(name, f"These tracks speak against the sign that was set for {name}, so it plays no part in this fit.",
                                    "Free the sign if you are not sure of it, or switch the feature off.",
                                    f"The weight of {name} is held at 0 by its sign constraint: the likelihood would rise beyond it. It "
                                    "has no interval."))
        elif not column[choices].any() and not silent[k]:
            found.append(_unmet(name))
    return (*found, *_collinear(names, hessian, inside & ~silent))


def limit_warnings(phi: np.ndarray, names: tuple[str, ...], choices: np.ndarray, theta: np.ndarray, sure: Uncertainty,
                   ways: Ways) -> tuple[FitWarning, ...]:
    """Warnings on weights that nothing tells, alone or apart from others, on weights that grow without a limit, and on intervals that
    rest on few tracks. theta: (K,); the rest as ``fit_warnings``."""
    k, found = len(names), list[FitWarning]()
    alone = ways.alone
    zero = ~phi.any(axis=0)
    for j in np.flatnonzero(alone & ~zero):
        found.append(FitWarning(names[j], f"These tracks cannot tell whether {names[j]} matters: whichever way they had taken, they would "
                                          "have met as much of it.", "Switch it off, or add tracks of agents who had a choice in it.",
                                f"Nothing tells the weight of {names[j]}: from where these tracks start, every way they could go has as "
                                f"much of it. It stays at {theta[j]:.3g}, where the search began, and has no interval."))
    for group in _together(sure.limits.flat[:k] & ~alone & ~zero, ways.flat):
        found.append(_flat([names[j] for j in group]))
    rising = np.flatnonzero(sure.limits.rising[:k])
    unmet = [j for j in rising if not phi[choices, j].any()]
    for j in unmet:
        found.append(_unmet(names[j]))
    met = [j for j in rising if j not in unmet]
    if met:
        found.append(_rising([names[j] for j in met], [sure.limits.side[j] > 0 for j in met]))
    known = np.isfinite(sure.freedom[:k])
    if known.any() and (sure.agents < FEW_AGENTS or sure.freedom[:k][known].min() < FEW_FREEDOM):
        least = float(sure.freedom[:k][known].min())
        found.append(FitWarning("", "So few tracks or agents tell something about a weight here that the intervals are rough: the truth "
                                    "may well lie outside.", "Take them as rough, and add tracks of more agents where you can.",
                                f"The intervals are unsure themselves: they rest on {sure.agents} independent tracks or agents "
                                f"({least:.1f} degrees of freedom for the least sure weight)."))
    return tuple(found)


def _unmet(name: str) -> FitWarning:
    return FitWarning(name, f"No track ever has {name}: it seems to be avoided at any price, and how strongly cannot be told.",
                      "If that is what you expect, leave it so. Else use a wider zone, or switch it off.",
                      f"The weight of {name} only says 'very bad': it has no lower limit, and so no interval.")


def _flat(names: Sequence[str]) -> FitWarning:
    """Weights that nothing tells under the weights found: of several that go together, or of one alone."""
    said = listed(names)
    if len(names) == 1:
        return FitWarning(said, f"These tracks cannot tell whether {said} matters.", "Switch it off, or add tracks of agents who had a "
                          "choice in it.", f"Nothing tells the weight of {said} under the weights found. No interval is shown.")
    return FitWarning(names[0], f"{said} say the same of every way that these tracks could take: what they count together is known, how "
                                "much each of them counts is not.", "Switch one of them off.",
                      "Their weights cannot be told apart: what one loses another gains, without a limit. No interval is shown.")


def _rising(names: Sequence[str], upwards: Sequence[bool]) -> FitWarning:
    """Weights without a limit that tracks do meet."""
    one = len(names) == 1
    said = listed([f"{name} ({'upwards' if up else 'downwards'})" for name, up in zip(names, upwards, strict=True)])
    what = f"No track ever acts against {listed(names)}: {'it matters' if one else 'they matter'} very much, and how much cannot be told."
    return FitWarning(names[0], what, "Add tracks of agents who also do otherwise, or leave it so and do not read its size.",
                      f"The tracks set no limit to the weight{'' if one else 's'} of {said}: every track takes a best way by "
                      f"{'it' if one else 'them'}, so that any larger would fit as well. No interval is shown.")


def _together(flat: np.ndarray, directions: np.ndarray) -> list[list[int]]:
    """Flat weights (K,) in groups that share a direction (K, F)."""
    index = np.flatnonzero(flat)
    if not len(index):
        return []
    part = (np.abs(directions[index]) > NAMED).astype(np.float64)
    _, label = connected_components(part @ part.T, directed=False)
    return [[int(j) for j in index[label == one]] for one in np.unique(label)]


def _collinear(names: tuple[str, ...], hessian: np.ndarray, inside: np.ndarray) -> list[FitWarning]:
    index = np.flatnonzero(inside & (np.diag(hessian) > 0.0))
    if len(index) < 2:
        return []
    scale = np.sqrt(np.diag(hessian)[index])
    values, vectors = np.linalg.eigh(hessian[np.ix_(index, index)] / np.outer(scale, scale))
    found = []
    for value, vector in zip(values, vectors.T, strict=True):
        if value < NEARLY_COLLINEAR * values[-1]:
            part = [names[index[j]] for j in np.flatnonzero(np.abs(vector) > 0.3)]
            what = f"{' and '.join(part)} say almost the same of these tracks, so how much each of them counts cannot be told."
            found.append(FitWarning(part[0] if part else "", what, "Switch one of them off.",
                                    "Their weights cannot be told apart: the information matrix, scaled, is nearly singular (its smallest "
                                    f"eigenvalue is {max(value, 0.0) / values[-1]:.1e} times the largest)."))
    return found
