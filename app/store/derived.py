"""Numbers that were worked out once and are kept while what they rest on stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
MOST = 96
MOST_OF_A_NAME = 16  # a reason for each of the tracks looked at; what weighs much is asked for by one name and few keys
PLAIN = (str, bytes, int, float, bool, type(None))


class Derived:
    """name and what it depends on -> what was worked out, the last ones asked for.

    What something depends on is held with it: while it is, no other object can have its place, so that ``is`` tells.
    """

    def __init__(self, most: int = MOST, most_of_a_name: int = MOST_OF_A_NAME) -> None:
        self._most, self._most_of_a_name = most, most_of_a_name
        self._held: list[tuple[str, tuple[object, ...], Any]] = []  # the one asked for last is last

    def on(self, name: str, work: Callable[[], T], depends: tuple[object, ...]) -> T:
        """``work()``, or what it gave when everything in ``depends`` was the same as now. What it raises is passed on, and not kept."""
        for i, (known, before, value) in enumerate(self._held):
            if known == name and same(before, depends):
                self._held.append(self._held.pop(i))
                found: T = value
                return found
        made = work()
        self._held.append((name, depends, made))
        of_the_name = [i for i, one in enumerate(self._held) if one[0] == name]
        if len(of_the_name) > self._most_of_a_name:
            del self._held[of_the_name[0]]
        del self._held[:-self._most]
        return made

    def clear(self) -> None:
        """Let go of everything."""
        self._held.clear()


def same(a: object, b: object) -> bool:
    """Whether they are one object, or equal texts, numbers or tuples of such; arrays, tables and records are the same only as one object:
    to compare them would cost more than it saves."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return isinstance(a, PLAIN) and a == b
