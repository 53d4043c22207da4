"""What a track without a destination is likely to do next: its next move, and the likeliest walk of so many steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.analysis.study import solved
from irlcore.project.project import Project
from irlcore.rationality.likely_walks import MOST_STEPS, likeliest_walks
from irlcore.rationality.seen import log_seen
from irlcore.worlds.mdp import Paths

NOWHERE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class WalkOn:
    """Of one path, ``index`` of the class's ``paths``, after the steps seen. choices: (c,) int64, those of the state that it is in, the
    likeliest first, and chance (c,) of each. way: (n,) int64, choices of the likeliest walk on, shorter where it gets stuck."""

    paths: Paths
    index: int
    choices: np.ndarray
    chance: np.ndarray
    way: np.ndarray


def walk_on_study(project: Project, index: int, seen: int, steps: int) -> WalkOn:
    """The likeliest walk of ``steps`` steps on from where the class's path ``index``, which has no destination, is after ``seen`` steps.
    FitError where there is no fit."""
    ready = solved(project, index)
    parts, model, prepared = ready.parts, ready.model, ready.prepared
    mdp, paths = prepared.mdp, parts.paths
    solution = model.solve(prepared, NOWHERE)
    state = int(paths.states(mdp, index)[seen])
    here = np.arange(mdp.choice_offsets[state], mdp.choice_offsets[state + 1])
    chance = np.exp(log_seen(prepared, solution)[here])
    order = np.argsort(-chance, kind="stable")
    if not len(here):
        return WalkOn(paths, index, here, chance, NOWHERE)
    own = paths.choices[paths.offsets[index]:paths.offsets[index + 1]][seen:]
    walk = np.full(min(steps, MOST_STEPS), here[0])  # where several ways are as good the walk does what the track did
    walk[:len(own)] = own[:len(walk)]
    return WalkOn(paths, index, here[order], chance[order], likeliest_walks(prepared, solution, [walk])[0])
