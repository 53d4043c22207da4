"""What is typed into a form and goes into the project is no longer than a project file takes it: every field says how long it may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app"
NOT_KEPT = {"folder", "Bands begin at", "Bands of ", "One corner a line: x, y (", "Find a track", "Search", "setting.title"}
"""Labels, or their beginnings, of what is read and then forgotten: numbers are made of it, a folder is opened, something is looked for."""

PARAMETERS = {"parameter.label", "p.label"}
"""Of features: their texts have no limit in a file."""

BOUNDS = {"LONGEST_UNIT", "LONGEST_TYPED", "LONGEST_WORDS", "LONGEST_NAME", "max(LONGEST_TYPED, len(was))"}


def fields() -> Iterator[tuple[str, ast.Call]]:
    """Every field of text of every page: where it stands, and the call that makes it."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("text_input", "text_area"):
                yield f"{path.name}:{node.lineno}", node


def kept(call: ast.Call) -> bool:
    label = call.args[0]
    said = label.values[0] if isinstance(label, ast.JoinedStr) else label
    text = str(said.value) if isinstance(said, ast.Constant) else ast.unparse(label)
    return text not in PARAMETERS and not any(word in text for word in NOT_KEPT)


def test_every_text_that_is_kept_has_the_length_of_the_rules() -> None:
    found = {where: {ast.unparse(one) for one in (*call.args, *(k.value for k in call.keywords))} for where, call in fields() if kept(call)}
    assert len(found) == 13
    assert [where for where, given in found.items() if not given & BOUNDS] == []
