"""The arithmetic of formulas: what each operator and function makes of numbers, choice by choice.

What is not a number (an empty cell, 0 / 0) stays not a number through arithmetic and comparisons, so that nothing unknown
turns into a 0; ``where`` and ``if`` may leave it out, and ``known`` asks for it. Truth is any number but 0.
``a and b`` is 0 where either is 0, and ``a or b`` is 1 where either holds, even if the other is not a number.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

NOT_A_NUMBER = np.float64(np.nan)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of numbers: how it is shown, how many values it takes (``most`` None: any number), what it computes."""

    shown: str
    least: int
    most: int | None
    compute: Callable[..., Any]


def either(condition: Any, yes: Any, no: Any) -> Any:
    """``yes`` where the condition holds, ``no`` where it is 0, not a number where it is none."""
    return np.where(np.isnan(condition), NOT_A_NUMBER, np.where(condition != 0.0, yes, no))


def negation(a: Any) -> Any:
    """1 where ``a`` is 0, 0 where it is another number."""
    return np.where(np.isnan(a), NOT_A_NUMBER, a == 0.0)


def both(a: Any, b: Any) -> Any:
    """1 where neither is 0."""
    return np.where((a == 0.0) | (b == 0.0), 0.0, np.where(np.isnan(a) | np.isnan(b), NOT_A_NUMBER, 1.0))


def any_of(a: Any, b: Any) -> Any:
    """1 where one of them holds."""
    return negation(both(negation(a), negation(b)))


def _comparison(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda a, b: np.where(np.isnan(a) | np.isnan(b), NOT_A_NUMBER, compare(a, b))


OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.FloorDiv: np.floor_divide,
    ast.Mod: np.mod, ast.Pow: np.power, ast.USub: np.negative, ast.UAdd: np.positive, ast.Not: negation,
    ast.And: both, ast.Or: any_of,
}
COMPARISONS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Lt: _comparison(np.less), ast.LtE: _comparison(np.less_equal), ast.Gt: _comparison(np.greater),
    ast.GtE: _comparison(np.greater_equal), ast.Eq: _comparison(np.equal), ast.NotEq: _comparison(np.not_equal),
}
FUNCTIONS: dict[str, Function] = {
    "exp": Function("exp(x)", 1, 1, np.exp),
    "log": Function("log(x)", 1, 1, np.log),
    "sqrt": Function("sqrt(x)", 1, 1, np.sqrt),
    "abs": Function("abs(x)", 1, 1, np.abs),
    "sign": Function("sign(x)", 1, 1, np.sign),
    "floor": Function("floor(x)", 1, 1, np.floor),
    "round": Function("round(x)", 1, 1, np.round),
    "sin": Function("sin(x)", 1, 1, np.sin),
    "cos": Function("cos(x)", 1, 1, np.cos),
    "min": Function("min(x, y)", 2, None, lambda *values: reduce(np.minimum, values)),
    "max": Function("max(x, y)", 2, None, lambda *values: reduce(np.maximum, values)),
    "clip": Function("clip(x, lowest, highest)", 3, 3, lambda x, low, high: np.minimum(np.maximum(x, low), high)),
    "where": Function("where(condition, x, y)", 3, 3, either),
    "known": Function("known(x)", 1, 1, lambda x: np.isfinite(x).astype(np.float64)),
}
OF_THE_WORLD = {"distance": 'distance("place")', "inside": 'inside("zone")', "attribute": 'attribute("column")'}
"""Functions of one name in quotes, looked up in the world."""
