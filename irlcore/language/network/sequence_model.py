"""A model of texts, or of logs: a vocabulary and a network fitted to them, and what can be asked of it.

A text is a string, and a sequence of a log the names of its events: what ``Item`` stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.language.events import EventVocabulary, learn_events
from irlcore.language.network.loss import Steps, steps_of
from irlcore.language.network.sampling import sample
from irlcore.language.network.training import Settings, train
from irlcore.language.network.transformer import Transformer
from irlcore.language.token_rewards import END_MARK, TokenRewards
from irlcore.language.vocabulary import Sequences, Vocabulary, learn_vocabulary

Item = TypeVar("Item", contravariant=True)
SIDE_BY_SIDE = 64
USUAL_SIZE = 512


class Tokens(Protocol[Item]):
    """What a vocabulary has to offer."""

    @property
    def size(self) -> int:
        """How many tokens there are."""

    def sequences(self, items: Sequence[Item], longest: int, /) -> Sequences:
        """Items in tokens, cut off after ``longest``."""

    def pieces(self, tokens: Iterable[int], /) -> tuple[str, ...]:
        """What each token says."""

    def decode(self, tokens: Iterable[int], /) -> str:
        """What all of them say."""

    def amount(self, tokens: Sequence[int], /) -> int:
        """How much that is: characters of a text, events of a log."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Over all steps of some sequences: nats, -log chance a token; a_character, the same a character of a text (an end is one), or an event
    of a log; reward, reward_sd: mean and spread of r, nats; square: mean of r^2; tokens: how many steps."""

    nats: float
    a_character: float
    reward: float
    reward_sd: float
    square: float
    tokens: int


@dataclass(frozen=True)
class SequenceModel(Generic[Item]):
    """losses: (steps,) float64, L of each batch. baseline: the mean reward of a token of what it was fitted to, nats."""

    vocabulary: Tokens[Item]
    network: Transformer = field(repr=False)
    settings: Settings
    losses: np.ndarray = field(repr=False)
    baseline: float

    def sequences(self, items: Sequence[Item]) -> Sequences:
        """Items as this model reads them: cut off where they are longer."""
        return self.vocabulary.sequences(items, self.settings.shape.longest - 2)

    def measure(self, items: Sequence[Item]) -> Measured:
        """How well items are foreseen, and the rewards of their tokens. Of one that is cut off the part that was read counts."""
        sequences = self.sequences(items)
        parts = [(chance, reward) for _, chance, reward, _ in read(self.network, sequences, self.settings.objective.gamma)]
        chance, reward = (np.concatenate(part) for part in zip(*parts, strict=True))
        amount = sum(self.vocabulary.amount(sequences.inside(i).tolist()) for i in range(len(sequences))) + int(sequences.ended.sum())
        return Measured(-float(chance.mean()), -float(chance.sum()) / amount, float(reward.mean()), float(reward.std()),
                        float((reward ** 2).mean()), len(chance))

    def rewards(self, items: Sequence[Item]) -> list[TokenRewards]:
        """The reward of each token of each item."""
        sequences = self.sequences(items)
        out = dict[int, TokenRewards]()
        for row, chance, reward, value in read(self.network, sequences, self.settings.objective.gamma):
            pieces = self.vocabulary.pieces(sequences.inside(row).tolist()) + ((END_MARK,) if sequences.ended[row] else ())
            out[row] = TokenRewards(pieces, reward - self.baseline, chance, self.baseline, value)
        return [out[row] for row in range(len(sequences))]

    def samples(self, n: int, seed: int, temperature: float = 1.0) -> list[str]:
        """``n`` texts or logs of its own, as long as it can read at most."""
        if n < 1 or not temperature > 0.0:
            raise FitError(f"{n} samples at a temperature of {temperature} cannot be drawn.", "Give numbers above 0.")
        drawn = sample(self.network, n, torch.Generator().manual_seed(seed), temperature)
        return [self.vocabulary.decode(drawn.inside(i).tolist()) for i in range(n)]


def fit_text(texts: Sequence[str], settings: Settings | None = None, vocabulary: Vocabulary | None = None, control: Control | None = None,
             ) -> SequenceModel[str]:
    """A model of texts, each a sequence from its start to its end; one of ``USUAL_SIZE`` tokens by default. FitError and DataError say why
    there is none."""
    return _fit(texts, settings or Settings(), vocabulary or learn_vocabulary(texts, USUAL_SIZE), control)


def fit_events(log: Sequence[Sequence[str]], settings: Settings | None = None, vocabulary: EventVocabulary | None = None,
               control: Control | None = None) -> SequenceModel[Sequence[str]]:
    """A model of a log, each of whose sequences names its events in their order."""
    return _fit(log, settings or Settings(), vocabulary or learn_events(log), control)


def _fit(items: Sequence[Item], settings: Settings, vocabulary: Tokens[Item], control: Control | None) -> SequenceModel[Item]:
    sequences = vocabulary.sequences(items, settings.shape.longest - 2)
    trained = train(sequences, vocabulary.size, settings, control)
    seen = np.concatenate([reward for _, _, reward, _ in read(trained.network, sequences, settings.objective.gamma)])
    return SequenceModel(vocabulary, trained.network, settings, trained.losses, float(seen.mean()))


@torch.no_grad()
def read(network: Transformer, sequences: Sequences, gamma: float) -> Iterator[tuple[int, np.ndarray, np.ndarray, float]]:
    """Of each sequence, in an order of lengths: its row, the log chance and the reward of each step (nats), and V where it starts."""
    order = np.argsort(sequences.lengths, kind="stable")
    for first in range(0, len(order), SIDE_BY_SIDE):
        rows = order[first:first + SIDE_BY_SIDE]
        some = sequences.of(rows)
        tokens = torch.from_numpy(some.tokens)
        logits = network(tokens)
        steps: Steps = steps_of(logits, tokens, torch.from_numpy(some.lengths), gamma)
        value = torch.logsumexp(logits[:, 0], -1)
        for i, row in enumerate(rows):
            count = int(some.lengths[i]) - 1
            yield (int(row), steps.log_chance[i, :count].double().numpy(), steps.reward[i, :count].double().numpy(), float(value[i]))

