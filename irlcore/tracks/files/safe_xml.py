"""XML as events, piece by piece: nothing of it is kept here, and what it declares for itself is refused, not followed.

Entities let a text name itself a million times over, or files outside of it; nobody's tracks need them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NoReturn, Protocol
from xml.parsers import expat

from irlcore.budget import limits, within
from irlcore.errors import DataError

MOST_KNOWN = 1000  # names whose prefixes are looked at once
SILENT = 1 << 24  # bytes without an element beginning or ending


class Listener(Protocol):
    """What hears of elements and texts. path: the names of the open elements, the innermost last, the one that is told among them."""

    def begin(self, name: str, attributes: dict[str, str], path: list[str]) -> None:
        """An element begins; names without prefixes."""

    def hear(self, text: str, path: list[str]) -> None:
        """A piece of text in the innermost element."""

    def end(self, name: str, path: list[str]) -> None:
        """An element ends."""


def listened(pieces: Iterable[bytes], listener: Listener, label: str) -> Iterator[int]:
    """Tell a listener what is in the pieces of an XML file, and yield the size of each piece after it.

    ``XmlDamaged`` where it cannot be read on, DataError where it declares entities or an element is endless, TooLarge where elements are
    nested too deep.
    """
    path: list[str] = []
    silent, deepest = 0, limits().depth
    bare: dict[str, str] = {}

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal silent
        silent = 0
        short = bare.get(name) or (bare.setdefault(name, _bare(name)) if len(bare) < MOST_KNOWN else _bare(name))
        path.append(short)
        if len(path) > deepest:
            within("depth", len(path), f"{label} has elements nested {len(path):,} deep.")
        if attributes and " " in "".join(attributes):
            attributes = {_bare(key): value for key, value in attributes.items()}
        listener.begin(short, attributes, path)

    def hear(text: str) -> None:
        listener.hear(text, path)

    def end(name: str) -> None:
        nonlocal silent
        silent = 0
        listener.end(path[-1], path)
        path.pop()

    def refuse(*_: object) -> NoReturn:
        raise DataError(f"{label} declares entities, which are not read.", "Export it again, without them.")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, hear
    parser.EntityDeclHandler = parser.ExternalEntityRefHandler = parser.UnparsedEntityDeclHandler = refuse
    parser.buffer_text = True
    try:
        for piece in pieces:
            silent += len(piece)
            parser.Parse(piece, False)
            if silent > SILENT:
                raise DataError(f"An element of {label} has more than {SILENT:,} bytes.", "Export it again.")
            yield len(piece)
        parser.Parse(b"", True)
        yield 0
    except expat.ExpatError as error:
        raise XmlDamaged(f"its XML cannot be read on: {str(error)[:200]}") from error


class XmlDamaged(ValueError):
    """The XML is damaged or cut off."""


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]
