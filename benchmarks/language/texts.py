"""Paragraphs of the language reference that comes with Python (``pydoc_data.topics``), and which of them are held out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pydoc_data import topics

import numpy as np

from irlcore.language.vocabulary import Vocabulary, learn_vocabulary

SEED = 20121
HELD_OUT = 0.2
SIZE = 512


@dataclass(frozen=True)
class Texts:
    """train, test: paragraphs, each once. No topic is in both, and no paragraph either where topics repeat one another."""

    train: list[str]
    test: list[str]

    @property
    def characters(self) -> int:
        """Of both."""
        return sum(map(len, self.train)) + sum(map(len, self.test))

    def fewer(self, many: int) -> Texts:
        """``many`` of those to learn from, drawn by chance, always the same; all that are held out."""
        rows = np.random.default_rng(SEED).permutation(len(self.train))[:many]
        return Texts([self.train[row] for row in sorted(rows)], self.test)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """``SIZE`` tokens, from ``train`` alone."""
        return learn_vocabulary(self.train, SIZE)


def load_texts() -> Texts:
    """A fifth of the topics is held out, drawn by chance, always the same."""
    names = sorted(topics.topics)
    order = np.random.default_rng(SEED).permutation(len(names))
    out = set(order[:round(HELD_OUT * len(names))].tolist())
    train = _paragraphs([topics.topics[name] for i, name in enumerate(names) if i not in out])
    known = set(train)
    return Texts(train, [one for one in _paragraphs([topics.topics[names[i]] for i in sorted(out)]) if one not in known])


def _paragraphs(texts: list[str]) -> list[str]:
    """Each once, in the order of its first place."""
    return list(dict.fromkeys(part.strip() for text in texts for part in re.split(r"\n\s*\n", text) if part.strip()))
