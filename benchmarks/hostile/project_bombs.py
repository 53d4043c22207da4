"""Project files that unpack to gigabytes, name one array twenty times, lie about their size, or nest without end."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.hostile import doors
from benchmarks.hostile.bombs import good_bytes, project_file, project_json, sealed, zeros, zipped
from benchmarks.hostile.case import Case
from benchmarks.hostile.fuzz import packed, parts
from irlcore.project.project_file import VERSION

ARRAY = {"array": "a0", "text": False}
DEEP = 200_000


def bomb(megabytes: int, kind: int = zipfile.ZIP_BZIP2) -> bytes:
    """One array of so many megabytes; 2,200 of them fit into some 450 bytes, packed twice."""
    return project_file(project_json({"notes": ARRAY}), zeros("a0", megabytes * 1_000_000, kind))


def named_often(times: int, megabytes: int) -> bytes:
    """One array of so many megabytes, named ``times`` times: each naming reads it once more."""
    names = {"dict": [[f"z{k}", ARRAY] for k in range(times)]}
    return project_file(project_json({"zones": names}), zeros("a0", megabytes * 1_000_000))


def as_text(megabytes: int) -> bytes:
    """Numbers that are to be made texts: forty times as large in memory."""
    return project_file(project_json({"zones": {"dict": [["z", {"array": "a0", "text": True}]]}}), zeros("a0", megabytes * 1_000_000))


def lying(megabytes: int) -> bytes:
    """A file whose list of contents says 100 bytes where megabytes are."""
    inner = zeros("a0", megabytes * 1_000_000, zipfile.ZIP_DEFLATED)
    said, size = struct.pack("<Q", 100), megabytes * 1_000_000 + 128
    for wrong in range(size - 128, size + 128):  # whatever the header of the array takes
        inner = inner.replace(struct.pack("<Q", wrong), said).replace(struct.pack("<L", wrong), struct.pack("<L", 100))
    return project_file(project_json({"notes": ARRAY}), inner)


def with_json(text: str) -> bytes:
    """A project file with this for its JSON, and the good project's arrays."""
    return project_file(text, packed(parts()[1]))


def fields_with(**changed: Any) -> bytes:
    """The good project with some fields replaced, in JSON."""
    body = parts()[0]
    return with_json(json.dumps({**body, "project": {**body["project"], "fields": {**body["project"]["fields"], **changed}}}))


def with_version(version: Any) -> bytes:
    """The good project, of another format number."""
    return with_json(json.dumps({**parts()[0], "version": version}))


def pickled() -> bytes:
    """An array that is a pickle."""
    out = io.BytesIO()
    np.save(out, np.array([print], dtype=object), allow_pickle=True)
    return project_file(project_json({"notes": ARRAY}), zipped({"a0.npy": out.getvalue()}))


def header(shape: tuple[int, ...], descr: str = "<f8", content: bytes = b"") -> bytes:
    """An array whose header promises another shape or type than what follows."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": descr, "fortran_order": False, "shape": shape})
    return project_file(project_json({"notes": ARRAY}), zipped({"a0.npy": head.getvalue() + content}))


def nested(opened: str, closed: str) -> bytes:
    """A project whose name is nested without end."""
    name = opened * DEEP + "1" + closed * DEEP
    fields = f'{{"name": {name}}}'
    return with_json(f'{{"format": "motive-project", "version": {VERSION}, "project": {{"kind": "Project", "fields": {fields}}}}}')


def cases() -> list[Case]:
    """Each must be refused in words, but for those that say so."""
    made: dict[str, Callable[[], bytes]] = {
        "450 bytes to 2.2 GB": partial(bomb, 2200), "2.2 GB, deflated": partial(bomb, 2200, zipfile.ZIP_DEFLATED),
        "one array named twenty times": partial(named_often, 20, 200), "one array named 2,000 times": partial(named_often, 2000, 20),
        "numbers as texts": partial(as_text, 50), "a size that lies": partial(lying, 1800), "a pickle": pickled,
        "a table of 10 ** 12 rows": lambda: fields_with(problems={"table": [], "rows": 10**12}),
        "a table of 10 ** 9 rows": lambda: fields_with(problems={"table": [], "rows": 10**9}),
        "a table of -1 rows": lambda: fields_with(problems={"table": [], "rows": -1}),
        "a name of 100 MB": lambda: fields_with(name="x" * 100_000_000),
        "a history of a million lines": lambda: fields_with(history={"tuple": [
            {"kind": "HistoryStep", "fields": {"made": "", "what": "x"}}] * 1_000_000}),
        "a million zones": lambda: fields_with(zones={"dict": [[f"z{k}", {"array": "a0", "text": False}] for k in range(1_000_000)]}),
        "lists 200,000 deep": lambda: nested("[", "]"), "objects 200,000 deep": lambda: nested('{"a":', "}"),
        "tuples 200,000 deep": lambda: nested('{"tuple":[', "]}"), "kinds 200,000 deep": lambda: nested('{"dict":[["a",', "]]}"),
        "a name that is a list": lambda: fields_with(zones={"dict": [[["a"], ARRAY]]}),
        "a kind that is not there": lambda: fields_with(notes={"kind": "Popen", "fields": {}}),
        "a project in a project": lambda: fields_with(notes=parts()[0]["project"]),
        "numbers of 400 digits": lambda: fields_with(tried={"dict": [["car", int("9" * 400)]]}),
        "numbers of 5,000 digits": lambda: with_json('{"format": "motive-project", "version": ' + "9" * 5000 + "}"),
        "JSON's NaN": lambda: with_json(json.dumps({**parts()[0], "version": float("nan")})),
        "a shape of 10 ** 15": lambda: header((10**15,)), "a shape of 2 ** 62 squared": lambda: header((2**62, 2**62)),
        "a shape below 0": lambda: header((-5,)), "a type of 2 ** 30 letters": lambda: header((4,), "<U1073741823"),
        "no arrays": lambda: zipped({"project.json": json.dumps(parts()[0]).encode()}), "no JSON": lambda: zipped({"arrays.npz": b""}),
        "arrays that are no zip": lambda: project_file(parts()[0], b"PK\x03\x04 no zip"),
        "JSON in UTF-16": lambda: sealed({"project.json": json.dumps(parts()[0]).encode("utf-16"), "arrays.npz": packed(parts()[1])}),
        "JSON that is a list": lambda: with_json("[]"), "JSON that is null": lambda: with_json("null"),
        "cut off": lambda: good_bytes()[:-30],
        "100,000 members": lambda: zipped({f"m{k}": b"" for k in range(100_000)}), "empty": lambda: b"",
        "a zip of nothing": lambda: zipped({}),
        "two of each member": lambda: good_bytes() + good_bytes(),
    }
    either = {"JSON in UTF-16", "two of each member", "numbers of 400 digits", "a name of 100 MB", "a history of a million lines"}
    versions = [-1, 0, 1.5, True, False, None, "3", [3], 10**400, VERSION + 1]
    return [Case("project: unharmed", doors.project, good_bytes, "read"),
            Case("project: unharmed, all pages", doors.pages, good_bytes, "read", 300.0, timed=False),
            *(Case(f"project: {name}", doors.project, make, "either" if name in either else "refuse") for name, make in made.items()),
            *(Case(f"project: format number {str(v)[:12]}", doors.project, partial(with_version, v), "refuse") for v in versions)]
