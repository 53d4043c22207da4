"""The columns that a formula asks for, each looked up once however often it is named, and given out in blocks of choices."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from irlcore.features.base import Context
from irlcore.features.formula.functions import OF_THE_WORLD
from irlcore.features.formula.names import Column, looked_up, named
from irlcore.features.formula.syntax import ParsedFormula
from irlcore.tracks.attributes import value_labels
from irlcore.worlds.world import World

Key = tuple[str, str]
"""A function of the world and the name in its brackets, or "" and a name."""


def key_of(node: ast.expr) -> Key | None:
    """Which column a node asks for; None where it asks for none."""
    match node:
        case ast.Name(id=name):
            return "", name
        case ast.Call(func=ast.Name(id=function), args=[ast.Constant(value=str() as quoted)]) if function in OF_THE_WORLD:
            return function, quoted
    return None


@dataclass(slots=True)
class Columns:
    """Of one formula in one world. place: (M,) int64, the place that each choice leads to."""

    parsed: ParsedFormula
    world: World
    context: Context
    place: np.ndarray
    kept: dict[Key, Column] = field(default_factory=dict)
    labels: dict[Key, tuple[np.ndarray, dict[str, int]]] = field(default_factory=dict)

    def column(self, node: ast.expr) -> Column | None:
        """What a name or a function of the world stands for; None where the node is neither. FormulaError where it is not known."""
        key = key_of(node)
        if key is None:
            return None
        if key not in self.kept:
            self.kept[key] = (named(self.parsed, node, self.world, self.context) if isinstance(node, ast.Name) else
                              looked_up(self.parsed, node, *key, self.world, self.context))  # type: ignore[arg-type]
        return self.kept[key]

    def labelled(self, node: ast.expr) -> tuple[Column, dict[str, int]]:
        """A column of text as numbers, and the number of each of its labels: texts are compared once, not at each choice."""
        key, column = key_of(node), self.column(node)
        assert key is not None and column is not None
        if key not in self.labels:
            codes, distinct = pd.factorize(value_labels(column.values))
            self.labels[key] = codes, {str(label): k for k, label in enumerate(distinct)}
        codes, numbers = self.labels[key]
        return Column(codes, column.by_place), numbers

    def at(self, column: Column, block: slice) -> np.ndarray:
        """Values of a column at a block of choices, or () where it is one for all."""
        if not column.values.ndim:
            return column.values
        return column.values[self.place[block]] if column.by_place else column.values[block]
