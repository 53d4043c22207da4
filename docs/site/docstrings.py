"""Docstrings are plain text, with ``code`` between doubled backticks and examples behind ``>>>``; Sphinx takes them for
reStructuredText. What would mean something there and is not meant is escaped, and formulas that stand apart keep their lines."""

from __future__ import annotations

import re

CODE = re.compile(r"(``.+?``|`[^`]+`)", re.DOTALL)
SPECIAL = re.compile(r"([\\*|`]|(?<=\w)_(?=\W|$))")


def escaped(text: str) -> str:
    """One line of prose as itself."""
    parts = CODE.split(text)
    return "".join(f"``{part.strip('`')}``" if i % 2 else SPECIAL.sub(r"\\\1", part) for i, part in enumerate(parts))


def blocks(lines: list[str]) -> list[list[str]]:
    """Lines that stand together, without the blank ones between."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [one for one in found if one]


def restructured(lines: list[str]) -> list[str]:
    """A docstring as reStructuredText that shows the same text. Code in doubled backticks may run over the end of a line."""
    shown: list[str] = []
    for block in blocks(lines):
        if block[0].lstrip().startswith(">>>"):
            shown += [*block, ""]
        elif all(line.startswith("    ") for line in block):
            shown += ["::", "", *block, ""]
        else:
            shown += [*escaped("\n".join(block)).split("\n"), ""]
    return shown
