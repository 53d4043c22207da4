"""What to be careful about after a fit, in words, each with the next step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse.csgraph import connected_components

from irlcore.fitting.result import FitWarning
from irlcore.fitting.separation import NAMED
from irlcore.fitting.uncertainty import Uncertainty
from irlcore.fitting.ways import Ways

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
            found.append(FitWarning(name, f"{name} is zero everywhere, so nothing can be learned of it.",
                                    "Switch it off, or change its zone or attribute."))
        elif not inside[k]:
            found.append(FitWarning(name, f"The weight of {name} is held at 0 by its sign constraint.",
                                    "Free the sign if you are not sure of it, or switch the feature off."))
        elif not column[choices].any() and not silent[k]:
            found.append(FitWarning(name, f"No track ever has {name}: its weight only says 'very bad' and has no upper "
                                          "limit.", "Constrain its sign, or use a wider zone."))
    return (*found, *_collinear(names, hessian, inside & ~silent))


def limit_warnings(phi: np.ndarray, names: tuple[str, ...], choices: np.ndarray, theta: np.ndarray, sure: Uncertainty,
                   ways: Ways) -> tuple[FitWarning, ...]:
    """Warnings on weights that nothing tells, alone or apart from others, on weights that grow without a limit, and on intervals that
    rest on few tracks. theta: (K,); the rest as ``fit_warnings``."""
    k, found = len(names), list[FitWarning]()
    alone = ways.alone
    zero = ~phi.any(axis=0)
    for j in np.flatnonzero(alone & ~zero):
        found.append(FitWarning(names[j], f"Nothing tells the weight of {names[j]}: from where these tracks start, every way to the goal "
                                          f"has as much of it. It stays at {theta[j]:.3g}, where the search began, and has no interval.",
                                "Switch it off, or add tracks of agents who had a choice in it."))
    for group in _together(sure.limits.flat[:k] & ~alone & ~zero, ways.flat):
        said = _listed([names[j] for j in group])
        fault = (f"{said} say the same of every way that these tracks could take, so their weights cannot be told apart: what one loses "
                 "another gains, without a limit.")
        if len(group) == 1:
            fault = f"Nothing tells the weight of {said} under the weights found."
        found.append(FitWarning(names[group[0]], f"{fault} No interval is shown.", "Switch one of them off."))
    rising = np.flatnonzero(sure.limits.rising[:k])
    unmet = [j for j in rising if not phi[choices, j].any()]
    for j in unmet:
        found.append(FitWarning(names[j], f"No track ever has {names[j]}: its weight only says 'very bad' and has no upper "
                                          "limit, and so no interval.", "Constrain its sign, or use a wider zone."))
    met = [j for j in rising if j not in unmet]
    if met:
        said = _listed([f"{names[j]} ({'upwards' if sure.limits.side[j] > 0 else 'downwards'})" for j in met])
        weight, them, they = ("weight", "it", "It only says") if len(met) == 1 else ("weights", "them", "They only say")
        found.append(FitWarning(names[met[0]], f"The tracks set no limit to the {weight} of {said}: every track takes a best way by "
                                               f"{them}, so that any larger would fit as well. {they} 'very much'; no interval is shown.",
                                "Add tracks of agents who also do otherwise, constrain the sign, or switch it off."))
    known = np.isfinite(sure.freedom[:k])
    if known.any() and (sure.agents < FEW_AGENTS or sure.freedom[:k][known].min() < FEW_FREEDOM):
        least = float(sure.freedom[:k][known].min())
        found.append(FitWarning("", f"The intervals are unsure themselves: they rest on {sure.agents} independent tracks or agents "
                                    f"({least:.1f} degrees of freedom for the least sure weight).",
                                "Take them as rough, and add tracks of more agents where you can."))
    return tuple(found)


def _together(flat: np.ndarray, directions: np.ndarray) -> list[list[int]]:
    """Flat weights (K,) in groups that share a direction (K, F)."""
    index = np.flatnonzero(flat)
    if not len(index):
        return []
    part = (np.abs(directions[index]) > NAMED).astype(np.float64)
    _, label = connected_components(part @ part.T, directed=False)
    return [[int(j) for j in index[label == one]] for one in np.unique(label)]


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


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
            what = f"{' and '.join(part)} say almost the same thing, so their weights cannot be told apart."
            found.append(FitWarning(part[0] if part else "", what, "Switch one of them off."))
    return found
