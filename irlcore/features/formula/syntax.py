"""The text of a formula into a checked tree.

Grammar, loosest first; precedence and grouping are Python's:

    value      = value "if" condition "else" value
               | value ("and" | "or") value | "not" value
               | value (("<" | "<=" | ">" | ">=" | "==" | "!=") value)+      also chained: 6 <= hour < 9
               | text ("==" | "!=") quoted | text ["not"] "in" "(" quoted ("," quoted)* ")"
               | value ("+" | "-" | "*" | "/" | "//" | "%" | "**") value | ("+" | "-") value
               | function "(" value ("," value)* ")" | name | number | "(" value ")"
    text       = a name, or attribute("..."), of a column of text
    function   = exp log sqrt abs sign floor round sin cos min max clip where known
               | distance "(" quoted ")" | inside "(" quoted ")" | attribute "(" quoted ")"
    name       = a column of the tables whose name is a word, or length, turn, step, pi
    number     = 1000, 0.5, 1e-3

Every number is a float64 before any operator sees it; conditions are 1 or 0; sin and cos take radians. Python's ``ast``
parses the text, and nothing is ever compiled or run: a tree of other nodes is refused, and the interpreter knows the
listed ones alone.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass

from irlcore.errors import FormulaError, did_you_mean
from irlcore.features.formula.functions import COMPARISONS, FUNCTIONS, OF_THE_WORLD, OPERATORS
from irlcore.features.formula.tokens import check_tokens, plain

MOST_LEVELS = 100
"""How deep a tree may be; a sum of so many terms is as deep."""
_NODES = (ast.Name, ast.Constant, ast.Call, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Tuple)


@dataclass(frozen=True, slots=True)
class ParsedFormula:
    """A formula that can be computed. In ``tree`` the col_offset of a node counts characters of ``text``, not bytes."""

    text: str
    tree: ast.expr

    def part(self, node: ast.expr) -> str:
        """What the analyst typed for a node."""
        return " ".join(plain(self.text[node.col_offset:node.end_col_offset]).split())

    def error(self, node: ast.expr, what: str, fix: str) -> FormulaError:
        """An error that points to where a node begins."""
        return FormulaError(what, fix, self.text, node.col_offset)


def parse_formula(text: object) -> ParsedFormula:
    """The tree of a formula. Raises FormulaError, and nothing else, whatever the text."""
    if not isinstance(text, str):
        raise FormulaError(f"The formula is {type(text).__name__}, not text.", "Type a formula, for instance length.")
    check_tokens(text)
    bare = plain(text).lstrip(" ")
    try:
        tree = ast.parse(bare.rstrip(" "), mode="eval").body
    except SyntaxError as error:
        raise _unparsed(text, error.offset, len(text) - len(bare)) from error
    except (RecursionError, MemoryError) as error:
        raise _too_deep() from error
    except ValueError as error:
        raise FormulaError("The formula holds a word or number that cannot be read.", "Write it in plain letters and digits.") from error
    parsed = ParsedFormula(text, tree)
    for node in _nodes(tree, _characters(bare, len(text) - len(bare))):
        _check_node(parsed, node)
    return parsed


def _unparsed(text: str, offset: int | None, shift: int) -> FormulaError:
    """Tokens take turns as they should, so what is left are words of conditions in a wrong place."""
    position = min(max((offset or 1) - 1, 0) + shift, len(text))
    words = plain(text).replace("(", " ").replace(")", " ").split()
    if words.count("if") != words.count("else"):
        return FormulaError("An if without its else cannot be read.", "Write x if condition else y.", text, position)
    return FormulaError("The formula cannot be read from here.", "Put brackets round each not ... and each ... if ... else ....",
                        text, position)


def _too_deep() -> FormulaError:
    return FormulaError("The formula is nested too deep.", f"Keep to {MOST_LEVELS} levels, or make several features of it.")


def _characters(bare: str, shift: int) -> list[int]:
    """For each byte of the text without leading blanks, and one past it: the character of the whole text it belongs to."""
    return [*(i for i, c in enumerate(bare, shift) for _ in range(len(c.encode()))), len(bare) + shift]


def _nodes(tree: ast.expr, characters: list[int]) -> Iterator[ast.expr]:
    """Every expression of the tree, its offsets turned into characters; FormulaError where it is too deep."""
    left = [(tree, 1)]
    while left:
        node, level = left.pop()
        if level > MOST_LEVELS:
            raise _too_deep()
        node.col_offset = characters[node.col_offset]
        node.end_col_offset = characters[node.end_col_offset or 0]
        yield node
        left += [(child, level + 1) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]


def _check_node(parsed: ParsedFormula, node: ast.expr) -> None:
    signs = [getattr(node, "op", None), *getattr(node, "ops", [])]
    known = {*OPERATORS, *COMPARISONS, ast.In, ast.NotIn, type(None)}
    if not isinstance(node, _NODES) or any(type(sign) not in known for sign in signs):
        raise parsed.error(node, "This cannot stand in a formula.", "Use numbers, names, operators and the listed functions.")
    if isinstance(node, ast.Constant):
        _check_constant(parsed, node)
    elif isinstance(node, ast.Call):
        _check_call(parsed, node)


def _check_constant(parsed: ParsedFormula, node: ast.Constant) -> None:
    if isinstance(node.value, str):
        return
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise parsed.error(node, "This cannot stand in a formula.", "Use numbers and names in quotes.")
    try:
        finite = math.isfinite(float(node.value))
    except OverflowError:
        finite = False
    if not finite:
        raise parsed.error(node, "This number is too large.", "Use numbers below 1e308.")


def _check_call(parsed: ParsedFormula, call: ast.Call) -> None:
    if not isinstance(call.func, ast.Name) or call.keywords:
        raise parsed.error(call, "This cannot stand in a formula.", "Use numbers, names, operators and the listed functions.")
    name, count = call.func.id, len(call.args)
    if name in OF_THE_WORLD:
        if count != 1 or not isinstance(call.args[0], ast.Constant) or not isinstance(call.args[0].value, str):
            raise parsed.error(call, f"{name} takes one name in quotes.", f"Write {OF_THE_WORLD[name]}.")
        return
    if name not in FUNCTIONS:
        known = [*FUNCTIONS, *OF_THE_WORLD]
        fix = did_you_mean(name, known) or f"Functions: {', '.join(known)}."
        raise parsed.error(call, f"There is no function {name[:40]}.", fix)
    function = FUNCTIONS[name]
    if count < function.least or (function.most is not None and count > function.most):
        takes = f"{function.least} value{'s' if function.least > 1 else ''}" + (" or more" if function.most is None else "")
        raise parsed.error(call, f"{name} takes {takes}, not {count}.", f"Write {function.shown}.")
