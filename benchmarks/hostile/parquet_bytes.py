"""Parquet files written byte by byte, as no library would: a few bytes that claim any number of rows.

Thrift's compact protocol (thrift.apache.org, thrift-compact-protocol.md) as the Parquet format uses it (parquet.thrift): only what the
hostile files need.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12
INT64, BYTE_ARRAY = 2, 6  # Parquet's physical types
PLAIN, RLE, DELTA_BYTE_ARRAY, RLE_DICTIONARY = 0, 3, 7, 8

Value = tuple[int, bytes]  # the type of a field and its bytes


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def whole(number: int, kind: int = I32) -> Value:
    """A signed number, zigzag."""
    return kind, varint((number << 1) ^ (number >> 63))


def text(value: str) -> Value:
    return BINARY, varint(len(value.encode())) + value.encode()


def many(kind: int, values: Sequence[Value]) -> Value:
    size = len(values)
    head = bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + varint(size)
    return LIST, head + b"".join(one for _, one in values)


def record(**values: Value) -> Value:
    """A struct; ``f3=...`` is its field of number 3."""
    out, last = b"", 0
    for name, (kind, value) in sorted(values.items(), key=lambda one: int(one[0][1:])):
        number = int(name[1:])
        out += bytes([(number - last) << 4 | kind]) + value
        last = number
    return STRUCT, out + b"\0"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A column of one row group: its pages as they stand in the file, and what is said of them."""

    name: str
    kind: int
    pages: bytes
    values: int
    dictionary: int = 0  # bytes of the dictionary page at the start of ``pages``
    codec: int = 0
    unpacked: int = 0  # what is claimed; the length of ``pages`` where 0


def page(body: bytes, values: int, encoding: int, dictionary: bool = False, unpacked: int = 0) -> bytes:
    """A page with its header. unpacked: the size that is claimed where the body is compressed."""
    head = {"f1": whole(2 if dictionary else 0), "f2": whole(unpacked or len(body)), "f3": whole(len(body))}
    if dictionary:
        head["f7"] = record(f1=whole(values), f2=whole(encoding))
    else:
        head["f5"] = record(f1=whole(values), f2=whole(encoding), f3=whole(RLE), f4=whole(RLE))
    return record(**head)[1] + body


def one_value(values: int) -> bytes:
    """The body of a data page that names the first entry of its dictionary so many times: a bit width of 1, then one run."""
    return b"\x01" + varint(values << 1) + b"\0"


def repeated(name: str, kind: int, entry: bytes, values: int, pages: int = 1) -> Chunk:
    """A column of one and the same value: ``entry`` is its plain bytes."""
    first = page(entry, 1, PLAIN, dictionary=True)
    return Chunk(name, kind, first + page(one_value(values // pages), values // pages, RLE_DICTIONARY) * pages, values, len(first))


def letters(length: int) -> bytes:
    """The plain bytes of one text."""
    return struct.pack("<I", length) + b"a" * length


def parquet(chunks: Sequence[Chunk], rows: int, groups: int = 1, schema: Sequence[Value] = ()) -> bytes:
    """The file. Every group is the same bytes again; schema: elements in place of the plain ones of the chunks."""
    body, columns = b"PAR1", []
    for one in chunks:
        at = len(body)
        body += one.pages
        meta = {"f1": whole(one.kind), "f2": many(I32, [whole(PLAIN), whole(RLE_DICTIONARY)]), "f3": many(BINARY, [text(one.name)]),
                "f4": whole(one.codec), "f5": whole(one.values, I64), "f6": whole(one.unpacked or len(one.pages), I64),
                "f7": whole(len(one.pages), I64), "f9": whole(at + one.dictionary, I64)}
        if one.dictionary:
            meta["f11"] = whole(at, I64)
        columns.append(record(f2=whole(0, I64), f3=record(**meta)))
    group = record(f1=many(STRUCT, columns), f2=whole(len(body), I64), f3=whole(rows, I64))
    plain = [record(f4=text("schema"), f5=whole(len(chunks)))]
    plain += [record(f1=whole(one.kind), f3=whole(0), f4=text(one.name), **({"f6": whole(0)} if one.kind == BYTE_ARRAY else {}))
              for one in chunks]
    footer = record(f1=whole(1), f2=many(STRUCT, list(schema) or plain), f3=whole(rows * groups, I64),
                    f4=many(STRUCT, [group] * groups))[1]
    return body + footer + struct.pack("<I", len(footer)) + b"PAR1"


def delta_texts(length: int, values: int) -> bytes:
    """The body of a page of equal texts in DELTA_BYTE_ARRAY: the first is written out, each other is all of the one before, and nothing.

    Two lists in DELTA_BINARY_PACKED, the shared beginnings and the lengths of the rest, then the rest. A list is its size and first value,
    then the differences in blocks of 128 in 4 parts: the least difference of the block, the bits of each part, and what is above the least.
    """
    def packed(first: int, then: int) -> bytes:
        out = varint(128) + varint(4) + varint(values) + whole(first)[1]
        steps = [then - first] + [0] * (values - 2)
        for at in range(0, len(steps), 128):
            least = min(steps[at:at + 128])
            parts = [[one - least for one in steps[k:k + 32]] for k in range(at, at + 128, 32)]
            bits = [max(part, default=0).bit_length() for part in parts]
            out += whole(least)[1] + bytes(bits)
            out += b"".join(sum(one << (width * k) for k, one in enumerate(part)).to_bytes(width * 4, "little")
                            for part, width in zip(parts, bits, strict=True) if part)
        return out

    return packed(0, length) + packed(length, 0) + b"a" * length
