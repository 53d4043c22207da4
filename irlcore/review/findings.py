"""What a track did, in words with places: each a sentence that is certain, not a guess of why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from irlcore.review.behaviour import FARTHER, U_TURN, Excursion, Finding, Spots, Walk, erased, excursions, partings, walk_of
from irlcore.review.parts.once import once
from irlcore.review.sequences.findings import sequence_findings
from irlcore.review.sequences.usual import UsualSequences, usual_sequences
from irlcore.review.words import did
from irlcore.review.words.places import Said
from irlcore.worlds.alike import alike_ways
from irlcore.worlds.goal_prior import arrived
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

MOST_ROUND_A_BLOCK = 10  # spots of a ring
LEAST_UNUSED = 3  # places one after the other that no known track used
UNSEEN = ("unused", "end")  # kinds that say what nobody known did: how many others did so would seem to gainsay it


@dataclass(frozen=True, eq=False)
class Known:
    """The tracks that stand for usual behaviour: index (n,) into the paths; used and ended (L,) int64, by how many of them each place was
    passed, and was the last one. called: what one of them is called after "no". said: what places are called. sequences: of a log, what
    they have of events."""

    index: np.ndarray
    used: np.ndarray
    ended: np.ndarray
    called: str
    said: Said
    sequences: UsualSequences | None = None

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """The places that any of them passed, by what these are called: many links of a street are called the same."""
        places: dict[str, list[int]] = {}
        for place in np.flatnonzero(self.used).tolist():
            places.setdefault(self.said(place), []).append(place)
        return places

    def any_at(self, name: str, count: np.ndarray, own: frozenset[int]) -> bool:
        """Whether ``count``, used or ended, has one at a place of that name but the track that made one at each of ``own``."""
        return any(count[place] > (place in own) for place in self.by_name.get(name, ()))


def known_of(spots: Spots, paths: Paths, index: np.ndarray, said: Said) -> Known:
    """The counts of the paths ``index`` (n,): where they are all there are, each is told against the others."""
    world, chosen = spots.world, paths.take(index)
    same = alike_ways(chosen)
    different, _ = once(np.arange(len(chosen)) if same is None else same, np.arange(len(chosen)))
    ways = chosen.take(different.index)
    states = np.insert(world.mdp.choice_state[ways.choices], ways.offsets[1:], ways.last_state)
    place, owner = world.place_of_state[states], np.repeat(np.arange(len(ways)), ways.lengths + 1)
    key = np.sort(owner * np.int64(world.n_places) + place)
    key = key[np.append(True, key[1:] != key[:-1])[:len(key)]]
    used = np.bincount(key % world.n_places, different.often[key // world.n_places], world.n_places).astype(np.int64)
    log = world.kind == "log"
    return Known(index, used, np.bincount(world.place_of_state[chosen.last_state[arrived(chosen)]], minlength=world.n_places),
                 f"{'other' if len(index) == len(paths) else 'known'} {'sequence' if log else 'track'}", said,
                 usual_sequences(world, paths, index) if log else None)


def roams(paths: Paths, index: int) -> bool:
    """Whether path ``index`` is of an agent without a destination."""
    goal = int(paths.goal[index])
    return goal >= 0 and bool(paths.goals.nowhere[goal])


def behaviour_findings(spots: Spots, paths: Paths, index: int, way: np.ndarray, known: Known, said: Said) -> list[Finding]:
    """What path ``index`` did that its likeliest way, choices (n,), which may be empty, does not do. Who roams goes round, turns back and
    ends anywhere as a matter of course, so of such a path only where it went is told; one that was cut off has no end that is known."""
    world = spots.world
    if known.sequences is not None:
        return sequence_findings(world, paths, index, known.sequences, known.called)
    places = world.place_of_state[paths.states(world.mdp, index)]
    choices = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
    walk = walk_of(spots, places, choices)
    own = frozenset(places.tolist() if (known.index == index).any() else ())
    if roams(paths, index):
        return list(_unused(walk, known, own, said))
    likely = walk_of(spots, np.append(world.choice_from[way], world.choice_place[way[-1:]]), way) if len(way) else None
    usual = {int(likely.spots[one.far]) for one in excursions(spots, likely)} if likely is not None else set()
    strange = [one for one in excursions(spots, walk) if int(walk.spots[one.far]) not in usual]
    arrives = bool(arrived(paths.take(np.array([index])))[0])
    goal = str(said(int(places[-1]))) if arrives else ""
    turns = list(_turns(walk, strange, said))
    if not turns and not spots.meet and world.kind == "network":
        turns = list(_turned(world, choices, way, said))
    found = [*(_passed(walk, places, spots, goal) if arrives else ()), *_circles(walk, strange, spots, said), *turns]
    if likely is not None and world.mdp.deterministic:
        found += _detour(erased(walk, strange), likely, spots, said, goal)
    return [*found, *_unused(walk, known, own, said), *(_ended(int(places[-1]), known, own, goal) if arrives else ())]


def _passed(walk: Walk, places: np.ndarray, spots: Spots, goal: str) -> Iterator[Finding]:
    """It was at its goal, or came through it the other way, before it ended there."""
    ends = {int(spots.begin[places[-1]]), int(spots.end[places[-1]])}
    last = len(walk.spots) - 1
    for t in range(1, last - 1):
        here = {int(walk.spots[t - 1]), int(walk.spots[t])} if spots.meet else {int(walk.spots[t])}
        if here == ends:
            yield Finding("passed its goal", walk.between(t, last), *did.passed_goal(goal, walk.said(t, last)), where=goal)
            return


def _circles(walk: Walk, strange: list[Excursion], spots: Spots, said: Said) -> Iterator[Finding]:
    rings = [one for one in strange if one.round]
    if not rings:
        return
    first, whole = rings[0], sum(walk.along(one) for one in rings)
    spot = said(int(walk.places[first.last]))
    block = spots.world.kind == "network" and max(len(one.steps) for one in rings) <= MOST_ROUND_A_BLOCK
    yield Finding("circle", whole, *did.circled(spot, len(rings), walk.told(whole), block), where=spot)


def _turns(walk: Walk, strange: list[Excursion], said: Said) -> Iterator[Finding]:
    backs = [one for one in strange if not one.round]
    if not backs:
        return
    longest = max(backs, key=lambda one: (round(walk.along(one), 6), -one.first))
    whole = sum(walk.along(one) for one in backs)
    spot = said(int(walk.places[longest.far]))
    yield Finding("turn", whole, *did.turned_round(spot, len(backs), walk.told(whole)), where=spot)


def _turned(world: World, choices: np.ndarray, way: np.ndarray, said: Said) -> Iterator[Finding]:
    """U-turns as the links' own turns tell them: a kind of its own, since these are counted and have no length."""
    usual = {(int(world.choice_from[c]), int(world.choice_place[c])) for c in way[np.abs(world.choice_turn[way]) >= U_TURN]}
    sharp = choices[np.abs(world.choice_turn[choices]) >= U_TURN]
    strange = [here for c in sharp if (here := (int(world.choice_from[c]), int(world.choice_place[c]))) not in usual]
    if strange:
        spot = said(strange[0][0])
        yield Finding("U-turn", float(len(strange)), *did.turned_on_the_spot(spot), where=spot)


def _detour(walk: Walk, likely: Walk, spots: Spots, said: Said, goal: str) -> Iterator[Finding]:
    """The longest way round between two spots of the likeliest way, told by where it was the farthest from that."""
    best, most = None, 0.0
    for piece in partings(walk, likely):
        if piece.extra > most * (1.0 + 1e-9):
            best, most = piece, piece.extra
    if best is None or most < FARTHER * likely.between(0, len(likely.spots) - 1):
        return
    a, b = best.own
    where, middle = said(int(walk.places[a])), said(int(walk.places[_farthest_off(walk, likely, spots, a, b)]))
    back = said(int(walk.places[b]))
    end = goal if b == len(walk.spots) - 1 else ""
    yield Finding("detour", most, *did.made_a_detour(where, middle, back, end, walk.told(most)),
                  where=where if middle in (where, back) else middle)


def _farthest_off(walk: Walk, likely: Walk, spots: Spots, first: int, last: int) -> int:
    """The position between two of a walk at which it was the farthest from the likeliest way, of several the middle one; halfway
    where none of them has coordinates."""
    inside = np.arange(first + 1, last)
    if not len(inside):
        return last
    off = np.fmin.reduce(np.hypot(*(spots.xy[walk.spots[inside], None] - spots.xy[likely.spots][None]).transpose(2, 0, 1)), axis=1)
    inside, off = inside[np.isfinite(off)], off[np.isfinite(off)]  # spots without coordinates count on neither way
    if not len(inside):
        return (first + last + 1) // 2
    most = np.flatnonzero(off >= off.max() * (1.0 - 1e-9))
    return int(inside[most[len(most) // 2]])


def _unused(walk: Walk, known: Known, own: frozenset[int], said: Said) -> Iterator[Finding]:
    """The longest stretch that no other known track used. own: the places of this track where it is a known one itself."""
    new = np.concatenate(([0], (known.used[walk.places] - bool(own) <= 0).astype(np.int64), [0]))
    starts, ends = np.flatnonzero(np.diff(new) == 1), np.flatnonzero(np.diff(new) == -1) - 1
    if not len(starts) or (ends - starts).max() + 1 < LEAST_UNUSED:
        return
    k = int(np.argmax(ends - starts))
    a, b = int(starts[k]), int(ends[k])
    first, last = said(int(walk.places[a])), said(int(walk.places[b]))
    amount = walk.between(max(a - 1, 0), b)
    # of places that are called so some may have been used, so that the name alone would say too much
    by_name = not any(known.any_at(name, known.used, own) for name in (first, last))
    wording = did.went_where_none_did(first, last, walk.told(amount), known.called, by_name)
    yield Finding("unused", amount, *wording, where=first if by_name else "")


def _ended(place: int, known: Known, own: frozenset[int], goal: str) -> Iterator[Finding]:
    if known.ended[place] - bool(own) > 0:
        return
    by_name = not known.any_at(goal, known.ended, own & {place})
    yield Finding("end", 0.0, *did.ended_where_none_did(goal, known.called, by_name), where=goal if by_name else "")
