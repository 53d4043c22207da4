"""The linear programme of Ng and Russell (2000), section 5: trajectories against the best trips under rival weights.

    maximise  sum over policies j found so far of p(w' (mu_E - mu_j)),   |w_k| <= 1,   p(x) = min(x, 2 x)

then add the best policy under the new w, until what was seen does as well as that. Ours: the values of policies come from the
planner, not from simulated trips; where the best policy was found before, and the search would stand still, p is made twice as
steep below 0, since otherwise one rival far behind outweighs one just ahead; and where what was seen is best under no weights
tried, those are kept under which it loses least against their own best policy, ridge included as in ``apprenticeship``.
"""

from __future__ import annotations

import numpy as np

from irlcore.engine import Control
from irlcore.fitting.apprenticeship import BestFeatures, ridge_of
from irlcore.fitting.linear_programme import programme
from irlcore.fitting.reward_limits import Limits

MOST_ROUNDS = 40
STEEPEST = 64.0
TOLERANCE = 1e-3
"""Loss below which what was seen counts as best."""


def weights_of_trips(expert: np.ndarray, best_features: BestFeatures, limits: Limits, first: np.ndarray,
                     most_rounds: int = MOST_ROUNDS, control: Control | None = None) -> tuple[np.ndarray, int, bool]:
    """Weights (K,), rounds used, and whether the search came to its own end.

    expert: (K,) features of what was seen. first: (K,) weights of the first policy.
    """
    control = control or Control()
    found = [best_features(first)]
    best, least, steepness = first, np.inf, 2.0
    for count in range(most_rounds):
        control.step(count, most_rounds, f"policy {len(found) + 1}")
        w = programme(expert - np.array(found), np.arange(len(found)), np.ones(len(found)), limits, steepness=steepness)
        new = best_features(w)
        loss = float(w @ (new - expert))
        size = ridge_of(limits) * float(w @ w)
        if w.any() and loss + size < least:
            best, least = w, loss + size
        if w.any() and loss <= TOLERANCE:
            return w, count + 1, True
        if np.abs(np.array(found) - new).max(axis=1).min() > 1e-9 * (1.0 + np.abs(new).max()):
            found.append(new)
        elif steepness >= STEEPEST:
            return best, count + 1, True
        else:
            steepness *= 2.0
    return best, most_rounds, False
