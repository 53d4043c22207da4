"""Opening and removing what is kept, as one window of a visitor does it."""

from __future__ import annotations

from dataclasses import replace

from app.desk import Desk
from app.store.beside import copied
from app.store.candidates import stored
from app.store.memory import Held, Memory, State
from app.store.saver import disk_words
from app.store.store import highest, load_newest, not_here
from irlcore.errors import MotiveError, ProjectError

ENDING = 10.0  # seconds to wait at most for a save that must be seen to its end


def open_kept(memory: Memory, visitor: str, key: str, window: str) -> tuple[Held, MotiveError | None]:
    """A kept project with its past and future, from memory unless the store has moved on from that, and what to say of it. MotiveError
    where this visitor has none under the key, or it cannot be read."""
    if not visitor:
        raise not_here()
    saver, held = memory.saver(visitor, key), memory.recall(visitor, key)
    try:
        if held is not None and held.now.project is saver.newest and (saver.unsaved or saver.n == highest(visitor, key)):
            for one in held.savers():
                one.join(window, held.window)
            return replace(held, now=held.now._replace(desk=held.beside.desk), beside=held.beside.copied(), found=copied(held.found)), None
        saver.settle(ENDING)  # a change that the window which made it had no time to hold
        kept = load_newest(visitor, key)
        saver.candidates.take(stored(visitor, key), stored=True)
    except OSError as error:
        raise ProjectError(f"The project cannot be read: {disk_words(error)}.", "Try again once it can, or open a project file.") from error
    saver.read(window, kept.project, kept.n)
    found = Held(State(kept.project, Desk(), saver), earlier=kept.earlier)
    if held is not None:  # another window or server has gone on from there; what was looked at is the same
        found = replace(found, beside=replace(held.beside.copied(), desk=Desk()), found=copied(held.found))
    if kept.version == kept.n:
        return found, None
    return found, MotiveError(f"Version {kept.n} of this project is damaged and cannot be read; this is version {kept.version}, the one "
                              "before.", "Look what is missing, and do it again.")


def remove_kept(memory: Memory, visitor: str, key: str) -> None:
    """Take a project out of the store for good, whatever is being saved of it. MotiveError where that cannot be done."""
    try:
        memory.saver(visitor, key).remove()
    except OSError as error:
        raise ProjectError(f"The project cannot be removed: {disk_words(error)}.", "Try again once it can.") from error
    memory.forget(visitor, key)
