"""Whether the world of an event log is what its settings say: each state is named by its last events, and each choice leads on from there.

What is checked is what maps of new sequences, features and words trust. That a choice leads to the longest context there is, and not to a
shorter one that fits as well, is not: any such world is sound, if not the one that ``build_history`` would make.
"""

from __future__ import annotations

import numpy as np

from irlcore.project.damage import need
from irlcore.project.rules import short
from irlcore.worlds.history.build import END, EVENT, MOST_REMEMBERED, START
from irlcore.worlds.history.contexts import LONGEST
from irlcore.worlds.tables.build import CHOICE
from irlcore.worlds.world import World

SETTINGS = {CHOICE, "order", "least", "remembered", "recent", "remembers"}


def check_log(world: World) -> None:
    """ProjectError where a setting, the places, the choices or where these lead do not go together."""
    s, mdp, n_events = world.settings, world.mdp, world.n_places - 2
    names = world.place_names.tolist()
    need(n_events > 0 and names[-2:] == [START, END], "world.place_names", f"do not end with {START} and {END} behind events")
    order, least, remembered = s.get("order"), s.get("least"), s.get("remembered")
    need(type(order) is int and 1 <= order <= LONGEST, "world.settings['order']", f"is {short(order)}, not a number from 1 to {LONGEST}")
    need(type(least) is int and least >= 1, "world.settings['least']", f"is {short(least)}, not a number from 1 on")
    known = set(names[:-2])
    need(isinstance(remembered, list | tuple) and len(remembered) <= MOST_REMEMBERED and len(set(map(str, remembered))) == len(remembered)
         and all(isinstance(one, str) and one in known for one in remembered), "world.settings['remembered']",
         f"are not up to {MOST_REMEMBERED} events of the log, each once")
    need(s.get(CHOICE) == EVENT and set(s) == SETTINGS, "world.settings", "are not those of an event log")
    assert isinstance(order, int) and isinstance(remembered, list | tuple)
    n, width = mdp.n_states - 1, n_events + 1
    recent = _table(s.get("recent"), (n, order), -1, n_events, "recent")
    memo = _table(s.get("remembers"), (n,), 0, 2 ** len(remembered) - 1, "remembers")
    need(mdp.deterministic and np.array_equal(mdp.choice_offsets, np.append(np.arange(n + 1), n) * width), "world.mdp.choice_offsets",
         "do not give each state a choice for every event and one for the end, and the end none")
    called = world.choice_attributes.get(EVENT)
    need(called is not None and called.tolist() == [*names[:-2], END] * n, f"world.choice_attributes[{EVENT!r}]",
         "are not the events in turn, the end last, in each state")
    _check_states(world, recent, memo)
    _check_ways(world, recent, memo, tuple(remembered))


def _table(value: object, shape: tuple[int, ...], low: int, high: int, name: str) -> np.ndarray:
    """A setting as an array of whole numbers of a shape, each from ``low`` to ``high``."""
    where, what = f"world.settings[{name!r}]", f"are not {' x '.join(map(str, shape))} whole numbers from {low} to {high}"
    need(isinstance(value, list | tuple), where, what)
    try:
        found = np.asarray(value)
    except ValueError:
        found = np.empty(0)
    found = found.reshape(shape) if found.size == int(np.prod(shape)) == 0 else found
    need(found.dtype.kind in "iu" and found.shape == shape and low <= int(found.min(initial=low)) and int(found.max(initial=high)) <= high,
         where, what)
    return found.astype(np.int64)


def _check_states(world: World, recent: np.ndarray, memo: np.ndarray) -> None:
    """Each state once, its events without a gap, at its last one; one that is the start, in which nothing has happened."""
    n_events, n = world.n_places - 2, len(recent)
    gap = (recent[:, 1:] < 0) & (recent[:, :-1] >= 0)
    inner = (recent[:, 1:] == n_events) & (recent[:, :-1] >= 0)  # before the start there is nothing
    need(n > 0 and bool((recent[:, -1] >= 0).all()) and not gap.any() and not inner.any(), "world.settings['recent']",
         "have a gap, or no last event")
    need(len(np.unique(np.column_stack((recent, memo)), axis=0)) == n, "world.settings['recent']", "have a state twice")
    start = recent[:, -1] == n_events
    need(int(start.sum()) == 1 and int(memo[start][0]) == 0, "world.settings['recent']", "do not begin once, with nothing remembered")
    need(np.array_equal(world.place_of_state, np.append(recent[:, -1], n_events + 1)), "world.place_of_state",
         "is not the last event of each state, and the end of the last one")


def _check_ways(world: World, recent: np.ndarray, memo: np.ndarray, remembered: tuple[str, ...]) -> None:
    """The end leads to the last state; an event to one whose events are the last of those before it and itself, and which remembers it."""
    n, n_events = len(recent), world.n_places - 2
    to = world.mdp.successors.reshape(n, n_events + 1)
    ends = bool((to[:, -1] == n).all()) and bool((to[:, :-1] < n).all())
    need(ends, "world.mdp.successors", "lead to the end by an event, or elsewhere by the end")
    names = {name: k for k, name in enumerate(world.place_names[:-2].tolist())}
    bit = np.zeros(n_events, np.int64)
    for k, name in enumerate(remembered):
        bit[names[name]] = 1 << k
    for event in range(n_events):  # one event at a time, for the whole would be as large as the world many times over
        after = recent[to[:, event]]
        fits = (after[:, -1] == event) & (memo[to[:, event]] == memo | bit[event])
        fits &= ((after[:, :-1] < 0) | (after[:, :-1] == recent[:, 1:])).all(axis=1)
        if not fits.all():
            at = f"{world.place_names[event]!r} in state {int(np.argmin(fits))}"
            need(False, "world.mdp.successors", f"lead elsewhere than its events say by {short(at)}")
