"""NoisyValue: the agent knows what the choice at hand costs and misjudges what comes next.

pi(m | s) = E_eps softmax over the choices of s of r + gamma P (V* + eps) (the claim of Singliar and Margineantu, *Scalable inverse
reinforcement learning via instructed feature construction*, AAAI WS-12-11, 2012: apparent irrationality is uncertainty about the
cost of future actions, and a noise term on the value stands for it without a POMDP). The immediate choice keeps a unit Gumbel
error, so sigma = 0 is ``Boltzmann``. The covariances of eps, and one draw kept for a whole trip, are ours:

* *independent*: eps(s) iid N(0, sigma^2), 0 at the goal;
* *path*: the cost c of every later choice is misjudged independently with variance sigma^2 c, so two ways share the errors from
  where their plans merge on: Cov(eps_a, eps_b) = sigma^2 C(merge of a and b), C the cost to go;
* *weights*: every want is misjudged by a share of itself, theta_k (1 + sigma z_k) (Weber's law for wants);
* *path and weights*: both, with the same sigma.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from irlcore.engine import checkpoint
from irlcore.rationality.ahead import Ahead, all_rows, is_tree, rows_of, solved_ahead, tree_ahead, trips_of_rows
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.derivatives import pull_q
from irlcore.rationality.noise import kernels
from irlcore.rationality.noise.blocks import blocks_of, judge_block, step_by_step
from irlcore.rationality.noise.draws import SEED
from irlcore.rationality.noise.factors import ErrorFactors, beside_each_other, fields_of, no_factors, weight_factors
from irlcore.rationality.noise.mistake import mistaken_log_policy
from irlcore.rationality.noise.size import SIGMA2
from irlcore.rationality.noise.states import Fresh, judge_states
from irlcore.rationality.sampling import draw_path
from irlcore.rationality.seen import told_apart
from irlcore.rationality.solution import Group, Prepared, Solution, Trips
from irlcore.worlds.mdp import MDP

Covariance = Literal["path", "independent", "weights", "path and weights"]
UNSURE: dict[Covariance, str] = {
    "path": "what each later step costs", "independent": "how good each next place is", "weights": "how much it minds each thing",
    "path and weights": "what each later step costs and how much it minds each thing"}


class NoisyValue(Rationality):
    """Softmax of the hard value of what comes next plus an error, averaged over a fixed set of draws."""

    costs_only = True
    smooth = False
    parameters = (SIGMA2,)

    def __init__(self, covariance: Covariance = "path", persistent: bool = False, draws: int = 0) -> None:
        """persistent: one draw a trip, not one a step. draws: how many, even; 64 where fresh and 512 where persistent by default."""
        if covariance not in UNSURE:
            raise ValueError(f"No covariance is called {covariance!r}: take one of {', '.join(UNSURE)}.")
        self.covariance, self.persistent = covariance, persistent
        self.draws = draws or (512 if persistent else 64)
        if self.draws < 2 or self.draws % 2:
            raise ValueError(f"{self.draws} draws: errors come with their opposites, so take an even number.")
        parts = ["noisy_value", *([] if covariance == "path" else covariance.split()), *(["persistent"] if persistent else [])]
        self.name = "_".join(parts)
        self.title = "NoisyValue: unsure what the way ahead costs" + (", and stays so for a whole trip" if persistent else "")
        self.sentence = (f"The agent knows what the next step costs but is unsure of {UNSURE[covariance]}"
                         + ("; who is wrong at the start of a trip stays wrong. " if persistent else ". ")
                         + "Good where agents plan ahead on ground that they know only in part.")

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        hard = Boltzmann().prepare(mdp, reward, gamma)
        return Prepared(mdp, hard.reward, gamma, self.own_start(own), hard.reward[:, None] if parts is None else parts)

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        hard = Boltzmann().solve(prepared, goal_states)
        log_pi = self._fresh(prepared, self._everywhere(prepared, hard, self._nothing(prepared)), self._nothing(prepared)).log_pi
        return Solution(hard.goal_states, hard.value, hard.q, log_pi, hard.cache)

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        return self._fresh(prepared, self._everywhere(prepared, solution, columns), columns, told=False).slopes[:, :-1]

    def own_jvp(self, prepared: Prepared, solution: Solution) -> np.ndarray:
        column = np.zeros((prepared.mdp.n_choices, 1))
        return self._fresh(prepared, self._everywhere(prepared, solution, column), column, told=False).slopes[:, -1:]

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        ahead, nothing = self._everywhere(prepared, solution, self._nothing(prepared)), self._nothing(prepared)
        if not self._has_fields(prepared):
            found = self._fresh(prepared, ahead, nothing, weights=weights)
            return pull_q(prepared, solution, found.on_q, found.on_value)
        out = np.zeros_like(weights)
        for b in range(len(weights)):
            found = self._fresh(prepared, ahead, nothing, weights=weights[b:b + 1])
            out[b] = self._pull(prepared, solution, found.on_q, found.on_value, found.on_X)[0]
        return out

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        ahead = self._ahead(prepared, group, columns)
        if not self.persistent:
            found = self._fresh(prepared, ahead, columns)
            return trips_of_rows(prepared, group, ahead.rows, found.log_pi, found.slopes)
        blocks, k = blocks_of(prepared.mdp, group, ahead), columns.shape[1]
        kind, factors = self._noise(prepared, ahead, columns, told=True)
        loglik, scores = np.zeros(len(blocks)), np.zeros((len(blocks), k + 1))
        for i, block in enumerate(blocks):
            checkpoint()
            trip = judge_block(prepared, block, ahead, kind, factors, self.draws, derive=True)
            loglik[i], scores[i, k] = trip.loglik, trip.by_sigma2
            scores[i, :k] = (trip.on_q @ ahead.slopes[block.at, :k] + trip.on_value @ ahead.to_go[:, :k]
                             + np.einsum("df,dfk->k", trip.on_X, factors.slopes[block.at]))
        return Trips(loglik, scores, scores.T @ scores)

    def steps(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        if not self.persistent:
            return super().steps(prepared, solution, group)
        nothing = self._nothing(prepared)
        ahead = solved_ahead(prepared, rows_of(prepared.mdp, group), solution, self._wide(prepared, nothing))
        kind, factors = self._noise(prepared, ahead, nothing, told=False)
        taken = [step_by_step(block.steps, judge_block(prepared, block, ahead, kind, factors, self.draws, derive=False).log_q)
                 for block in blocks_of(prepared.mdp, group, ahead)]
        barred = ~np.isfinite(ahead.q[ahead.rows.steps]) & told_apart(prepared.mdp)
        return np.where(barred, -np.inf, np.concatenate(taken))

    def residuals(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        if not self.persistent:
            return super().residuals(prepared, solution, group)
        out = np.zeros((len(group.index), prepared.mdp.n_choices))
        for i, weights in enumerate(self._kept(prepared, solution, group)):
            out[i] = self._pull(prepared, solution, *weights)[0]
        return out

    def residual_sum(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        if not self.persistent:
            return super().residual_sum(prepared, solution, group)
        on_q, on_value, on_X = (np.sum(part, axis=0) for part in zip(*self._kept(prepared, solution, group), strict=True))
        total: np.ndarray = self._pull(prepared, solution, on_q, on_value, on_X)[0]
        return total

    def sample(self, prepared: Prepared, solution: Solution, start: int, rng: np.random.Generator, longest: int = 400) -> list[int]:
        if not self.persistent:
            return super().sample(prepared, solution, start, rng, longest)
        policy = np.exp(mistaken_log_policy(prepared, solution, self.covariance, rng))
        return draw_path(prepared.mdp, policy, start, solution.goal_states, rng, longest)

    def _nothing(self, prepared: Prepared) -> np.ndarray:
        return np.zeros((prepared.mdp.n_choices, 0))

    def _has_fields(self, prepared: Prepared) -> bool:
        return "path" in self.covariance and not is_tree(prepared)

    def _wide(self, prepared: Prepared, columns: np.ndarray) -> np.ndarray:
        """``columns``, and beside them what each feature brings where agents are unsure of their wants."""
        if "weights" not in self.covariance:
            return columns
        assert prepared.parts is not None
        return np.hstack((columns, prepared.parts))

    def _everywhere(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> Ahead:
        return solved_ahead(prepared, all_rows(prepared.mdp), solution, self._wide(prepared, columns))

    def _ahead(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Ahead:
        if is_tree(prepared):
            return tree_ahead(prepared, group, self._wide(prepared, columns))
        hard = Boltzmann().solve(prepared, group.goal_states)
        return solved_ahead(prepared, rows_of(prepared.mdp, group), hard, self._wide(prepared, columns))

    def _noise(self, prepared: Prepared, ahead: Ahead, columns: np.ndarray, told: bool) -> tuple[int, ErrorFactors]:
        """Which covariance is known pair by pair, and the factors of the others. told: columns are the features behind the parts."""
        choices, k = ahead.rows.choices, columns.shape[1]
        known = [no_factors(len(choices), self.draws, k)]
        if "weights" in self.covariance:
            assert prepared.parts is not None
            slopes = ahead.slopes[:, :k] - columns[choices]
            known.append(weight_factors(ahead.slopes[:, k:] - prepared.parts[choices], slopes if told else np.zeros_like(slopes),
                                        self.draws))
        if self._has_fields(prepared):
            assert ahead.solution is not None
            fields = fields_of(prepared, ahead.solution, self.draws, SEED)
            known.append(fields.factors(prepared, ahead.solution, choices.astype(np.int64), columns))
        kind = kernels.INDEPENDENT if self.covariance == "independent" else kernels.NONE
        return kernels.PATH if "path" in self.covariance and ahead.tree is not None else kind, beside_each_other(known)

    def _fresh(self, prepared: Prepared, ahead: Ahead, columns: np.ndarray, told: bool = True, weights: np.ndarray | None = None) -> Fresh:
        kind, factors = self._noise(prepared, ahead, columns, told)
        return judge_states(prepared, ahead, kind, factors, self.draws, columns.shape[1], weights)

    def _kept(self, prepared: Prepared, solution: Solution, group: Group) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Weights of every trip's log P on Q (1, M), on V (1, S) and on the factors (M, F)."""
        nothing, m = self._nothing(prepared), prepared.mdp.n_choices
        ahead = solved_ahead(prepared, rows_of(prepared.mdp, group), solution, self._wide(prepared, nothing))
        kind, factors = self._noise(prepared, ahead, nothing, told=False)
        found = []
        for block in blocks_of(prepared.mdp, group, ahead):
            checkpoint()
            trip = judge_block(prepared, block, ahead, kind, factors, self.draws, derive=True)
            on_q, on_X = np.zeros((1, m)), np.zeros((m, factors.X.shape[1]))
            on_q[0, block.choices], on_X[block.choices] = trip.on_q, trip.on_X
            found.append((on_q, trip.on_value[None, :], on_X))
        return found

    def _pull(self, prepared: Prepared, solution: Solution, on_q: np.ndarray, on_value: np.ndarray, on_X: np.ndarray) -> np.ndarray:
        out = pull_q(prepared, solution, on_q, on_value)
        if self._has_fields(prepared):
            out[0] += fields_of(prepared, solution, self.draws, SEED).pull(prepared, solution, on_X[:, -(self.draws // 2):])
        return out
