"""The arrays of an MDP as the solver's kernels want them, and where each choice most probably leads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.planning.iteration import kernels
from irlcore.worlds.mdp import MDP

NEARLY_CERTAIN = 0.5
"""Mean probability of the likeliest successor from which its graph says where things lead."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What depends on the transitions alone, made once for all rewards and goals.

    choice_offsets (S + 1,), successor_offsets (M + 1,), successors (E,), choice_state (M,): uint32.
    probabilities: (E,) float64, the MDP's own. likeliest: (M,) uint32 and chance: (M,) float64, the most probable
    successor of a choice and its probability. into_offsets (S + 1,), into_choice (M,): uint32, the choices by
    likeliest successor; empty unless ``directed``.
    room: (S,) uint32, the most successors that a choice of the state has.
    directed: the likeliest successor is more than a guess. stuck: some state has no choice at all.
    widest: the largest number of successors of a choice.
    """

    choice_offsets: np.ndarray
    successor_offsets: np.ndarray
    successors: np.ndarray
    probabilities: np.ndarray
    choice_state: np.ndarray
    likeliest: np.ndarray
    chance: np.ndarray
    into_offsets: np.ndarray
    into_choice: np.ndarray
    room: np.ndarray
    deterministic: bool
    directed: bool
    stuck: bool
    widest: int

    @property
    def n_states(self) -> int:
        """S, the number of states."""
        return len(self.choice_offsets) - 1

    @property
    def n_choices(self) -> int:
        """M, the number of choices."""
        return len(self.choice_state)


def outline_of(mdp: MDP) -> Outline:
    """The outline of an MDP, made at first use and kept with it."""
    return mdp.derived(_outline)


def _outline(mdp: MDP) -> Outline:
    choice_offsets, successors = unsigned(mdp.choice_offsets), unsigned(mdp.successors)
    probabilities = np.ascontiguousarray(mdp.probabilities, np.float64)
    # one successor a choice: its offsets count up as the choices do
    offsets = unsigned(mdp.successor_offsets)
    if mdp.deterministic:
        likeliest, chance = successors, probabilities
    else:
        likeliest, chance = np.zeros(mdp.n_choices, np.uint32), np.empty(mdp.n_choices)
        kernels.likeliest_successors(offsets, successors, probabilities, likeliest, chance)
    directed = mdp.n_choices > 0 and float(chance.mean()) >= NEARLY_CERTAIN
    into_offsets, into_choice = np.zeros(0, np.uint32), np.zeros(0, np.uint32)
    if directed:
        into_offsets, into_choice = np.empty(mdp.n_states + 1, np.uint32), np.empty(mdp.n_choices, np.uint32)
        kernels.choices_into(likeliest, into_offsets, into_choice)
    room = np.zeros(mdp.n_states, np.uint32)
    kernels.widest_choices(choice_offsets, offsets, room)
    return Outline(choice_offsets, offsets, successors, probabilities, unsigned(mdp.choice_state), likeliest, chance,
                   into_offsets, into_choice, room, mdp.deterministic, directed,
                   bool((np.diff(mdp.choice_offsets) == 0).any()), int(room.max(initial=0)))


def unsigned(index: np.ndarray) -> np.ndarray:
    """An index array as kernels take it: contiguous uint32."""
    return np.ascontiguousarray(index, dtype=np.uint32)
