"""Hostile tables: archives that explode, Parquet that claims, CSV that no one wrote by hand. Small on disk, or long in one direction.

Every one must be read, or refused in words, within seconds and without much memory. ``cases`` makes them one after the other, so that one
alone is in memory; ``SOUND`` names those that hold good rows and are to be read.
"""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pandas as pd

from benchmarks.hostile.parquet_bytes import (
    BYTE_ARRAY,
    DELTA_BYTE_ARRAY,
    INT64,
    PLAIN,
    RLE_DICTIONARY,
    Chunk,
    delta_texts,
    letters,
    one_value,
    page,
    parquet,
    record,
    repeated,
    text,
    whole,
)

HEADER = b"track,t,x,y\n"
POINTS = b"".join(b"a%d,%d,%d.5,1\n" % (i // 10, i % 10, i % 10) for i in range(100))
ROW = b"a,0,1.5,1.5\n"
BLOCK = (b"a,0,1.5," + b"1" * 1000 + b"\n") * 66_000  # 67 MB, which deflate makes a thousandth of
NUMBER = struct.pack("<q", 7)
SOUND = {"70,000 blank lines before the header", "70,000 blank lines between rows", "10,000,000 blank lines", "a field of 1e8 letters",
         "numbers of 400 digits", "a number of 1e6 digits", "2,000 columns", "every time the same but one", "a path of 5,000,000 links",
         "a gzip of small blocks", "ids of 10,000 letters"}


def cases() -> Iterator[tuple[str, str, bytes]]:
    """(what it is, the name of the file, its bytes) of every hostile table."""
    for kind, made in (("csv", CSV), ("csv.gz", GZIPPED), ("zip", ZIPPED), ("parquet", PARQUET)):
        for number, (name, make) in enumerate(made.items()):
            yield name, f"hostile-{number}.{kind}", make()


def of_rows(row: Callable[[int], str], count: int, header: bytes = HEADER) -> bytes:
    return header + "".join(row(i) for i in range(count)).encode()


CSV: dict[str, Callable[[], bytes]] = {
    "10,000 columns": lambda: b",".join(b"c%d" % i for i in range(10_000)) + (b"\n" + b",".join([b"1"] * 10_000)) * 50,
    "2,000 columns": lambda: (HEADER[:-1] + b"".join(b",c%d" % i for i in range(1996)) + b"\n"
                              + b"".join(b"a%d,%d,1,1" % (i // 10, i) + b",5" * 1996 + b"\n" for i in range(2000))),
    "a header of 1,000,000 names": lambda: b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n1\n",
    "70,000 blank lines before the header": lambda: b"\n" * 70_000 + HEADER + POINTS,
    "70,000 blank lines between rows": lambda: HEADER + POINTS + b"\r\n" * 70_000 + POINTS.replace(b"a", b"b"),
    "10,000,000 blank lines": lambda: HEADER + POINTS + b"\n" * 10_000_000 + POINTS.replace(b"a", b"b"),
    "blank lines alone": lambda: b"\n" * 10_000_000,
    "one line of 100 MB": lambda: b"a" * 100_000_000,
    "one line of 100 MB of separators": lambda: b"," * 100_000_000,
    "a row of 1e8 separators": lambda: HEADER + POINTS + b"," * 100_000_000,
    "a quote that never closes": lambda: HEADER + POINTS + b'"a,0,1,1\n' + ROW * 2_000_000,
    "a quote in the header that never closes": lambda: b'"track,t,x,y\n' + ROW * 1_000_000,
    "2e7 quotes": lambda: HEADER + POINTS + b'"' + b'""' * 10_000_000 + b'",1,2,3\n',
    "a zero byte in the middle": lambda: HEADER + POINTS * 100 + b"a\0b,1,2,3\n" + POINTS,
    "zero bytes alone": lambda: b"\0" * 10_000_000,
    "a field of 1e8 letters": lambda: HEADER + POINTS + b"a," + b"9" * 10 + b"," + b"x" * 100_000_000 + b",1\n" + POINTS,
    "numbers of 400 digits": lambda: HEADER + POINTS + b"a," + b",".join([b"7" * 400] * 3) + b"\n" + POINTS,
    "100,000 numbers of 400 digits": lambda: HEADER + (b"a,1," + b"7" * 400 + b",1\n") * 100_000,
    "5,000 numbers of 4,200 digits": lambda: HEADER + (b"a,1," + b"7" * 4200 + b",1\n") * 5000,
    "20,000 numbers of 4,200 digits among words": lambda: HEADER + (b"a,1," + b"7" * 4200 + b",1\nb,1,east,1\n") * 20_000,
    "a number of 1e6 digits": lambda: HEADER + POINTS + b"a,5," + b"7" * 1_000_000 + b",1\n" + POINTS,
    "2,000 columns, all but one missing": lambda: HEADER[:-1] + b",c" * 1996 + b"\n" + b"a\n" * 140_000,
    "1,000 columns, all but one missing, 1e6 rows": lambda: HEADER[:-1] + b",c" * 996 + b"\n" + b"a\n" * 1_000_000,
    "rows of growing length": lambda: HEADER + b"".join(b"a" + b",1" * (i % 50) + b"\n" for i in range(200_000)),
    "every row bad": lambda: of_rows(lambda i: f"a{i},noon{i},north{i},\n", 500_000),
    "every row a track of its own": lambda: of_rows(lambda i: f"a{i},{i},{i},1\n", 1_000_000),
    "every row without an id": lambda: of_rows(lambda i: f",{i},{i},1\n", 1_000_000),
    "every time the same": lambda: of_rows(lambda i: f"a,5,{i},1\n", 1_000_000),
    "every time the same but one": lambda: of_rows(lambda i: f"a,{i == 7:d},{i},1\n", 1_000_000),
    "time runs backwards": lambda: of_rows(lambda i: f"a,{1_000_000 - i},{i},1\n", 1_000_000),
    "times that are none": lambda: HEADER + POINTS + of_rows(lambda i: f"b,2020-13-{i} x{i}T,{i},1\n", 50, b"") * 4000,
    "ids of 10,000 letters": lambda: HEADER + b"".join(b"%05d" % (i // 2) + b"a" * 9_995 + b",%d,1,1\n" % i for i in range(200)),
    "ids of 100,000 letters": lambda: HEADER + b"".join(b"%d" % (i // 2) + b"a" * 100_000 + b",%d,1,1\n" % i for i in range(200)),
    "attributes all different": lambda: of_rows(lambda i: f"a{i // 2},{i % 2},{i},1,x{i},{i}y\n", 500_000, HEADER[:-1] + b",p,q\n"),
    "a path of 5,000,000 links": lambda: b"track,path\na," + b"12 7 " * 2_500_000 + b"\nb,1 2\n",
    "1e8 separators for a path": lambda: b"track,path\na," + b"_" * 100_000_000 + b"\nb,1 2\n",
    "1,000,000 paths of one link": lambda: of_rows(lambda i: f"a{i},{i}\n", 1_000_000, b"track,path\n"),
    "1,000,000 paths of one id": lambda: of_rows(lambda i: f"a,{i} 2\n", 1_000_000, b"track,path\n"),
    "1,000,000 steps of no number": lambda: of_rows(lambda i: f"a{i},first,{i}\n", 1_000_000, b"track,step,link\n"),
}


def many_members(member: bytes, times: int) -> bytes:
    return gzip.compress(member, 9) * times


def one_stream(block: bytes, times: int) -> bytes:
    """One gzip stream of many equal blocks, each packed as if it were the first: made at once, whatever it unpacks to."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + packed * times + b"\x03\0" + bytes(8)


GZIPPED: dict[str, Callable[[], bytes]] = {
    "4 MB that become 4.2 GB, in members": lambda: many_members(HEADER + BLOCK, 63),
    "4 MB that become 4.2 GB, in one stream": lambda: one_stream(BLOCK, 63),
    "10 kB that become 10 MB that become 10 GB": lambda: gzip.compress(one_stream(bytes(1 << 24), 600), 9),
    "gzip in gzip in gzip": lambda: gzip.compress(gzip.compress(gzip.compress(HEADER + POINTS))),
    "1.4 GB of one row": lambda: one_stream(BLOCK, 21),
    "1,000,000 empty members": lambda: many_members(b"", 1_000_000),
    "a gzip of small blocks": lambda: gzip.compress(HEADER) + b"".join(
        gzip.compress(POINTS.replace(b"a", b"%d-" % i)) for i in range(2000)),
    "a gzip cut short": lambda: gzip.compress(HEADER + POINTS * 1000)[:-500],
    "a gzip of nothing": lambda: gzip.compress(b""),
    "a Parquet of 1e9 rows in a gzip": lambda: gzip.compress(PARQUET["1e9 rows of one number"]()),
}


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def zip_bomb(says: int) -> bytes:
    """A table of 4.2 GB in a zip of 4 MB whose directory says that it has so many bytes."""
    body, name = one_stream(BLOCK, 63)[10:-8], b"points.csv"
    sizes = struct.pack("<IIIHH", 0, len(body), says, len(name), 0)
    head = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes + name
    entry = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    return head + body + entry + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(head) + len(body), 0)


ZIPPED: dict[str, Callable[[], bytes]] = {
    "a zip of 4 MB that becomes 4.2 GB": lambda: zip_bomb(63 * len(BLOCK)),
    "a zip that says 1 kB and becomes 4.2 GB": lambda: zip_bomb(1000),
    "a zip of a gzip": lambda: zipped({"points.csv": gzip.compress(HEADER + POINTS)}),
    "a zip of a zip": lambda: zipped({"points.csv": zipped({"points.csv": HEADER + POINTS})}),
    "a zip of two tables": lambda: zipped({"a.csv": HEADER + POINTS, "b.csv": HEADER + POINTS}),
    "a zip of 60,000 files": lambda: zipped({f"{i}.csv": b"" for i in range(60_000)}, zipfile.ZIP_STORED),
    "a zip of an lzma bomb": lambda: zipped({"points.csv": HEADER + bytes(500_000_000)}, zipfile.ZIP_LZMA),
    "a zip of nothing": lambda: zipped({}),
    "a zip cut short": lambda: zipped({"points.csv": HEADER + POINTS})[:-30],
    "a zip of a Parquet of 1e9 rows": lambda: zipped({"points.parquet": PARQUET["1e9 rows of one number"]()}),
}


def gzip_page(size: int) -> Chunk:
    """A page of zeros that unpacks to so many bytes, of which the index says a thousand."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(packer.compress(bytes(10**7)) for _ in range(size // 10**7)) + packer.flush()
    return Chunk("x", INT64, page(body, 10, PLAIN, unpacked=size), 10, codec=2, unpacked=1000)


def nested(depth: int) -> bytes:
    schema = [record(f4=text("s"), f5=whole(1)), *[record(f3=whole(0), f4=text("g"), f5=whole(1))] * depth,
              record(f1=whole(INT64), f3=whole(0), f4=text("x"))]
    return parquet([repeated("x", INT64, NUMBER, 10)], 10, schema=schema)


def of_lists() -> bytes:
    out = io.BytesIO()
    pd.DataFrame({"track": [[["a"]]] * 10, "x": [{"a": {"b": 1}}] * 10}).to_parquet(out)
    return out.getvalue()


def no_reference() -> bytes:
    first = page(NUMBER, 2_000_000_000, PLAIN, dictionary=True)
    return parquet([Chunk("x", INT64, first + page(one_value(10), 10, RLE_DICTIONARY), 10, len(first))], 10)


PARQUET: dict[str, Callable[[], bytes]] = {
    "1e9 rows of one number": lambda: parquet([repeated("x", INT64, NUMBER, 10**9)], 10**9),
    "1e8 rows of one number": lambda: parquet([repeated("x", INT64, NUMBER, 10**8)], 10**8),
    "1e8 rows in 100 groups": lambda: parquet([repeated("x", INT64, NUMBER, 10**6)], 10**6, groups=100),
    "1e7 rows of one text of 10 kB": lambda: parquet([repeated("track", BYTE_ARRAY, letters(10_000), 10**7)], 10**7),
    "5,000 rows of one text of 100 kB": lambda: parquet([repeated("track", BYTE_ARRAY, letters(100_000), 5000)], 5000),
    "5,000 rows of 100 kB, each all of the one before": lambda: parquet(
        [Chunk("track", BYTE_ARRAY, page(delta_texts(100_000, 5000), 5000, DELTA_BYTE_ARRAY), 5000)], 5000),
    "more rows in the index than in the pages": lambda: parquet([repeated("x", INT64, NUMBER, 10)], 10**8),
    "a dictionary of 2e9 entries in 8 bytes": no_reference,
    "a page of 2 GB of which the index says 1 kB": lambda: parquet([gzip_page(2 * 10**9)], 10),
    "1,000,000 pages": lambda: parquet([repeated("x", INT64, NUMBER, 10**6, pages=10**6)], 10**6),
    "10,000 columns of Parquet": lambda: parquet([repeated(f"c{i}", INT64, NUMBER, 2) for i in range(10_000)], 2),
    "900,000 groups in groups": lambda: nested(900_000),
    "lists of lists and records of records": of_lists,
    "a footer of 12 MB": lambda: parquet([repeated("x", INT64, NUMBER, 1)], 1, groups=300_000),
    "a Parquet cut short": lambda: parquet([repeated("x", INT64, NUMBER, 10)], 10)[:-20],
}
