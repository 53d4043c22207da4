"""Texts of a table that a spreadsheet would run as formulas: how a written table keeps them from that, and how they are read again."""

from __future__ import annotations

import re

RUN = re.compile("(^|[;\t\r\n])(?=[\\s\"'\ufeff\u200b\u2060\ufffd]*[=+\\-@\uff0b\uff0d\uff1d\uff20]|'*[\t\r\ufffd])")
"""What a spreadsheet runs or lets run: a field that begins with a sign of a formula, blanks and quotes before it or not; and, since half
the world's spreadsheets split at semicolons whatever the file does, what follows one. Apostrophes that are there already get one more, so
that the text can be had back."""

ESCAPED = re.compile(RUN.pattern.replace(")(?=", ")'(?=", 1))
"""The same with the apostrophe that was put there."""


def as_typed(text: str) -> str:
    """A text of a table as it was before apostrophes were put in front of what would run."""
    return ESCAPED.sub(r"\1", text)
