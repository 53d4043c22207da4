"""JSON from outside, looked through before it is read: how large it is, how deep, how many values, how long its numbers.

``json.loads`` builds whatever it is given: 200,000 brackets end it with a RecursionError, three bytes may become a list of 72, a number
of a million digits takes quadratic time. The scan here is one pass over the bytes with what stands in quotes left out.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np

from irlcore.budget import limits, within
from irlcore.errors import DataError

BYTES_A_VALUE = 150
"""What a value takes once read, in bytes: an empty list 72 with its place in another, a short text or a pair of an object twice that."""

_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)  # possessive, and the end may be missing: never twice over a byte
_HUGE = re.compile(rb"[eE]\+?[0-9]{3}")
_OPEN, _CLOSE = b"[{", b"]}"


def load_json(data: bytes | str, what: str, most: float = math.inf) -> object:
    """The value of a JSON text in UTF-8. what: how errors call it ("project.json"). most: values in it.

    ``TooLarge`` where it costs more than the budget allows; DataError where it is no JSON, holds NaN, a number beyond a float, or an
    object that names one thing twice.
    """
    raw = data.encode("utf-8", errors="surrogatepass") if isinstance(data, str) else bytes(data)
    within("unpacked", len(raw), f"{what} has {len(raw):,} bytes.")
    bare = _STRINGS.sub(b"", raw)
    _check_size(bare, len(raw), what, most)
    try:
        text = raw.decode("utf-8-sig")
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once, parse_float=_finite if _HUGE.search(bare) else None)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{what} is not JSON ({str(error)[:200]}).", "Export or save it once more.") from error


def _check_size(bare: bytes, size: int, what: str, most: float) -> None:
    """Values, levels and digits of JSON without its texts."""
    values = 1 + sum(bare.count(sign) for sign in (b",", b"[", b"{"))
    if values > most:
        raise DataError(f"{what} holds some {values:,} values, and there can be no more than {most:,.0f}.", "Split it.")
    within("unpacked", size + BYTES_A_VALUE * values, f"{what} holds some {values:,} values of {BYTES_A_VALUE} bytes each once read.")
    signs = np.frombuffer(bare, np.uint8)
    opens, closes = (np.isin(signs, np.frombuffer(either, np.uint8)) for either in (_OPEN, _CLOSE))
    brackets = opens[opens | closes].astype(np.int8) * 2 - 1
    deepest = int(np.cumsum(brackets, dtype=np.int64).max(initial=0))
    within("depth", deepest, f"{what} has lists in lists {deepest:,} deep.")
    digits = limits().digits
    if digits < len(bare):
        found = re.search(rb"[0-9.]{%d,}" % (int(digits) + 2), bare)
        if found:
            within("digits", len(found[0]) - found[0].count(b"."), f"{what} has a number of {len(found[0]):,} digits.")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number in JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:40]} is too large")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's entries; ValueError where two have one name: readers differ in which of them counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"an object names {next(n for n in names if names.count(n) > 1)[:60]!r} twice")
    return found
