"""docs/command-line.md: every command in it is one, and every setting that it names is one."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from irlcore.cli.arguments import parser
from irlcore.project.settings.settings import Settings
from irlcore.project.settings.settings_file import read_settings

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [line.split("  #")[0].strip() for kind, block in BLOCKS if not kind for line in block.splitlines() if line.startswith("motive ")]


def classes(kind: type) -> set[type]:
    """Every class that a settings file is made of."""
    found: set[type] = {kind}
    todo = list(get_type_hints(kind).values())
    while todo:
        hint = todo.pop()
        if isinstance(hint, type) and is_dataclass(hint) and hint not in found:
            found.add(hint)
            todo += get_type_hints(hint).values()
        todo += get_args(hint)
    return found


@pytest.mark.parametrize("line", [one for one in COMMANDS if one.split()[1] not in ("app", "COMMAND")])
def test_a_command_of_the_docs_is_one(line: str) -> None:
    asked = parser().parse_args(shlex.split(line)[1:])
    assert callable(import_module(f"irlcore.cli.{asked.module}").run)


def test_there_are_commands_and_settings_to_look_at() -> None:
    assert len(COMMANDS) > 12 and {one.split()[1] for one in COMMANDS} >= {"app", "fit", "review", "intent", "report", "watch", "convert"}


def test_every_setting_that_the_docs_name_is_one() -> None:
    known = {one.name for kind in classes(Settings) for one in fields(kind)}  # type: ignore[arg-type]
    table = TEXT.split("| table | what it says |")[1].split("\n\n")[0]
    rows = [row.split(" | ") for row in table.splitlines() if row.startswith("| `[")]
    assert len(rows) > 12
    for first, second in rows:
        heads = [name for head in re.findall(r"\[\[?([a-z_.]+)\]\]?", first) for name in head.split(".")]
        named = [one for one in re.findall(r"`([a-z0-9_]+)`", second)]
        beside = {"points", "value_basis", "toml"}
        assert set(heads) - beside <= known and set(named) - beside <= known, (first, set(named) - known)


def test_the_settings_of_the_docs_are_read() -> None:
    shown = [block for kind, block in BLOCKS if kind == "toml"]
    assert shown and all(read_settings(block).fit is not None for block in shown)
