"""Whether the world of an event log is what its settings say: each state is named by its last events, and each choice leads on from there.

What is checked is what maps of new sequences, features and words trust. That a choice leads to the longest context there is, and not to a
shorter one that fits as well, is not: any such world is sound, if not the one that ``build_history`` would make.
"""

from __future__ import annotations

import numpy as np

from irlcore.budget import within
from irlcore.errors import WorldError
from irlcore.project.damage import damaged, need
from irlcore.project.rules import short
from irlcore.worlds.history.build import END, EVENT, MOST_COUNTED, MOST_REMEMBERED, START, TOLD_APART, remembered_after
from irlcore.worlds.history.classifier import part_of
from irlcore.worlds.history.contexts import LONGEST
from irlcore.worlds.tables.build import CHOICE
from irlcore.worlds.world import World

SETTINGS = {CHOICE, "order", "least", "remembered", "recent", "remembers"}
NEWER = {"count", TOLD_APART}
"""Settings that a world has only where it counts events, or tells them apart by more than their names."""


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
    need(s.get(CHOICE) == EVENT and set(s) - NEWER == SETTINGS, "world.settings", "are not those of an event log")
    count = s.get("count", 1)
    need(type(count) is int and 1 <= count <= MOST_COUNTED, "world.settings['count']", f"is {short(count)}, not a number from 1 to "
         f"{MOST_COUNTED}")
    assert isinstance(order, int) and isinstance(remembered, list | tuple) and isinstance(count, int)
    within("transitions", n_events * (count + 1) ** len(remembered), "The events that world.settings remember are too many.")
    n = mdp.n_states - 1
    width = mdp.n_choices // n if n > 0 else 0
    need(n > 0 and width * n == mdp.n_choices and width > n_events, "world.mdp.choice_offsets", "do not give each state as many choices")
    recent = _table(s.get("recent"), (n, order), -1, n_events, "recent")
    memo = _table(s.get("remembers"), (n,), 0, (count + 1) ** len(remembered) - 1, "remembers")
    need(mdp.deterministic and np.array_equal(mdp.choice_offsets, np.append(np.arange(n + 1), n) * width), "world.mdp.choice_offsets",
         "do not give each state a choice for every event and one for the end, and the end none")
    event = _check_classes(world, n, width, names[:-2])
    _check_states(world, recent, memo)
    _check_ways(world, recent, memo, event, remembered_after(names[:-2], [str(one) for one in remembered], count))


def _check_classes(world: World, n: int, width: int, names: list[str]) -> np.ndarray:
    """(A,) int64: the event of each choice of a state but the end. The same choices in each state, their events in turn; and where they are
    told apart by something, each once."""
    s = world.settings
    need(TOLD_APART not in s or (isinstance(s[TOLD_APART], list | tuple) and len(s[TOLD_APART]) > 0), f"world.settings[{TOLD_APART!r}]",
         "tell nothing apart")
    try:
        parts = [part_of(one) for one in s.get(TOLD_APART, ())]
    except WorldError as error:
        raise damaged(f"world.settings[{TOLD_APART!r}]", error.what.rstrip(".")) from error
    aspects = [part.name for part in parts]
    need(len({*aspects, EVENT}) == len(aspects) + 1, f"world.settings[{TOLD_APART!r}]", "have two of one name")
    for name in (EVENT, *aspects):
        told = world.choice_attributes.get(name)
        need(told is not None and told.dtype == object and told.tolist() == told[:width].tolist() * n and told[width - 1] == END,
             f"world.choice_attributes[{name!r}]", "are not the same in each state, the end last")
    numbers = {name: k for k, name in enumerate(names)}
    event = np.array([numbers.get(one, -1) for one in world.choice_attributes[EVENT][:width - 1].tolist()], np.int64)
    once = len(set(zip(*(world.choice_attributes[name][:width - 1].tolist() for name in (EVENT, *aspects)), strict=True)))
    in_turn = bool((event >= 0).all()) and bool((np.diff(event) >= 0).all()) and len(np.unique(event)) == len(names)
    need(in_turn and once == width - 1, f"world.choice_attributes[{EVENT!r}]",
         "are not the events in turn, each kind of event once, the end last, in each state")
    return event


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


def _check_ways(world: World, recent: np.ndarray, memo: np.ndarray, event_of: np.ndarray, onward: np.ndarray) -> None:
    """The end leads to the last state; an event to one whose events are the last of those before it and itself, and which remembers it.
    event_of: (A,), of each choice but the end. onward: (R, E), what is remembered after each event."""
    n = len(recent)
    to = world.mdp.successors.reshape(n, len(event_of) + 1)
    ends = bool((to[:, -1] == n).all()) and bool((to[:, :-1] < n).all())
    need(ends, "world.mdp.successors", "lead to the end by an event, or elsewhere by the end")
    for k, event in enumerate(event_of.tolist()):  # one at a time, for the whole would be as large as the world many times over
        after = recent[to[:, k]]
        fits = (after[:, -1] == event) & (memo[to[:, k]] == onward[memo, event])
        fits &= ((after[:, :-1] < 0) | (after[:, :-1] == recent[:, 1:])).all(axis=1)
        if not fits.all():
            at = f"{world.place_names[event]!r} in state {int(np.argmin(fits))}"
            need(False, "world.mdp.successors", f"lead elsewhere than its events say by {short(at)}")
