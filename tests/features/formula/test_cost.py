"""What a formula costs: known before it is computed, refused in words beyond the budget, and small in memory within it."""

from __future__ import annotations

import threading
import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from irlcore.engine import Control, run_all
from irlcore.errors import Cancelled, FeatureError, FormulaError
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix
from irlcore.features.kinds.formula import Formula
from irlcore.features.kinds.near import Near
from irlcore.worlds.grid import build_grid
from irlcore.worlds.world import World

SOON = 15.0  # seconds of the processor; before, the slowest took 113, and one took 3 GB
TURN = np.linspace(0.0, 2.0 * np.pi, 2000)
ROUND = 250.0 + 100.0 * np.column_stack((np.cos(TURN), np.sin(TURN)))
CONTEXT = Context({"z": ROUND, "other": ROUND + 50.0}, {"s": np.array([1.0, 2.0])})


@pytest.fixture(scope="module")
def world() -> World:
    """250,000 places, 2 million choices, a column of as many texts as places."""
    grid = build_grid(0.0, 0.0, 500.0, 500.0, 1.0, "m")
    roads = np.array([f"road {k}" for k in range(grid.n_places)], object)
    return replace(grid, place_attributes={"a": roads, "b": 1.0 + np.arange(grid.n_places) % 7})


@pytest.fixture(scope="module")
def small() -> World:
    grid = build_grid(0.0, 0.0, 20.0, 10.0, 1.0, "m")
    roads = np.array([f"road {k % 5}" for k in range(grid.n_places)], object)
    return replace(grid, place_attributes={"a": roads, "b": 1.0 + np.arange(grid.n_places) % 7},
                   choice_attributes={"c": roads[grid.choice_place[::-1]], "d": np.arange(grid.mdp.n_choices) * 0.5})


def column(text: str, world: World) -> np.ndarray:
    return Formula().column(world, CONTEXT, {"formula": text})


TOO_MUCH = {"powers": "+".join(["b ** 0.5"] * 80), "rests": "//".join(["b"] * 90), "sines": "+".join(["sin(b)"] * 90),
            "values of one function": "min(" + ",".join(["b"] * 490) + ")",
            "conditions": "+".join(["(a == 'road 1')"] * 20 + ["sin(b)"] * 30)}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_formula_that_costs_too_much_here_is_refused_with_its_cost_and_the_limit(text: str, world: World) -> None:
    start = time.process_time()
    words = r"takes [0-9,]+ steps here: [0-9,]+ for each of 1,994,004 choices.*limit is 2,000,000,000"
    with pytest.raises(FormulaError, match=words) as caught:
        column(text, world)
    assert time.process_time() - start < SOON
    assert "MOTIVE_LIMITS" in caught.value.fix


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_the_same_formula_is_computed_in_a_small_world(text: str, small: World) -> None:
    column(text, small)


def test_the_limit_can_be_raised_and_lowered(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_LIMITS", "operations=1000")
    with pytest.raises(FormulaError, match="limit is 1,000 steps"):
        column("b + b", small)


@pytest.mark.parametrize("text", ["+".join(["(a == 'road 1')"] * 50), "+".join(["distance('z')"] * 60), "+".join(["inside('z')"] * 60),
                                  "+".join(["b"] * 90)], ids=["texts", "distances", "zones", "numbers"])
def test_what_is_asked_many_times_is_looked_up_once(text: str, world: World) -> None:
    one, many = text.split("+")[0], text.count("+") + 1
    start = time.process_time()
    whole = column(text, world)
    assert time.process_time() - start < SOON
    np.testing.assert_allclose(whole, many * column(one, world), rtol=1e-12)


@pytest.mark.parametrize("text", [" and ".join(["b"] * 90), "max(" + ",".join(["b"] * 90) + ")"], ids=["and", "max"])
def test_memory_is_that_of_the_result_and_not_of_its_parts(text: str, world: World) -> None:
    tracemalloc.start()
    try:
        column(text, world)
        assert tracemalloc.get_traced_memory()[1] < 10 * 8 * world.mdp.n_choices  # before, over 90 times the result
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("text", [
    "exp(-distance('s') / 3) * (b >= 2) + d ** 1.5 - turn", "1 if a == 'road 1' and c != 'road 2' else b // 2 if inside('z') else d % 3",
    "a in ('road 1', 'road 3', '(missing)') or not c in ('road 0', '')", "where(known(d / d), d, length) + max(b, d, 3) + pi", "7",
])
def test_blocks_of_choices_make_no_difference(text: str, small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = column(text, small)
    monkeypatch.setattr("irlcore.features.formula.values.BLOCK", 64)
    np.testing.assert_allclose(column(text, small), whole, rtol=1e-14)


def test_a_value_that_is_not_finite_in_a_late_block_is_named_as_before(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FormulaError) as whole:
        column("1 / (d - 500)", small)
    monkeypatch.setattr("irlcore.features.formula.values.BLOCK", 64)
    with pytest.raises(FormulaError) as blocks:
        column("1 / (d - 500)", small)
    assert str(blocks.value) == str(whole.value) and "divides by 0" in str(whole.value)


def test_a_stop_is_heeded_within_a_formula(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_LIMITS", "operations=1e12")
    control = Control()
    threading.Timer(0.2, control.cancel.set).start()
    start = time.process_time()
    with pytest.raises(Cancelled):
        run_all(lambda text: column(text, world), ["+".join(["sin(b)"] * 90)], control)  # 8 s
    assert time.process_time() - start < 5.0


def test_a_formula_that_takes_too_many_seconds_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_LIMITS", "operations=1e12 seconds=0.05")
    with pytest.raises(FeatureError, match="takes too long"):
        column("+".join(["sin(b)"] * 90), world)


@pytest.mark.parametrize("text", ["(" * 100_000 + "b" + ")" * 100_000, "1" * 100_000, "b" * 100_000, "\u00e9" * 100_000,
                                  "-" * 100_000 + "b", "'" + "x" * 100_000 + "'", "b" + " if b else b" * 10_000, "not " * 50_000 + "b",
                                  "1" * 1000, "\U0001d431" * 1000,
                                  "b." * 500, "(" * 999, "+-" * 499 + "b", "1e" + "9" * 900, "b" + "(b)" * 300])
def test_a_text_of_any_length_is_read_or_refused_at_once(text: str, small: World) -> None:
    start = time.process_time()
    with pytest.raises(FormulaError) as caught:
        column(text, small)
    assert time.process_time() - start < 5.0
    assert len(str(caught.value)) < 600


def test_many_places_near_to_which_a_step_may_be_are_within_the_budget(world: World) -> None:
    zones = {f"z{k}": ROUND + k for k in range(900)}
    with pytest.raises(FeatureError, match="nearest of 900 spots and zones takes"):
        Near().column(world, Context(zones), {"places": list(zones), "reach": 10.0})
    twice = Near().column(world, CONTEXT, {"places": ["s"] * 100_000, "reach": 10.0})
    np.testing.assert_array_equal(twice, Near().column(world, CONTEXT, {"places": ["s"], "reach": 10.0}))


def test_more_features_than_memory_are_refused_before_the_first(world: World) -> None:
    specs = [FeatureSpec(f"f{k}", "step") for k in range(151)]
    with pytest.raises(FeatureError, match="151 features of 1,994,004 choices are 301,094,604 cells"):
        feature_matrix(specs, world, CONTEXT)
