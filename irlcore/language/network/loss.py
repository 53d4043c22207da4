"""Likelihood with the temporal-difference term, on logits: the second source's loss, in the letters of section 9 of the design.

The history of tokens is the state s_t, the next token the choice, the logits are Q(s_t, .). With V(s) = log sum_b exp Q(s, b), V = 0 after
the end of a sequence, and r_t = Q_t - gamma V(s_t+1) the reward that Q stands for, minimise

    L = mean_t [ -(Q_t - V_t) + lam r_t^2 ]

(Wulfmeier et al., *Imitating language via scalable inverse reinforcement learning*, NeurIPS 2024: inverse soft Q-learning of Garg et al.
2021 with the squared penalty on rewards, read as a term beside maximum likelihood). lam = 0 is cross-entropy. The slope goes through
V(s_t+1) too: no target network, nothing is held still. Where a sequence was cut off V is that of the state it was cut in.

Own samples. Inverse soft Q-learning also holds with V_t - gamma V_t+1 and r_t^2 taken over other ways than those observed, a share
``own_share`` of them the model's own. Over a whole sequence and with gamma = 1 the first sums to V(s_0), whatever the way, so for ways from
one start it says nothing new, and only the second is mixed:

    L = mean_observed [ -(Q_t - V_t) ] + lam ( (1 - own_share) mean_observed r_t^2 + own_share mean_own r_t^2 ).

Taken token by token over samples that were cut off, the first would instead reward high values where samples break off, without limit.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from irlcore.errors import FitError
from irlcore.language.vocabulary import END


@dataclass(frozen=True, slots=True)
class Objective:
    """lam: weight of the temporal-difference term. gamma: discount in the reward. own_share: of the term, how much is taken over
    the model's own samples."""

    lam: float = 0.0
    gamma: float = 1.0
    own_share: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.lam < float("inf"):
            raise FitError(f"lam is {self.lam}.", "Give a number of 0 or more; 0 is maximum likelihood.")
        if not 0.0 < self.gamma <= 1.0:
            raise FitError(f"gamma is {self.gamma}.", "Give a number above 0 and at most 1.")
        if not 0.0 <= self.own_share <= 1.0:
            raise FitError(f"The share of own samples is {self.own_share}.", "Give a number from 0 to 1.")

    @property
    def samples(self) -> bool:
        """Whether own samples change anything."""
        return self.lam > 0.0 and self.own_share > 0.0


@dataclass(frozen=True, slots=True)
class Steps:
    """Of a batch, (B, L - 1) each. log_chance: Q_t - V_t, nats. reward: r_t, nats. counted: bool, whether there is such a step."""

    log_chance: torch.Tensor
    reward: torch.Tensor
    counted: torch.Tensor


def steps_of(logits: torch.Tensor, tokens: torch.Tensor, lengths: torch.Tensor, gamma: float = 1.0) -> Steps:
    """The steps of sequences under logits (B, L, K): those at position t are Q of the token at t + 1.

    tokens: (B, L) int64, lengths: (B,) int64, as of ``Sequences``.
    """
    value = torch.logsumexp(logits, -1)
    chosen = tokens[:, 1:]
    q = logits[:, :-1].gather(-1, chosen[..., None]).squeeze(-1)
    ahead = value[:, 1:].masked_fill(chosen == END, 0.0)
    counted = torch.arange(chosen.shape[1]) < lengths[:, None] - 1
    return Steps(q - value[:, :-1], q - gamma * ahead, counted)


def loss_of(observed: Steps, objective: Objective, own: Steps | None = None, per: float | None = None) -> torch.Tensor:
    """L, a scalar, nats a token. per: what the sums over observed steps are divided by; else how many there are."""
    count = float(observed.counted.sum()) if per is None else per
    loss = -_sum(observed.log_chance, observed) / count
    if objective.lam == 0.0:
        return loss
    term = _sum(observed.reward.square(), observed) / count
    if own is not None:
        share = objective.own_share
        term = (1.0 - share) * term + share * _sum(own.reward.square(), own) / own.counted.sum()
    return loss + objective.lam * term


def _sum(amounts: torch.Tensor, steps: Steps) -> torch.Tensor:
    return amounts.masked_fill(~steps.counted, 0.0).sum()
