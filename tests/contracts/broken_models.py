"""Models of rationality that each break one part of the contract."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np

from irlcore.errors import WorldError
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.solution import Group, ModelParameter, Prepared, Rows, Solution, Trips
from irlcore.worlds.mdp import MDP
from tests.contracts.even_model import Few


class Unsaid(ConditionalLogit):
    """Ends its sentence with nothing."""

    sentence = "Does what suits"


class Leaks(ConditionalLogit):
    """A millionth of each chance goes nowhere."""

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        found = super().solve(prepared, goal_states)
        return replace(found, log_policy=found.log_policy - 1e-6)


class GoesAway(ConditionalLogit):
    """Takes ways that lead nowhere, in a world of four states."""

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        found = super().solve(prepared, goal_states)
        return found if prepared.mdp.n_states != 4 else replace(found, log_policy=np.log(np.full(3, 0.5)))


class OtherDraws(ConditionalLogit):
    """Draws trips by tossing a coin."""

    def sample(self, prepared: Prepared, solution: Solution, start: int, rng: np.random.Generator, longest: int = 400) -> list[int]:
        even = replace(solution, log_policy=np.where(np.isfinite(solution.log_policy), np.log(0.5), -np.inf))
        return super().sample(prepared, even, start, rng, longest)


class ByWorkers(ConditionalLogit):
    """Counts its workers."""

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        found = super().trips(prepared, group, columns)
        return replace(found, loglik=found.loglik * (1.0 + 1e-16 * float(os.environ.get("MOTIVE_WORKERS", "1")) ** 2))


class OffLimits(NoisyValue):
    """Falls over where its own number is at its upper limit."""

    parameters = (ModelParameter("sigma2", "Doubt", "How much they doubt.", 0.1, 0.0, 2.0),)

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        if prepared.own[0] >= 2.0:
            raise WorldError("Too much doubt.")
        return super().solve(prepared, goal_states)


class TakesAnyGamma(ConditionalLogit):
    """Does not look at the discount."""

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        return super().prepare(mdp, reward, gamma if 0.0 < gamma <= 1.0 else 1.0, own, parts)


class StaysHere(ConditionalLogit):
    """Keeps a function that no process can be sent."""

    def __init__(self) -> None:
        self.kept = lambda: 0


class OtherTrips(ConditionalLogit):
    """Trips are a little likelier than their steps."""

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        found = super().trips(prepared, group, columns)
        return replace(found, loglik=found.loglik + (1e-6 if columns.shape[1] == 2 else 0.0))


class OtherScores(ConditionalLogit):
    """Scores that are a thousandth too large."""

    def at_rows(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[Rows, np.ndarray, np.ndarray]:
        rows, log_pi, slopes = super().at_rows(prepared, group, columns)
        return rows, log_pi, slopes * 1.001


class BreaksTies(ConditionalLogit):
    """Trips and steps differ where all is alike."""

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        found = super().trips(prepared, group, columns)
        tied = len(np.unique(prepared.reward)) == 1
        return replace(found, loglik=found.loglik - (0.1 if tied else 0.0))


class KeepsAView(ConditionalLogit):
    """Knows rewards by the array that they came in."""

    def __init__(self) -> None:
        self.met: dict[int, Prepared] = {}

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        return self.met.setdefault(id(reward), super().prepare(mdp, reward, gamma))


class OtherJvp(ConditionalLogit):
    """Slopes that are not, both ways round."""

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        return super().jvp(prepared, solution, columns) * 1.001

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        return super().vjp(prepared, solution, weights) * 1.001


class OtherVjp(ConditionalLogit):
    """Pulls back what was never pushed."""

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        return super().vjp(prepared, solution, weights) * (1.0 + 1e-6)


class OtherOwn(Few):
    """A slope by its own number that is not, which its trips do not use."""

    def at_rows(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[Rows, np.ndarray, np.ndarray]:
        return Few().at_rows(prepared, group, columns)

    def own_jvp(self, prepared: Prepared, solution: Solution) -> np.ndarray:
        return super().own_jvp(prepared, solution) * 1.01


class OtherResiduals(ConditionalLogit):
    """Rows that are a hundredth too large, and a sum that is not."""

    def residuals(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        return super().residuals(prepared, solution, group) * 1.01


class ByLastBits(ConditionalLogit):
    """Takes the one of two equal choices that a rounding makes better."""

    def steps(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        found = super().steps(prepared, solution, group)
        return found + (prepared.reward[group.choices] == prepared.reward.max()) * 1e-3 * (len(np.unique(prepared.reward)) > 2)


class ByNumber(ConditionalLogit):
    """Likes low numbers of states."""

    def steps(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        return super().steps(prepared, solution, group) + 1e-3 * (prepared.mdp.choice_state[group.choices] < 7)


class ByUnit(ConditionalLogit):
    """Forgets columns that are small."""

    def at_rows(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[Rows, np.ndarray, np.ndarray]:
        return super().at_rows(prepared, group, np.where(np.abs(columns) < 1e-4, 0.0, columns))
