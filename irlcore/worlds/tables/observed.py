"""Observed choices as paths through a world of a table: which choice was made is known, whatever chance made of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from irlcore.errors import WorldError
from irlcore.tracks.cells import shown
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_choices import read_choices
from irlcore.tracks.tracks import LinkTracks, problem_table
from irlcore.worlds.aims import NOWHERE_NAME
from irlcore.worlds.mapping import Mapped
from irlcore.worlds.mdp import MDP, Goals, Paths, build_goals
from irlcore.worlds.tables.build import choice_names, ends_of
from irlcore.worlds.world import World

THE_END = "the end"
"""The name of the goal of a world with several states without a choice: whichever of them a trip ends in."""


def observed_paths(world: World, choices: pd.DataFrame, columns: Mapping[str, str] | None = None) -> Mapped:
    """Paths from a table of observed choices, one row each: track, state, choice; step or time, and next state, where they are there.

    columns: part -> column, guessed where not given. What cannot be read or mapped is in ``problems``. DataError or WorldError where no
    track is left.
    """
    imported = read_choices(choices, columns or guess_columns(choices, "choices"))
    assert isinstance(imported.tracks, LinkTracks)
    mapped = map_choices(world, imported.tracks)
    return Mapped(mapped.paths, pd.concat([imported.problems, mapped.problems], ignore_index=True))


def goals_of(world: World) -> Goals:
    """The one goal of a world of a table: all states without a choice, in which trips are over; without a state where there are none."""
    ends = ends_of(world)
    return build_goals([ends], [str(world.place_names[ends[0]]) if len(ends) == 1 else THE_END if len(ends) else NOWHERE_NAME])


def map_choices(world: World, tracks: LinkTracks) -> Mapped:
    """Tracks with ``choices`` as paths of a world of a table (``MDP.choices_seen``).

    A track need not reach an end: its choices count as far as they were seen, and its goal is -1, so that it is held against others that
    have gone as far and not against whole trips. Where its last choice led may not be seen: then that is
    taken to be where it leads most often, on which no likelihood of choices depends. A track with a state or choice that the world does
    not have, or with a step that has no chance, is dropped. WorldError where none is left.
    """
    if tracks.choices is None or not world.mdp.choices_seen:
        raise WorldError("These tracks do not tell which choices were made.", "Give a table of track, state and choice.")
    mdp, offsets = world.mdp, tracks.offsets
    owner, last = np.repeat(np.arange(len(tracks)), np.diff(offsets)), np.zeros(len(tracks.links), bool)
    last[offsets[1:] - 1] = True
    state = pd.Index(world.place_names).get_indexer(tracks.links)
    arrived = tracks.choices == ""
    choice = np.where(arrived, -1, _choices(world, state, tracks.choices))
    after = np.append(state[1:], -1)
    after = np.where(last, mdp.likeliest[np.maximum(choice, 0)], after) if mdp.n_choices else after
    bad = _first_wrong(world, tracks, state, choice, after, arrived, last)
    good = np.ones(len(tracks), bool)
    problems: list[tuple[object, object, str, str]] = []
    for at, what in bad:
        if good[owner[at]]:
            problems.append(("", tracks.ids[owner[at]], f"step {at - offsets[owner[at]] + 1}: {what}", "dropped"))
            good[owner[at]] = False
    if not good.any():
        raise WorldError(f"None of the {len(tracks)} tracks can be mapped to this world. First problem: track "
                         f"{shown(problems[0][1])}, {problems[0][2][:200]}.", "Check that choices and world belong together.")
    used = good[owner] & ~arrived
    ends = offsets[1:][good] - 1
    lengths = np.bincount(owner[used], minlength=len(tracks))[good]
    final = np.where(arrived[ends], state[ends], after[ends])
    goals = goals_of(world)
    came = np.isin(final, goals.states) | goals.nowhere[0]
    paths = Paths(tracks.ids[good], np.concatenate(([0], np.cumsum(lengths))).astype(np.int64), choice[used].astype(np.int64),
                  final.astype(np.int64), np.where(came, 0, -1).astype(np.int64), goals)
    return Mapped(paths, problem_table(problems))


def _choices(world: World, state: np.ndarray, called: np.ndarray) -> np.ndarray:
    """(P,) int64: the choice of each state (P,) that is called so, -1 where there is none."""
    mdp = world.mdp
    names = pd.Index(pd.unique(choice_names(world)))
    key = mdp.choice_state * np.int64(len(names)) + names.get_indexer(choice_names(world))
    code = names.get_indexer(called)
    found = pd.Index(key).get_indexer(state * np.int64(len(names)) + code)
    return np.where((state >= 0) & (code >= 0), found, -1)


def _first_wrong(world: World, tracks: LinkTracks, state: np.ndarray, choice: np.ndarray, after: np.ndarray, arrived: np.ndarray,
                 last: np.ndarray) -> list[tuple[int, str]]:
    """Points (by number) that the world does not have, in order, and why."""
    assert tracks.choices is not None
    known = state >= 0
    made = known & ~arrived
    off = made & (choice >= 0) & (after >= 0) & ~leads_to(world.mdp, choice, after)
    wrong = np.flatnonzero(~known | (made & (choice < 0)) | off | (arrived & ~last))
    out = []
    for at in wrong.tolist():
        here, called = shown(tracks.links[at]), shown(tracks.choices[at])
        what = (f"there is no state {here!r}" if not known[at] else "no choice is named, and the track goes on" if arrived[at] else
                f"state {here!r} has no choice {called!r}" if choice[at] < 0 else
                f"choice {called!r} of state {here!r} never leads to {shown(tracks.links[at + 1])!r}")
        out.append((at, what))
    return out


def leads_to(mdp: MDP, choices: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(n,) bool: whether each choice, -1 for none, has a chance to lead to the state ``after`` it."""
    n = np.int64(mdp.n_states)
    possible = mdp.outcome_choice[mdp.probabilities > 0.0] * n + mdp.successors[mdp.probabilities > 0.0]
    return np.isin(choices * n + after, possible) & (choices >= 0)
