"""NoisyValue: the agent knows what the choice at hand costs and misjudges what comes next.

pi(m | s) = E_eps softmax over the choices of s of r + gamma P (V* + eps) (the claim of Singliar and Margineantu, *Scalable inverse
reinforcement learning via instructed feature construction*, AAAI WS-12-11, 2012: apparent irrationality is uncertainty about the
cost of future actions, and a noise term on the value stands for it without a POMDP). The immediate choice keeps a unit Gumbel
error, so sigma = 0 is ``Boltzmann``. The covariances of eps, and one draw kept for a whole trip, are ours:

* *independent*: eps(s) iid N(0, sigma^2), 0 at the goal;
* *path*: what it costs to come to a place is misjudged by an error of that place, with variance sigma^2 c, and errors add up along the
  ways to the goal that are as good, or nearly (``noise.errors``): two ways share the errors of the places that both pass;
* *weights*: every want is misjudged by a share of itself, theta_k (1 + sigma z_k) (Weber's law for wants);
* *path and weights*: both, with the same sigma.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.engine import checkpoint
from irlcore.planning.graph import graph_of
from irlcore.rationality.ahead import Ahead, choices_of, is_tree, rows_of, solved_ahead, tree_ahead
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.derivatives import check_weights, push_q
from irlcore.rationality.noise import kernels
from irlcore.rationality.noise.errors import TEMPERATURE
from irlcore.rationality.noise.errors_ahead import (
    Covariance,
    ErrorsAhead,
    Fresh,
    NoisySolution,
    carrier_of,
    errors_of,
    pull_to_rewards,
)
from irlcore.rationality.noise.size import SIGMA2, by_sigma2, sigma_of
from irlcore.rationality.noise.slope import total_slope
from irlcore.rationality.noise.trips import TripWeights, blocks_of, judge_block, step_by_step
from irlcore.rationality.sampling import draw_path
from irlcore.rationality.seen import told_apart
from irlcore.rationality.solution import Block, Group, Prepared, Rows, Solution, Trips
from irlcore.worlds.mdp import MDP

AT_ONCE = 2048  # states
UNSURE: dict[Covariance, str] = {
    "path": "what each later step costs", "independent": "how good each next place is", "weights": "how much it minds each thing",
    "path and weights": "what each later step costs and how much it minds each thing"}


class NoisyValue(Rationality):
    """Softmax of the hard value of what comes next plus an error, averaged over a fixed set of draws."""

    costs_only, smooth, softmax = True, False, False
    parameters = (SIGMA2,)

    def __init__(self, covariance: Covariance = "path", persistent: bool = False, draws: int = 0) -> None:
        """persistent: one draw a trip, not one a step. draws: how many, even; 128 where fresh and 512 where persistent by default."""
        if covariance not in UNSURE:
            raise ValueError(f"No covariance is called {covariance!r}: take one of {', '.join(UNSURE)}.")
        self.covariance, self.persistent, self.counts_alike = covariance, persistent, not persistent  # a trip's steps hang together
        self.draws = draws or (512 if persistent else 128)
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
        return replace(hard, own=self.own_start(own), parts=hard.reward[:, None] if parts is None else parts)

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> NoisySolution:
        hard = Boltzmann(TEMPERATURE).solve(prepared, goal_states)
        errors = ErrorsAhead(prepared, carrier_of(prepared, None, hard), self.covariance, self.draws, hard.goal_states)
        offsets, log_pi = graph_of(prepared.mdp).choice_offsets, np.empty(prepared.mdp.n_choices)
        for a in range(0, prepared.mdp.n_states, AT_ONCE):  # errors of all choices at once would fill memory
            mine = offsets[a:a + AT_ONCE + 1]
            part = slice(int(mine[0]), int(mine[-1]))
            found = self._fresh(prepared, hard.q[part], mine - mine[0], errors, np.arange(part.start, part.stop), _none(prepared))
            log_pi[part] = found.log_pi
        return NoisySolution(hard.goal_states, hard.value, hard.q, log_pi, hard.slope, errors)

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        return self._everywhere(prepared, solution, columns)[:, :-1]

    def own_jvp(self, prepared: Prepared, solution: Solution) -> np.ndarray:
        return self._everywhere(prepared, solution, np.zeros((prepared.mdp.n_choices, 1)))[:, -1:]

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        check_weights(prepared, weights)
        errors, out = errors_of(solution), np.empty_like(weights)
        for b, given in enumerate(weights):
            checkpoint()
            offsets, mine = choices_of(prepared.mdp, np.unique(prepared.mdp.choice_state[np.flatnonzero(given)]))  # others pull nothing
            found = self._fresh(prepared, solution.q[mine], offsets, errors, mine, _none(prepared), given=given[mine])
            out[b] = pull_to_rewards(prepared, solution, mine, found.on_q, found.on_fields, found.on_wants)
        return out

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        if not self.persistent:
            return super().trips(prepared, group, columns)
        ahead, errors = self._ahead(prepared, group, columns)
        rowed, sigma, k = errors.of(ahead.rows.choices, columns, told=True), sigma_of(prepared), columns.shape[1]
        log_pi = self._log_choices(ahead.q, ahead.rows.offsets, errors, rowed.fields, rowed.wants, sigma)
        loglik, scores = np.zeros(len(group.index)), np.zeros((len(group.index), k + 1))
        for i, block in enumerate(blocks_of(prepared.mdp, group, ahead.q)):
            checkpoint()
            trip = judge_block(block, log_pi, rowed.fields, rowed.wants, errors.zeta, sigma, derive=True)
            loglik[i], scores[i, k] = trip.loglik, trip.by_sigma * by_sigma2(sigma)
            scores[i, :k] = trip.on_q @ ahead.slopes[block.at]
            for on, slopes in ((trip.on_fields, rowed.field_slopes), (trip.on_wants, rowed.want_slopes)):
                if len(slopes):
                    scores[i, :k] += np.einsum("df,dkf->k", on, slopes[block.at])
        return Trips(loglik, scores, scores.T @ scores)

    def has_slope(self, mdp: MDP, gamma: float) -> bool:
        return not self.persistent and self.covariance == "path" and mdp.deterministic and gamma == 1.0

    def slope(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[float, np.ndarray]:
        if not self.has_slope(prepared.mdp, prepared.gamma):
            return super().slope(prepared, group, columns)
        return total_slope(prepared, group, columns, self.draws)

    def at_rows(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[Rows, np.ndarray, np.ndarray]:
        if self.persistent:
            return super().at_rows(prepared, group, columns)
        ahead, errors = self._ahead(prepared, group, columns)
        found = self._fresh(prepared, ahead.q, ahead.rows.offsets, errors, ahead.rows.choices, columns, ahead.slopes)
        return ahead.rows, found.log_pi, found.slopes

    def steps(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        if not self.persistent:
            return super().steps(prepared, solution, group)
        found = self._blocks(prepared, solution, group, derive=False)
        taken = [step_by_step(block.steps, trip.log_q) for block, trip in found]
        barred = ~np.isfinite(solution.q[group.choices]) & told_apart(prepared.mdp)
        return np.where(barred, -np.inf, np.concatenate(taken))

    def log_steps(self, prepared: Prepared, group: Group) -> np.ndarray:
        return self.steps_at_rows(prepared, group) if is_tree(prepared) and not self.persistent else super().log_steps(prepared, group)

    def log_kept(self, prepared: Prepared, solution: Solution) -> np.ndarray | None:
        if not self.persistent:
            return None
        errors = errors_of(solution)
        rowed = errors.of(_everything(prepared), _none(prepared), told=False)
        return self._log_choices(solution.q, graph_of(prepared.mdp).choice_offsets, errors, rowed.fields, rowed.wants, sigma_of(prepared))

    def residuals(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        if not self.persistent:
            return super().residuals(prepared, solution, group)
        out, rows = np.empty((len(group.index), prepared.mdp.n_choices)), rows_of(prepared.mdp, group)
        for i, (block, trip) in enumerate(self._blocks(prepared, solution, group, derive=True)):
            out[i] = pull_to_rewards(prepared, solution, rows.choices[block.at], trip.on_q, trip.on_fields, trip.on_wants)
        return out

    def residual_sum(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        if not self.persistent:
            return super().residual_sum(prepared, solution, group)
        choices, found = rows_of(prepared.mdp, group).choices, self._blocks(prepared, solution, group, derive=True)
        on_q, on_fields, on_wants = (np.zeros((len(choices), *getattr(found[0][1], part).shape[1:])) for part in _PARTS)
        for block, trip in found:
            for total, part in zip((on_q, on_fields, on_wants), _PARTS, strict=True):
                total[block.at] += getattr(trip, part)
        return pull_to_rewards(prepared, solution, choices, on_q, on_fields, on_wants)

    def sample(self, prepared: Prepared, solution: Solution, start: int, rng: np.random.Generator, longest: int = 400) -> list[int]:
        if not self.persistent:
            return super().sample(prepared, solution, start, rng, longest)
        return draw_path(prepared.mdp, np.exp(self.mistaken(prepared, solution, rng)), start, solution.goal_states, rng, longest)

    def mistaken(self, prepared: Prepared, solution: Solution, rng: np.random.Generator) -> np.ndarray:
        """(M,) log choice probabilities of one agent, whose errors are a draw of their own."""
        z, graph = rng.standard_normal((prepared.mdp.n_states, 1)), graph_of(prepared.mdp)
        zeta = rng.standard_normal((0 if prepared.parts is None else prepared.parts.shape[1], 2))
        errors = ErrorsAhead(prepared, carrier_of(prepared, None, solution), self.covariance, 2, solution.goal_states, z, zeta)
        rowed = errors.of(_everything(prepared), _none(prepared), told=False)
        return self._log_choices(solution.q, graph.choice_offsets, errors, rowed.fields, rowed.wants, sigma_of(prepared))[:, 0].copy()

    def _ahead(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[Ahead, ErrorsAhead]:
        if is_tree(prepared):
            ahead = tree_ahead(prepared, group, columns, TEMPERATURE)
        else:
            ahead = solved_ahead(prepared, rows_of(prepared.mdp, group), Boltzmann().solve(prepared, group.goal_states), columns)
        carrier = carrier_of(prepared, ahead.plan, ahead.solution)
        return ahead, ErrorsAhead(prepared, carrier, self.covariance, self.draws, group.goal_states)

    def _everywhere(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        """d log pi (M, K + 1) by the weights of ``columns`` and by sigma^2, one column at a time: errors of all states fill memory."""
        offsets, everything, out = graph_of(prepared.mdp).choice_offsets, _everything(prepared), np.zeros((len(columns), 0))
        for column in np.hsplit(columns, columns.shape[1]):
            column = np.ascontiguousarray(column)
            found = self._fresh(prepared, solution.q, offsets, errors_of(solution), everything, column, push_q(prepared, solution, column),
                                told=False)
            out = np.hstack((out[:, :out.shape[1] - 1], found.slopes))
        return out

    def _fresh(self, prepared: Prepared, q: np.ndarray, offsets: np.ndarray, errors: ErrorsAhead, choices: np.ndarray, columns: np.ndarray,
               slopes: np.ndarray | None = None, told: bool = True, given: np.ndarray | None = None) -> Fresh:
        rowed, sigma, n = errors.of(choices, columns, told), sigma_of(prepared), len(choices)
        given = np.zeros(0) if given is None else given
        slopes = np.zeros((n, 0)) if slopes is None else np.ascontiguousarray(slopes)
        found = Fresh(np.empty(n), np.zeros((n, slopes.shape[1] + 1)), np.zeros(n), np.zeros(rowed.fields.shape),
                      np.zeros(rowed.wants.shape))
        kernels.fresh(offsets, q, rowed.fields, rowed.wants, errors.zeta, sigma, slopes, rowed.field_slopes, rowed.want_slopes,
                      found.log_pi, found.slopes, given, found.on_q, found.on_fields, found.on_wants)
        found.slopes[:, -1] *= by_sigma2(sigma)
        return found

    def _log_choices(self, q: np.ndarray, offsets: np.ndarray, errors: ErrorsAhead, fields: np.ndarray, wants: np.ndarray,
                     sigma: float) -> np.ndarray:
        """log pi (n, R) under each draw."""
        out = np.empty((len(q), errors.zeta.shape[1]))
        kernels.log_choices(offsets, q, fields, wants, errors.zeta, sigma, out)
        return out

    def _blocks(self, prepared: Prepared, solution: Solution, group: Group, derive: bool) -> list[tuple[Block, TripWeights]]:
        """What each trip had to choose from, and what it makes of that."""
        errors, rows, sigma = errors_of(solution), rows_of(prepared.mdp, group), sigma_of(prepared)
        rowed, q = errors.of(rows.choices, _none(prepared), told=False), solution.q[rows.choices]
        log_pi, found = self._log_choices(q, rows.offsets, errors, rowed.fields, rowed.wants, sigma), []
        for block in blocks_of(prepared.mdp, group, q):
            checkpoint()
            found.append((block, judge_block(block, log_pi, rowed.fields, rowed.wants, errors.zeta, sigma, derive)))
        return found


_PARTS = ("on_q", "on_fields", "on_wants")


def _none(prepared: Prepared) -> np.ndarray:
    return np.zeros((prepared.mdp.n_choices, 0))


def _everything(prepared: Prepared) -> np.ndarray:
    return np.arange(prepared.mdp.n_choices)
