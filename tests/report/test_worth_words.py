"""Weights in sentences: in utility, in the unit of a feature, with their intervals, and where nothing is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.features.base import FeatureSpec
from irlcore.fitting.result import FitResult, Status
from irlcore.project.project import FitRecord
from irlcore.report.charts import weights_figure
from irlcore.report.worth_words import measure_of, usual_unit, worth
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.grid import build_grid
from irlcore.worlds.history.build import build_history
from irlcore.worlds.world import World

LENGTH = FeatureSpec("length (km)", "length", {"per": 1000.0})
TURN, ROAD, HABIT = FeatureSpec("left turn", "turn"), FeatureSpec("road: main", "attribute"), FeatureSpec("my habit", "habit")
STEP, MINUTES = FeatureSpec("each step", "step"), FeatureSpec("minutes", "duration")


def town(cell: float = 100.0, unit: str = "m") -> World:
    return build_grid(0, 0, 3 * cell, 3 * cell, cell, unit)


def record(features: tuple[FeatureSpec, ...], theta: list[float], errors: list[float]) -> FitRecord:
    """A fit with these weights and independent errors."""
    se, weights = np.array(errors), np.array(theta)
    square = np.diag(np.where(np.isfinite(se), se, 0.0) ** 2)
    result = FitResult(tuple(s.name for s in features), weights, se, se, se, square, np.zeros((9, len(weights))), -9.0, -10.0, -np.ones(9),
                       np.nan, "maxent", 1.0, Status.CONVERGED, 1, 1, 0.1, hessian_covariance=square)
    return FitRecord(result, features, "")


def test_a_left_turn_costs_as_much_as_so_many_metres() -> None:
    made = record((LENGTH, TURN, ROAD, HABIT), [-2.0, -0.46, 0.2, 0.0], [0.01, 0.02, 0.01, np.nan])
    assert usual_unit(made) == 0
    told = worth(made, town(), 0)
    assert told.sentences == (
        "One \"left turn\" costs as much as 230 m of length (95 % interval 210 to 250 m).",
        "One more of \"my habit\" plays no part.",
        "One step of \"road: main\" is liked as much as 100 m of length costs (95 % interval 90 to 110 m).")
    assert told.labels == ("left turn", "my habit", "road: main") and told.unit == "m of length"
    np.testing.assert_allclose(told.value, [230.0, 0.0, -100.0], atol=1e-9)
    figure = weights_figure(told.labels, told.value, told.interval, told.unit, costs=True)
    assert figure.layout.yaxis.ticktext[-1] == "left turn"  # what counts most against a step at the top


@pytest.mark.parametrize(("cell", "unit", "per", "said"), [
    (100.0, "m", 1000.0, "100 m of length"), (0.5, "m", 1.0, "1 m of length"), (4000.0, "m", 1000.0, "1 km of length"),
    (0.1, "km", 1.0, "100 m of length"), (12.0, "px", 1.0, "10 px of length"), (0.01, "deg", 1.0, "0.01° of length")])
def test_the_weight_of_length_is_told_for_an_amount_that_suits_the_world(cell: float, unit: str, per: float, said: str) -> None:
    spec = FeatureSpec("length", "length", {"per": per})
    measure = measure_of(spec, town(cell, unit))
    assert measure.said() == said and measure.label() == f"length, per {said.removesuffix(' of length')}"
    made = record((spec, STEP), [-3.0 * per, -1.0], [0.1 * per, 5.0])
    told = worth(made, town(cell, unit))
    k = told.labels.index(measure.label())
    assert told.value[k] == pytest.approx(-3.0 * measure.amount)  # utility per unit of the world is 3, whatever "per" says
    assert f"{said[:1].upper()}{said[1:]} costs " in told.sentences[k]


def test_what_is_not_sure_says_so() -> None:
    made = record((LENGTH, TURN, ROAD, STEP), [-2.0, -0.02, -0.3, -0.4], [0.01, 0.5, np.inf, np.nan])
    said = " ".join(worth(made, town(), 0).sentences)
    assert "One \"left turn\" costs as much as 10 m of length, but it may as well be nothing: these tracks cannot tell." in said
    assert "One step of \"road: main\" costs as much as 150 m of length, but how sure that is, is not known." in said
    assert "One step costs as much as 200 m" in said and "nan" not in said and "inf" not in said


def test_the_unit_is_the_first_that_surely_costs() -> None:
    assert usual_unit(record((TURN, LENGTH), [-1.0, -2.0], [0.1, 1.5])) is None  # unsure
    assert usual_unit(record((TURN, LENGTH), [-1.0, 2.0], [0.1, 0.1])) is None  # a gain
    assert usual_unit(record((TURN, LENGTH), [-1.0, -2.0], [0.1, np.inf])) is None
    assert usual_unit(record((STEP, MINUTES, LENGTH), [-1.0, -2.0, -2.0], [0.1, 0.1, 3.0])) == 1
    assert usual_unit(record((TURN, STEP), [-1.0, -2.0], [0.1, 0.1])) == 1


def test_times_and_steps_are_units_too() -> None:
    made = record((MINUTES, STEP, TURN), [-0.5, -0.25, -1.0], [0.01, 0.01, 0.01])
    assert worth(made, town(), 0).sentences[0].startswith("One \"left turn\" costs as much as 2 min of time (95 % interval ")
    assert worth(made, town(), 1).sentences[0].startswith("One \"left turn\" costs as much as 4 steps (95 % interval ")
    assert worth(made, town(), 1).unit == "each step"
    told = worth(record((MINUTES, TURN), [-0.5, -60.0], [0.01, 0.5]), town(), 0)
    assert told.unit == "h of time" and told.value[0] == pytest.approx(2.0)


def test_in_the_unit_of_something_liked_the_words_turn_round() -> None:
    made = record((ROAD, TURN, HABIT), [0.5, -1.0, 0.25], [0.01, 0.01, 0.01])
    costs, liked = worth(made, town(), 0).sentences
    assert costs.startswith("One \"left turn\" costs as much as 2 \"road: main\" is liked (95 % interval 1.9 to 2.1)")
    assert liked.startswith("One more of \"my habit\" is liked as much as 0.5 \"road: main\" (95 % interval ")


def test_the_unit_alone_leaves_nothing_to_tell_in_it() -> None:
    made = record((LENGTH,), [-2.0], [0.01])
    assert worth(made, town(), 0).labels == () and worth(made, town()).sentences == (
        "100 m of length costs 0.2 in utility (95 % interval 0.2 to 0.2).",)
    assert worth(replace(made, features=(LENGTH,)), town()).unit == ""


def test_weights_of_a_log_are_odds() -> None:
    """A conditional logit: e^w times as likely as another event; of the logarithm of a share what twice the share does."""
    specs = (FeatureSpec("usual", "usual_event"), *(FeatureSpec(name, "again") for name in ("again", "same", "never")))
    made = record(specs, [1.0, np.log(3.0), 0.0, 40.0], [0.1, 2.0, 1.0, 0.5])
    events = np.array(["x", "y", "x", "x"], object)
    log = build_history(LinkTracks(np.array(["a", "b"], object), np.array([0, 2, 4]), events, pd.DataFrame()))
    said = {line.split('"')[1]: line for line in worth(made, log).sentences}
    assert said["usual"] == ('An event that usually comes twice as often ("usual") is 2 times as likely, all else equal '
                             "(95 % interval 1.7 to 2.3).")
    assert said["again"] == ('An event with "again" is 3 times as likely, all else equal, but it may as well be nothing: these sequences '
                             "cannot tell.")
    assert said["same"] == 'An event with "same" is as likely as others.'
    assert said["never"].startswith('An event with "never" is over 1,000,000 times as likely')
    few = worth(record(specs[:2], [0.07, -0.1], [0.01, 0.02]), log).sentences
    assert few[1].endswith("is 1.05 times as likely, all else equal (95 % interval 1.04 to 1.06).")
    assert few[0].endswith("is 0.905 times as likely, all else equal (95 % interval 0.87 to 0.941).")
