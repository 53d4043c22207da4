"""JSON and arrays as a project: what a field may be is read off its annotation, and its rule is asked before it is used."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.errors import MotiveError, ProjectError
from irlcore.project.archive import Arrays
from irlcore.project.damage import damaged, need
from irlcore.project.rules import Rule, short
from irlcore.project.schema import NAME, hints, rule_of
from irlcore.project.sides import check_sides
from irlcore.project.texts import PARTS, readable, unpack_texts
from irlcore.tracks.bounds import LARGEST_WHOLE

Decoder = Callable[[Any, str, Arrays], Any]
"""(JSON, the field's name, the file's arrays) -> value."""


def decode(value: object, kind: type, where: str, arrays: Arrays) -> Any:
    """An instance of a kind from its JSON. ProjectError that names the first field which cannot be what it has to be."""
    body = _parts(value, where, "kind", "fields")
    if body["kind"] != kind.__name__ or not isinstance(body["fields"], dict):  # to say what a value is takes long where it is large
        raise damaged(where or "the project", f"is {short(body['kind'])}, not {kind.__name__}")
    given, known, prefix, made = body["fields"], decoders(kind), f"{where}." if where else "", {}
    if unknown := given.keys() - known.keys():
        raise damaged(f"{prefix}{min(unknown)[:60]}", "is no field that this version knows")
    for name, (made_of, needed) in known.items():
        if name in given:
            made[name] = made_of(given[name], prefix + name, arrays)
        elif needed:
            raise damaged(f"{prefix}{name}", "is missing")
    try:
        whole = kind(**made)
    except MotiveError as error:
        raise error if isinstance(error, ProjectError) else damaged(f"{where}:", error.what.rstrip(".")) from error
    check_sides(whole, prefix)
    return whole


@cache
def decoders(kind: type) -> dict[str, tuple[Decoder, bool]]:
    """Field -> what makes its value, and whether a file must have it."""
    known = hints(kind)
    return {f.name: (decoder(known[f.name], rule_of(kind, f.name)), f.default is MISSING and f.default_factory is MISSING)
            for f in fields(kind) if f.name in known}


@cache
def decoder(hint: Any, rule: Rule) -> Decoder:
    """What makes values of an annotation, each leaf looked at by the rule."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _union(parts, rule)
    if origin is Literal:
        return _checked(lambda v, where, arrays: v, lambda v: "" if isinstance(v, str) and v in parts else
                        f"is {short(v)}, not one of {', '.join(map(repr, parts))}")
    if origin is tuple:
        return _tuple(decoder(parts[0], rule), rule if parts[0] is str else None)
    if hint is Any or (origin is not None and parts[1:] == (Any,)):
        return _checked(lambda v, where, arrays: _plain(v, where), lambda v: "" if hint is Any or isinstance(v, Mapping) else
                        f"is {short(v)}, not a list of names with their values")
    if origin is not None:
        return _mapping(decoder(parts[1], rule))
    if hint is np.ndarray:
        return _checked(_array, rule)
    if hint is pd.DataFrame:
        return _checked(_table, rule)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda v, where, arrays: decode(v, hint, where, arrays)
    return _checked(_scalar(hint), rule)


def _checked(make: Decoder, rule: Callable[[object], str]) -> Decoder:
    def work(value: Any, where: str, arrays: Arrays) -> Any:
        made = make(value, where, arrays)
        wrong = rule(made)
        if wrong:
            raise damaged(where, wrong)
        return made
    return work


def _union(parts: tuple[Any, ...], rule: Rule) -> Decoder:
    some = [part for part in parts if part is not type(None)]
    by_name = {part.__name__: decoder(part, rule) for part in some if isinstance(part, type) and is_dataclass(part)}

    def work(value: Any, where: str, arrays: Arrays) -> Any:
        if value is None:
            return None
        if not by_name:
            return decoder(some[0], rule)(value, where, arrays)
        kind = _parts(value, where, "kind", "fields")["kind"]
        need(isinstance(kind, str) and kind in by_name, where, f"is {short(kind)}, not {' or '.join(by_name)}")
        return by_name[kind](value, where, arrays)
    return work


def _tuple(each: Decoder, of_texts: Rule | None) -> Decoder:
    """of_texts: the rule of each text, where it is texts that are listed: many of them stand apart."""
    def work(value: Any, where: str, arrays: Arrays) -> Any:
        if of_texts is not None and isinstance(value, dict) and value.keys() == set(PARTS):
            texts = tuple(_texts(value, where, arrays).tolist())
            wrong = next(((i, said) for i, text in enumerate(texts) if (said := of_texts(text))), None)
            if wrong is not None:
                raise damaged(f"{where}[{wrong[0]}]", wrong[1])
            return texts
        found = _parts(value, where, "tuple")["tuple"]
        need(isinstance(found, list), where, "is not a list")
        return tuple([each(one, f"{where}[{i}]", arrays) for i, one in enumerate(found)])
    return work


def _mapping(each: Decoder) -> Decoder:
    def work(value: Any, where: str, arrays: Arrays) -> Any:
        return {k: each(v, f"{where}[{short(k)}]", arrays) for k, v in _pairs(value, where)}
    return work


def _pairs(value: Any, where: str) -> list[tuple[str, Any]]:
    """Names, each once, and what stands beside them."""
    found = _parts(value, where, "dict")["dict"]
    need(isinstance(found, list) and all(isinstance(one, list) and len(one) == 2 for one in found), where, "is not a list of pairs")
    names = [one[0] for one in found]
    wrong = next((said for name in names if (said := NAME(name))), "")
    need(not wrong, f"a name in {where}", wrong)
    shown = [readable(name, f"a name in {where}") for name in names]
    need(len(set(shown)) == len(shown), where, "names one thing twice")
    return [(name, one[1]) for name, one in zip(shown, found, strict=True)]


def _parts(value: Any, where: str, *names: str) -> dict[str, Any]:
    """A JSON object of these entries and no others."""
    if not isinstance(value, dict) or value.keys() != set(names):
        raise damaged(where or "the project", f"is {short(value)}, not {' and '.join(names)}")
    return value


def _scalar(hint: type) -> Decoder:
    def work(value: Any, where: str, arrays: Arrays) -> Any:
        if hint is float and isinstance(value, dict):
            said = _parts(value, where, "float")["float"]
            need(isinstance(said, str) and said in ("nan", "inf", "-inf"), where, f"is {short(value)}, not a number")
            return float(said)
        good = isinstance(value, hint) or (hint is float and isinstance(value, int))
        if not good or (hint is not bool and isinstance(value, bool)):
            raise damaged(where, f"is {short(value)}, not of the type {hint.__name__}")
        return readable(value, where) if hint is str else value
    return work


def _enum(hint: type[Enum]) -> Decoder:
    def work(value: Any, where: str, arrays: Arrays) -> Any:
        name = _parts(value, where, "status")["status"]
        need(isinstance(name, str) and name in hint.__members__, where, f"is {short(name)}, not one of {', '.join(hint.__members__)}")
        return hint[name]
    return work


def _array(value: Any, where: str, arrays: Arrays) -> np.ndarray:
    if isinstance(value, dict) and set(value) == set(PARTS):
        return _texts(value, where, arrays)
    parts = _parts(value, where, "array", "text")
    need(isinstance(parts["array"], str) and isinstance(parts["text"], bool), where, f"is {short(value)}, not the name of an array")
    return arrays.take(parts["array"], parts["text"], where)


def _texts(value: Any, where: str, arrays: Arrays) -> np.ndarray:
    letters, lengths = (_array(value[name], where, arrays) for name in ("letters", "lengths"))
    which = None if value["which"] is None else _array(value["which"], where, arrays)
    arrays.charge_texts(lengths.size, letters.size, (lengths if which is None else which).size, where)
    return unpack_texts(letters, lengths, which, where)


def _table(value: Any, where: str, arrays: Arrays) -> pd.DataFrame:
    parts = _parts(value, where, "table", "rows")
    rows, listed = parts["rows"], parts["table"]
    need(type(rows) is int and 0 <= rows <= LARGEST_WHOLE and isinstance(listed, list), where, "is not a table")
    within("columns", len(listed), f"{where} has {len(listed):,} columns.")
    names, columns = [], []
    for one in listed:
        need(isinstance(one, list) and len(one) == 3, where, "has a column that is not a name, a type and an array")
        need(not (wrong := NAME(one[0])), f"the name of a column in {where}", wrong)
        names.append(readable(one[0], f"the name of a column in {where}"))
        columns.append(_column(_array(one[2], said := f"{where}[{short(names[-1])}]", arrays), one[1], rows, said))
    need(bool(columns) or rows <= 2**31, where, "has rows of nothing")
    frame = pd.DataFrame(dict(enumerate(columns)), index=range(rows))
    return frame.set_axis(names, axis=1) if names else frame


def _column(flat: np.ndarray, dtype: object, rows: int, where: str) -> pd.Series:
    need(flat.ndim == 1 and len(flat) == rows, where, f"has {flat.size:,} entries, and there are {rows:,} rows")
    need(isinstance(dtype, str), where, f"is said to be of the type {short(dtype)}")
    if flat.dtype == object:
        return pd.Series(flat, dtype="str")
    need(flat.dtype.kind in "iufb" and str(flat.dtype) == dtype, where, f"is of the type {flat.dtype}, and said to be {short(dtype)}")
    return pd.Series(flat)


def _plain(value: Any, where: str) -> Any:
    """A plain JSON value, as ``encode`` writes it: objects as pairs, except within lists, which stand as they are."""
    if isinstance(value, dict):
        need(len(value) == 1 and next(iter(value)) in ("dict", "tuple", "float"), where, f"holds {short(value)}, which is no plain value")
        if "dict" in value:
            return {k: _plain(v, f"{where}[{short(k)}]") for k, v in _pairs(value, where)}
        if "tuple" in value:
            need(isinstance(value["tuple"], list), where, "is not a list")
            return tuple([_plain(v, where) for v in value["tuple"]])
        return _scalar(float)(value, where, None)  # type: ignore[arg-type]
    return _raw(value, where)


def _raw(value: Any, where: str) -> Any:
    if isinstance(value, str):
        return readable(value, where)
    if isinstance(value, list):
        return [_raw(v, where) for v in value]
    if isinstance(value, dict):
        return {readable(k, where): _raw(v, where) for k, v in value.items()}
    need(not isinstance(value, int) or abs(value) <= LARGEST_WHOLE, where, "holds a whole number too large to be used")
    return value
