"""How much of each feature a track used, against what the model expects from the same start to the same goal (or for as many steps)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.quantities import plain
from irlcore.rationality.solution import Prepared, Solution
from irlcore.review.before_arrival import moments_before_arrival
from irlcore.review.behaviour import Finding
from irlcore.review.scores import Arrivals

NOTABLE = 2.0  # standard deviations from the expected total before a feature is worth a sentence


@dataclass(frozen=True, slots=True)
class FeatureUse:
    """Total of one feature along a path against what the model expects from the same start to the same goal.

    observed, expected, deviation: in the feature's unit. z: (observed - expected) / deviation, NaN where the
    model leaves no room (deviation 0) or has no way to the goal.
    """

    name: str
    observed: float
    expected: float
    deviation: float
    z: float


def uses_to_goal(prepared: Prepared, solution: Solution, ways: list[np.ndarray], names: tuple[str, ...],
                 phi: np.ndarray) -> list[tuple[FeatureUse, ...]]:
    """Feature totals of each of the paths ``ways``, choices (n,) each, to one goal against the model's, the most unusual first; the model's
    are found once. Without a goal against the model's own walks of as many steps. phi: (M, K)."""
    if not len(solution.goal_states):  # they roam
        return uses_so_far(prepared, solution, ways, names, phi)
    starts = prepared.mdp.choice_state[np.array([choices[0] for choices in ways], np.int64)]
    mean, variance = (values[starts] for values in Arrivals(prepared.mdp, solution).moments(phi))
    return [_uses(phi[choices].sum(axis=0), mean[i], np.sqrt(variance[i]), names) for i, choices in enumerate(ways)]


def uses_so_far(prepared: Prepared, solution: Solution, ways: list[np.ndarray], names: tuple[str, ...],
                phi: np.ndarray) -> list[tuple[FeatureUse, ...]]:
    """The same of paths that were cut off on their way to the goal, or have none, against the model's own trips that have gone as many
    steps."""
    starts, lengths = prepared.mdp.choice_state[[choices[0] for choices in ways]], np.array([len(choices) for choices in ways])
    mean, variance = moments_before_arrival(prepared.mdp, solution, phi, starts, lengths)
    return [_uses(phi[choices].sum(axis=0), mean[i], np.sqrt(variance[i]), names) for i, choices in enumerate(ways)]


def _uses(observed: np.ndarray, expected: np.ndarray, deviation: np.ndarray, names: tuple[str, ...]) -> tuple[FeatureUse, ...]:
    room = deviation > 1e-9 * np.maximum(1.0, np.abs(expected))
    z = np.full(len(names), np.nan)
    z[room] = (observed[room] - expected[room]) / deviation[room]
    order = np.argsort(-np.nan_to_num(np.abs(z), nan=-1.0), kind="stable")
    return tuple(FeatureUse(names[k], float(observed[k]), float(expected[k]), float(deviation[k]), float(z[k]))
                 for k in order)


def use_findings(uses: tuple[FeatureUse, ...]) -> list[Finding]:
    """What is worth a sentence, in words."""
    found = []
    for use in uses:
        if abs(use.z) >= NOTABLE:
            word = "more" if use.z > 0.0 else "less"
            found.append(Finding(f"{word} of {use.name}", abs(use.z), _sentence(use, word), f'{_short(use, word)} "{use.name}" than usual',
                                 f'used {word} of "{use.name}"', False))
    return found


def _short(use: FeatureUse, word: str) -> str:
    return f"{'Far' if abs(use.z) >= 2.0 * NOTABLE else 'Somewhat'} {word}"


def _sentence(use: FeatureUse, word: str) -> str:
    usual = "next to none is usual" if 0.0 <= use.expected < 0.01 else f"{plain(use.expected)} is usual"
    far = f"{abs(use.z):.1f}" if abs(use.z) < 20.0 else "more than 20"
    return f"It used {word} of \"{use.name}\" than expected: {plain(use.observed)} where {usual} ({far} standard deviations)."
