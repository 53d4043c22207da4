"""Byte pairs: whatever is written is read again, and the vocabulary is the one that a slow count of pairs gives."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlcore.errors import DataError
from irlcore.language.vocabulary import BYTES, END, WORD, Vocabulary, learn_vocabulary

TEXTS = ["the cat sat on the mat", "the hat of the cat", "a thé, and a cat-o'-nine-tails: \"été\"\n\n  x == 12", "the the the"]


def slow_merges(texts: list[str], many: int) -> list[tuple[int, int]]:
    """All pairs counted anew for every merge."""
    words = [list(word.encode()) for text in texts for word in WORD.findall(text)]
    out: list[tuple[int, int]] = []
    for new in range(BYTES + 1, BYTES + 1 + many):
        counts = Counter(pair for word in words for pair in pairwise(word))
        best = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
        if best is None or counts[best] < 2:
            break
        out.append(best)
        for k, word in enumerate(words):
            joined: list[int] = []
            for token in word:
                # From the left, so of three alike the first two are one.
                if joined and (joined[-1], token) == best:
                    joined[-1] = new
                else:
                    joined.append(token)
            words[k] = joined
    return out


@pytest.mark.parametrize("many", [0, 1, 7, 500])
def test_it_is_what_counting_all_pairs_anew_gives(many: int) -> None:
    assert list(learn_vocabulary(TEXTS, BYTES + 1 + many).merges) == slow_merges(TEXTS, many)


def test_it_does_not_hang_on_the_order_of_the_texts() -> None:
    assert learn_vocabulary(TEXTS, 300) == learn_vocabulary(TEXTS[::-1], 300)


@given(st.text(max_size=60))
def test_any_text_is_written_and_read_again(text: str) -> None:
    vocabulary = learn_vocabulary(TEXTS, 280)
    readable = text.encode("utf-8", "replace").decode("utf-8")
    tokens = vocabulary.encode(text)
    assert vocabulary.decode(tokens) == readable and END not in tokens
    assert len(tokens) <= len(readable.encode())


def test_pieces_join_to_the_text_and_no_letter_is_torn() -> None:
    tokens = Vocabulary().encode("été")
    pieces = Vocabulary().pieces(tokens)
    assert len(pieces) == len(tokens) == 5 and "".join(pieces) == "été" and "\ufffd" not in "".join(pieces)


def test_frequent_words_are_one_token() -> None:
    vocabulary = learn_vocabulary(TEXTS, 300)
    assert len(vocabulary.encode(" the")) == 1 and len(vocabulary.encode("qzx")) == 3


def test_sequences_begin_and_end_and_long_ones_are_cut() -> None:
    found = Vocabulary().sequences(["ab", "abc", "abcd"], 3)
    assert found.tokens.tolist() == [[END, 97, 98, END, END], [END, 97, 98, 99, END], [END, 97, 98, 99, END]]
    assert found.lengths.tolist() == [4, 5, 4] and found.ended.tolist() == [True, True, False]
    assert [found.inside(i).tolist() for i in range(3)] == [[97, 98], [97, 98, 99], [97, 98, 99]]
    some = found.of(np.array([0, 2]))
    assert some.tokens.shape == (2, 4) and some.lengths.tolist() == [4, 4]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(DataError, match="Text 2 is empty"):
        Vocabulary().sequences(["a", ""], 3)
    with pytest.raises(DataError, match="256 tokens does not hold"):
        learn_vocabulary(TEXTS, BYTES)
