"""Apprenticeship: weights under which what was seen beats every other policy found so far by the widest margin.

P. Abbeel and A. Y. Ng, *Apprenticeship learning via inverse reinforcement learning*, ICML 2004, section 3. With mu_E the
features of what was seen and mu_j those of the policies found so far, each round i takes weights w(i) and a margin

    t(i) = max over |w|_2 <= 1 of min over j < i of w' (mu_E - mu_j)                    (max-margin, section 3)
    w(i) = mu_E - mubar(i-1), t(i) = |w(i)|_2, mubar the point of the way travelled
           from one mu_j to the next that is nearest to mu_E                            (projection, section 3.1)

and adds mu of the policy that is best under w(i), until t(i) is small: a mixture of the policies found then has nearly the
features of what was seen, and so nearly its value under any weights.

Ours, within ``Limits`` that name a unit (w = 0 is not among them): the margin has a ridge, t - ``RIDGE`` |w|^2, without which
agents that err push all weight onto the feature they err least in; the projection is of mu_E in that measure. And w is the one
of the weights tried under which what was seen loses least against their own best policy, ridge included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.fitting.reward_limits import Limits

MOST_ROUNDS = 60
TOLERANCE = 1e-3
RIDGE = 0.1
BISECTIONS = 8
BestFeatures = Callable[[np.ndarray], np.ndarray]
"""Weights (K,) -> feature expectations (K,) of a policy that is best under them."""


@dataclass(frozen=True, slots=True)
class Apprenticeship:
    """How the search went, n rounds.

    tried: (n, K) weights of each round. margins: (n,) t(i). losses: (n,) w(i)' (mu of its best policy - mu_E).
    found: (n + 1, K) features of the policies, the first one's first. mixture: (n + 1,) share of each policy in the mixture
    nearest to mu_E. converged: whether no policy is left that would narrow the margin by more than the tolerance.
    """

    tried: np.ndarray
    margins: np.ndarray
    losses: np.ndarray
    found: np.ndarray
    mixture: np.ndarray
    converged: bool
    ridge: float = 0.0

    @property
    def weights(self) -> np.ndarray:
        """(K,): of the weights tried, those under which what was seen loses least."""
        best: np.ndarray = self.tried[int(np.argmin(self.losses + self.ridge * (self.tried**2).sum(axis=1)))]
        return best


def max_margin(expert: np.ndarray, best_features: BestFeatures, limits: Limits, first: np.ndarray,
               tolerance: float = TOLERANCE, most_rounds: int = MOST_ROUNDS, control: Control | None = None) -> Apprenticeship:
    """The quadratic programme of section 3; expert (K,) is mu_E, first (K,) weights whose best policy is mu_0."""
    return _search(expert, best_features, limits, first, tolerance, most_rounds, control,
                   lambda found: _widest_margin(expert, found, limits))


def projection(expert: np.ndarray, best_features: BestFeatures, limits: Limits, first: np.ndarray,
               tolerance: float = TOLERANCE, most_rounds: int = MOST_ROUNDS, control: Control | None = None) -> Apprenticeship:
    """The projection of section 3.1, which needs no programme where only the size is limited; arguments as ``max_margin``."""
    mean: list[np.ndarray] = []

    def step(found: list[np.ndarray]) -> tuple[np.ndarray, float]:
        mean.append(_toward(expert, mean[-1], found[-1], limits) if mean else found[-1])
        w = _pointing(expert - mean[-1], limits)
        return w, float(w @ (expert - mean[-1]))

    return _search(expert, best_features, limits, first, tolerance, most_rounds, control, step)


def _search(expert: np.ndarray, best_features: BestFeatures, limits: Limits, first: np.ndarray, tolerance: float, most_rounds: int,
            control: Control | None, step: Callable[[list[np.ndarray]], tuple[np.ndarray, float]]) -> Apprenticeship:
    control = control or Control()
    found = [best_features(first)]
    tried: list[np.ndarray] = []
    margins: list[float] = []
    losses: list[float] = []
    ridge, least, converged = ridge_of(limits), np.inf, False
    while not converged and len(tried) < most_rounds:
        w, margin = step(found)
        if not w.any():  # the mixture of what was found cannot be told from what was seen
            break
        control.step(len(tried), most_rounds, f"policy {len(tried) + 2}, margin {margin:.4g}")
        tried.append(w)
        margins.append(margin)
        found.append(best_features(w))
        losses.append(float(w @ (found[-1] - expert)))
        size = ridge * float(w @ w)
        least = min(least, losses[-1] + size)
        # No weights lose less than size - margin: the least loss seen is within the tolerance of the least there is.
        converged = margin - size + least <= tolerance or (limits.unit is None and margin <= tolerance)
    if not tried:
        raise FitError("What was seen is just what the first weights tried would do, so there is nothing to tell weights by.",
                       "Free some signs, add a feature, or use maximum likelihood.")
    policies = np.array(found)
    return Apprenticeship(np.array(tried), np.array(margins), np.array(losses), policies, nearest_mixture(expert, policies),
                          converged or len(tried) < most_rounds, ridge)


def ridge_of(limits: Limits) -> float:
    """The ridge within these limits: none within the papers'."""
    return 0.0 if limits.unit is None else RIDGE


def _widest_margin(expert: np.ndarray, found: list[np.ndarray], limits: Limits) -> tuple[np.ndarray, float]:
    w, t = cp.Variable(len(expert)), cp.Variable()
    ahead = expert - np.array(found)
    best = limits.solve(cp.Maximize(t - ridge_of(limits) * cp.sum_squares(w)), w, [cp.norm(w) <= limits.size, ahead @ w >= t])
    return best, float((ahead @ best).min())


def _pointing(ahead: np.ndarray, limits: Limits) -> np.ndarray:
    """The weights (K,) that favour ``ahead`` (K,) = mu_E - mubar most."""
    if limits.only_size:
        return limits.size * ahead / max(float(np.linalg.norm(ahead)), 1e-300)
    w = cp.Variable(len(ahead))
    return limits.solve(cp.Maximize(ahead @ w - ridge_of(limits) * cp.sum_squares(w)), w, [cp.norm(w) <= limits.size])


def _toward(expert: np.ndarray, mean: np.ndarray, new: np.ndarray, limits: Limits) -> np.ndarray:
    """The point (K,) nearest to the expert between the mean so far and the features of a new policy.

    Near in the measure max over w of w' (mu_E - mubar) - ridge |w|^2, the Euclidean one where only the size is limited. Its
    slope along the way is -w' way at the maximising w (Danskin), and grows: bisection.
    """
    way = new - mean
    if limits.only_size:
        share = float(way @ (expert - mean)) / max(float(way @ way), 1e-300)
        return mean + min(max(share, 0.0), 1.0) * way
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        falls = float(_pointing(expert - mean - middle * way, limits) @ way) > 0.0
        low, high = (middle, high) if falls else (low, middle)
    return mean + 0.5 * (low + high) * way


def nearest_mixture(expert: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Shares (n,) of the policies with features found (n, K) whose mean is nearest to expert (K,) (section 3)."""
    share = cp.Variable(len(found), nonneg=True)
    cp.Problem(cp.Minimize(cp.sum_squares(found.T @ share - expert)), [cp.sum(share) == 1.0]).solve(solver=cp.CLARABEL)
    positive = np.maximum(np.zeros(len(found)) if share.value is None else share.value, 0.0)
    total = float(positive.sum())
    return positive / total if total > 0.0 else np.full(len(found), 1.0 / len(found))
