"""Worlds in which a choice may slip: another one of the same state happens instead."""

from __future__ import annotations

import numpy as np

from irlcore.errors import WorldError
from irlcore.worlds.mdp import MDP


def with_slip(mdp: MDP, slip: float) -> MDP:
    """A stochastic copy of a deterministic MDP: with probability ``slip`` one of the state's choices,
    drawn evenly, happens instead of the chosen one. Successors of a choice are the state's successors."""
    if not 0.0 <= slip < 1.0:
        raise WorldError(f"A slip of {slip} is not a probability.", "Choose a number from 0 up to, not including, 1.")
    if not mdp.deterministic:
        raise WorldError("This world moves by chance already.", "Let the moves of a world slip that does not.")
    if slip == 0.0:
        return mdp
    counts = np.diff(mdp.choice_offsets)
    width = counts[mdp.choice_state]
    offsets = np.concatenate(([0], np.cumsum(width))).astype(np.int64)
    owner = np.repeat(np.arange(mdp.n_choices), width)
    other = np.arange(offsets[-1]) - offsets[owner] + mdp.choice_offsets[mdp.choice_state[owner]]
    chance = slip / width[owner] + (1.0 - slip) * (other == owner)
    return MDP(mdp.choice_offsets, offsets, mdp.successors[other], chance, mdp.choice_state, mdp.state_ids, mdp.choices_seen)
