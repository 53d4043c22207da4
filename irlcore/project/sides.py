"""Whether arrays are as long as what they tell of is many."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from irlcore.project.damage import damaged
from irlcore.project.rules import Array, short
from irlcore.project.schema import SIDES, hints, rule_of


@cache
def shapes(kind: type) -> dict[str, Array]:
    """Field -> its rule, of the fields that are arrays."""
    return {name: rule for name in hints(kind) if isinstance(rule := rule_of(kind, name), Array)}


def check_sides(whole: Any, prefix: str) -> None:
    """ProjectError naming the first array of an instance that is too long or too short."""
    kind: type = whole.__class__
    sides = {word: (_many(whole, field), said) for word, (field, said) in SIDES.get(kind, {}).items()}
    for name, rule in shapes(kind).items():
        value = getattr(whole, name)
        for key, one in value.items() if isinstance(value, Mapping) else ((None, value),):
            if one is not None and not (rule.or_none and one.shape == (0,) * one.ndim):
                _check_shape(one, rule.shape, sides, prefix + name + ("" if key is None else f"[{short(key)}]"))


def _many(whole: Any, field: str) -> int:
    for part in field.split("."):
        whole = getattr(whole, part)
    return whole if isinstance(whole, int) else len(whole)


def _check_shape(value: np.ndarray, shape: tuple[str, ...], sides: Mapping[str, tuple[int, str]], where: str) -> None:
    for size, word in zip(value.shape, shape, strict=True):
        parts = word.split("+")
        if any(part not in sides and not part.isdigit() for part in parts):
            continue  # as long as it likes
        wanted = sum(int(part) if part.isdigit() else sides[part][0] for part in parts)
        if size != wanted:
            said = " and ".join(f"{sides[part][0]:,} {sides[part][1]}" for part in parts if part in sides) or f"{wanted} numbers"
            many = "1 entry" if size == 1 else f"{size:,} entries"
            raise damaged(where, f"has {many if value.ndim == 1 else f'the shape {value.shape}'}, and there are {said}")
