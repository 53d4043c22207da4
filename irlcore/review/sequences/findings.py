"""What a sequence did that hardly any known sequence did: an event missing, one that nobody else has, one too often, two out of order, one
right after another as never before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from irlcore.review.behaviour import Finding
from irlcore.review.sequences.usual import NEVER, UsualSequences
from irlcore.review.words import events as words
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

OF_EVENTS = "events: "
"""What kinds of findings on sequences begin with."""
FEWEST = 20
"""Known sequences, below which none tells what is usual."""
RARE = 0.05
MOST = 2
"""Events that are missing, or too often, that are told one by one."""
STEP, ORDER, ONE = 3.0, 2.0, 1.0
"""Amounts of what there is no more or less of: what tells more comes first."""
MOST_ORDERED = 40
"""Different events of a sequence whose order is looked at, the first that came."""


def sequence_findings(world: World, paths: Paths, index: int, usual: UsualSequences, called: str) -> list[Finding]:
    """Of path ``index``; called: what one of the known sequences is called. Each tells how many of the others did so."""
    row = usual.row_of(index)
    of = usual.others(row)
    if of < FEWEST:
        return []
    choices = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
    events = world.choice_place[choices].tolist()
    came = Counter(events)
    ended = bool(events) and events[-1] == world.n_places - 1
    new = [event for event in came if not usual.having(event, row)]
    return [*(_missing(world, came, usual, row, of, called) if ended else ()),
            *(Finding(f"{OF_EVENTS}new {_name(world, one)}", ONE, *words.unknown(_name(world, one), of, called)) for one in new[:MOST]),
            *_repeated(world, came, usual, row, of, called, new), *_out_of_order(world, events, usual, row, called),
            *_never(world, choices, usual, row, of, called, new)]


def _name(world: World, event: int) -> str:
    return str(world.place_names[event])


def _missing(world: World, came: Counter[int], usual: UsualSequences, row: int, of: int, called: str) -> Iterator[Finding]:
    """Events that nearly all others have, the commonest first."""
    wide = usual.widespread()
    common = [event for event in np.flatnonzero(wide >= (1.0 - RARE) * of).tolist() if event not in came]
    told = [(usual.having(event, row), event) for event in common]
    for have, event in sorted(((have, event) for have, event in told if have >= (1.0 - RARE) * of),
                              key=lambda one: (-one[0], _name(world, one[1])))[:MOST]:
        name = _name(world, event)
        yield Finding(f"{OF_EVENTS}no {name}", ONE, *words.missing(name, have, of, called))


def _repeated(world: World, came: Counter[int], usual: UsualSequences, row: int, of: int, called: str, new: list[int]) -> Iterator[Finding]:
    """Events that came as often in hardly any other, the rarest first."""
    many = [(usual.having(event, row, count), event, count) for event, count in came.items() if count > 1 and event not in new]
    rare = sorted(((have, -count, _name(world, event)) for have, event, count in many if have <= RARE * of))
    for have, count, name in rare[:MOST]:
        yield Finding(f"{OF_EVENTS}repeats {name}", ONE + 1.0 / count, *words.repeated(name, -count, have, of, called))


def _out_of_order(world: World, events: list[int], usual: UsualSequences, row: int, called: str) -> Iterator[Finding]:
    """The two events whose order the fewest others share, of those that have both."""
    own = np.array(list(dict.fromkeys(events))[:MOST_ORDERED], np.int64)
    first = usual.first_places(own, row)
    best: tuple[float, int, str, str, int] | None = None
    for k in range(len(own) - 1):
        later = first[k + 1:]
        both = ((later != NEVER) & (first[k] != NEVER)).sum(axis=1)
        so = ((later > first[k]) & (later != NEVER)).sum(axis=1)
        for j in np.flatnonzero((both >= FEWEST) & (so <= RARE * both)).tolist():
            one = (float(so[j]) / float(both[j]), -int(both[j]), _name(world, int(own[k])), _name(world, int(own[k + 1 + j])), int(so[j]))
            best = one if best is None or one < best else best
    if best is not None:
        _, both_have, a, b, have = best
        yield Finding(f"{OF_EVENTS}{a} before {b}", ORDER, *words.out_of_order(a, b, have, -both_have, called))


def _never(world: World, choices: np.ndarray, usual: UsualSequences, row: int, of: int, called: str, new: list[int]) -> Iterator[Finding]:
    """The first step that no other took, between events that others have; how many more there are."""
    before, after = world.choice_from[choices], world.choice_place[choices]
    pairs = before * np.int64(world.n_places) + after
    taken = usual.following(pairs) - (row >= 0)  # a known sequence took each of its own
    strange = np.flatnonzero((taken <= 0) & ~np.isin(before, new) & ~np.isin(after, new))
    strange = strange[np.sort(np.unique(pairs[strange], return_index=True)[1])]
    if len(strange):
        a, b = int(before[strange[0]]), int(after[strange[0]])
        begins, ends = a == world.n_places - 2, b == world.n_places - 1
        yield Finding(f"{OF_EVENTS}{_name(world, a)} then {_name(world, b)}", STEP, *words.one_after_the_other(
            _name(world, a), _name(world, b), begins, ends, len(strange) - 1, of, called))
