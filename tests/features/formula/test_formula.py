"""What formulas compute: names, text, conditions and functions, checked by hand and against numpy; what is not finite."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlcore.contracts.filled_forms import SQUARE
from irlcore.contracts.grounds import grid, town, without_coordinates
from irlcore.errors import FormulaError
from irlcore.features.base import KINDS, Context, FeatureSpec
from irlcore.features.feature_set import feature_column, feature_matrix
from irlcore.features.formula.names import formula_words
from irlcore.features.kinds.distance import straight_distance
from irlcore.worlds.world import World

CONTEXT = Context({"square": SQUARE, 'the "old" town': SQUARE + 100.0}, {"gate": np.array([100.0, 0.0]), "日本𝐱": np.array([0.0, 0.0])})


def furnished() -> World:
    """The town with columns of every sort: a name of two words, empty cells, text, a wide word, one of the transitions."""
    world = town()
    places = np.arange(world.n_places, dtype=np.float64)
    gaps = np.where(places % 3 == 0, np.nan, places)
    roads = np.where(places % 4 == 0, "", np.where(places % 2 == 0, "main", "lane")).astype(object)
    columns = {"rank": places, "speed limit": 30.0 + 5.0 * places, "gaps": gaps, "road": roads, "Straßenart": roads, "class": places}
    return replace(world, place_attributes=columns, choice_attributes={"signal": np.arange(world.mdp.n_choices) % 2 * 1.0})


WORLD = furnished()
PLACE = WORLD.choice_place
RANK = WORLD.place_attributes["rank"][PLACE]
GAPS = WORLD.place_attributes["gaps"][PLACE]
ROAD = WORLD.place_attributes["road"][PLACE]


def column(text: object, world: World = WORLD, context: Context = CONTEXT) -> np.ndarray:
    return KINDS["formula"].column(world, context, {"formula": text})


def refused(text: object, world: World = WORLD) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        column(text, world)
    assert caught.value.what.endswith(".") and caught.value.fix
    return caught.value


@pytest.mark.parametrize(("text", "expected"), [
    ("2 + 3 * 4 ** 2", 50.0), ("-2 ** 2", -4.0), ("2 ** 3 ** 2", 512.0), ("2 ** -1", 0.5), ("7 % 4 - 7 // 4", 2.0), ("-7 % 4", 1.0),
    ("1 - 2 - 3", -4.0), ("8 / 4 / 2", 1.0), ("not 0 and 3", 1.0), ("0 or 0 and 1", 0.0), ("1 or 1 and 0", 1.0), ("not 2 == 3", 1.0),
    ("1 < 2 < 3", 1.0), ("1 < 3 < 2", 0.0), ("3 > 2 >= 2 != 1", 1.0), ("1 if 0 else 2 if 0 else 3", 3.0), ("5 if 2 else 6", 5.0),
    ("min(3, 1, 2) + max(3, 1, 2)", 4.0), ("clip(7, 1, 5)", 5.0), ("clip(-7, 1, 5)", 1.0), ("where(0, 1, 2)", 2.0), ("sign(-3)", -1.0),
    ("floor(-1.5)", -2.0), ("round(2.6)", 3.0), ("abs(-4)", 4.0), ("sqrt(9)", 3.0), ("exp(0)", 1.0), ("log(exp(2))", 2.0),
    ("cos(pi)", -1.0), ("sin(pi / 2)", 1.0), ("known(0 / 0)", 0.0), ("known(3)", 1.0), (".5 + 1. + 1e-1", 1.6), ("+3", 3.0),
    ("min(1 / 0, 7)", 7.0), (" 1\t+\n2 ", 3.0), ("((((3))))", 3.0), ("12345678901234567890 - 12345678901234567890", 0.0),
])
def test_arithmetic_is_that_of_school_with_pythons_precedence(text: str, expected: float) -> None:
    values = column(text)
    assert values.shape == (WORLD.mdp.n_choices,) and values.dtype == np.float64
    np.testing.assert_allclose(values, expected, rtol=1e-14)


def test_names_are_columns_of_the_place_ahead_or_of_the_transition() -> None:
    np.testing.assert_array_equal(column("rank"), RANK)
    np.testing.assert_array_equal(column("signal"), WORLD.choice_attributes["signal"])
    np.testing.assert_array_equal(column('attribute("speed limit") / 5 - 6'), RANK)
    np.testing.assert_array_equal(column('attribute("class")'), RANK)
    np.testing.assert_array_equal(column("length"), WORLD.choice_length)
    np.testing.assert_array_equal(column("step"), np.ones(WORLD.mdp.n_choices))
    np.testing.assert_array_equal(column("Straßenart == 'main'"), ROAD == "main")
    np.testing.assert_array_equal(column("ｒａｎｋ"), RANK)  # the parser writes words in their plain form


def test_a_column_whose_word_the_parser_writes_otherwise_is_found() -> None:
    spelled = "gro\u0308\u00dfe"  # o and a mark, as some keyboards type it
    world = replace(WORLD, place_attributes={spelled: WORLD.place_attributes["rank"]})
    np.testing.assert_array_equal(column(spelled, world), RANK)
    np.testing.assert_array_equal(column("gr\u00f6\u00dfe", world), RANK)


def test_turn_is_in_degrees_right_positive_and_0_where_unknown() -> None:
    turn = WORLD.choice_turn.copy()
    turn[:3] = [np.pi / 2, -np.pi / 4, np.nan]
    np.testing.assert_allclose(column("turn", replace(WORLD, choice_turn=turn))[:3], [90.0, -45.0, 0.0])


def test_places_are_those_of_the_features_without_a_cap() -> None:
    for name, word in (("gate", '"gate"'), ("square", "'square'"), ('the "old" town', "'the \"old\" town'")):
        np.testing.assert_array_equal(column(f"distance({word})"), straight_distance(WORLD, CONTEXT, name)[PLACE])
    np.testing.assert_array_equal(column('inside("square")'), KINDS["zone"].column(WORLD, CONTEXT, {"zone": "square"}))
    assert column('distance("gate")').max() > 100.0 and 0.0 < column('inside("square")').mean() < 1.0


def test_a_place_without_coordinates_is_infinitely_far() -> None:
    xy = WORLD.place_xy.copy()
    xy[0] = np.nan
    world = replace(WORLD, place_xy=xy)
    assert (column('exp(-distance("gate") / 300)', world)[PLACE == 0] == 0.0).all()
    assert "no coordinates" in refused('distance("gate")', world).what
    assert "no coordinates" in refused('inside("square")', without_coordinates(WORLD)).what


@pytest.mark.parametrize(("text", "expected"), [
    ('road == "main"', ROAD == "main"), ('"main" == road', ROAD == "main"), ('road != "main"', ROAD != "main"), ('road == ""', ROAD == ""),
    ('road in ("main", "lane")', ROAD != ""), ('road not in ("main", "lane")', ROAD == ""), ('road in ("main")', ROAD == "main"),
    ('not road == "main" and rank > 5', (ROAD != "main") & (RANK > 5)), ('attribute("road") == "main"', ROAD == "main"),
])
def test_text_is_compared_with_values_in_quotes(text: str, expected: np.ndarray) -> None:
    np.testing.assert_array_equal(column(text), expected)


@pytest.mark.parametrize(("text", "says"), [
    ("road", "road is text, not a number"), ("2 * road", "road is text"),
    ("road == Straßenart", "road is text"), ("road == 3", "road is text"), ('exp(attribute("road"))', "is text"),
    ('road < "main"', "only be equal"), ('road == "main" == "main"', "only be equal"),
    ('rank == "main"', "rank is a number"), ('"main"', "no value of its own"), ('"a" == "a"', "compared as a column"),
    ("1 in (2, 3)", "compared as a column"), ("1 in rank", "list of values in quotes"), ("(1, 2)", "list"), ("()", "list"),
])
def test_text_anywhere_else_is_an_error_that_says_so(text: str, says: str) -> None:
    assert says in refused(text).what


def test_what_is_empty_stays_so_unless_the_formula_deals_with_it() -> None:
    for text in ("gaps", "gaps > 3", "not gaps", "gaps and 1", "where(gaps, 1, 2)", "1 if gaps else 2", "max(gaps, 0)"):
        assert "gaps is empty there" in refused(text).what, text
    np.testing.assert_array_equal(column("gaps if known(gaps) else -1"), np.where(np.isnan(GAPS), -1.0, GAPS))
    np.testing.assert_array_equal(column("known(gaps) and gaps > 3"), np.nan_to_num(GAPS) > 3)
    np.testing.assert_array_equal(column("gaps > 3 or not known(gaps)"), ~(GAPS <= 3))


@pytest.mark.parametrize(("text", "says", "at"), [
    ("3 + 1 / (rank - rank)", "1 / (rank - rank) divides by 0", 4), ("rank // 0", "divides by 0", 0), ("rank % 0", "divides by 0", 0),
    ("2 * log(rank - rank)", "takes the log of 0 or less", 4), ("sqrt(-rank - 1)", "the root of a number below 0", 0),
    ("(0 - 1 - rank) ** 0.5", "root of a number below 0", 0), ("(rank - rank) ** -1", "negative power of 0", 0),
    ("exp(1000 + rank)", "too large", 0), ("9**9**9", "too large", 0), ("where(rank < 0, 1, log(0) * 0)", "log(0) takes the log", 19),
    ("exp(1000) - exp(1000)", ": exp(1000) becomes too large", 0), ("max(1 / 0, log(-1))", ": log(-1) takes the log", 11),
    ("where(rank < 0, 1 / 0, log(0))", ": log(0) takes the log", 23), ("1 / 0 if rank < 0 else log(0)", ": log(0) takes the log", 23),
    ('log(0 * (Straßenart == "main"))+1', ': log(0 * (Straßenart == "main")) takes the log', 0),
])
def test_what_is_not_finite_is_named_where_it_arises(text: str, says: str, at: int) -> None:
    error = refused(text)
    count = WORLD.mdp.n_choices
    assert says in error.what and f"at {count} of {count} choices" in error.what and error.position == at


def test_the_choices_that_are_not_finite_are_counted_and_the_first_is_named() -> None:
    error = refused("1 / (rank - 3)")
    first = int(np.flatnonzero(RANK == 3)[0])
    start, end = WORLD.place_names[WORLD.choice_from[first]], WORLD.place_names[PLACE[first]]
    assert f"at {(RANK == 3).sum()} of {len(RANK)} choices, first from {start} to {end}" in error.what


def test_a_features_error_keeps_the_pointer_into_its_formula() -> None:
    spec = FeatureSpec("mine", "formula", {"formula": "2 * lenght"})
    for compute in (lambda: feature_column(spec, WORLD, CONTEXT), lambda: feature_matrix([spec], WORLD, CONTEXT)):
        with pytest.raises(FormulaError) as caught:
            compute()
        assert "mine" in caught.value.what and caught.value.pointer == "2 * lenght\n    ^"


@pytest.mark.parametrize("world", [WORLD, grid(), without_coordinates(grid()), town(places=False)])
def test_every_word_that_is_offered_computes(world: World) -> None:
    words = formula_words(world, CONTEXT)
    for piece in [*words["names"], *words["places"], *words["columns of text"]]:
        column(f"where(known(1), 1, {piece})", world)
    assert all("(" in shown for shown in words["functions"]) and "step" in words["names"]


def test_words_are_written_as_they_must_be_typed() -> None:
    words = formula_words(WORLD, CONTEXT)
    assert {"rank", "signal", 'attribute("speed limit")', 'attribute("class")', "length", "turn"} <= set(words["names"])
    assert {'road == "main"', 'Straßenart == "lane"'} <= set(words["columns of text"])
    assert {'distance("gate")', 'distance("square")', "inside('the \"old\" town')"} <= set(words["places"])
    assert "length" not in formula_words(town(places=False), CONTEXT)["names"]


# Random formulas, each made as text and as the numpy it stands for at once.
Pair = tuple[str, Callable[[], Any]]
LEAVES: list[Pair] = [
    ("rank", lambda: RANK), ("gaps", lambda: GAPS), ("length", lambda: WORLD.choice_length), ("step", lambda: np.ones(len(RANK))),
    ("signal", lambda: WORLD.choice_attributes["signal"]), ('attribute("speed limit")', lambda: 30.0 + 5.0 * RANK),
    ('distance("gate")', lambda: straight_distance(WORLD, CONTEXT, "gate")[PLACE]), ('road == "main"', lambda: (ROAD == "main") * 1.0),
    ('inside("square")', lambda: KINDS["zone"].column(WORLD, CONTEXT, {"zone": "square"})), ("pi", lambda: np.float64(np.pi)),
]


def each(rule: Callable[..., float], *values: Any) -> np.ndarray:
    return np.array([rule(*(float(v) for v in row)) for row in zip(*np.broadcast_arrays(np.zeros(len(RANK)), *values), strict=True)])


def logic(sign: str) -> Callable[[float, float, float], float]:
    """0 and 1 as a truth table; what is not a number counts only where the other does not settle it."""
    settles = 0.0 if sign == "and" else 1.0

    def rule(_: float, a: float, b: float) -> float:
        truths = [v if np.isnan(v) else float(v != 0.0) for v in (a, b)]
        return settles if settles in truths else (np.nan if any(np.isnan(truths)) else 1.0 - settles)
    return rule


ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": np.divide, "**": np.power, "%": np.mod, "//": np.floor_divide}
ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne}
ONE = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "floor": np.floor, "round": np.round, "sign": np.sign, "sin": np.sin}


def larger(parts: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    def compare(sign: str) -> Callable[[float, float, float], float]:
        return lambda _, a, b: np.nan if np.isnan(a) or np.isnan(b) else float(ORDER[sign](a, b))

    def choose(_: float, c: float, a: float, b: float) -> float:
        return np.nan if np.isnan(c) else a if c != 0.0 else b

    def joined(signs: list[str], compute: Callable[[str, Any, Any], Any]) -> st.SearchStrategy[Pair]:
        return st.builds(lambda sign, p, q: (f"({p[0]}) {sign} ({q[0]})", lambda: compute(sign, p[1](), q[1]())),
                         st.sampled_from(signs), parts, parts)

    two, three = st.tuples(parts, parts), st.tuples(parts, parts, parts)
    return st.one_of(
        joined([*ARITHMETIC], lambda sign, a, b: ARITHMETIC[sign](a, b)), joined([*ORDER], lambda sign, a, b: each(compare(sign), a, b)),
        joined(["and", "or"], lambda sign, a, b: each(logic(sign), a, b)),
        st.builds(lambda s, p: (f"{s}({p[0]})", lambda: ONE[s](p[1]())), st.sampled_from([*ONE]), parts),
        st.builds(lambda p: (f"-({p[0]})", lambda: -p[1]()), parts),
        st.builds(lambda p: (f"not ({p[0]})", lambda: each(lambda _, a: np.nan if np.isnan(a) else float(a == 0.0), p[1]())), parts),
        st.builds(lambda p: (f"min({p[0][0]}, {p[1][0]}, 5)", lambda: np.minimum(np.minimum(p[0][1](), p[1][1]()), 5.0)), two),
        st.builds(lambda p: (f"clip({p[0][0]}, {p[1][0]}, {p[2][0]})", lambda: np.clip(p[0][1](), p[1][1](), p[2][1]())), three),
        st.builds(lambda p: (f"({p[1][0]}) if ({p[0][0]}) else ({p[2][0]})", lambda: each(choose, *(q[1]() for q in p))), three),
        st.builds(lambda p: (f"where({p[0][0]}, {p[1][0]}, {p[2][0]})", lambda: each(choose, *(q[1]() for q in p))), three))


NUMBERS = st.one_of(st.integers(0, 99), st.floats(0.0, 1e6)).map(lambda v: (repr(v), lambda: np.float64(v)))


@given(st.recursive(st.one_of(st.sampled_from(LEAVES), NUMBERS), larger, max_leaves=12))
def test_a_formula_is_the_numpy_that_it_stands_for(pair: Pair) -> None:
    text, reference = pair
    with np.errstate(all="ignore"):
        expected = np.broadcast_to(reference(), (len(RANK),))
    if np.isfinite(expected).all():
        np.testing.assert_array_equal(column(text), expected)
    elif len(text) <= 1000:
        assert f"at {(~np.isfinite(expected)).sum()} of {len(RANK)} choices" in refused(text).what
