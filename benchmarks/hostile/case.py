"""One hostile input: its name, how its bytes are made, the door it is brought to, and how it fared there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Must = Literal["refuse", "read", "either"]
Ended = Literal["refused", "read", "traceback", "killed"]
Door = Callable[[bytes], Callable[[], object]]
"""A function of a module (a child finds it by name) that gets ready for some bytes and returns what a page would then do with them:
only the second is measured."""

SLOW_S, SLOW_MB = 5.0, 1000.0
"""What the measure allows one input: seconds, and megabytes above what the process held before."""
LONGEST = 12_000
"""Letters of a sentence that can be read; a file's own text may not fill the page."""


class Input(NamedTuple):
    """What is to be brought to a door. kind: whose door, as "csv", "geojson" or "project". make: its bytes, or its text; they are made when
    asked for and held by nobody, since some are hundreds of megabytes."""

    kind: str
    name: str
    make: Callable[[], str | bytes]
    must: Must = "either"

    def data(self) -> bytes:
        """Its bytes; half a surrogate in a text stays one."""
        made = self.make()
        return made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made


@dataclass(frozen=True, slots=True)
class Case:
    """make: the bytes, without the cost of reading them. must: a bomb must be refused, a large but honest file must be read; with a
    fuzzed file either is right, as long as it is said in words. seconds: until it is killed; timed: whether slowness counts (no for
    a whole tour of the pages)."""

    name: str
    door: Door
    make: Callable[[], bytes]
    must: Must = "either"
    seconds: float = 20.0
    timed: bool = True


@dataclass(frozen=True, slots=True)
class Fared:
    """How a case ended. seconds: of wall or processor, the less of the two, so that neighbours on the machine do not count; mb: above
    what was held before. said: the sentence, or the end of the traceback."""

    case: Case
    ended: Ended
    seconds: float
    mb: float
    said: str = ""

    @property
    def slow(self) -> bool:
        """Over five seconds or a gigabyte."""
        return self.case.timed and (self.seconds > SLOW_S or self.mb > SLOW_MB)

    @property
    def broken(self) -> bool:
        """Neither read nor refused in words."""
        return self.ended in ("traceback", "killed")

    @property
    def wrong(self) -> bool:
        """A bomb that was swallowed, or an honest file that was refused."""
        return (self.ended, self.case.must) in (("read", "refuse"), ("refused", "read"))

    def line(self) -> str:
        """For people: what went how."""
        marks = [word for word, holds in (("SLOW", self.slow), ("BROKEN", self.broken), ("WRONG", self.wrong)) if holds]
        said = " ".join(self.said.split())
        return f"{self.case.name:48.48} {self.ended:9} {self.seconds:6.2f} s {self.mb:7.1f} MB  {' '.join(marks):12} {said[:110]}"
