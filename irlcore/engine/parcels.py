"""What goes to workers elsewhere: everything that stays the same is sent once, and afterwards called by a number.

Two kinds of things are kept by workers: objects of a class that is marked ``kept`` (a world, rewards made ready, the trips to a goal: what
these remember of the last evaluation stays with the worker that made it), and arrays of ``LARGE`` bytes and more. An array that was changed
in place since it was sent is sent anew (its Adler-32 sum is looked at once a run). Where bytes travel far, an object that can be made again
from less than it holds goes as that (``remade``).
"""

from __future__ import annotations

import io
import itertools
import pickle
import struct
import uuid
import weakref
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeVar

import numpy as np

LARGE = 65_536  # bytes
ALIGNED = 64  # bytes: where arrays begin, as numpy itself has it

class NotSendable(Exception):
    """Something among it cannot be sent to other processes, so the work has to be done where it is."""


T = TypeVar("T")
_KEPT: set[type] = set()
_RECIPES: dict[int, tuple[weakref.ref[Any], Callable[..., Any], tuple[Any, ...]]] = {}


def kept(cls: type[T]) -> type[T]:
    """Mark a class whose objects are sent once and stay with a worker; it must allow weak references, and pickle. Fields of a dataclass
    that are not given when it is made (what follows from the others) are not sent."""
    _KEPT.add(cls)
    if is_dataclass(cls) and not all(one.init for one in fields(cls)):
        given = [one.name for one in fields(cls) if one.init]
        cls.__reduce__ = lambda self: (cls, tuple(getattr(self, name) for name in given))  # type: ignore[method-assign]
    return cls


def remade(made: T, make: Callable[..., T], *arguments: Any) -> T:
    """``made``, an object of a ``kept`` class, which ``make(*arguments)`` gives to the last bit: what goes far away in its place. ``make``
    is a function of a module."""
    key = id(made)
    _RECIPES[key] = (weakref.ref(made, lambda _: _RECIPES.pop(key, None)), make, arguments)
    return made


def _again(make: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    return make(*arguments)


def is_kept(thing: Any) -> bool:
    """Whether workers keep it."""
    return type(thing) in _KEPT


@dataclass(slots=True)
class Entry:
    """One thing that workers keep. ref: to it. check: of an array, its Adler-32 sum when it was packed, and the run that looked at it last.
    needs: what its bytes call by number. size: how many bytes. place: where an engine put them, None where they are not yet anywhere."""

    number: int
    key: int
    ref: weakref.ref[Any]
    check: int = 0
    looked: int = -1
    needs: tuple[int, ...] = ()
    size: int = 0
    place: Any = None


class Keeper:
    """The sender's side: what has a number."""

    def __init__(self, far: bool = False) -> None:
        """far: whether recipes go in the place of what they make."""
        self.far, self.name, self.run = far, uuid.uuid4().hex, 0
        self.entries: dict[int, Entry] = {}
        self._by_id: dict[int, int] = {}
        self._numbers = itertools.count()
        self._fallen: list[int] = []
        self._dropped: list[Entry] = []
        self._packed: dict[int, bytearray] = {}
        self._holding: list[Any] = []

    def next_run(self) -> list[Entry]:
        """Begin a run; what is no more since the last one, for workers to forget."""
        self.run += 1
        fallen, self._fallen[:] = list(self._fallen), []  # filled by the collector of garbage, at any time
        for number in fallen:
            self._drop(number)
        gone, self._dropped = self._dropped, []
        return gone

    def end_run(self) -> None:
        """Let go of what was held for the run alone."""
        self._packed, self._holding = {}, []

    def _drop(self, number: int) -> None:
        entry = self.entries.pop(number, None)
        if entry is not None:
            self._dropped.append(entry)
            if self._by_id.get(entry.key) == number:
                del self._by_id[entry.key]

    def packed(self, thing: Any) -> tuple[bytearray, tuple[int, ...]]:
        """Bytes of anything, and the numbers that they call."""
        return self._dump(thing, None)

    def bytes_of(self, number: int) -> bytearray:
        """The bytes of something that has a number, which may be asked for again where a worker died."""
        if number not in self._packed:
            thing = self.entries[number].ref()
            assert thing is not None, "what is at work is held by who asked for it"
            self._packed[number] = self._dump(thing, thing)[0]
        return self._packed[number]

    def number_of(self, thing: Any) -> int:
        """The number of what workers are to keep."""
        known = self._by_id.get(id(thing))
        if known is not None:
            entry = self.entries[known]
            if entry.ref() is thing and self._unchanged(entry, thing):
                return known
            self._drop(known)
        number, fallen = next(self._numbers), self._fallen
        self._holding.append(thing)  # what pickling makes on the way is gone before it is sent
        entry = Entry(number, id(thing), weakref.ref(thing, lambda _: fallen.append(number)), _sum_of(thing), self.run)
        packed, entry.needs = self._dump(thing, thing)
        entry.size, self._packed[number] = len(packed), packed
        self.entries[number], self._by_id[id(thing)] = entry, number
        return number

    def _unchanged(self, entry: Entry, thing: Any) -> bool:
        if entry.looked != self.run:
            entry.looked = self.run
            return entry.check == _sum_of(thing)
        return True

    def _dump(self, thing: Any, root: Any) -> tuple[bytearray, tuple[int, ...]]:
        buffers: list[pickle.PickleBuffer] = []
        head = io.BytesIO()
        pickler = _Pickler(head, self, root, buffers)
        recipe = _RECIPES.get(id(root)) if self.far and root is not None else None
        try:
            pickler.dump(thing if recipe is None or recipe[0]() is not root else _Recipe(recipe[1], recipe[2]))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise NotSendable(str(error)) from error
        return _joined(head.getvalue(), buffers), tuple(pickler.needs)


class _Recipe:
    """Stands for what it makes."""

    def __init__(self, make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.make, self.arguments = make, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.make, self.arguments)


def _sum_of(thing: Any) -> int:
    return zlib.adler32(np.ascontiguousarray(thing).view(np.uint8).data) if isinstance(thing, np.ndarray) else 0


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, keeper: Keeper, root: Any, buffers: list[pickle.PickleBuffer]) -> None:
        super().__init__(file, protocol=5, buffer_callback=buffers.append)
        self.keeper, self.root, self.needs = keeper, root, dict[int, None]()

    def persistent_id(self, thing: Any) -> int | None:
        cls = type(thing)
        if cls is np.ndarray:
            if thing.nbytes < LARGE or thing.dtype.hasobject or thing is self.root:
                return None
        elif cls in _KEPT:
            if thing is self.root:
                return None
        else:
            if (cls is type or callable(thing)) and getattr(thing, "__module__", "") == "__main__" and hasattr(thing, "__qualname__"):
                raise NotSendable(f"{thing.__qualname__} is defined in the script itself, where workers cannot find it")
            return None
        number = self.keeper.number_of(thing)
        self.needs[number] = None
        return number


class _Unpickler(pickle.Unpickler):
    def __init__(self, head: bytes, buffers: Sequence[memoryview], store: dict[int, Any]) -> None:
        super().__init__(io.BytesIO(head), buffers=buffers)
        self.store = store

    def persistent_load(self, number: Any) -> Any:
        return self.store[number]


def _joined(head: bytes, buffers: Sequence[pickle.PickleBuffer]) -> bytearray:
    """One run of bytes: how many parts, the length of each, the parts, each from a multiple of ``ALIGNED``."""
    parts = [memoryview(head), *(buffer.raw() for buffer in buffers)]
    lengths = struct.pack(f"<{len(parts) + 1}q", len(parts), *(len(part) for part in parts))
    out, at = bytearray(_next(len(lengths)) + sum(_next(len(part)) for part in parts)), 0
    for part in (memoryview(lengths), *parts):
        out[at:at + len(part)] = part
        at = _next(at + len(part))
    return out


def unpacked(data: memoryview, store: dict[int, Any]) -> Any:
    """What was packed; data: memory that may be written to, which arrays then lie in. store: by number, what was kept before."""
    count = struct.unpack("<q", data[:8])[0]
    lengths = struct.unpack(f"<{count}q", data[8:8 * (count + 1)])
    parts, at = [], _next(8 * (count + 1))
    for length in lengths:
        parts.append(data[at:at + length])
        at = _next(at + length)
    return _Unpickler(bytes(parts[0]), parts[1:], store).load()


def _next(at: int) -> int:
    return at + (-at % ALIGNED)


def needed(keeper: Keeper, numbers: Sequence[int], held: set[int]) -> list[int]:
    """All that somebody lacks who holds some, what others are made of first."""
    out: dict[int, None] = {}

    def visit(number: int) -> None:
        if number not in held and number not in out:
            for other in keeper.entries[number].needs:
                visit(other)
            out[number] = None

    for number in numbers:
        visit(number)
    return list(out)
