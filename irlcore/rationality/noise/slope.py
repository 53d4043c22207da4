"""The likelihood of trips and its derivative in total, under errors of later costs that are fresh at every step.

Where only the total is asked for, and not each trip's score nor the information, weights on log pi are pulled back through the choices and
along the plan once, for all weights of features together, where ``at_rows`` carries the errors' slopes by every one of them outwards. In a
deterministic world at gamma = 1.
"""

from __future__ import annotations

import numpy as np

from irlcore.planning.graph import graph_of
from irlcore.rationality import kernels as choices
from irlcore.rationality.ahead import plan_ahead, rows_of
from irlcore.rationality.noise import kernels
from irlcore.rationality.noise.draws import state_errors
from irlcore.rationality.noise.errors import TEMPERATURE, cost_errors
from irlcore.rationality.noise.size import by_sigma2, sigma_of
from irlcore.rationality.solution import Group, Prepared
from irlcore.rationality.spread import kernels as spread
from irlcore.worlds.limits import check_numbers


def total_slope(prepared: Prepared, group: Group, columns: np.ndarray, draws: int) -> tuple[float, np.ndarray]:
    """Log-likelihood of a group's trips, nats, each counted as often as it stands for, and its derivative (K + 1,) by the weights of
    ``columns`` (M, K) and by sigma^2. -inf where a trip makes a choice that has no chance."""
    check_numbers("columns", columns, (prepared.mdp.n_choices, -1))
    graph, rows, sigma = graph_of(prepared.mdp), rows_of(prepared.mdp, group), sigma_of(prepared)
    plan, n = plan_ahead(prepared, group, TEMPERATURE), len(rows.choices)
    q, at = np.empty(n), plan.row[graph.successors[rows.choices]]
    choices.look_ahead(rows.choices, graph.choice_state, graph.successors, group.goal_states.astype(np.uint32), prepared.reward, plan.value,
                       np.zeros((0, 0)), np.zeros((1, 0)), plan.row, q, np.empty((n, 0)))
    errors = cost_errors(graph, prepared.reward, plan.choice, state_errors(prepared.mdp, draws // 2))
    step = (plan.choice, plan.weight)
    along = (errors.root, errors.base, errors.at)
    fields = np.zeros((len(plan.states), draws // 2))
    spread.carry(plan.offsets, *step, graph.successors, plan.row, *along, fields)
    each = None if group.counts is None else np.repeat(group.counts, np.diff(group.offsets))
    given, on_q, on_fields = np.bincount(rows.steps, each, n).astype(np.float64), np.zeros(n), np.zeros(fields.shape)
    loglik, by_sigma = kernels.judge(rows.offsets, q, given, at, fields, sigma, on_q, on_fields)
    out = on_q @ columns[rows.choices]
    on_value = np.bincount(at, on_q, len(plan.states))
    spread.pull_all(plan.states, plan.offsets, *step, plan.tie, graph.successors, plan.row, prepared.reward, plan.value, plan.temperature,
                    errors.root, errors.steep, errors.base, errors.at, fields, on_fields, on_value, columns, out)
    return loglik, np.append(out, by_sigma * by_sigma2(sigma))
