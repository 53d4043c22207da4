"""The parts of a project file: a zip of ``project.json``, ``arrays.npz`` and ``digest``, opened within the budget.

Nothing in it is believed: entries are those expected and no others, each is read no further than it may be and then held against what it
was said to be, and an array's header is read before its data, so that no size is made up. The digest (since format 4) is the SHA-256 of
the two other entries: a flipped byte that the sums of a zip do not notice, and an entry taken from another file, are seen.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from irlcore.budget import TooLarge, limits, within
from irlcore.errors import ProjectError
from irlcore.project.damage import EARLIER, FOREIGN, damaged
from irlcore.project.texts import readable_array

BODY, ARRAYS, DIGEST = "project.json", "arrays.npz", "digest"
FREE = 64e6
"""Bytes that any file may become, however small it is: the ratio is asked beyond."""
BYTES_A_TEXT, BYTES_A_LETTER, POINTER = 100, 4, 8
"""What a short text takes as an object beside its letters, a letter at most, and a place that names a text."""
MOST_ARRAYS = 60_000  # beyond 65,535 entries a zip keeps its counts elsewhere
FASTEST = 1  # zlib's level: twice the speed of the usual one for a tenth more bytes, and the page saves at every change
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError)
"""What reading a zip raises, of its own accord or of what it is read with, where its bytes are wrong."""
HEADER = 128  # bytes of what stands before an array's own
LARGE = 2**30  # bytes of an entry beyond which a zip needs to be told before
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same project is the same bytes, whenever it is saved
_END = struct.Struct("<4s4H2LH")  # a zip's last record: signature, disks, entries, size and start of the list, length of a comment
_HEADER = re.compile(rb"\{'descr': '([<>|][biufU][0-9]{1,9})', 'fortran_order': (True|False), "
                     rb"'shape': \(((?:[0-9]{1,15}, ?)*[0-9]{0,15})\), \} *\n")


def pack(body: bytes, arrays: Mapping[str, np.ndarray]) -> bytes:
    """The bytes of a file with this JSON and these arrays (of numbers and of text; no objects). ``TooLarge`` where that is more than may
    be opened again."""
    for way in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):  # what packs too well would be taken for a bomb
        inner, out = _packed_arrays(arrays, way), io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            file.writestr(_entry(BODY), body, way)
            file.writestr(_entry(ARRAYS), inner, zipfile.ZIP_STORED)  # packed already
            file.writestr(_entry(DIGEST), digest(body, inner), zipfile.ZIP_STORED)
        data = out.getvalue()
        try:
            _affordable(_opened(data, "The file", 3), len(data))
            _affordable(_opened(inner, "arrays.npz", MOST_ARRAYS), len(data))
            break
        except TooLarge as error:
            if error.limit != "ratio" or way == zipfile.ZIP_STORED:
                raise
    return data


def _packed_arrays(arrays: Mapping[str, np.ndarray], way: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", way, compresslevel=FASTEST) as npz:
        for key, array in arrays.items():
            # by its name alone an entry has the date of a zip's first day, as all here: the same project is the same bytes
            with npz.open(f"{key}.npy", "w", force_zip64=array.nbytes > LARGE) as file:
                np.lib.format.write_array_header_1_0(file, {"descr": array.dtype.str, "fortran_order": False, "shape": array.shape})
                if array.size:
                    file.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)  # no copy of it as bytes
    return packed.getvalue()


def digest(body: bytes, arrays: bytes) -> bytes:
    """SHA-256, in hexadecimal, of what the two other entries hold."""
    found = hashlib.sha256(len(body).to_bytes(8, "little") + body)
    found.update(arrays)
    return found.hexdigest().encode()


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, _EPOCH)


def unpack(data: bytes) -> tuple[bytes, bytes, bytes | None]:
    """``project.json``, ``arrays.npz`` and the digest (None before format 4) of a file. ProjectError or ``TooLarge``."""
    with _opened(data, "The file", 3) as file:
        names = [entry.filename for entry in file.infolist()]
        if BODY not in names or ARRAYS not in names:
            raise ProjectError("This is not a Motive project.", FOREIGN)
        extra = [name for name in names if name not in (BODY, ARRAYS, DIGEST)]
        if extra:
            raise ProjectError(f"The file holds {extra[0][:60]!r} too, which is no part of a project.", FOREIGN)
        _affordable(file, len(data))
        body, arrays = (_read(file, file.getinfo(name)) for name in (BODY, ARRAYS))
        return body, arrays, _read(file, file.getinfo(DIGEST)) if DIGEST in names else None


def _opened(data: bytes, what: str, most: int) -> zipfile.ZipFile:
    """A zip whose list of entries is short enough to be read: its length is in its last record."""
    if len(data) < _END.size or data[-_END.size:][:4] != b"PK\5\6":
        raise ProjectError(f"{what} is no project: it is not a zip, or was cut short.", FOREIGN)
    *_, entries, size, _, _ = _END.unpack(data[-_END.size:])
    if entries > most or size > 200 * (most + 1):
        raise ProjectError(f"{what} lists {entries:,} parts, more than a project has.", FOREIGN)
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise damaged(what, f"is no zip that can be read ({str(error)[:100]})") from error
    names = [entry.filename for entry in file.infolist()]
    if len(names) > most or len(set(names)) < len(names):
        raise ProjectError(f"{what} holds a part twice, or too many.", EARLIER)
    for entry in file.infolist():
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 1:
            raise ProjectError(f"{what} holds {entry.filename[:60]!r} packed in another way than Motive packs.", FOREIGN)
    return file


def _affordable(file: zipfile.ZipFile, packed: int) -> None:
    """Whether what the entries say they become can be paid for."""
    total = sum(entry.file_size for entry in file.infolist())
    within("unpacked", total, f"The project file would unpack to {total:,} bytes.")
    if total > FREE:
        times = total / max(packed, 1)
        within("ratio", times, f"The project file would unpack to {total:,} bytes, {times:,.0f} times its size.")


def _read(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What an entry holds: as many bytes as it says, no more are read."""
    try:
        with file.open(entry) as part:
            found = part.read(entry.file_size + 1)
    except BROKEN as error:
        raise damaged(entry.filename[:60], f"cannot be unpacked ({str(error)[:100]})") from error
    if len(found) != entry.file_size:
        raise ProjectError(f"The project file is damaged: {entry.filename[:60]} is not as long as it says.", EARLIER)
    return found


class Arrays:
    """The arrays of a file, each to be taken once. entries: file name -> what ``read`` makes an array of. size: bytes of all of them."""

    def __init__(self, entries: Mapping[str, Any], size: float, read: Callable[[Any, str], np.ndarray]) -> None:
        self._left, self._read, self._cost = dict(entries), read, size
        self._taken: set[str] = set()

    def take(self, key: str, text: bool, where: str) -> np.ndarray:
        """The array called ``key``, in native byte order; of objects where ``text``. ProjectError naming ``where``."""
        entry = self._left.pop(f"{key}.npy", None)
        if entry is None:
            why = "is another field's already" if key in self._taken else "is not there"
            raise damaged(where, f"names an array {key[:20]!r}, which {why}")
        self._taken.add(key)
        found = self._read(entry, where)
        if found.dtype.kind != "U":
            if text:
                raise damaged(where, "is said to be of text, and its array is not")
            return found
        self.charge_texts(found.size, 0, 0, where)
        return readable_array(found, where).astype(object if text else found.dtype)

    def charge_texts(self, texts: int, letters: int, many: int, where: str) -> None:
        """``TooLarge`` where the arrays, and what was made of them, take too many bytes once these texts of a field are made, of so many
        letters beyond those of the arrays, and named ``many`` times."""
        self._cost += BYTES_A_TEXT * texts + BYTES_A_LETTER * letters + POINTER * many
        said = f"{max(texts, many):,} texts in {where}"
        within("unpacked", self._cost, f"The project's arrays, with {said}, take {self._cost:,.0f} bytes.")

    def check_all_taken(self) -> None:
        """ProjectError where the file holds an array that no field names."""
        if self._left:
            raise damaged(f"an array, {next(iter(self._left))[:20]!r},", "belongs to no field")


def packed_arrays(packed: bytes, size: int) -> Arrays:
    """Those of an ``arrays.npz``, writeable; ``size`` the bytes of the whole file."""
    file = _opened(packed, "arrays.npz", MOST_ARRAYS)
    _affordable(file, size)
    entries = {entry.filename: entry for entry in file.infolist()}

    def read(entry: zipfile.ZipInfo, where: str) -> np.ndarray:
        data = _read(file, entry)
        dtype, shape, fortran, begin = _header(data, where)
        found = np.frombuffer(data, dtype, offset=begin).astype(dtype.newbyteorder("="), copy=True)
        return found.reshape(shape, order="F" if fortran else "C")
    return Arrays(entries, float(sum(entry.file_size for entry in entries.values())), read)


def held_arrays(arrays: Mapping[str, np.ndarray]) -> Arrays:
    """Those that are about to be packed, themselves."""
    return Arrays({f"{key}.npy": array for key, array in arrays.items()}, float(sum(array.nbytes + HEADER for array in arrays.values())),
                  lambda array, where: array)


def _header(data: bytes, where: str) -> tuple[np.dtype, tuple[int, ...], bool, int]:
    """Type, shape, order and where the values begin, of the bytes of an ``.npy`` whose length is what those ask for."""
    start = {b"\x01\x00": 10, b"\x02\x00": 12, b"\x03\x00": 12}.get(data[6:8], 0)
    if data[:6] != b"\x93NUMPY" or not start:
        raise damaged(where, "is no array of numbers or text")
    begin = start + int.from_bytes(data[8:start], "little")
    parts = _HEADER.fullmatch(data[start:min(begin, start + 10_000)])
    if parts is None:
        raise damaged(where, "is an array of a type that no project holds")
    try:
        dtype = np.dtype(parts[1].decode())
    except TypeError as error:
        raise damaged(where, f"is an array of the type {parts[1].decode()}") from error
    shape = tuple(int(part) for part in parts[3].decode().replace(" ", "").split(",") if part)
    claimed = math.prod(max(n, 1) for n in shape) * dtype.itemsize  # an empty array may have no long side either
    if not dtype.itemsize or claimed > limits().unpacked or begin + math.prod(shape) * dtype.itemsize != len(data):
        said = " x ".join(f"{n:,}" for n in shape) or "one value"
        raise damaged(where, f"is an array said to be {said}, which its {len(data):,} bytes are not")
    return dtype, shape, parts[2] == b"True", begin

