"""What undo and redo lead to: the states of one window, and behind them those that the store still has."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.desk import Desk
from app.store.memory import Held, State
from app.store.saver import Saver
from app.store.store import load_version

MOST_UNDO = 40


@dataclass(slots=True)
class Trail:
    """past: oldest first. future: what redo leads to next is last. earlier: numbers in the store of the states before the oldest one,
    newest first."""

    past: list[State] = field(default_factory=list)
    future: list[State] = field(default_factory=list)
    earlier: tuple[int, ...] = ()

    @classmethod
    def of(cls, held: Held) -> Trail:
        """As another window had it."""
        return cls([*held.past], [*held.future], held.earlier)

    def go_on(self, now: State) -> None:
        """A change is made in the state ``now``."""
        self.past.append(now)
        self.future.clear()
        if len(self.past) > MOST_UNDO:
            del self.past[:-MOST_UNDO]
            self.earlier = ()  # from before the ones just forgotten

    def after(self, former: Trail, now: State) -> Trail:
        """This trail, and beyond its oldest state the window's former one, up to the state ``now`` that it was in."""
        return Trail([*former.past, now, *self.past][-MOST_UNDO:], self.future)

    def undo(self, now: State) -> State | None:
        """The state before, from memory or, of the same project, from the store; None where there is none."""
        before = self.past.pop() if self.past else self._from_store(now.saver)
        if before is not None:
            self.future.append(now)
        return before

    def redo(self, now: State) -> State | None:
        """The state that was undone last, None where there is none."""
        if not self.future:
            return None
        self.past.append(now)
        return self.future.pop()

    def part(self, saver: Saver, own: Saver) -> None:
        """The states of a project become those of a copy, which has a saver of its own; on disk it has none."""
        for states in (self.past, self.future):
            states[:] = [one.as_copy(own) if one.saver is saver else one for one in states]
        self.earlier = ()

    def _from_store(self, saver: Saver | None) -> State | None:
        found = None
        while saver is not None and self.earlier and found is None:
            n, *rest = self.earlier
            found, self.earlier = load_version(saver.visitor, saver.key, n), tuple(rest)
        return State(found, Desk(), saver) if found is not None else None
