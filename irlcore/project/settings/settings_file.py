"""A settings file read, with the line of what cannot be, and written."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace

from irlcore.project.settings.plain import SettingsError, Where, as_plain, as_typed
from irlcore.project.settings.settings import VERSION, Settings
from irlcore.project.settings.toml_text import toml_text

LARGEST = 50_000_000
"""Letters: a coast of a million corners has 40 million."""
HEAD = re.compile(r"\s*\[\[?(?P<name>[^\[\]]+)\]\]?\s*(#.*)?$")
KEY = re.compile(r"""\s*(?P<name>"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_\-.]+)\s*=""")
PARTED = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_\-]+""")
TOLD = ("# Settings of Motive: what the app did, to be repeated from the command line.\n"
        "# What is left out is as the app suggests it. docs/command-line.md says what each line means.\n\n")


def settings_text(settings: Settings) -> str:
    """The file, as text. What is as usual is left out."""
    return TOLD + toml_text({"version": settings.version, **as_plain(settings)})


def read_settings(text: str, called: str = "The settings file") -> Settings:
    """The settings of a file. SettingsError that names the line and the key of what cannot be. called: the file's name."""
    if len(text) > LARGEST:
        raise SettingsError(f"{called} has {len(text):,} letters.", f"At most {LARGEST:,} can be read.")
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{called} is no TOML: {error}.",
                            'Write a line as name = value, and texts in quotes: title = "Trucks".') from None
    version = table.get("version", VERSION)
    if isinstance(version, int) and version > VERSION:
        raise SettingsError(f"{called} was written by a newer Motive (settings {version}, this one reads {VERSION}).", "Update Motive.")
    try:
        found: Settings = as_typed(table, Settings)
    except SettingsError as error:
        at = line_of(text, error.where)
        raise SettingsError(f"{called}{f', line {at}' if at else ''}: {error.what}", error.fix, error.where) from error
    return found


def placeless(reading: str) -> str:
    """What a project says of how its files were read, without the folder that they lay in, which earlier versions kept: who is handed the
    project need not know it. Empty where it cannot be read."""
    if "folder" not in reading:
        return reading
    try:
        found = read_settings(reading).reading
    except SettingsError:
        return ""
    return "" if found is None else toml_text({"reading": as_plain(replace(found, folder=""))})


def line_of(text: str, where: Where) -> int:
    """The line, from 1, on which a key stands, or the table that it is missing from; 0 where that cannot be told. The tables of a list
    count from 1."""
    best, reached = 0, 0
    head: Where = ()
    counted: dict[Where, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if found := HEAD.match(line):
            head = _parted(found["name"])
            if line.lstrip().startswith("[["):
                counted[head] = counted.get(head, 0) + 1
                head = (*head, str(counted[head]))
            here = head
        elif found := KEY.match(line):
            here = (*head, *_parted(found["name"]))
        else:
            continue
        known = next((k for k, (a, b) in enumerate(zip(here, where, strict=False)) if a != b), min(len(here), len(where)))
        if known == len(here) and known > reached:
            best, reached = number, known
    return best


def _parted(name: str) -> Where:
    """"fit.settings" in parts, without the quotes round one."""
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in PARTED.findall(name))
