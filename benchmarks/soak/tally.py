"""What is counted over all visitors, and the project as one of them sees it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What is counted over all visitors. names: what was lost, crossed, broken or stuck, a line each.
    broken: errors that nobody foresaw on a page, and servers that died by themselves. acknowledged: states that a page said were saved;
    refused: how often it said that one was not. own_seen: messages in which a visitor found what he had brought himself, without which
    crossed could not be told. done: actions by name."""

    actions: int = 0
    lost: int = 0
    crossed: int = 0
    broken: int = 0
    stuck: int = 0
    acknowledged: int = 0
    refused: int = 0
    own_seen: int = 0
    done: Counter[str] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """One more line for people, of the first two hundred."""
        if len(self.names) < 200:
            self.names.append(text)


@dataclass(frozen=True)
class State:
    """The project as the sidebar shows it: its name and the lines of its history, newest first. n: the version said to be saved, 0 where
    the page says nothing of saving."""

    name: str
    history: tuple[str, ...]
    n: int = 0

    def same(self, other: State) -> bool:
        """Whether it is the same project at the same point."""
        return (self.name, self.history) == (other.name, other.history)
