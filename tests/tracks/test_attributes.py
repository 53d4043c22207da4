"""Values of attributes: gaps, mixtures, numbers with and without a point, dates; shown, ordered, compared and kept alike."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlcore.tracks.attributes import (
    MISSING,
    column_of,
    has_label,
    in_order,
    known_counts,
    label_counts,
    plain_column,
    plain_frame,
    value_label,
    value_labels,
)
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import Tracks


@pytest.mark.parametrize(("value", "label"), [
    (None, MISSING), (np.nan, MISSING), (pd.NA, MISSING), (pd.NaT, MISSING), ("", MISSING), ("  ", MISSING), (Decimal("NaN"), MISSING),
    ("cargo ", "cargo"), ("\0", MISSING), ("a\0", "a"),
    ("007", "007"), ("70.0", "70.0"), (70, "70"), (70.0, "70"), (np.float32(0.1), "0.1"), (0.25, "0.25"), (-0.0, "0"),
    (np.inf, "inf"), (-np.inf, "-inf"), (True, "True"), (np.False_, "False"), (1e300, "1e+300"),
    (pd.Timestamp("2026-01-02"), "2026-01-02"), (pd.Timestamp("2026-01-02 08:30"), "2026-01-02 08:30:00"), ([1, 2], "[1, 2]")])
def test_every_value_has_a_label(value: object, label: str) -> None:
    assert value_label(value) == label


COLUMNS = {
    "numbers with gaps": (pd.Series([70.0, np.nan, 71.0, 70.0]), ["70", MISSING, "71", "70"]),
    "all blank": (pd.Series([np.nan] * 3), [MISSING] * 3),
    "text with gaps": (pd.Series(["b", None, "", "a"], dtype="str"), ["b", MISSING, MISSING, "a"]),
    "nullable numbers": (pd.Series([1, None, 3], dtype="Int64"), ["1", MISSING, "3"]),
    "nullable yes and no": (pd.Series([True, None, False], dtype="boolean"), ["True", MISSING, "False"]),
    "yes and no": (pd.Series([True, False]), ["True", "False"]),
    "categories": (pd.Series(["x", None, "y"], dtype="category"), ["x", MISSING, "y"]),
    "categories of numbers": (pd.Series([1.0, np.nan, 2.5], dtype="category"), ["1", MISSING, "2.5"]),
    "dates with gaps": (pd.Series(pd.to_datetime(["2026-01-02", None])), ["2026-01-02", MISSING]),
    "a mixture": (pd.Series([1, "a", None, True, 2.0, 1.5, [3]], dtype=object), ["1", "a", MISSING, "True", "2", "1.5", "[3]"]),
    "infinities": (pd.Series([np.inf, 1.0, -np.inf]), ["inf", "1", "-inf"]),
    "nothing": (pd.Series([], dtype=object), []),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_any_type_is_labelled_and_matched_by_its_labels(name: str) -> None:
    column, labels = COLUMNS[name]
    found = value_labels(column)
    assert found.tolist() == labels
    for label in set(labels):
        assert (has_label(column, label) == (found == label)).all()
    assert sum(label_counts(column).values()) == len(column)
    assert MISSING not in known_counts(column)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_is_kept_plain_with_the_same_labels(name: str) -> None:
    column, labels = COLUMNS[name]
    plain = plain_column(column)
    assert isinstance(plain.dtype, np.dtype) or plain.dtype == "str"
    assert not isinstance(plain.dtype, pd.CategoricalDtype)
    assert value_labels(plain).tolist() == labels


def test_a_whole_number_without_a_sign_stays_whole_beyond_those_that_have_one() -> None:
    assert plain_column(pd.Series([2**64 - 1, 7], dtype="UInt64")).tolist() == [2**64 - 1, 7]


def test_in_a_column_of_numbers_it_does_not_matter_how_a_number_is_written() -> None:
    column = pd.Series([70.0, np.nan, 71.0])
    for wanted in ("70", "70.0", "7e1"):
        assert has_label(column, wanted).tolist() == [True, False, False]
    assert has_label(pd.Series(["70", "70.0"]), "70").tolist() == [True, False]  # text stays as it is written


VALUES = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=4), st.datetimes(), st.decimals(),
                   st.lists(st.integers(), max_size=2))


@given(st.lists(VALUES, max_size=12))
def test_labels_of_any_mixture_can_be_ordered_matched_and_kept(values: list[object]) -> None:
    column = pd.Series(values, dtype=object)
    labels = value_labels(column)
    order = in_order(labels)
    assert order == in_order(reversed(labels.tolist())) and set(order) == set(labels)
    assert MISSING not in order[:-1]
    assert sum(int(has_label(column, label).sum()) for label in order) == len(values)
    assert value_labels(plain_column(column)).tolist() == labels.tolist()


def test_numbers_stand_before_texts_by_size_and_missing_is_last() -> None:
    assert in_order([MISSING, "b", "10", "2", "A", "nan", "-inf", "2"]) == ["-inf", "2", "10", "A", "b", "nan", MISSING]


def test_the_commonest_known_value_comes_first() -> None:
    assert [*label_counts(np.array(["b", "", "", "", "a", "b", "a", "c"], dtype=object))] == ["a", "b", "c", MISSING]


def test_columns_are_found_by_how_their_names_read() -> None:
    frame = pd.DataFrame([[1, "x"], [2, "y"]], columns=[7, "7"])
    found = column_of(frame, "7")
    assert found is not None and found.tolist() == [1, 2]
    assert column_of(frame, "8") is None
    assert plain_frame(frame).columns.tolist() == ["7", "7"]


def test_a_value_that_stands_in_some_rows_of_its_track_alone_is_the_tracks() -> None:
    table = read_table(b"track,t,x,y,type\na,0,0,0,\na,1,1,0,cargo\nb,0,0,0,\nb,1,1,0,\nc,0,0,0,tug\nc,1,1,0,tug\n")
    attributes = read_points(table, guess_columns(table, "points")).tracks.attributes
    assert value_labels(attributes["type"]).tolist() == ["cargo", MISSING, "tug"]


@pytest.mark.parametrize("pattern", ["own", "few", "odd", "late", "same", "gaps"])
def test_an_attribute_does_not_hang_on_how_many_rows_are_looked_at_first(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = np.arange(2000)
    texts = {"own": row.astype(str), "few": (row % 3).astype(str), "odd": np.where(row % 100 == 7, "z", row // 100),
             "late": np.where(row < 1500, "a", row.astype(str)), "same": np.where(row < 1000, "a", "b"),
             "gaps": np.where(row % 2 == 0, "", row // 100)}[pattern]
    kind = pd.Series(texts, dtype="str").replace("", None)
    table = pd.DataFrame({"track": row // 100, "t": row, "x": row % 7, "y": row % 5, "kind": kind})
    columns = {part: part for part in ("track", "t", "x", "y")}
    whole = read_points(table, columns)
    monkeypatch.setattr("irlcore.tracks.steady.WORTH_IT", 10)
    first = read_points(table, columns)
    assert isinstance(whole.tracks, Tracks) and isinstance(first.tracks, Tracks)
    assert ("kind" in whole.tracks.attributes) == (pattern in ("odd", "same", "gaps"))
    pd.testing.assert_frame_equal(whole.tracks.attributes, first.tracks.attributes)
    pd.testing.assert_frame_equal(whole.problems, first.problems)
