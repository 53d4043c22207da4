"""A text as a line, as a label of a plot, as HTML, as a cell of a spreadsheet."""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from irlcore.report.text import (
    LABEL,
    LONGEST,
    RUN,
    as_code,
    as_csv,
    as_html,
    as_line,
    as_plotly,
    as_shown,
    printable,
    told_apart,
    unrun,
)

STARTS = ("=", "+", "-", "@", "\t", "\r", "\x00", "\uff1d", " =", "\"=", "'=", "\u200b=", "\ufeff=", "\n=", " \t'=")
"""What a spreadsheet takes for the beginning of a formula, or strips before it looks."""
ANY = st.text(st.characters(codec=None), max_size=40)


def sheet(text: str, separator: str = ",") -> list[list[str]]:
    """What a spreadsheet reads: cells split at ``separator``, quotes undone."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def from_csv(cell: str) -> str:
    """What ``unrun`` was given, but for what cannot be printed."""
    return re.sub(RUN.pattern.replace("(?=", "'(?=", 1), r"\1", cell)


def runs(cell: str) -> bool:
    """Whether a spreadsheet would take the cell for a formula: one that trims blanks and quotes, and knows no number that begins so."""
    try:
        float(cell)
    except ValueError:
        seen = cell.lstrip(" \t\r\n\"\u200b\ufeff\u2060\ufffd\x00\u00a0")
        return seen.startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    return False


@pytest.mark.parametrize("start", STARTS)
def test_no_text_is_run_by_a_spreadsheet_and_each_can_be_had_back(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    cells = sheet(as_csv(pd.DataFrame({"track": [text, "b"], "p": [-1.5, 2.0]})))
    assert cells[1][0].startswith("'") and not runs(cells[1][0])
    assert from_csv(cells[1][0]) == printable(text)


@settings(deadline=None)
@given(ANY)
@example("'\x1f")
@example("''\tx;'\ufffd")
def test_whatever_a_text_holds_the_file_can_be_read_and_the_text_had_back(text: str) -> None:
    frame = pd.DataFrame({"track": pd.Series([text], dtype=object), "p": [1.0]})  # columns of texts alone refuse half a character
    data = as_csv(frame).encode("utf-8")
    cells = sheet(data.decode("utf-8"))
    assert len(cells) == 2 and len(cells[1]) == 2
    assert not runs(cells[1][0]) and from_csv(cells[1][0]) == printable(text)


@settings(deadline=None)
@given(st.text(";=+-@\t\n\r\"' x", max_size=12))
def test_nothing_is_run_where_a_spreadsheet_splits_at_semicolons_instead(text: str) -> None:
    for row in sheet(as_csv(pd.DataFrame({"p": [1.0], "track": [text], "reason": [text]})), ";"):
        assert not [cell for cell in row if runs(cell)], row


def test_numbers_stay_numbers_and_ids_that_are_numbers_come_back() -> None:
    frame = pd.DataFrame({"track": ["-12", "+3", "007", "1e5", "-1.5"], "p": [-1.5, np.nan, np.inf, 0.0, 2.0], "n": [-1, 2, 3, 4, 5],
                          "flagged": [True, False, True, False, True]})
    text = as_csv(frame)
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(text), dtype={"track": str}), frame, check_dtype=False)
    assert "'" not in text


def test_a_cell_without_a_sign_is_left_alone_in_a_column_of_many_kinds() -> None:
    mixed = pd.DataFrame({"x": pd.Series(["a, \"b\"", -2.5, None, "=1"], dtype=object)})
    assert [row[0] for row in sheet(as_csv(mixed))] == ["x", "a, \"b\"", "-2.5", "", "'=1"]


def test_sources_are_escaped_too() -> None:
    assert sheet(as_csv(pd.DataFrame({"=1+1": [1]})))[0] == ["'=1+1"]


@settings(deadline=None)
@given(ANY)
def test_a_line_is_one_line_of_bounded_length_that_can_be_encoded(text: str) -> None:
    line = as_line(text, 20)
    assert len(line) <= 20 and not {"\n", "\r", "\t", "\x00"} & set(line)
    line.encode("utf-8")
    assert as_line(line, 20) == line


def test_a_text_of_a_million_characters_is_cut_and_the_cut_is_said() -> None:
    assert as_line("x" * 10**6) == "x" * (LONGEST - 1) + "\u2026"
    assert as_line(" " * 10**6 + "x") == "\u2026"  # cut before it is folded: a bound on the work too
    assert as_plotly("<" * 10**6).count("&lt;") == LABEL - 1


def test_directions_halves_and_controls_are_replaced_and_letters_of_every_script_are_not() -> None:
    assert as_line("a\u202eb\u2066c\ud800d\x00e\x1bf\x85g") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf g"
    for kept in ("\u05d0\u05d1", "\u200d\u2764", "e\u0301", "\U0001f600", "\u4e2d\u6587"):
        assert as_line(kept) == kept


def test_plotly_gets_entities_for_what_it_reads() -> None:
    assert as_plotly("<a href=x>R&D</a>") == "&lt;a href=x&gt;R&amp;D&lt;/a&gt;"
    assert as_plotly("%{x} $y$ 50 %") == "&#37;{x} &#36;y&#36; 50 %"


def test_code_stands_between_more_backticks_than_it_holds() -> None:
    assert as_code("a") == "`a`" and as_code("") == as_code(" \n") == "` `" and as_code("a``b`") == "``` a``b` ```"


def test_html_is_escaped_for_elements_and_attributes() -> None:
    assert as_html("<b a='\"'>\x00") == "&lt;b a=&#x27;&quot;&#x27;&gt;\ufffd"


def test_what_reads_alike_is_told_apart() -> None:
    names = ["a", "a ", "a  ", "a (2)", "", "x" * 100 + "1", "x" * 100 + "2"]
    shown = told_apart(names, "none")
    assert list(shown) == names and len(set(shown.values())) == len(names)
    assert shown["a"] == "a" and shown[""] == "none"
    assert len(told_apart([f"{'x' * 100}{k}" for k in range(3000)])) == 3000


def test_a_table_to_be_looked_at_keeps_its_numbers() -> None:
    frame = pd.DataFrame({"n": pd.Series([1.5, 2.5], [3, 4]), "t": pd.Series(["a\nb", "\ud800"], [3, 4], dtype=object), "same": ["x", "y"]})
    shown = as_shown(frame)
    assert shown["t"].tolist() == ["a b", "\ufffd"] and shown["n"].tolist() == [1.5, 2.5] and list(shown.index) == [3, 4]
    assert frame["t"].tolist()[0] == "a\nb"


def test_a_cell_says_the_same_alone_and_in_a_file() -> None:
    assert unrun("-1.5") == "-1.5" and unrun("-a") == "'-a" and unrun("a;=b") == "a;'=b"
