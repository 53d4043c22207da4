"""How often a fit expects the class to make each choice, on trips from the same starts to the same goals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import scipy.sparse as sp

from irlcore.engine import run_all
from irlcore.errors import FeatureError, FitError, Infeasible
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.checks import embedded, embedded_spec, fit_problems
from irlcore.features.described_fit import AHEAD
from irlcore.features.feature_set import feature_column, feature_matrix
from irlcore.fitting.likelihood import residual_map
from irlcore.fitting.mixed_goals import logliks_under
from irlcore.fitting.result import FitResult
from irlcore.rationality.base import Rationality
from irlcore.rationality.confined import covering
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import suited, value_specs
from irlcore.rationality.seen import recorded_choices, told_apart
from irlcore.rationality.solution import Group, Prepared, Solution
from irlcore.rationality.unfinished import cut_trips, groups_of, known_and_cut
from irlcore.review.scores import Arrivals
from irlcore.review.walks import starts_of, walk_uses
from irlcore.worlds.mdp import MDP, Paths
from irlcore.worlds.world import World

MOST_KEPT, MOST_NUMBERS = 64, 10_000_000
MOST_STEPS = 2000
FEWEST = 1e-9  # share of the trips still under way


def described(result: FitResult, features: tuple[FeatureSpec, ...], known: Iterable[FeatureSpec] = ()) -> dict[str, Any]:
    """A fit in plain JSON values: what ``expected`` needs to say what it expects. known: features of the project, among which those are
    that the model's value features count along the way."""
    fit = {"features": [embedded(spec) for spec in features], "weights": result.theta.tolist(), "own": result.own.tolist(),
           "model": result.rationality, "gamma": result.gamma}
    ahead = [spec.of for spec in value_specs(result.rationality) if spec.kind == "ahead"]
    return {**fit, AHEAD: [embedded(spec) for spec in known if spec.name in ahead]} if ahead else fit


def expected(world: World, context: Context, fit: Mapping[str, Any]) -> np.ndarray:
    """Expected use (M,) of each choice by trips like ``context.training`` under a ``described`` fit; kept for the next time."""
    kept = world.mdp.derived(_uses)
    key = _key(context, fit)
    found = kept.get(key)
    if found is None:
        found = _expected(world, context, fit)
        while len(kept) >= max(2, min(MOST_KEPT, MOST_NUMBERS // max(len(found), 1))):
            kept.pop(next(iter(kept), ""), None)
        kept[key] = found
    return found


def _uses(mdp: MDP) -> dict[str, np.ndarray]:
    """Expected uses of an MDP's choices, by what they were asked of; filled by ``expected``."""
    return {}


def _expected(world: World, context: Context, fit: Mapping[str, Any]) -> np.ndarray:
    assert context.training is not None
    problems = fit_problems(fit, "The fit that says what is expected")
    if problems:
        raise FeatureError(" ".join(problems), "Make the feature anew from a fit.")
    try:
        specs = [embedded_spec(value, "A feature of the fit") for value in fit["features"]]
        weights, own = (np.asarray(fit[name], np.float64) for name in ("weights", "own"))
        ahead = {spec.name: feature_column(spec, world, context)
                 for spec in (embedded_spec(value, "A feature of the fit") for value in fit.get(AHEAD, ()))}
        model, gamma = suited(world, fit["model"], context.zones, ahead), float(fit["gamma"])
        if len(own) != len(model.parameters):
            raise ValueError(f"{len(own)} own parameters, {model.name} has {len(model.parameters)}")
        phi = feature_matrix(specs, world, context).values
        prepared = model.prepare(world.mdp, phi @ weights, gamma, own, phi * weights)
        return expected_use(prepared, model, context.training)
    except Infeasible as error:
        raise FeatureError(f"The fit that says what is expected does not hold in this world. {error.what}",
                           "Make the feature anew from a fit.") from error
    except (KeyError, TypeError, ValueError, FitError) as error:
        raise FeatureError(f"The fit that says what is expected cannot be read ({error}).", "Make the feature anew from a fit.") from error


def expected_use(prepared: Prepared, model: Rationality, paths: Paths) -> np.ndarray:
    """Expected number (M,) of times that trips like ``paths`` make each choice, as far as choices can be seen.

    Under MaxEnt in a deterministic world at gamma = 1 this is what was seen less the residuals. Elsewhere the trips are followed along
    the chain of the policy, goal by goal, until next to none is under way; where that takes too long, the chain is solved. Those that roam
    are followed for as many steps as they made. Of trips that were cut off it is what whole trips to the goals that they may have had would
    make, less what would still be to come from where they were last seen, each goal as likely as the steps make it.
    """
    mdp = prepared.mdp
    prepared = covering(model, prepared, paths)
    if type(model) is MaxEnt and told_apart(mdp) and prepared.gamma == 1.0:
        return np.maximum(np.bincount(paths.choices, minlength=mdp.n_choices) - residual_map(model, prepared, paths), 0.0)

    known, cut = known_and_cut(groups := groups_of(mdp, prepared.gamma, paths))
    parts = run_all(_expected_of, known, shared=(model, prepared))
    index = cut_trips(groups)
    if len(index):
        total, joint = logliks_under(model, prepared, cut, index)
        known_total = np.where(np.isfinite(total), total, 0.0)
        shares = [np.exp(np.where(np.isfinite(own), own - known_total, -np.inf)) for own in joint]
        so_far = run_all(_so_far, list(zip(cut, shares, strict=True)), shared=(model, prepared, paths.last_state))
        parts.append(np.maximum(np.sum(so_far, axis=0), 0.0))
    return np.sum(parts, axis=0) if parts else np.zeros(mdp.n_choices)


def _expected_of(judge: tuple[Rationality, Prepared], group: Group) -> np.ndarray:
    """(M,), of trips to one goal, or that roam."""
    model, prepared = judge
    solution = model.solve(prepared, group.goal_states)
    if not len(group.goal_states):
        return walk_uses(prepared.mdp, solution, starts_of(prepared.mdp, group), np.diff(group.offsets))
    return _whole(prepared.mdp, solution, _begun(prepared.mdp, group))


def _so_far(judge: tuple[Rationality, Prepared, np.ndarray], asked: tuple[Group, np.ndarray]) -> np.ndarray:
    """(M,), of trips that were cut off, each counted by the share (n,) of the group's goal in it; where all were last seen judges, too."""
    (model, prepared, last_state), (group, share) = judge, asked
    mdp, solution = prepared.mdp, model.solve(prepared, group.goal_states)
    last = np.bincount(last_state[group.index], share, mdp.n_states)
    return _whole(mdp, solution, _begun(mdp, group, share)) - _whole(mdp, solution, last)


def _whole(mdp: MDP, solution: Solution, starts: np.ndarray) -> np.ndarray:
    """(M,), of ``starts`` (S,) trips that arrive."""
    followed = _follow(mdp, solution, starts)
    return Arrivals(mdp, solution).uses(starts) if followed is None else followed


def _begun(mdp: MDP, group: Group, share: np.ndarray | None = None) -> np.ndarray:
    """(S,): how many trips of a group begin in each state."""
    return np.bincount(mdp.choice_state[group.choices[group.offsets[:-1]]], share, mdp.n_states).astype(np.float64)


def _follow(mdp: MDP, solution: Solution, starts: np.ndarray) -> np.ndarray | None:
    """Uses (M,) of each choice, as recorded, by ``starts`` (S,) trips; None where they are not home after ``MOST_STEPS``."""
    chance = solution.policy[mdp.outcome_choice] * mdp.probabilities
    kept = np.flatnonzero(chance > 0.0)
    recorded, after, chance = recorded_choices(mdp)[kept], mdp.successors[kept], chance[kept]
    before = mdp.choice_state[recorded]
    onward = sp.csr_array((chance, (after, before)), shape=(mdp.n_states,) * 2)
    under_way, visits = starts.copy(), np.zeros(mdp.n_states)
    under_way[solution.goal_states] = 0.0
    for _ in range(MOST_STEPS):
        visits += under_way
        under_way = onward @ under_way
        under_way[solution.goal_states] = 0.0
        if under_way.sum() <= FEWEST * starts.sum():
            return np.bincount(recorded, chance * visits[before], mdp.n_choices)
    return None


def _key(context: Context, fit: Mapping[str, Any]) -> str:
    training = context.training
    assert training is not None
    digest = hashlib.sha256(json.dumps(fit, sort_keys=True, default=str).encode())
    for array in (training.choices, training.offsets, training.goal, training.goals.states, training.goals.offsets,
                  *([] if training.past is None else [training.past]), *context.zones.values(), *context.spots.values()):
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(repr((list(context.zones), list(context.spots))).encode())
    return digest.hexdigest()
