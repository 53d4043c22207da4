"""How formulas are read: whatever the text nothing but a FormulaError comes of it, soon, and it points to the right place."""

from __future__ import annotations

import ast
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import irlcore.features
from irlcore.errors import POINTER_WIDTH, FormulaError
from irlcore.features.formula.syntax import MOST_LEVELS, parse_formula
from irlcore.features.formula.tokens import MOST_BRACKETS, MOST_CHARACTERS
from tests.features.formula.test_formula import WORLD, column, refused

PIECES = [
    "rank", "gaps", "road", "length", "hour", "speed", "1", "0.5", "1e-3", "9" * 30, "1e999", "0x1", "1_0", "+", "-", "*", "/", "//", "%",
    "**",
    "<", "<=", "==", "!=", "=", ":=", "(", ")", "((", "))", ",", "and", "or", "not", "in", "is", "if", "else", "lambda", "for", "yield",
    "await",
    "exp(", "log(", "min(", "where(", "known(", 'distance("gate")', 'inside("square")', 'attribute("road")', "distance(", "attribute(",
    '"main"', "'", '"', '"""', "f'", "b''", "\\", "\n", "\t", " ", "#", ".", "...", "[", "]", "{", "}", "~", "@", ";", ":", "True",
    "None", "\x00",
    "\ud800", "\ufeff", "\u00a0", "ä", "日本", "１", "²", "ｌｅｎｇｔｈ", "𝐢𝐟", "𝐓rue", "ª", "\u0308", "℘", "__import__", "__debug__",
]
HOSTILE = {
    "a tower of powers": "9**9**9**9", "a tower of powers on a column": "rank**9**9**9", "import": '__import__("os").system("true")',
    "dunder": "().__class__.__bases__[0]", "brackets": "(" * 10_000 + "1" + ")" * 10_000, "open brackets": "(" * 10_000,
    "calls": "exp(" * 10_000, "a megabyte": "1+" * 500_000 + "1", "a megabyte of blanks": " " * 1_000_000, "a long name": "a" * 1_000_000,
    "text times a billion": '"a"*10**9', "null": "1\x00", "null in a name": 'distance("\x00")', "surrogate": "\ud800",
    "surrogate in a name": 'distance("\ud800")', "surrogate as a column": 'attribute("\udfff") == "\udfff"', "minuses": "-" * 5000 + "1",
    "fewer minuses": "-" * 999 + "1", "nots": "not " * 249 + "1", "ands": " and ".join(["rank"] * 5000),
    "fewer ands": " and ".join(["1"] * 160),
    "ors": " or ".join(["0"] * 190), "ifs": "1 if 1 else " * 80 + "1", "powers": "1**" * 330 + "1", "a comparison": "<".join("1" * 500),
    "digits": "9" * 1000, "digits and a letter": "9" * 999 + "x", "fraction": "0." + "9" * 990, "exponent": "1e" + "9" * 990,
    "underscore": "1_000", "hexadecimal": "0x10", "octal": "0o7", "leading zeros": "007", "imaginary": "1j", "wide digits": "１２",
    "walrus": "(x := 1)", "lambda": "(lambda: 1)()", "f-string": 'f"{rank}"', "nested f-string": 'f"{f\'{1}\'}"', "bytes": 'b"a" * 9',
    "subscript": "rank[0]", "slice": "rank[::]", "list": "[1] * 10**9", "set": "{1}", "comprehension": "(x for x in (1, 2))",
    "star": "min(*rank)",
    "keyword": "exp(x=1)", "double star": "exp(**rank)", "attribute": "rank.real", "ellipsis": "...", "await": "await rank",
    "comment": "1 # 2",
    "backslash": "1 + \\\n 1", "escape": '"\\N{DIGIT ONE}"', "semicolon": "1; 2", "two lines": "1\n2", "none": "None", "true": "True",
    "triple quotes": '"""a"""', "joined texts": '"a" "b"', "shift": "1 << 9", "matrix product": "rank @ rank", "tuple": "1, 2",
    "many quotes": '"' * 1001, "call of a call": 'exp(1)(2)', "call of text": '"a"(1)', "call of a number": "1(2)", "identity": "1 is 1",
    "byte order mark": "\ufeff1", "joiner": "ra\u200dnk", "wide if": "1 𝐢𝐟 1 else 2", "wide true": "𝐓rue",
    "min of many": f"min({'1,' * 400}1)",
    "deep calls": "exp(" * 50 + "0" + ")" * 50, "deep conditions": "where(1,1," * 50 + "0" + ")" * 50,
    "near miss": f'distance("{"gat" * 300}")',
}
HARMLESS = {"fewer ands", "ors", "ifs", "fraction", "a comparison", "min of many", "deep conditions"}


def attempted(text: object) -> np.ndarray | FormulaError:
    try:
        return column(text)
    except FormulaError as error:
        return error


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_or_does_no_harm_in_a_tenth_of_a_second(name: str) -> None:
    took = []
    for _ in range(3):
        start = time.perf_counter()
        result = attempted(HOSTILE[name])
        took.append(time.perf_counter() - start)
        if isinstance(result, FormulaError):
            str(result).encode()  # a page can show it
    assert min(took) < 0.1
    assert isinstance(result, FormulaError) == (name not in HARMLESS)


def sound(text: object) -> None:
    """A column of finite numbers, or a FormulaError that can be shown; nothing else, and no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = attempted(text)
    if isinstance(result, FormulaError):
        assert result.what and result.fix
        str(result).encode()
        lines = result.pointer.split("\n") if result.pointer else []
        assert len(lines) in (0, 2) and all(len(line) <= 2 * POINTER_WIDTH + 3 for line in lines)
        assert result.position is None or 0 <= result.position <= len(str(text))
    else:
        assert result.shape == (WORLD.mdp.n_choices,) and np.isfinite(result).all()


@given(st.text())
def test_any_text_is_a_column_or_a_formula_error(text: str) -> None:
    sound(text)


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["", " "]))
@example(["1", "if", "1", "else", "2"], "")
def test_any_row_of_pieces_is_a_column_or_a_formula_error(pieces: list[str], between: str) -> None:
    sound(between.join(pieces))


def longer(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts put together without thought for precedence: most can be read, some (1 + not 2) cannot."""
    signs = st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "<", "<=", "==", "!=", "and", "or", "in", "not in"])
    return st.one_of(
        st.tuples(texts, signs, texts).map(" ".join), st.tuples(st.sampled_from(["-", "+", "not"]), texts).map(" ".join),
        st.builds("({})".format, texts), st.builds("exp({})".format, texts), st.builds("min({}, {})".format, texts, texts),
        st.builds("{} if {} else {}".format, texts, texts, texts), st.builds("road == {}".format, texts))


@given(st.recursive(st.sampled_from(["rank", "2", "0.5", "road", '"main"', 'distance("gate")']), longer, max_leaves=8))
def test_what_python_reads_is_read_the_same_and_what_it_does_not_is_refused(text: str) -> None:
    sound(text)
    try:
        theirs = ast.dump(ast.parse(text, mode="eval").body)
    except SyntaxError:
        with pytest.raises(FormulaError):
            parse_formula(text)
    else:
        assert ast.dump(parse_formula(text).tree) == theirs


@pytest.mark.parametrize("value", [None, 3, 1.5, b"rank", ["rank"], float("nan")])
def test_what_is_not_text_is_refused(value: object) -> None:
    assert "not text" in refused(value).what


def test_no_formula_is_ever_run_by_python() -> None:
    folder = Path(irlcore.features.__file__).parent
    files = [folder / "kinds" / "formula.py", *sorted((folder / "formula").glob("*.py"))]
    called = {node.func.id for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert len(files) > 3 and not called & {"eval", "exec", "compile", "getattr_static", "__import__", "globals", "vars"}


@pytest.mark.parametrize("text", ["1 if 1else 2", "1or 2", "0x1for x in y", '"\\d"', '"a"(1)', "1 is 1", "1(2)", '"a"[0]', "1.and 2"])
def test_pythons_own_warnings_do_not_show(text: str) -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        attempted(text)
    assert not seen


@pytest.mark.parametrize(("text", "marked"), [
    ("2 * lenght", "lenght"), ("rank + foo(3)", "foo"), ("rank + exp(1, 2)", "exp"), ("rank + min(1)", "min"), ("rank = 3", "="),
    ("rank + (2", "(2"), ("rank + 2)", ")"), ("rank rank", "rank"), ("rank + * 3", "*"), ("2 + 3x", "3x"), ("rank + 1_0", "1_0"),
    ("2 * road", "road"), ('(road == "mian")', '"mian"'), ('2 * distance("gait")', '"gait"'), ('2 * inside("gate")', '"gate"'),
    ('1 + attribute("rode")', '"rode"'), ("1 + 1e999", "1e999"), ("1 + 'a", "'a"), ("2 + lambda", "lambda"),
    ("1 + distance(3)", "distance"),
    ("(2 + \"日本\" + 3)", '"日本"'), ("   lenght", "lenght"), ("1 +\n\tlenght", "lenght"), ("rank + rank.x", ".x"), ("1 == not 2", "not"),
])
@pytest.mark.parametrize("before", ["", "(Straßenart == 'main') + ", 'distance("日本𝐱") + '], ids=["plain", "a word", "quoted"])
def test_the_caret_stands_where_the_trouble_begins(text: str, marked: str, before: str) -> None:
    """Python counts bytes, an analyst characters: two, three and four bytes a character before the place change nothing."""
    error = refused(before + text)
    assert error.formula == before + text and error.position == len(before) + text.rindex(marked)


def test_the_pointer_is_the_formula_and_a_caret_under_the_place() -> None:
    assert refused("2 * lenght").pointer == "2 * lenght\n    ^"
    assert str(refused("2 * lenght")).endswith("\n2 * lenght\n    ^")
    assert refused('"日本" == lenght').pointer.split("\n")[1] == " " * 10 + "^"  # a wide character takes two columns
    assert refused('"o\u0308" == lenght').pointer.split("\n")[1] == " " * 7 + "^"  # and a mark on a letter none
    assert refused("1 +\n\tlenght").pointer == "1 +  lenght\n     ^"
    assert refused("1 + \ud800").pointer == "1 + \ufffd\n    ^"
    assert refused("1 +").pointer == "1 +\n   ^"
    assert refused("").pointer == "" and refused("").position is None


@pytest.mark.parametrize("place", [0, 1, 35, 36, 37, 50, 100, 149])
def test_a_long_formula_is_shown_in_a_window_round_the_place(place: int) -> None:
    text = "min(" + "1," * place + "lenght" + ",1" * (149 - place) + ")"
    formula, caret = refused(text).pointer.split("\n")
    assert formula[len(caret) - 1:].startswith("lenght") and POINTER_WIDTH <= len(formula) <= POINTER_WIDTH + 2
    assert formula.startswith("\u2026") == (4 + 2 * place > POINTER_WIDTH // 2) and formula.strip("\u2026") in text


@pytest.mark.parametrize(("text", "fix"), [
    ("lenght", "Did you mean length?"), ("Rank", "Did you mean rank?"), ("exq(1)", "Did you mean exp?"),
    ("distence('gate')", "Did you mean distance?"),
    ("distance('Gate')", "Did you mean gate?"), ("inside('squere')", "Did you mean square?"),
    ("attribute('speed limits')", "mean speed limit?"),
    ("road == 'Main'", "Did you mean main?"), ("gate", 'write distance("gate").'), ("square", 'distance("square") or inside("square")'),
    ("exp", "write exp(x)"), ("distance", 'write distance("place")'), ("inside('gate')", "draw a zone"), ("qqqqqqq", "Names: length, turn"),
    ("qqq(1)", "Functions: exp"), ("inside('qqqq')", "There are: square"), ("road == 'qqqq'", "lane, main"),
    ("attribute('qqqq')", "Columns: "),
    ("min(1)", "min(x, y)"), ("distance(gate)", 'distance("place")'), ("rank = 1", "=="), ("rank ^ 2", "**"), ("rank & 1", "and"),
    ("rank ≤ 1", "<="),
    ("road == “main”", "straight quotes"), ("True", "1 for true"), ("class", 'attribute("class")'), ("1 if rank", "x if condition else y"),
])
def test_an_error_says_what_to_write_instead(text: str, fix: str) -> None:
    assert fix in refused(text).fix


@pytest.mark.parametrize("name", ["hour", "weekday"])
def test_a_world_without_a_clock_says_so_and_one_with_it_has_the_column(name: str) -> None:
    assert "no time of day" in refused(f"{name} >= 22").what
    clock = replace(WORLD, choice_attributes={name: np.arange(WORLD.mdp.n_choices) % 24})
    np.testing.assert_array_equal(column(f"{name} >= 22", clock), np.arange(WORLD.mdp.n_choices) % 24 >= 22)


def test_formulas_of_the_greatest_size_compute() -> None:
    longest = "+".join("1" * (MOST_LEVELS - 1))
    assert (column(longest) == MOST_LEVELS - 1.0).all() and "nested" in refused(f"{longest}+1+1").what
    assert (column("(" * MOST_BRACKETS + "1" + ")" * MOST_BRACKETS) == 1.0).all()
    assert "brackets are open" in refused("(" * (MOST_BRACKETS + 1) + "1" + ")" * (MOST_BRACKETS + 1)).what
    assert (column("1".ljust(MOST_CHARACTERS)) == 1.0).all() and "characters" in refused("1".ljust(MOST_CHARACTERS + 1)).what
