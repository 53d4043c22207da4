"""Paths of link ids as people write them: parted by any sign, as lists, one row a step."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlcore.errors import DataError
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import LinkTracks

WIDE = {"track": "track", "path": "path"}
SOON = 10.0  # seconds of the processor


def wide(*texts: object, known: tuple[str, ...] = ()) -> Imported:
    table = pd.DataFrame({"track": [f"t{k}" for k in range(len(texts))], "path": pd.Series(texts, dtype=object)})
    return read_paths(table, WIDE, known=known)


def links(imported: Imported) -> list[list[str]]:
    tracks = imported.tracks
    assert isinstance(tracks, LinkTracks)
    return [tracks.links[a:b].tolist() for a, b in zip(tracks.offsets[:-1], tracks.offsets[1:], strict=True)]


def listed(imported: Imported) -> list[tuple[str, str]]:
    return list(imported.problems[["row", "done"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("text", ["10_11_0 11_12_0", "10_11_0,11_12_0", "10_11_0; 11_12_0", "10_11_0|11_12_0", "10_11_0->11_12_0",
                                  "10_11_0 -> 11_12_0", "['10_11_0', '11_12_0']", '["10_11_0","11_12_0"]', "[10_11_0 11_12_0]",
                                  "('10_11_0', '11_12_0')", "{10_11_0,11_12_0}", "[(10, 11, 0), (11, 12, 0)]", "(10, 11, 0), (11, 12, 0)",
                                  "[('10', '11', 0), ('11', '12', 0)]", "10_11_0 | 11_12_0", "10_11_0\t11_12_0", " 10_11_0 > 11_12_0 "])
def test_ids_with_underscores_stay_whole_beside_any_other_sign(text: str) -> None:
    assert links(wide(text, text)) == [["10_11_0", "11_12_0"]] * 2


@pytest.mark.parametrize("text", ["[1, 2, 3]", "['1', '2', '3']", "[1 2 3]", "[1.0, 2.0, 3.0]", "1.0 2.0 3.0", "1|2|3", "1->2->3", "1>2>3",
                                  "1_2_3", "(1, 2, 3)", "[np.int64(1), np.int64(2), np.int64(3)]", "array([1, 2, 3])", "{1,2,3}",
                                  "[np.str_('1'), np.str_('2'), np.str_('3')]", "1\u21922\u21923", "[1\n 2\n 3]"])
def test_paths_of_plain_ids_in_every_writing(text: str) -> None:
    assert links(wide(text)) == [["1", "2", "3"]]


def test_ids_in_quotes_may_hold_blanks_and_commas() -> None:
    assert links(wide("['Main St, north', \"King's Rd\"]")) == [["Main St, north", "King's Rd"]]


def test_leading_zeros_stay() -> None:
    assert links(wide("007 7 0")) == [["007", "7", "0"]]


def test_one_sign_parts_a_whole_column() -> None:
    imported = wide("a_1 a_2", "a_1")  # the second is a single link, not two
    assert links(imported) == [["a_1", "a_2"]] and listed(imported) == [("3", "dropped")]
    assert imported.said == ("Underscores belong to the ids of links, such as a_1.",)
    assert wide("1_2_3").said == ("Paths are parted by underscores.",)
    assert wide("[1, 2]").said == ("Paths are written as lists.",)
    assert wide("1 2 3").said == ()


def test_the_ids_of_the_network_tell_whether_underscores_part() -> None:
    assert links(wide("1_2", "3_4", known=("1", "2", "3", "4"))) == [["1", "2"], ["3", "4"]]
    with pytest.raises(DataError, match="a track of one link"):
        wide("1_2", "3_4", known=("1_2", "3_4"))
    table = pd.DataFrame({"track": ["a"], "path": ["1_2_3"]})
    assert links(read_paths(table, WIDE, known=np.array(["1", "2", "3", "1_2"], object))) == [["1", "2", "3"]]  # as a world has them


@pytest.mark.parametrize("blank", ["", None, np.nan, "nan", "[]", "NA", "null"])
def test_a_track_without_a_path_is_listed(blank: object) -> None:
    imported = wide("1 2", blank)
    assert links(imported) == [["1", "2"]]
    assert imported.problems[["row", "what", "done"]].to_numpy().tolist() == [["3", "no path", "dropped"]]


def test_matches_of_fmm_are_paths_without_the_columns_of_points() -> None:
    table = pd.DataFrame({"id": ["1", "2", "3"], "opath": ["1,1,2", "1,2", ""], "cpath": ["1,2,3", "1,2", ""],
                          "mgeom": "LINESTRING(0.1 0,2.5 0)", "kind": "car"})
    imported = read_paths(table, {"track": "id", "path": "cpath"})
    assert links(imported) == [["1", "2", "3"], ["1", "2"]]
    assert list(imported.tracks.attributes.columns) == ["kind"] and listed(imported) == [("4", "dropped")]


LONG = {"track": "track", "step": "step", "link": "link"}


def test_rows_without_a_step_are_taken_in_the_order_of_the_file() -> None:
    table = pd.DataFrame({"track": list("aabab"), "link": [9, 3, 5, 1, 6]})
    imported = read_paths(table, {"track": "track", "link": "link"})
    assert links(imported) == [["9", "3", "1"], ["5", "6"]] and "in the order of the file" in imported.said[0]


def test_steps_may_be_times() -> None:
    table = pd.DataFrame({"track": "a", "step": ["2024-01-01T10:05:00", "2024-01-01T10:00:00", "2024-01-01T10:02:00"], "link": [3, 1, 2]})
    imported = read_paths(table, LONG)
    assert links(imported) == [["1", "2", "3"]] and "order of their times" in " ".join(imported.said)


def timed(values: list[object], column: str = "time") -> np.ndarray | None:
    """The times kept of rows of two tracks, three links each."""
    table = pd.DataFrame({"track": ["a"] * 3 + ["b"] * 3, column: values, "link": [*"xyz", *"zyx"]})
    tracks = read_paths(table, {"track": "track", "step": column, "link": "link"}).tracks
    assert isinstance(tracks, LinkTracks)
    return tracks.times


def test_times_of_steps_are_kept_in_seconds_and_numbers_of_steps_are_none() -> None:
    dates = [f"2024-03-04 08:0{k}:00" for k in (0, 1, 3, 5, 6, 8)]
    assert timed(dates[::-1]) is not None
    seconds = pd.to_datetime(pd.Series(dates)).astype("datetime64[s]").astype(np.int64).to_numpy()
    assert timed(list(dates)) == pytest.approx(seconds)
    assert timed((seconds * 1000).tolist(), "timestamp") == pytest.approx(seconds)  # milliseconds since 1970
    assert timed([0.0, 20.0, 50.0, 5.0, 9.0, 12.0], "t") == pytest.approx([0.0, 20.0, 50.0, 5.0, 9.0, 12.0])
    assert timed([1, 2, 3, 1, 2, 3], "step") is None and timed([1, 2, 3, 1, 2, 3], "order") is None


def test_times_go_with_their_rows() -> None:
    """A row that is dropped takes its time along, and so does a track."""
    table = pd.DataFrame({"track": ["a", "a", "b", "c", "c", "c"], "t": [30.0, 10.0, 5.0, 1.0, 2.0, 3.0], "link": ["y", "x", "z", "x", "", "z"]})
    tracks = read_paths(table, {"track": "track", "step": "t", "link": "link"}).tracks
    assert isinstance(tracks, LinkTracks) and tracks.ids.tolist() == ["a", "c"] and tracks.links.tolist() == ["x", "y", "x", "z"]
    assert tracks.times is not None and tracks.times.tolist() == [10.0, 30.0, 1.0, 3.0]


def test_blank_links_and_steps_that_stand_twice_are_listed() -> None:
    table = pd.DataFrame({"track": list("aaaaaa"), "step": [0, 1, 1, 2, 3, 3], "link": ["1", "2", "2", "", "4", "5"]})
    imported = read_paths(table, LONG)
    assert links(imported) == [["1", "2", "4", "5"]]
    assert sorted(listed(imported)) == [("4", "dropped"), ("5", "dropped"), ("7", "kept in the order of the file")]
    assert (imported.rows_kept, imported.rows_dropped) == (4, 2)


def test_what_the_reader_of_the_file_understood_is_said_first() -> None:
    table = pd.DataFrame({"track": ["a"], "path": ["[1, 2]"]})
    table.attrs["said"] = ["Written in UTF-16."]
    assert read_paths(table, WIDE).said == ("Written in UTF-16.", "Paths are written as lists.")


SAFE = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=6)


@given(st.lists(SAFE, min_size=2, max_size=8), st.sampled_from([" ", ",", "; ", "|", "->", " -> ", "_", "', '"]))
def test_any_ids_come_back_from_any_writing(ids: list[str], sign: str) -> None:
    text = f"['{sign.join(ids)}']" if sign == "', '" else sign.join(ids)
    assert links(wide(text)) == [ids]


@pytest.mark.parametrize("text", ["'" * 300_001, "(" * 300_000, "[" * 300_000, "[" + "(1," * 200_000, "np." * 200_000,
                                  "[np.a(" * 100_000, "['" + "\\'" * 200_000, "[" + "\"'" * 200_001, "-" * 300_000,
                                  ">" * 300_000, "1-" * 200_000, "_" * 300_000],
                         ids=lambda text: text[:6])
def test_no_text_takes_the_square_of_its_length(text: str) -> None:
    start = time.process_time()
    try:
        wide("1 2", text)
        wide(text)
    except DataError as error:
        assert error.fix
    assert time.process_time() - start < SOON
