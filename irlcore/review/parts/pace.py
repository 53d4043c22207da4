"""Kinds of score that tell a track's pace: too slow or too fast as a whole or on a stretch, a stop, going round in a neighbourhood.

All are held against what each step takes in the class, at its place, of its kind and at its hour (``durations``), so a way that is longer
at an ordinary pace does not count. A track has a pace of its own: who is slow all along is slow as a whole, and is held against itself
where a stretch or a stop is looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from irlcore.review.parts.base import Family, Material
from irlcore.review.parts.durations.areas import areas_of, loitering
from irlcore.review.parts.durations.learned import Against, against
from irlcore.review.parts.durations.stops import stops
from irlcore.review.parts.durations.stretches import errors_in, where_worst, worst_stretch
from irlcore.review.parts.durations.visits import visits_of
from irlcore.review.parts.told import Told
from irlcore.review.words import pace as words
from irlcore.review.words.amounts import SAME
from irlcore.review.words.places import between_token, place_token, spot_token

NO_TIMES = "The tracks carry no times, so nothing tells how long a step took."
NONE_KNOWN = "Of no step is it known how long it took."
NO_CLOCK = "Every step took no time, as these times have it."
ALL_ALIKE = "Every step took the same time, as where points were made one a step, so none is slow or fast."


@dataclass(slots=True)
class Pace:
    """One kind. of: what it makes of the tracks held against the usual."""

    name: str
    title: str
    unit: str
    sentence: str
    of: Callable[[Material, np.ndarray, Against], Told]
    of_steps: bool = True  # and not of how often places are come to
    family: Family = "pace"

    def missing(self, material: Material) -> str:
        """Why nothing can be told of pace."""
        if material.spent is None:
            return NO_TIMES
        spent = material.derived(visits_of).spent
        if not len(spent):
            return NONE_KNOWN
        alike = self.of_steps and float(np.ptp(spent)) <= 1e-9 * float(spent.max())
        return NO_CLOCK if not spent.any() else ALL_ALIKE if alike else ""

    def same(self, material: Material) -> np.ndarray | None:
        """None: each is a track of its own."""
        return None

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Told:
        """The tracks ``index`` against ``learn``; NaN for a track of which no step's time is known."""
        found = material.derived(against, learn, index)
        if found is None:
            return Told(np.full(len(index), np.nan))
        return self.of(material, learn, found)


def _whole(sign: float) -> Callable[[Material, np.ndarray, Against], Told]:
    def of(material: Material, learn: np.ndarray, found: Against) -> Told:
        unsure = np.where(np.isfinite(found.unsure), found.unsure, np.nan)
        waits = material.world.kind == "log"
        return Told(sign * found.own / np.sqrt(found.usual.drivers.between + unsure), lambda at: say(float(found.own[at]), waits))

    def say(own: float, waits: bool) -> str:
        return words.all_along(float(np.exp(own)), waits) if sign * own > 0.0 else ""

    return of


def _stretch(sign: float) -> Callable[[Material, np.ndarray, Against], Told]:
    def of(material: Material, learn: np.ndarray, found: Against) -> Told:
        errors = sign * errors_in(found)
        return Told(worst_stretch(errors, found.track, len(found.own)), lambda at: say(material, found, errors, at))

    def say(material: Material, found: Against, errors: np.ndarray, at: int) -> str:
        mine = np.flatnonzero(found.track == at)
        first, end = where_worst(errors[mine])
        stretch, visits = mine[first:end], material.derived(visits_of)
        took = float(visits.spent[found.visits[stretch]].sum())
        usual, own = (float(found.times(logs[stretch]).sum()) for logs in (found.expected, found.at_its_pace))
        beside_usual = sign * (took - usual) > SAME * usual
        if not beside_usual and not sign * (took - own) > SAME * own:
            return ""
        if material.world.kind == "log":
            return words.waited(took, len(stretch), *_from_to(material, found.visits[stretch]), usual, own, material.clock, beside_usual)
        place = visits.place[found.visits[stretch]]
        where = between_token(int(place[0]), int(place[-1]))
        return words.on_a_stretch(took, len(stretch), where, usual, own, material.clock, beside_usual)

    return of


def _stop(material: Material, learn: np.ndarray, found: Against) -> Told:
    visits = material.derived(visits_of)
    waits, values = stops(material, learn, found)

    def say(at: int) -> str:
        mine = np.flatnonzero(found.track == at)
        worst = mine[int(np.argmax(waits[mine]))]
        took = float(visits.spent[found.visits[worst]])
        usual = float(found.times(found.expected[worst]))
        if took <= (1.0 + SAME) * usual:
            return ""
        if material.world.kind == "log":
            return words.waited(took, 1, *_from_to(material, found.visits[[worst]]), usual, usual, material.clock)
        return words.stopped(took, spot_token(int(visits.place[found.visits[worst]])), usual, material.clock)

    return Told(values, say)


def _from_to(material: Material, visits: np.ndarray) -> tuple[str, str]:
    """The event after which the first of a log's waits began, and the one that ended the last."""
    own = material.derived(visits_of)
    after = material.world.choice_place[material.paths.choices[own.last[visits[-1]] - 1]]
    return place_token(int(own.place[visits[0]])), place_token(int(after))


def _loiter(material: Material, learn: np.ndarray, found: Against) -> Told:
    areas, above, values = loitering(material, learn, found)

    def say(at: int) -> str:
        mine = np.flatnonzero(areas.track == at)
        worst = mine[int(np.argmax(above[mine]))]
        visits = material.derived(visits_of)
        inside = found.visits[found.track == at]
        inside = inside[_in_area(material, inside, int(areas.area[worst]))]
        place = visits.place[inside]
        most = int(np.argmax(np.bincount(np.unique(place, return_inverse=True)[1], visits.spent[inside])))
        where = spot_token(int(np.unique(place)[most]))
        time, passing = float(visits.spent[inside].sum()), float(areas.passing[worst])
        many, places = len(inside), len(np.unique(place))
        if time <= passing or many <= places:
            return ""
        if material.world.kind == "log":  # of one event, for nobody knows which others are near
            return words.waited_again(time, place_token(int(place[0])), many, passing, material.clock)
        return words.loitered(time, where, many, places, passing, material.clock)

    return Told(values, say)


def _in_area(material: Material, visits: np.ndarray, area: int) -> np.ndarray:
    """(n,) bool: which of the visits are in an area, whichever cut of the ground it is of."""
    return np.any([one[visits] == area for one in material.derived(areas_of)], axis=0)


PACE = (
    Pace("too_slow", "Too slow", "sd", "How much longer its steps take than is usual there, all along, in standard deviations of the "
         "tracks of its class.", _whole(1.0)),
    Pace("slow_stretch", "Slow stretch", "nats", "Evidence for the stretch on which it was the slowest for its own pace.", _stretch(1.0)),
    Pace("too_fast", "Too fast", "sd", "How much less time its steps take than is usual there, all along, in standard deviations of the "
         "tracks of its class.", _whole(-1.0)),
    Pace("fast_stretch", "Fast stretch", "nats", "Evidence for the stretch on which it was the fastest for its own pace.", _stretch(-1.0)),
    Pace("stop", "Stop", "nats", "How rare the longest time is that it spent in one place, against what is usual there and its own pace.",
         _stop),
    Pace("loiter", "Loitering", "nats", "How rare it is to spend so much longer in one neighbourhood than passing through it takes.",
         _loiter, of_steps=False),
)
