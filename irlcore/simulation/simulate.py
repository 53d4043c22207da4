"""Made-up agents: walks without a destination, and detours to plant among ordinary trips."""

from __future__ import annotations

import numpy as np

from irlcore.errors import WorldError
from irlcore.rationality.base import Rationality
from irlcore.rationality.routes import likeliest_path
from irlcore.rationality.seen import drawn_alike
from irlcore.rationality.solution import Prepared
from irlcore.worlds.aims import NOWHERE_NAME
from irlcore.worlds.mdp import Paths, build_goals, choices_between


def detour(model: Rationality, prepared: Prepared, start: int, via: int, goal_states: np.ndarray) -> list[int]:
    """States of the best way from ``start`` to the goal that goes through ``via`` first; empty where there is none."""
    states = [int(start)]
    for target in (np.array([via]), goal_states):
        solution = model.solve(prepared, target)
        if not np.isfinite(solution.value[states[-1]]):
            return []
        chosen = likeliest_path(prepared, solution, states[-1])
        states += [int(s) for s in prepared.mdp.likeliest[chosen]]
    return states if len(states) > 2 and not set(goal_states.tolist()) & set(states[:-1]) else []


def walks(model: Rationality, prepared: Prepared, starts: np.ndarray, lengths: np.ndarray, rng: np.random.Generator) -> Paths:
    """Walks of ``lengths`` (N,) steps, 1 or more each, of agents without a destination from ``starts`` (N,), as they are recorded.
    WorldError where one gets stuck."""
    nowhere = np.zeros(0, np.int64)
    solution = model.solve(prepared, nowhere)
    drawn = [model.sample(prepared, solution, int(start), rng, int(n)) for start, n in zip(starts, lengths, strict=True)]
    if any(len(states) != n + 1 for states, n in zip(drawn, lengths, strict=True)):
        raise WorldError("A walk comes to where no way leads on.", "Let agents stay in this world, or start them elsewhere.")
    parts = (slice(None, -1), slice(1, None))
    before, after = (np.array([state for states in drawn for state in states[part]], np.int64) for part in parts)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    ids = np.array([str(i + 1) for i in range(len(drawn))], object)
    last = np.array([states[-1] for states in drawn], np.int64)
    choices = drawn_alike(prepared.mdp, solution.policy, choices_between(prepared.mdp, before, after), rng)
    return Paths(ids, offsets, choices, last, np.zeros(len(drawn), np.int64),
                 build_goals([nowhere], [NOWHERE_NAME]))
