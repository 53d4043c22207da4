"""JSON that others wrote, looked through before it is parsed: its size, depth, number of values and longest number.

A parser finds out too late: each level of a nested list costs a frame of its stack, a whole number of a million digits takes time
that grows with their square, and three characters of text become an object of 64 bytes. So one pass over the bytes asks for all of
these, and only what is within the limits is parsed.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator

import numpy as np

from irlcore.budget import within
from irlcore.errors import DataError

MEND = "Export it once more, or mend the file."
CHUNK = 1 << 20  # bytes looked through at once: what numpy makes of them stays small
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
QUOTE, SLASH, BLANK = np.frombuffer(b'"\\ ', np.uint8)
_BYTE = np.arange(256)
_STEP = (np.isin(_BYTE, list(b"[{")).astype(np.int8) - np.isin(_BYTE, list(b"]}")).astype(np.int8))
_VALUE = np.isin(_BYTE, list(b"[{,:"))
_NUMERIC = np.isin(_BYTE, list(b"0123456789.eE+-"))


def load_json(text: str | bytes, what: str, most: float = math.inf) -> object:
    """The value that a JSON text holds, made of dict, list, str, finite float, int, bool and None.

    what: how sentences call the text, beginning as a sentence does ("The file", "zones.geojson"). most: values, where it needs fewer than
    the budget allows. ``TooLarge`` where it is over a limit of the budget (unpacked, depth, values, digits), else DataError: no UTF-8, no
    JSON, NaN or Infinity, a number beyond 1e308, a key twice in one object, half of a character (a lone surrogate).
    """
    within("unpacked", len(text), f"{what} has {len(text):,} characters.")
    raw = _bytes(text, what)
    _look_through(raw, what, most)
    try:
        # decoded here: of bytes with zeros among them the library would guess UTF-16, in which another text stands than was looked through
        found: object = json.loads(raw.decode(), parse_constant=_constant, parse_float=_number, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{what} is not JSON that can be read ({str(error)[:200]}).", MEND) from error
    if _SURROGATE.search(raw):
        _check_characters(found, what)
    return found


def _bytes(text: str | bytes, what: str) -> bytes:
    try:
        raw = text.encode() if isinstance(text, str) else text
        raw = raw.removeprefix(b"\xef\xbb\xbf")  # the mark that some editors put first
        if isinstance(text, bytes):
            raw.decode()
    except UnicodeError as error:
        raise DataError(f"{what} is not text in UTF-8 ({str(error)[:100]}).", "Save it as UTF-8.") from error
    return raw


def _bare(raw: bytes) -> Iterator[np.ndarray]:
    """The bytes piece by piece, (n,) uint8, with blanks for what stands in strings. A quote ends or begins a string unless an odd number
    of backslashes stands before it; outside of strings there are none in JSON, and a parser goes no further than the first."""
    inside, slashes = False, 0
    for at in range(0, len(raw), CHUNK):
        piece = np.frombuffer(raw, np.uint8, min(CHUNK, len(raw) - at), at)
        other = np.flatnonzero(piece != SLASH)
        quotes = np.flatnonzero(piece == QUOTE)
        before = np.searchsorted(other, quotes) - 1  # the last byte before each that is no backslash
        run = quotes - 1 - np.where(before >= 0, other[np.maximum(before, 0)], -1 - slashes)
        turns = np.zeros(len(piece), np.uint8)
        turns[quotes[run % 2 == 0]] = 1
        within_text = (np.cumsum(turns, dtype=np.int64) + inside) % 2 == 1
        yield np.where(within_text, BLANK, piece)
        inside = bool(within_text[-1])
        slashes = len(piece) - 1 - int(other[-1]) if len(other) else slashes + len(piece)


def _look_through(raw: bytes, what: str, most: float) -> None:
    """``TooLarge`` where a text, what stands in its strings left out, is too deep, holds too many values or too long a number."""
    depth, values, run, longest = 0, 1, 0, 0
    for piece in _bare(raw):
        level = depth + np.cumsum(_STEP[piece], dtype=np.int64)
        within("depth", int(level.max()), f"{what} holds lists or objects nested {int(level.max()):,} levels deep or more.")
        depth = int(level[-1])
        values += int(_VALUE[piece].sum())
        within("values", values, f"{what} holds {values:,} values or more.")
        if values > most:
            raise DataError(f"{what} holds {values:,} values or more, and needs no more than {most:,.0f}.", MEND)
        ends = np.flatnonzero(~_NUMERIC[piece])  # a number is a run between two of these
        if len(ends):
            longest = max(longest, run + int(ends[0]), int(np.diff(ends).max(initial=0)) - 1)
            run = len(piece) - 1 - int(ends[-1])
        else:
            run += len(piece)
        longest = max(longest, run)
        within("digits", longest, f"{what} holds a number of {longest:,} digits or more.")


def _constant(text: str) -> float:
    raise ValueError(f"{text} is not a finite number")


def _number(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(f"{text[:40]} is not a finite number: it is beyond 1e308")
    return found


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, n in Counter(key for key, _ in pairs).items() if n > 1)
        raise ValueError(f"an object has the key {twice[:40]!r} twice")
    return found


def _check_characters(found: object, what: str) -> None:
    """DataError where a text holds half of a character, which no file can be written with."""
    for text in _texts(found):
        try:
            text.encode()
        except UnicodeError as error:
            raise DataError(f"{what} holds half of a character in {text.encode(errors='replace')[:40].decode()!r}.", MEND) from error


def _texts(found: object) -> Iterator[str]:
    left = [found]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left += [*one, *one.values()]
        elif isinstance(one, list):
            left += one
