"""The reward of each token of a text, shown on the text: as a page, and as a table for a terminal.

A reward is known up to potential shaping alone: r_t + gamma f(s_t+1) - f(s_t) belongs to the same choices for any f. The
temporal-difference term prefers of all of them the one that is smallest in mean square, and what is shown is how far that lies from its
mean over the texts that the model was fitted to. So single numbers are a reading; what is the same for all of them is ``log_chance``. With
gamma = 1 the rewards of a whole text sum to its log chance plus V of the empty text.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

MORE, LESS = (0, 114, 178), (213, 94, 0)
"""Blue and vermilion of Okabe and Ito, which colour-blind people can tell apart."""
FULL = 5.0
"""Nats from the mean at which a colour is full."""
END_MARK = "(end)"
TEXT_STYLE = "font-family:ui-monospace,monospace;white-space:pre-wrap;line-height:1.9"
TOKEN_STYLE = "border-bottom:2px {line};background:rgba({colour},{depth})"


@dataclass(frozen=True, slots=True)
class TokenRewards:
    """Of one text. pieces: the text of each token, ``END_MARK`` for its end. reward: (T,) float64, nats, less ``baseline``, the mean over
    the texts that the model was fitted to. log_chance: (T,) float64, nats. value: nats, V of the empty text that all begin with."""

    pieces: tuple[str, ...]
    reward: np.ndarray
    log_chance: np.ndarray
    baseline: float
    value: float

    def html(self, title: str = "") -> str:
        """A paragraph, each token on a ground of its reward: blue and underlined where it is above the mean, vermilion and dotted below.
        Pointing at a token shows the numbers. Texts are escaped."""
        spans = "".join(self._span(i) for i in range(len(self.pieces)))
        head = f"<h3>{escape(title)}</h3>" if title else ""
        return (f'{head}<p style="{TEXT_STYLE}">{spans}</p><p>Reward of each token in nats, against a mean of {self.baseline:.2f}: more is '
                f"blue and underlined, less is orange and dotted; full colour at {FULL:g} nats. Other rewards lead to the same choices; "
                "the chance of each token, which pointing at it shows too, is the same for all of them.</p>")

    def table(self, most: int = 40) -> list[str]:
        """Lines for a terminal: token, reward against the mean, chance. What cannot be printed is written as Python would."""
        lines = [f"{'token':<18}{'reward':>8}{'chance':>9}"]
        for i in range(min(most, len(self.pieces))):
            bar = ("+" if self.reward[i] >= 0 else "-") * min(12, round(2 * abs(float(self.reward[i]))))
            lines.append(f"{repr(self.pieces[i])[1:-1]:<18}{self.reward[i]:+8.2f}{np.exp(self.log_chance[i]):9.1%}  {bar}".rstrip())
        if len(self.pieces) > most:
            lines.append(f"... and {len(self.pieces) - most} more")
        return lines

    def _span(self, i: int) -> str:
        more = bool(self.reward[i] >= 0.0)
        style = TOKEN_STYLE.format(line="solid" if more else "dotted", colour=",".join(map(str, MORE if more else LESS)),
                                depth=f"{0.75 * min(1.0, abs(float(self.reward[i])) / FULL):.2f}")
        says = f"reward {self.reward[i]:+.2f} nats against the mean, chance {np.exp(self.log_chance[i]):.2%}"
        return f'<span style="{style}" title="{says}">{escape(self.pieces[i])}</span>'
