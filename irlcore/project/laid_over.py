"""What an analyst laid over the world, map files and ends grouped into goals: whether they fit it, and what of them still does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from irlcore.budget import within
from irlcore.project.damage import need
from irlcore.project.project import GoalGroup, MapFile, Project
from irlcore.project.rules import short
from irlcore.worlds.mdp import Paths

MOST_FILES = 100  # under one map; a coast, its water and its roads are three


def check_map_files(files: Sequence[MapFile]) -> None:
    """ProjectError or ``TooLarge`` where the things of a file are not those that its corners make."""
    need(len(files) <= MOST_FILES, "map_files", f"are {len(files):,}, and there can be {MOST_FILES}")
    corners = 0
    for i, one in enumerate(files):
        offsets = np.asarray(one.offsets)
        need(int(offsets[0]) == 0 and int(offsets[-1]) == len(one.xy), f"map_files[{i}].offsets",
             f"run from {int(offsets[0])} to {int(offsets[-1])}, and there are {len(one.xy):,} corners")
        need(bool((offsets[1:] > offsets[:-1]).all()), f"map_files[{i}].offsets", "hold a thing without corners")
        corners += len(one.xy)
    within("points", corners, f"The project's map files have {corners:,} corners.")


def check_goals(project: Project) -> None:
    """ProjectError where a group is of ends that there are none of, of none at all, or shares one with another group of its class."""
    known = _ends(project.paths) if project.goals and project.paths is not None else set()
    for agent_class, groups in project.goals.items():
        taken: set[str] = set()
        for i, group in enumerate(groups):
            where = f"goals[{short(agent_class)}][{i}].ends"
            need(len(group.ends) > 0, where, "is empty: a goal has an end or more")
            for end in group.ends:
                need(end in known, where, f"names {short(end)}, which is no goal of the paths")
                need(end not in taken, where, f"names {short(end)}, which is an end of this class already")
                taken.add(end)


def _ends(paths: Paths) -> set[str]:
    """The names of the goals that are places."""
    return set(paths.goals.names[~paths.goals.nowhere].tolist())


def with_known_ends(goals: Mapping[str, tuple[GoalGroup, ...]], paths: Paths) -> dict[str, tuple[GoalGroup, ...]]:
    """The groups as far as their ends are goals of these paths; to be asked for wherever the paths of a project are made anew."""
    known = _ends(paths)
    left = {agent_class: tuple(replace(group, ends=ends) for group in groups if (ends := tuple(end for end in group.ends if end in known)))
            for agent_class, groups in goals.items()}
    return {agent_class: groups for agent_class, groups in left.items() if groups}
