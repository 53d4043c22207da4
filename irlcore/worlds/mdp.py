"""The Markov decision process that every world comes down to, and the paths and goals in it.

S states; M state-choice pairs ("choices"), stored flat and grouped by state: those of state s are
``choice_offsets[s]:choice_offsets[s + 1]``. Choice m leads to ``successors[k]`` with ``probabilities[k]`` for k in ``successor_offsets[m]``
up to that of m + 1. A world is *deterministic* where every choice has one successor. A goal is a set of states where trips end, of value 0.

All three are looked through when they are made (``worlds.limits``), so what they hold may go to compiled kernels as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import scipy.sparse as sp

from irlcore.engine import kept
from irlcore.errors import WorldError
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.limits import check_goal_states, check_index, check_numbers, check_offsets, check_transitions

LAST = 2**32 - 2  # most that an index can be before it is known which world it belongs to

P = ParamSpec("P")
T = TypeVar("T")


@kept
@dataclass(frozen=True, slots=True, weakref_slot=True)
class MDP:
    """States, choices and successors.

    choice_offsets: (S + 1,) int64. successor_offsets: (M + 1,) int64. successors: (E,) int64 states.
    probabilities: (E,) float64, summing to 1 over each choice.
    choice_state: (M,) int64, the state a choice belongs to.
    state_ids: (S,) uint64, what a state is whatever its number (a link's name, a cell), so that errors can be drawn for it; the number
    itself where None. choices_seen: whether it is known which choice a path made, and not only where it led (``rationality.seen``).
    """

    choice_offsets: np.ndarray
    successor_offsets: np.ndarray
    successors: np.ndarray
    probabilities: np.ndarray
    choice_state: np.ndarray
    state_ids: np.ndarray | None = None
    choices_seen: bool = False
    _derived: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises WorldError, naming the first entry that cannot be."""
        check_transitions(self.choice_offsets, self.successor_offsets, self.successors, self.probabilities, self.choice_state)
        if self.state_ids is not None and (self.state_ids.shape != (self.n_states,) or self.state_ids.dtype != np.uint64):
            raise WorldError(f"{self.state_ids.size} ids of type {self.state_ids.dtype} for {self.n_states} states.",
                             "Give every state one id of type uint64 (``state_ids.ids_of``).")

    def derived(self, make: Callable[Concatenate[MDP, P], T], *arguments: P.args, **named: P.kwargs) -> T:
        """``make(self, *arguments)``, made at first use and kept: what follows from these arrays alone, whatever the weights.

        arguments: hashable. ``make`` is a function of a module, so that it is the same one every time.
        """
        key = (make, arguments, tuple(named.items()))
        if key not in self._derived:
            self._derived[key] = make(self, *arguments, **named)
        return self._derived[key]

    @property
    def ids(self) -> np.ndarray:
        """(S,) uint64: ``state_ids``, or the numbers of the states."""
        return np.arange(self.n_states, dtype=np.uint64) if self.state_ids is None else self.state_ids

    @property
    def n_states(self) -> int:
        """S, the number of states."""
        return len(self.choice_offsets) - 1

    @property
    def n_choices(self) -> int:
        """M, the number of choices."""
        return len(self.successor_offsets) - 1

    @property
    def deterministic(self) -> bool:
        """Whether every choice has one successor."""
        return len(self.successors) == self.n_choices

    @property
    def outcome_choice(self) -> np.ndarray:
        """(E,) int64: the choice that each outcome (an entry of ``successors``) belongs to."""
        return np.repeat(np.arange(self.n_choices), np.diff(self.successor_offsets))

    @property
    def likeliest(self) -> np.ndarray:
        """(M,) int64: the most probable successor of each choice (its only one where deterministic)."""
        if self.deterministic:
            return self.successors
        order = np.lexsort((-self.probabilities, self.outcome_choice))
        return self.successors[order[self.successor_offsets[:-1]]]

    def transition_matrix(self) -> sp.csr_array:
        """P, (M, S) CSR: row m holds the successor probabilities of choice m."""
        return sp.csr_array((self.probabilities, self.successors, self.successor_offsets), shape=(self.n_choices, self.n_states))


def build_mdp(n_states: int, state: np.ndarray, successor: np.ndarray, state_ids: np.ndarray | None = None) -> tuple[MDP, np.ndarray]:
    """A deterministic MDP from (M,) pairs state -> successor in any order; state_ids: (S,) uint64 or None.

    Returns the MDP and ``order`` (M,) int64: choice m of the MDP is row ``order[m]`` of the input.
    """
    state, successor = _integers("choices' states", state), _integers("choices' successors", successor)
    if len(state) != len(successor):
        raise WorldError(f"{len(state)} states and {len(successor)} successors.", "Give one successor for each choice.")
    check_index("choices' states", state, n_states, "states")
    check_index("choices' successors", successor, n_states, "states")
    order = np.argsort(state, kind="stable")
    offsets = np.concatenate(([0], np.cumsum(np.bincount(state, minlength=n_states)))).astype(np.int64)
    m = len(state)
    mdp = MDP(offsets, np.arange(m + 1, dtype=np.int64), successor[order], np.ones(m), state[order], state_ids)
    return mdp, order


def _integers(what: str, values: np.ndarray) -> np.ndarray:
    """As int64; an empty list counts as whole numbers."""
    found = np.asarray(values)
    if found.size and found.dtype.kind not in "iu":
        raise WorldError(f"The {what} are not whole numbers.", "Number states from 0.")
    return found.astype(np.int64)


def choices_between(mdp: MDP, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(n,) int64: the choice in each state ``before`` that leads most often to ``after`` ((n,) both), the first of several; -1 for none."""
    n, known = np.int64(mdp.n_states), (before >= 0) & (after >= 0)
    keys, first = np.unique(np.append(mdp.choice_state * n + mdp.likeliest, n * n), return_index=True)  # and one that is no pair's
    wanted = np.where(known, before * n + after, 0)
    if n * n <= len(before):  # a table of all pairs is then smaller than what is asked
        (table := np.full(n * n + 1, -1))[keys] = first
        return np.where(known, table[wanted], -1)
    at = np.searchsorted(keys, wanted)
    return np.where(known & (keys[at] == wanted), first[at], -1)


@dataclass(frozen=True, slots=True)
class Goals:
    """G goals, each a set of states: those of goal g are ``states[offsets[g]:offsets[g + 1]]``.

    offsets: (G + 1,) int64. states: (E,) int64. names: (G,) str, for tables and pictures. A goal without a state is that of agents with no
    destination: nothing absorbs them, which asks for gamma < 1.
    """

    offsets: np.ndarray
    states: np.ndarray
    names: np.ndarray

    def __post_init__(self) -> None:
        """Raises WorldError: every goal has a name, and states that may be."""
        check_index("goals' states", self.states, LAST, "states")
        check_offsets("goals' offsets", self.offsets, len(self.states), "states of goals")
        if len(self.names) != len(self.offsets) - 1:
            raise WorldError(f"{len(self.names)} names for {len(self.offsets) - 1} goals.", "Name every goal once.")

    def __len__(self) -> int:
        return len(self.names)

    def of(self, goal: int) -> np.ndarray:
        """The states of one goal, (n,) int64."""
        return self.states[self.offsets[goal]:self.offsets[goal + 1]]

    @property
    def nowhere(self) -> np.ndarray:
        """(G,) bool: goals without a state, of agents with no destination."""
        return np.diff(self.offsets) == 0


def build_goals(sets: Sequence[np.ndarray], names: Sequence[str]) -> Goals:
    """Goals from one array of states each; a state named twice counts once."""
    sets = [np.unique(np.asarray(s, np.int64)) for s in sets]
    offsets = np.concatenate(([0], np.cumsum([len(s) for s in sets]))).astype(np.int64)
    states = np.concatenate(sets) if len(sets) else np.empty(0, np.int64)
    return Goals(offsets, states, np.asarray(names, dtype=object))


@dataclass(frozen=True, slots=True)
class Paths:
    """N paths through an MDP, and the goal each one goes to (-1 where it is not known: the path is cut off before it arrives).

    ids: (N,) str. offsets: (N + 1,) int64. choices: (C,) int64, the choices made, in order.
    last_state: (N,) int64, where the path was last seen. goal: (N,) int64, index into ``goals``, or -1.
    times: (C,) float64, when each choice was made (seconds), or None where the data carries no time. past: (T, 2) int64, where trips
    began and which goal they came to, for the prior of goals that are not known (``goal_prior``); these paths' own where None.
    """

    ids: np.ndarray
    offsets: np.ndarray
    choices: np.ndarray
    last_state: np.ndarray
    goal: np.ndarray
    goals: Goals
    times: np.ndarray | None = None
    past: np.ndarray | None = None

    def __post_init__(self) -> None:
        """Raises WorldError where the arrays do not belong together; what they ask of a world is in ``check_within``."""
        n = len(self.ids)
        check_index("paths' choices", self.choices, LAST, "choices")
        check_offsets("paths' offsets", self.offsets, len(self.choices), "choices of paths", least=1)
        for what, index, below, of, least in (("paths' last states", self.last_state, LAST, "states", 0),
                                              ("paths' goals", self.goal, len(self.goals), "goals", -1)):
            check_index(what, index, below, of, least)
            if len(index) != n or len(self.offsets) != n + 1:
                raise WorldError(f"{n} paths have {len(self.offsets) - 1} lists of choices and {len(index)} {of}.",
                                 "Give every path its choices, its last state and its goal.")
        if self.times is not None:
            check_numbers("paths' times", self.times, (len(self.choices),))

    def check_within(self, mdp: MDP) -> None:
        """Raise WorldError where a path makes a choice, or ends in a state, that the world does not have."""
        check_index("paths' choices", self.choices, mdp.n_choices, "choices")
        check_index("paths' last states", self.last_state, mdp.n_states, "states")
        check_goal_states(self.goals.states, mdp.n_states, least=0)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def lengths(self) -> np.ndarray:
        """(N,) int64: number of choices in each path."""
        return np.diff(self.offsets)

    @property
    def owner(self) -> np.ndarray:
        """(C,) int64: the path that each choice belongs to."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def first_state(self, mdp: MDP) -> np.ndarray:
        """(N,) int64: where each path starts."""
        return mdp.choice_state[self.choices[self.offsets[:-1]]]

    def states(self, mdp: MDP, path: int) -> np.ndarray:
        """(n + 1,) int64: the states that one path visits, the last one included."""
        chosen = self.choices[self.offsets[path]:self.offsets[path + 1]]
        return np.append(mdp.choice_state[chosen], self.last_state[path])

    def take(self, index: np.ndarray) -> Paths:
        """The paths at ``index`` ((n,) int), in that order; goals are kept whole. These very ones where ``index`` names all of them."""
        if np.array_equal(index, np.arange(len(self))):
            return self
        offsets, flat = take_flat(self.offsets, index)
        times = None if self.times is None else self.times[flat]
        return Paths(self.ids[index], offsets, self.choices[flat], self.last_state[index], self.goal[index], self.goals, times, self.past)
