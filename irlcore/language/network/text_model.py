"""A model of texts: a vocabulary and a network fitted to them, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.language.network.loss import Steps, steps_of
from irlcore.language.network.sampling import sample
from irlcore.language.network.training import Settings, train
from irlcore.language.network.transformer import Transformer
from irlcore.language.token_rewards import END_MARK, TokenRewards
from irlcore.language.vocabulary import Sequences, Vocabulary, learn_vocabulary

SIDE_BY_SIDE = 64
USUAL_SIZE = 512


@dataclass(frozen=True, slots=True)
class Measured:
    """Over all steps of some sequences: nats, -log chance a token; a_character, the same a character (an end is one); reward, reward_sd:
    mean and spread of r, nats; square: mean of r^2; tokens: how many steps."""

    nats: float
    a_character: float
    reward: float
    reward_sd: float
    square: float
    tokens: int


@dataclass(frozen=True, slots=True)
class TextModel:
    """losses: (steps,) float64, L of each batch. baseline: the mean reward of a token of the texts it was fitted to, nats."""

    vocabulary: Vocabulary
    network: Transformer = field(repr=False)
    settings: Settings
    losses: np.ndarray = field(repr=False)
    baseline: float

    def sequences(self, texts: Sequence[str]) -> Sequences:
        """Texts as this model reads them: cut off where they are longer."""
        return self.vocabulary.sequences(texts, self.settings.shape.longest - 2)

    def measure(self, texts: Sequence[str]) -> Measured:
        """How well texts are foreseen, and the rewards of their tokens. Of a text that is cut off, the part that was read counts."""
        sequences = self.sequences(texts)
        parts = [(chance, reward) for _, chance, reward, _ in read(self.network, sequences, self.settings.objective.gamma)]
        chance, reward = (np.concatenate(part) for part in zip(*parts, strict=True))
        characters = sum(len(self.vocabulary.decode(sequences.inside(i))) for i in range(len(sequences))) + int(sequences.ended.sum())
        return Measured(-float(chance.mean()), -float(chance.sum()) / characters, float(reward.mean()), float(reward.std()),
                        float((reward ** 2).mean()), len(chance))

    def rewards(self, texts: Sequence[str]) -> list[TokenRewards]:
        """The reward of each token of each text."""
        sequences = self.sequences(texts)
        out = dict[int, TokenRewards]()
        for row, chance, reward, value in read(self.network, sequences, self.settings.objective.gamma):
            pieces = self.vocabulary.pieces(sequences.inside(row)) + ((END_MARK,) if sequences.ended[row] else ())
            out[row] = TokenRewards(pieces, reward - self.baseline, chance, self.baseline, value)
        return [out[row] for row in range(len(sequences))]

    def samples(self, n: int, seed: int, temperature: float = 1.0) -> list[str]:
        """``n`` texts of its own, as long as it can read at most."""
        if n < 1 or not temperature > 0.0:
            raise FitError(f"{n} samples at a temperature of {temperature} cannot be drawn.", "Give numbers above 0.")
        drawn = sample(self.network, n, torch.Generator().manual_seed(seed), temperature)
        return [self.vocabulary.decode(drawn.inside(i)) for i in range(n)]


def fit_text(texts: Sequence[str], settings: Settings | None = None, size: int = USUAL_SIZE, control: Control | None = None) -> TextModel:
    """A model of ``texts``, each a sequence from its start to its end; ``size`` tokens at most. FitError, DataError where it cannot be."""
    settings = settings or Settings()
    vocabulary = learn_vocabulary(texts, size)
    sequences = vocabulary.sequences(texts, settings.shape.longest - 2)
    trained = train(sequences, vocabulary.size, settings, control)
    seen = np.concatenate([reward for _, _, reward, _ in read(trained.network, sequences, settings.objective.gamma)])
    return TextModel(vocabulary, trained.network, settings, trained.losses, float(seen.mean()))


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

