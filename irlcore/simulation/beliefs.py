"""Made-up agents that do not know what the ways ahead cost: a Gaussian belief over costs, learnt from as they drive.

The decision problem is a partially observed one: the costs c (M,) of the choices never change, an agent does not know them.
It holds a belief N(m, V). Before its trip

    m = c + e,   e ~ N(0, V),   V_ii = tau^2 c_i,

which is calibrated: under a flat prior c given m is N(m, V). The variance grows with the cost, as that of a way made of many
pieces misjudged one by one does. Errors of choices whose states share a neighbourhood correlate with ``correlation``. In every
state it looks at the choices that it has there, and after a choice at the one it made: each look is y = c_i + N(0, look^2 c_i),
and the belief follows by the normal-normal (Kalman) rule.

Solving that problem exactly is out of reach: the belief has a dimension for every choice. The agent replans in every state as
if its means were the truth, which is certainty-equivalent, open-loop feedback control (Bertsekas, *Dynamic Programming and
Optimal Control*, volume 1, chapter 6); it never looks around in order to learn. It then chooses by a softmax of Q under
these costs, so it has a unit Gumbel error on the choice at hand; tau = 0 is ``Boltzmann``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.planning.graph import graph_of
from irlcore.planning.values import shortest_plan
from irlcore.worlds.mdp import MDP

LEAST = 0.1  # of its true cost; a mean below that is planned with as if it were there, since plans need costs above 0
ALIKE = 0.5  # effective particles as a share of all, below which they are drawn anew


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How unsure agents are of costs.

    tau: the prior error of a cost c has the variance tau^2 c (nats). look: one look errs with variance look^2 c; infinity for
    agents that never learn. correlation: in [0, 1], of the prior errors within a neighbourhood.
    """

    tau: float
    look: float = np.inf
    correlation: float = 0.0


class Belief:
    """Gaussian beliefs of R agents over the costs of M choices.

    mean: (R, M) float64, nats. What the agents saw may differ, but all have looked at the same choices: how sure a Gaussian
    belief is depends on that alone, so they share one covariance. It is kept by neighbourhood; nothing correlates beyond one.
    """

    def __init__(self, mean: np.ndarray, members: list[np.ndarray], covariances: list[np.ndarray]) -> None:
        self.mean = mean
        self._members, self._covariances = members, covariances
        self._group, self._place = np.empty(mean.shape[1], np.int64), np.empty(mean.shape[1], np.int64)
        for group, of_group in enumerate(members):
            self._group[of_group], self._place[of_group] = group, np.arange(len(of_group))

    def variance(self, choice: int) -> float:
        """How unsure the agents are of one cost, nats^2."""
        at = self._place[choice]
        return float(self._covariances[self._group[choice]][at, at])

    def learn(self, choice: int, seen: np.ndarray, noise: float) -> None:
        """Take in a look of every agent at one cost, ``seen`` (R,) = cost + N(0, noise). Looks err independently, so taking them
        one by one is the joint update, and no matrix is inverted."""
        covariance, members = self._covariances[self._group[choice]], self._members[self._group[choice]]
        at = self._place[choice]
        total = covariance[at, at] + noise
        if total <= 0.0:  # known for certain already
            return
        gain = covariance[:, at] / total
        self.mean[:, members] += np.outer(seen - self.mean[:, choice], gain)
        covariance -= np.outer(gain, covariance[at])


def draw_beliefs(cost: np.ndarray, neighbourhood: np.ndarray, uncertainty: Uncertainty, n: int, rng: np.random.Generator) -> Belief:
    """Beliefs of n new agents. cost: (M,) float64 > 0, the truth. neighbourhood: (M,) int64, numbered from 0."""
    spread = uncertainty.tau * np.sqrt(cost)
    order = np.argsort(neighbourhood, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(neighbourhood[order])) + 1)
    shared = rng.standard_normal((n, int(neighbourhood.max(initial=0)) + 1))[:, neighbourhood]
    error = np.sqrt(uncertainty.correlation) * shared + np.sqrt(1.0 - uncertainty.correlation) * rng.standard_normal((n, len(cost)))
    covariances = []
    for of_group in members:
        correlation = np.full((len(of_group),) * 2, uncertainty.correlation)
        np.fill_diagonal(correlation, 1.0)
        covariances.append(correlation * np.outer(spread[of_group], spread[of_group]))
    return Belief(cost + spread * error, members, covariances)


@dataclass(frozen=True, slots=True)
class UnsureAgents:
    """A class of agents in a deterministic world. cost: (M,) nats, > 0, the truth. neighbourhood: (S,) int64, of the states,
    numbered from 0."""

    mdp: MDP
    cost: np.ndarray
    neighbourhood: np.ndarray
    uncertainty: Uncertainty

    def sample(self, start: int, goal_states: np.ndarray, rng: np.random.Generator, longest: int = 400) -> list[int]:
        """States of one trip of a new agent, the goal included; empty where it takes more than ``longest`` steps or no way
        leads to the goal."""
        belief = self._draw(1, rng)
        goals, states = set(goal_states.tolist()), [int(start)]
        while states[-1] not in goals:
            here = self._choices(states[-1])
            self._look(belief, here, rng)
            chance = self._chances(belief, here, goal_states)[0]
            if len(states) > longest or chance.sum() <= 0.0:
                return []
            choice = here.start + int(rng.choice(len(chance), p=chance))
            self._look(belief, range(choice, choice + 1), rng)
            states.append(int(self.mdp.successors[choice]))
        return states

    def loglik(self, choices: np.ndarray, goal_states: np.ndarray, particles: int, rng: np.random.Generator) -> float:
        """log P(trip | goal), nats, beliefs and looks summed over: by a particle filter of agents that make the same choices
        ``choices`` (T,) (Gordon, Salmond and Smith 1993). The chance is estimated without bias, so its log is a little low."""
        belief, total, share = self._draw(particles, rng), 0.0, np.full(particles, 1.0 / particles)
        for choice in choices.tolist():
            here = self._choices(int(self.mdp.choice_state[choice]))
            self._look(belief, here, rng)
            share = share * self._chances(belief, here, goal_states)[:, choice - here.start]
            if share.sum() <= 0.0:
                return -np.inf
            total += float(np.log(share.sum()))
            share /= share.sum()
            if (share**2).sum() * particles * ALIKE > 1.0:
                ladder = (rng.random() + np.arange(particles)) / particles  # systematic resampling
                belief.mean = belief.mean[np.minimum(np.searchsorted(np.cumsum(share), ladder), particles - 1)]
                share = np.full(particles, 1.0 / particles)
            self._look(belief, range(choice, choice + 1), rng)
        return total

    def _draw(self, n: int, rng: np.random.Generator) -> Belief:
        return draw_beliefs(self.cost, self.neighbourhood[self.mdp.choice_state], self.uncertainty, n, rng)

    def _choices(self, state: int) -> range:
        return range(int(self.mdp.choice_offsets[state]), int(self.mdp.choice_offsets[state + 1]))

    def _look(self, belief: Belief, choices: range, rng: np.random.Generator) -> None:
        for choice in choices:
            noise = float(self.uncertainty.look**2 * self.cost[choice])
            if np.isfinite(noise):
                belief.learn(choice, self.cost[choice] + np.sqrt(noise) * rng.standard_normal(len(belief.mean)), noise)

    def _chances(self, belief: Belief, here: range, goal_states: np.ndarray) -> np.ndarray:
        """Softmax of Q over one state's choices, (R, n), all 0 where none leads to the goal; each agent replans on its means."""
        graph, after = graph_of(self.mdp), self.mdp.successors[here.start:here.stop]
        reward = -np.maximum(belief.mean, LEAST * self.cost)
        value = np.array([shortest_plan(graph, row, goal_states).value[after] for row in reward])
        q = reward[:, here.start:here.stop] + value
        best = q.max(axis=1, initial=-np.inf)
        weight = np.exp(q - np.where(np.isfinite(best), best, 0.0)[:, None])
        return np.asarray(weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300))
