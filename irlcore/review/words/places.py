"""Places in sentences: "at Quay Street", "between Quay Street and Mill Lane", and what stands for a place until its name is known."""

from __future__ import annotations

import re
from collections.abc import Callable

Said = Callable[[int], str]
"""What a place is called."""

_TOKEN = re.compile(r"\{(at |spot )?place:(\d+)\}|\{between:(\d+):(\d+)\}")


def at(place: str) -> str:
    """"at Quay Street", but "300 m north of it" as it is."""
    return place if is_distance(place) else f"at {place}"


def between(first: str, last: str) -> str:
    """"between Quay Street and Mill Lane", or where, if both are called the same."""
    return at(first) if first == last else f"between {first} and {last}"


def at_spot(place: str) -> str:
    """"at Quay Street", "at a spot 300 m north of it": after another amount the distance alone is not understood."""
    return f"at a spot {place}" if is_distance(place) else f"at {place}"


def part_of(place: str) -> str:
    """"in a part of Quay Street", "at a spot 300 m north of it"."""
    return f"at a spot {place}" if is_distance(place) else f"in a part of {place}"


def is_distance(place: str) -> bool:
    """Whether a place is told by how far it is from another one: "300 m north of it"."""
    return place[:1].isdigit()


def place_token(place: int) -> str:
    """What stands for a place in a sentence: "ended {place:12}" becomes "ended Quay Street"."""
    return f"{{place:{int(place)}}}"


def at_token(place: int) -> str:
    """What stands for being at a place: "at Quay Street", but "300 m north of it" as it is."""
    return f"{{at place:{int(place)}}}"


def spot_token(place: int) -> str:
    """The same after an amount: "at Quay Street", "at a spot 300 m north of it"."""
    return f"{{spot place:{int(place)}}}"


def between_token(first: int, last: int) -> str:
    """What stands for a way from one place to another: "between Quay Street and Mill Lane", or "at Quay Street" where both are that."""
    return f"{{between:{int(first)}:{int(last)}}}"


def with_places(sentence: str, said: Said) -> str:
    """The sentence with its places by the names that ``said`` gives them."""
    def named(found: re.Match[str]) -> str:
        if found[3] is not None:
            return between(said(int(found[3])), said(int(found[4])))
        name = said(int(found[2]))
        return at_spot(name) if found[1] == "spot " else at(name) if found[1] else name

    return _TOKEN.sub(named, sentence)
