"""The tracks that a visitor of the soak brings: his marker stands in every id and class, and is found again in what the app hands out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import numpy as np

MARKER = re.compile(rb"qzv[0-9]{3}q")


def walks(marker: bytes, rng: np.random.Generator) -> bytes:
    """A CSV of twenty walks of ten points over 8 x 8 places."""
    rows = [b"track,t,x,y,class"]
    for k in range(20):
        xy = np.cumsum(np.concatenate(([[0, 0]], np.eye(2, dtype=int)[rng.integers(0, 2, 9)])), axis=0)
        rows += [b"%s-%d,%d,%d,%d,%s %d" % (marker, k, t, 10 * x, 10 * y, marker, k % 2) for t, (x, y) in enumerate(xy)]
    return b"\n".join(rows) + b"\n"


def unpacked(data: bytes) -> Iterator[bytes]:
    """What lies in a zip, and in zips within it."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            part = file.read(name)
            yield from unpacked(part) if part[:4] == b"PK\x03\x04" else [part]
