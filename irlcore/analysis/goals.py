"""The goals of a class: ends of its known tracks, neighbouring ones as one, as they are suggested or as the analyst has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from irlcore.analysis.memory import places_of_project
from irlcore.errors import DataError
from irlcore.intent.grouping import group_ends
from irlcore.project.places import Places
from irlcore.project.project import GoalGroup, Project, remember
from irlcore.project.split import Parts, need_world
from irlcore.worlds.goal_prior import arrived
from irlcore.worlds.mdp import Goals


@dataclass(frozen=True, slots=True, eq=False)
class ClassGoals:
    """names: (n,), each once. ends: of each goal, indices into ``paths.goals``, the most used first. of: (G,) int64, the goal that each of
    ``paths.goals`` is part of, -1 where no known track ended. counts: (n,) int64, how many known tracks ended there. suggested: nobody has
    adjusted them."""

    names: tuple[str, ...]
    ends: tuple[np.ndarray, ...]
    of: np.ndarray
    counts: np.ndarray
    suggested: bool


def class_goals(project: Project, parts: Parts) -> ClassGoals:
    """The goals of the class under study. Ends that the analyst put into none of his goals are goals of their own."""
    places = places_of_project(project)
    own = project.goals.get(project.agent_class)
    used = np.bincount(parts.paths.goal[_known(parts)], minlength=len(parts.paths.goals))
    groups = _suggested(project, parts, places, used) if own is None else _as_adjusted(parts, places, used, own)
    of = np.full(len(used), -1)
    for k, (_, ends) in enumerate(groups):
        of[ends] = k
    return ClassGoals(told_apart([name for name, _ in groups]), tuple(ends for _, ends in groups), of,
                      np.array([used[ends].sum() for _, ends in groups], np.int64), own is None)


def _known(parts: Parts) -> np.ndarray:
    """(n,) int64: the known tracks that came to a goal; those cut off ended nowhere."""
    known = np.union1d(parts.fit, parts.calibration)
    return np.asarray(known[arrived(parts.paths)[known]])


def _suggested(project: Project, parts: Parts, places: Places, used: np.ndarray) -> list[tuple[str, np.ndarray]]:
    world, _ = need_world(project)
    goals = parts.paths.goals
    ends = np.flatnonzero(used)
    where = world.place_of_state[goals.states[goals.offsets[:-1][ends]]]
    names = np.array([str(one) for one in goals.names[ends]], object)
    known = parts.paths.take(_known(parts))
    found = group_ends(world, known, where, used[ends], names)
    out = []
    for k, peak in enumerate(found.peak.tolist()):
        mine = np.flatnonzero(found.group == k)
        mine = mine[np.lexsort((names[mine].astype(str), -used[ends[mine]]))]
        out.append((_named(places, goals, int(ends[peak])), ends[mine]))
    return out


def _as_adjusted(parts: Parts, places: Places, used: np.ndarray, own: Sequence[GoalGroup]) -> list[tuple[str, np.ndarray]]:
    at = {str(name): k for k, name in enumerate(parts.paths.goals.names)}
    taken: set[int] = set()
    out = []
    for group in own:
        ends = [at[end] for end in group.ends if end in at and used[at[end]] > 0 and at[end] not in taken]
        taken.update(ends)
        if ends:
            out.append((group.name, _most_used_first(np.array(ends, np.int64), used, parts)))
    left = [k for k in np.flatnonzero(used).tolist() if k not in taken]
    out += [(_named(places, parts.paths.goals, k), np.array([k])) for k in left]
    return sorted(out, key=lambda one: (-int(used[one[1]].sum()), one[0]))


def _most_used_first(ends: np.ndarray, used: np.ndarray, parts: Parts) -> np.ndarray:
    return ends[np.lexsort((parts.paths.goals.names[ends].astype(str), -used[ends]))]


def _named(places: Places, goals: Goals, end: int) -> str:
    """What one of ``paths.goals`` is called as long as nobody has named it."""
    several = places.several(end, goals)
    return str(goals.names[end]) if several else goal_name(places, places.goal_place(end, goals))


def goal_name(places: Places, place: int) -> str:
    """What a goal there is called: where it is, with the part of the map where that has no name."""
    said = places.at(place)
    region = places.region(place) if not places.has_name(place) else ""
    return f"{region} ({said})" if region else said


def told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names, numbered where several are the same."""
    many, seen = Counter(names), Counter[str]()
    taken, out = set(names), []
    for name in names:
        seen[name] += 1
        said = name
        while seen[name] > 1 and many[name] > 1 and (said == name or said in taken):
            said = f"{name} ({seen[name]})"
            seen[name] += said in taken
        taken.add(said)
        out.append(said)
    return tuple(out)


def end_names(project: Project, parts: Parts) -> list[str]:
    """What each of ``paths.goals`` (G,) is called: the goal that it is part of, else where it is."""
    places, goals = places_of_project(project), class_goals(project, parts)
    return [goals.names[goals.of[k]] if goals.of[k] >= 0 else places.goal(k) for k in range(len(parts.paths.goals))]


def as_groups(project: Project, parts: Parts, goals: ClassGoals) -> tuple[GoalGroup, ...]:
    """The goals as a project keeps them."""
    names = parts.paths.goals.names
    return tuple(GoalGroup(name, tuple(str(names[k]) for k in ends)) for name, ends in zip(goals.names, goals.ends, strict=True))


def renamed(groups: Sequence[GoalGroup], which: int, name: str) -> tuple[GoalGroup, ...]:
    """One goal under another name. DataError where it is empty, or another goal's."""
    name = name.strip()
    if not name:
        raise DataError("A goal needs a name.", "Type what is there.")
    if any(one.name == name and k != which for k, one in enumerate(groups)):
        raise DataError(f"There is a goal {name!r} already.", "Merge the two, or choose another name.")
    return tuple(replace(one, name=name) if k == which else one for k, one in enumerate(groups))


def merged(groups: Sequence[GoalGroup], chosen: Sequence[int]) -> tuple[GoalGroup, ...]:
    """Several goals as one, under the name of the first. DataError where there are fewer than two."""
    if len(set(chosen)) < 2:
        raise DataError("One goal alone cannot be merged.", "Choose two or more.")
    first = min(chosen)
    ends = tuple(end for k in sorted(set(chosen)) for end in groups[k].ends)
    return tuple(replace(one, ends=ends) if k == first else one for k, one in enumerate(groups) if k == first or k not in chosen)


def split_up(groups: Sequence[GoalGroup], which: int) -> tuple[GoalGroup, ...]:
    """Without one goal: each of its ends is a goal of its own again."""
    return tuple(one for k, one in enumerate(groups) if k != which)


def without_end(groups: Sequence[GoalGroup], end: str) -> tuple[GoalGroup, ...]:
    """One end taken out of its goal; a goal with no end left goes."""
    left = (replace(one, ends=tuple(e for e in one.ends if e != end)) for one in groups)
    return tuple(one for one in left if one.ends)


def with_goals(project: Project, groups: Sequence[GoalGroup] | None, what: str) -> Project:
    """The project with the goals of its class as the analyst has adjusted them; as they are suggested where None."""
    others = {name: kept for name, kept in project.goals.items() if name != project.agent_class}
    goals = others if groups is None else {**others, project.agent_class: tuple(groups)}
    return remember(replace(project, goals=goals), what)
