"""The scripted analyst: names what the map points at, errs as often as it is told to, and gives up in time."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from irlcore.elicitation.scripted_analyst import PATIENCE, ScriptedAnalyst, elicit, pointed_at
from irlcore.elicitation.suggestions import LEVEL, Suggestion
from irlcore.features.base import Context, FeatureSpec
from irlcore.worlds.world import World
from tests.draws import counts_agree
from tests.elicitation.worlds import grid, square

PLACES = {"marsh": (150.0, 150.0), "harbour": (550.0, 150.0), "park": (350.0, 450.0), "old town": (650.0, 650.0), "mill": (150.0, 650.0),
          "airfield": (450.0, 650.0), "depot": (650.0, 350.0)}
ZONES = {name: square(x, y, 110.0) for name, (x, y) in PLACES.items()}
SPECS = tuple(FeatureSpec(f"in {name}", "zone", {"zone": name}) for name in ZONES)
TRUTH, MISTAKES = SPECS[:4], SPECS[4:]


@pytest.fixture(scope="module")
def world() -> World:
    return grid()


def residual(world: World, **by_zone: float) -> np.ndarray:
    """Residuals by place: so much in all in each zone, a little noise elsewhere."""
    out = np.random.default_rng(1).normal(0.0, 0.01, world.n_places)
    for name, amount in by_zone.items():
        inside = np.abs(world.place_xy - PLACES[name.replace("_", " ")]).max(axis=1) <= 110.0
        assert inside.sum() == 9
        out[inside] += amount / inside.sum()
    return out


def analyst(error: float = 0.0, seed: int = 0) -> ScriptedAnalyst:
    return ScriptedAnalyst(TRUTH, MISTAKES, error, np.random.default_rng(seed))


def verdict(spec: FeatureSpec, p: float = 0.0, held_out: float = 5.0) -> Suggestion:
    return Suggestion(spec, 30.0, p, -1.0, 15.0, held_out, 50.0)


def test_what_the_map_points_at_most_is_named_first_whether_more_or_less_was_seen(world: World) -> None:
    shown = residual(world, marsh=-2.0, harbour=9.0, park=-14.0, old_town=5.0, mill=2.0)
    one, context = analyst(), Context(ZONES)
    named = [one.propose(world, context, shown).name for _ in TRUTH]
    assert named == ["in park", "in harbour", "in old town", "in marsh"]
    assert one.propose(world, context, shown) is None
    assert one.named == named


def test_pointed_at_is_the_residual_over_what_random_places_would_sum_to(world: World) -> None:
    flat = FeatureSpec("each step", "step")
    shown, context = residual(world, park=3.0), Context(ZONES)
    inside = np.abs(world.place_xy - PLACES["park"]).max(axis=1) <= 110.0
    share = inside.mean()
    by_hand = abs(shown[inside].sum() - share * shown.sum()) / np.sqrt(inside.sum() * (1.0 - share))
    assert pointed_at(SPECS[2], world, context, shown) == pytest.approx(by_hand)
    assert pointed_at(SPECS[2], world, context, -shown) == pytest.approx(by_hand)
    assert pointed_at(flat, world, context, shown) == 0.0


def test_an_analyst_who_always_errs_names_every_mistake_first(world: World) -> None:
    one, context, shown = analyst(1.0), Context(ZONES), residual(world, park=5.0)
    named = [one.propose(world, context, shown).name for _ in SPECS]
    assert set(named[:3]) == {spec.name for spec in MISTAKES}
    assert set(named[3:]) == {spec.name for spec in TRUTH}


def test_errors_come_as_often_as_they_are_said_to(world: World) -> None:
    context, shown = Context(ZONES), residual(world, park=5.0)
    wrong = Counter(analyst(0.3, seed).propose(world, context, shown) in MISTAKES for seed in range(600))
    assert counts_agree(wrong, {True: 0.3, False: 0.7}, 600)


def run(world: World, one: ScriptedAnalyst, p: dict[str, float], most: int = 30) -> tuple[list[str], list[str], list[int]]:
    accepted: list[FeatureSpec] = []
    tried: list[int] = []

    def test(spec: FeatureSpec, count: int) -> Suggestion:
        tried.append(count)
        return verdict(spec, p.get(spec.name, 0.0))

    shown = residual(world, marsh=8.0, harbour=7.0, park=6.0, old_town=5.0)
    done = elicit(one, lambda: (world, Context(ZONES), shown), test, accepted.append, most)
    assert [action.spec for action in done if action.accepted] == accepted
    assert all(action.true == (action.spec in TRUTH) for action in done)
    return [action.spec.name for action in done], [spec.name for spec in accepted], tried


def test_the_loop_ends_once_all_is_named(world: World) -> None:
    named, accepted, tried = run(world, analyst(), {"in harbour": 0.2})
    assert named == ["in marsh", "in harbour", "in park", "in old town"]
    assert accepted == ["in marsh", "in park", "in old town"]
    assert tried == [1, 2, 3, 4]


def test_refusals_one_after_the_other_end_the_loop_and_an_acceptance_starts_the_count_anew(world: World) -> None:
    refused = {name: 1.0 for name in ("in harbour", "in park", "in old town")}
    assert run(world, analyst(), {**refused, "in marsh": 1.0})[0] == ["in marsh", "in harbour", "in park"]
    assert len(run(world, analyst(), refused)[0]) == 1 + PATIENCE
    named, _, _ = run(world, analyst(1.0), {spec.name: 1.0 for spec in MISTAKES})
    assert len(named) == PATIENCE == len(MISTAKES)
    assert run(world, analyst(), {}, most=2)[0] == ["in marsh", "in harbour"]


def test_equal_seeds_do_the_same_and_others_differ(world: World) -> None:
    runs = {seed: run(world, analyst(0.5, seed), {})[0] for seed in range(6)}
    assert all(run(world, analyst(0.5, seed), {})[0] == named for seed, named in runs.items())
    assert len({tuple(named) for named in runs.values()}) > 1


@pytest.mark.parametrize(("p", "held_out", "yes"), [(0.0, 5.0, True), (LEVEL, 0.1, True), (LEVEL + 1e-9, 5.0, False), (0.0, 0.0, False),
                                                    (0.0, -1.0, False)])
def test_a_preview_convinces_where_it_is_no_luck_and_of_use_on_trips_held_out(p: float, held_out: float, yes: bool) -> None:
    assert analyst().accepts(verdict(SPECS[0], p, held_out)) is yes
