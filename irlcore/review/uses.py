"""How much of each feature a track used, against what the model expects from the same start to the same goal (or for as many steps)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from irlcore.engine import Control, run_all
from irlcore.features.totals import Total
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Group, Prepared, Solution, group_by_goal
from irlcore.review.before_arrival import moments_before_arrival
from irlcore.review.behaviour import Finding
from irlcore.review.scores import Arrivals
from irlcore.review.words import beside as words
from irlcore.worlds.mdp import Paths

NOTABLE = 2.0  # standard deviations from the expected total before a feature is worth a sentence
ALIKE = 1e-9
NO_UNIT = Total()


@dataclass(frozen=True, slots=True)
class FeatureUse:
    """Total of one feature along a path against what the model expects from the same start to the same goal.

    observed, expected, deviation: in the feature's unit. z: (observed - expected) / deviation, NaN where the
    model leaves no room (deviation 0) or has no way to the goal. total: what that counts.
    """

    name: str
    observed: float
    expected: float
    deviation: float
    z: float
    total: Total = NO_UNIT


@dataclass(frozen=True, slots=True, eq=False)
class UsualUses:
    """What uses are told with. totals: by feature, what its total counts. z: by feature, (n,) float64 ascending, of n tracks that are
    ordinary; empty where that is not known. called: what one of them is."""

    totals: Mapping[str, Total] = field(default_factory=dict)
    z: Mapping[str, np.ndarray] = field(default_factory=dict)
    called: str = "ordinary track"

    def rare(self, name: str, z: float) -> str:
        """How many of them are as far off on that side."""
        known = self.z.get(name, np.zeros(0))
        least = abs(z) - ALIKE * max(1.0, abs(z))
        return words.as_ordinary(int((known >= least).sum() if z > 0.0 else (known <= -least).sum()), len(known), self.called)


NOTHING_USUAL = UsualUses()


def usual_uses(totals: Mapping[str, Total], uses: Sequence[tuple[FeatureUse, ...]], called: str) -> UsualUses:
    """From the uses of ordinary tracks."""
    by_name: dict[str, list[float]] = {}
    for one in uses:
        for use in one:
            if np.isfinite(use.z):
                by_name.setdefault(use.name, []).append(use.z)
    return UsualUses(totals, {name: np.sort(z) for name, z in by_name.items()}, called)


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


def in_units(uses: tuple[FeatureUse, ...], usual: UsualUses) -> tuple[FeatureUse, ...]:
    """The same, which say what their totals count."""
    return tuple(replace(use, total=usual.totals.get(use.name, use.total)) for use in uses)


def use_findings(uses: tuple[FeatureUse, ...], usual: UsualUses = NOTHING_USUAL) -> list[Finding]:
    """What is worth a sentence, in words."""
    found = []
    for use in uses:
        if abs(use.z) >= NOTABLE:
            per, unit = use.total.per, use.total.unit
            sentence = words.used(use.name, use.observed * per, use.expected * per, unit, use.z, usual.rare(use.name, use.z))
            found.append(Finding(f"{'more' if use.z > 0.0 else 'less'} of {use.name}", abs(use.z), sentence,
                                 words.short(use.name, use.z, 2.0 * NOTABLE), words.shared(use.name, use.z), False))
    return found


def uses_of(model: Rationality, prepared: Prepared, paths: Paths, indices: np.ndarray, names: tuple[str, ...], phi: np.ndarray,
            control: Control | None = None) -> list[tuple[FeatureUse, ...]]:
    """Of the paths ``indices`` (n,), which have goals or none at all, in no order; goals are solved once each, side by side."""
    judge = model, prepared, names, phi
    return [use for uses in run_all(_of_group, group_by_goal(paths.take(indices), indices), control, "goal by goal", shared=judge)
            for use in uses]


def _of_group(judge: tuple[Rationality, Prepared, tuple[str, ...], np.ndarray], group: Group) -> list[tuple[FeatureUse, ...]]:
    model, prepared, names, phi = judge
    solution = model.solve(prepared, group.goal_states)
    return uses_to_goal(prepared, solution, np.split(group.choices, group.offsets[1:-1]), names, phi)
