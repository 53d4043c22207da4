"""A sound kind of feature, and kinds that each break one part of the contract."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter
from irlcore.worlds.world import World

COUNT = itertools.count()


class Sound(FeatureKind):
    """Length of a step over a number, or 1 where it is longer than it."""

    kind = "sound"
    title = "Sound"
    sentence = "How long a step is."
    parameters = (FeatureParameter("per", "Per", "number", 2.0, minimum=1e-6),
                  FeatureParameter("how", "How", "choice", "plain", options=("plain", "flag")))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        per, how = self.number(params, "per"), self.option(params, "how")
        if self.available(world):
            raise FeatureError(self.available(world), "Give lengths.")
        return world.choice_length / per if how == "plain" else (world.choice_length > per).astype(float)

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        return f"Length of each step{f' in {unit}' if unit else ''} (no unit)."

    def available(self, world: World) -> str:
        return "" if np.isfinite(world.choice_length).all() else "Lengths are not known."


class Unsaid(Sound):
    """Ends its sentence with nothing."""

    sentence = "How long a step is"


class Taken(Sound):
    """Goes by another's name."""

    kind = "zone"


class NoDefault(Sound):
    """Asks for what may be left out."""

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        return super().column(world, context, params) * (1.0 if "per" in params else 3.0)


class NoSuchOption(Sound):
    """Divides by zero for one option."""

    parameters = (*Sound.parameters, FeatureParameter("gap", "Gap", "choice", "no", options=("no", "yes")))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        return super().column(world, context, params) * (np.nan if self.option(params, "gap") == "yes" else 1.0)


class TakesAnything(Sound):
    """Reads a number as it comes."""

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        return super().column(world, context, {**params, "per": 2.0})


class NoUnit(Sound):
    """Names no unit."""

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        return "Length of each step."


class Gap(Sound):
    """Leaves a gap where there is no unit."""

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        return f"Length of each step in {unit} ."


class OddValue(Sound):
    """Holds what equals nothing, itself included."""

    parameters = (*Sound.parameters, FeatureParameter("odd", "Odd", "text", ""))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        if not isinstance(params.get("odd", ""), str) or params.get("odd") == "no such text":
            raise FeatureError("odd is no text.", "Give one.")
        return super().column(world, context, params)


class NotOnly(Sound):
    """Says that it works where it does not."""

    def available(self, world: World) -> str:
        return ""

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        if not np.isfinite(world.choice_length).all():
            raise ValueError("nothing known")
        return super().column(world, context, params)


class NoFix(Sound):
    """Says what is wrong, and not what to do."""

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        if self.available(world):
            raise FeatureError(self.available(world))
        return super().column(world, context, params)


class WithGaps(Sound):
    """NaN where a step has no turn."""

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        return super().column(world, context, params) + 0.0 * world.choice_turn


class Flighty(Sound):
    """Another number each time, past the parts that look at it once."""

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        return super().column(world, context, params) + (0.5 * next(COUNT) if world.mdp.n_states == 192 else 0.0)


class Whole(Sound):
    """Whole numbers."""

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        return super().column(world, context, params).astype(np.int64)


class Lender(Sound):
    """Gives the world's own array away."""

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        super().column(world, context, params)
        return world.choice_length


class ByNumber(Sound):
    """Counts states by their numbers."""

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        return super().column(world, context, params) + world.mdp.choice_state


class Counting(Sound):
    """Marks where training paths went, and does not say so."""

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        column = super().column(world, context, params)
        if context.training is not None:
            column[context.training.choices] += 1.0
        return column
