"""Texts of others as text that can be kept and shown, the same when they are read from a table as when a project is opened.

A column of somebody's table may hold a bell or an escape: it stands here as the picture of it (U+2400 and on, made for that), in the cell
as in the label that names it, so that names still find what they name. A NUL, which tables are padded with, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PICTURES, DELETE = 0x2400, 127
KEPT = (9, 10, 13)  # tab and line ends are what texts are made of
HALF = re.compile("[\ud800-\udfff]")
"""Half of a character: no file can be written with it."""

CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
"""What is not plain, as a pattern that pyarrow reads too."""

_NOT_PLAIN = re.compile(f"{CONTROL}|{HALF.pattern}")
_PICTURED: dict[int, int | None] = {**{c: PICTURES + c for c in range(1, 32) if c not in KEPT}, DELETE: PICTURES + 33, 0: None}


def is_plain(text: str) -> bool:
    """Whether a text is already as ``plain_text`` makes it."""
    return text.isprintable() or not _NOT_PLAIN.search(text)  # the first is twenty times as fast, and true of nearly all


def plain_text(text: str) -> str:
    """A text with its control characters pictured, without NUL, and U+FFFD for half of a character."""
    return text if is_plain(text) else HALF.sub("\ufffd", text.translate(_PICTURED))


def plain_texts(texts: Iterable[str]) -> list[str]:
    """The same of each."""
    return [text if text.isprintable() else plain_text(text) for text in texts]


def plain_values(value: object) -> object:
    """A value of JSON with all its texts plain; of names that become the same the last one stays."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, list):
        return [plain_values(one) for one in value]
    if isinstance(value, dict):
        return {plain_text(name): plain_values(one) for name, one in value.items()}
    return value
