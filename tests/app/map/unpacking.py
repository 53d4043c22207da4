"""What the page's store.js does, in Python: packets and messages as plain heads and arrays."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from app.map.packing import Message

TYPES = {"f": np.dtype("<f4"), "u": np.dtype("<u4"), "b": np.dtype("|u1")}
DIGEST = 24


def unpacked(data: bytes) -> dict[str, Any]:
    """The head, with its arrays in it; fails where one does not begin at a multiple of its size or reaches beyond the end."""
    size = int.from_bytes(data[:4], "little")
    head: dict[str, Any] = json.loads(data[4:4 + size].decode())
    for name, (kind, at, count) in head.pop("arrays").items():
        start = 4 + size + at
        assert start % 4 == 0 and start + count * TYPES[kind].itemsize <= len(data), name
        head[name] = np.frombuffer(data, TYPES[kind], count, start)
    return head


def layers(message: Message) -> list[dict[str, Any]]:
    """The layers of a message, wherever they travel."""
    heavy = {one.digest: one.data for one in message.heavy}
    found = []
    for told in message.head["layers"]:
        data = heavy[told["digest"]] if "at" not in told else message.data[told["at"]:told["at"] + told["bytes"]]
        assert data[:DIGEST].decode() == told["digest"]
        found.append(unpacked(data[DIGEST:]))
    return found
