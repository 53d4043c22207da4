"""Which rewards gamma = 1 allows, judged by the part of the world that matters to one goal.

A trip may go round as often as it likes, so a value is finite, and the best way arrives, where every way round costs. Ways round
count where a trip can be led into them: through choices after which the goal can still be reached, made in states that trips can
come to (where it is known where they are), the goal's own choices left out. What lies on no such way round is made once at most
and may pay or be free.

*One successor a choice*: exactly that is tested, by totals (a step may pay if the rest of every way round costs more).
*Elsewhere* a way round is a matter of chance and of what is chosen on it, so no choice that may lie on one may pay, and no way round
may be free: enough, and more than is needed. To ask exactly would take the greatest mean reward of every part, a problem of its own.
"""

from __future__ import annotations

import numpy as np

from irlcore.errors import Infeasible
from irlcore.planning.cycles import kernels
from irlcore.planning.graph import Graph, connected_parts, leads_to, reach

FREE = 1e-13
"""Share of the largest reward below which one is rounding: sums of weighted features cancel to about 1e-16 of their terms."""
WAY_OUT = "With gamma = 1 every way round must cost: add a cost per step, or use gamma below 1."
STAYING_FREE = ("With gamma = 1 staying must cost: add the feature Staying or Every step with a weight that cannot rise above 0, or use "
                "gamma below 1.")


def check_costs(graph: Graph, reward: np.ndarray, goal_states: np.ndarray, within: np.ndarray | None = None) -> None:
    """Raise ``Infeasible`` where gamma = 1 cannot hold for the hard value towards a goal; rewards (M,) are finite.

    within: (S,) bool, the states that trips can come to; all where not known.
    """
    least = _least(reward)
    if surely_costs(graph, reward):  # nearly always, and the same for all goals
        return
    usable = reach(graph, goal_states, 1.0).usable
    if within is not None:
        usable &= within[graph.choice_state]
    round_about = on_circle(graph, usable)
    paying = np.flatnonzero(round_about & (reward > -least))
    if len(paying):
        worst = int(paying[np.argmax(reward[paying])])
        _check_staying(graph, paying, reward)
        if not graph.deterministic:
            raise Infeasible(f"Choice {worst} in state {graph.choice_state[worst]} pays {reward[worst]:.4g} and may be made again and "
                             f"again, so going round for ever may pay ({len(paying)} such choices).", WAY_OUT)
        _check_totals(graph, reward - least, round_about)
    free = round_about & (np.abs(reward) <= -least)
    again = np.flatnonzero(on_circle(graph, free)) if free.any() else paying[:0]
    _check_staying(graph, again, reward)
    if len(again):
        raise Infeasible(f"State {graph.choice_state[again[0]]} lies on a cycle that costs nothing ({len(again)} such choices).", WAY_OUT)


def surely_costs(graph: Graph, reward: np.ndarray) -> bool:
    """Whether every way round costs, whatever the goal: most are seen at a glance, and asked for all goals at once."""
    least = _least(reward)
    doubtful = (reward >= least) & graph.on_circle
    if not doubtful.any():
        return True
    return not (reward[doubtful] > -least).any() and not on_circle(graph, doubtful).any()  # free, but none leads back for nothing


def costs_everywhere(graph: Graph, reward: np.ndarray) -> bool:
    """Whether every way round of a deterministic world costs, though some choice on one may pay: then it does so on the way to any goal, of
    which each looks at a part of the world, and asking once is enough."""
    least = _least(reward)
    if len(_paying(graph, reward - least, graph.on_circle)):
        return False
    return not on_circle(graph, graph.on_circle & (np.abs(reward) <= -least)).any()


def _least(reward: np.ndarray) -> float:
    """The reward from which one of ``reward`` (M,) may be free."""
    return -FREE * max(float(reward.max(initial=0.0)), -float(reward.min(initial=0.0)))


def _check_staying(graph: Graph, choices: np.ndarray, reward: np.ndarray) -> None:
    """Refuse ``choices`` (n,) that may be made for ever where one of them is to stay: that is the plainest way round there is."""
    stays = choices[staying(graph)[choices]]
    if len(stays):
        worst = int(stays[np.argmax(reward[stays])])
        does = f"pays {reward[worst]:.4g}" if reward[worst] > FREE else "costs nothing"
        raise Infeasible(f"Staying in state {graph.choice_state[worst]} {does}, so an agent might stay there for ever.", STAYING_FREE)


def staying(graph: Graph) -> np.ndarray:
    """(M,) bool: choices that surely lead to their own state."""
    width = np.diff(graph.successor_offsets.astype(np.int64))
    return np.asarray((width == 1) & (graph.successors[graph.successor_offsets[:-1]] == graph.choice_state))


def _check_totals(graph: Graph, reward: np.ndarray, round_about: np.ndarray) -> None:
    """Whether any way round has a total of 0 or more; ``reward`` (M,) has rounding added."""
    found = _paying(graph, reward, round_about)
    if len(found) == 1:
        _check_staying(graph, found, reward)
    if len(found):
        raise Infeasible(f"Choice {found[0]} in state {graph.choice_state[found[0]]} lies on a cycle that costs nothing or pays, so going "
                         "round for ever would pay.", WAY_OUT)


def _paying(graph: Graph, reward: np.ndarray, round_about: np.ndarray) -> np.ndarray:
    """(n,) int64: the choices of a way round, among those that lie ``round_about`` (M,) bool, whose total is above 0; empty if none."""
    steps, plan = np.flatnonzero(round_about), np.full(graph.n_states, -1, np.int64)
    state, after = graph.choice_state[steps], graph.successors[steps]
    first = kernels.paying_circle(state, after, reward[steps], plan, np.zeros(graph.n_states))
    circle: list[int] = []
    at = first
    while at >= 0 and (not circle or at != first):
        circle.append(int(steps[at]))
        at = int(plan[after[at]])
    return np.array(circle, np.int64)


def paying_round(graph: Graph, reward: np.ndarray, used: np.ndarray) -> np.ndarray:
    """(n,) int64: the choices of a way round, among ``used`` (M,) bool, whose total reward is 0 or more; empty where every one costs. In a
    deterministic world. The total is linear in the weights, so it must stay below 0 on this side of them: that is a half-space."""
    least = FREE * max(float(np.abs(reward).max(initial=0.0)), 1e-300)
    doubtful = (reward >= -least) & graph.on_circle
    return _paying(graph, reward + least, on_circle(graph, used)) if doubtful.any() else np.zeros(0, np.int64)


def on_circle(graph: Graph, usable: np.ndarray) -> np.ndarray:
    """(M,) bool: usable choices (M,) from some outcome of which usable choices may lead back."""
    label = connected_parts(graph.n_states, graph.choice_state, graph.outcome_choice, graph.successors, usable)
    back = usable[graph.outcome_choice] & (label[graph.choice_state[graph.outcome_choice]] == label[graph.successors])
    out = np.zeros(graph.n_choices, bool)
    out[graph.outcome_choice[back]] = True
    return out


def must_cost(graph: Graph, goals: list[np.ndarray], within: np.ndarray | None = None) -> np.ndarray:
    """(M,) bool: choices whose reward must be 0 or less for any of ``goals`` (arrays of states): a search among weights that keeps
    these from paying meets no paying way round. At times more than are needed: ways through a goal on the way to another are left in.
    """
    usable = graph.on_circle & matters(graph, goals, within)
    return on_circle(graph, usable) if usable.any() else usable


def matters(graph: Graph, goals: list[np.ndarray], within: np.ndarray | None = None) -> np.ndarray:
    """(M,) bool: choices that a trip to one of ``goals`` may make, made in states ``within`` (S,) bool: one of the goals can be reached
    from there, and it is not the end of every trip. Who has no goal may make any."""
    ends = goals[0]
    for other in goals[1:]:
        ends = np.intersect1d(ends, other)
    there = leads_to(graph, np.concatenate(goals)) if all(map(len, goals)) else np.ones(graph.n_states, bool)
    there[ends] = False
    return np.asarray((there if within is None else there & within)[graph.choice_state])
