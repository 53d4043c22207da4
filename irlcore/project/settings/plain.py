"""Settings as plain tables, and plain tables as settings: what a key may be is read off the annotation of its field."""

from __future__ import annotations

import difflib
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from irlcore.errors import DataError, MotiveError
from irlcore.worlds.history.classifier import HourOf, ValueOf, WaitOf, part_of

Where = tuple[str, ...]
"""Names of the tables and the key that a value stands under; of an entry of a list its number."""
PARTS = (HourOf, WaitOf, ValueOf)
LONGEST = 60


class SettingsError(DataError):
    """A key or a value that cannot be. where: what it stands under."""

    def __init__(self, what: str, fix: str, where: Where = ()) -> None:
        super().__init__(what, fix)
        self.where = where


def as_plain(value: Any) -> Any:
    """Tables, lists, texts and numbers; fields that are None, or as they are usually, are left out of what a class holds."""
    if isinstance(value, PARTS):
        return value.to_json()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_plain(getattr(value, f.name)) for f in fields(value) if not _usual(f, getattr(value, f.name))}
    if isinstance(value, Mapping):
        return {str(name): as_plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple | list):
        return [as_plain(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def _usual(about: Any, value: Any) -> bool:
    if value is None:
        return True
    usual = about.default if about.default is not MISSING else about.default_factory() if about.default_factory is not MISSING else MISSING
    return usual is not MISSING and type(usual) is type(value) and not isinstance(value, np.ndarray) and bool(usual == value)


def as_typed(value: Any, hint: Any, where: Where = ()) -> Any:
    """The value of an annotation. SettingsError that names the key where it cannot be."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        some = [part for part in parts if part is not type(None)]
        if set(some) == set(PARTS):
            return _told(lambda: part_of(value), where)
        return as_typed(value, some[0], where)
    if origin is Literal:
        if value not in parts:
            raise SettingsError(f"{name_of(where)} is {shown(value)}.", _instead(str(value), [str(one) for one in parts if one]), where)
        return value
    if origin is tuple:
        return _tuple(value, parts, where)
    if origin is not None:  # a mapping
        _need(isinstance(value, Mapping), value, "a table", where)
        return {name: as_typed(one, parts[1], (*where, name)) for name, one in value.items()}
    if hint is Any:
        return value
    if hint is np.ndarray:
        return _places(value, where)
    if isinstance(hint, type) and is_dataclass(hint):
        return _made(value, hint, where)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    called = {str: "a text in quotes", int: "a whole number", float: "a number", bool: "true or false"}[hint]
    _need(isinstance(value, hint) and (hint is bool or not isinstance(value, bool)), value, called, where)
    return value


def _tuple(value: Any, parts: Sequence[Any], where: Where) -> tuple[Any, ...]:
    _need(isinstance(value, list | tuple), value, "a list", where)
    if parts[-1] is not Ellipsis:
        _need(len(value) == len(parts), value, f"a list of {len(parts)}", where)
        return tuple(as_typed(one, part, where) for one, part in zip(value, parts, strict=True))
    return tuple(as_typed(one, parts[0], (*where, str(k + 1))) for k, one in enumerate(value))


def _places(value: Any, where: Where) -> np.ndarray:
    """A place (2,), or a ring of them (V, 2)."""
    try:
        found = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        found = np.empty(0)
    _need(found.ndim in (1, 2) and found.shape[-1] == 2 and bool(np.isfinite(found).all()), value,
          "a place [x, y], or a list of such places", where)
    return found


def _made(value: Any, kind: type, where: Where) -> Any:
    _need(isinstance(value, Mapping), value, "a table", where)
    known = get_type_hints(kind)
    names = [f.name for f in fields(kind) if f.init]
    for name in value:
        if name not in names:
            raise SettingsError(f"{name_of((*where, name))} is no setting that Motive knows.", _instead(name, names), (*where, name))
    for f in fields(kind):
        if f.name not in value and f.default is MISSING and f.default_factory is MISSING:
            raise SettingsError(f"{name_of((*where, f.name))} is missing.", f'Add a line "{f.name} = ...".', where)
    parts = {name: as_typed(one, known[name], (*where, name)) for name, one in value.items()}
    return _told(lambda: kind(**parts), where)


def _told(work: Callable[[], Any], where: Where) -> Any:
    """What the class itself says of values that cannot be, with the table that they stand in."""
    try:
        return work()
    except SettingsError:
        raise
    except MotiveError as error:
        raise SettingsError(f"{name_of(where)}: {error.what}", error.fix, where) from error


def _need(good: bool, value: Any, what: str, where: Where) -> None:
    if not good:
        raise SettingsError(f"{name_of(where)} is {shown(value)}.", f"It has to be {what}.", where)


def _instead(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, names, 1)
    listed = ", ".join(names)
    return f'Did you mean "{near[0]}"? Known: {listed}.' if near else f"Known: {listed}."


def name_of(where: Where) -> str:
    """"review.control.rate"."""
    return ".".join(where) or "The file"


def shown(value: Any) -> str:
    """A value in a sentence."""
    text = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."
