"""What anomalies are made of: ordinary tracks as they are, one at a time, and what the planted ones come out as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from irlcore.simulation.planted.ground import Ground, Way, ground_of
from irlcore.worlds.goal_prior import arrived
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World


@dataclass(frozen=True, slots=True, eq=False)
class Ordinary:
    """N ordinary tracks. began: (N,) float64 and spent: (C,) float64 seconds, or None, facts: name -> (N,) float64, what is known of gaps:
    as of ``review.parts.base.Material``, NaN where nothing is known."""

    world: World
    paths: Paths
    began: np.ndarray
    spent: np.ndarray | None = None
    facts: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class One:
    """One track that an anomaly is made of, by its number. states: (n + 1,) int64. goal_states: empty where it has no destination. spent:
    (n,) float64 seconds, None where the tracks carry no time."""

    number: int
    states: np.ndarray
    goal: int
    goal_states: np.ndarray
    spent: np.ndarray | None
    facts: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """One anomaly: its way, its goal, and how it differs in time and in what is known of its gaps, where it does. choices: (n,) int64,
    those that were made, where they are not named by where they lead; of the way alone where None."""

    way: Way
    goal: int
    spent: np.ndarray | None = None
    facts: Mapping[str, float] = field(default_factory=dict)
    choices: np.ndarray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """The ordinary tracks ready to be made anomalies of. states: of all tracks, one after the other, those of track i from
    ``first[i]`` to before ``first[i + 1]``. usual: (M,) float64, seconds that a choice takes, None where no times are known. homes: the
    pairs (place of the start, goal) that some track has."""

    ordinary: Ordinary
    ground: Ground
    states: np.ndarray
    first: np.ndarray
    by_state: np.ndarray
    homes: frozenset[tuple[int, int]]
    usual: np.ndarray | None

    def of(self, track: int) -> One:
        """A track by its number, as what an oddity can be planted into."""
        paths, spent = self.ordinary.paths, self.ordinary.spent
        goal, a, b = int(paths.goal[track]), int(paths.offsets[track]), int(paths.offsets[track + 1])
        facts = {name: float(values[track]) for name, values in self.ordinary.facts.items()}
        return One(track, self.states[self.first[track]:self.first[track + 1]], goal, paths.goals.of(goal),
                   None if spent is None else spent[a:b], facts)

    def through(self, state: int) -> np.ndarray:
        """Where in ``states`` a state stands."""
        a, b = np.searchsorted(self.states[self.by_state], [state, state + 1])
        return np.asarray(self.by_state[a:b])

    def owner(self, at: np.ndarray) -> np.ndarray:
        """The track that each place in ``states`` belongs to."""
        return np.asarray(np.searchsorted(self.first, at, side="right") - 1)


def sources_of(ordinary: Ordinary) -> Sources:
    """The tracks ready to be made anomalies of."""
    world, paths = ordinary.world, ordinary.paths
    mdp = world.mdp
    first = paths.offsets + np.arange(len(paths) + 1)
    states = np.zeros(int(first[-1]), np.int64)
    ends = first[1:] - 1
    inner = np.ones(len(states), bool)
    inner[ends] = False
    states[inner], states[ends] = mdp.choice_state[paths.choices], paths.last_state
    came = np.flatnonzero(arrived(paths))
    homes = frozenset(zip(world.place_of_state[states[first[:-1]]][came].tolist(), paths.goal[came].tolist(), strict=True))
    ground = ground_of(world) if world.kind != "log" else Ground(world, sp.csr_array((mdp.n_states,) * 2))  # events need no ways
    return Sources(ordinary, ground, states, first, np.argsort(states, kind="stable"), homes, usual_seconds(ordinary))


def usual_seconds(ordinary: Ordinary) -> np.ndarray | None:
    """(M,) float64: the median of the seconds spent where a choice is made; where nobody was, as long as its length takes at the median
    pace of all."""
    if ordinary.spent is None or not np.isfinite(ordinary.spent).any():
        return None
    world, known = ordinary.world, np.flatnonzero(np.isfinite(ordinary.spent))
    choices, spent = ordinary.paths.choices[known], ordinary.spent[known]
    place = world.choice_from[choices]
    order = np.lexsort((spent, place))
    counts = np.bincount(place, minlength=world.n_places)
    begins = np.cumsum(counts) - counts
    here = np.full(world.n_places, np.nan)
    seen = counts > 0
    here[seen] = spent[order][begins[seen] + counts[seen] // 2]
    length, middle = world.choice_length, float(np.median(spent))
    moved = np.isfinite(length[choices]) & (length[choices] > 0.0)
    pace = float(np.median(spent[moved] / length[choices[moved]])) if moved.any() else np.nan
    long = length * pace
    return np.where(seen[world.choice_from], here[world.choice_from], np.where(np.isfinite(long) & (long > 0.0), long, middle))
