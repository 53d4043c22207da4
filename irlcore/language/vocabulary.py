"""A vocabulary of byte pairs: any text can be written in it, and frequent stretches of bytes are one token.

After Sennrich, Haddow and Birch, *Neural machine translation of rare words with subword units* (2016): beginning with the 256 bytes, the
two neighbours that stand together most often become one token, again and again. No token reaches over from one word into the next.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from irlcore.errors import DataError

BYTES = 256
END = BYTES
"""The token at the start of every sequence and at its end."""
WORD = re.compile(r" ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+")

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sequences:
    """tokens: (N, L) int64, each row ``END``, the tokens, and ``END`` again unless it was cut; the rest of the row is ``END`` and means
    nothing. lengths: (N,) int64, how much of each row does."""

    tokens: np.ndarray
    lengths: np.ndarray

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def ended(self) -> np.ndarray:
        """(N,) bool: whether the sequence came to its end; else it was cut off."""
        last = self.tokens[np.arange(len(self)), self.lengths - 1]
        return (last == END) & (self.lengths > 1)

    def of(self, rows: np.ndarray) -> Sequences:
        """Some of them, no wider than the longest of these."""
        lengths = self.lengths[rows]
        return Sequences(self.tokens[rows, :int(lengths.max(initial=1))], lengths)

    def inside(self, row: int) -> np.ndarray:
        """The tokens of one sequence, without its start and its end."""
        return self.tokens[row, 1:self.lengths[row] - int(self.ended[row])]


def padded(rows: Sequence[Sequence[int]], longest: int) -> Sequences:
    """Each row of tokens with its start and end, cut off after ``longest``."""
    whole = [[END, *row[:longest], *([END] if len(row) <= longest else [])] for row in rows]
    lengths = np.array([len(row) for row in whole], np.int64)
    tokens = np.full((len(whole), int(lengths.max(initial=1))), END, np.int64)
    for row, into in zip(whole, tokens, strict=True):
        into[:len(row)] = row
    return Sequences(tokens, lengths)


@dataclass(frozen=True)
class Vocabulary:
    """merges: the two tokens that became token number 257, 258, ... in turn."""

    merges: tuple[Pair, ...] = ()

    @property
    def size(self) -> int:
        """How many tokens there are."""
        return BYTES + 1 + len(self.merges)

    @cached_property
    def symbols(self) -> tuple[bytes, ...]:
        """The bytes of each token; none for ``END``."""
        out = [bytes([byte]) for byte in range(BYTES)] + [b""]
        for left, right in self.merges:
            out.append(out[left] + out[right])
        return tuple(out)

    @cached_property
    def _words(self) -> dict[str, list[int]]:
        return {}

    @cached_property
    def _rank(self) -> dict[Pair, int]:
        return {pair: i for i, pair in enumerate(self.merges)}

    def encode(self, text: str) -> list[int]:
        """The tokens of a text, without an end."""
        return [token for word in WORD.findall(text) for token in self._of_word(word)]

    def decode(self, tokens: Iterable[int]) -> str:
        """The text of some tokens; bytes that are no text become the sign for that."""
        return b"".join(self.symbols[token] for token in tokens).decode("utf-8", "replace")

    def pieces(self, tokens: Iterable[int]) -> tuple[str, ...]:
        """The text that each token adds; a letter of several bytes stands at its last one."""
        decoder = getincrementaldecoder("utf-8")("replace")
        return tuple(decoder.decode(self.symbols[token]) for token in tokens)

    def sequences(self, texts: Sequence[str], longest: int) -> Sequences:
        """Each text with its start and end, cut off after ``longest`` tokens. DataError where one is empty."""
        rows = [self.encode(text) for text in texts]
        for i, row in enumerate(rows):
            if not row:
                raise DataError(f"Text {i + 1} is empty.", "Leave empty texts out.")
        return padded(rows, longest)

    def amount(self, tokens: Iterable[int]) -> int:
        """How many characters some tokens stand for."""
        return len(self.decode(tokens))

    def _of_word(self, word: str) -> list[int]:
        """Words come again and again, so each is looked up once."""
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = self._joined(word)
        return known

    def _joined(self, word: str) -> list[int]:
        tokens = list(word.encode("utf-8", "replace"))
        while len(tokens) > 1:
            ranks = [self._rank.get(pair, len(self.merges)) for pair in pairwise(tokens)]
            first = min(ranks)
            if first == len(self.merges):
                break
            tokens = _merged(tokens, self.merges[first], BYTES + 1 + first)
        return tokens


def learn_vocabulary(texts: Iterable[str], size: int) -> Vocabulary:
    """The vocabulary of ``size`` tokens that some texts ask for, or of fewer where no two neighbours are left that stand together twice.

    Of two pairs that are as frequent the one with the smaller numbers goes first, so the order of the texts does not matter.
    """
    if size <= BYTES:
        raise DataError(f"A vocabulary of {size} tokens does not hold the {BYTES} bytes and the end.", f"Ask for {BYTES + 1} or more.")
    counts = Counter(word for text in texts for word in WORD.findall(text))
    words = [list(word.encode("utf-8", "replace")) for word in sorted(counts)]
    often = [counts[word] for word in sorted(counts)]
    pairs, where = Counter[Pair](), dict[Pair, set[int]]()
    for i, tokens in enumerate(words):
        _count(tokens, i, often[i], pairs, where)
    merges = list[Pair]()
    while len(merges) + BYTES + 1 < size and pairs:
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        if pairs[best] < 2:
            break
        for i in sorted(where[best]):
            _count(words[i], i, -often[i], pairs, where)
            words[i] = _merged(words[i], best, BYTES + 1 + len(merges))
            _count(words[i], i, often[i], pairs, where)
        merges.append(best)
    return Vocabulary(tuple(merges))


def _count(tokens: list[int], word: int, times: int, pairs: Counter[Pair], where: dict[Pair, set[int]]) -> None:
    """Add the pairs of a word to the counts, or take them away where ``times`` is negative."""
    for pair in pairwise(tokens):
        pairs[pair] += times
        if times > 0:
            where.setdefault(pair, set()).add(word)
        else:
            where[pair].discard(word)
            if not pairs[pair]:
                del pairs[pair]


def _merged(tokens: list[int], pair: Pair, new: int) -> list[int]:
    """The same tokens with every such pair as one, from the left."""
    out, i = list[int](), 0
    while i < len(tokens):
        if tuple(tokens[i:i + 2]) == pair:
            out.append(new)
            i += 2
        else:
            out.append(tokens[i])
            i += 1
    return out
