"""Zips, gzips and arrays packed by hand, as no library packs them: small files that become large, or that lie about what is in them."""

from __future__ import annotations

import bz2
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from irlcore.project.archive import ARRAYS, BODY, DIGEST, digest
from irlcore.project.project_file import VERSION

MIB = 2**20  # bytes


def zipped(members: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files, packed in one way."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


def deflated(block: bytes, times: int) -> bytes:
    """A raw stream of many equal blocks, each packed as if it were the first: made at once, whatever it unpacks to."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)) * times + b"\x03\0"


def zeros(megabytes: int) -> bytes:
    """So many megabytes of zeros, deflated raw."""
    return deflated(bytes(MIB), megabytes)


def zeros_by_bzip2(megabytes: int) -> bytes:
    """The same by bzip2, which leaves some 45 bytes of 55 million."""
    packer = bz2.BZ2Compressor(9)
    return b"".join([*(packer.compress(bytes(MIB)) for _ in range(megabytes)), packer.flush()])


def claiming(names: Sequence[str], raw: bytes, size: int, how: int = zipfile.ZIP_DEFLATED, flags: int = 0) -> bytes:
    """A zip whose entries all have the packed bytes ``raw`` and the size that is claimed."""
    body, listed = b"", b""
    for name in map(str.encode, names):
        sizes = struct.pack("<IIIHH", 0, len(raw), size, len(name), 0)
        listed += struct.pack("<4sHHHHHH", b"PK\1\2", 20, 20, flags, how, 0, 33) + sizes
        listed += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        body += struct.pack("<4sHHHHH", b"PK\3\4", 20, flags, how, 0, 33) + sizes + name + raw
    return body + listed + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(names), len(names), len(listed), len(body), 0)


def many_entries(n: int) -> bytes:
    """The list of ``n`` entries, all of them empty."""
    one = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    return one * n + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, min(n, 65535), min(n, 65535), n * len(one), 0, 0)


def whole(body: bytes, arrays: bytes, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A project file of these two entries with the digest that belongs to them: whoever tampers can do that too."""
    return zipped({BODY: body, ARRAYS: arrays, DIGEST: digest(body, arrays)}, how)


def npz(how: int = zipfile.ZIP_DEFLATED, **arrays: bytes) -> bytes:
    """An ``arrays.npz`` of these ``.npy`` files as they are."""
    return zipped({f"{name}.npy": data for name, data in arrays.items()}, how)


def npy(shape: str, descr: str = "'<f8'", data: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    """A ``.npy`` whose header says what it likes."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(header)) + header.encode() + data


def naming(fields: dict[str, Any]) -> bytes:
    """The JSON of a project of these fields alone."""
    return json.dumps({"format": "motive-project", "version": VERSION, "project": {"kind": "Project", "fields": fields}}).encode()


def spots(*keys: str, text: bool = False) -> bytes:
    """The JSON of a project whose spots are the arrays of these keys, so that each is opened: numbers, or texts."""
    return naming({"spots": {"dict": [[f"s{k}", {"array": key, "text": text}] for k, key in enumerate(keys)]}})


def with_array(data: bytes) -> bytes:
    """A project file whose only array, a spot, is this ``.npy``."""
    return whole(spots("a0"), npz(a0=data))
