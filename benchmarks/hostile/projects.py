"""Hostile project files: bombs, forgeries, files that are merely cut, and good ones with one thing wrong in them."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from benchmarks.hostile.opened import Opened
from benchmarks.hostile.rich_projects import grid_project
from benchmarks.hostile.tampering import TAMPERED, VERSIONS, WORLD
from irlcore.project.archive import ARRAYS, BODY, DIGEST, digest
from irlcore.project.project_file import VERSION, save_project

BLOCK = 2**20


@cache
def good() -> bytes:
    """The file that the others are made from."""
    return save_project(grid_project())


def opened() -> Opened:
    """The same, taken apart."""
    return Opened(good())


def zipped(entries: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these entries, packed in one way."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return out.getvalue()


def whole(body: bytes, arrays: bytes, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A project file of these two entries with their digest."""
    return zipped({BODY: body, ARRAYS: arrays, DIGEST: digest(body, arrays)}, how)


def parts() -> tuple[bytes, bytes]:
    """JSON and arrays of the good file."""
    with zipfile.ZipFile(io.BytesIO(good())) as file:
        return file.read(BODY), file.read(ARRAYS)


def npz(**arrays: bytes) -> bytes:
    """An ``arrays.npz`` of these ``.npy`` files as they are."""
    return zipped({f"{name}.npy": data for name, data in arrays.items()})


def npy(shape: str, descr: str = "'<f8'", data: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    """A ``.npy`` whose header says what it likes."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(header)) + header.encode() + data


def naming(fields: dict[str, Any]) -> bytes:
    """The JSON of a project of these fields alone."""
    return json.dumps({"format": "motive-project", "version": VERSION, "project": {"kind": "Project", "fields": fields}}).encode()


def with_array(data: bytes) -> bytes:
    """A file whose only array, a spot, is this ``.npy``."""
    return whole(naming({"spots": {"dict": [["x", {"array": "a0", "text": False}]]}}), npz(a0=data))


def zeros(megabytes: int) -> bytes:
    """So many megabytes of zeros, deflated raw."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join([*(packer.compress(bytes(BLOCK)) for _ in range(megabytes)), packer.flush()])


def claiming(name: str, raw: bytes, size: int, how: int = zipfile.ZIP_DEFLATED, flags: int = 0) -> bytes:
    """A zip of one entry whose packed bytes are ``raw`` and whose size is as claimed."""
    file, code = name.encode(), zipfile.ZIP_DEFLATED if how < 0 else how
    sizes = struct.pack("<IIIHH", 0, len(raw), size, len(file), 0)
    head = struct.pack("<4sHHHHH", b"PK\3\4", 20, flags, code, 0, 33) + sizes + file
    listed = struct.pack("<4sHHHHHH", b"PK\1\2", 20, 20, flags, code, 0, 33) + sizes + struct.pack("<HHHII", 0, 0, 0, 0, 0) + file
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(head) + len(raw), 0)
    return head + raw + listed + end


def many_entries(n: int) -> bytes:
    """The list of ``n`` entries, all of them empty."""
    one = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    return one * n + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, min(n, 65535), min(n, 65535), n * len(one), 0, 0)


def twenty_times() -> bytes:
    """One array of zeros, named by twenty spots."""
    packed = npz(a0=npy(f"({25 * 2**17},)", data=bytes(25 * BLOCK)))
    return whole(naming({"spots": {"dict": [[f"s{i}", {"array": "a0", "text": False}] for i in range(20)]}}), packed)


def cut(share: float) -> Callable[[], bytes]:
    """The good file up to here."""
    return lambda: good()[:int(share * len(good()))]


def edited(old: bytes, new: bytes) -> Callable[[], bytes]:
    """The good file with another JSON, sealed."""
    def make() -> bytes:
        body, arrays = parts()
        assert old in body
        return whole(body.replace(old, new, 1), arrays)
    return make


BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros for JSON": lambda: whole(b" " * (80 * BLOCK), parts()[1]),
    "zeros for arrays": lambda: with_array(npy(f"({100 * 2**17},)", data=bytes(100 * BLOCK))),
    "zeros within zeros": lambda: zipped({BODY: naming({}), ARRAYS: claiming("a0.npy", zeros(300), 300 * BLOCK), DIGEST: b""}),
    "less said than there is": lambda: whole(naming({}), claiming("a0.npy", zeros(200), 1000)),
    "more said than there is": lambda: whole(naming({}), claiming("a0.npy", zeros(1), 10**9)),
    "four gigabytes said": lambda: whole(naming({}), claiming("a0.npy", b"\3\0", 2**32 - 2)),
    "one array twenty times": twenty_times,
    "a million million numbers": lambda: with_array(npy("(1000000000000,)")),
    "a million million rows of nothing": lambda: with_array(npy("(1000000000000, 0)")),
    "a million million texts of no length": lambda: with_array(npy("(1000000000000,)", "'<U0'")),
    "a text of four gigabytes": lambda: with_array(npy("(1,)", "'<U999999999'")),
    "texts by the million": lambda: whole(naming({"zones": {"dict": [["x", {"array": "a0", "text": True}]]}}),
                                          npz(a0=npy(f"({20 * 2**20},)", "'<U1'", b"x\0\0\0" * (20 * BLOCK)))),
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
    "JSON in brackets": lambda: whole(b"[" * 200_000 + b"]" * 200_000, parts()[1]),
    "JSON of many lists": lambda: whole(b"[" + b"[]," * 10_000_000 + b"0]", parts()[1]),
    "JSON of one text": lambda: whole(b'"' + b"\\\"" * 10_000_000, parts()[1]),
    "JSON in UTF-16": lambda: whole(parts()[0].decode().encode("utf-16"), parts()[1]),
    "JSON that is none": lambda: whole(b"{", parts()[1]), "no JSON": lambda: whole(b"", parts()[1]),
    "a number of 400 digits": edited(b'"version": 4', b'"version": ' + b"4" * 400),
    "a million digits": edited(b'"version": 4', b'"version": ' + b"4" * 10**6),
    "digits after the point": edited(b'"gamma": 0.95', b'"gamma": 0.' + b"9" * 10**6),
    "a number beyond a float": edited(b'"gamma": 0.95', b'"gamma": 1e999'), "NaN for a number": edited(b'"gamma": 0.95', b'"gamma": NaN'),
    "two projects": edited(b'"format":', b'"project": 1, "format":'), "two formats": edited(b'"format":', b'"version": 4, "format":'),
    "a part too many": lambda: zipped({**dict(zip((BODY, ARRAYS), parts(), strict=True)), "../../../etc/passwd": b"x"}),
    "a part twice": lambda: zipped({BODY: parts()[0], "project.jso_": b"{}", ARRAYS: parts()[1]}).replace(b"project.jso_", BODY.encode()),
    "no digest": lambda: zipped(dict(zip((BODY, ARRAYS), parts(), strict=True))),
    "another digest": lambda: zipped({BODY: parts()[0], ARRAYS: parts()[1], DIGEST: b"0" * 64}),
    "packed by bzip2": lambda: whole(*parts(), how=zipfile.ZIP_BZIP2), "packed by LZMA": lambda: whole(*parts(), how=zipfile.ZIP_LZMA),
    "under a password": lambda: claiming(BODY, b"x" * 40, 28, zipfile.ZIP_STORED, 1),
    "many parts": lambda: many_entries(65_000), "more parts than it says": lambda: many_entries(300_000),
    "many parts within": lambda: whole(naming({}), many_entries(400_000)),
    "a zip of something else": lambda: zipped({"word/document.xml": b"<w/>"}), "nothing": lambda: b"", "a table": lambda: b"track,x\na,1\n",
    "a zip with a remark": lambda: good()[:-2] + struct.pack("<H", 5) + b"hello",
    **{f"cut at {share:.1%}": cut(share) for share in (0.1, 0.5, 0.9, 0.999)},
}
"""What it is -> how it is made: each must be refused in words, soon and in little memory."""


def tampered(name: str) -> bytes:
    """The good file with what ``TAMPERED`` or ``WORLD`` says of this name."""
    file = opened()
    {**TAMPERED, **WORLD}[name](file)
    return file.sealed()


def of_version(version: Any) -> bytes:
    """The good file with another format number."""
    file = opened()
    file.body["version"] = version
    return file.sealed()


def cases() -> Iterator[tuple[str, bytes]]:
    """Every hostile file with its name."""
    for name, make in BOMBS.items():
        yield name, make()
    for name in (*TAMPERED, *WORLD):
        yield name, tampered(name)
    for version in VERSIONS:
        yield f"format {str(version)[:20]}", of_version(version)
