"""Places by name, as an analyst would say where something was: the street, else the zone or spot, else how far and in which direction from
the nearest thing that has a name. Ids come last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy.spatial import cKDTree

from irlcore.project.project import GoalGroup, Project
from irlcore.project.split import need_world
from irlcore.quantities import said_length
from irlcore.worlds.cells.kinds import lattice_of
from irlcore.worlds.mdp import Goals
from irlcore.worlds.street_names import is_name, street_names
from irlcore.worlds.world import A_PLACE, World

COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
PICTURE = ("below", "below right", "right", "above right", "above", "above left", "left", "below left")
"""Where y grows downwards, by the same angles."""
NORTH_WEST = ("south", "", "north"), ("west", "", "east"), "-"
TOP_LEFT = ("top", "", "bottom"), ("left", "", "right"), " "
"""Thirds of a map by growing y and by growing x, and what joins them."""
NO_DESTINATION, UNFINISHED_GOAL, STILL_RUNNING = "no destination", "unfinished: its goal is not known", "still running"
"""What stands where a track's goal is told, where it has none and where it was not seen to arrive."""
PIXELS = ("px", "pixel", "pixels", "pix")
ALIKE = 1e-9  # of a distance or of a turn: what differs by less is the same, so that no name hangs on the last bit of a number
MOST_SOUGHT = 2000  # places


@dataclass(frozen=True, eq=False)
class Places:
    """Names of the L places of a world.

    own: (L,) str objects, "" where a place has no name of its own. things: what has a name and a shape, in the world's coordinates, with
    ``names``; ``tree`` finds the nearest of them. goals: of the project's paths. groups: end's name -> the goal that the analyst made
    of it.
    """

    world: World
    own: np.ndarray
    names: tuple[str, ...]
    tree: shapely.STRtree
    goals: Goals
    groups: Mapping[str, str]

    def said(self, place: int) -> str:
        """Where a place is: "Quay Street", "old town", "300 m north of ferry terminal"; "link 431" or "cell 10,22" where nothing near has
        a name."""
        return str(self.own[place]) or self._from_nearest(place) or self._as_id(place)

    @cached_property
    def all_said(self) -> tuple[str, ...]:
        """``said`` of all L places, for what is told of each on a map; where more than ``MOST_SOUGHT`` have no name of their own, these are
        told by their ids, since to look for the nearest thing takes a while."""
        found, nameless = self.own.astype(str).tolist(), np.flatnonzero(self.own == "").tolist()
        for place in nameless:
            found[place] = self.said(place) if len(nameless) <= MOST_SOUGHT else self._as_id(place)
        return tuple(found)

    def goal(self, goal: int) -> str:
        """A goal of ``project.paths.goals``: as the analyst named it, else where it is; ``NO_DESTINATION`` of paths that have none,
        ``UNFINISHED_GOAL`` where it is not known (-1)."""
        if goal < 0 or self.goals.nowhere[goal]:
            return NO_DESTINATION if goal >= 0 else UNFINISHED_GOAL
        named = self.groups.get(str(self.goals.names[goal]))
        return named or (str(self.goals.names[goal]) if self.several(goal, self.goals) else self.at(self.goal_place(goal)))

    def several(self, goal: int, goals: Goals) -> bool:
        """Whether a goal is several places: any end of a world of a table, which goes by the goal's own name."""
        return len(np.unique(self.world.place_of_state[goals.of(goal)])) > 1

    def goal_place(self, goal: int, goals: Goals | None = None) -> int:
        """The place that a goal's states are in."""
        return int(self.world.place_of_state[(goals or self.goals).of(goal)[0]])

    def has_name(self, place: int) -> bool:
        """Whether a place is told by more than its id."""
        return bool(self.own[place]) or bool(self._from_nearest(place)) or is_name(str(self.world.place_names[place]))

    def region(self, place: int) -> str:
        """In which ninth of the map a place is: "north-west", "middle"; of pictures "top left". Empty without coordinates."""
        here = self.world.place_xy[place]
        if not np.isfinite(here).all():
            return ""
        low, high = np.nanmin(self.world.place_xy, axis=0), np.nanmax(self.world.place_xy, axis=0)
        third = np.clip(np.floor((here - low) / np.maximum(high - low, 1e-300) * 3.0 + ALIKE), 0, 2).astype(int)
        rows, columns, gap = TOP_LEFT if self._is_picture else NORTH_WEST
        return gap.join(word for word in (rows[third[1]], columns[third[0]]) if word) or "middle"

    @property
    def _is_picture(self) -> bool:
        """Whether y grows downwards: what the analyst set, else whether coordinates are counted in pixels."""
        said = self.world.settings.get("y_down")
        return said if isinstance(said, bool) else self.world.crs is None and self.world.unit.strip().lower() in PIXELS

    def at(self, place: int) -> str:
        """The same, and where a street is told with the next one that crosses it: "Quay Street at Mill Lane"."""
        said, crossing = self.said(place), self.crossing(place)
        return f"{said} at {crossing}" if crossing else said

    def crossing(self, place: int) -> str:
        """Another named street that a link leads into, the first by name; empty for none, and on grids."""
        if self.world.kind != "network" or not self.own[place]:
            return ""
        mdp = self.world.mdp
        state = int(np.flatnonzero(self.world.place_of_state == place)[0])
        after = mdp.successors[mdp.successor_offsets[mdp.choice_offsets[state]]:mdp.successor_offsets[mdp.choice_offsets[state + 1]]]
        others = {str(self.own[p]) for p in self.world.place_of_state[after]} - {"", str(self.own[place])}
        return min(others, default="")

    def _from_nearest(self, place: int) -> str:
        here = self.world.place_xy[place]
        if not len(self.names) or not np.isfinite(here).all():
            return ""
        point = shapely.Point(here)
        far = float(self.tree.query_nearest(point, return_distance=True)[1][0])
        near = self.tree.query(point, predicate="dwithin", distance=far * (1.0 + ALIKE))
        best = min(near.tolist(), key=lambda k: (self.names[k], k)) if len(near) else int(self.tree.nearest(point))
        step = here - shapely.get_coordinates(shapely.shortest_line(self.tree.geometries[best], point))[0]
        far = float(np.hypot(*step))
        if far <= ALIKE * max(1.0, float(np.abs(here).max())):
            return self.names[best]
        return f"{said_length(_roughly(far), self.world.unit)} {self._direction(step)} {self.names[best]}"

    def _direction(self, step: np.ndarray) -> str:
        """In which of eight directions (2,) ``step`` leads, with the word that follows."""
        eighth = int(np.floor(np.arctan2(step[0], step[1]) / (np.pi / 4.0) + 0.5 + ALIKE)) % 8
        if not self._is_picture:
            return f"{COMPASS[eighth]} of"
        return PICTURE[eighth] if PICTURE[eighth] in ("above", "below") else f"{PICTURE[eighth]} of"

    def _as_id(self, place: int) -> str:
        name = str(self.world.place_names[place])
        return name if is_name(name) else f"{A_PLACE[self.world.kind]} {name}"


def places_of(project: Project) -> Places:
    """The names of a project's places, as its data, its zones, spots, map files and goals have them. DataError where it has no world."""
    world, paths = need_world(project)
    own = np.full(world.n_places, "", object)
    streets = street_names(world)
    if streets is not None:
        own[:] = streets
    (names, shapes), (called, at) = _zones(project), _points(project)
    if world.has_coordinates:
        _give_areas(own, world, names, shapes)
        _give_points(own, world, called, at)
    names, shapes = names + called, shapes + list(shapely.points(at))
    groups = group_names(project.goals.get(project.agent_class, ()))
    _name_goals(own, world, paths.goals, groups, names, shapes)
    if streets is not None and world.has_coordinates:
        lines, called = _streets_as_lines(world, streets)
        names, shapes = names + called, shapes + lines
    return Places(world, own, tuple(names), shapely.STRtree(shapes), paths.goals, groups)


def _roughly(far: float) -> float:
    """A distance to two figures that count; what lies half way between is rounded up, whatever its last bit."""
    step = 10.0 ** (np.floor(np.log10(far) + ALIKE) - 1.0)
    return float(np.floor(far / step * (1.0 + ALIKE) + 0.5) * step)


def _zones(project: Project) -> tuple[list[str], list[shapely.Geometry]]:
    """Zones by name, the smallest first."""
    zones = [(name, shapely.Polygon(ring)) for name, ring in project.zones.items() if len(ring) > 3]
    zones.sort(key=lambda one: (one[1].area, one[0]))
    return [name for name, _ in zones], [shape for _, shape in zones]


def _points(project: Project) -> tuple[list[str], np.ndarray]:
    """Spots, and the middles of what map files name, by name and (n, 2) where they are."""
    spots = sorted(project.spots.items())
    names, at = [name for name, _ in spots], [np.array([spot for _, spot in spots], np.float64).reshape(-1, 2)]
    for held in project.map_files:
        size = np.diff(held.offsets)
        if held.kind != "places" or not size.any():
            continue
        some = size > 0
        middle = np.add.reduceat(held.xy, held.offsets[:-1][some], axis=0) / size[some, None]
        named = np.array([bool(name) for name in held.names])[some]
        names += [held.names[k] for k in np.flatnonzero(some)[named]]
        at.append(middle[named])
    return names, np.concatenate(at)


def _give_areas(own: np.ndarray, world: World, names: list[str], shapes: list[shapely.Geometry]) -> None:
    """Name the places within areas, where they have no name yet."""
    for name, shape in zip(names, shapes, strict=True):
        own[shapely.contains_xy(shape, *world.place_xy.T) & (own == "")] = name


def _give_points(own: np.ndarray, world: World, names: list[str], at: np.ndarray) -> None:
    """Name the places that points ``at`` (n, 2) are in, where they have no name yet; what is equally near, up to the last bit, alike."""
    known = np.flatnonzero(np.isfinite(world.place_xy).all(axis=1))
    told = np.flatnonzero(np.isfinite(at).all(axis=1))
    if not len(known) or not len(told):
        return
    xy = world.place_xy[known]
    tree = cKDTree(xy)
    far, _ = tree.query(at[told])
    reach = lattice_of(world.settings).radius if world.kind == "grid" else 0.0
    within = far <= reach * (1.0 + ALIKE)
    told, far = told[within], far[within]
    size = max(1.0, float(np.hypot(*np.ptp(xy, axis=0))))
    for k, near in zip(told.tolist(), tree.query_ball_point(at[told], far + ALIKE * size), strict=True):
        mine = known[near]
        own[mine[own[mine] == ""]] = names[k]


def _name_goals(own: np.ndarray, world: World, goals: Goals, groups: Mapping[str, str], names: list[str],
                shapes: list[shapely.Geometry]) -> None:
    """The analyst's goals are places with a name, too."""
    for goal, end in enumerate(goals.names):
        if str(end) in groups and not goals.nowhere[goal]:
            place = int(world.place_of_state[goals.of(goal)[0]])
            own[place] = own[place] or groups[str(end)]
            if np.isfinite(world.place_xy[place]).all():
                names.append(groups[str(end)])
                shapes.append(shapely.Point(world.place_xy[place]))


def _streets_as_lines(world: World, streets: np.ndarray) -> tuple[list[shapely.Geometry], list[str]]:
    """The lines of the links that have a name, and these names."""
    count = np.diff(world.shape_offsets)
    whole = np.isfinite(world.place_xy).all(axis=1) & (count > 1) & (streets != "")
    chosen = np.flatnonzero(whole)
    mine = np.repeat(whole, count)
    if not len(chosen):
        return [], []
    lines = shapely.linestrings(world.shape_xy[mine], indices=np.repeat(np.arange(len(chosen)), count[chosen]))
    return list(lines), [str(streets[k]) for k in chosen]


def group_names(groups: tuple[GoalGroup, ...]) -> dict[str, str]:
    """End -> the name of the goal that it is part of."""
    return {end: group.name for group in groups for end in group.ends}
