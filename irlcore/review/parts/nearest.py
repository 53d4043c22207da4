"""How far a track is from the nearest normal ones: its stretch that is farthest from any, and the steps that the nearest one lacks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.quantities import said_length
from irlcore.review.nearest import Unshared, not_shared, step_terms, unshared_ways
from irlcore.review.parts.base import NO_WAYS, Family, Material
from irlcore.review.parts.once import different_ways, same_way, ways_of_known
from irlcore.review.shapes.lines import lines_of, on_points
from irlcore.review.shapes.stretches import Farthest, farthest
from irlcore.review.words import events
from irlcore.review.words import kinds as words
from irlcore.review.words.places import at_token, place_token


@dataclass(frozen=True, slots=True, eq=False)
class FarStretches:
    """What was found of the tracks ``index`` (n,)."""

    material: Material
    index: np.ndarray
    found: Farthest
    unit: str

    @property
    def values(self) -> np.ndarray:
        """(n,) float64, in the unit of the tracks."""
        return self.found.distance

    def words(self, at: int) -> str:
        """Where, how long, how far."""
        far, length = float(self.found.distance[at]), float(self.found.length[at])
        if not far > 0.0:
            return ""
        return words.far_stretch(said_length(length, self.unit), at_token(self._place(at)), said_length(far, self.unit))

    def _place(self, at: int) -> int:
        """The place on its way that is nearest to the middle of the stretch."""
        world, i = self.material.world, int(self.index[at])
        places = world.place_of_state[self.material.paths.states(world.mdp, i)]
        apart = np.hypot(*(world.place_xy[places] - self.found.middle[at]).T)
        return int(places[int(np.nanargmin(np.round(apart, 6)))])


class StretchDistance:
    """The stretch of a track that lies farthest from every normal one (``review.shapes.stretches``)."""

    name = "stretch_distance"
    family: Family = "shape"
    title = "Distance from normal tracks"
    unit = ""
    sentence = "How far the stretch of the track that is farthest from normal tracks lies from the nearest of them, direction included."

    def missing(self, material: Material) -> str:
        """Links tell tracks apart better than metres between them."""
        if material.world.kind == "grid":
            return ""
        if material.world.kind == "log":
            return NO_WAYS
        return f"Tracks over {'links' if material.world.kind == 'network' else 'states'} are compared by the steps that they share."

    def same(self, material: Material) -> np.ndarray | None:
        """Tracks that pass the same places, where their points are not known."""
        return None if on_points(material) else same_way(material)

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> FarStretches:
        """The stretch of each that is farthest from all of ``learn``."""
        lines = lines_of(material, np.concatenate((learn, index)))
        own = np.arange(len(learn), len(learn) + len(index))
        return FarStretches(material, index, farthest(lines, np.arange(len(learn)), own), lines.unit)


@dataclass(frozen=True, slots=True, eq=False)
class UnsharedSteps:
    """What was found of the tracks ``index`` (n,)."""

    material: Material
    index: np.ndarray
    found: Unshared

    @property
    def values(self) -> np.ndarray:
        """(n,) float64, nats."""
        return self.found.nats

    def words(self, at: int) -> str:
        """How many, and where the longest run of them is."""
        paths, world, i = self.material.paths, self.material.world, int(self.index[at])
        new = not_shared(paths, i, int(self.found.nearest[at]))
        if not new.any():
            return ""
        if world.kind == "log":
            return events.unshared(int(new.sum()), len(new))
        edge = np.diff(np.concatenate(([0], new.astype(np.int8), [0])))
        begin, end = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
        longest = int(np.argmax(end - begin))
        places = world.place_of_state[paths.states(world.mdp, i)]
        first, last = (place_token(int(places[one])) for one in (begin[longest], end[longest]))
        return words.unshared(int(new.sum()), len(new), len(begin), int(end[longest] - begin[longest]), first, last)


class StepsUnshared:
    """The steps that the normal track most like it does not make (``review.nearest``)."""

    name = "unshared_steps"
    family: Family = "shape"
    title = "Steps that no like track shares"
    unit = "nats"
    sentence = "The steps that the nearest normal track does not share, rare ones counted more."

    def missing(self, material: Material) -> str:
        """Every world has steps; of sequences, which may be of any length, the different ones are compared (``parts.sequences``)."""
        return "Sequences of events are compared by which events they have." if material.world.kind == "log" else ""

    def same(self, material: Material) -> np.ndarray | None:
        """Tracks that go the same way."""
        return same_way(material)

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> UnsharedSteps:
        """The steps of each that the nearest of ``learn`` lacks."""
        known, (ways, way) = ways_of_known(material, learn), different_ways(material)
        found = unshared_ways(ways, material.derived(_terms), material.world.mdp, way[known.index], way[index], known.often)
        return UnsharedSteps(material, index, Unshared(found.nats, known.index[found.nearest]))


def _terms(material: Material) -> np.ndarray:
    return step_terms(different_ways(material)[0], material.world.mdp)
