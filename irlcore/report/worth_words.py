"""What weights mean, one sentence a feature: "a left turn costs as much as 230 m of length"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from irlcore.features.base import FeatureSpec
from irlcore.features.totals import total_of
from irlcore.project.project import FitRecord
from irlcore.quantities import amount_in, plain, said_amount, said_range, sensible_amount
from irlcore.worlds.called import called
from irlcore.worlds.world import World

UNITS = ("length", "duration", "step")
"""Kinds of features that weights are told in, the first that surely costs."""

FIGURES = 2  # in a sentence; the table has more
MANY_TIMES = 1e6  # as likely; no more than this is told

COUNTED = {"turn": "one \"{}\"", "step": "one step", "attribute": "one step of \"{}\"", "zone": "one step of \"{}\"",
           "again": "one \"{}\"", "happened": "one \"{}\"", "sequel": "one \"{}\""}
"""Kinds that count things -> one of them; of others a sentence says "one more of"."""

SHARES = {"usual_event": "an event that usually comes twice as often (\"{}\")",
          "usual_kind": "an event of a kind that is usually twice as frequent (\"{}\")"}
"""Kinds of features of logs that are the logarithm of a share -> what is twice that."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What one feature of a fit counts, and how much of it a sentence speaks of.

    name: as the analyst knows it. kind: of feature. unit: "m", "min"; empty where it counts things. per: how much of the unit one of the
    feature is. amount: how much of the unit (of the feature, where it has none) a weight is told for.
    """

    name: str
    kind: str
    unit: str
    per: float
    amount: float

    @property
    def times(self) -> float:
        """A weight by this is that of ``amount``."""
        return self.amount / self.per

    def said(self) -> str:
        """That amount: "100 m of length", "one step", "one "left turn""."""
        if self.unit:
            return f"{said_amount(self.amount, self.unit)} of {self.name}"
        return COUNTED.get(self.kind, "one more of \"{}\"").replace("{}", self.name)

    def label(self) -> str:
        """The feature in a figure: "left turn", "length, per 100 m"."""
        return f"{self.name}, per {said_amount(self.amount, self.unit)}" if self.unit else self.name


def measure_of(spec: FeatureSpec, world: World) -> Measure:
    """What a feature counts in this world; a length is told for an amount that suits the world's steps."""
    total = total_of(spec, world)
    if spec.kind == "length":
        lengths = world.choice_length[np.isfinite(world.choice_length) & (world.choice_length > 0.0)]
        usual = float(np.median(lengths)) if len(lengths) else float("nan")
        return Measure("length", spec.kind, total.unit, total.per, sensible_amount(usual, world.unit))
    if spec.kind == "duration":
        return Measure("time", spec.kind, total.unit, total.per, 1.0)
    return Measure(spec.name, spec.kind, "", 1.0, 1.0)


def usual_unit(record: FitRecord) -> int | None:
    """The feature that weights are told in: the first length, duration or step that surely costs (its whole interval is below 0). None
    where there is none: in the unit of an unsure weight nothing can be told."""
    highest = record.result.interval()[:, 1]
    return next((k for kind in UNITS for k, spec in enumerate(record.features)
                 if spec.kind == kind and record.result.theta[k] < 0.0 and highest[k] < 0.0), None)


@dataclass(frozen=True, slots=True)
class Worth:
    """Weights (K,) with intervals (K, 2) in ``unit`` for the figure, labels (K,) of the features, and a sentence a feature."""

    labels: tuple[str, ...]
    value: np.ndarray
    interval: np.ndarray
    unit: str
    sentences: tuple[str, ...]


def worth(record: FitRecord, world: World, unit: int | None = None) -> Worth:
    """The fit's weights, what counts most against a step first: in utility, or in the feature at ``unit``, which then is left out."""
    result = record.result
    measures, say = [measure_of(spec, world) for spec in record.features], called(world).say
    times = np.array([one.times for one in measures])
    if unit is None:
        value, interval = result.theta * times, result.interval() * times[:, None]
        order = [int(k) for k in np.argsort(value, kind="stable")]
        told_by = _in_odds if world.kind == "log" else _in_utility
        said = [say(told_by(measures[k], float(value[k]), interval[k])) for k in order]
        return _sorted(measures, order, value, interval, "", said)
    share, around = result.worth(unit)
    per, costs = measures[unit].per, bool(result.theta[unit] < 0.0)
    value, interval = share * times * per, around * (times * per)[:, None]
    sign = 1.0 if costs else -1.0
    order = [int(k) for k in np.argsort(-sign * value, kind="stable") if k != unit]
    said = [say(_in_unit(measures[k], measures[unit], float(value[k]), interval[k], costs)) for k in order]
    largest = float(np.max(np.abs(value[order]), initial=0.0))
    factor, name = amount_in(largest, measures[unit].unit) if measures[unit].unit else (1.0, "")
    told = f"{name} of {measures[unit].name}" if name else measures[unit].name
    return _sorted(measures, order, value * factor, interval * factor, told, said)


def _sorted(measures: list[Measure], order: list[int], value: np.ndarray, interval: np.ndarray, unit: str, said: list[str]) -> Worth:
    return Worth(tuple(measures[k].label() for k in order), value[order], interval[order], unit, tuple(said))


def _in_utility(one: Measure, value: float, around: np.ndarray) -> str:
    subject = _capital(one.said())
    if value == 0.0:
        return f"{subject} plays no part."
    verb = "costs" if value < 0.0 else "is worth"
    return f"{subject} {verb} {plain(abs(value), FIGURES)} in utility{_sure(around, _ends, value < 0.0)}."


def _in_odds(one: Measure, value: float, around: np.ndarray) -> str:
    """Where nobody plans, a weight is how many times as likely a choice becomes against the others."""
    subject = _capital(SHARES.get(one.kind, "an event with \"{}\"").replace("{}", one.name))
    if value == 0.0:
        return f"{subject} is as likely as others."
    base = np.log(2.0) if one.kind in SHARES else 1.0
    with np.errstate(over="ignore"):
        factor, ends = float(np.exp(base * value)), np.exp(base * around)
    near = bool(0.5 < factor < 2.0)  # of 1, which is no change: "1 to 1.1" would not tell on which side of it an interval lies
    times = plain(factor, FIGURES + near) if factor < MANY_TIMES else f"over {MANY_TIMES:,.0f}"

    def between(low: float, high: float) -> str:
        return f"{plain(low, FIGURES + near)} to {plain(high, FIGURES + near)}"

    return f"{subject} is {'about' if times == '1' else f'{times} times'} as likely, all else equal{_sure(ends, between, False, 1.0)}."


def _ends(low: float, high: float) -> str:
    return f"{plain(low, FIGURES)} to {plain(high, FIGURES)}"


def _in_unit(one: Measure, unit: Measure, value: float, around: np.ndarray, costs: bool) -> str:
    """costs: whether the unit itself counts against a way; a share above 0 then does so too."""
    subject = _capital(one.said())
    if value == 0.0:
        return f"{subject} plays no part."

    def ends(low: float, high: float) -> str:
        return said_range(low, high, unit.unit, FIGURES) if unit.unit else _ends(low, high)

    def of(x: float) -> str:
        told = plain(x, FIGURES)
        if unit.kind == "step":
            return f"{told} step{'' if told == '1' else 's'}"
        return f"{said_amount(x, unit.unit, FIGURES)} of {unit.name}" if unit.unit else f"{told} \"{unit.name}\""

    size = of(abs(value))
    if costs:
        told = f"costs as much as {size}" if value > 0.0 else f"is liked as much as {size} costs"
    else:
        told = f"is liked as much as {size}" if value > 0.0 else f"costs as much as {size} is liked"
    return f"{subject} {told}{_sure(around, ends, value < 0.0)}."


def _sure(around: np.ndarray, said: Callable[[float, float], str], flip: bool, nothing: float = 0.0) -> str:
    """How sure that is: the ends of the interval as sizes, or that it may be ``nothing``, or that nothing is known."""
    low, high = (float(x) for x in around)
    if not (np.isfinite(low) and np.isfinite(high)):
        return ", but how sure that is, is not known"
    if low <= nothing <= high:
        return ", but it may as well be nothing: these tracks cannot tell"
    low, high = (-high, -low) if flip else (low, high)
    return f" (95 % interval {said(low, high)})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
