"""A folder of files held to what is expected of it: read right, said right, silent, a traceback, or wrong with something said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from benchmarks.cases.expectation import Asked, Expected, Facts, Read, Refused, Way
from benchmarks.cases.facts import differences
from benchmarks.cases.path import Outcome, Picked, import_files
from irlcore.tracks.options import Options

Files = Mapping[str, bytes]


class Kind(StrEnum):
    """What came of a case. Only the first two are right. Silent: read wrongly or in part, and nothing that was said names it. Wrong: not
    what is expected, with words that are not those either (the wrong cause), or with the right words and the wrong result."""

    READ_RIGHT = "read_right"
    SAID_RIGHT = "said_right"
    SILENT = "silent"
    TRACEBACK = "traceback"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Judged:
    """kind: of the case. why: what does not hold of the way that comes nearest, and what was said; empty where it is right."""

    kind: Kind
    why: str = ""

    @property
    def right(self) -> bool:
        """Whether it is as expected."""
        return self.kind in (Kind.READ_RIGHT, Kind.SAID_RIGHT)


def judged(files: Files, expected: Expected) -> Judged:
    """What came of these files (name -> bytes)."""
    outcome = import_files(files)
    if outcome.crash:
        return Judged(Kind.TRACEBACK, outcome.crash.strip().splitlines()[-1][:200])
    missed = []
    for way in expected.ways:
        wrong = misses(files, outcome, way)
        if not wrong:
            return Judged(Kind.READ_RIGHT if isinstance(way, Read) else Kind.SAID_RIGHT)
        missed.append((not isinstance(way, _like(outcome)), isinstance(way, Asked), len(wrong), wrong))
    least = min(missed)[3]
    if any(one.startswith("traceback") for one in least):
        return Judged(Kind.TRACEBACK, "; ".join(least))
    why = "; ".join(least) + (f" | said: {' '.join(outcome.told)[:160]}" if outcome.told else "")
    named = [way for way in expected.ways if way.told and not unsaid(outcome, way.told)]
    silent = outcome.project is not None and not named
    return Judged(Kind.SILENT if silent else Kind.WRONG, why)


def misses(files: Files, outcome: Outcome, way: Way) -> list[str]:
    """What does not hold of one way; empty where it is the one."""
    words = [f"nothing says {word!r}" for word in unsaid(outcome, way.told)]
    if isinstance(way, Read):
        words += _held(outcome, way.facts)
        if way.then is None:
            return words
        return words + [f"chosen by hand: {one}" for one in _held(import_files(files, way.chosen), way.then)]
    if isinstance(way, Asked):
        if outcome.asked is None or outcome.asked.about != way.about:
            return ["it does not ask" if outcome.asked is None else f"it asks about {outcome.asked.about}", *words]
        return words + _answered(files, outcome, way)
    if outcome.refused is None:
        return ["it is not refused", *words]
    words += [f"it says {word!r}" for word in way.never if re.search(word, outcome.words, re.I)]
    if words or way.facts is None:
        return words
    picked = Picked(way.roles, way.columns)
    return [f"picked by hand: {one}" for one in _held(import_files(files, picked=picked), way.facts)]


def _like(outcome: Outcome) -> type[Way]:
    """The kind of way that an outcome may be."""
    return Asked if outcome.asked else Refused if outcome.refused else Read


def unsaid(outcome: Outcome, words: Sequence[str]) -> list[str]:
    """Those of the words that stand in nothing that is told."""
    return [word for word in words if not re.search(word, outcome.words, re.I)]


def _held(outcome: Outcome, facts: Facts) -> list[str]:
    if outcome.crash:
        return [f"traceback: {outcome.crash.strip().splitlines()[-1][:200]}"]
    if outcome.project is None:
        return ["it is asked about" if outcome.asked else "it is refused"]
    return differences(outcome.project, outcome.cell, facts)


def _answered(files: Files, outcome: Outcome, way: Asked) -> list[str]:
    """The same with the questions answered, one after another."""
    wanted, options = {**way.also, way.about: way.choice}, Options()
    while outcome.asked is not None and outcome.asked.about in wanted:
        about, choices = outcome.asked.about, outcome.asked.choices
        named = wanted.pop(about)
        value = next((value for value, reads in choices.items() if re.search(named, f"{value} {reads}", re.I)), None)
        if value is None:
            return [f"no choice reads {named!r}: {choices}"]
        options = replace(options, **{about: value})
        outcome = import_files(files, options)
    return [f"answered: {one}" for one in _held(outcome, way.facts)]
