"""A parsed formula computed at every choice of a world, and why it has no finite value where it has none."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np

from irlcore.budget import Clock, TooLarge
from irlcore.engine import checkpoint
from irlcore.errors import FormulaError, did_you_mean
from irlcore.features.base import Context
from irlcore.features.formula.columns import Columns
from irlcore.features.formula.cost import check_cost
from irlcore.features.formula.functions import COMPARISONS, FUNCTIONS, OPERATORS, both, either
from irlcore.features.formula.syntax import ParsedFormula
from irlcore.tracks.attributes import MISSING, in_order, value_label
from irlcore.worlds.world import World

BLOCK = 1 << 15
"""Choices computed at once: their values in each branch of a formula stay in the processor's cache, and a stop is soon heeded."""


def formula_values(parsed: ParsedFormula, world: World, context: Context) -> np.ndarray:
    """The formula at every choice, (M,) float64, finite. Raises FormulaError, also where it costs more than the budget allows."""
    count = world.mdp.n_choices
    check_cost(parsed, world, context)
    columns, clock = Columns(parsed, world, context, world.choice_place), Clock("The formula")
    values = np.empty(count)
    with np.errstate(all="ignore"):
        for start in range(0, max(count, 1), BLOCK):  # once for no choice, to find what cannot be computed
            checkpoint()
            _check_time(clock)
            block = slice(start, min(start + BLOCK, count))
            values[block] = _Interpreter(parsed, columns, block).number(parsed.tree)
        wrong = np.flatnonzero(~np.isfinite(values))
        if not len(wrong):
            return values
        seen: dict[ast.expr, float] = {}
        _Interpreter(parsed, columns, slice(int(wrong[0]), int(wrong[0]) + 1), seen).number(parsed.tree)
    node = _where_it_arises(parsed.tree, seen)
    why, fix = _cause(node, seen)
    step = f"{world.place_names[world.choice_from[wrong[0]]]} to {world.place_names[world.choice_place[wrong[0]]]}"
    raise parsed.error(node, f"The formula is not a finite number at {len(wrong)} of {count} choices, first from {step}: "
                             f"{_short(parsed.part(node))} {why}.", fix)


def _check_time(clock: Clock) -> None:
    try:
        clock.check()
    except TooLarge as error:
        raise FormulaError(error.what, error.fix) from error


@dataclass(frozen=True, slots=True)
class _Interpreter:
    """Values of nodes at a block of choices, (m,) float64 or one number for all. ``seen`` takes down those of a block of one."""

    parsed: ParsedFormula
    columns: Columns
    block: slice
    seen: dict[ast.expr, float] | None = None

    def number(self, node: ast.expr) -> Any:
        value = self._computed(node)
        if self.seen is not None:
            self.seen[node] = float(value[0] if np.ndim(value) else value)
        return value

    def _computed(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=int() | float() as value):
                return np.float64(value)
            case ast.BinOp():
                return OPERATORS[type(node.op)](self.number(node.left), self.number(node.right))
            case ast.UnaryOp():
                return OPERATORS[type(node.op)](self.number(node.operand))
            case ast.BoolOp():
                return reduce(OPERATORS[type(node.op)], (self.number(value) for value in node.values))
            case ast.IfExp():
                return either(self.number(node.test), self.number(node.body), self.number(node.orelse))
            case ast.Compare():
                return self._compared(node)
            case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
                return FUNCTIONS[name].compute(*(self.number(value) for value in node.args))
            case ast.Name() | ast.Call():
                return self._column_of_numbers(node)
            case ast.Constant():
                raise self.parsed.error(node, "A text in quotes has no value of its own.",
                                        'Compare it with a column of text, as in road == "main", or write attribute("...").')
        raise self.parsed.error(node, "A list of values has no value of its own.", 'Lists stand after in: road in ("main", "lane").')

    def _column_of_numbers(self, node: ast.expr) -> np.ndarray:
        column = self.columns.column(node)
        if column is None or column.values.dtype == object:
            shown = _short(self.parsed.part(node))
            raise self.parsed.error(node, f"{shown} is text, not a number.", f'Compare it with one of its values: {shown} == "...".')
        return self.columns.at(column, self.block).astype(np.float64, copy=False)

    def _compared(self, node: ast.Compare) -> Any:
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Tuple) or _quoted(side) for side in sides):
            return self._compared_text(node, sides)
        values = [self.number(side) for side in sides]
        signs = [COMPARISONS.get(type(op)) for op in node.ops]
        if None in signs:
            raise self.parsed.error(sides[signs.index(None) + 1], "After in stands a list of values in quotes.",
                                    'Write road in ("main", "lane"), or 6 <= hour < 9.')
        return reduce(both, [sign(a, b) for sign, (a, b) in zip(signs, pairwise(values), strict=True) if sign])

    def _compared_text(self, node: ast.Compare, sides: list[ast.expr]) -> np.ndarray:
        if len(sides) > 2 or not isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
            raise self.parsed.error(node, "Text can only be equal or unequal to text.", 'Write road == "main" or road != "main".')
        member = isinstance(node.ops[0], ast.In | ast.NotIn)
        column, texts = sides if member or not _quoted(sides[0]) else sides[::-1]
        listed = texts.elts if member and isinstance(texts, ast.Tuple) else [texts]
        found = self.columns.column(column)
        if found is None or not all(_quoted(text) for text in listed):
            raise self.parsed.error(column if found is None else texts, "Text is compared as a column with values in quotes.",
                                    'Write road == "main", or road in ("main", "lane").')
        if found.values.dtype != object:
            raise self.parsed.error(texts, f"{_short(self.parsed.part(column))} is a number, not text.", "Write the number without quotes.")
        codes, numbers = self.columns.labelled(column)
        wanted = [self._number_of(numbers, column, text) for text in listed]
        here = np.isin(self.columns.at(codes, self.block), wanted)
        return np.asarray(here != isinstance(node.ops[0], ast.NotEq | ast.NotIn), np.float64)

    def _number_of(self, numbers: dict[str, int], column: ast.expr, text: ast.expr) -> int:
        """That of the label which a quoted text is; -1 where it means what is missing, and nothing is."""
        wanted = str(text.value) if isinstance(text, ast.Constant) else ""
        label = value_label(wanted)
        if wanted not in ("", MISSING) and label not in numbers:
            have = in_order(name for name in numbers if name != MISSING)
            fix = did_you_mean(wanted, have) or f"Its values: {', '.join(have[:20]) or 'none'}."
            raise self.parsed.error(text, f"{_short(self.parsed.part(column))} is nowhere {_short(repr(wanted))}.", fix)
        return numbers.get(label, -1)


def _quoted(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "\u2026"


def _where_it_arises(node: ast.expr, seen: dict[ast.expr, float]) -> ast.expr:
    """The innermost node with no finite value, down from one that has none through values that it depends on."""
    while True:
        wrong = [part for part in _parts(node, seen) if not np.isfinite(seen[part])]
        if not wrong:
            return node
        node = max(wrong, key=lambda part: bool(np.isnan(seen[part])) and bool(np.isnan(seen[node])))


def _parts(node: ast.expr, seen: dict[ast.expr, float]) -> list[ast.expr]:
    """The values that a node was made from; of a condition, the one that it chose."""
    match node:
        case ast.IfExp(test=test, body=yes, orelse=no) | ast.Call(func=ast.Name(id="where"), args=[test, yes, no]):
            return [test] if np.isnan(seen[test]) else [yes if seen[test] else no]
    return [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr) and part in seen]


def _cause(node: ast.expr, seen: dict[ast.expr, float]) -> tuple[str, str]:
    """Why a node has no finite value though its parts have one: what happens there, and what to do about it."""
    values = [seen[part] for part in _parts(node, seen)]
    match node:
        case ast.Call(func=ast.Name(id="distance")):
            return "has no value, as a place has no coordinates", 'Cut it off, as in min(distance("gate"), 1000).'
        case ast.Name() | ast.Call(func=ast.Name(id="attribute")):
            return "is empty there", "Fill the column in, or write where(known(x), x, 0) for x."
        case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod()) if values[1] == 0.0:
            return "divides by 0", "Add a small number to what you divide by, or leave these out with where(x > 0, 1 / x, 0)."
        case ast.BinOp(op=ast.Pow()) if values[0] == 0.0 and values[1] < 0.0:
            return "divides by 0, as a negative power of 0", "Add a small number to the base, or leave these out with where."
        case ast.BinOp(op=ast.Pow()) if values[0] < 0.0 and values[1] != np.floor(values[1]):
            return "takes a root of a number below 0", "Use abs(x) for the base, or a whole number as the power."
        case ast.Call(func=ast.Name(id="log")) if values[0] <= 0.0:
            return "takes the log of 0 or less", "Write log(1 + x), or log(max(x, 1))."
        case ast.Call(func=ast.Name(id="sqrt")) if values[0] < 0.0:
            return "takes the root of a number below 0", "Write sqrt(max(x, 0)), or sqrt(abs(x))."
    return "becomes too large a number", "Divide by a unit first, or cut it off with min(x, 1000)."
