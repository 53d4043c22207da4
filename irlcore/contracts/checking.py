"""How a contract is checked: part by part, each in every case; the first that is broken ends it, with the numbers that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from irlcore.errors import Cancelled, ContractBroken, MotiveError

T = TypeVar("T")
C = TypeVar("C")
Where = Callable[[tuple[int, ...]], str]
"""Names an entry of an array by its index."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked and holds. subject: of what. parts: of the contract. cases: in which they were looked at."""

    subject: str
    parts: tuple[str, ...]
    cases: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        one, lone = len(self.parts) == 1, len(self.cases) == 1
        parts = "1 part of the contract holds" if one else f"{len(self.parts)} parts of the contract hold"
        first = f"{self.subject}: {parts} in {len(self.cases)} case{'' if lone else 's'}."
        return "\n".join([first, *(f"  {part}" for part in self.parts), *self.notes])


@dataclass(frozen=True, slots=True)
class Here:
    """One part of a contract in one case."""

    part: str
    case: str

    def at(self, more: str) -> Here:
        """The same part, where more is known of the case: a goal, a seed, a feature's parameter."""
        return Here(self.part, f"{self.case}, {more}")

    def need(self, holds: bool | np.bool_, what: str, fix: str = "") -> None:
        """Raise ContractBroken with ``what`` is wrong, unless it holds."""
        if not holds:
            raise ContractBroken(self.part, self.case, what, fix)

    def same(self, found: np.ndarray | float, expected: np.ndarray | float, what: str, within: float = 0.0, where: Where | None = None,
             fix: str = "") -> None:
        """Raise ContractBroken where two arrays differ by more than ``within`` at any entry, naming the one that is farthest off."""
        one, other = np.asarray(found, np.float64), np.asarray(expected, np.float64)
        if one.shape != other.shape:
            raise ContractBroken(self.part, self.case, f"{what} has the shape {one.shape}, and should have {other.shape}", fix)
        with np.errstate(invalid="ignore"):
            off = np.where((one == other) | (np.isnan(one) & np.isnan(other)), 0.0, np.abs(one - other))
        off = np.where(np.isnan(off), np.inf, off)
        if not off.size or off.max() <= within:
            return
        at = tuple(int(k) for k in np.unravel_index(int(np.argmax(off)), off.shape))
        named = where(at) if where else f"entry {at[0] if len(at) == 1 else at}" if at else ""
        may = f", and they may differ by {within:g}" if within else ""
        said = f"{what}{' at ' + named if named else ''} is {one[at]:.10g}, and should be {other[at]:.10g}{may}"
        raise ContractBroken(self.part, self.case, said, fix, float(one[at]), float(other[at]))

    def gives(self, work: Callable[[], T]) -> T:
        """What ``work`` gives. ContractBroken in this case where it raises."""
        try:
            return work()
        except (ContractBroken, Cancelled):
            raise
        except Exception as error:
            raise ContractBroken(self.part, self.case, f"it raises {type(error).__name__}: {_short(error)}") from error

    def refuses(self, work: Callable[[], object], kind: type[MotiveError], what: str) -> MotiveError:
        """The error of ``kind`` that ``work`` must raise. ContractBroken where it goes through, or raises another."""
        try:
            work()
        except kind as error:
            return error
        except Exception as error:
            raise ContractBroken(self.part, self.case, f"{what} raises {type(error).__name__} ({_short(error)}), not {kind.__name__}",
                                 f"Raise {kind.__name__}, saying what is wrong and what to do.") from error
        raise ContractBroken(self.part, self.case, f"{what} goes through, and should raise {kind.__name__}",
                             f"Raise {kind.__name__}, saying what is wrong and what to do.")


Part = Callable[[Here, T, C], None]
"""Looks at one part of the contract of a subject in one case."""


def check_part(part: str, look: Part[T, C], subject: T, case: C, said: str) -> None:
    """One part in one case; what else goes wrong in it is told as this part of the contract too. Raises ContractBroken."""
    here = Here(part, said)
    here.gives(lambda: look(here, subject, case))


def made(subject: T | type[T], part: str) -> T:
    """The object itself, or one made of its class. ContractBroken, as of this part, where that needs arguments or methods are missing."""
    if not isinstance(subject, type):
        return subject
    try:
        return subject()
    except TypeError as error:
        raise ContractBroken(part, f"its class {subject.__name__}", f"no object can be made of it: {_short(error)}",
                             "Fill in what is missing; where it needs arguments, give an object.") from error


def chosen(parts: Mapping[str, T], asked: Iterable[str] | None) -> dict[str, T]:
    """The parts of a contract that are asked for, in its own order; all where None. ValueError where one is not there."""
    wanted = list(parts) if asked is None else list(asked)
    unknown = [name for name in wanted if name not in parts]
    if unknown:
        raise ValueError(f"The contract has no part {unknown[0]!r}. Its parts: {'; '.join(parts)}.")
    return {name: look for name, look in parts.items() if name in wanted}


def check_parts(name: str, parts: Mapping[str, Part[T, C]], subject: T, cases: Sequence[tuple[str, C]]) -> Checked:
    """Every part in every case (words, case). Raises ContractBroken at the first that is broken."""
    for part, look in parts.items():
        for said, case in cases:
            check_part(part, look, subject, case, said)
    return Checked(name, tuple(parts), tuple(said for said, _ in cases))


def _short(error: Any) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 200 else text[:200] + "..."
