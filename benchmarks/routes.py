"""How like the observed routes a predicted one is: edit distance and BLEU, as in Zhao and Liang (2023)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

Route = Sequence[int]


def edit_distance(route: Route, references: Sequence[Route]) -> float:
    """Levenshtein distance over the reference's length, least over the references, at most 1."""
    return min(1.0, min(_levenshtein(route, reference) / len(reference) for reference in references))


def _levenshtein(a: Route, b: Route) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def bleu(route: Route, references: Sequence[Route], longest: int = 4) -> float:
    """BLEU-4 (Papineni et al. 2002): geometric mean of clipped n-gram precisions times the brevity penalty."""
    logs = 0.0
    for n in range(1, longest + 1):
        own = _grams(route, n)
        most: Counter[tuple[int, ...]] = Counter()
        for reference in references:
            most |= _grams(reference, n)
        hits = sum((own & most).values())
        if hits == 0:
            return 0.0
        logs += math.log(hits / sum(own.values()))
    nearest = min((abs(len(r) - len(route)), len(r)) for r in references)[1]
    brevity = min(0.0, 1.0 - nearest / len(route))
    return math.exp(brevity + logs / longest)


def _grams(route: Route, n: int) -> Counter[tuple[int, ...]]:
    return Counter(tuple(route[i:i + n]) for i in range(len(route) - n + 1))
