"""Two ends that seldom go together: weights against plain sums by steps on foot, and what is and is not a wrong pair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.review.parts.ends import EndsTogether, apartness, together
from irlcore.review.parts.goal import NO_DESTINATION, STRENGTH
from irlcore.review.parts.table import measured
from irlcore.review.words.places import with_places
from irlcore.worlds.mdp import build_goals
from irlcore.worlds.world import World
from tests.review.parts.classes import TOWN, commuters, in_town, without_coordinates
from tests.review.parts.test_goal import two_towns

pytestmark = pytest.mark.kernels
KIND = EndsTogether()
WRONG = [0, 6, 7, 8, 9, 10, 16, 22, 28, 34]  # from the one town's start to the other town's end


def weight(world: World, a: int, b: int) -> float:
    """Half with each of at most six steps from one place to another, in either direction."""
    mdp = world.mdp
    reached, steps = {a}, 0
    while b not in reached and steps < 6:
        before, after = world.place_of_state[mdp.choice_state[mdp.outcome_choice]], world.place_of_state[mdp.successors]
        on = [(x, y) for x, y in zip(before.tolist(), after.tolist(), strict=True)]
        reached |= {y for x, y in on if x in reached} | {x for x, y in on if y in reached}
        steps += 1
    return 0.5**steps if b in reached else 0.0


def test_weights_are_those_of_plain_sums() -> None:
    own = in_town([*commuters(12, 3), [0, 1, 2]])
    world, paths = own.world, own.paths
    start, end = world.place_of_state[paths.first_state(world.mdp)], world.place_of_state[paths.last_state]
    learn, asked = np.arange(8), np.arange(8, 13)
    found = together(world, start[learn], end[learn], start[asked], end[asked])
    values = KIND.measure(own, learn, asked).values
    for k, i in enumerate(asked.tolist()):
        near_start = np.array([weight(world, int(start[i]), int(start[j])) for j in learn])
        near_end = np.array([weight(world, int(end[i]), int(end[j])) for j in learn])
        began, ended, both = near_start.sum(), near_end.sum(), near_start @ near_end
        np.testing.assert_allclose([one[k] for one in found], [began, ended, both], rtol=1e-12)
        if began > 0.0 and ended > 0.0:
            share = [(both + STRENGTH * one / 8) / (other + STRENGTH) / (one / 8) for one, other in ((began, ended), (ended, began))]
            assert values[k] == pytest.approx(-0.5 * np.log(share).sum(), abs=1e-8)


def test_a_wrong_pair_is_found_and_told() -> None:
    own = in_town([*two_towns(200, 1), WRONG])
    found = measured(KIND, own, np.arange(150))
    assert int(np.argmax(found.values)) == 200 and found.values[200] > 1.0 + np.sort(found.values)[-2]
    words = with_places(found.words(200), lambda place: str(TOWN.place_attributes["name"][place]))
    assert words.startswith("About ") and " ordinary tracks began near " in words and " did both." in words and "{" not in words
    usual = int(np.argmin(found.values))
    assert found.values[usual] < 0.0 and found.words(usual) == ""


def test_a_rare_end_alone_is_no_wrong_pair() -> None:
    """Nothing is known of where it began or ended: the pair says nothing."""
    none, some = np.zeros(3), np.array([0.0, 4.0, 4.0])
    np.testing.assert_array_equal(apartness(none, some, none, 10), np.zeros(3))
    far = apartness(np.full(2, 5.0), np.full(2, 5.0), np.array([0.0, 5.0]), 10)
    assert far[0] > 0.5 and far[1] < 0.0


def test_who_was_cut_off_gives_nothing_and_who_roams_cannot_be_asked() -> None:
    own = in_town(two_towns(40, 2))
    cut = replace(own, paths=replace(own.paths, goal=np.where(np.arange(40) % 4 == 0, -1, own.paths.goal)))
    found = measured(KIND, cut, np.arange(20))
    np.testing.assert_array_equal(np.isnan(found.values), np.arange(40) % 4 == 0)
    assert found.words(0) == "" and not KIND.missing(cut)
    alone = KIND.measure(cut, np.array([4, 8]), np.array([1, 2]))
    assert np.isnan(alone.values).all() and alone.words(0) == ""
    roaming = replace(own, paths=replace(own.paths, goal=np.zeros(40, np.int64), goals=build_goals([np.zeros(0, np.int64)], ["nowhere"])))
    assert KIND.missing(roaming) == NO_DESTINATION


def test_coordinates_and_the_order_of_tracks_play_no_part() -> None:
    drives = [*two_towns(60, 5), WRONG]
    own, asked = in_town(drives), np.arange(40, 61)
    plain = KIND.measure(own, np.arange(40), asked).values
    np.testing.assert_array_equal(KIND.measure(in_town(drives, without_coordinates(TOWN)), np.arange(40), asked).values, plain)
    order = np.random.default_rng(1).permutation(40)
    mixed = in_town([*(drives[k] for k in order), *drives[40:]])
    np.testing.assert_array_equal(KIND.measure(mixed, np.arange(40), asked).values, plain)
