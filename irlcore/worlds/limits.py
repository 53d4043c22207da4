"""What a world allows: every array that a compiled kernel reads is looked through where it is made.

Kernels do not test an index, so one out of range reads or writes memory that is not theirs and may end the process. The checks
here are passes over whole arrays, milliseconds for a million rows. Each error names the first bad entry.
"""

from __future__ import annotations

from numbers import Real

import numpy as np

from irlcore.errors import Infeasible, WorldError

ROUNDING = 1e-6
"""How far the probabilities of a choice may sum from 1: tables are often given to six digits or so."""
MOST = 2**32 - 2
"""States, choices and outcomes that an index of 32 bits can name, the largest being kept for "none"."""


def check_gamma(gamma: float, myopic: bool = False) -> None:
    """The one check of every discount: a number above 0 and up to 1. myopic: 0 will do, for what looks one step ahead. Raises
    ``Infeasible``."""
    if not is_gamma(gamma) and not (myopic and gamma == 0.0):
        raise Infeasible(f"Gamma = {gamma} is not a discount.", "Use a number above 0 and up to 1; 1 does not discount.")


def is_gamma(gamma: object) -> bool:
    """Whether it is a number above 0 and up to 1 (NaN is not)."""
    return isinstance(gamma, Real) and not isinstance(gamma, bool) and 0.0 < float(gamma) <= 1.0


def check_numbers(what: str, values: np.ndarray, shape: tuple[int, ...]) -> None:
    """An array of real numbers of this shape, -1 standing for any length; whether they are finite is not asked."""
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiub":
        raise WorldError(f"The {what} are not an array of numbers.", "Give a numpy array of float64.")
    if len(shape) != values.ndim or any(n not in (-1, m) for n, m in zip(shape, values.shape, strict=True)):
        wanted = " x ".join("any" if n < 0 else f"{n:,}" for n in shape)
        raise WorldError(f"The {what} have the shape {values.shape}, not {wanted}.", "Make them for this world.")


def check_reward(reward: np.ndarray, n_choices: int) -> np.ndarray:
    """Rewards (M,) as kernels take them, contiguous float64. WorldError where they are not of this world, ``Infeasible`` where one
    is not finite."""
    check_numbers("rewards", reward, (n_choices,))
    found = np.ascontiguousarray(reward, np.float64)
    if not np.isfinite(found).all():
        bad = np.flatnonzero(~np.isfinite(found))
        raise Infeasible(f"The reward of choice {bad[0]} is {found[bad[0]]}: a reward is not a finite number.",
                         "Check the features' values.")
    return found


def check_index(what: str, index: np.ndarray, below: int, of: str, least: int = 0) -> None:
    """A vector of integers from ``least`` up to, not including, ``below``; of: what they number."""
    if not isinstance(index, np.ndarray) or index.ndim != 1 or index.dtype.kind not in "iu":
        raise WorldError(f"The {what} are not a vector of integers.", "Give a numpy array of int64.")
    if len(index) and (int(index.min()) < least or int(index.max()) >= below):
        at = int(np.flatnonzero((index < least) | (index >= below))[0])
        raise WorldError(f"Entry {at} of the {what} is {index[at]}, and there are {below:,} {of}.",
                         f"Number {of} from 0 up to {below - 1:,}." if below else f"There are no {of} to name.")


def check_offsets(what: str, offsets: np.ndarray, total: int, of: str, least: int = 0) -> None:
    """Where each part of ``total`` entries begins: (n + 1,) integers from 0, each part of at least ``least``, up to ``total``."""
    if not isinstance(offsets, np.ndarray) or offsets.ndim != 1 or offsets.dtype.kind not in "iu" or not len(offsets):
        raise WorldError(f"The {what} are not a vector of integers.", "Give a numpy array of int64, one longer than there are parts.")
    if int(offsets[0]) != 0 or int(offsets[-1]) != total:
        raise WorldError(f"The {what} go from {offsets[0]} to {offsets[-1]}, and there are {total:,} {of}.",
                         f"Begin at 0 and end at the number of {of}.")
    short = np.flatnonzero(offsets[1:] < offsets[:-1] + least)
    if len(short):
        k = int(short[0])
        raise WorldError(f"Entry {k + 1} of the {what} is {offsets[k + 1]}, after {offsets[k]}.",
                         "Offsets may not fall." if not least else f"Every part holds at least {least} of the {of}.")


def check_transitions(choice_offsets: np.ndarray, successor_offsets: np.ndarray, successors: np.ndarray, probabilities: np.ndarray,
                      choice_state: np.ndarray) -> None:
    """The arrays of an ``MDP``, each by itself and together. Raises WorldError."""
    m = len(choice_state) if isinstance(choice_state, np.ndarray) else 0
    e = len(successors) if isinstance(successors, np.ndarray) else 0
    check_offsets("choice offsets", choice_offsets, m, "choices")
    n = len(choice_offsets) - 1
    if max(n, m, e) > MOST:
        raise WorldError(f"A world of {n:,} states, {m:,} choices and {e:,} outcomes is too large.", "Use larger cells, or fewer bands.")
    check_index("choices' states", choice_state, n, "states")
    owner = np.repeat(np.arange(n), choice_offsets[1:] - choice_offsets[:-1])
    if not np.array_equal(owner, choice_state):
        at = int(np.flatnonzero(owner != choice_state)[0])
        raise WorldError(f"Choice {at} belongs to state {owner[at]} by the offsets, and to {choice_state[at]} by its own entry.",
                         "Keep the choices grouped by state, in the order of states.")
    check_offsets("successor offsets", successor_offsets, e, "successors", least=1)
    if len(successor_offsets) != m + 1:
        raise WorldError(f"{len(successor_offsets)} successor offsets for {m:,} choices.", "Give one more than there are choices.")
    check_index("successors", successors, n, "states")
    check_numbers("probabilities", probabilities, (e,))
    _check_probabilities(np.asarray(probabilities, np.float64), successor_offsets)


def _check_probabilities(chance: np.ndarray, offsets: np.ndarray) -> None:
    if not len(chance):
        return
    if not (chance.min() >= 0.0 and chance.max() <= 1.0 + ROUNDING):  # NaN is neither
        at = int(np.flatnonzero(~((chance >= 0.0) & (chance <= 1.0 + ROUNDING)))[0])
        choice = int(np.searchsorted(offsets, at, side="right")) - 1
        raise WorldError(f"A probability of choice {choice} is {chance[at]}.", "Probabilities lie between 0 and 1.")
    total = chance if len(chance) == len(offsets) - 1 else np.add.reduceat(chance, offsets[:-1].astype(np.int64))
    off = np.flatnonzero(np.abs(total - 1.0) > ROUNDING)
    if len(off):
        raise WorldError(f"The probabilities of choice {off[0]} sum to {total[off[0]]:.8g}.",
                         "Those of every choice must sum to 1: add what is missing, or divide by the sum.")


def check_goal_states(goal_states: np.ndarray, n_states: int, least: int = 1) -> np.ndarray:
    """The states of one goal, (n,) int64 ascending, each once, all in the world; at least ``least`` of
    them, 0 where an agent may go on for ever. Raises WorldError."""
    found = np.asarray(goal_states)
    if found.ndim == 1 and len(found) < least:
        raise WorldError("A goal has no state.", "Name at least one state in which a trip ends.")
    check_index("goal's states", found if found.size else np.zeros(0, np.int64), n_states, "states")
    return np.unique(found).astype(np.int64)


def check_aim(goal_states: np.ndarray, n_states: int, gamma: float) -> np.ndarray:
    """``check_goal_states`` of one goal that may have no state, since the agents roam. ``Infeasible`` where they do and gamma is 1: nothing
    ends their walk, so what lies ahead has no finite value."""
    found = check_goal_states(goal_states, n_states, least=0)
    if not len(found) and gamma == 1.0:
        raise Infeasible("Agents without a destination need gamma below 1.",
                         "Choose gamma below 1, or say that these agents go to where their tracks end.")
    return found
