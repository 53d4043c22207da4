"""A small causal transformer: what the logits of the next token are after all tokens before it.

Layers normalise first (Radford et al., GPT-2, 2019); positions are learned. The last layer is not tied to the first and has a constant for
each token: its logits are values Q, whose level counts, not only their differences.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from irlcore.errors import FitError

Cache = list[tuple[torch.Tensor, torch.Tensor]]
"""Of each layer the keys and values (B, heads, t, width / heads) of the tokens so far."""


@dataclass(frozen=True, slots=True)
class Shape:
    """width: numbers that stand for a token. layers, heads: of attention. longest: tokens of a sequence, start and end included."""

    width: int = 160
    layers: int = 3
    heads: int = 4
    longest: int = 98

    def __post_init__(self) -> None:
        if min(self.width, self.layers, self.heads) < 1 or self.width % self.heads or self.longest < 2:
            raise FitError(f"A transformer of width {self.width}, {self.layers} layers, {self.heads} heads and sequences of {self.longest} "
                           "tokens cannot be built.", "Give whole numbers above 0, a width that the heads divide, and 2 tokens or more.")


class Layer(nn.Module):
    """Attention to what came before, then each position by itself."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.before, self.between = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.attention, self.joined = nn.Linear(shape.width, 3 * shape.width), nn.Linear(shape.width, shape.width)
        self.wide, self.narrow = nn.Linear(shape.width, 4 * shape.width), nn.Linear(4 * shape.width, shape.width)

    def forward(self, x: torch.Tensor, past: tuple[torch.Tensor, torch.Tensor] | None = None,
                ) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
        """x: (B, t, width), after ``past``, in which case it is one token."""
        batch, t, width = x.shape
        query, key, value = (part.view(batch, t, self.heads, -1).transpose(1, 2)
                             for part in self.attention(self.before(x)).chunk(3, -1))
        if past is not None:
            key, value = torch.cat((past[0], key), 2), torch.cat((past[1], value), 2)
        seen = functional.scaled_dot_product_attention(query, key, value, is_causal=past is None)
        x = x + self.joined(seen.transpose(1, 2).reshape(batch, t, width))
        return x + self.narrow(functional.gelu(self.wide(self.between(x)))), (key, value)


class Transformer(nn.Module):
    """``size`` tokens; the same ``seed`` gives the same weights."""

    def __init__(self, size: int, shape: Shape, seed: int) -> None:
        super().__init__()
        self.size, self.shape = size, shape
        self.token, self.position = nn.Embedding(size, shape.width), nn.Embedding(shape.longest, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.after, self.q = nn.LayerNorm(shape.width), nn.Linear(shape.width, size)
        draws = torch.Generator().manual_seed(seed)
        for name, weights in self.named_parameters():
            if weights.dim() > 1:
                # What is added to the sum of all layers is smaller the more of them there are, so that the sum keeps its size.
                added = name.endswith(("joined.weight", "narrow.weight"))
                nn.init.normal_(weights, 0.0, 0.02 / (2 * shape.layers) ** 0.5 if added else 0.02, draws)
            elif name.endswith("bias"):
                nn.init.zeros_(weights)

    @property
    def n_weights(self) -> int:
        """How many numbers are learned."""
        return sum(weights.numel() for weights in self.parameters())

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Logits (B, L, size) of sequences (B, L) int64."""
        return self.onward(tokens, None)[0]

    def onward(self, tokens: torch.Tensor, past: Cache | None) -> tuple[torch.Tensor, Cache]:
        """Logits of tokens (B, t) that follow those of ``past`` (then t = 1), and what is to be kept for the next."""
        start = 0 if past is None else past[0][0].shape[2]
        if start + tokens.shape[1] > self.shape.longest:
            raise FitError(f"A sequence of {start + tokens.shape[1]} tokens is longer than the {self.shape.longest} of this model.",
                           "Cut sequences off there, or train with a larger longest.")
        x = self.token(tokens) + self.position(torch.arange(start, start + tokens.shape[1]))
        kept: Cache = []
        for i, layer in enumerate(self.layers):
            x, cache = layer(x, None if past is None else past[i])
            kept.append(cache)
        return self.q(self.after(x)), kept
