"""Sequences of a network's own, token by token, all side by side."""

from __future__ import annotations

import numpy as np
import torch

from irlcore.language.network.transformer import Transformer
from irlcore.language.vocabulary import END, Sequences


@torch.no_grad()
def sample(network: Transformer, n: int, draws: torch.Generator, temperature: float = 1.0) -> Sequences:
    """``n`` sequences, each until its end or as long as the network can read. temperature: logits are divided by it before a token is
    drawn."""
    longest = network.shape.longest
    tokens = torch.full((n, longest), END, dtype=torch.int64)
    lengths = np.full(n, longest, np.int64)
    ended, past = torch.zeros(n, dtype=torch.bool), None
    for t in range(1, longest):
        logits, past = network.onward(tokens[:, t - 1:t], past)
        chance = torch.softmax(logits[:, -1] / temperature, -1)
        if t == 1:
            # An empty sequence is none: the first token is never the end.
            chance[:, END] = 0.0
        drawn = torch.multinomial(chance, 1, generator=draws)[:, 0]
        tokens[:, t] = torch.where(ended, END, drawn)
        now = ~ended & (drawn == END)
        lengths[now.numpy()] = t + 1
        ended |= now
        if bool(ended.all()):
            break
    return Sequences(tokens.numpy()[:, :int(lengths.max())], lengths)
