"""Environments of gymnasium with finitely many states and actions that tell their transitions (the toy texts: FrozenLake, Taxi,
CliffWalking) as worlds of tables.

Nothing of gymnasium is imported: an environment is known by what it has, ``unwrapped.P``, so it need not be installed, and whatever looks
like one will do (gym, minigrid tables, one's own).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from irlcore.errors import WorldError
from irlcore.tracks.cells import shown
from irlcore.worlds.tables.build import built_table
from irlcore.worlds.world import World

NEEDED = "Give an environment with finitely many states and actions that has a table of transitions, env.unwrapped.P."

Outcome = tuple[float, int, float, bool]
"""Probability, next state, reward, whether the episode is over."""
Choices = dict[int, list[Outcome]]
"""Action -> its outcomes."""


def from_gymnasium(env: Any, actions: Sequence[str] = ()) -> World:
    """The world of an environment whose ``unwrapped.P`` tells for each state and action [(probability, next state, reward, terminated)].

    States are called by their numbers, choices by theirs or by ``actions``; the mean reward is the attribute "reward" of a choice, known
    but used by no feature unless one is made of it. A state that terminates an episode is an end. Where the environment tells where
    episodes begin (``initial_state_distrib``) the states that none of them comes to are left out. Where cells are laid out in rows
    (``desc`` or ``shape``) states have their places. WorldError where it has no such table, or one that is no table of probabilities.

    >>> import irlcore as ir
    >>> from types import SimpleNamespace
    >>> table = {0: {0: [(0.5, 0, -1.0, False), (0.5, 1, 5.0, True)]}, 1: {0: [(1.0, 1, 0.0, True)]}}
    >>> world = ir.from_gymnasium(SimpleNamespace(unwrapped=SimpleNamespace(P=table)), ["go"])
    >>> world.place_names.tolist(), world.choice_attributes["reward"].tolist(), world.mdp.probabilities.tolist()
    (['0', '1'], [2.0], [0.5, 0.5])
    """
    table = transitions_of(env)
    most = max((action for choices in table.values() for action in choices), default=-1)
    if len(actions) and most >= len(actions):
        raise WorldError(f"{len(actions)} names for actions of which one has the number {most}.", "Name every action once.")
    live, over = _played(table, _starts(env))
    rows = [(str(state), actions[action] if len(actions) else str(action), _called(after, ended, live, over), chance, reward)
            for state in sorted(live) for action, (chance, after, reward, ended) in _each(table[state])]
    if not rows:
        raise WorldError("No transition begins where an episode may be.", NEEDED)
    found = pd.DataFrame(rows, columns=["state", "choice", "next_state", "probability", "reward"])
    found["reward"] *= found["probability"]
    found = found[found["probability"] > 0.0].groupby(["state", "choice", "next_state"], sort=False, as_index=False).sum()
    found["reward"] /= found["probability"]
    return built_table(found, _laid_out(env, table, found)).world


def transitions_of(env: Any) -> dict[int, Choices]:
    """state -> action -> outcomes, as numbers of Python. WorldError where there is no such table."""
    table = getattr(getattr(env, "unwrapped", env), "P", None)
    name = shown(type(getattr(env, "unwrapped", env)).__name__)
    if not isinstance(table, Mapping | Sequence) or not len(table):
        raise WorldError(f"{name} has no table of transitions.", NEEDED)
    items = table.items() if isinstance(table, Mapping) else enumerate(table)
    out: dict[int, Choices] = {}
    for state, choices in items:
        of = choices.items() if isinstance(choices, Mapping) else enumerate(choices)
        try:
            out[int(state)] = {int(action): [(float(p), int(after), float(reward), bool(ended)) for p, after, reward, ended in outcomes]
                               for action, outcomes in of}
        except (TypeError, ValueError) as error:
            raise WorldError(f"Transitions of state {shown(state)} of {name} are not (probability, next state, reward, terminated).",
                             NEEDED) from error
    unknown = {after for choices in out.values() for outcomes in choices.values() for _, after, _, _ in outcomes} - set(out)
    if unknown:
        raise WorldError(f"A transition of {name} leads to state {min(unknown)}, which the table does not have.", NEEDED)
    return out


def _each(choices: Choices) -> list[tuple[int, Outcome]]:
    return [(action, outcome) for action, outcomes in choices.items() for outcome in outcomes]


def _starts(env: Any) -> set[int] | None:
    """Where episodes may begin; None where the environment does not say."""
    chance = getattr(getattr(env, "unwrapped", env), "initial_state_distrib", None)
    return None if chance is None else set(np.flatnonzero(np.asarray(chance, np.float64) > 0.0).tolist())


def _played(table: Mapping[int, Choices], starts: set[int] | None) -> tuple[set[int], set[int]]:
    """States in which an episode goes on, and those in which one is over; of these an environment has rows, too, which nobody plays."""
    over = {after for choices in table.values() for _, (chance, after, _, ended) in _each(choices) if ended and chance > 0.0}
    if starts is None:  # anywhere but in a state that ends whatever comes to it from elsewhere
        entered = {after for state, choices in table.items() for _, (chance, after, _, ended) in _each(choices)
                   if not ended and chance > 0.0 and state != after}
        starts = set(table) - (over - entered)
    live, left = set(starts), list(starts)
    while left:
        for _, (chance, after, _, ended) in _each(table[left.pop()]):
            if chance > 0.0 and not ended and after not in live:
                live.add(after)
                left.append(after)
    return live, over


def _called(after: int, ended: bool, live: set[int], over: set[int]) -> str:
    """An end by its number; by "7, the end" where an episode may also go on from there."""
    return f"{after}, the end" if ended and after in live else str(after)


def _laid_out(env: Any, table: Mapping[int, object], found: pd.DataFrame) -> pd.DataFrame | None:
    """A table of states with the column and, from below, the row of each cell; None where cells are not in rows."""
    inner = getattr(env, "unwrapped", env)
    shape = getattr(inner, "shape", None) or np.shape(getattr(inner, "desc", ()))
    if len(shape) != 2 or int(np.prod(shape)) != len(table) or set(table) != set(range(len(table))):
        return None
    names = pd.unique(pd.concat([found["state"], found["next_state"]]))
    at = [divmod(int(name.split(",")[0]), int(shape[1])) for name in names]
    return pd.DataFrame({"state": names, "x": [float(column) for _, column in at], "y": [float(shape[0]) - 1.0 - row for row, _ in at]})
