"""Anomalies of every kind, planted into ordinary tracks: what a score finds of them says what it is worth on this class.

Each is made of one ordinary track. Where a way is new, the steps on it take as long as that choice usually takes, at the track's own tempo,
so that a detour is one in its way and not in its pace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.errors import WorldError
from irlcore.simulation.planted import events, routes, shapes, timings
from irlcore.simulation.planted.sources import Made, One, Ordinary, Sources, sources_of
from irlcore.worlds.goal_prior import arrived
from irlcore.worlds.history.classes import aspects_of
from irlcore.worlds.mdp import Paths, choices_between
from irlcore.worlds.world import World

SEED = 20121
HELD_BACK = "kind held back"


@dataclass(frozen=True, slots=True)
class PlantedKind:
    """One kind of anomaly. make: of one track, None where it cannot be made of it; None where such are not made but held back. called: what
    several are called. roams: whether it makes sense of tracks without a destination, which may go any way. timed: whether it is one in
    time alone. seen_by: the family of scores without which nothing tells it, None where its way does. of_events: whether it is one of event
    sequences, not of ways. kinds: whether it takes that events are told apart by more than their names."""

    make: Callable[[Sources, One, np.random.Generator], Made | None] | None
    called: str
    roams: bool = True
    timed: bool = False
    seen_by: str | None = None
    of_events: bool = False
    kinds: bool = False


PLANTED: Mapping[str, PlantedKind] = {
    "detour": PlantedKind(routes.detour, "detours", False),
    "switch": PlantedKind(routes.switch, "switches of way", False),
    "wrong destination": PlantedKind(routes.wrong_end, "wrong destinations", False),
    "random walk": PlantedKind(routes.random_walk, "random walks"),
    "loop": PlantedKind(shapes.loop, "loops"),
    "back and forth": PlantedKind(shapes.to_and_fro, "ways back and forth"),
    "repeat": PlantedKind(shapes.repeat, "repeats", False),
    "stop": PlantedKind(timings.stop, "stops", timed=True, seen_by="pace"),
    "too fast": PlantedKind(timings.too_fast, "tracks too fast", timed=True, seen_by="pace"),
    "too slow": PlantedKind(timings.too_slow, "tracks too slow", timed=True, seen_by="pace"),
    "gap": PlantedKind(timings.gap, "gaps", seen_by="gap"),
    "foreign stretch": PlantedKind(events.foreign, "foreign stretches", of_events=True),
    "shuffled stretch": PlantedKind(events.shuffled, "shuffled stretches", of_events=True),
    "left out": PlantedKind(events.left_out, "stretches left out", of_events=True),
    "gone over again": PlantedKind(events.gone_over, "stretches gone over again", of_events=True),
    "stray events": PlantedKind(events.stray, "sequences with stray events", of_events=True),
    "taking turns": PlantedKind(events.taking_turns, "pairs of sequences that take turns", of_events=True),
    "one by one": PlantedKind(events.one_by_one, "sequences made up pair by pair", of_events=True),
    "other kinds": PlantedKind(events.other_kinds, "sequences with events of another kind", of_events=True, kinds=True),
    HELD_BACK: PlantedKind(None, "sequences of a kind held back", of_events=True, seen_by=HELD_BACK),
}


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """n anomalies. kind: (n,) str, a key of ``PLANTED``. of: (n,) int64, the track that each was made of. own: (C,) int64, which choice of
    that each one is, -1 where it is none. began: (n,), spent: (C,) float64, seconds, None where the tracks carry no time. facts: name ->
    (n,) float64, the same names as those of the tracks."""

    paths: Paths
    kind: np.ndarray
    of: np.ndarray
    own: np.ndarray
    began: np.ndarray
    spent: np.ndarray | None
    facts: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.kind)


def why_none(world: World) -> str:
    """Why nothing can be planted in a world, one sentence; empty where it can."""
    if not world.mdp.deterministic:
        return "Where a choice leads is left to chance here, so no anomalies can be made up."
    return "In a world made of a table no way can be made up." if world.kind == "table" else ""


def kinds_in(world: World) -> list[str]:
    """The kinds that make sense in a world: of event sequences in a log, of ways elsewhere."""
    log = world.kind == "log"
    told_apart = log and bool(aspects_of(world))
    return [name for name, one in PLANTED.items() if one.of_events == log and one.make is not None and one.kinds <= told_apart]


def plant(ordinary: Ordinary, index: np.ndarray, kinds: Sequence[str] | None = None, each: int = 0, seed: int = SEED) -> Planted:
    """Anomalies of each kind made of the tracks ``index`` (m,): one of each of these, or ``each`` in all, of tracks drawn at random, where
    that is above 0. Kinds that cannot be made here come out with none, and so do tracks that a kind cannot be made of.

    The same for the same tracks in the same order. WorldError where the world is one that nothing can be planted in.
    """
    if why := why_none(ordinary.world):
        raise WorldError(why, "Plant anomalies in a grid or a network whose moves never slip.")
    sources = sources_of(ordinary)
    paths = ordinary.paths
    came = arrived(paths)
    roams = np.zeros(len(paths), bool)
    known = paths.goal >= 0
    roams[known] = paths.goals.nowhere[paths.goal[known]]
    made: list[Made] = []
    of, kind = [], []
    for name in kinds_in(ordinary.world) if kinds is None else kinds:
        one = PLANTED[name]
        if one.make is None or (one.timed and sources.usual is None):
            continue
        rng = np.random.default_rng((seed, list(PLANTED).index(name)))
        usable = index[came[index] | (roams[index] & one.roams)]
        count = 0
        for track in (rng.permutation(usable) if each else usable).tolist():
            found = one.make(sources, sources.of(track), rng)
            if found is not None:
                made.append(found)
                of.append(track)
                kind.append(name)
                count += 1
                if count == each:
                    break
    return _joined(sources, made, np.array(of, np.int64), np.array(kind, object))


def _joined(sources: Sources, made: list[Made], of: np.ndarray, kind: np.ndarray) -> Planted:
    ordinary = sources.ordinary
    mdp, source = ordinary.world.mdp, ordinary.paths
    lengths = np.array([len(one.way.own) for one in made], np.int64)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    nothing = np.zeros(0, np.int64)
    before, after, own = (np.concatenate([nothing, *parts]) for parts in (
        [one.way.states[:-1] for one in made], [one.way.states[1:] for one in made], [one.way.own for one in made]))
    kept, where = own >= 0, np.repeat(source.offsets[of], lengths) + own
    choices = choices_between(mdp, before, after)
    choices[kept] = source.choices[where[kept]]
    for k, one in enumerate(made):
        if one.choices is not None:
            choices[offsets[k]:offsets[k + 1]] = one.choices
    spent = None
    if ordinary.spent is not None:
        spent = np.full(len(choices), np.nan) if sources.usual is None else sources.usual[choices] * _tempo(sources)[np.repeat(of, lengths)]
        spent[kept] = ordinary.spent[where[kept]]
        for k, one in enumerate(made):
            if one.spent is not None:
                spent[offsets[k]:offsets[k + 1]] = one.spent
    times = None if source.times is None else _times(source.times[source.offsets[of]], spent, offsets)
    facts = {name: np.array([one.facts.get(name, values[i]) for one, i in zip(made, of.tolist(), strict=True)], np.float64)
             for name, values in ordinary.facts.items()}
    paths = Paths(np.array([f"planted {k + 1}" for k in range(len(made))], object), offsets, choices,
                  np.array([one.way.states[-1] for one in made], np.int64), np.array([one.goal for one in made], np.int64), source.goals,
                  times, source.past)
    return Planted(paths, kind, of, own, ordinary.began[of], spent, facts)


def _tempo(sources: Sources) -> np.ndarray:
    """(N,) float64: the median over a track's choices of the time that each took in terms of the usual; 1 where none is known."""
    paths, spent, usual = sources.ordinary.paths, sources.ordinary.spent, sources.usual
    assert spent is not None and usual is not None
    share = spent / np.maximum(usual[paths.choices], 1e-9)
    known = np.flatnonzero(np.isfinite(share) & (share > 0.0))
    owner = paths.owner[known]
    order = np.lexsort((share[known], owner))
    counts = np.bincount(owner, minlength=len(paths))
    begins = np.cumsum(counts) - counts
    out = np.ones(len(paths))
    some = counts > 0
    out[some] = share[known][order][begins[some] + counts[some] // 2]
    return out


def _times(begins: np.ndarray, spent: np.ndarray | None, offsets: np.ndarray) -> np.ndarray:
    """(C,) float64: when each choice was made, of tracks that began so, from what each took; an unknown one takes nothing."""
    took = np.zeros(int(offsets[-1])) if spent is None else np.where(np.isfinite(spent), spent, 0.0)
    gone = np.concatenate(([0.0], np.cumsum(took)))
    lengths = np.diff(offsets)
    return np.repeat(begins - gone[offsets[:-1]], lengths) + gone[:-1]
