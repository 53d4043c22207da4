"""Hostile project files: bombs, forgeries, files that are merely cut, and good ones with one thing wrong in them."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from benchmarks.hostile import packing
from benchmarks.hostile.case import Input
from benchmarks.hostile.opened import Opened
from benchmarks.hostile.packing import MIB, claiming, naming, npy, npz, spots, whole, with_array, zeros, zipped
from benchmarks.hostile.rich_projects import grid_project
from benchmarks.hostile.tampering import TAMPERED, VERSIONS, WORLD
from irlcore.project.archive import ARRAYS, BODY, DIGEST
from irlcore.project.project_file import VERSION, save_project

DEEP = 200_000
FORMAT = b'"version": %d' % VERSION


@cache
def good() -> bytes:
    """The file that the others are made from."""
    return save_project(grid_project())


def parts() -> tuple[bytes, bytes]:
    """JSON and arrays of the good file."""
    with zipfile.ZipFile(io.BytesIO(good())) as file:
        return file.read(BODY), file.read(ARRAYS)


def of_json(body: bytes, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Another JSON with the arrays of the good file."""
    return whole(body, parts()[1], how)


def edited(old: bytes, new: bytes) -> Callable[[], bytes]:
    """The good file with another JSON, sealed."""
    def make() -> bytes:
        body = parts()[0]
        assert old in body
        return of_json(body.replace(old, new, 1))
    return make


def with_notes(notes: Callable[[], bytes], how: int = zipfile.ZIP_DEFLATED) -> Callable[[], bytes]:
    """The good file with this JSON for its notes."""
    def make() -> bytes:
        file = Opened(good())
        file.set("notes", "#")
        return of_json(json.dumps(file.body).encode().replace(b'"#"', notes(), 1), how)
    return make


def nested(opened: bytes, closed: bytes) -> Callable[[], bytes]:
    """The good file with notes that are nested without end."""
    return with_notes(lambda: opened * DEEP + b"1" + closed * DEEP)


def named_often(times: int, megabytes: int) -> Callable[[], bytes]:
    """One array of zeros, named by so many spots."""
    def make() -> bytes:
        array = npy(f"({megabytes * MIB // 8},)", data=bytes(megabytes * MIB))
        return whole(spots(*["a0"] * times), npz(a0=array))
    return make


def many_spots(count: int) -> bytes:
    """So many spots, each an array of its own."""
    one = npy("(2,)", data=bytes(16))
    return whole(spots(*(f"a{k}" for k in range(count))), npz(zipfile.ZIP_STORED, **{f"a{k}": one for k in range(count)}))


def cut(share: float) -> Callable[[], bytes]:
    """The good file up to here."""
    return lambda: good()[:int(share * len(good()))]


ARRAY_BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros for JSON": lambda: of_json(b" " * (80 * MIB)),
    "zeros for arrays": lambda: with_array(npy(f"({100 * MIB // 8},)", data=bytes(100 * MIB))),
    "zeros within zeros": lambda: whole(spots("a0"), claiming(["a0.npy"], zeros(2200), 2200 * MIB)),
    "2.2 GB in ten arrays, by bzip2": lambda: whole(
        spots("a0"), claiming([f"a{k}.npy" for k in range(10)], packing.zeros_by_bzip2(220), 220 * MIB, zipfile.ZIP_BZIP2)),
    "less said than there is": lambda: whole(spots("a0"), claiming(["a0.npy"], zeros(1800), 1000)),
    "more said than there is": lambda: whole(spots("a0"), claiming(["a0.npy"], zeros(1), 10**9)),
    "a little more said than there is": lambda: whole(spots("a0"), claiming(["a0.npy"], zeros(1), 40 * MIB)),
    "four gigabytes said": lambda: whole(spots("a0"), claiming(["a0.npy"], b"\3\0", 2**32 - 2)),
    "one array twenty times": named_often(20, 25), "one array 2,000 times": named_often(2000, 20),
    "a million million numbers": lambda: with_array(npy("(1000000000000,)")),
    "2 ** 62 squared": lambda: with_array(npy(f"({2**62}, {2**62})")), "10 ** 14 squared": lambda: with_array(npy(f"({10**14}, {10**14})")),
    "a million million rows of nothing": lambda: with_array(npy("(1000000000000, 0)")),
    "a million million texts of no length": lambda: with_array(npy("(1000000000000,)", "'<U0'")),
    "a text of four gigabytes": lambda: with_array(npy("(1,)", "'<U999999999'")),
    "a text of 400 MB": lambda: with_array(npy("(1,)", "'<U99999999'")),
    "texts by the million": lambda: whole(spots("a0", text=True), npz(a0=npy(f"({15 * MIB},)", "'<U1'", b"x\0\0\0" * (15 * MIB)))),
    "numbers as texts": lambda: whole(spots("a0", text=True), npz(a0=npy(f"({50 * MIB},)", "'|u1'", bytes(50 * MIB)))),
    "an array of objects": lambda: with_array(npy("(1,)", "'|O'", b"\x80\x04N.")),
    "an array of records": lambda: with_array(npy("(1,)", "[('a', '<f8')]", bytes(8))),
    "an array of nothing": lambda: with_array(npy("(1,)", "'|V8'", bytes(8))),
    "an array of dates": lambda: with_array(npy("(1,)", "'<M8[s]'", bytes(8))),
    "a header that is a programme": lambda: with_array(npy("__import__('os').getcwd()")),
    "a header in brackets": lambda: with_array(npy("(" * 5000 + ")" * 5000)),
    "a header of another version": lambda: with_array(npy("(1,)", data=bytes(8), version=b"\x09\x00")),
    "a shape below nothing": lambda: with_array(npy("(-1,)", data=bytes(8))),
    "an array cut short": lambda: with_array(npy("(3,)", data=bytes(8))),
    "an array too long": lambda: with_array(npy("(1,)", data=bytes(800))),
    "arrays that are no zip": lambda: whole(parts()[0], b"PK\x03\x04 no zip"),
    "many parts within": lambda: whole(spots("a0"), packing.many_entries(400_000)),
}
"""What their arrays become, or are said to be."""
JSON_BOMBS: dict[str, Callable[[], bytes]] = {
    "JSON in brackets": lambda: of_json(b"[" * DEEP + b"]" * DEEP), "JSON of lists": lambda: of_json(b"[" + b"[]," * 10_000_000 + b"0]"),
    "JSON of one text": lambda: of_json(b'"' + b"\\\"" * 10_000_000 + b'"'),
    "JSON that never closes": lambda: of_json(b'"' + b"\\\"" * 10_000_000),
    "JSON in UTF-16": lambda: of_json(parts()[0].decode().encode("utf-16")), "JSON that is none": lambda: of_json(b"{"),
    "no JSON": lambda: of_json(b""), "JSON that is a list": lambda: of_json(b"[]"), "JSON that is null": lambda: of_json(b"null"),
    "notes in lists": nested(b"[", b"]"), "notes in objects": nested(b'{"a":', b"}"), "notes in tuples": nested(b'{"tuple":[', b"]}"),
    "notes in names": nested(b'{"dict":[["a",', b"]]}"),
    "notes of 100 MB": with_notes(lambda: b'"' + b"x" * 10**8 + b'"', zipfile.ZIP_STORED),
    "notes of two million lists": with_notes(lambda: b"[" + b"[]," * 1_900_000 + b"0]"),
    "a number of 400 digits": edited(FORMAT, b'"version": ' + b"4" * 400),
    "a million digits": edited(FORMAT, b'"version": ' + b"4" * 10**6),
    "digits after the point": edited(b'"gamma": 0.95', b'"gamma": 0.' + b"9" * 10**6),
    "a number beyond a float": edited(b'"gamma": 0.95', b'"gamma": 1e999'), "NaN for a number": edited(b'"gamma": 0.95', b'"gamma": NaN'),
    "two projects": edited(b'"format":', b'"project": 1, "format":'), "two formats": edited(b'"format":', FORMAT + b', "format":'),
}
ZIPS: dict[str, Callable[[], bytes]] = {
    "a part too many": lambda: zipped({**dict(zip((BODY, ARRAYS), parts(), strict=True)), "../../../etc/passwd": b"x"}),
    "a part twice": lambda: zipped({BODY: parts()[0], "project.jso_": b"{}", ARRAYS: parts()[1]}).replace(b"project.jso_", BODY.encode()),
    "JSON alone": lambda: zipped({BODY: parts()[0]}), "arrays alone": lambda: zipped({ARRAYS: parts()[1]}),
    "no digest": lambda: zipped(dict(zip((BODY, ARRAYS), parts(), strict=True))),
    "another digest": lambda: zipped({BODY: parts()[0], ARRAYS: parts()[1], DIGEST: b"0" * 64}),
    "packed by bzip2": lambda: whole(*parts(), how=zipfile.ZIP_BZIP2), "packed by LZMA": lambda: whole(*parts(), how=zipfile.ZIP_LZMA),
    "under a password": lambda: claiming([BODY], b"x" * 40, 28, zipfile.ZIP_STORED, 1),
    "many parts": lambda: packing.many_entries(65_000), "more parts than it says": lambda: packing.many_entries(300_000),
    "a zip of something else": lambda: zipped({"word/document.xml": b"<w/>"}), "a zip of nothing": lambda: zipped({}),
    "nothing": lambda: b"", "a table": lambda: b"track,x\na,1\n",
    "a zip with a remark": lambda: good()[:-2] + struct.pack("<H", 5) + b"hello",
    **{f"cut at {share:.1%}": cut(share) for share in (0.1, 0.5, 0.9, 0.999)},
}
BOMBS = {**ARRAY_BOMBS, **JSON_BOMBS, **ZIPS}
"""What it is -> how it is made: each must be refused in words, soon and in little memory."""
ODD: dict[str, Callable[[], bytes]] = {
    "a good file behind a good file": lambda: good() + good(), "nothing in it": lambda: whole(naming({}), npz()),
    "50,000 spots": lambda: many_spots(50_000),
    "a history of 60,000 steps": lambda: whole(naming({"history": {"tuple": [
        {"kind": "HistoryStep", "fields": {"made": "2026-01-02T03:04:05+00:00", "what": f"step {k}"}} for k in range(60_000)]}}), npz()),
}
"""Refused or read, either is right."""


def tampered(name: str) -> bytes:
    """The good file with what ``TAMPERED`` or ``WORLD`` says of this name."""
    file = Opened(good())
    {**TAMPERED, **WORLD}[name](file)
    return file.sealed()


def of_version(version: Any) -> bytes:
    """The good file with another format number."""
    file = Opened(good())
    file.body["version"] = version
    return file.sealed()


def inputs() -> Iterator[Input]:
    """Every hostile project file. All but the odd ones must be refused."""
    made: dict[str, Callable[[], bytes]] = {
        **BOMBS, **{name: partial(tampered, name) for name in (*TAMPERED, *WORLD)},
        **{f"format {repr(version)[:60]}": partial(of_version, version) for version in VERSIONS}}
    yield from (Input("project", name, make, "refuse") for name, make in made.items())
    yield from (Input("project", name, make, "either") for name, make in ODD.items())
