"""The pages of a Parquet file, by their headers alone: what each will unpack to, before anything is.

What the index at the end of the file says of sizes may be untrue; a reader goes by the header before each page, and sets aside as much
memory as stands there. The headers are Thrift's compact protocol (parquet.thrift, struct PageHeader; thrift-compact-protocol.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

DATA, DICTIONARY, DATA_2 = 0, 2, 3  # PageType
PLAIN_DICTIONARY, DELTA_BYTE_ARRAY, RLE_DICTIONARY = 2, 7, 8  # Encoding
DEEPEST = 8  # structs in structs; a page header has three
MOST_LISTED = 64  # things in a list; a page header has none

Struct = dict[int, "int | Struct"]


class PagesDamaged(ValueError):
    """The headers of the pages cannot be followed."""


@dataclass(frozen=True, slots=True)
class Page:
    """kind: PageType. packed, unpacked: bytes without the header. values: with the missing ones. encoding: of its values."""

    kind: int
    packed: int
    unpacked: int
    values: int
    encoding: int


def pages(data: memoryview, at: int, size: int, values: int) -> Iterator[Page]:
    """The pages of a column chunk of ``size`` bytes at ``at``, until they hold as many values as the chunk is said to."""
    end = at + size
    if not 0 <= at <= end <= len(data):
        raise PagesDamaged("a column lies outside the file")
    seen = 0
    while seen < values and at < end:
        header, at = _struct(data[:end], at, 0)
        kind, unpacked, packed = (_number(header, k) for k in (1, 2, 3))
        body = header.get({DATA: 5, DICTIONARY: 7, DATA_2: 8}.get(kind, -1), {})
        if not isinstance(body, dict) or packed < 0 or unpacked < 0 or at + packed > end:
            raise PagesDamaged("a page reaches beyond its column")
        found = Page(kind, packed, unpacked, _number(body, 1) if body else 0, _number(body, 4 if kind == DATA_2 else 2) if body else 0)
        if found.values < 0:
            raise PagesDamaged("a page has fewer than no values")
        seen += found.values if kind in (DATA, DATA_2) else 0
        at += packed
        yield found


def _number(struct: Struct, field: int) -> int:
    value = struct.get(field)
    if not isinstance(value, int):
        raise PagesDamaged("a page has no size")
    return value


def _struct(data: memoryview, at: int, depth: int) -> tuple[Struct, int]:
    """The whole numbers and structs of a struct by the numbers of their fields, and where it ends."""
    if depth > DEEPEST:
        raise PagesDamaged("the header of a page is nested too deep")
    out: Struct = {}
    field = 0
    while True:
        head, at = _byte(data, at)
        if head == 0:
            return out, at
        kind = head & 15
        if head >> 4:
            field += head >> 4
        else:
            field, at = _zigzag(data, at)
        if kind in (4, 5, 6):
            out[field], at = _zigzag(data, at)
        elif kind == 12:
            out[field], at = _struct(data, at, depth + 1)
        elif kind not in (1, 2):  # true and false stand in the kind itself
            at = _skip(data, at, kind, depth)


def _skip(data: memoryview, at: int, kind: int, depth: int) -> int:
    """Where a value ends that is not needed."""
    if kind in (1, 2, 3):
        return at + 1
    if kind in (4, 5, 6):
        return _zigzag(data, at)[1]
    if kind == 7:
        return at + 8
    if kind == 8:
        length, at = _varint(data, at)
        return at + length
    if kind in (9, 10):
        head, at = _byte(data, at)
        many = head >> 4
        if many == 15:
            many, at = _varint(data, at)
        if many > MOST_LISTED:
            raise PagesDamaged("the header of a page holds a long list")
        for _ in range(many):
            at = _skip(data, at, head & 15, depth + 1)
        return at
    if kind == 12:
        return _struct(data, at, depth + 1)[1]
    raise PagesDamaged("the header of a page cannot be read")


def _byte(data: memoryview, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise PagesDamaged("the file ends within the header of a page")
    return data[at], at + 1


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        one, at = _byte(data, at)
        value |= (one & 0x7F) << shift
        if one < 0x80:
            return value, at
    raise PagesDamaged("a number in the header of a page does not end")


def _zigzag(data: memoryview, at: int) -> tuple[int, int]:
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at
