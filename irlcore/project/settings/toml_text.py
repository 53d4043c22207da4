"""Plain tables as TOML (1.0), which the standard library reads and does not write."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")
WIDE = 120
"""Letters of a list that stays on one line."""


def toml_text(table: Mapping[str, Any]) -> str:
    """The text of a table of tables, lists, texts, truths and numbers. Every float is read back as the very same."""
    return "\n".join(_lines(table, ())).strip() + "\n"


def _lines(table: Mapping[str, Any], at: tuple[str, ...], inline: bool = False) -> list[str]:
    """Values first: what stands below the head of another table belongs to that one. inline: tables within stand in one line."""
    values = {name: one for name, one in table.items() if inline or not _apart(one)}
    lines = [f"{_key(name)} = {_value(one)}" for name, one in values.items()]
    for name, one in table.items():
        here = (*at, name)
        head = ".".join(map(_key, here))
        if isinstance(one, Mapping) and name not in values:
            inner = _lines(one, here)
            bare = bool(one) and all(isinstance(part, Mapping) for part in one.values())
            lines += inner if bare else ["", f"[{head}]", *inner]
        elif name not in values:
            for part in one:
                lines += ["", f"[[{head}]]", *_lines(part, here, True)]
    return lines


def _apart(value: Any) -> bool:
    """Whether it is a table, or a list of tables, with a head of its own."""
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value))


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    whole = value.encode("utf-8", "replace").decode()  # half of a pair of letters is no text
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else "nan" if math.isnan(value) else "inf" if value > 0.0 else "-inf"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items()) + "}"
    parts = [_value(one) for one in value]
    line = f"[{', '.join(parts)}]"
    return line if len(line) <= WIDE else "[\n" + "".join(f"  {part},\n" for part in parts) + "]"
