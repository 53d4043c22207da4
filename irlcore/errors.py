"""The kinds of error Motive raises. Each says what is wrong, where, and what to do about it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from itertools import islice
from typing import Any

POINTER_WIDTH = 72
"""How many characters of a formula are shown where something is wrong with it."""


class MotiveError(Exception):
    """Base of every error an analyst may meet.

    ``what`` names the row, value or feature that is wrong; ``fix`` says what to do about it.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(f"{what} {fix}".strip())
        self.what = what
        self.fix = fix

    def __reduce__(self) -> tuple[Any, ...]:
        """From a worker it comes as it was, whatever its kind asks for when it is made."""
        return _as_it_was, (type(self), self.args, self.__dict__)


def _as_it_was(kind: type[MotiveError], told: tuple[Any, ...], known: dict[str, Any]) -> MotiveError:
    error = kind.__new__(kind, *told)
    error.__dict__.update(known)
    return error


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that offers the known word nearest to this one; empty where none is near."""
    folded = {name[:80].casefold(): name for name in islice(known, 2000)}
    near = difflib.get_close_matches(word[:80].casefold(), folded, n=1)
    return f"Did you mean {folded[near[0]]}?" if near else ""


def none_called(what: str, word: object, known: Iterable[str]) -> tuple[str, str]:
    """What is wrong and what to do, where a name that was typed is none of the known ones."""
    names = [*known]
    offer = did_you_mean(str(word), names)
    more = f"Choose one of: {', '.join(names[:20])}{', ...' if len(names) > 20 else '.'}" if names else "There are none."
    return f"There is no {what} called {str(word)[:80]!r}.", f"{offer} {more}".strip()


class DataError(MotiveError):
    """A file or table cannot be used as it is."""


class WorldError(MotiveError):
    """The world cannot be built, or cannot be solved as asked (unreachable goal, gamma = 1 that cannot hold)."""


class Infeasible(MotiveError):
    """These rewards have no finite value in this world (gamma = 1 with a paying choice, a free cycle, a
    spectral radius of 1 or more, a goal out of reach)."""


class FeatureError(MotiveError):
    """A feature's specification is wrong, or its values carry no information."""


class FormulaError(FeatureError):
    """A formula cannot be read, or has no finite value everywhere.

    ``formula`` is the text as typed; ``position`` is the character of it (from 0) where the trouble begins, None where
    it has no one place. ``what`` and ``fix`` stay sentences; the message as a whole ends with ``pointer``.
    """

    def __init__(self, what: str, fix: str = "", formula: str = "", position: int | None = None) -> None:
        super().__init__(what, fix)
        self.formula = formula
        self.position = position

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.pointer}".strip()

    @property
    def pointer(self) -> str:
        """Two lines for a font of one width, the formula and a caret under ``position``; empty without a position.

        A long formula is cut to a window round the caret; what cannot be printed stands as a blank or a replacement mark.
        """
        if self.position is None:
            return ""
        first = max(0, min(self.position - POINTER_WIDTH // 2, len(self.formula) - POINTER_WIDTH))
        before, after = ("".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in part)
                         for part in (self.formula[first:self.position], self.formula[self.position:first + POINTER_WIDTH]))
        before = ("\u2026" if first else "") + before
        more = "\u2026" if first + POINTER_WIDTH < len(self.formula) else ""
        return f"{before}{after}{more}\n{' ' * _columns(before)}^"


def _columns(text: str) -> int:
    """How many columns a text takes: two for a wide character, none for a mark on the one before."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class FitError(MotiveError):
    """No weights can be found for this data, world and set of features."""


class ProjectError(MotiveError):
    """A project file is damaged, foreign, or written by a newer version."""


class ContractBroken(MotiveError):
    """A world, a kind of feature or a model of rationality that somebody added does not keep what all others keep (``contracts``).

    ``part`` of the contract that is broken; ``case``: where it shows, so that it can be looked at again; ``found`` and ``expected``: the
    two numbers that should agree, None where it is not a matter of numbers.
    """

    def __init__(self, part: str, case: str, what: str, fix: str = "", found: float | None = None, expected: float | None = None) -> None:
        super().__init__(f"Broken: {part}. In {case}: {what.rstrip('.')}.", fix)
        self.part, self.case, self.found, self.expected = part, case, found, expected


class Cancelled(MotiveError):
    """The analyst stopped the work; nothing that was there before is lost."""

    def __init__(self, what: str = "Cancelled.") -> None:
        super().__init__(what, "What was there before is still there.")
