"""A good project file taken apart, to be put together again with one thing wrong in it.

Each is sealed anew, with its digest: whoever tampers can do that too, so what is wrong has to be seen in the content itself.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

from irlcore.project.archive import ARRAYS, BODY, pack
from irlcore.project.encoding import encode
from irlcore.project.project import Project
from irlcore.project.project_file import FORMAT, VERSION
from irlcore.project.texts import PARTS, unpack_texts

Tamper = Callable[["Opened"], None]


class Opened:
    """A project file taken apart: ``body`` its JSON, ``arrays`` by their keys. Fields go by paths, as "fits[0].result.theta"."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            self.body: dict[str, Any] = json.loads(file.read(BODY))
            with np.load(io.BytesIO(file.read(ARRAYS)), allow_pickle=False) as arrays:
                self.arrays = {key: arrays[key] for key in arrays.files}

    def sealed(self, digested: bool = True) -> bytes:
        """The file of it, with the digest that belongs to it; without one as versions before 4 saved it."""
        data = pack(json.dumps(self.body).encode(), self.arrays)
        if digested:
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as new, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as old:
            for name in (BODY, ARRAYS):
                old.writestr(name, new.read(name))
        return out.getvalue()

    def place(self, path: str) -> tuple[Any, Any]:
        """The list or object that holds the value of a path, and its index or name there."""
        holder: Any = self.body
        key: Any = "project"
        for name, index, quoted in re.findall(r"(\w+)|\[(\d+)\]|\['([^']*)'\]", path):
            value = holder[key]
            if name:
                holder, key = value["fields"], name
            elif index:
                holder, key = value["tuple"], int(index)
            elif "table" in value:
                holder, key = next(column for column in value["table"] if column[0] == quoted), 2
            else:
                holder, key = next(pair for pair in value["dict"] if pair[0] == quoted), 1
        return holder, key

    def get(self, path: str) -> Any:
        """The JSON of a field."""
        holder, key = self.place(path)
        return holder[key]

    def drop(self, path: str) -> None:
        """A field less."""
        self.set(path, None)
        holder, key = self.place(path)
        del holder[key]

    def set(self, path: str, value: Any) -> None:
        """Another JSON for a field; its arrays go with it."""
        for key in keys_in(self.get(path)):
            del self.arrays[key]
        holder, key = self.place(path)
        holder[key] = value

    def array(self, path: str) -> np.ndarray:
        """The array of a field."""
        said = self.get(path)
        if "array" in said:
            return self.arrays[said["array"]]
        letters, lengths, which = (None if said[name] is None else self.arrays[said[name]["array"]] for name in PARTS)
        assert letters is not None and lengths is not None
        return unpack_texts(letters, lengths, which, path)

    def set_array(self, path: str, value: np.ndarray) -> None:
        """Another array for a field."""
        said = self.get(path)
        if "array" in said:
            self.arrays[said["array"]] = value
            return
        self.set(path, None)
        holder, key = self.place(path)
        made: dict[str, np.ndarray] = {}
        named, first = encode(value, made), 1 + max(int(key[1:]) for key in self.arrays)
        for k, array in enumerate(made.values()):
            self.arrays[f"a{first + k}"] = array
        holder[key] = json.loads(re.sub(r'"a(\d+)"', lambda found: f'"a{first + int(found[1])}"', json.dumps(named)))


def written(project: Project) -> bytes:
    """A project's file whatever is in it: to be saved it would have to be sound."""
    arrays: dict[str, np.ndarray] = {}
    body = {"format": FORMAT, "version": VERSION, "project": encode(project, arrays)}
    return pack(json.dumps(body).encode(), arrays)


def keys_in(value: Any) -> list[str]:
    """Keys of all arrays that a JSON names."""
    if isinstance(value, dict):
        own = [value["array"]] if isinstance(value.get("array"), str) else []
        return own + [key for one in value.values() for key in keys_in(one)]
    return [key for one in value for key in keys_in(one)] if isinstance(value, list) else []


def put(path: str, value: Any) -> Tamper:
    """Another JSON in a field."""
    return lambda file: file.set(path, value)


def change(path: str, work: Callable[[np.ndarray], np.ndarray]) -> Tamper:
    """Another array in a field."""
    return lambda file: file.set_array(path, work(file.array(path).copy()))


def entry(path: str, where: Any, value: Any) -> Tamper:
    """Another entry of an array."""
    def work(values: np.ndarray) -> np.ndarray:
        values[where] = value
        return values
    return change(path, work)


def without(path: str) -> Tamper:
    """A field that is not there."""
    return lambda file: file.drop(path)


def again(path: str) -> Tamper:
    """The first entry of a list, or pair of a mapping, once more."""
    def act(file: Opened) -> None:
        value = file.get(path)
        listed = value["tuple" if "tuple" in value else "dict"]
        extra = json.loads(json.dumps(listed[0]))
        for key in keys_in(extra):
            file.arrays[f"{key}0"] = file.arrays[key]
        listed.append(json.loads(re.sub(r'"array": "(a\d+)"', r'"array": "\g<1>0"', json.dumps(extra))))
    return act


def setting(name: str, value: Any) -> Tamper:
    """Another setting of the world."""
    return put(f"world.settings['{name}']", value)


def clock(name: str, value: Any) -> Tamper:
    """Another part of the clock."""
    return put(f"world.settings['clock']['{name}']", value)


def rows(path: str, count: int) -> Tamper:
    """Another number of rows for a table."""
    return lambda file: file.get(path).__setitem__("rows", count)


def added(path: str, name: str, value: Any) -> Tamper:
    """A field that no version knows."""
    return lambda file: file.get(path)["fields"].update({name: value}) if path else file.body["project"]["fields"].update({name: value})


def same_array(one: str, other: str) -> Tamper:
    """One array for two fields."""
    def act(file: Opened) -> None:
        key = file.get(one)["array"]
        file.set(other, {"array": key, "text": False})
    return act
