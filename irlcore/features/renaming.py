"""Another name for a zone or place, in every feature that refers to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, FeatureSpec
from irlcore.features.checks import names_used
from irlcore.features.described_fit import model_with_zone_renamed, with_each

CALLS = r"\b(distance|inside)(\s*\(\s*)"
"""What a formula asks of a place by its name; the same text elsewhere is a value of a column."""


def with_place_renamed(spec: FeatureSpec, old: str, new: str) -> FeatureSpec:
    """The feature with ``new`` wherever it, or one within it, calls a zone or spot ``old``: it measures what it measured.

    FeatureError where its kind is not known here, so that nobody can tell what its parameters mean.
    """
    if old not in names_used(spec, [old]):
        return spec
    return replace(spec, params=_renamed(spec.kind, spec.params, old, new))


def _renamed(kind: str, params: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    if kind not in KINDS:
        raise FeatureError(f"A feature of the kind {kind!r}, which this version does not know, seems to use {old!r}.",
                           "Remove that feature first, or keep the name.")
    types = {p.name: p.type for p in KINDS[kind].parameters}
    return {name: _value(types.get(name, ""), value, old, new) for name, value in params.items()}


def _value(what: str, value: Any, old: str, new: str) -> Any:
    """A parameter of the type ``what``."""
    if what in ("zone", "spot"):
        return new if value == old else value
    if what == "places" and isinstance(value, list | tuple):
        return [new if name == old else name for name in value]
    if what == "text" and isinstance(value, str):
        return _in_formula(value, old, new)
    if what == "feature" and isinstance(value, Mapping):
        return _within(value, old, new)
    if what == "fit" and isinstance(value, Mapping):
        return {**with_each(value, lambda one: _within(one, old, new)), "model": model_with_zone_renamed(value["model"], old, new)}
    return value


def _within(value: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    return {**value, "params": _renamed(value["kind"], value["params"], old, new)}


def _in_formula(text: str, old: str, new: str) -> str:
    asked = re.compile(CALLS + rf"(\"{re.escape(old)}\"|'{re.escape(old)}')")
    if not asked.search(text):
        return text
    if "\\" in new or ("'" in new and '"' in new):
        raise FeatureError(f"A formula cannot name {new!r}.", "Choose a name without a backslash and with one kind of quotation mark.")

    def quoted(mark: str) -> str:
        mark = mark if mark not in new else "'" if mark == '"' else '"'
        return f"{mark}{new}{mark}"

    return asked.sub(lambda found: f"{found[1]}{found[2]}{quoted(found[3][0])}", text)
