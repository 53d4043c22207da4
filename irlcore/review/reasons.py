"""Why a track is unusual under the model, in plain sentences and arrays for the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.errors import WorldError
from irlcore.rationality.base import Rationality
from irlcore.rationality.routes import likeliest_path
from irlcore.rationality.solution import Prepared, Solution
from irlcore.review.scores import Arrivals, Scores
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

NOTABLE = 2.0  # standard deviations from the expected total before a feature is worth a sentence
MOST_FEATURES = 3


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The feature that utility is told in: "as much as 340 m of length".

    weight: utility per unit of the feature, its theta. unit: "m", "s"; empty where it has none.
    """

    feature: str
    weight: float
    unit: str = ""

    def said(self, gap: float) -> str:
        """A utility lost, in the feature's unit: "340 m of length"."""
        amount, unit = gap / abs(self.weight), self.unit
        if unit == "m" and amount >= 1000.0:
            amount, unit = amount / 1000.0, "km"
        return " ".join(part for part in (plain(amount), unit, "of", self.feature) if part)


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


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why one track stands out.

    sentences: in the order to be read. stretch: (n,) int64, the choices of the worst stretch. alternative:
    (n,) int64, choices of the likeliest way from the start; empty where there is none. features: one per feature, the
    most unusual first.
    """

    track: str
    sentences: tuple[str, ...]
    stretch: np.ndarray
    alternative: np.ndarray
    features: tuple[FeatureUse, ...]


def plain(value: float) -> str:
    """A number with three figures that count and no exponent: 6,420 and 0.0342."""
    if value == 0.0 or not np.isfinite(value):
        return f"{value:g}"
    digits = max(0, 2 - int(np.floor(np.log10(abs(value)))))
    rounded = round(value, 2 - int(np.floor(np.log10(abs(value)))))
    text = f"{rounded:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def explain_path(model: Rationality, prepared: Prepared, world: World, paths: Paths, scores: Scores, index: int,
                 names: tuple[str, ...], phi: np.ndarray, yardstick: Yardstick | None = None) -> Reasons:
    """Reasons for path ``index``; names (K,) and phi (M, K) are the features the model was fitted with."""
    choices = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
    stretch = choices[scores.worst_start[index]:scores.worst_end[index]]
    solution = model.solve(prepared, paths.goals.of(int(paths.goal[index])))
    start = int(prepared.mdp.choice_state[choices[0]])
    try:
        way = likeliest_path(prepared, solution, start)
    except WorldError:
        way = np.zeros(0, np.int64)
    uses = feature_uses(prepared, solution, choices, names, phi)
    goal = str(paths.goals.names[paths.goal[index]])
    sentences = [_stretch_sentence(world, scores, index, stretch), _cost_sentence(scores, index, goal, yardstick),
                 _way_sentence(world, choices, way, goal, solution)]
    sentences += [_use_sentence(use) for use in uses if abs(use.z) >= NOTABLE][:MOST_FEATURES]
    return Reasons(str(paths.ids[index]), tuple(s for s in sentences if s), stretch, way, uses)


def feature_uses(prepared: Prepared, solution: Solution, choices: np.ndarray, names: tuple[str, ...],
                 phi: np.ndarray) -> tuple[FeatureUse, ...]:
    """Feature totals of one path against the model's, the most unusual first."""
    start = int(prepared.mdp.choice_state[choices[0]])
    mean, variance = Arrivals(prepared.mdp, solution).moments(phi)
    observed, expected, deviation = phi[choices].sum(axis=0), mean[start], np.sqrt(variance[start])
    room = deviation > 1e-9 * np.maximum(1.0, np.abs(expected))
    z = np.full(len(names), np.nan)
    z[room] = (observed[room] - expected[room]) / deviation[room]
    order = np.argsort(-np.nan_to_num(np.abs(z), nan=-1.0), kind="stable")
    return tuple(FeatureUse(names[k], float(observed[k]), float(expected[k]), float(deviation[k]), float(z[k]))
                 for k in order)


def _stretch_sentence(world: World, scores: Scores, index: int, stretch: np.ndarray) -> str:
    before = str(world.place_names[world.choice_from[stretch[0]]])
    after = str(world.place_names[world.choice_place[stretch[-1]]])
    where = (f"Least expected between {before} and {after} (steps {scores.worst_start[index] + 1} to "
             f"{scores.worst_end[index]}): ")
    nats = float(scores.worst_stretch[index])
    if not np.isfinite(nats):
        return where + "the model sees no way to the goal in a choice made there."
    return where + f"the model gives these choices {_chance(nats)}."


def _chance(nats: float) -> str:
    """A probability of e^-nats in words."""
    if nats < np.log(1.5):
        return f"a probability of {np.exp(-nats):.2f}"
    if nats < np.log(1e6):
        return f"1 chance in {plain(float(np.exp(nats)))}"
    if nats < np.log(1e9):
        return f"1 chance in {np.exp(nats) / 1e6:,.0f} million"
    return "less than 1 chance in a billion"


def _cost_sentence(scores: Scores, index: int, goal: str, yardstick: Yardstick | None) -> str:
    gap = float(scores.utility_gap[index])
    if np.isnan(gap):
        return ""
    if np.isinf(gap):
        return f"The model knows no way from its start to {goal}."
    if gap <= 1e-9:
        return f"It lost nothing against the best way to {goal}."
    if yardstick is None or yardstick.weight == 0.0:
        return f"It lost {plain(gap)} units of utility against the best way to {goal}."
    return f"Against the best way to {goal} it lost as much as {yardstick.said(gap)} is worth."


def _way_sentence(world: World, choices: np.ndarray, way: np.ndarray, goal: str, solution: Solution) -> str:
    if not len(way) or np.array_equal(way, choices):
        return "" if not len(way) else f"It took the likeliest way to {goal}."
    fork = int(np.argmin(np.append(way[:len(choices)] == choices[:len(way)], False)))
    if fork >= len(way):
        return ""
    place = str(world.place_names[world.choice_from[way[fork]]])
    onward = str(world.place_names[world.choice_place[way[fork]]])
    sentence = f"The likeliest way to {goal} parts from it at {place} and goes on to {onward}"
    if not world.mdp.deterministic:  # chance moves both ways, so the choices alone do not compare them
        return sentence + "."
    return f"{sentence}; {_odds(float(solution.log_policy[way].sum() - solution.log_policy[choices].sum()))}"


def _odds(nats: float) -> str:
    if not np.isfinite(nats):
        return "the way taken is impossible under the model."
    if nats < np.log(1.5):
        return "it is about as likely as the way taken."
    if nats < np.log(1e6):
        return f"it is {plain(float(np.exp(nats)))} times as likely as the way taken."
    return "it is more than a million times as likely as the way taken."


def _use_sentence(use: FeatureUse) -> str:
    word = "more" if use.z > 0.0 else "less"
    usual = "next to none is usual" if 0.0 <= use.expected < 0.01 else f"{plain(use.expected)} is usual"
    far = f"{abs(use.z):.1f}" if abs(use.z) < 20.0 else "more than 20"
    return f"It used {word} of \"{use.name}\" than expected: {plain(use.observed)} where {usual} ({far} standard deviations)."
