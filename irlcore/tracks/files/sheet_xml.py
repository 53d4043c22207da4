"""The elements of an XML part of a workbook that are wanted, as a stream: nothing else of it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from irlcore.tracks.files.safe_xml import listened

LONGEST = 32_767  # letters of a cell, as Excel has them
TEXT = frozenset({"t", "v"})
NOT_TEXT = "rPh"  # how a text is pronounced


@dataclass(slots=True)
class Element:
    """name, attributes: without prefixes. text: of all t and v in it, one after the other. within: the name of the element round it."""

    name: str
    attributes: dict[str, str]
    within: str
    parts: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def text(self) -> str:
        """The text between its tags."""
        return "".join(self.parts)


class _Listener:
    def __init__(self, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.open: Element | None = None
        self.depth = 0
        self.found: list[Element] = []

    def begin(self, name: str, attributes: dict[str, str], path: list[str]) -> None:
        if self.open is None and name in self.wanted:
            one = Element(name, attributes, path[-2] if len(path) > 1 else "")
            if name == "row":  # its cells are wanted by themselves
                self.found.append(one)
            else:
                self.open, self.depth = one, len(path)

    def hear(self, text: str, path: list[str]) -> None:
        if self.open is not None and path[-1] in TEXT and NOT_TEXT not in path and self.open.size < LONGEST:
            self.open.parts.append(text)
            self.open.size += len(text)

    def end(self, name: str, path: list[str]) -> None:
        if self.open is not None and len(path) == self.depth:
            self.found.append(self.open)
            self.open = None


def elements(pieces: Iterable[bytes], wanted: frozenset[str], label: str) -> Iterator[Element]:
    """The wanted elements in the order in which they end; rows as they begin. Errors as ``listened``."""
    heard = _Listener(wanted)
    for _ in listened(pieces, heard, label):
        yield from heard.found
        heard.found.clear()
