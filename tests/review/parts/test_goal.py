"""Wrong destinations: chances against plain sums over all pairs, planted ones found, what is next to the usual not strange."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.review.parts.base import Material
from irlcore.review.parts.goal import NO_DESTINATION, STRENGTH, Destination, Ends, LeftItsCourse
from irlcore.review.parts.table import measured
from irlcore.review.shapes.thereabouts import thereabouts
from irlcore.review.words.places import at_token, place_token, with_places
from irlcore.worlds.mdp import build_goals
from tests.review.parts.classes import TOWN, commuters, in_town, shortest, without_coordinates

pytestmark = pytest.mark.kernels
KINDS = (Destination(), LeftItsCourse())
both = pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.name)


def two_towns(n: int, seed: int) -> list[list[int]]:
    """From the lower left corner to one of two crossings above it, from the lower right one to one of two above that."""
    rng = np.random.default_rng(seed)
    return [shortest(*((0, int(rng.choice([25, 31]))) if k % 2 else (5, int(rng.choice([28, 34])))), rng) for k in range(n)]


def near(own: Material, index: np.ndarray, a: int, b: int) -> float:
    at = thereabouts(own, index)
    xy = own.world.place_xy
    return float((1.0 + (np.hypot(*(xy[a] - xy[b])) / at.reach) ** 2) ** -2.0)


def drawn(weight: list[float], ended: list[float], chance: float) -> float:
    return (sum(w * e for w, e in zip(weight, ended, strict=True)) + STRENGTH * chance) / (sum(weight) + STRENGTH)


@pytest.mark.parametrize("with_hours", [False, True])
def test_chances_are_those_of_plain_sums(with_hours: bool) -> None:
    own = in_town([*commuters(40, 3), [0, 1, 2]])
    rng = np.random.default_rng(1)
    if with_hours:
        own = replace(own, began=np.where(rng.uniform(size=41) < 0.2, np.nan, rng.uniform(0.0, 3.0 * 86400.0, 41)))
    learn, asked = np.arange(30), np.arange(30, 41)
    ends = Ends(own, learn)
    found = ends.chances(asked)
    for k, i in enumerate(asked.tolist()):
        ended = [near(own, learn, int(ends.end[j]), int(ends.end[i])) for j in learn]
        began = [near(own, learn, int(ends.start[j]), int(ends.start[i])) for j in learn]
        chance = drawn(began, ended, drawn([1.0] * 30, ended, 1.0 / len(np.unique(ends.end[learn]))))
        hour = np.floor(own.began / 3600.0) % 24.0
        if with_hours and np.isfinite(hour[i]):
            apart = np.abs(hour[learn] - hour[i])
            apart = np.minimum(apart, 24.0 - apart)
            alike = np.where(np.isfinite(apart), (1.0 + (apart / 2.0) ** 2) ** -2.0, 0.0)
            chance = drawn((np.array(began) * alike).tolist(), ended, chance)
        assert found[k] == pytest.approx(chance, rel=1e-9)


def test_what_its_first_half_tells_is_the_plain_mean_over_its_steps() -> None:
    own = in_town([*commuters(40, 4), [0, 1, 7, 8, 14, 13]])
    learn, asked = np.arange(30), np.arange(30, 41)
    ends = Ends(own, learn)
    chance = ends.chances(asked)
    values = LeftItsCourse().measure(own, learn, asked).values
    offsets, choices = own.paths.offsets, own.paths.choices
    for k, i in enumerate(asked.tolist()):
        steps, told = choices[offsets[i]:offsets[i + 1]], []
        for step in steps[:(len(steps) + 1) // 2]:
            who = [j for j in learn if step in choices[offsets[j]:offsets[j + 1]]]
            ended = [near(own, learn, int(ends.end[j]), int(ends.end[i])) for j in who]
            told.append(-np.log(drawn([1.0] * len(who), ended, chance[k])))
        assert values[k] == pytest.approx(np.mean(told), abs=1e-8)


@both
def test_a_wrong_destination_is_found_and_told(kind: Destination | LeftItsCourse) -> None:
    drives = two_towns(200, 1)
    wrong = [0, 6, 12, 18, 24, 25, 26, 27, 28, 34] if kind.name == "left_its_course" else [0, 6, 7, 8, 9, 10, 16, 22, 28, 34]
    own = in_town([*drives, wrong])
    found = measured(kind, own, np.arange(150))
    assert int(np.argmax(found.values)) == 200 and found.values[200] > 1.0 + np.sort(found.values)[-2]
    words = with_places(found.words(200), lambda place: str(TOWN.place_attributes["name"][place]))
    assert words.startswith("Of ") and " ordinary tracks that " in words and ", none ended near column e, as this one did" in words
    assert "; they most often ended at " in words and "{" not in words


@both
def test_next_to_the_usual_end_is_not_strange(kind: Destination | LeftItsCourse) -> None:
    wide = [shortest(0, 30, np.random.default_rng(k)) for k in range(40)]
    next_door, far_off = [0, 6, 12, 18, 24, 25, 31], [0, 6, 12, 18, 19, 20, 21, 22, 23]
    own = in_town([*wide, next_door, far_off])
    large = replace(own, world=replace(TOWN, place_xy=TOWN.place_xy * np.array([0.2, 1.0])))  # neighbours of a street are near
    values = kind.measure(large, np.arange(40), np.array([0, 40, 41])).values
    assert values[0] < values[1] < values[2] and values[1] - values[0] < values[2] - values[1]


@both
def test_who_was_cut_off_gives_nothing_and_who_roams_cannot_be_asked(kind: Destination | LeftItsCourse) -> None:
    own = in_town(two_towns(40, 2))
    cut = replace(own, paths=replace(own.paths, goal=np.where(np.arange(40) % 4 == 0, -1, own.paths.goal)))
    found = measured(kind, cut, np.arange(20))
    np.testing.assert_array_equal(np.isnan(found.values), np.arange(40) % 4 == 0)
    assert found.words(0) == "" and not kind.missing(cut)
    alone = kind.measure(cut, np.array([4, 8]), np.array([1, 2]))
    assert np.isnan(alone.values).all() and alone.words(0) == ""
    roaming = replace(own, paths=replace(own.paths, goal=np.zeros(40, np.int64), goals=build_goals([np.zeros(0, np.int64)], ["nowhere"])))
    assert kind.missing(roaming) == NO_DESTINATION


@both
def test_without_coordinates_neighbours_are_told_by_steps(kind: Destination | LeftItsCourse) -> None:
    own = in_town([*two_towns(60, 5), [0, 6, 12, 18, 24, 25, 26, 27, 28, 29, 35]], without_coordinates(TOWN))
    values = measured(kind, own, np.arange(40)).values
    assert np.isfinite(values).all() and int(np.argmax(values)) == 60
    at = thereabouts(own, np.arange(10))
    link = {str(name): k for k, name in enumerate(TOWN.place_names)}
    places = np.array([link["0-1"], link["1-2"], link["2-3"], link["34-35"]])
    np.testing.assert_array_equal(at.distances(places[:1], places)[0] * at.reach, [0.0, 1.0, 2.0, np.inf])


def test_nobody_to_tell_by_is_said() -> None:
    own = in_town([*[[0, 1, 2]] * 5, [30, 31, 32]])
    assert Destination().measure(own, np.arange(5), np.array([5])).words(0) == (
        f"No ordinary track began near {place_token(int(Ends(own, np.arange(5)).start[5]))} like this one.")
    assert LeftItsCourse().measure(own, np.arange(5), np.array([5])).words(0).startswith("No ordinary track went from {place:")


def test_places_get_their_names() -> None:
    said = f"Ended {at_token(3)}, not {at_token(4)} nor near {place_token(3)}."
    named = {3: "Quay Street", 4: "300 m north of it"}
    assert with_places(said, named.__getitem__) == "Ended at Quay Street, not 300 m north of it nor near Quay Street."
