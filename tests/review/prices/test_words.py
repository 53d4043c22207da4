"""Prices in words: every case of two weights and an interval, and what is said of what is not known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.review.prices.agent_prices import Prices, WeightTest
from irlcore.review.prices.words import difference, in_short, joint_sentence, sentences
from irlcore.review.reasons import Yardstick

YARD = Yardstick("length", -0.002, "m")
INF = np.inf


def priced(theta: float, own: float, low: float, high: float, edge: tuple[bool, bool] = (False, False), se: float = 0.01,
           differs: bool = True, joint: float = 0.01, told: bool = True, impossible: int = 0) -> Prices:
    """Prices of a toll, beside a length of which nothing is to be said."""
    test = WeightTest(joint, np.array([0.01, 0.5]), np.array([3.0, 0.1]), np.array([told, True]), "normal agents", 99, 3)
    return Prices("d1", ("toll", "length"), np.arange(3), np.array([theta, -1.0]), np.zeros((2, 2)), np.array([se, 0.1]), np.zeros(2),
                  np.array([own, -1.0]), np.array([[low, high], [-2.0, -0.5]]), np.array([edge, (False, False)]), test,
                  np.array([0.01, 0.5]), np.array([0.02, 0.5]), (0,) if differs else (), impossible)


@pytest.mark.parametrize(("given", "kind", "said"), [
    ((-1.0, -5.0, -9.0, -3.0), "turn", '"toll" costs it 5 times as much as the class (between 3 and 9 times): as much as 2.5 km of '
                                            "length, to the class 500 m of length."),
    ((-1.0, -5.0, -9.0, -3.0), "zone", 'It pays 5 times as much as the class to stay out of "toll" (between 3 and 9 times): as much as '
                                       "2.5 km of length, to the class 500 m of length."),
    ((-1.0, -5.0, -INF, -3.0), "zone", 'It pays at least 3 times as much as the class to stay out of "toll" (its tracks set no upper '
                                       "limit): at least as much as 1.5 km of length, to the class 500 m of length."),
    ((-1.0, -0.1, -0.3, 0.2), "attribute", 'As if "toll" cost it nothing (at most 30 % of what it is to the class).'),
    ((1.0, 0.1, -0.2, 0.3), "attribute", 'As if it did not care for "toll" (at most 30 % of what it is to the class).'),
    ((-1.0, 2.0, 1.0, 3.0), "turn", 'It likes "toll", which the class avoids: as much as 1 km of length, to the class 500 m of length.'),
    ((1.0, -2.0, -3.0, -1.0), "turn", 'It avoids "toll", which the class seeks: as much as 1 km of length, to the class 500 m of length.'),
    ((-1.0, -0.2, -0.4, -0.1), "length", '"toll" costs it 20 % as much as the class (between 10 % and 40 %).'),
    ((1.0, 0.2, 0.1, 0.4), "length", '"toll" is worth to it 20 % as much as the class (between 10 % and 40 %).'),
    ((1.0, 3.0, 2.0, 4.0), "length", '"toll" is worth to it 3 times as much as the class (between 2 and 4 times).'),
    ((-1.0, -3.0, -9.0, -0.5), "length", 'It weighs "toll" otherwise than the class, but its tracks leave open by how much.'),
    ((-1.0, -0.3, -9.0, 0.5), "length", 'It weighs "toll" otherwise than the class, but its tracks leave open by how much.'),
    ((-1.0, np.nan, np.nan, np.nan), "length", 'What "toll" is worth to it differs from the class, but its tracks do not tell by how '
                                               "much."),
])
def test_a_difference_is_said_as_it_is(given: tuple[float, float, float, float], kind: str, said: str) -> None:
    assert difference(priced(*given), 0, kind, YARD) == said


def test_of_a_class_that_is_not_sure_no_share_is_said() -> None:
    assert difference(priced(-1.0, -5.0, -9.0, -3.0, se=2.0), 0, "zone", YARD) == (
        'It avoids "toll", which the class neither surely avoids nor surely seeks: as much as 2.5 km of length.')


def test_where_an_interval_holds_both_signs_neither_is_said() -> None:
    for own in (-0.3, 0.3):
        assert difference(priced(-0.01, own, -0.9, 0.9, se=0.2), 0, "zone", YARD).endswith("but its tracks leave open which way.")


def test_where_the_fit_does_not_tell_how_sure_the_class_is_nothing_is_said_of_it() -> None:
    prices = replace(priced(-1.0, -5.0, np.nan, np.nan, se=np.nan), sure=False, known=False)
    said = sentences(prices, ["zone", "length"], YARD)
    assert "neither surely avoids nor surely seeks" in said[1] and "this fit does not tell how sure the weights of the class are" in said[2]
    assert in_short(["a"], np.array([-1.0]), np.array([np.nan]), np.array([-1.0]), np.array([3.0]), np.array([0.01]), 0.01, True) == (
        'Avoids "a", which the class does not surely')


def test_an_end_at_the_edge_of_the_model_is_no_end() -> None:
    assert difference(priced(-1.0, -0.2, -0.4, -0.2, (False, True)), 0, "length") == (
        '"toll" costs it at most 40 % as much as the class (the model allows no less).')
    assert difference(priced(-1.0, -3.0, -4.0, -2.0, (True, False)), 0, "length") == (
        '"toll" costs it at least 2 times as much as the class (the model allows no more).')


def test_the_joint_test_is_said_first_and_what_is_not_told_last() -> None:
    said = sentences(priced(-1.0, -1.0, -2.0, 0.0, differs=False, told=False, joint=0.5), ["turn", "length"], YARD)
    assert said == ("Of 99 agents known as normal, 49 have weights at least as unlike the class's (p-value 0.5).",
                    "Nothing says that its weights differ from the class's.", 'Its tracks do not tell what "toll" is worth to it.')
    assert "no single one" in sentences(priced(-1.0, -1.0, -2.0, 0.0, differs=False), ["turn", "length"])[1]
    assert "cannot make" in sentences(priced(-1.0, -1.0, -2.0, 0.0, impossible=1), ["turn", "length"])[1]


def test_the_joint_test_says_by_what_it_was_made() -> None:
    one = np.zeros(1)
    assert joint_sentence(WeightTest(0.005, one, one, one, "simulated agents", 199, 1), False) == (
        "Of 199 tracks drawn from the model of the class, none has weights at least as unlike the class's (p-value 0.005).")
    assert "1 has" in joint_sentence(WeightTest(0.02, one, one, one, "normal agents", 99, 1))
    assert "no promise" in joint_sentence(WeightTest(0.02, one, one, one, "law of many tracks", 0, 1))


@pytest.mark.parametrize(("theta", "away", "said"), [(-1.0, -1.0, "Avoids \"a\" more than the class"), (-1.0, 0.5, "Avoids \"a\" less than "
                                                     "the class"), (1.0, 1.0, "Seeks \"a\" more than the class"),
                                                     (0.001, -1.0, "Avoids \"a\", which the class does not surely")])
def test_an_agent_of_a_list_has_one_line(theta: float, away: float, said: str) -> None:
    def line(adjusted: float, joint: float, flagged: bool) -> str:
        return in_short(["a", "b"], np.array([theta, -1.0]), np.array([0.1, 0.1]), np.array([away, 0.0]), np.array([3.0, 0.0]),
                        np.array([adjusted, adjusted]), joint, flagged)

    assert line(0.01, 0.01, True) == said
    assert line(0.5, 0.01, False) == "Unlike the class in all its weights together" and line(0.5, 0.5, False) == "As the class"


@pytest.mark.parametrize(("theta", "own", "kind", "said"), [
    (-1.0, -5.0, "zone", 'It pays about 5 times as much as the class to stay out of "toll": about as much as 2.5 km of length, to the '
                         "class 500 m of length."),
    (-1.0, -0.2, "length", '"toll" costs it about 20 % as much as the class.'),
    (1.0, 3.0, "length", '"toll" is worth to it about 3 times as much as the class.'),
    (-1.0, 2.0, "length", 'It seems to like "toll", which the class avoids.'),
    (1.0, -2.0, "length", 'It seems to avoid "toll", which the class seeks.'),
    (-1.0, 0.0, "length", '"toll" seems to be worth nothing to it.')])
def test_where_no_interval_is_known_to_hold_amounts_are_about(theta: float, own: float, kind: str, said: str) -> None:
    prices = replace(priced(theta, own, np.nan, np.nan), sure=False)
    assert difference(prices, 0, kind, YARD) == said
    words = sentences(prices, [kind, "length"], YARD)
    assert words[1] == said and words[2].startswith("How sure this is cannot be said") and not any("95 %" in w for w in words)
    assert not any("How sure" in w for w in sentences(replace(prices, sure=True), [kind, "length"], YARD))
