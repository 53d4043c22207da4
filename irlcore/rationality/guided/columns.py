"""Value features of a world as numbers: of each choice, for one goal at a time.

A choice has what the state that it leads to has, on average where chance decides; where the goal is reached there is nothing left of what
is told of the way to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context
from irlcore.features.kinds.distance import straight_distance
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.guided.value_features import KINDS, KM, ValueSpec, unit_of
from irlcore.rationality.solution import Prepared
from irlcore.worlds.world import World

QUARTER = 0.5 * np.pi
SIDEWAYS = 1.0  # of who stays: neither nearer nor farther
PER_STEP = 1e-3  # of a mean step: of ways as long, that of fewest steps
MOST_KEPT = 256_000_000  # bytes of what is along shortest ways, over all goals


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What E outcomes of choices are: the choice's row, where it was made and what it led to (E,), and the chance of that."""

    row: np.ndarray
    here: np.ndarray
    there: np.ndarray
    chance: np.ndarray


class ValueColumns:
    """The value features ``specs`` of a world. zones: name -> ring, features: name -> (M,), of what specs are of. Raises FeatureError."""

    def __init__(self, world: World, specs: Sequence[ValueSpec], zones: Mapping[str, np.ndarray] | None = None,
                 features: Mapping[str, np.ndarray] | None = None) -> None:
        self.world, self.specs = world, tuple(specs)
        for spec in specs:
            missing = KINDS[spec.kind].missing(world)
            if missing:
                raise FeatureError(f"{KINDS[spec.kind].title.format(spec.of)} cannot be told here. {missing}",
                                   "Choose another value feature.")
            if not KINDS[spec.kind].unit and spec.unit not in (world.unit, unit_of(world)):
                raise FeatureError(f"{spec.title} cannot be told here: this world's unit is {world.unit or 'not known'}.",
                                   "Choose the value feature anew.")
        context = Context(zones=zones or {})
        self._far = {s.of: straight_distance(world, context, s.of) for s in specs if s.kind == "zone"}
        if any(not np.isfinite(far[np.unique(world.choice_place)]).all() for far in self._far.values()):
            raise _no_place(world)
        self._along = [s for s in specs if s.kind in ("way", "steps", "ahead")]
        self._to_sum = np.column_stack([self._summed(s, features or {}) for s in self._along]) if self._along else None
        self._moves = _moves(world) if any(s.kind == "heading" for s in specs) else None
        self._plan: Prepared | None = None
        self._kept: dict[bytes, np.ndarray] = {}
        self._lock = Lock()

    @property
    def aims(self) -> bool:
        """Whether some of them need a goal."""
        return any(KINDS[s.kind].aims for s in self.specs)

    def of(self, choices: np.ndarray, goal_states: np.ndarray) -> np.ndarray:
        """(n, F) float64 of ``choices`` (n,) on the way to a goal."""
        if self.aims and not len(goal_states):
            raise FeatureError("These agents have no goal, so nothing can be told of the way to one.",
                               "Choose value features that need none, or give the class a destination.")
        at = self._outcomes(choices)
        arrived = np.isin(at.there, goal_states)
        along = self._to_go(goal_states)[at.there] if self._along else np.zeros((len(at.row), 0))
        columns = []
        for spec in self.specs:
            if spec.kind == "zone":
                columns.append(self._far[spec.of][self.world.place_of_state[at.there]] / self._length(spec))
                continue
            if spec.kind == "heading":
                found = self._heading(at, goal_states)
            elif spec.kind == "straight":
                found = self._nearest(self._xy(at.there), goal_states)[0] / self._length(spec)
            else:
                found = along[:, self._along.index(spec)]
            columns.append(np.where(arrived, 0.0, found))
        told = np.column_stack(columns)
        if self.world.mdp.deterministic:
            return told
        out = np.zeros((len(choices), told.shape[1]))
        np.add.at(out, at.row, told * at.chance[:, None])
        return out

    def _outcomes(self, choices: np.ndarray) -> Outcomes:
        mdp, choices = self.world.mdp, choices.astype(np.int64)
        first = mdp.successor_offsets[choices]
        many = mdp.successor_offsets[choices + 1] - first
        row = np.repeat(np.arange(len(choices)), many)
        at = np.arange(int(many.sum())) + np.repeat(first - (np.cumsum(many) - many), many)
        return Outcomes(row, mdp.choice_state[choices][row], mdp.successors[at], mdp.probabilities[at])

    def _length(self, spec: ValueSpec) -> float:
        """What one unit of a spec's length is in the world's."""
        return 1000.0 if spec.unit == KM and self.world.unit == "m" else 1.0

    def _xy(self, states: np.ndarray) -> np.ndarray:
        xy = self.world.place_xy[self.world.place_of_state[states]]
        if not np.isfinite(xy).all():
            raise _no_place(self.world)
        return xy

    def _nearest(self, xy: np.ndarray, goal_states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Distance (E,) of points (E, 2) from the nearest place of a goal, and that place's middle (E, 2)."""
        far, to = np.full(len(xy), np.inf), np.zeros_like(xy)
        for middle in np.unique(self._xy(goal_states), axis=0):
            there = np.hypot(*(xy - middle).T)
            to[there < far] = middle
            far = np.minimum(far, there)
        return far, to

    def _heading(self, at: Outcomes, goal_states: np.ndarray) -> np.ndarray:
        """(E,) angle between going through the place that a choice leads to and the line from there to the goal, in right angles."""
        assert self._moves is not None
        begin, move = (part[self.world.place_of_state[at.there]] for part in self._moves)
        between = ~np.isfinite(move).all(axis=1)  # a cell, or a road that ends where it begins: from middle to middle
        begin, move = begin.copy(), move.copy()
        begin[between] = self._xy(at.here[between])
        move[between] = self._xy(at.there[between]) - begin[between]
        line = self._nearest(begin, goal_states)[1] - begin
        across, along = np.abs(move[:, 0] * line[:, 1] - move[:, 1] * line[:, 0]), (move * line).sum(axis=1)
        return np.where(move.any(axis=1) & line.any(axis=1), np.arctan2(across, along) / QUARTER, SIDEWAYS)

    def _summed(self, spec: ValueSpec, features: Mapping[str, np.ndarray]) -> np.ndarray:
        """(M,) what is added up along the shortest way."""
        if spec.kind == "way":
            return self.world.choice_length / self._length(spec)
        if spec.kind == "steps":
            return np.ones(self.world.mdp.n_choices)
        if spec.of not in features:
            raise FeatureError(f"There is no feature {spec.of!r} to count along the way.", "Choose one of the features of this project.")
        return np.asarray(features[spec.of], np.float64)

    def _to_go(self, goal_states: np.ndarray) -> np.ndarray:
        """(S, n) sums along the shortest way to a goal; ways that are as short share."""
        key = np.asarray(goal_states, np.int64).tobytes()
        found = self._kept.get(key)
        if found is not None:
            return found
        with self._lock:
            if self._plan is None:
                length = self.world.choice_length
                mean = float(length.mean()) or 1.0
                self._plan = Boltzmann().prepare(self.world.mdp, -(length / mean + PER_STEP))
        assert self._to_sum is not None
        solution = Boltzmann().solve(self._plan, goal_states)
        there = np.isfinite(solution.value)
        found = np.where(there[:, None], np.where(there[:, None], solution.slope.push(self._to_sum), 0.0), 0.0)
        found[goal_states] = 0.0
        if (len(self._kept) + 1) * found.nbytes <= MOST_KEPT:
            self._kept[key] = found
        return found


def _moves(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Where going through each place begins, and which way it leads, (L, 2) each; NaN where a place has no direction of its own."""
    begin, move = np.full((world.n_places, 2), np.nan), np.full((world.n_places, 2), np.nan)
    long = np.flatnonzero(np.diff(world.shape_offsets) > 1) if world.kind == "network" else np.zeros(0, np.int64)
    begin[long] = world.shape_xy[world.shape_offsets[long]]
    move[long] = world.shape_xy[world.shape_offsets[long + 1] - 1] - begin[long]
    move[~move.any(axis=1)] = np.nan
    return begin, move


def _no_place(world: World) -> FeatureError:
    at = world.place_names[np.flatnonzero(~np.isfinite(world.place_xy).all(axis=1))[0]]
    return FeatureError(f"Place {at} has no coordinates, so its distance and direction cannot be told.",
                        "Mend its coordinates, or choose value features that need none.")
