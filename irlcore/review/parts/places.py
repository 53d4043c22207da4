"""Places in the words of a kind of score: by number, until who shows them knows what they are called."""

from __future__ import annotations

import re
from collections.abc import Callable

_TOKEN = re.compile(r"\{(at )?place:(\d+)\}")


def place_token(place: int) -> str:
    """What stands for a place in a sentence: "ended {place:12}" becomes "ended Quay Street"."""
    return f"{{place:{int(place)}}}"


def at_token(place: int) -> str:
    """What stands for being at a place: "at Quay Street", but "300 m north of it" as it is."""
    return f"{{at place:{int(place)}}}"


def with_places(sentence: str, said: Callable[[int], str]) -> str:
    """The sentence with its places by the names that ``said`` gives them."""
    def named(found: re.Match[str]) -> str:
        name = said(int(found[2]))
        return f"at {name}" if found[1] and not name[:1].isdigit() else name

    return _TOKEN.sub(named, sentence)
