"""How often a fit expects the class to make each choice, on trips from the same starts to the same goals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.engine import run_all
from irlcore.errors import FeatureError, Infeasible
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix
from irlcore.fitting.likelihood import residual_map
from irlcore.fitting.result import FitResult
from irlcore.rationality.base import Rationality
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import MODELS
from irlcore.rationality.solution import Group, Prepared, group_by_goal
from irlcore.review.scores import Arrivals
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

MOST_KEPT = 64


def described(result: FitResult, features: tuple[FeatureSpec, ...]) -> dict[str, Any]:
    """A fit in plain JSON values: what ``expected`` needs to say what it expects."""
    return {"features": [spec.to_json() for spec in features], "weights": result.theta.tolist(), "own": result.own.tolist(),
            "model": result.rationality, "gamma": result.gamma}


def expected(world: World, context: Context, fit: Mapping[str, Any]) -> np.ndarray:
    """Expected use (M,) of each choice by trips like ``context.training`` under a ``described`` fit; kept for the next time."""
    kept: dict[str, np.ndarray] = world.mdp.cache.setdefault("expected", {})
    key = _key(context, fit)
    if key not in kept:
        while len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)), None)
        kept[key] = _expected(world, context, fit)
    return kept[key]


def _expected(world: World, context: Context, fit: Mapping[str, Any]) -> np.ndarray:
    assert context.training is not None
    try:
        specs = [FeatureSpec(**{**spec, "enabled": True}) for spec in fit["features"]]
        weights, own = (np.asarray(fit[name], np.float64) for name in ("weights", "own"))
        model, gamma = MODELS[fit["model"]], float(fit["gamma"])
        phi = feature_matrix(specs, world, context).values
        prepared = model.prepare(world.mdp, phi @ weights, gamma, own, phi * weights)
        return expected_use(prepared, model, context.training)
    except (KeyError, TypeError, ValueError) as error:
        raise FeatureError(f"The fit that says what is expected cannot be read ({error}).", "Make the feature anew from a fit.") from error
    except Infeasible as error:
        raise FeatureError(f"The fit that says what is expected does not hold in this world. {error.what}",
                           "Make the feature anew from a fit.") from error


def expected_use(prepared: Prepared, model: Rationality, paths: Paths) -> np.ndarray:
    """Expected number (M,) of times that trips like ``paths`` make each choice, as far as choices can be seen.

    Under MaxEnt in a deterministic world at gamma = 1 this is what was seen less the residuals. Elsewhere the chain of the policy is
    solved for its visits, goal by goal.
    """
    mdp = prepared.mdp
    if type(model) is MaxEnt and mdp.deterministic and prepared.gamma == 1.0:
        return np.maximum(np.bincount(paths.choices, minlength=mdp.n_choices) - residual_map(model, prepared, paths), 0.0)

    def one(group: Group) -> np.ndarray:
        starts = mdp.choice_state[group.choices[group.offsets[:-1]]]
        return Arrivals(mdp, model.solve(prepared, group.goal_states)).uses(np.bincount(starts, minlength=mdp.n_states))

    parts = run_all(one, group_by_goal(paths))
    return np.sum(parts, axis=0) if parts else np.zeros(mdp.n_choices)


def _key(context: Context, fit: Mapping[str, Any]) -> str:
    training = context.training
    assert training is not None
    digest = hashlib.sha256(json.dumps(fit, sort_keys=True, default=str).encode())
    for array in (training.choices, training.offsets, training.goal, training.goals.states, training.goals.offsets,
                  *context.zones.values(), *context.spots.values()):
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(repr((list(context.zones), list(context.spots))).encode())
    return digest.hexdigest()
