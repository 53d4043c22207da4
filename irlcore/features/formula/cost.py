"""What a formula will cost in a world, before it is computed.

Every operator and function is counted with what it takes at one choice, times the choices; every column that is looked up once, with
what it takes at its entries. The figures are nanoseconds as measured, rounded up since processors differ, so that a limit of 2e9
operations is some seconds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from irlcore.budget import TooLarge, within
from irlcore.errors import FormulaError
from irlcore.features.base import Context
from irlcore.features.formula.columns import Key, key_of
from irlcore.features.formula.functions import FUNCTIONS
from irlcore.features.formula.syntax import ParsedFormula
from irlcore.worlds.areas import steps_of_distances, steps_of_inside
from irlcore.worlds.world import World

PLAIN = 1  # an operator or function that is not listed
COSTLY: dict[type[ast.AST], int] = {ast.FloorDiv: 40, ast.Mod: 20, ast.Pow: 30, ast.And: 4, ast.Or: 8}
COSTLY_FUNCTIONS = {"sin": 60, "cos": 60, "exp": 8, "log": 8}
COMPARISON, TEXT_COMPARISON = 3, 8
LOOKED_UP = 3  # a value of a column, at a choice
LABEL = 300  # of one entry of a column of text


def check_cost(parsed: ParsedFormula, world: World, context: Context) -> None:
    """FormulaError that names the cost and the limit, where a formula takes more operations in this world than the budget allows."""
    nodes = [node for node in ast.walk(parsed.tree) if isinstance(node, ast.expr)]
    called = {node.func for node in nodes if isinstance(node, ast.Call)}  # names of functions are no columns
    nodes = [node for node in nodes if node not in called]
    each, choices = sum(map(_each, nodes)), world.mdp.n_choices
    texts = {key for node in nodes if isinstance(node, ast.Compare) for key in _of_text(node)}
    once = sum(_once(key, key in texts, world, context) for key in {key_of(node) for node in nodes} if key is not None)
    total = each * choices + once
    try:
        within("operations", total, f"The formula takes {total:,} steps here: {each:,} for each of {choices:,} choices"
               + (f", and {once:,} to look up its columns and places." if once else "."), "Shorten it.")
    except TooLarge as error:
        raise FormulaError(error.what, error.fix) from error


def _each(node: ast.expr) -> int:
    """Operations at one choice."""
    match node:
        case ast.BinOp(op=op) | ast.UnaryOp(op=op):
            return COSTLY.get(type(op), PLAIN)
        case ast.BoolOp(op=op, values=values):
            return COSTLY.get(type(op), PLAIN) * (len(values) - 1)
        case ast.Compare(ops=ops):
            return (TEXT_COMPARISON if [*_of_text(node)] else COMPARISON) * len(ops)
        case ast.Call(func=ast.Name(id=name), args=args) if name in FUNCTIONS:
            return COSTLY_FUNCTIONS.get(name, PLAIN) * max(len(args), 1)
        case ast.IfExp():
            return 2 * PLAIN
    return LOOKED_UP if key_of(node) is not None else 0


def _of_text(node: ast.Compare) -> Iterator[Key]:
    """The columns that a comparison has beside quoted texts."""
    sides = [node.left, *node.comparators]
    if any(isinstance(side, ast.Tuple) or (isinstance(side, ast.Constant) and isinstance(side.value, str)) for side in sides):
        yield from (key for key in map(key_of, sides) if key is not None)


def _once(key: Key, is_text: bool, world: World, context: Context) -> int:
    """Operations to look a column up; what is not known costs nothing, and is refused where it is looked up."""
    function, name = key
    if function == "distance" and (name in context.zones or name in context.spots):
        return steps_of_distances(0 if name in context.spots else len(context.zones[name]), world.n_places)
    if function == "inside" and name in context.zones:
        return steps_of_inside(len(context.zones[name]), world.n_places)
    if is_text:
        return LABEL * (world.mdp.n_choices if name in world.choice_attributes else world.n_places)
    return 0
