"""The linear programme of Ng and Russell (2000), sections 3 and 4, on paths to many goals.

What is known of the policy is what was seen, per goal: at a state passed on the way to it, the choice made most often there
(of several the first) is a1, and the features to go are the mean over what the paths had still ahead of them, the paper's
Monte Carlo estimate. Each other choice there gives one comparison, each state one term, as in section 4 with the states passed
as its sample.

Ours: a term weighs as much as the state was passed; states that no path to the goal passed give no term; where another choice
leads to one of them, the agent is taken to go on by the best plan. That plan depends on the weights, so the programme is solved
again and again, each time with the comparisons that the plans under its last weights put behind what it reckoned with (cutting
planes, as section 5 adds policies), until none is left. Choices from which the goal is out of reach are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.fitting.demonstrations import Demonstrations, SeenTrips, for_each_goal, meant_features, sure_choices
from irlcore.fitting.linear_programme import advantage, least, programme
from irlcore.fitting.reward_limits import Limits
from irlcore.planning.graph import graph_of
from irlcore.rationality.seen import first_alike, told_apart
from irlcore.worlds.mdp import MDP

MOST_ROUNDS = 30
TIE_BREAK = 1e-3
"""lambda of the section 3 programme: it only breaks ties, in favour of small weights."""
TOLERANCE = 1e-3
"""How far the choices seen may be from as far ahead as can be, where a random choice loses 1."""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """ahead: (n, K) features by which the choice seen is ahead of another; term: (n,) int64, the state passed; passes: (T,)
    how often each was."""

    ahead: np.ndarray
    term: np.ndarray
    passes: np.ndarray


def weights_of_choices(demonstrations: Demonstrations, limits: Limits, first: np.ndarray, most_rounds: int = MOST_ROUNDS,
                       control: Control | None = None) -> tuple[np.ndarray, int, bool]:
    """Weights (K,), rounds used, and whether no weights put the choices seen further ahead by more than the tolerance.

    first: (K,) weights of the first plans. FitError where the paths had no choice, or where some of them have no goal.
    """
    control = control or Control()
    if any(not len(trips.goal_states) for trips in demonstrations.trips):
        raise FitError("This way of finding weights looks at what tracks had still ahead of them until they arrived, and agents without a "
                       "destination never arrive.", "Use maximum likelihood, or one of the ways that compare whole tracks.")
    new = stacked(compare_choices(demonstrations, first, control))
    if not len(new.passes):
        raise FitError("Wherever the tracks passed there was but one way on, so no choice was made.",
                       "Use a world with more than one way, or other tracks.")
    share, rows, term = new.passes / new.passes.sum(), new.ahead, new.term
    best, highest = first, -np.inf
    for count in range(most_rounds):
        control.step(count, most_rounds, f"programme {count + 1}")
        w = programme(rows, term, share, limits, TIE_BREAK)
        reckoned = least(rows, term, w)
        new = stacked(compare_choices(demonstrations, w, control))
        reached = advantage(new.ahead, new.term, share, w)
        if reached > highest:
            best, highest = w, reached
        behind = new.ahead @ w < reckoned[new.term] - 1e-9
        # With fewer comparisons than there are the programme promises too much, never too little.
        if not behind.any() or advantage(rows, term, share, w) - highest <= TOLERANCE:
            return best, count + 1, True
        rows, term = np.vstack((rows, new.ahead[behind])), np.concatenate((term, new.term[behind]))
    return best, most_rounds, False


@dataclass(frozen=True, slots=True)
class Passed:
    """What all paths to one goal say of the states they passed: states (U,) int64 ascending; top (U,) int64, the choice made most
    often there, for parallel choices the first; to_go (U, K), the mean of what the paths had still ahead."""

    states: np.ndarray
    top: np.ndarray
    to_go: np.ndarray


def compare_choices(demonstrations: Demonstrations, weights: np.ndarray, control: Control | None = None) -> list[Comparisons]:
    """What each goal's paths say, those who leave them going on by the best plans under ``weights`` (K,)."""
    return for_each_goal(demonstrations, weights, partial(_compared, _passed(demonstrations)), control)


def _compared(passed: dict[bytes, Passed], d: Demonstrations, trips: SeenTrips, to_go: np.ndarray, value: np.ndarray) -> Comparisons:
    return _comparisons(d, trips, passed[trips.goal_states.tobytes()], to_go, sure_choices(graph_of(d.mdp), value))


def _alike(mdp: MDP) -> np.ndarray:
    """(M,) int64: parallel choices, which are not told apart, are one that was made."""
    return first_alike(mdp) if mdp.deterministic and not told_apart(mdp) else np.arange(mdp.n_choices)


def _passed(d: Demonstrations) -> dict[bytes, Passed]:
    """By goal: paths with features of their own are taken together, each with its own."""
    found = {}
    for goal in {trips.goal_states.tobytes(): None for trips in d.trips}:
        mine = [trips for trips in d.trips if trips.goal_states.tobytes() == goal]
        states, at, passes = np.unique(np.concatenate([t.states for t in mine]), return_inverse=True, return_counts=True)
        total = np.zeros((len(states), d.phi.shape[1]))
        np.add.at(total, at, np.vstack([t.tails for t in mine]))
        made = np.bincount(_alike(d.mdp)[np.concatenate([t.choices for t in mine])], minlength=d.mdp.n_choices)
        order = np.lexsort((np.arange(d.mdp.n_choices), -made, d.mdp.choice_state))
        found[goal] = Passed(states, order[d.mdp.choice_offsets[states]], total / passes[:, None])
    return found


def _comparisons(d: Demonstrations, trips: SeenTrips, known: Passed, to_go: np.ndarray, sure: np.ndarray) -> Comparisons:
    """to_go (S, K), of the plan on entry, is overwritten where paths passed; sure: (M,) bool."""
    graph, choice_state, phi = graph_of(d.mdp), d.mdp.choice_state, d.phi_of(trips)
    to_go[known.states] = known.to_go
    to_go[trips.goal_states] = 0.0
    passes = np.bincount(np.searchsorted(known.states, trips.states), minlength=len(known.states))
    place = np.full(d.mdp.n_states, -1)
    place[known.states[passes > 0]] = np.flatnonzero(passes > 0)
    other = np.flatnonzero((place[choice_state] >= 0) & sure)
    mine = known.top[place[choice_state[other]]]
    apart = (_alike(d.mdp)[other] != mine) & sure[mine]
    other, mine = other[apart], mine[apart]
    seen = phi if told_apart(d.mdp) or not graph.deterministic else meant_features(d.mdp, phi, trips.choices)
    assert seen is not None
    ahead = seen[mine] - phi[other] + d.gamma * ((graph.P[mine] - graph.P[other]) @ to_go)
    used, term = np.unique(place[choice_state[other]], return_inverse=True)
    return Comparisons(ahead, term, passes[used].astype(np.float64))


def stacked(parts: list[Comparisons]) -> Comparisons:
    """The comparisons of all goals as one, terms numbered through."""
    before = np.concatenate(([0], np.cumsum([len(p.passes) for p in parts])))
    return Comparisons(np.vstack([p.ahead for p in parts]),
                       np.concatenate([p.term + n for p, n in zip(parts, before[:-1], strict=True)]),
                       np.concatenate([p.passes for p in parts]))
