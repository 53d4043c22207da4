"""Texts of paths into link ids, many at once, on their bytes: what stands between separators, as numbers into the different ids.

Only plain texts go this way: ASCII without controls and without brackets, in which nothing but the separator parts two links. What stands
between separators there is what the pattern of a link finds (``path_texts``), so the answer is the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

PLAIN, APART, ODD = 0, 1, 2
SHORT = 8  # letters: shorter ones may say that there is no path
LONG = 100_000  # letters of a text whose links are found one by one


@dataclass(frozen=True, slots=True)
class Tokens:
    """codes: (T,) int32 into ``raw``, the different texts between separators, of all rows one after the other. counts: (n,) int64, how many
    each row has. plain: (n,) bool, the rows that could be taken this way; the others have none."""

    codes: np.ndarray
    raw: list[str]
    counts: np.ndarray
    plain: np.ndarray


def tokens_of(texts: pa.Array, sign: str) -> Tokens:
    """The links of texts (n,) that are parted by ``sign``: "_", "|", ">" (arrows), or " " (blanks, semicolons and commas)."""
    texts = pa.concat_arrays([texts.cast(pa.large_string())])  # one piece, from the beginning of its buffers
    n = len(texts)
    ends = np.frombuffer(texts.buffers()[1], np.int64, n + 1, 8 * texts.offset)
    data = np.frombuffer(texts.buffers()[2], np.uint8, ends[-1] - ends[0], ends[0]) if ends[-1] > ends[0] else np.zeros(0, np.uint8)
    ends = ends - ends[0]
    kind = _kinds(sign)[data]
    if sign == ">":
        kind[:-1][(data[:-1] == ord("-")) & (data[1:] == ord(">"))] = APART
    row_starts, lengths = ends[:-1], np.diff(ends)
    odd = _any(kind == ODD, ends) | (lengths > LONG) | ((lengths < SHORT) & _any(_LETTERS[data], ends))
    inside = (kind == PLAIN) & ~np.repeat(odd, lengths)
    first = inside.copy()
    first[1:] &= ~inside[:-1]
    begins = row_starts[lengths > 0]
    first[begins] |= inside[begins]
    last = inside.copy()
    last[:-1] &= ~inside[1:]
    last[ends[1:][lengths > 0] - 1] |= inside[ends[1:][lengths > 0] - 1]
    start, stop = np.flatnonzero(first), np.flatnonzero(last) + 1
    offsets = np.concatenate(([0], np.cumsum(stop - start))).astype(np.int64)
    joined = pa.LargeStringArray.from_buffers(len(start), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data[inside])))
    coded = joined.dictionary_encode()
    counts = np.diff(np.searchsorted(start, ends))
    return Tokens(np.asarray(coded.indices), coded.dictionary.to_pylist(), counts, ~odd)


def _any(marked: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """(n,) bool: whether any of the bytes of each text is marked."""
    before = np.concatenate(([0], np.cumsum(marked, dtype=np.int64)))
    return np.asarray(before[ends[1:]] > before[ends[:-1]])


def _kinds(sign: str) -> np.ndarray:
    """(256,) uint8: what a byte is where links are parted by ``sign``."""
    kind = np.full(256, ODD, np.uint8)
    kind[32:127] = PLAIN
    kind[[9, 10, 13]] = PLAIN
    kind[[ord(one) for one in "[({"]] = ODD
    kind[[ord(one) for one in (" ;,\t\n\r" if sign == " " else sign)]] = APART
    return kind


_LETTERS = np.zeros(256, bool)
_LETTERS[[ord(one) for one in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ<>"]] = True
