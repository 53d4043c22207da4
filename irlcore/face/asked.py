"""A fit made ready to be asked about any start and goal: by their names, or by the places that were passed so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.analysis.goals import end_names
from irlcore.analysis.study import solved
from irlcore.errors import DataError, WorldError, none_called
from irlcore.project.project import Project
from irlcore.project.split import Parts, need_world
from irlcore.rationality.base import Rationality
from irlcore.rationality.confined import covering
from irlcore.rationality.solution import Prepared
from irlcore.worlds.called import called
from irlcore.worlds.history.build import START, start_state
from irlcore.worlds.mdp import Goals, Paths
from irlcore.worlds.world import World

Start = str | Sequence[str]
"""Where an agent is, by the name of the place; or the places that it came through, the one where it is last."""


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """The newest fit of a project. prepared: with the rewards of its weights, for the trips of the class."""

    project: Project
    world: World
    parts: Parts
    model: Rationality
    prepared: Prepared

    def goal_states(self, goal: str) -> np.ndarray:
        """(n,) int64: the states of a goal, by its name as tracks end there, as the pages call it, or by a place; none where agents have no
        destination. DataError where it is none."""
        goals = self.parts.paths.goals
        if not goal:
            if len(goals) == 1:
                return goals.of(0)
            many = ", ".join(str(name) for name in goals.names[:5])
            raise DataError(f"Agents of this class have {len(goals):,} goals.", f"Name one, or a place: {many}, ...")
        called_so = np.flatnonzero(goals.names.astype(str) == goal)
        if len(called_so):
            return goals.of(int(called_so[0]))
        places = np.flatnonzero(self.world.place_names.astype(str) == goal)
        if len(places):
            return self.world.goals_at(places).of(0)
        ends = end_names(self.project, self.parts)
        mine = [goals.of(k) for k, name in enumerate(ends) if name == goal]
        if not mine:
            raise DataError(*none_called("goal", goal, dict.fromkeys([*ends, *self.world.place_names.astype(str)])))
        return np.unique(np.concatenate(mine))

    def states_at(self, start: Start) -> np.ndarray:
        """(n,) int64: the states in which an agent may be at ``start``; one where the way there was given, or in a log. DataError, or
        WorldError where there is no such step."""
        if not isinstance(start, str):
            return np.array([self.walked(start)[1]])
        if self.world.kind == "log":
            return np.array([self.walked([start] if start else [])[1]])
        found = np.flatnonzero(self.world.place_of_state == _place(self.world, start))
        return found[found < self.prepared.mdp.n_states // self.world.n_bands]  # of the first band

    def walked(self, places: Sequence[str]) -> tuple[np.ndarray, int]:
        """(n,) int64, the choices that lead through ``places`` by name, and the state in which they end. In a log places are events, from
        the start on. WorldError where no step leads from one to the next."""
        mdp, world = self.prepared.mdp, self.world
        if world.kind == "log":
            places = [START, *places]
        if not len(places):
            raise DataError("There is no place that it came through.", "Name one or more.")
        numbers = [_place(world, str(one)) for one in places]
        first = np.array([start_state(world)]) if world.kind == "log" else np.flatnonzero(world.place_of_state == numbers[0])
        reached: dict[int, tuple[int, ...]] = {int(state): () for state in first}
        for k, place in enumerate(numbers[1:], 1):
            onward: dict[int, tuple[int, ...]] = {}
            for state, made in reached.items():
                for choice in range(mdp.choice_offsets[state], mdp.choice_offsets[state + 1]):
                    to = int(mdp.likeliest[choice])
                    if world.place_of_state[to] == place:
                        onward.setdefault(to, (*made, choice))
            if not onward:
                raise WorldError(f"No step leads from {places[k - 1]!r} to {places[k]!r} (step {k}).",
                                 f"Give every {called(world).place} that it passed, in order.")
            reached = onward
        state, made = next(iter(reached.items()))
        return np.array(made, np.int64), state

    def towards(self, state: int, goal_states: np.ndarray) -> Prepared:
        """``prepared``, made ready anew where trips of the class never came where this one would go."""
        mdp = self.prepared.mdp
        first = int(mdp.choice_offsets[state])
        if not len(goal_states) or first == mdp.choice_offsets[state + 1]:
            return self.prepared
        trip = Paths(np.array(["asked"], object), np.array([0, 1]), np.array([first]), np.array([mdp.likeliest[first]]), np.array([0]),
                     Goals(np.array([0, len(goal_states)]), goal_states, np.array(["asked"], object)))
        return covering(self.model, self.prepared, trip)


def ready(project: Project) -> Ready:
    """The newest fit of a project. FitError where there is none."""
    ready = solved(project)
    parts, model, prepared = ready.parts, ready.model, ready.prepared
    return Ready(project, need_world(project)[0], parts, model, prepared)


def _place(world: World, name: str) -> int:
    found = np.flatnonzero(world.place_names.astype(str) == name)
    if not len(found):
        raise DataError(*none_called(called(world).place, name, world.place_names.astype(str).tolist()))
    return int(found[0])
