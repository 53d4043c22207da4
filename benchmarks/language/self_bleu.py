"""Self-BLEU (Zhu et al., *Texygen*, 2018): how much texts are like one another; 1 where all are the same, lower the more they differ.

Each text is judged by BLEU-4 (Papineni et al. 2002) against all others: clipped shares of its runs of 1 to 4 words that another one holds,
their geometric mean, times a penalty where it is shorter than the one nearest in length. A share of 0 counts as .1 run (smoothing method 1
of Chen and Cherry 2014, as in Texygen).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

WORD = re.compile(r"\w+|[^\w\s]")
LONGEST = 4
LITTLE = 0.1

Run = tuple[str, ...]


def self_bleu(texts: Sequence[str]) -> float:
    """The mean over all texts; two or more are needed. A text without words counts as unlike all others."""
    words = [WORD.findall(text) for text in texts]
    lengths = np.array([len(one) for one in words])
    runs = [[_runs(one, n) for one in words] for n in range(1, LONGEST + 1)]
    tops = [_tops(counts) for counts in runs]
    out = np.zeros(len(words))
    for i, length in enumerate(lengths):
        if not length:
            continue
        logs = np.empty(LONGEST)
        for n in range(LONGEST):
            found = sum(min(count, _of_others(tops[n][run], i)) for run, count in runs[n][i].items())
            logs[n] = np.log((found or LITTLE) / max(1, length - n))
        others = np.delete(lengths, i)
        nearest = int(min(others, key=lambda other: (abs(other - length), other)))
        out[i] = np.exp(logs.mean() + min(0.0, 1.0 - nearest / length))
    return float(out.mean())


def _runs(words: list[str], n: int) -> Counter[Run]:
    return Counter(tuple(words[i:i + n]) for i in range(len(words) - n + 1))


def _tops(counts: list[Counter[Run]]) -> dict[Run, tuple[int, int, int]]:
    """Of each run: how often the text that holds it most often does, which one that is, and how often the next does."""
    out = dict[Run, tuple[int, int, int]]()
    for i, one in enumerate(counts):
        for run, count in one.items():
            most, who, second = out.get(run, (0, -1, 0))
            out[run] = (count, i, most) if count > most else (most, who, max(second, count))
    return out


def _of_others(top: tuple[int, int, int], i: int) -> int:
    most, who, second = top
    return second if who == i else most
