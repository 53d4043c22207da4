"""Link ids of paths in one cell: all at once as one by one."""

import re

import numpy as np
import pandas as pd
import pytest

from irlcore.budget import Clock
from irlcore.tracks import path_texts
from irlcore.tracks.path_texts import _LIST, ARROWS, NO_PATH, _of_list, _parted, _plain, read_texts
from irlcore.tracks.plain_text import plain_text

IDS = ["7", "7.0", "-3.0", "07", "a b", "Ö-Straße", "x_1", "12", "it's", 'say "so"', "a-b", "(1", "<na>", "7.00", "no", "\x07bell", "0.0"]
ODD = ["", " ", "NA", "null", "None", "<NA>", "[]", "()", "{}", "->", "|", ";;;", "_", "[12, 7, 9]", "['a', 'b']", "[(1, 2, 0), (2, 5, 0)]",
       "np.array([1. 2.])", "array([1, 2])", "a->b", "a-->b", "a > b", "a\u2192b", "->a->", "1\u00a02\u20033", "1\t2\r\n3", "1\x1f2",
       "1\x002", " 12 7 9 ", "12;7,9", "12|7|9", "a b | c d", "12_7_9", "nan 1", "1.0 2.0", "9" * 12, "a\x85b", "\x1c[1, 2]"]


def one_by_one(column: pd.Series, known: tuple[str, ...]) -> tuple[list[str], list[int]]:
    """What a path is, text by text."""
    whole = column.astype("string").fillna("")
    link = re.compile(_parted(whole, known)[1])
    flat: list[str] = []
    lengths = []
    for cell in whole:
        text = plain_text(cell)
        if _LIST.match(text):
            found = list(_of_list(text))
        elif len(text) < 8 and text.strip().lower() in NO_PATH:
            found = []
        else:
            found = [match.group() for match in link.finditer(text)]
        links = [one for one in map(_plain, found) if one and one not in ARROWS]
        flat += links
        lengths.append(len(links))
    return flat, lengths


@pytest.mark.parametrize("sign", [" ", "_", "|", "->", " -> ", ">", "\u2192", "; ", ",", "\n", "\u00a0"])
@pytest.mark.parametrize("odd", [False, True])
def test_all_at_once_is_one_by_one(sign: str, odd: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_texts, "ROWS", 37)  # parts of a table end anywhere
    rng = np.random.default_rng(3)
    texts = [sign.join(rng.choice(IDS, rng.integers(0, 6))) for _ in range(120)]
    texts += [texts[k] for k in rng.integers(0, 120, 60)] + (ODD if odd else [])
    column = pd.Series([*texts, None])
    for known in ((), ("12", "x_1"), ("a b", "12"), ("12_7_9",)):
        found = read_texts(column, Clock("Reading"), known)
        flat, lengths = one_by_one(column, known)
        assert found.links.tolist() == flat
        assert found.lengths.tolist() == lengths
        assert len(set(found.names)) == len(found.names) == len(set(flat))


@pytest.mark.parametrize("text", ODD)
def test_a_column_of_one_text(text: str) -> None:
    column = pd.Series([text, text])
    found = read_texts(column, Clock("Reading"))
    flat, lengths = one_by_one(column, ())
    assert (found.links.tolist(), found.lengths.tolist()) == (flat, lengths)


def test_the_sign_is_found_as_python_finds_it() -> None:
    for text in ODD:
        bare = text.strip()
        signs = [] if _LIST.match(bare) else [sign for sign, _ in path_texts.SEPARATORS if re.search(sign, bare)]
        expected = signs[0] if signs else ""
        assert _parted(pd.Series([text], dtype="string"), ())[0] == expected, repr(text)


def test_an_id_with_an_underscore_is_named_as_it_comes_first() -> None:
    found = read_texts(pd.Series(["[x", "b é_1", "a_1 c", "a_2 b"]), Clock("Reading"))
    assert found.said == ["Paths are written as lists."]
    assert read_texts(pd.Series(["b é_1", "a_1 c", "a_2 b"]), Clock("Reading")).said == [
        "Underscores belong to the ids of links, such as é_1."]


def test_no_rows() -> None:
    found = read_texts(pd.Series([], dtype=object), Clock("Reading"))
    assert not len(found.links) and not len(found.lengths)
