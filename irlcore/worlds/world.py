"""A world: the MDP together with everything that features and maps need to know of the ground.

A *place* is what an analyst sees: a cell of a grid or a link of a network. Several states may share a
place (a grid that remembers the heading has one state per cell and heading). In a world of a table each state is a place. In a log
of events a state is what has happened so far, and its place is the event that happened last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from irlcore.engine import kept
from irlcore.errors import DataError
from irlcore.worlds.mdp import MDP, Goals, Paths, build_goals

A_PLACE = {"grid": "cell", "network": "link", "table": "state", "log": "event"}
"""What a place is called in a world of each kind."""


@kept
@dataclass(frozen=True, slots=True, weakref_slot=True)
class World:
    """S states, M choices, L places.

    place_of_state: (S,) int64. place_names: (L,) str.
    place_xy: (L, 2) float64, the middle of each place in ``unit``; NaN where the data has no coordinates.
    shape_xy: (V, 2) float64 and shape_offsets: (L + 1,) int64: the line of a link, the outline of a cell.
    choice_length: (M,) float64, length of the step in ``unit``; NaN where unknown.
    choice_turn: (M,) float64, turn in radians, right positive, in [-pi, pi]; NaN where unknown.
    place_attributes: name -> (L,) float64 or str; a choice takes the attribute of the place it leads to.
    choice_attributes: name -> (M,) float64 or str; the attribute of the transition itself.
    crs: projection of the coordinates, None where they are the data's own.
    settings: what the world was built with (cell size, moves, slip, clock ...), plain JSON values.

    A world with a clock (``irlcore/worlds/clock.py``) is ``n_bands`` copies of one world, band by band; its *ground* is the world
    without bands.
    """

    kind: Literal["grid", "network", "table", "log"]
    mdp: MDP
    unit: str
    place_of_state: np.ndarray
    place_names: np.ndarray
    place_xy: np.ndarray
    shape_xy: np.ndarray
    shape_offsets: np.ndarray
    choice_length: np.ndarray
    choice_turn: np.ndarray
    place_attributes: Mapping[str, np.ndarray] = field(default_factory=dict)
    choice_attributes: Mapping[str, np.ndarray] = field(default_factory=dict)
    crs: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def from_table(choices: pd.DataFrame, states: pd.DataFrame | None = None, *, columns: Mapping[str, Mapping[str, str]] | None = None,
                   unit: str = "", choices_seen: bool = True) -> World:
        """A world of one's own: textbook problems, econometric models, anything with states and choices.

        choices: one row for each outcome: state, choice, next_state, probability (where there is none, each choice has one outcome); every
        other column is an attribute of the choice, averaged by probability where outcomes differ. states: state, x, y, attributes; not
        needed. A state without a choice is an end. columns: "outcomes" and "states" -> part -> column, for other names. choices_seen:
        whether what is observed tells choices (see ``paths_of``) and not only states. DataError names all rows that are wrong.

        >>> import pandas as pd, irlcore as ir
        >>> table = pd.DataFrame({"state": ["old", "old", "new", "new"], "choice": ["keep", "replace", "keep", "keep"],
        ...                       "next_state": ["old", "new", "new", "old"], "probability": [1.0, 1.0, 0.8, 0.2],
        ...                       "cost": [3.0, 9.0, 1.0, 1.0]})
        >>> world = ir.World.from_table(table)
        >>> world.mdp.n_states, world.mdp.n_choices, world.choice_attributes["cost"].tolist()
        (2, 3, [3.0, 9.0, 1.0])
        >>> seen = pd.DataFrame({"track": ["a", "a", "a"], "step": [1, 2, 3], "state": ["new", "old", "new"],
        ...                      "choice": ["keep", "replace", "keep"]})
        >>> paths = world.paths_of(seen)
        >>> len(paths), list(world.choice_attributes["choice"][paths.choices])
        (1, ['keep', 'replace', 'keep'])
        """
        from irlcore.worlds.tables.build import built_table  # which is made of worlds
        return built_table(choices, states, columns, unit, choices_seen).world

    def paths_of(self, choices: pd.DataFrame, columns: Mapping[str, str] | None = None) -> Paths:
        """Observed choices as paths of a world ``from_table``: one row each, with track, state, choice; step or time, and next_state, where
        they are there. columns: part -> column, for other names. DataError where a row cannot be used: nothing is left out in silence
        (``tables.observed.observed_paths`` leaves out and lists)."""
        from irlcore.worlds.tables.observed import observed_paths
        mapped = observed_paths(self, choices, columns)
        lost = mapped.problems[mapped.problems["done"] == "dropped"]
        if len(lost):
            row, track, what = (str(lost.iloc[0][name]) for name in ("row", "track", "what"))
            at = f"row {row}, " if row else ""
            raise DataError(f"{len(lost):,} of the observed choices or tracks cannot be used. The first: {at}track {track}: {what}.",
                            "Mend or leave out these rows.")
        return mapped.paths

    @property
    def n_places(self) -> int:
        """L, the number of places."""
        return len(self.place_names)

    @property
    def has_coordinates(self) -> bool:
        """Whether any place has a known middle."""
        return bool(np.isfinite(self.place_xy).any())

    @property
    def choice_place(self) -> np.ndarray:
        """(M,) int64: the place that each choice leads to (its likeliest one where stochastic)."""
        return self.place_of_state[self.mdp.likeliest]

    @property
    def choice_from(self) -> np.ndarray:
        """(M,) int64: the place in which each choice is made."""
        return self.place_of_state[self.mdp.choice_state]

    @property
    def n_bands(self) -> int:
        """B, the number of time bands in which a trip may start; 1 without a clock."""
        clock = self.settings.get("clock")
        return int(clock["n_bands"]) if clock else 1

    @property
    def choice_band(self) -> np.ndarray:
        """(M,) int64: the time band of each choice, 0 without a clock."""
        return np.arange(self.mdp.n_choices) // max(self.mdp.n_choices // self.n_bands, 1)

    @property
    def ground_choice(self) -> np.ndarray:
        """(M,) int64: each choice as the world without bands numbers it."""
        return np.arange(self.mdp.n_choices) % max(self.mdp.n_choices // self.n_bands, 1)

    @property
    def ground_state(self) -> np.ndarray:
        """(S,) int64: each state as the world without bands numbers it."""
        return np.arange(self.mdp.n_states) % max(self.mdp.n_states // self.n_bands, 1)

    def mean_by_place(self, values: np.ndarray) -> np.ndarray:
        """(L,) float64: mean of ``values`` (M,) over the choices that lead to each place, 0 where none does."""
        total, count = (np.bincount(self.choice_place, weights, self.n_places) for weights in (values, None))
        return np.asarray(total / np.maximum(count, 1))

    def goals_at(self, places: np.ndarray) -> Goals:
        """One goal for each of ``places`` ((G,) int64), named as the place; all its states belong to it."""
        order = np.argsort(self.place_of_state, kind="stable")
        start = np.searchsorted(self.place_of_state[order], places, side="left")
        end = np.searchsorted(self.place_of_state[order], places, side="right")
        sets = [order[a:b] for a, b in zip(start, end, strict=True)]
        return build_goals(sets, [str(name) for name in self.place_names[places]])
