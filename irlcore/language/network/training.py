"""Weights of a transformer by the loss, in small batches with Adam."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.language.network.loss import Objective, Steps, loss_of, steps_of
from irlcore.language.network.sampling import sample
from irlcore.language.network.transformer import Shape, Transformer
from irlcore.language.vocabulary import Sequences

SORTED = 8
"""Batches that are filled together, by length, so that little of them is empty."""
RENEWED = 10
"""Own samples are as old as this many steps at most."""


@dataclass(frozen=True, slots=True)
class Settings:
    """steps of ``batch`` sequences; rate: the highest learning rate, which rises over the first tenth of the steps and falls to a tenth of
    itself; decay: of weights (AdamW). lam rises over the first fifth: the term is not convex where rewards are positive, so likelihood
    goes first."""

    objective: Objective = field(default_factory=Objective)
    shape: Shape = field(default_factory=Shape)
    steps: int = 200
    batch: int = 16
    rate: float = 2e-3
    decay: float = 0.1
    seed: int = 20121

    def __post_init__(self) -> None:
        if self.steps < 1 or self.batch < 1 or not self.rate > 0.0:
            raise FitError(f"{self.steps} steps of {self.batch} sequences at a rate of {self.rate} teach nothing.",
                           "Give numbers above 0.")

    def rate_at(self, step: int) -> float:
        """The learning rate of a step."""
        done = (step + 1) / self.steps
        return self.rate * min(1.0, done / 0.1) * (0.55 + 0.45 * float(np.cos(np.pi * done)))

    def objective_at(self, step: int) -> Objective:
        """The objective of a step."""
        here = self.objective
        return Objective(here.lam * min(1.0, (step + 1) / (0.2 * self.steps)), here.gamma, here.own_share)


@dataclass(frozen=True, slots=True)
class Trained:
    """network, and losses (steps,) float64: L of each batch, nats a token."""

    network: Transformer
    losses: np.ndarray


def train(sequences: Sequences, size: int, settings: Settings, control: Control | None = None) -> Trained:
    """A network for ``size`` tokens from sequences no longer than its shape allows. FitError where its loss is no number any more."""
    if not len(sequences):
        raise FitError("There is no sequence to learn from.", "Give one or more.")
    network = Transformer(size, settings.shape, settings.seed)
    adam = torch.optim.AdamW(network.parameters(), lr=settings.rate, betas=(0.9, 0.98), weight_decay=settings.decay)
    rng, draws = np.random.default_rng(settings.seed), torch.Generator().manual_seed(settings.seed)
    # Batches of short sequences have fewer steps: divided by the mean of all, every step of the data counts the same.
    per = settings.batch * float((sequences.lengths - 1).mean())
    losses, own, batches = np.empty(settings.steps), None, _batches(sequences, settings.batch, rng)
    for step in range(settings.steps):
        if control is not None:
            control.step(step, settings.steps, "Learning")
        objective = settings.objective_at(step)
        if objective.samples and step % RENEWED == 0:
            own = sample(network, settings.batch * 4, draws)
        mine = None if own is None else _steps(network, own.of(rng.choice(len(own), settings.batch, replace=False)), objective)
        loss = loss_of(_steps(network, next(batches), objective), objective, mine, per)
        losses[step] = float(loss.detach())
        if not np.isfinite(losses[step]):
            raise FitError(f"The loss is no number any more at step {step + 1} of {settings.steps}.", "Try a lower rate, or a smaller lam.")
        improve(network, adam, loss, settings.rate_at(step))
    return Trained(network, losses)


def improve(network: Transformer, adam: torch.optim.AdamW, loss: torch.Tensor, rate: float) -> None:
    """One step down the loss; the slope is no longer than 1."""
    for group in adam.param_groups:
        group["lr"] = rate
    adam.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    adam.step()


def _steps(network: Transformer, sequences: Sequences, objective: Objective) -> Steps:
    tokens = torch.from_numpy(sequences.tokens)
    return steps_of(network(tokens), tokens, torch.from_numpy(sequences.lengths), objective.gamma)


def _batches(sequences: Sequences, batch: int, rng: np.random.Generator) -> Iterator[Sequences]:
    """All sequences in an order of chance, again and again; each batch of like lengths."""
    while True:
        order = rng.permutation(len(sequences))
        for first in range(0, len(order), batch * SORTED):
            rows = order[first:first + batch * SORTED]
            rows = rows[np.argsort(sequences.lengths[rows], kind="stable")]
            starts = np.arange(0, len(rows), batch)
            for start in rng.permutation(starts):
                yield sequences.of(rows[start:start + batch])
