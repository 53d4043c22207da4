"""The contract of a feature kind, and the registry that the form on screen is drawn from.

A feature is a column phi (M,) over the choices of a world. A *kind* says how such a column is computed
from parameters; a *spec* is one feature as the analyst named it. A new kind is one file that defines a
subclass of ``FeatureKind`` and registers it; the contract test in ``tests/features`` then covers it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np

from irlcore.errors import FeatureError, did_you_mean
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

Sign = Literal["free", "positive", "negative"]
ParameterType = Literal["number", "choice", "zone", "spot", "places", "place_attribute", "choice_attribute", "attribute", "text",
                        "feature", "fit"]
"""What a parameter holds: a number; one of its options; the name of a zone, or of a spot or zone; a list of such names; the
name of a column; any text; another feature, as ``embedded`` makes it; a fit, as
``elicitation.expected_use.described`` makes it."""


@dataclass(frozen=True, slots=True)
class FeatureParameter:
    """One entry of a kind's form: ``type`` picks the widget and what is checked.

    ``minimum`` bounds a number; ``options`` lists the values of a choice.
    """

    name: str
    label: str
    type: ParameterType
    default: Any = None
    minimum: float | None = None
    options: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """One feature as the analyst named it.

    ``sign`` bounds its weight (>= 0, <= 0 or free); ``enabled`` False keeps it out of fits; ``reason`` is
    the analyst's own sentence on why it is there. ``version`` counts the analyst's edits, from 1; ``made`` is the
    ISO time of the last one, empty where it was not kept.
    """

    name: str
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    sign: Sign = "free"
    enabled: bool = True
    reason: str = ""
    version: int = 1
    made: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; ``FeatureSpec(**value)`` reads them back."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Context:
    """What features may look at beside the world.

    zones: name -> ring (V, 2) float64 in the world's coordinates. spots: name -> (2,) float64.
    training: the paths that class traffic is counted from; None where there are none yet. expected: how often a described fit expects
    trips like ``training`` to make each choice, (M,); a function of world, context and fit, since it needs a planner.
    """

    zones: Mapping[str, np.ndarray] = field(default_factory=dict)
    spots: Mapping[str, np.ndarray] = field(default_factory=dict)
    training: Paths | None = None
    expected: Callable[[World, Context, Mapping[str, Any]], np.ndarray] | None = None


class FeatureKind(ABC):
    """One way to compute a column from parameters."""

    kind: ClassVar[str]
    title: ClassVar[str]
    sentence: ClassVar[str]
    parameters: ClassVar[tuple[FeatureParameter, ...]] = ()

    @abstractmethod
    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        """The feature's value at every choice, (M,) float64, finite. Raises FeatureError."""

    @abstractmethod
    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        """One plain sentence on what this feature measures, its unit included."""

    def counts_tracks(self, params: Mapping[str, Any]) -> bool:
        """Whether the column is counted on ``context.training``, so that a training path must be judged without itself."""
        return False

    def available(self, world: World) -> str:
        """Empty where the kind works in this world, else one sentence on what is missing."""
        return ""

    def number(self, params: Mapping[str, Any], name: str) -> float:
        """A parameter of the type number: finite, and no less than its minimum. FeatureError where it is not."""
        p = self._parameter(name)
        value = params.get(name, p.default)
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise FeatureError(f"{name} is {value!r}, not a number.", "Type a number.") from error
        if not np.isfinite(number) or (p.minimum is not None and number < p.minimum):
            least = "" if p.minimum is None else " above 0" if 0.0 < p.minimum < 1e-6 else f" of at least {p.minimum:g}"
            raise FeatureError(f"{name} is {number}.", f"Type a finite number{least}.")
        return number

    def option(self, params: Mapping[str, Any], name: str) -> str:
        """A parameter of the type choice: one of its options. FeatureError where it is not."""
        p = self._parameter(name)
        value = params.get(name, p.default)
        if not isinstance(value, str) or value not in p.options:
            raise FeatureError(f"{name} is {value!r}.", f"Choose one of: {', '.join(p.options)}.")
        return value

    def _parameter(self, name: str) -> FeatureParameter:
        return next(p for p in self.parameters if p.name == name)


KINDS: dict[str, FeatureKind] = {}


def register(kind: type[FeatureKind]) -> type[FeatureKind]:
    """Class decorator: make a kind known by its name."""
    KINDS[kind.kind] = kind()
    return kind


def kind_of(spec: FeatureSpec) -> FeatureKind:
    """The kind a spec names; FeatureError where there is none."""
    if spec.kind not in KINDS:
        raise FeatureError(f"Feature {spec.name!r} is of the kind {spec.kind!r}, which this version does not know.",
                           f"{did_you_mean(spec.kind, KINDS)} Known kinds: {', '.join(sorted(KINDS))}.".strip())
    return KINDS[spec.kind]
