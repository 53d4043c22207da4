"""That derivatives of a model of rationality are derivatives: against finite differences, and both ways round against each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from irlcore.contracts.checking import Here
from irlcore.contracts.walks import Ground, dearest_needed, problem_of
from irlcore.fitting.likelihood import evaluate, path_logliks, residual_blocks, residual_map
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Prepared, Solution, group_by_goal

STEP = 1e-6
NATS = 1e-10
SCORES, LOG_CHANCES, RESIDUALS = 1e-6, 2e-5, 1e-5
"""How far an exact derivative may lie from a finite difference with STEP."""
BOTH_WAYS = 1e-9
FEW = 6


def trips_steps_and_scores(here: Here, model: Rationality, ground: Ground) -> None:
    """``trips`` may take another way than ``solve`` and ``steps``; scores are the derivative of both, and no information is negative."""
    problem, point = problem_of(model, ground)
    found = evaluate(model, problem.prepare(point), problem.phi, problem.paths, group_by_goal(problem.paths))

    def at(x: np.ndarray) -> np.ndarray:
        return path_logliks(model, problem.prepare(x), problem.paths)

    here.same(found.loglik, at(point), "the log-likelihood of a trip by `trips`, against `steps`,", NATS, _trip)
    names = [*problem.names, *(p.name for p in model.parameters)]
    for k, step in enumerate(np.eye(len(point)) * STEP):
        here.at(f"by {names[k]!r}").same(found.scores[:, k], (at(point + step) - at(point - step)) / (2 * STEP),
                                         "the score of a trip, against a finite difference,", SCORES, _trip)
    values = np.linalg.eigvalsh(found.information)
    here.need(values.min() > -1e-9 * values.max(),
              f"the information has the eigenvalue {values.min():.6g} beside {values.max():.6g}, and none may be negative")


def ties(here: Here, model: Rationality, ground: Ground) -> None:
    """Where every step costs the same most states have several best choices: both ways of planning take the same one."""
    problem, point = problem_of(model, ground)
    flat = Problem(problem.mdp, np.ones((problem.mdp.n_choices, 1)), ("step",), problem.paths, model, ground.gamma)
    prepared = flat.prepare(np.append(-max(1.5, dearest_needed(ground.mdp)), point[2:]))
    found = evaluate(model, prepared, flat.phi, flat.paths, group_by_goal(flat.paths))
    here.same(found.loglik, path_logliks(model, prepared, flat.paths), "the log-likelihood of a trip by `trips`, against `steps`,", NATS,
              _trip)


def rewards_may_change(here: Here, model: Rationality, ground: Ground) -> None:
    """A model keeps no view of the caller's rewards: they may change after they were used."""
    problem, point = problem_of(model, ground)
    reward, gamma = problem.phi @ point[:2], ground.gamma
    groups = group_by_goal(problem.paths)
    first = model.prepare(problem.mdp, reward, gamma)
    here.same(first.reward, reward, "Prepared.reward, against what was given,", where=lambda at: f"choice {at[0]}")
    evaluate(model, first, reward[:, None], problem.paths, groups)
    reward *= 1.3
    prepared = model.prepare(problem.mdp, reward, gamma, None, reward[:, None])
    found = evaluate(model, prepared, reward[:, None], problem.paths, group_by_goal(problem.paths))
    others = reward.copy()
    anew = path_logliks(model, model.prepare(problem.mdp, others, gamma, None, others[:, None]), problem.paths)
    for loglik in (found.loglik, path_logliks(model, prepared, problem.paths)):
        here.same(loglik, anew, "the log-likelihood of a trip once rewards have changed", NATS, _trip)


def forward(here: Here, model: Rationality, ground: Ground) -> None:
    """``jvp`` is the derivative of log pi by two directions of the rewards."""
    problem, point = problem_of(model, ground)
    prepared, goal, rng = problem.prepare(point), np.array([ground.goals[-1]]), np.random.default_rng(1)
    columns = rng.normal(size=(problem.mdp.n_choices, 2))
    solution = model.solve(prepared, goal)
    live = np.flatnonzero(_live(prepared, solution))
    pushed = model.jvp(prepared, solution, columns)
    here.same(np.array(pushed.shape), np.array(columns.shape), "the shape of jvp")
    for k in range(2):
        up, down = (model.solve(model.prepare(problem.mdp, prepared.reward + s * columns[:, k], ground.gamma, prepared.own, prepared.parts),
                                goal).log_policy[live] for s in (STEP, -STEP))
        here.at(f"goal {goal[0]}, direction {k}").same(pushed[live, k], (up - down) / (2 * STEP), "jvp, against a finite difference,",
                                                       LOG_CHANCES, _choice(live))


def backward(here: Here, model: Rationality, ground: Ground) -> None:
    """``vjp`` is ``jvp`` turned round."""
    problem, point = problem_of(model, ground)
    prepared, goal, rng = problem.prepare(point), np.array([ground.goals[-1]]), np.random.default_rng(1)
    columns, weights = rng.normal(size=(problem.mdp.n_choices, 2)), rng.normal(size=(2, problem.mdp.n_choices))
    solution = model.solve(prepared, goal)
    live = _live(prepared, solution)
    weights[:, ~live] = 0.0
    pulled = model.vjp(prepared, solution, weights)
    here.same(np.array(pulled.shape), np.array(weights.shape), "the shape of vjp")
    turned = weights[:, live] @ model.jvp(prepared, solution, columns)[live]
    here.at(f"goal {goal[0]}").same(pulled @ columns, turned, "vjp(weights) @ columns, against weights @ jvp(columns),",
                                    BOTH_WAYS * max(1.0, float(np.abs(turned).max())),
                                    lambda at: f"weights {at[0]} and column {at[1]}")


def own_forward(here: Here, model: Rationality, ground: Ground) -> None:
    """``own_jvp`` is the derivative of log pi by each of the model's own parameters."""
    problem, point = problem_of(model, ground)
    prepared, goal = problem.prepare(point), np.array([ground.goals[-1]])
    solution = model.solve(prepared, goal)
    live = np.flatnonzero(_live(prepared, solution))
    own = model.own_jvp(prepared, solution)
    here.same(np.array(own.shape), np.array([problem.mdp.n_choices, len(model.parameters)]), "the shape of own_jvp")
    for k, step in enumerate(np.eye(len(model.parameters)) * STEP):
        up, down = (model.solve(model.prepare(problem.mdp, prepared.reward, ground.gamma, prepared.own + s * step, prepared.parts),
                                goal).log_policy[live] for s in (1.0, -1.0))
        here.at(f"goal {goal[0]}, by {model.parameters[k].name!r}").same(
            own[live, k], (up - down) / (2 * STEP), "own_jvp, against a finite difference,", LOG_CHANCES, _choice(live))


def residuals(here: Here, model: Rationality, ground: Ground) -> None:
    """Rows of the residual matrix are the slope of each trip by every reward, and the map is their sum."""
    problem, point = problem_of(model, ground, FEW)
    prepared = problem.prepare(point)
    column = np.random.default_rng(2).normal(size=problem.mdp.n_choices)
    rows = np.zeros((FEW, problem.mdp.n_choices))
    for index, block in residual_blocks(model, prepared, problem.paths, block=4):
        rows[index] = block

    def at(step: float) -> np.ndarray:
        moved = model.prepare(problem.mdp, prepared.reward + step * column, ground.gamma, prepared.own, prepared.parts)
        return path_logliks(model, moved, problem.paths)

    here.same(rows @ column, (at(STEP) - at(-STEP)) / (2 * STEP), "a trip's residuals times a direction, against a finite difference,",
              RESIDUALS, _trip)
    here.same(residual_map(model, prepared, problem.paths), rows.sum(axis=0), "the residual map, against the sum of rows,", NATS,
              lambda at: f"choice {at[0]}")


def _live(prepared: Prepared, solution: Solution) -> np.ndarray:
    """(M,) bool: choices that can be made where trips come to; nothing is promised of others."""
    live = np.isfinite(solution.log_policy)
    return np.asarray(live if prepared.within is None else live & prepared.within[prepared.mdp.choice_state])


def _trip(at: tuple[int, ...]) -> str:
    return f"trip {at[0]}"


def _choice(live: np.ndarray) -> Callable[[tuple[int, ...]], str]:
    return lambda at: f"choice {live[at[0]]}"
