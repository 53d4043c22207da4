"""What a feature measures, apart from every name: two that measure the same are one candidate, and looking at it again is no new luck."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from irlcore.features.base import KINDS, Context, FeatureSpec, kind_of
from irlcore.features.described_fit import model_with_zone_renamed, with_each, zones_of_model
from irlcore.worlds.mdp import Paths

DIGITS = 32


def measured(spec: FeatureSpec, zones: Mapping[str, np.ndarray], spots: Mapping[str, np.ndarray]) -> str:
    """The identity of a candidate, 32 hexadecimal digits of its kind and its parameters: zones and places stand by their corners, features
    within it by what they measure. Its name, sign and reason say nothing, nor do the names of zones, places and features that it rests on.

    zones: name -> ring (V, 2), spots: name -> (2,), those that are drawn but not saved among them. A name that is none of them stands
    as it is. A sound spec is asked for (``checks.spec_problems``).
    """
    return _digest(_measured(spec.kind, spec.params, _by_corners(zones, spots)))


def measured_in(context: Context) -> Callable[[FeatureSpec], str]:
    """``measured`` for many candidates of one context. What is counted on tracks is another candidate where other tracks are counted:
    which ones, and so which fit is behind a habit, belongs to its identity here."""
    places, counted_on = _by_corners(context.zones, context.spots), _digest_of(context.training)

    def identity(spec: FeatureSpec) -> str:
        what = _measured(spec.kind, spec.params, places)
        return _digest([what, counted_on] if kind_of(spec).counts_tracks(spec.params) else what)

    return identity


def _by_corners(zones: Mapping[str, np.ndarray], spots: Mapping[str, np.ndarray]) -> dict[str, str]:
    """What stands for each name of a zone or place."""
    return {name: _digest([[key, np.asarray(known[name], np.float64).tolist()] for key, known in (("zone", zones), ("spot", spots))
                           if name in known])
            for name in {*zones, *spots}}


def _digest_of(paths: Paths | None) -> str:
    digest = hashlib.sha256()
    if paths is not None:
        for part in (paths.offsets, paths.choices, paths.last_state, paths.goal, paths.goals.offsets, paths.goals.states):
            digest.update(np.ascontiguousarray(part, np.int64).data)
            digest.update(b"|")
    return digest.hexdigest()[:DIGITS]


def _measured(kind: str, params: Mapping[str, Any], places: Mapping[str, str]) -> list[Any]:
    if kind not in KINDS:
        return [kind, sorted(params.items(), key=lambda item: item[0])]
    found: list[Any] = []
    for p in KINDS[kind].parameters:
        value = params.get(p.name, p.default)
        if p.type in ("zone", "spot") and isinstance(value, str):
            value = places.get(value, value)
        elif p.type == "places" and isinstance(value, list | tuple):
            value = [places.get(name, name) for name in value]
        elif p.type == "text" and isinstance(value, str):
            value = _text(value, places)
        elif p.type == "number" and isinstance(value, int):
            value = float(value)
        elif p.type == "feature" and isinstance(value, Mapping):
            value = _measured(value["kind"], value["params"], places)
        elif p.type == "fit" and isinstance(value, Mapping):
            value = with_each(value, lambda one: _measured(one["kind"], one["params"], places))
            for name in zones_of_model(value["model"]) & set(places):
                value["model"] = model_with_zone_renamed(value["model"], name, places[name])
        found.append([p.name, value])
    return [kind, found]


def _text(value: str, places: Mapping[str, str]) -> str:
    """A formula, in which names stand in quotes; how its parts are spaced says nothing where it quotes nothing else."""
    for name in sorted(places, key=len, reverse=True):
        for quote in "\"'":
            value = value.replace(f"{quote}{name}{quote}", f"{quote}{places[name]}{quote}")
    return " ".join(value.split())


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=as_json).encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def as_json(value: object) -> object:
    """What a number, an array or a mapping of another library says in JSON."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    return dict(value) if isinstance(value, Mapping) else repr(value)
