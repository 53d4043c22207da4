"""What is unusual of a track beside its way leads its reasons and its headline; what is ordinary is told in one line; findings that say the
same are told once."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.review.behaviour import Finding
from irlcore.review.parts.table import InFolds, PartTable
from irlcore.review.parts.told import Told
from irlcore.review.reasons import line
from irlcore.review.sides import Ordinary, Sides, family_table, sides_of

N = 240
NAMES = ("surprise", "stop", "too_slow", "circles", "destination")
ORDINARY = Ordinary(np.arange(100, 200), "ordinary track")


def said(values: np.ndarray, text: str) -> InFolds:
    return InFolds([Told(values, lambda _: text)], np.zeros(len(values), np.int64), np.arange(len(values)))


def told(**strange: float) -> Sides:
    """Of a track whose scores are these, and 0 else; 200 ordinary ones have scores of a normal law."""
    values = np.random.default_rng(4).normal(size=(N, len(NAMES)))
    values[N - 1] = [strange.get(name, 0.0) for name in NAMES]
    words = {"stop": "It spent 23 min {at place:3}; 40 s is usual there.",
             "circles": "Went round in a circle {at place:4}: 3 km of its way.",
             "destination": "Of 8 ordinary tracks that began near {place:1} like this one, none ended near {place:2}, as this one did."}
    found = {name: said(values[:, NAMES.index(name)], text) for name, text in words.items()}
    return sides_of(family_table(PartTable(NAMES, values), np.arange(100)), found, N - 1, ORDINARY, lambda place: f"Street {place}")


def test_the_strangest_side_is_told_first_with_how_rare_it_is_and_the_rest_is_ordinary() -> None:
    sides = told(stop=9.0, destination=2.5)
    assert [side.sentence for side in sides.unusual] == [
        "Pace: it spent 23 min at Street 3; 40 s is usual there (none of 100 ordinary tracks is as strange).",
        sides.unusual[1].sentence]
    assert sides.unusual[1].sentence.startswith("Goal: of 8 ordinary tracks that began near Street 1 like this one, none ended near Str")
    assert sides.ordinary == "Route and shape are ordinary."
    assert line([], sides) == "It spent 23 min at Street 3"


def test_what_a_finding_says_is_not_told_twice() -> None:
    sides = told(circles=9.0)
    circle = Finding("circle", 1.0, "It circled the block at Street 4: 3 km.", "Circled the block at Street 4", "went round in a circle")
    assert not sides.apart_from(["circle"]) and len(sides.apart_from(["detour"])) == 1
    assert line([Finding("detour", 9.0, "It.", "Detour", "x"), circle], sides) == "Circled the block at Street 4"
    assert line([], sides) == "Went round in a circle at Street 4"


def test_a_strange_way_leaves_the_headline_to_what_it_did() -> None:
    sides = told(surprise=9.0, stop=2.5)
    assert sides.unusual[0].of_way and sides.unusual[0].sentence.startswith("Route: the way as a whole is not what the model expects (")
    assert line([Finding("detour", 9.0, "It.", "Detour", "x")], sides) == "Detour" and line([], sides) == ""


def test_the_side_that_a_track_is_flagged_by_is_not_called_ordinary() -> None:
    values = np.random.default_rng(4).normal(size=(N, len(NAMES)))
    values[N - 1] = 0.0
    table = family_table(PartTable(NAMES, values), np.arange(100))
    flagged, other = (sides_of(table, {}, N - 1, ORDINARY, str, score) for score in ("surprise", ""))
    assert flagged.ordinary == "Pace, goal and shape are ordinary." and other.ordinary == "Route, pace, goal and shape are ordinary."


def test_who_is_held_against_others_is_told_of_others() -> None:
    values = np.random.default_rng(4).normal(size=(50, 1))
    values[49] = 9.0
    found = said(values[:, 0], "No ordinary track began near {place:1}.")
    sides = sides_of(family_table(PartTable(("destination",), values), np.arange(50)), {"destination": found}, 49,
                     Ordinary(np.arange(50), "other track"), str)
    assert sides.unusual[0].sentence == "Goal: no other track began near 1 (none of 49 other tracks is as strange)."


@pytest.mark.parametrize("names", [(), ("combined",)])
def test_where_nothing_is_measured_nothing_is_told(names: tuple[str, ...]) -> None:
    sides = sides_of(family_table(PartTable(names, np.zeros((5, len(names)))), np.arange(5)), {}, 0, Ordinary(np.arange(5), "x"), str)
    assert not sides.all and not sides.unusual and sides.ordinary == ""
