"""What to be careful about after a fit, in words, each with the next step."""

from __future__ import annotations

import numpy as np

from irlcore.fitting.result import FitWarning

NEARLY_COLLINEAR = 1e-8


def fit_warnings(phi: np.ndarray, names: tuple[str, ...], choices: np.ndarray, theta: np.ndarray,
                 inside: np.ndarray, hessian: np.ndarray) -> tuple[FitWarning, ...]:
    """Warnings on weights at a bound, features that never vary, separation and near-collinearity.

    phi: (M, K). choices: (C,) the choices made. theta, inside: (K,). hessian: (K, K).
    """
    found: list[FitWarning] = []
    for k, name in enumerate(names):
        column = phi[:, k]
        if column.min() == column.max() == 0.0:
            found.append(FitWarning(name, f"{name} is zero everywhere, so nothing can be learned of it.",
                                    "Switch it off, or change its zone or attribute."))
        elif not inside[k]:
            found.append(FitWarning(name, f"The weight of {name} is held at 0 by its sign constraint.",
                                    "Free the sign if you are not sure of it, or switch the feature off."))
        elif not column[choices].any():
            found.append(FitWarning(name, f"No track ever has {name}: its weight only says 'very bad' and has no upper "
                                          "limit.", "Constrain its sign, or use a wider zone."))
    found += _collinear(names, hessian, inside)
    return tuple(found)


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
