"""Layers made once: the same objects for the same world, paths and tracks, so that the window need not be sent them again.

What is kept goes by the identity of arrays ("anchors": a world's, a path's), which are held weakly: once one of them is gone, so is what
was made of it. So nothing that is kept may hold an anchor itself: layers have arrays of their own.
"""

from __future__ import annotations

import hashlib
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

T = TypeVar("T")
MOST_KEPT = 256
MOST_BYTES = 256e6

_found: OrderedDict[Hashable, tuple[tuple[weakref.ref[np.ndarray], ...], Any, float]] = OrderedDict()
_lock = Lock()


def once(name: str, anchors: Sequence[np.ndarray], key: Hashable, make: Callable[[], T]) -> T:
    """``make()``, or what it gave before for the same arrays (the very same objects) and an equal key; the least used goes first."""
    full = (name, tuple(map(id, anchors)), key)
    with _lock:
        held = _found.get(full)
        if held is not None and all(ref() is one for ref, one in zip(held[0], anchors, strict=True)):
            _found.move_to_end(full)
            found: T = held[1]
            return found
    made = make()

    def gone(_: object) -> None:
        _found.pop(full, None)  # without the lock: this may run in the middle of anything, in the thread that holds it too

    with _lock:
        _found[full] = tuple(weakref.ref(one, gone) for one in anchors), made, _size(made)
        while len(_found) > MOST_KEPT or (len(_found) > 1 and sum(size for _, _, size in list(_found.values())) > MOST_BYTES):
            _found.popitem(last=False)
    return made


def of_world(world: World) -> tuple[np.ndarray, ...]:
    """What tells the ground of one world from that of another; copies of a world for bands of time share it."""
    return world.place_names, world.place_xy, world.shape_xy, world.shape_offsets


def of_paths(world: World, paths: Paths) -> tuple[np.ndarray, ...]:
    """What tells paths from others."""
    return *of_world(world), world.place_of_state, paths.choices, paths.offsets, paths.ids


def digest(*arrays: np.ndarray) -> str:
    """16 hexadecimal digits of what arrays of numbers hold: pages make them anew each time that they run."""
    found = hashlib.blake2b(digest_size=8)
    for one in arrays:
        found.update(f"{one.dtype.str}{one.shape}".encode())
        found.update(np.ascontiguousarray(one).data)
    return found.hexdigest()


def _size(made: object) -> float:
    """About how many bytes: arrays, and 60 for each text."""
    if isinstance(made, np.ndarray):
        return float(made.nbytes)
    if isinstance(made, str):
        return 60.0
    if isinstance(made, tuple):
        return sum(map(_size, made))
    return sum(_size(getattr(made, one.name)) for one in fields(made)) if is_dataclass(made) else 0.0
