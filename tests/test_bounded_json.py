"""JSON within the budget: what is good reads as the standard library reads it, what is hostile is refused in words and at once."""

from __future__ import annotations

import json
import math
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore import bounded_json
from irlcore.bounded_json import CHUNK, load_json
from irlcore.budget import TooLarge
from irlcore.errors import DataError

SOON = 5.0  # seconds of the processor; each of these takes some milliseconds
LEAVES = st.none() | st.booleans() | st.integers(-10**30, 10**30) | st.floats(allow_nan=False, allow_infinity=False) | st.text()
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=20)


@settings(max_examples=100, deadline=None)
@given(TREES, st.booleans(), st.sampled_from([None, 1]))
def test_what_can_be_written_is_read_as_it_was(tree: object, ascii_only: bool, indent: int | None) -> None:
    try:
        text = json.dumps(tree, ensure_ascii=ascii_only, indent=indent)
        text.encode()
        json.dumps(tree, ensure_ascii=False).encode()
    except UnicodeError:
        return  # half of a character: refused below
    assert load_json(text, "It") == load_json(text.encode(), "It") == tree


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='[]{}",:\\u0eE+-.1tnd8 \n', max_size=60) | st.binary(max_size=60))
def test_any_text_is_read_as_the_standard_library_reads_it_or_refused_in_words(text: str | bytes) -> None:
    try:
        found = load_json(text, "It")
    except DataError as error:
        assert error.what.startswith("It ") and error.fix
    else:
        assert repr(found) == repr(json.loads(text))


DEEP = "[" * 200_000 + "]" * 200_000
HOSTILE = {
    "lists 200,000 deep": (DEEP, "depth"), "objects 200,000 deep": ('{"a":' * 200_000 + "1" + "}" * 200_000, "depth"),
    "opened and never closed": ("[" * 200_000, "depth"), "lists deep behind a text": ('["\\"[[[", ' + DEEP + "]", "depth"),
    "400 digits": ("[" + "1" * 400 + "]", "digits"), "a million digits": ("1" * 1_000_000, "digits"),
    "an exponent of 400 digits": ("[1e" + "9" * 400 + "]", "digits"),
    "digits over the edge of a piece": (" " * (CHUNK - 30) + "1" * 90, "digits"),
    "millions of empty lists": ("[" + "[]," * 6_000_000 + "[]]", "values"),
}


@pytest.mark.parametrize(("text", "limit"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_over_a_limit_is_refused_at_once_by_its_name(text: str, limit: str) -> None:
    start = time.process_time()
    with pytest.raises(TooLarge) as caught:
        load_json(text, "zones.geojson")
    assert time.process_time() - start < SOON
    assert caught.value.limit == limit and caught.value.what.startswith("zones.geojson h") and "MOTIVE_LIMITS" in caught.value.fix


WRONG = {
    "a number beyond floats": '{"x": [1e400]}', "one below": "-1e999", "NaN": "[NaN]", "Infinity": "-Infinity",
    "a key twice": '{"a": 1, "a": 2}',
    "half of a character": '{"name": "\\ud800"}', "half in a key": '{"\\udc00": 1}', "half, typed": '"\ud800"',
    "not UTF-8": b'"\xff"',
    "UTF-16": '"text"'.encode("utf-16"), "nothing": "", "a text never closed": '"' + '\\"' * 500_000, "many quotes": '"' * 1_000_001,
    "backslashes": "\\" * 1_000_000, "two values": "1 2",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_no_json_is_refused_in_words(text: str | bytes) -> None:
    start = time.process_time()
    with pytest.raises(DataError) as caught:
        load_json(text, "The file")
    assert time.process_time() - start < SOON
    assert caught.value.what.startswith("The file ") and caught.value.fix and len(str(caught.value)) < 500


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ['["\u0122",' + "[]," * 5000 + "[]]", '["\u2200",' + "[" * 50 + "]" * 50 + "]", '"\\ud800"', "[1]"],
                         ids=["many values", "deep", "half of a character", "harmless"])
def test_no_other_encoding_is_guessed_that_hides_what_is_looked_through(text: str, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes with zeros among them are UTF-8 too, and U+0122 holds a byte that is a quote there: its like hid all that followed."""
    monkeypatch.setenv("MOTIVE_LIMITS", "values=100 depth=10")
    raw = text.encode(encoding)
    for written in (raw, raw.decode("latin-1")):
        with pytest.raises(DataError, match=r"^The file "):
            load_json(written, "The file")


def test_a_whole_character_in_two_escapes_and_a_mark_at_the_start_are_read() -> None:
    assert load_json(b'\xef\xbb\xbf"\\ud83d\\ude00"', "It") == "\U0001f600"


def test_long_texts_do_not_count_as_depth_values_or_digits() -> None:
    text = json.dumps({"note": "[" * 500_000 + "1" * 500_000 + '\\"' * 1000})
    assert load_json(text, "It") == json.loads(text)


def test_limits_are_those_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_LIMITS", "depth=2 digits=500")
    assert load_json("[[" + "1" * 400 + "]]", "It") == [[int("1" * 400)]]
    with pytest.raises(TooLarge, match="The limit is 2 levels"):
        load_json("[[[1]]]", "It")


@given(texts=st.lists(st.text(alphabet='\\"[]{},:1 x', max_size=12), max_size=8), chunk=st.integers(1, 9))
def test_whatever_stands_in_texts_counts_for_nothing_wherever_a_piece_ends(texts: list[str], chunk: int) -> None:
    raw = json.dumps(texts).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounded_json, "CHUNK", chunk)
        bare = b"".join(piece.astype(np.uint8).tobytes() for piece in bounded_json._bare(raw))
        assert load_json(raw, "It") == texts
    assert len(bare) == len(raw) and (bare.count(b"["), bare.count(b"]"), bare.count(b",")) == (1, 1, max(len(texts) - 1, 0))


def test_a_text_of_many_small_texts_is_looked_through_in_little_memory() -> None:
    """Two million of them took 1.5 GB when each was cut out by itself."""
    raw = b"[" + b",".join([b'"x"'] * 2_000_000) + b"]"
    tracemalloc.start()
    bounded_json._look_through(raw, "It", math.inf)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6
