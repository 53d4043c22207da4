"""Planted circles, ways out and back, repeats, winding and turning are found, told in units, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kstest

from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.parts.base import Material, PartKind
from irlcore.review.parts.goal import Destination, LeftItsCourse
from irlcore.review.parts.nearest import StepsUnshared, StretchDistance
from irlcore.review.parts.shape import BackAndForth, Circles, Repeats, Turning, Winding
from irlcore.review.parts.table import measured
from irlcore.review.words.places import with_places
from tests.review.parts.classes import TOWN, commuters, in_kilometres, in_town, lanes, on_grid, shuffled, without_coordinates
from tests.review.worlds import as_world

pytestmark = pytest.mark.kernels
MINE: tuple[PartKind, ...] = (Circles(), BackAndForth(), Repeats(), Winding(), Turning(), StepsUnshared(), StretchDistance(), Destination(),
                              LeftItsCourse())
STRAIGHT = [0, 6, 12, 18, 24, 30]
CIRCLE = [0, 6, 12, 13, 7, 6, 12, 18, 24, 30]  # once round a block, one side of it again
OUT_AND_BACK = [0, 6, 12, 13, 14, 15, 14, 13, 12, 18, 24, 30]
WINDING = [0, 1, 2, 3, 9, 8, 7, 6, 12, 13, 14, 15, 21, 20, 19, 18, 24, 30]
N = 120
by_name = pytest.mark.parametrize("kind", MINE, ids=lambda one: one.name)


def named(place: int) -> str:
    return str(TOWN.place_attributes["name"][place])


def planted(odd: list[int]) -> Material:
    return in_town([*commuters(N, 7), STRAIGHT, odd])


@pytest.mark.parametrize(("kind", "odd", "said"), [
    (Circles(), CIRCLE, "Went round in a circle at "), (BackAndForth(), OUT_AND_BACK, "Went out and back at "),
    (Repeats(), CIRCLE, "Went the same way again at "), (Winding(), WINDING, "Its way of 1.7 km ended 500 m from where it began"),
    (Turning(), WINDING, "Turned by "), (StepsUnshared(), WINDING, " of its 16 steps, ")],
    ids=lambda one: getattr(one, "name", ""))
def test_what_is_planted_is_the_strangest_and_told(kind: PartKind, odd: list[int], said: str) -> None:
    own = planted(odd)
    found = measured(kind, own, np.arange(N))
    values = found.values
    assert np.isfinite(values).all() and int(np.argmax(values)) == N + 1
    words = with_places(found.words(N + 1), named)
    assert said in words and words[-1] == "." and "{" not in words and words[0].isupper() | words[0].isdigit()


def test_amounts_are_told_in_the_unit_of_the_world() -> None:
    own = planted(CIRCLE)
    words = with_places(measured(Circles(), own, np.arange(N)).words(N + 1), named)
    assert words.endswith(": 400 m of its way, where tracks as long usually have none.")
    words = with_places(measured(Repeats(), own, np.arange(N)).words(N + 1), named)
    assert words.endswith(": 100 m of its way, where tracks as long usually have none.")
    twice = in_town([*commuters(N, 7), [0, 1, 2, 3, 9, 8, 2, 3, 9, 8, 2, 3, 4, 5]])
    assert "in a circle twice, the longest at " in measured(Circles(), twice, np.arange(N)).words(N).replace("{at place:", "at {")
    steps = replace(own, world=replace(without_coordinates(TOWN), choice_length=np.full(TOWN.mdp.n_choices, np.nan)))
    assert ": 4 steps of its way" in measured(Circles(), steps, np.arange(N)).words(N + 1)


@pytest.mark.parametrize("kind", [Circles(), BackAndForth(), Repeats()], ids=lambda one: one.name)
def test_who_does_nothing_of_the_sort_is_not_told_of(kind: PartKind) -> None:
    found = measured(kind, planted(WINDING), np.arange(N))
    assert found.values[N] <= 0.0 and found.words(N) == ""


@pytest.mark.parametrize("kind", [Circles(), BackAndForth(), Repeats(), StepsUnshared()], ids=lambda one: one.name)
def test_nothing_but_links_and_turns_is_needed(kind: PartKind) -> None:
    odd = CIRCLE if kind.name != "back_and_forth" else OUT_AND_BACK
    blind = in_town([*commuters(N, 7), STRAIGHT, odd], without_coordinates(TOWN))
    assert not kind.missing(blind)
    np.testing.assert_allclose(measured(kind, blind, np.arange(N)).values, measured(kind, planted(odd), np.arange(N)).values, atol=1e-6)


def test_what_cannot_be_measured_says_so() -> None:
    blind, table = in_town([STRAIGHT], without_coordinates(TOWN)), in_town([STRAIGHT], replace(as_world(TOWN.mdp), kind="table"))
    for kind in (Winding(), Turning()):
        assert kind.missing(blind) == "This world has no coordinates."
    for kind in (Circles(), BackAndForth(), Repeats()):
        assert kind.missing(table) == "A table of states has no ways."
    assert "links" in StretchDistance().missing(blind) and "states" in StretchDistance().missing(table)
    assert not StretchDistance().missing(on_grid(lanes(2, 0)))


def test_a_stretch_off_the_lane_is_found_within_its_cells() -> None:
    own = lanes(61, 3)
    own[60] = own[60].copy()
    odd = own[60]
    odd[20:27, 0] += 3.0
    made = on_grid(own)
    found = measured(StretchDistance(), made, np.arange(50))
    assert int(np.argmax(found.values)) == 60
    words = found.words(60)
    place = int(words.split("place:")[1].split("}")[0])
    assert abs(made.world.place_xy[place, 1] - odd[23, 1]) <= 10.0
    assert words.startswith("A stretch {at place:") and " m long, runs " in words and words.endswith(" stretch of any ordinary track.")


@by_name
def test_neither_the_order_of_tracks_nor_the_unit_counts(kind: PartKind) -> None:
    own = on_grid(lanes(60, 8)) if kind.name == "stretch_distance" else planted(WINDING)
    n = len(own.paths)
    learn, index = np.arange(40), np.arange(40, n)
    plain = kind.measure(own, learn, index).values
    order = np.random.default_rng(2).permutation(n)
    at = np.argsort(order)
    np.testing.assert_array_equal(kind.measure(shuffled(own, order), np.sort(at[learn]), at[index]).values, plain)
    if kind.name != "stretch_distance":
        np.testing.assert_allclose(kind.measure(replace(own, world=in_kilometres(TOWN)), learn, index).values, plain, atol=1e-6)


@by_name
def test_no_track_counts_for_itself(kind: PartKind) -> None:
    """A track that was learned from is measured by the others: as strange as if it had been left out."""
    own = on_grid(lanes(60, 8)) if kind.name == "stretch_distance" else planted(WINDING)
    n = len(own.paths)
    values = measured(kind, own, np.arange(n)).values
    alone = kind.measure(own, np.arange(n - 1), np.array([n - 1])).values
    assert np.isfinite(values).all() and alone[0] == pytest.approx(values[n - 1], rel=0.35, abs=0.5)


@by_name
def test_p_values_of_normal_tracks_are_uniform(kind: PartKind) -> None:
    """Learned from a third, calibrated on a third, asked of the rest, over 12 draws. Ties, of which there are many, make p-values larger
    than uniform, never smaller: tested are shares below 5, 10, 20 and 50 %, each with a chance of .001 to fail, and where there are no
    ties the whole distribution, with .001 too."""
    p = []
    for seed in range(12):
        own = on_grid(lanes(120, seed)) if kind.name == "stretch_distance" else in_town(commuters(150, seed))
        learn, calibration, asked = np.array_split(np.arange(len(own.paths)), 3)
        values = measured(kind, own, learn).values
        p.append(conformal_p(values[calibration], values[asked]))
    drawn = np.concatenate(p)
    for level in (0.05, 0.1, 0.2, 0.5):
        # tracks of one draw share its calibration tracks: its share of false alarms is beta with this variance, and binomial on top
        spread = np.sqrt(level * (1.0 - level) * (1.0 / len(drawn) + 1.0 / (12 * 40)))
        assert (drawn <= level).mean() <= level + 3.1 * spread
    if kind.name in ("stretch_distance", "turning"):
        one = np.array([one[0] for one in p])
        assert kstest(one, "uniform").pvalue > 0.001

