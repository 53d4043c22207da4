"""A fit in plain JSON, as ``elicitation.expected_use.described`` makes it and a feature keeps it: the features and zones in it.

Beside the features of the reward it may hold those that its model's value features count along the way (``ahead``); these, and zones, are
named in the model's own name, each in a word such as "zone:The%20yard@km" behind a plus (``rationality.guided.value_features``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote

AHEAD = "ahead"
BESIDE = "+"
_ZONE = "zone:"


def held_features(fit: Mapping[str, Any]) -> list[Any]:
    """All features that a fit holds."""
    return [*fit["features"], *fit.get(AHEAD, ())]


def with_each(fit: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """The fit with each feature in it changed."""
    return {**fit, **{part: [change(one) for one in fit[part]] for part in ("features", AHEAD) if part in fit}}


def zones_of_model(name: str) -> set[str]:
    """The zones that a model's value features are of."""
    return {unquote(word[len(_ZONE):].partition("@")[0]) for word in name.split(BESIDE)[1:] if word.startswith(_ZONE)}


def model_with_zone_renamed(name: str, old: str, new: str) -> str:
    """The name of a model whose value features are of the zone ``new`` where they were of ``old``."""
    plan, *words = name.split(BESIDE)
    return BESIDE.join([plan, *(word_with_zone_renamed(word, old, new) for word in words)])


def word_with_zone_renamed(word: str, old: str, new: str) -> str:
    """The same of one value feature."""
    begin, at, unit = word.partition("@")
    return _ZONE + quote(new, safe="") + at + unit if begin == _ZONE + quote(old, safe="") else word
