"""What a spec says, checked and listed without a world: its parameters' types, the features in it, the names it refers to."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, FeatureParameter, FeatureSpec
from irlcore.features.described_fit import AHEAD, held_features, zones_of_model
from irlcore.tracks.bounds import LARGEST_WHOLE, LONGEST_NAME
from irlcore.worlds.limits import is_gamma

DEEPEST = 6
"""Levels of features within features: a combination of two plain features has one. A habit holds the features of its fit, and theirs:
what it takes to write one down doubles with each level."""


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


def fit_problems(value: object, what: str = "The fit") -> list[str]:
    """All that is wrong with a fit as a parameter, one sentence each."""
    return list(_fit_problems(value, what, 1))


def within(spec: FeatureSpec) -> Iterator[FeatureSpec]:
    """A sound feature and every feature within it, however deep."""
    yield spec
    for value in embedded_in(spec):
        yield from within(FeatureSpec(value["name"], value["kind"], value["params"]))


def embedded_in(spec: FeatureSpec) -> list[Mapping[str, Any]]:
    """The features that a sound feature holds in its own parameters, those of a fit included."""
    found: list[Mapping[str, Any]] = []
    for p in KINDS[spec.kind].parameters:
        value = spec.params.get(p.name)
        if p.type == "feature" and isinstance(value, Mapping):
            found.append(value)
        elif p.type == "fit" and isinstance(value, Mapping):
            found += held_features(value)
    return found


def is_number(value: object) -> bool:
    """Whether a value is a finite number that a project keeps: a float, or a whole one that is not too long."""
    most = LARGEST_WHOLE if isinstance(value, int) else sys.float_info.max
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most


def is_iso_time(text: str) -> bool:
    """Whether a text is a date and a time in ISO form, as ``project.now`` writes them."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return len(text) >= 16 and text[10] == "T"


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
        elif p.type in ("feature", "fit") and depth <= DEEPEST:
            parts = [[value]] if p.type == "feature" else [value.get("features"), value.get(AHEAD)] if isinstance(value, Mapping) else []
            if p.type == "fit" and isinstance(value, Mapping) and isinstance(value.get("model"), str):
                yield from zones_of_model(value["model"])
            for one in chain.from_iterable(held for held in parts if isinstance(held, list | tuple)):
                if not list(_shape_problems(one, "")):
                    yield from _names(one["kind"], one["params"], known, depth + 1)


def _problems(name: str, kind: str, params: Mapping[str, Any], depth: int) -> Iterator[str]:
    what = f"Feature {name!r}" if len(name) <= LONGEST_NAME else f"Feature {name[:40]!r}..."
    if len(name) > LONGEST_NAME:
        yield f"{what} has a name of {len(name):,} characters, and it can have {LONGEST_NAME:,}."
    if kind not in KINDS:
        yield f"{what} is of the kind {kind!r}, which this version does not know."
        return
    entries = {p.name: p for p in KINDS[kind].parameters}
    yield from (f"{what} has a parameter {extra!r}, which {kind!r} does not know." for extra in params if extra not in entries)
    for p in entries.values():
        value = params.get(p.name, p.default)
        if p.type == "feature":
            yield from _embedded_problems(value, f"{p.name} of {name!r}", depth)
        elif p.type == "fit":
            yield from _fit_problems(value, f"{p.name} of {name!r}", depth)
        elif wanted := _wanted(p, value):
            yield f"{what}: {p.name} is {_short(value)}, not {wanted}."


def _wanted(p: FeatureParameter, value: object) -> str:
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


def _fit_problems(value: object, what: str, depth: int) -> Iterator[str]:
    features = value.get("features") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(features, list | tuple):
        yield f"{what} is {_short(value)}, not a fit (features, weights, own, model and gamma)."
        return
    for name, count in (("weights", len(features)), ("own", -1)):
        numbers = value.get(name)
        if not isinstance(numbers, list | tuple) or not all(map(is_number, numbers)) or (count >= 0 and len(numbers) != count):
            yield f"{what}: {name} are {_short(numbers)}, not {'finite numbers' if count < 0 else f'{count} finite numbers'}."
    gamma = value.get("gamma")
    if not is_gamma(gamma):
        yield f"{what}: gamma is {_short(gamma)}, not a number above 0 and up to 1."
    if not isinstance(value.get("model"), str):
        yield f"{what}: model is {_short(value.get('model'))}, not a name."
    ahead = value.get(AHEAD, ())
    if not isinstance(ahead, list | tuple):
        yield f"{what}: {AHEAD} is {_short(ahead)}, not a list of features."
        ahead = ()
    for feature in (*features, *ahead):
        yield from _embedded_problems(feature, f"A feature of {what}", depth)


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
