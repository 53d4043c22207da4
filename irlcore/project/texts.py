"""Columns of text in a project file: each distinct text once, in UTF-8, how long each is, and which of them stands where.

So a column takes what its texts take, however long one of them is beside the others (numpy gives each the room of the longest, four bytes
a character), and texts that are the same, as the links of many paths, are one object again when the file is opened.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.project.damage import damaged, need
from irlcore.tracks.attributes import plain_column
from irlcore.tracks.plain_text import HALF, is_plain, plain_text, plain_texts

PARTS = ("letters", "lengths", "which")


def pack_texts(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """letters: (b,) uint8, the k distinct texts one after the other in UTF-8. lengths: (k,) unsigned, in characters. which: (n,) unsigned,
    the number of each text, None where all n are distinct and stand in order. values: (n,) objects; missing ones become empty texts."""
    if pd.api.types.infer_dtype(values, skipna=False) not in ("string", "empty"):
        values = plain_column(pd.Series(values, dtype=object)).to_numpy(dtype=object)
    codes, distinct = pd.factorize(values)
    texts = distinct.tolist()
    letters = np.frombuffer("".join(texts).encode("utf-8", "surrogatepass"), np.uint8)  # half a character is refused where it is read
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    return letters, _small(lengths), _small(codes) if len(texts) < len(values) else None


def unpack_texts(letters: np.ndarray, lengths: np.ndarray, which: np.ndarray | None, where: str) -> np.ndarray:
    """The texts, (n,) str objects with their control characters pictured. ProjectError naming ``where`` unless the parts fit together."""
    need(letters.ndim == 1 and letters.dtype == np.uint8 and lengths.ndim == 1 and lengths.dtype.kind == "u"
         and (which is None or (which.ndim == 1 and which.dtype.kind == "u")), where, "is said to be of text, and its arrays are not")
    try:
        whole = letters.tobytes().decode()
    except UnicodeDecodeError as error:
        raise damaged(where, "holds what is no character") from error
    fits = int(lengths.max(initial=0)) <= len(whole) and int(lengths.sum(dtype=np.uint64)) == len(whole)
    need(fits, where, f"holds {len(whole):,} characters, which are not those of its {len(lengths):,} texts")
    need(which is None or not len(which) or int(which.max()) < len(lengths), where, f"names a text that is none of its {len(lengths):,}")
    ends = np.cumsum(lengths, dtype=np.int64).tolist()
    texts = [whole[a:b] for a, b in zip([0, *ends], ends, strict=False)]
    found = np.empty(len(texts), object)
    found[:] = texts if is_plain(whole) else plain_texts(texts)
    return found if which is None else found[which.astype(np.int64)]


def readable(text: str, where: str) -> str:
    """A text with its control characters pictured. ProjectError where half a character stands alone."""
    if HALF.search(text):
        raise damaged(where, "holds what is no character")
    return plain_text(text)


def readable_array(found: np.ndarray, where: str) -> np.ndarray:
    """The same for an array of numpy's texts, as files before format 5 hold them."""
    codes = found.reshape(-1).view(np.uint32).reshape(found.size, found.dtype.itemsize // 4)
    if not codes.size:
        return found
    highest = int(codes.max())
    if highest > 0x10FFFF or (highest >= 0xD800 and bool(((codes >= 0xD800) & (codes < 0xE000)).any())):
        raise damaged(where, "holds what is no character")
    # zeros fill up each text: one before a letter is a letter itself; unsigned, 0 - 1 is no small number
    odd = bool((codes - np.uint32(1) < 31).any()) or bool((codes == 127).any())
    if not odd and not bool(((codes[:, :-1] == 0) & (codes[:, 1:] != 0)).any()):
        return found
    return np.array([readable(text, where) for text in found.reshape(-1).tolist()]).reshape(found.shape)


def _small(values: np.ndarray) -> np.ndarray:
    """Whole numbers in as few bytes as hold the largest."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))
