"""Hostile tables: archives that explode, Parquet that claims, CSV that no one wrote by hand. Small on disk, or long in one direction.

Every one must be read, or refused in words, within seconds and without much memory. ``SOUND`` names those that hold good rows and are to
be read, ``ENDLESS`` the CSV that must be refused, as all that is packed must be but for the sound.
"""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.hostile.case import Input
from benchmarks.hostile.packing import claiming, deflated, zipped
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
LINES = b"link,u,v,wkt\n"
ROW = b"a,0,1.5,1.5\n"
BLOCK = (b"a,0,1.5," + b"1" * 1000 + b"\n") * 66_000  # 67 MB, which deflate makes a thousandth of
NUMBER = struct.pack("<q", 7)
SOUND = {"70,000 blank lines before the header", "70,000 blank lines between rows", "10,000,000 blank lines", "a field of 1e8 letters",
         "numbers of 400 digits", "a number of 1e6 digits", "2,000 columns", "every time the same but one", "a path of 5,000,000 links",
         "a gzip of small blocks", "a zip of two tables", "ids of 10,000 letters", "a million honest points"}
ENDLESS = {"10,000 columns", "a header of 1,000,000 names", "blank lines alone", "100 million blank lines", "70,000 lines of blanks",
           "one line of 200 MB", "one line of 100 MB of separators", "a row of 1e8 separators", "a quote that never closes",
           "a quote in the header that never closes", "zero bytes alone", "a zero byte in the middle", "every byte there is",
           "100,000 numbers of 400 digits", "points as far apart as floats reach", "1,000 columns, all but one missing, 1e6 rows",
           "2,000 columns, all but one missing", "a star of 20,000 links",
           "ids of 100,000 letters", "ids of 10,000 letters that stand still"}


def inputs() -> Iterator[Input]:
    """Every hostile table; its kind is the ending of the file's name."""
    for kind, made in (("csv", CSV), ("csv.gz", GZIPPED), ("zip", ZIPPED), ("parquet", PARQUET)):
        for name, make in made.items():
            refused = kind != "csv" or name in ENDLESS
            yield Input(kind, name, make, "read" if name in SOUND else "refuse" if refused else "either")


def of_rows(row: Callable[[int], str], count: int, header: bytes = HEADER) -> bytes:
    return header + "".join(row(i) for i in range(count)).encode()


CSV: dict[str, Callable[[], bytes]] = {
    "10,000 columns": lambda: b",".join(b"c%d" % i for i in range(10_000)) + (b"\n" + b",".join([b"1"] * 10_000)) * 50,
    "2,000 columns": lambda: (HEADER[:-1] + b"".join(b",c%d" % i for i in range(1996)) + b"\n"
                              + b"".join(b"a%d,%d,%d,1" % (i // 10, i, i % 10) + b",5" * 1996 + b"\n" for i in range(2000))),
    "a header of 1,000,000 names": lambda: b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n1\n",
    "70,000 blank lines before the header": lambda: b"\n" * 70_000 + HEADER + POINTS,
    "70,000 blank lines between rows": lambda: HEADER + POINTS + b"\r\n" * 70_000 + POINTS.replace(b"a", b"b"),
    "10,000,000 blank lines": lambda: HEADER + POINTS + b"\n" * 10_000_000 + POINTS.replace(b"a", b"b"),
    "blank lines alone": lambda: b"\n" * 10_000_000,
    "100 million blank lines": lambda: HEADER + b"\n" * 100_000_000,
    "70,000 lines of blanks": lambda: b" \t \n" * 70_000,
    "one line of 200 MB": lambda: b"a" * 200_000_000,
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
    "ids of 10,000 letters": lambda: HEADER + b"".join(
        b"%05d" % (i // 2) + b"a" * 9_995 + b",%d,%d,1\n" % (i, i % 10) for i in range(200)),
    "ids of 100,000 letters": lambda: HEADER + b"".join(
        b"%d" % (i // 2) + b"a" * 100_000 + b",%d,%d,1\n" % (i, i % 10) for i in range(200)),
    "ids of 10,000 letters that stand still": lambda: HEADER + b"".join(
        b"%05d" % (i // 2) + b"a" * 9_995 + b",%d,1,1\n" % i for i in range(200)),
    "attributes all different": lambda: of_rows(lambda i: f"a{i // 2},{i % 2},{i},1,x{i},{i}y\n", 500_000, HEADER[:-1] + b",p,q\n"),
    "a path of 5,000,000 links": lambda: b"track,path\na," + b"12 7 " * 2_500_000 + b"\nb,1 2\n",
    "1e8 separators for a path": lambda: b"track,path\na," + b"_" * 100_000_000 + b"\nb,1 2\n",
    "1,000,000 paths of one link": lambda: of_rows(lambda i: f"a{i},{i}\n", 1_000_000, b"track,path\n"),
    "1,000,000 paths of one id": lambda: of_rows(lambda i: f"a,{i} 2\n", 1_000_000, b"track,path\n"),
    "1,000,000 steps of no number": lambda: of_rows(lambda i: f"a{i},first,{i}\n", 1_000_000, b"track,step,link\n"),
    "a million honest points": lambda: of_rows(lambda i: f"v{i // 100},{i},{i * 37 % 1000},{i * 53 % 1000}\n", 1_000_000),
    "points as far apart as floats reach": lambda: HEADER + b"a,0,-1e308,0\na,1,1e308,1\na,2,3,1e-308\n",
    "every byte there is": lambda: bytes(range(256)) * 1000,
    "UTF-16 that is cut off": lambda: "track,t,x,y\nv,1,2,3\n".encode("utf-16")[:-3],
    "columns without names": lambda: b",,,\n1,2,3,4\n",
    "lines of a million corners": lambda: LINES + b"".join(b'%d,%d,%d,"LINESTRING(%s)"\n' % (
        k, k, k + 1, b",".join(b"%d %d" % (j, j % 7) for j in range(100_000))) for k in range(10)),
    "a line of 400 digits": lambda: LINES + b'1,a,b,"LINESTRING(0 0,%s 1)"\n2,b,a,"LINESTRING(0 0,1 1)"\n' % (b"9" * 400),
    "a star of 20,000 links": lambda: b"link,u,v,length\n" + b"".join(  # 400 million turns
        b"i%d,n%d,hub,1\no%d,hub,n%d,1\n" % (k, k, k, k) for k in range(20_000)),
}


def many_members(member: bytes, times: int) -> bytes:
    return gzip.compress(member, 9) * times


def one_stream(block: bytes, times: int) -> bytes:
    """One gzip stream of many equal blocks, without the sum that belongs to it."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + deflated(block, times) + bytes(8)


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


def zip_bomb(says: int) -> bytes:
    """A table of 4.2 GB in a zip of 4 MB whose directory says that it has so many bytes."""
    return claiming(["points.csv"], deflated(BLOCK, 63), says)


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


def honest(millions: int) -> bytes:
    """As a library would write so many million rows that all say the same, in 100 letters: a few bytes a row group."""
    part, out = 1_000_000, io.BytesIO()
    table = pa.table({"track": pa.array(["a"] * part).dictionary_encode(), "note": pa.array(["x" * 100] * part).dictionary_encode(),
                      **{name: pa.array(np.zeros(part)) for name in "txy"}})
    with pq.ParquetWriter(out, table.schema, compression="zstd") as file:
        for _ in range(millions):
            file.write_table(table)
    return out.getvalue()


PARQUET: dict[str, Callable[[], bytes]] = {
    "1e9 rows of one number": lambda: parquet([repeated("x", INT64, NUMBER, 10**9)], 10**9),
    "1e8 rows of one number": lambda: parquet([repeated("x", INT64, NUMBER, 10**8)], 10**8),
    "6.5e7 rows of a library": lambda: honest(65),
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
