"""What a formula is made of before it is parsed: words, numbers, quoted names and signs, in an order that can be read.

Python's parser reads far more than a formula may hold, warns of some of it and has limits of its own. So a text is
looked through here first: its length, its characters, its brackets, and that values and operators take turns. What
passes is a row of plain tokens that the parser reads the same way, with no escapes, prefixes, comments or line ends.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from irlcore.errors import FormulaError

MOST_CHARACTERS = 1000
MOST_BRACKETS = 50
"""How many brackets may be open at once."""

_TOKEN = re.compile(r"""
    (?P<number> (?: [0-9]+ (?: \. [0-9]* )? | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? (?! [\w.] ) )
  | (?P<string> "[^"\\]*" | '[^'\\]*' )
  | (?P<sign> \*\* | // | <= | >= | == | != | [-+*/%<>(),] )""", re.VERBOSE)
_WORDS = {"and", "or", "not", "if", "else", "in"}
_INSTEAD = {
    "=": "Compare with ==.", "!": "Write != for unequal, and the word not.", "&": "Write the word and.", "|": "Write the word or.",
    "^": "Write ** for a power.", "~": "Write the word not.", "\u2212": "Write - for minus.", "\u2013": "Write - for minus.",
    "\u00d7": "Write * for times.", "\u00b7": "Write * for times.", "\u00f7": "Write / for divided by.", "\u2264": "Write <=.",
    "\u2265": "Write >=.", "\u2260": "Write !=.", "\u201c": 'Use straight quotes: ".', "\u201d": 'Use straight quotes: ".',
    "\u201e": 'Use straight quotes: ".', "\u2018": "Use straight quotes: '.", "\u2019": "Use straight quotes: '.",
    "[": "Use round brackets.", "{": "Use round brackets.", "\\": "Leave it out; a name in quotes stands as it is.",
    ".": 'A number is written 0.5; a column with a dot in its name is attribute("its name").',
    '"': "Close the quote.", "'": "Close the quote.", "#": "Write notes in the reason of the feature.",
}
_IN_A_NUMBER = re.compile(r"[\w.]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula; ``position`` counts characters of the text as typed."""

    kind: str
    text: str
    position: int

    @property
    def ends_a_value(self) -> bool:
        """Whether an operator may follow."""
        return self.kind in ("number", "string") or self.text == ")" or (self.kind == "word" and self.text not in _WORDS)


def plain(formula: str) -> str:
    """The formula with blanks for tabs and line ends, each character in its place."""
    return re.sub(r"[\t\r\n]", " ", formula)


def check_tokens(formula: str) -> None:
    """Raise FormulaError unless the text is a row of tokens in an order that can be read, its brackets closed."""
    if len(formula) > MOST_CHARACTERS:
        raise FormulaError(f"The formula has {len(formula)} characters.",
                           f"Write at most {MOST_CHARACTERS}, or make several features of it.")
    tokens = list(_tokens(formula))
    if not tokens:
        raise FormulaError("The formula is empty.", "Write for instance length, or exp(-length / 300).")
    _check_brackets(formula, tokens)
    _check_order(formula, tokens)


def _tokens(formula: str) -> Iterator[Token]:
    text, at = plain(formula), 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        if text[at].isidentifier():
            token = Token("word", "".join([text[at], *takewhile(lambda c: f"a{c}".isidentifier(), text[at + 1:])]), at)
        elif found := _TOKEN.match(text, at):
            token = Token(str(found.lastgroup), found.group(), at)
        else:
            raise _unreadable(formula, text, at)
        _check_token(formula, token)
        yield token
        at += len(token.text)


def _unreadable(formula: str, text: str, at: int) -> FormulaError:
    if "0" <= text[at] <= "9":
        number = _IN_A_NUMBER.match(text, at)
        shown = number.group()[:40] if number else text[at]
        return FormulaError(f"{shown!r} is not a number.", "Write numbers as 1000, 0.5 or 1e-3, and a blank after them.", formula, at)
    what = "This quote is not closed." if text[at] in "\"'" else f"The character {text[at]!r} cannot stand here."
    fix = _INSTEAD.get(text[at], f"Leave it out{'; a name that holds it goes into quotes' if text[at].isprintable() else ''}.")
    return FormulaError(what, fix, formula, at)


def _check_token(formula: str, token: Token) -> None:
    if token.kind == "word" and keyword.iskeyword(token.text) and token.text not in _WORDS:
        fix = "Write 1 for true and 0 for false." if token.text in ("True", "False", "None") else \
            f'A column of that name is attribute("{token.text[:40]}").'
        raise FormulaError(f"{token.text[:40]!r} cannot stand in a formula as a word.", fix, formula, token.position)
    for i, character in enumerate(token.text if token.kind == "string" else ""):
        if character < " " or "\x7f" <= character <= "\x9f" or "\ud800" <= character <= "\udfff":
            raise FormulaError(f"The character {character!r} cannot stand in a name.", "Leave it out.", formula, token.position + i)


def _check_brackets(formula: str, tokens: list[Token]) -> None:
    opened: list[Token] = []
    for token in tokens:
        if token.text == "(":
            opened.append(token)
            if len(opened) > MOST_BRACKETS:
                raise FormulaError(f"More than {MOST_BRACKETS} brackets are open at once.",
                                   "Write it with fewer brackets, or make several features of it.", formula, token.position)
        elif token.text == ")":
            if not opened:
                raise FormulaError("This bracket closes none.", "Take it out, or open one before it.", formula, token.position)
            opened.pop()
    if opened:
        raise FormulaError("This bracket is not closed.", "Close it with ).", formula, opened[-1].position)


def _check_order(formula: str, tokens: list[Token]) -> None:
    before: Token | None = None
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.text == "not" and after is not None and after.text == "in" and before is not None and before.ends_a_value:
            continue  # "not in" is one operator
        _check_pair(formula, before, token)
        before = token
    last = tokens[-1]
    if not last.ends_a_value:
        raise FormulaError(f"A value is missing after {last.text!r}.", "Write a number, a name or a bracket there.", formula,
                           last.position + len(last.text))


def _check_pair(formula: str, before: Token | None, token: Token) -> None:
    """Values and operators take turns; a bracket after a word calls a function, and its pair may be empty."""
    had_value = before is not None and before.ends_a_value
    calls = before is not None and before.kind == "word" and had_value
    if token.text == "(":
        wrong = had_value and not calls
    elif token.text == ")":
        wrong = not had_value and not (before is not None and before.text == "(")
    elif token.ends_a_value or token.text == "not":
        wrong = had_value
    else:
        wrong = not had_value and token.text not in ("+", "-")
    if not wrong:
        return
    if had_value and before is not None:
        raise FormulaError(f"An operator is missing between {before.text[:40]!r} and {token.text[:40]!r}.",
                           "Write one, such as *, or a comma between the values of a function.", formula, token.position)
    raise FormulaError(f"A value is missing before {token.text!r}.", "Write a number, a name or a bracket there.", formula, token.position)
