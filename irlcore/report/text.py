"""A user's text shown as text: the one place that knows what Markdown, plots, HTML and spreadsheets would make of it.

Names of projects, classes, columns, features, zones, tracks and links, reasons, notes, file names and whatever an error quotes come from
files of strangers. Each place that shows them reads signs in them: Streamlit's Markdown (links, images, bare addresses, icons, colours,
formulas), plotly's few tags (``<a href>`` is a live link in a legend) and templates, HTML, a spreadsheet's formulas. Everything shown
goes through one of the functions below; the data keeps the text as it is.

What Streamlit 1.67 does was read from its front end and tried in Chromium (tests/browser/test_words.py): a backslash before a sign keeps
Markdown's own parser from it, but six rewritings come *after* the parser, on the text as it will be read, so no escape can stop them:
addresses (``http://``, ``www.``, ``a@b.c``) become links, ``:name:`` an icon, a picture or an emoji, ``->`` an arrow. Only a sign
between, which has no width and is no letter, does: U+2060, the word joiner.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from html import escape

import pandas as pd

from irlcore.tracks.formulas import RUN

LONGEST = 1000
"""Characters of a sentence that are shown; the whole stays in the data."""

NAME = 80
"""Characters of a name that are shown in a heading or on a button."""

LABEL = 60
"""Characters of a name that are shown in a plot, where a longer one would leave no room for it."""

JOINER = "\u2060"
AHEAD = 20  # times the length shown is looked at: what folds away must not make a text of a million characters slow
UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
BLANKS = re.compile("[ \t\n\r\x85\u2028\u2029]+")
SIGNS = re.compile(r"([#$&*+\-:<>\[\\\]_`{|~]|(?<=\d)[.)]|^=)")
"""What Markdown, its extensions and Streamlit's directives begin with, wherever it stands: numbered lists with a number, lines under
headings at the start. The other signs mean nothing where all of these are escaped: ``!`` without ``[``, ``/`` without ``:``."""

REWRITTEN = re.compile(r"(?<=http)(?=s?://)|(?<=www)(?=\.)|(?<=[-.\w+])(?=@[-\w])|(?<=:)(?=[\w+-]+:|material/)"
                       r"|(?:^|(?<=\s))(?P<arrow><->|->|<-|--|>=|<=|~=)(?=\s|$)", re.IGNORECASE)
"""Where the six rewritings of the text as read begin: addresses and ``:name:`` by place, arrows whole."""

NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?")


def printable(text: object) -> str:
    """The text with what no screen can show (controls but tabs and line breaks, halves of surrogate pairs, NUL) and what turns the
    direction of reading replaced by the sign for that, U+FFFD; else whole, as in a field where it can be edited."""
    return UNSHOWN.sub("\ufffd", str(text))


def as_line(text: object, most: int = LONGEST) -> str:
    """Plain text on one line, at most ``most`` characters of it, an ellipsis in place of the rest: for whatever reads no signs (options of
    a select box, cells of a table, descriptions of pictures)."""
    whole = str(text)
    line = BLANKS.sub(" ", printable(whole[:AHEAD * most])).strip()
    cut = len(line) > most or len(whole) > AHEAD * most
    return line[:most - 1].rstrip() + "\u2026" if cut else line


def as_markdown(text: object, most: int = LONGEST) -> str:
    """A line that Streamlit's Markdown, and any other, shows as it is typed: no link, no picture, no icon, no colour, no heading."""
    return SIGNS.sub(r"\\\1", REWRITTEN.sub(_broken, as_line(text, most)))


def _broken(found: re.Match[str]) -> str:
    """The joiner where a rewriting would begin; within an arrow."""
    arrow = found["arrow"]
    return arrow[0] + JOINER + arrow[1:] if arrow else JOINER


def as_code(text: object, most: int = LONGEST) -> str:
    """A line in the type of code, between more backticks than it holds; a blank where it is empty, for two backticks are no code."""
    line = as_line(text, most).replace(":material/", f":{JOINER}material/") or " "  # Streamlit changes that even in code
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"


def as_plotly(text: object, most: int = LABEL) -> str:
    """A line that plotly shows as it is typed, wherever it reads tags, entities, templates or formulas: names of traces, labels of axes,
    annotations, texts and data shown on hovering."""
    return escape(as_line(text, most), quote=False).replace("$", "&#36;").replace("%{", "&#37;{")


def as_html(text: object, most: int = LONGEST) -> str:
    """A line as the text of an HTML element or attribute."""
    return escape(as_line(text, most))


def told_apart(texts: Sequence[object], empty: str = "", most: int = NAME) -> dict[str, str]:
    """text -> how it reads in a list of choices; those that would read alike are numbered, since select boxes go by what is read.
    empty: how an empty text reads."""
    taken: dict[str, str] = {}
    used: set[str] = set()
    many: Counter[str] = Counter()
    for text in dict.fromkeys(map(str, texts)):
        line = as_line(text, most) or empty
        shown = line
        while shown in used:
            many[line] += 1
            shown = f"{line} ({many[line] + 1})"
        used.add(shown)
        taken[text] = shown
    return taken


def each_text(frame: pd.DataFrame, shown: Callable[[str], str]) -> pd.DataFrame:
    """A copy of the table in which ``shown`` was applied to every cell and column name that is text."""
    changed = frame.copy()
    for k, kind in enumerate(frame.dtypes):
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_bool_dtype(kind)):
            changed.isetitem(k, [shown(v) if isinstance(v, str) else v for v in frame.iloc[:, k]])
    return changed.set_axis([shown(str(name)) for name in frame.columns], axis=1)


def as_shown(frame: pd.DataFrame) -> pd.DataFrame:
    """A table to be looked at: every text in it as a line."""
    return each_text(frame, as_line)


def as_csv(frame: pd.DataFrame) -> str:
    """A table as CSV (comma, text in double quotes, no index) that no spreadsheet runs: a text that begins like a formula (or goes on like
    one after a semicolon, a tab or a line break) gets an apostrophe in front. Numbers, and texts that are numbers, stay as they are."""
    return str(each_text(frame, unrun).to_csv(index=False, quoting=2, lineterminator="\r\n"))


def unrun(text: str) -> str:
    """A cell of ``as_csv``."""
    return text if NUMBER.fullmatch(text) else RUN.sub(r"\1'", printable(text))
