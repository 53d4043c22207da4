"""What a spec says, checked and listed without a world: its parameters' types, the features in it, the names it refers to."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, FeatureSpec, Parameter

DEEPEST = 4
"""Levels of features within features: a combination of two plain features has one."""


def embedded(spec: FeatureSpec) -> dict[str, Any]:
    """A copy of a feature to keep in another's parameters: renaming or removing the original changes nothing."""
    whole = spec.to_json()
    return {part: whole[part] for part in ("name", "kind", "params")}


def embedded_spec(value: object, what: str = "The feature") -> FeatureSpec:
    """The feature that ``embedded`` made ``value`` of. FeatureError where it is none, or nested too deep, naming all that is wrong."""
    problems = list(_embedded_problems(value, what, 1))
    if problems or not isinstance(value, Mapping):
        raise FeatureError(" ".join(problems), "Pick the feature once more.")
    return FeatureSpec(value["name"], value["kind"], value["params"])


def spec_problems(spec: FeatureSpec) -> list[str]:
    """All that is wrong with a spec, one sentence each: an unknown kind or parameter, a value missing or of the wrong type."""
    return list(_problems(spec.name, spec.kind, spec.params, 1))


def names_used(spec: FeatureSpec, known: Collection[str] = ()) -> set[str]:
    """Names of the zones and spots that a feature, or one within it, refers to.

    Text may name them in quotes, as formulas do: those of ``known`` count that stand so in a parameter of text. Where the
    kind is not known here, so do those of ``known`` that are a parameter's value.
    """
    return set(_names(spec.kind, spec.params, known, 1))


def is_number(value: object) -> bool:
    """Whether a value is a finite number that fits a float."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _names(kind: str, params: Mapping[str, Any], known: Collection[str], depth: int) -> Iterator[str]:
    if kind not in KINDS:
        yield from (v for v in params.values() if isinstance(v, str) and v in known)
        return
    for p in KINDS[kind].parameters:
        value = params.get(p.name, p.default)
        if p.type in ("zone", "spot") and isinstance(value, str):
            yield value
        elif p.type == "places" and isinstance(value, list | tuple):
            yield from (name for name in value if isinstance(name, str))
        elif p.type == "text" and isinstance(value, str):
            yield from (name for name in known if f'"{name}"' in value or f"'{name}'" in value)
        elif p.type == "feature" and depth <= DEEPEST and not list(_shape_problems(value, "")):
            yield from _names(value["kind"], value["params"], known, depth + 1)


def _problems(name: str, kind: str, params: Mapping[str, Any], depth: int) -> Iterator[str]:
    what = f"Feature {name!r}"
    if kind not in KINDS:
        yield f"{what} is of the kind {kind!r}, which this version does not know."
        return
    entries = {p.name: p for p in KINDS[kind].parameters}
    yield from (f"{what} has a parameter {extra!r}, which {kind!r} does not know." for extra in params if extra not in entries)
    for p in entries.values():
        value = params.get(p.name, p.default)
        if p.type == "feature":
            yield from _embedded_problems(value, f"{p.name} of {name!r}", depth)
        elif wanted := _wanted(p, value):
            yield f"{what}: {p.name} is {_short(value)}, not {wanted}."


def _wanted(p: Parameter, value: object) -> str:
    """Empty where the value suits the parameter, else what it should be."""
    if p.type == "number":
        least = "" if p.minimum is None else f" of at least {p.minimum:g}"
        good = is_number(value) and (p.minimum is None or float(value) >= p.minimum)  # type: ignore[arg-type]
        return "" if good else f"a finite number{least}"
    if p.type == "choice":
        return "" if isinstance(value, str) and value in p.options else f"one of {', '.join(p.options)}"
    if p.type == "places":
        good = isinstance(value, list | tuple) and bool(value) and all(isinstance(v, str) and v for v in value)
        return "" if good else "a list of names"
    if p.type == "fit":
        return "" if isinstance(value, Mapping) else "a fit"
    named = isinstance(value, str) and bool(value or p.type == "text")
    return "" if named else "a text" if p.type == "text" else "a name"


def _embedded_problems(value: object, what: str, depth: int) -> Iterator[str]:
    wrong = list(_shape_problems(value, what))
    if wrong or not isinstance(value, Mapping):
        yield from wrong
    elif depth > DEEPEST:
        yield f"{what} lies more than {DEEPEST} features deep."
    else:
        yield from _problems(value["name"], value["kind"], value["params"], depth + 1)


def _shape_problems(value: object, what: str) -> Iterator[str]:
    """What keeps a value from being read as a feature at all."""
    good = (isinstance(value, Mapping) and set(value) == {"name", "kind", "params"} and isinstance(value["name"], str)
            and isinstance(value["kind"], str) and isinstance(value["params"], Mapping))
    if not good:
        yield f"{what} is {_short(value)}, not a feature (name, kind and params)."


def _short(value: object) -> str:
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer of thousands of digits, lists in lists in lists
        return "a value too large to show"
    return text if len(text) <= 60 else f"{text[:57]}..."
