"""A kind of feature with its form filled in: the parameters that an analyst would leave there, and values that are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from irlcore.features.base import KINDS, Context, FeatureKind, FeatureParameter
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

SQUARE = np.array([[-10.0, -10.0], [150.0, -10.0], [150.0, 150.0], [-10.0, 150.0], [-10.0, -10.0]])
SPOT = np.array([100.0, 100.0])
PICKED: Mapping[str, Any] = {"zone": "square", "spot": "home", "places": ["home", "square"],
                             "feature": {"name": "each step", "kind": "step", "params": {}},
                             "fit": {"features": [], "weights": [], "own": [], "model": "maxent", "gamma": 1.0}}
"""What an analyst would pick for parameters of a type that have no default."""
WRONG: Mapping[str, tuple[object, ...]] = {
    "number": ("many", None, float("nan"), float("inf"), 10**400, [1.0]), "text": ("no such text",),
    "zone": ("nowhere", None, ["square"], 7), "spot": ("nowhere", None, ["home"], 7),
    "places": ("home", None, [], ["home", "nowhere"], ["home", 7], [["home"]], {"home": 1}),
    "feature": ("each step", None, {}, ["each step"], {"name": "s", "kind": "step"}, {"name": "s", "kind": "smell", "params": {}},
                {"name": "s", "kind": "step", "params": {"size": 2}}, {"name": "s", "kind": "zone", "params": {"zone": "nowhere"}},
                {"name": "s", "kind": "length", "params": {"per": float("nan")}}, {"name": 1, "kind": "step", "params": {}})}
"""Values that no parameter of a type may have; "nowhere" for all other types."""


@dataclass(frozen=True, slots=True)
class Form:
    """A world, and what was picked for parameters instead of what would be."""

    world: World
    picked: Mapping[str, Any]

    def params(self, kind: FeatureKind) -> dict[str, Any]:
        """All parameters, filled in."""
        return {**filled_in(kind, self.world), **self.picked}


@contextmanager
def registered(kind: FeatureKind) -> Iterator[None]:
    """While it lasts the kind is known by its name, as files and formulas that name it ask for."""
    before = KINDS.get(kind.kind)
    KINDS[kind.kind] = kind
    try:
        yield
    finally:
        if before is None:
            del KINDS[kind.kind]
        else:
            KINDS[kind.kind] = before


def filled_in(kind: FeatureKind, world: World) -> dict[str, Any]:
    """Parameters as an analyst would leave the form: defaults, and a pick where there is none that fits the world."""
    attributes = {**world.place_attributes, **world.choice_attributes}
    numeric = [name for name, values in attributes.items() if values.dtype != object]
    params: dict[str, Any] = {}
    for p in kind.parameters:
        if "attribute" in p.type:
            params[p.name] = p.default if p.default in numeric else next(iter(numeric), "none")
        else:
            params[p.name] = PICKED.get(p.type, p.default) if p.default is None else p.default
    if kind.kind == "attribute" and attributes and not numeric:  # texts alone, as in a log: one of them is meant
        name = next(iter(attributes))
        return {**params, "attribute": name, "equals": str(attributes[name][0])}
    return params


def wrong_values(parameter: FeatureParameter) -> list[object]:
    """Values that a parameter must refuse."""
    values = list(WRONG.get(parameter.type, ("nowhere",)))
    return values + ([parameter.minimum - 1.0] if parameter.minimum is not None else [])


def context(world: World, choice: int = 0) -> Context:
    """A zone, a spot and one training path of one choice."""
    goal = int(world.choice_place[choice])
    training = Paths(np.array(["a"], object), np.array([0, 1]), np.array([choice]), world.mdp.likeliest[choice:choice + 1], np.array([0]),
                     world.goals_at(np.array([goal])))
    return Context({"square": SQUARE}, {"home": SPOT}, training, lambda there, seen, fit: np.full(there.mdp.n_choices, 0.5))
