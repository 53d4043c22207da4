"""A world of one's own from tables: textbook problems, econometric models, anything with states and choices.

A state is a place, too. Choices keep their names (an attribute of the choice), so that two of them which lead alike are told apart. A state
without a choice is an end: where there is one, trips are over there; where there is none, nothing ever ends and gamma must be below 1.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.bounds import LONGEST_UNIT
from irlcore.tracks.cells import shown
from irlcore.tracks.columns import guess_columns, need
from irlcore.tracks.plain_text import plain_text
from irlcore.tracks.sources import Role
from irlcore.tracks.tracks import problem_table
from irlcore.worlds.links.notes import Notes, count, ids_in, numbers_in
from irlcore.worlds.links.values import column_values
from irlcore.worlds.mdp import MDP
from irlcore.worlds.network import Built
from irlcore.worlds.state_ids import ids_of
from irlcore.worlds.tables.outcomes import Outcomes, read_outcomes, rows_said
from irlcore.worlds.world import World

CHOICE = "choice_column"
"""The setting of a world of a table that names the attribute of choices which tells what they are called."""


def built_table(choices: pd.DataFrame, states: pd.DataFrame | None = None, columns: Mapping[str, Mapping[str, str]] | None = None,
                unit: str = "", choices_seen: bool = True) -> Built:
    """A world from a table of outcomes and, if there is one, a table of states.

    choices: one row for each outcome: state, choice, next state and probability (1 for all where no column holds them); each further
    column is an attribute of the choice. states: state, x, y (either may be missing), each further column an attribute of the state.
    columns: "outcomes" and "states" -> part -> column, guessed where not given. choices_seen: whether what is observed names the choice
    (``tables.observed``); where not, tracks are sequences of states. DataError names all rows that are wrong.
    """
    notes = Notes()
    part, of_states = _parts(choices, "outcomes", columns), _parts(states, "states", columns)
    if len(unit) > LONGEST_UNIT:
        raise DataError(f"The unit of x and y is a text of {len(unit):,} characters.", f"Name one with at most {LONGEST_UNIT}, such as m.")
    found = read_outcomes(choices, part, None if states is None else _state_names(states, of_states), notes)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(found.state, minlength=len(found.states))))).astype(np.int64)
    mdp = MDP(offsets, found.offsets, found.next_state, found.probability, found.state, ids_of(found.states), choices_seen)
    xy = _places(states, of_states, len(found.states), notes)
    further = [] if states is None else [name for name in states.columns if str(name) not in of_states.values()]
    attributes = {plain_text(str(name)): column_values(states[name], notes, "states") for name in further} if states is not None else {}
    name = plain_text(part["choice"])
    world = World("table", mdp, plain_text(unit), np.arange(len(found.states)), found.states, xy, np.empty((0, 2)),
                  np.zeros(len(found.states) + 1, np.int64), _lengths(mdp, xy), np.full(mdp.n_choices, np.nan), attributes,
                  {name: found.choice, **found.attributes}, None, {CHOICE: name})
    _tell(world, found, notes)
    return Built(world, problem_table(notes.problems), tuple(notes.said))


def ends_of(world: World) -> np.ndarray:
    """(n,) int64: the states without a choice, in which trips are over."""
    return np.flatnonzero(np.diff(world.mdp.choice_offsets) == 0)


def choice_names(world: World) -> np.ndarray:
    """(M,) str: what each choice of a world from a table is called."""
    return np.asarray(world.choice_attributes[str(world.settings[CHOICE])], object)


def _parts(table: pd.DataFrame | None, role: Role, columns: Mapping[str, Mapping[str, str]] | None) -> dict[str, str]:
    if table is None:
        return {}
    return dict(columns[role]) if columns and role in columns else guess_columns(table, role)


def _state_names(states: pd.DataFrame, part: Mapping[str, str]) -> np.ndarray:
    """(S,) str, as the table has them."""
    need(states, part, ("state",), "states")
    names = ids_in(states[part["state"]])
    empty, again = np.flatnonzero(names == ""), np.flatnonzero(pd.Series(names).duplicated().to_numpy())
    if len(empty):
        raise DataError(f"{shown(part['state'])} of the states is empty in {rows_said(empty)}.", "Name every state.")
    if len(again):
        first = int(np.flatnonzero(names == names[again[0]])[0])
        raise DataError(f"The state {shown(names[again[0]])!r} stands in the table of states twice "
                        f"({rows_said(np.array([first, again[0]]))}).", "Keep one row for each state.")
    return names


def _places(states: pd.DataFrame | None, part: Mapping[str, str], n: int, notes: Notes) -> np.ndarray:
    """(S, 2): x and y, NaN where they are not known."""
    if states is None or not {"x", "y"} <= set(part):
        return np.full((n, 2), np.nan)
    xy = np.column_stack([numbers_in(states, part[one], "states", notes, "kept, without a place on the map") for one in ("x", "y")])
    xy[np.isnan(xy).any(axis=1)] = np.nan
    return xy


def _lengths(mdp: MDP, xy: np.ndarray) -> np.ndarray:
    """(M,): from the middle of a state to that of where the choice leads most often."""
    return np.hypot(*(xy[mdp.likeliest] - xy[mdp.choice_state]).T)


def _tell(world: World, found: Outcomes, notes: Notes) -> None:
    """Say how large the model is, whether it ends anywhere, and what moves by chance."""
    mdp, ends = world.mdp, ends_of(world)
    by_chance = int((np.diff(mdp.successor_offsets) > 1).sum())
    notes.said.append(f"{count(mdp.n_states, 'state')} and {count(mdp.n_choices, 'choice')}; {by_chance:,} of these may lead to several "
                      "states.")
    if len(ends):
        shown_ends = ", ".join(shown(name) for name in found.states[ends[:3]]) + (", ..." if len(ends) > 3 else "")
        notes.said.append(f"{count(len(ends), 'state')} without a choice ({shown_ends}): trips end there.")
    else:
        notes.said.append("Every state has a choice, so nothing ever ends: fits need a gamma below 1.")
