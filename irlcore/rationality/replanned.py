"""Replanned: NoisyValue whose agents misjudge what each later step costs and plan on what they believe (ours).

pi(m | s) = E softmax over the choices of s of r + gamma P V*(believed r): the cost of the choice at hand is known, and what comes next
is worth what the best way by the agent's own beliefs (``rationality.beliefs``) would bring. Errors along the ways that are
truly best, as in ``NoisyValue``, leave out that who misjudges costs also takes another way: the value of what comes next is the
best of many misjudged ways. One plan a goal and draw, so this is the dearest of the models; sigma = 0 is ``Boltzmann``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logsumexp

from irlcore.engine import checkpoint
from irlcore.planning.costs import check_costs
from irlcore.planning.graph import graph_of
from irlcore.rationality.ahead import all_rows, is_tree, rows_of
from irlcore.rationality.base import Rationality, choice_counts
from irlcore.rationality.beliefs.beliefs import Beliefs, beliefs_of
from irlcore.rationality.beliefs.follow import Followed, follow, pull_trips
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.derivatives import check_columns, check_weights, pull_q, sum_by_state
from irlcore.rationality.kernels import soft_rows
from irlcore.rationality.noise.size import SIGMA2
from irlcore.rationality.noise.trips import step_by_step
from irlcore.rationality.sampling import draw_path
from irlcore.rationality.seen import log_seen, pull_seen, seen_rows, told_apart
from irlcore.rationality.solution import Group, Prepared, Rows, Solution, Trips, sum_trips
from irlcore.worlds.mdp import MDP


class Replanned(Rationality):
    """Softmax of the true next step plus the best way on by misjudged costs, averaged over a fixed set of beliefs."""

    costs_only, smooth, softmax = True, False, False
    parameters = (SIGMA2,)
    covariance = "replanned"

    def __init__(self, persistent: bool = False, draws: int = 0) -> None:
        """persistent: one belief a trip, not one a step. draws: how many beliefs, even; 64 where fresh and 128 where persistent by
        default."""
        self.persistent, self.draws = persistent, draws or (128 if persistent else 64)
        if self.draws < 2 or self.draws % 2:
            raise ValueError(f"{self.draws} draws: errors come with their opposites, so take an even number.")
        self.name = "noisy_value_replanned" + ("_persistent" if persistent else "")
        self.title = "NoisyValue: plans on wrong costs" + (", and believes them for a whole trip" if persistent else "")
        self.sentence = ("The agent knows what the next step costs, is wrong about what later ones cost, and takes the way that is best by "
                         "what it believes. The closest to what people do on most data.")

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        hard = Boltzmann().prepare(mdp, reward, gamma)
        own = self.own_start(own)
        sure = float(own[0]) == 0.0  # then all believe the same
        return replace(hard, own=own, parts=parts, shared=beliefs_of(mdp, hard.reward, float(own[0]), 2 if sure else self.draws))

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> ReplannedSolution:
        hard = Boltzmann().solve(replace(prepared, shared=None), goal_states)
        goal_states, rows, nothing = hard.goal_states, all_rows(prepared.mdp), _nothing(prepared)
        if _side_by_side(prepared):
            log_pi = self._follow(prepared, goal_states, rows, nothing).log_pi
        else:
            log_pi = np.column_stack([one for one, _ in self._draws(prepared, goal_states, rows, nothing)])
        return ReplannedSolution(goal_states, hard.value, hard.q, logsumexp(log_pi, axis=1) - np.log(log_pi.shape[1]), hard.slope,
                                 log_pi)

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        check_columns(prepared, columns)
        return self._everywhere(prepared, solution, columns)[:, :-1]

    def own_jvp(self, prepared: Prepared, solution: Solution) -> np.ndarray:
        return self._everywhere(prepared, solution, _nothing(prepared))[:, -1:]

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        check_weights(prepared, weights)
        shares = (_share(one, solution.log_policy, _beliefs(prepared).count) for one in _log_pi(solution).T)
        return self._pull(prepared, solution, (weights * share for share in shares))

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        if not self.persistent:
            return super().trips(prepared, group, columns)
        rows = rows_of(prepared.mdp, group)
        if _side_by_side(prepared) and told_apart(prepared.mdp):
            check_costs(graph_of(prepared.mdp), prepared.reward, group.goal_states, prepared.within)
            found = self._follow(prepared, group.goal_states, rows, columns, group)
            return Trips(found.trip_loglik, found.scores, found.information)
        choices, log_q, scores = rows.choices.astype(np.int64), [], []
        for log_pi, slopes in self._draws(prepared, group.goal_states, rows, columns):
            seen, slopes = seen_rows(prepared.mdp, choices, log_pi, slopes)
            log_q.append(sum_trips(seen[rows.steps], group.offsets))
            scores.append(sum_trips(slopes[rows.steps], group.offsets))
        loglik = logsumexp(log_q, axis=0) - np.log(_beliefs(prepared).count)
        shares = [_share(one, loglik, _beliefs(prepared).count)[:, None] for one in log_q]
        score = np.sum([share * slope for share, slope in zip(shares, scores, strict=True)], axis=0)
        return Trips(loglik, score, score.T @ score)

    def at_rows(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[Rows, np.ndarray, np.ndarray]:
        """Under a persistent model of the first step of a trip."""
        rows = rows_of(prepared.mdp, group)
        if _side_by_side(prepared):
            check_costs(graph_of(prepared.mdp), prepared.reward, group.goal_states, prepared.within)
            found = self._follow(prepared, group.goal_states, rows, columns, group, means=True)
            return rows, found.mean, found.slopes
        drawn, count = list(self._draws(prepared, group.goal_states, rows, columns)), _beliefs(prepared).count
        log_pi = logsumexp([one for one, _ in drawn], axis=0) - np.log(count)
        return rows, log_pi, np.sum([_share(one, log_pi, count)[:, None] * slope for one, slope in drawn], axis=0)

    def steps(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        if not self.persistent:
            return super().steps(prepared, solution, group)
        taken = self._taken(prepared, solution, group)
        spans = zip(group.offsets[:-1], group.offsets[1:], strict=True)
        return np.concatenate([step_by_step(np.arange(b - a), taken[a:b]) for a, b in spans])

    def log_kept(self, prepared: Prepared, solution: Solution) -> np.ndarray | None:
        return np.ascontiguousarray(_log_pi(solution)) if self.persistent else None

    def believed(self, prepared: Prepared, solution: Solution, choices: np.ndarray) -> np.ndarray:
        """(n, R) float32: log chance of each of ``choices`` (n,) under each belief, as far as it can be seen; to be kept for
        ``steps_believed``."""
        alone = Group(solution.goal_states, np.zeros(1, np.int64), np.array([0, len(choices)]), choices)
        return self._taken(prepared, solution, alone).astype(np.float32)

    @staticmethod
    def steps_believed(taken: np.ndarray) -> np.ndarray:
        """(T,) log chance of the steps of one trip, as ``steps`` of a persistent model has it, from those under each belief (T, R)."""
        return step_by_step(np.arange(len(taken)), taken.astype(np.float64))

    def residuals(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        if not self.persistent:
            return super().residuals(prepared, solution, group)
        if _side_by_side(prepared) and told_apart(prepared.mdp):
            rows = rows_of(prepared.mdp, group)
            return pull_trips(prepared, _beliefs(prepared), group, rows, _log_pi(solution)[rows.choices])
        return self._pull(prepared, solution, self._kept(prepared, solution, group))

    def residual_sum(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        if not self.persistent:
            return super().residual_sum(prepared, solution, group)
        if _side_by_side(prepared) and told_apart(prepared.mdp):
            return np.asarray(self.residuals(prepared, solution, group).sum(axis=0))
        summed = (weights.sum(axis=0, keepdims=True) for weights in self._kept(prepared, solution, group))
        total: np.ndarray = self._pull(prepared, solution, summed)[0]
        return total

    def sample(self, prepared: Prepared, solution: Solution, start: int, rng: np.random.Generator, longest: int = 400) -> list[int]:
        if not self.persistent:
            return super().sample(prepared, solution, start, rng, longest)
        policy = np.exp(_log_pi(solution)[:, rng.integers(_beliefs(prepared).count)])
        return draw_path(prepared.mdp, policy, start, solution.goal_states, rng, longest)

    def _follow(self, prepared: Prepared, goal_states: np.ndarray, rows: Rows, columns: np.ndarray, group: Group | None = None,
                means: bool = False) -> Followed:
        return follow(prepared, _beliefs(prepared), goal_states, rows, columns, group, means)

    def _draws(self, prepared: Prepared, goal_states: np.ndarray, rows: Rows,
               columns: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """In any world, under each belief: log pi (n,) of the rows' choices and its derivative (n, K + 1) by the weights of ``columns`` and
        sigma^2."""
        graph, k, choices = graph_of(prepared.mdp), columns.shape[1], rows.choices.astype(np.int64)
        for draw in range(_beliefs(prepared).count):
            checkpoint()
            believed, slope, by_sigma2 = _beliefs(prepared).one(draw)
            hard = Boltzmann().solve(_believing(prepared, believed), goal_states)
            moved = np.column_stack((columns * slope[:, None], by_sigma2))
            q = hard.q[choices] - believed[choices] + prepared.reward[choices]
            slopes = prepared.gamma * (graph.P[choices] @ hard.slope.push(moved))
            slopes[:, :k] += columns[choices]
            soft_rows(rows.offsets, q, slopes)
            yield q, slopes

    def _everywhere(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        """d log pi (M, K + 1) by the weights of ``columns`` and by sigma^2."""
        if _side_by_side(prepared):
            return self._follow(prepared, solution.goal_states, all_rows(prepared.mdp), columns, means=True).slopes
        drawn = self._draws(prepared, solution.goal_states, all_rows(prepared.mdp), columns)
        return np.sum([_share(one, solution.log_policy, _beliefs(prepared).count)[:, None] * slopes for one, slopes in drawn], axis=0)

    def _taken(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        """(C, R) log chance of every step under each belief."""
        if told_apart(prepared.mdp):
            return np.asarray(_log_pi(solution)[group.choices], np.float64)
        return np.column_stack([log_seen(prepared, replace(solution, log_policy=one))[group.choices] for one in _log_pi(solution).T])

    def _kept(self, prepared: Prepared, solution: Solution, group: Group) -> Iterator[np.ndarray]:
        """Weights (n, M) of every trip's log P on log pi under each belief."""
        counts = choice_counts(prepared.mdp, group)
        log_q = sum_trips(self._taken(prepared, solution, group), group.offsets)
        loglik = logsumexp(log_q, axis=1) - np.log(_beliefs(prepared).count)
        for one, log_pi in zip(log_q.T, _log_pi(solution).T, strict=True):
            seen = pull_seen(prepared, replace(solution, log_policy=log_pi), counts)
            yield seen * _share(one, loglik, _beliefs(prepared).count)[:, None]

    def _pull(self, prepared: Prepared, solution: Solution, weights: Iterator[np.ndarray]) -> np.ndarray:
        """Weights (B, M) on log pi under each belief, pulled back to the true rewards."""
        graph, out = graph_of(prepared.mdp), np.zeros(0)
        for draw, on_log_pi in enumerate(weights):
            checkpoint()
            reward, slope, _ = _beliefs(prepared).one(draw)
            believed = _believing(prepared, reward)
            hard = Boltzmann().solve(believed, solution.goal_states)
            policy = np.exp(_log_pi(solution)[:, draw])
            on_q = on_log_pi - policy * sum_by_state(graph, on_log_pi.T).T[:, graph.choice_state]
            pulled = on_q + slope * (pull_q(believed, hard, on_q, 0.0) - on_q)
            out = pulled if not out.size else out + pulled
        return out


@dataclass(frozen=True, slots=True)
class ReplannedSolution(Solution):
    """log_pi: (M, R) float64, log choice probabilities under each belief."""

    log_pi: np.ndarray


def _nothing(prepared: Prepared) -> np.ndarray:
    return np.zeros((prepared.mdp.n_choices, 0))


def _side_by_side(prepared: Prepared) -> bool:
    """Whether beliefs can be planned with side by side."""
    return is_tree(prepared)


def _believing(prepared: Prepared, reward: np.ndarray) -> Prepared:
    """The same world for an agent who believes in rewards (M,)."""
    return replace(Boltzmann().prepare(prepared.mdp, reward, prepared.gamma), within=prepared.within)


def _beliefs(prepared: Prepared) -> Beliefs:
    found: Beliefs = prepared.shared
    return found


def _log_pi(solution: Solution) -> np.ndarray:
    assert isinstance(solution, ReplannedSolution)
    return solution.log_pi


def _share(log_part: np.ndarray, log_mean: np.ndarray, count: int) -> np.ndarray:
    """Part of one of ``count`` draws in a mean, from their logarithms; 0 where the mean is 0."""
    return np.exp(np.where(np.isfinite(log_mean), log_part - np.where(np.isfinite(log_mean), log_mean, 0.0), -np.inf)) / count
