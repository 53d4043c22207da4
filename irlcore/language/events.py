"""Logs of events as tokens: each kind of event is one, and one more stands for all that the vocabulary does not know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from irlcore.errors import DataError
from irlcore.language.vocabulary import END, Sequences, padded

OTHER = "(other)"


@dataclass(frozen=True)
class EventVocabulary:
    """names: the events it knows, each once. Their tokens count up from 0 and leave out ``END``, and ``OTHER`` is the last."""

    names: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many tokens there are, those that nothing uses between the last and ``END`` included."""
        return max(_token(len(self.names)), END) + 1

    @cached_property
    def _tokens(self) -> dict[str, int]:
        return {name: _token(code) for code, name in enumerate(self.names)}

    @cached_property
    def _said(self) -> dict[int, str]:
        return {token: name for name, token in self._tokens.items()}

    def sequences(self, log: Sequence[Sequence[str]], longest: int) -> Sequences:
        """Each sequence of events with its start and end, cut off after ``longest``. DataError where one has no event."""
        rows, other = list[list[int]](), _token(len(self.names))
        for i, events in enumerate(log):
            if not len(events):
                raise DataError(f"Sequence {i + 1} has no event.", "Leave empty sequences out.")
            rows.append([self._tokens.get(event, other) for event in events])
        return padded(rows, longest)

    def pieces(self, tokens: Iterable[int]) -> tuple[str, ...]:
        """The name of each event."""
        return tuple(f"{self._said.get(token, OTHER)} " for token in tokens)

    def decode(self, tokens: Iterable[int]) -> str:
        """The names of events, one after another."""
        return "".join(self.pieces(tokens)).rstrip()

    def amount(self, tokens: Sequence[int]) -> int:
        """How many events."""
        return len(tokens)


def learn_events(log: Iterable[Sequence[str]]) -> EventVocabulary:
    """All events of a log, in the order of their names."""
    return EventVocabulary(tuple(sorted({event for events in log for event in events})))


def _token(code: int) -> int:
    return code + int(code >= END)
